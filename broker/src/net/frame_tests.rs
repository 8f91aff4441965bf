//! Rules of the frame reader.
#![allow(clippy::unwrap_used)]

use std::future::poll_fn;

use tokio::io::AsyncWriteExt as _;

use super::*;

fn reader(max_frame: usize) -> FrameReader {
    FrameReader::new(Buffers::default(), Budget::new(1 << 20), max_frame)
}

async fn feed(reader: &mut FrameReader, bytes: &[u8]) -> Result<Vec<Bytes>, FrameError> {
    let (mut near, mut far) = tokio::io::duplex(1 << 22);
    far.write_all(bytes).await.unwrap();
    drop(far);
    let mut frames = Vec::new();
    loop {
        while let Some(frame) = reader.next_frame()? {
            frames.push(frame.bytes);
        }
        if poll_fn(|context| reader.poll_fill(&mut near, context)).await? == Filled::End {
            return Ok(frames);
        }
    }
}

#[tokio::test]
async fn pipelined_frames_come_out_one_by_one() {
    let frames = feed(&mut reader(100), b"\0\0\0\x03abc\0\0\0\0\0\0\0\x01z").await.unwrap();
    assert_eq!(frames, [&b"abc"[..], b"", b"z"]);
}

#[tokio::test]
async fn a_frame_larger_than_the_window_arrives_whole() {
    let mut bytes = 300_000_i32.to_be_bytes().to_vec();
    bytes.extend(std::iter::repeat_n(7, 300_000));
    let frames = feed(&mut reader(1 << 20), &bytes).await.unwrap();
    assert_eq!(frames.len(), 1);
    assert!(frames[0].len() == 300_000 && frames[0].iter().all(|b| *b == 7));
}

#[tokio::test]
async fn a_negative_size_is_refused() {
    let refused = feed(&mut reader(100), b"\xff\xff\xff\xff").await;
    assert!(matches!(refused, Err(FrameError::NegativeSize(-1))));
}

#[tokio::test]
async fn a_size_above_the_limit_is_refused_before_its_bytes_arrive() {
    let refused = feed(&mut reader(100), &101_i32.to_be_bytes()).await;
    assert!(matches!(refused, Err(FrameError::TooLarge { size: 101, max: 100 })));
}

#[tokio::test]
async fn an_end_inside_a_frame_is_an_error_that_counts_the_bytes() {
    let refused = feed(&mut reader(100), b"\0\0\0\x09abc").await;
    assert!(matches!(refused, Err(FrameError::Truncated { have: 3, size: 9 })));
}

#[tokio::test]
async fn a_claim_of_a_hundred_megabytes_reserves_only_what_arrived() {
    let mut reader = FrameReader::new(Buffers::default(), Budget::new(1 << 30), 100 << 20);
    let (mut near, mut far) = tokio::io::duplex(1 << 16);
    far.write_all(&(100_i32 << 20).to_be_bytes()).await.unwrap();
    far.write_all(b"few").await.unwrap();
    poll_fn(|context| reader.poll_fill(&mut near, context)).await.unwrap();
    assert!(reader.next_frame().unwrap().is_none());
    assert!(reader.buffer.capacity() <= 2 * GROWTH);
}

#[tokio::test]
async fn the_next_whole_frame_can_be_looked_at_and_stays() {
    let mut reader = reader(100);
    let (mut near, mut far) = tokio::io::duplex(1 << 16);
    far.write_all(b"\0\0\0\x03abc\0\0\0\x02d").await.unwrap();
    poll_fn(|context| reader.poll_fill(&mut near, context)).await.unwrap();
    assert_eq!(reader.peek_frame(), Some(&b"abc"[..]));
    assert_eq!(reader.next_frame().unwrap().unwrap().bytes, &b"abc"[..]);
    assert_eq!(reader.peek_frame(), None, "the second is not whole");
}

#[tokio::test]
async fn a_claim_of_the_whole_budget_does_not_wait_for_the_own_window() {
    let mut reader = FrameReader::new(Buffers::default(), Budget::new(MAX_WINDOW), 100 << 20);
    let small = [&60_000_i32.to_be_bytes()[..], &[7; 60_000]].concat();
    let large = [&(1_i32 << 20).to_be_bytes()[..], &vec![7; 1 << 20]].concat();
    let bytes = [small.repeat(40), large].concat();
    let frames = tokio::time::timeout(std::time::Duration::from_secs(60), feed(&mut reader, &bytes));
    assert_eq!(frames.await.unwrap().unwrap().len(), 41);
}

#[tokio::test]
async fn a_window_widens_while_reads_fill_it_and_is_accounted() {
    let budget = Budget::new(1 << 20);
    let mut reader = FrameReader::new(Buffers::default(), budget.clone(), 1 << 20);
    let (mut near, mut far) = tokio::io::duplex(1 << 22);
    let mut frame = 9_996_i32.to_be_bytes().to_vec();
    frame.resize(10_000, 7);
    for _ in 0..10 {
        far.write_all(&frame.repeat(100)).await.unwrap();
        let mut frames = 0;
        while frames < 100 {
            poll_fn(|context| reader.poll_fill(&mut near, context)).await.unwrap();
            while reader.next_frame().unwrap().is_some() {
                frames += 1;
            }
        }
        let idle = poll_fn(|context| Poll::Ready(reader.poll_fill(&mut near, context).is_pending())).await;
        assert!(idle && reader.buffer.capacity() == 0);
    }
    assert!(reader.window > 2 * WINDOW && reader.window <= MAX_WINDOW);
    assert!(budget.try_acquire(1 << 20).is_some(), "an idle connection holds nothing of the budget");
}

#[tokio::test]
async fn a_begun_frame_moves_to_a_buffer_as_wide_while_frames_in_flight_share_the_last() {
    let mut reader = reader(1 << 20);
    let (mut near, mut far) = tokio::io::duplex(1 << 24);
    let frame = [&100_000_i32.to_be_bytes()[..], &[7; 100_000]].concat();
    far.write_all(&frame.repeat(80)).await.unwrap();
    let (mut in_flight, mut most) = (std::collections::VecDeque::new(), 0);
    for _ in 0..80 {
        let next = loop {
            if let Some(frame) = reader.next_frame().unwrap() {
                break frame;
            }
            poll_fn(|context| reader.poll_fill(&mut near, context)).await.unwrap();
            most = most.max(reader.buffer.len());
        };
        assert!(next.bytes.len() == 100_000 && next.bytes.iter().all(|byte| *byte == 7));
        in_flight.push_back(next);
        if in_flight.len() > 5 {
            in_flight.pop_front();
        }
    }
    assert!(most > 3 * frame.len(), "reads bring several frames: {most} bytes");
    let idle = poll_fn(|context| Poll::Ready(reader.poll_fill(&mut near, context).is_pending())).await;
    assert!(idle && reader.buffer.capacity() == 0 && reader.retired.is_none());
}

#[tokio::test]
async fn a_size_that_is_only_announced_takes_nothing_of_the_budget() {
    let budget = Budget::new(1 << 20);
    let mut reader = FrameReader::new(Buffers::default(), budget.clone(), 100 << 20);
    let (mut near, mut far) = tokio::io::duplex(1 << 16);
    far.write_all(&(100_i32 << 20).to_be_bytes()).await.unwrap();
    far.write_all(b"few").await.unwrap();
    poll_fn(|context| reader.poll_fill(&mut near, context)).await.unwrap();
    let idle = poll_fn(|context| Poll::Ready(reader.poll_fill(&mut near, context).is_pending())).await;
    assert!(idle && !reader.is_claiming());
    assert!(budget.try_acquire(1 << 20).is_some());
}

#[tokio::test]
async fn a_frame_claims_about_twice_what_has_arrived() {
    let budget = Budget::new(64 << 20);
    let mut reader = FrameReader::new(Buffers::default(), budget.clone(), 100 << 20);
    let (mut near, mut far) = tokio::io::duplex(1 << 22);
    far.write_all(&(50_i32 << 20).to_be_bytes()).await.unwrap();
    far.write_all(&vec![7; 2 << 20]).await.unwrap();
    while !poll_fn(|context| Poll::Ready(reader.poll_fill(&mut near, context).is_pending())).await {}
    assert_eq!(reader.begun(), Some(PREFIX + (2 << 20)));
    assert!(budget.try_acquire((64 - 9) << 20).is_some());
    assert!(budget.try_acquire(63 << 20).is_none());
}

#[tokio::test]
async fn frames_that_are_all_half_here_do_not_wait_for_each_other() {
    let budget = Budget::new(1 << 20);
    let mut frames = Vec::new();
    for _ in 0..4 {
        let mut reader = FrameReader::new(Buffers::default(), budget.clone(), 100 << 20);
        let (mut near, mut far) = tokio::io::duplex(4 << 20);
        far.write_all(&(1_i32 << 20).to_be_bytes()).await.unwrap();
        far.write_all(&vec![7; 300_000]).await.unwrap();
        while !poll_fn(|context| Poll::Ready(reader.poll_fill(&mut near, context).is_pending())).await {}
        frames.push((reader, near, far));
    }
    let mut whole = 0;
    let all = frames.into_iter().map(|(mut reader, mut near, mut far)| async move {
        far.write_all(&vec![7; (1 << 20) - 300_000]).await.unwrap();
        loop {
            if let Some(frame) = reader.next_frame().unwrap() {
                return frame.bytes.len();
            }
            poll_fn(|context| reader.poll_fill(&mut near, context)).await.unwrap();
        }
    });
    let mut all: Vec<_> = all.map(Box::pin).collect();
    let done = poll_fn(|context| {
        all.retain_mut(|one| match one.as_mut().poll(context) {
            Poll::Ready(len) => {
                assert_eq!(len, 1 << 20);
                whole += 1;
                false
            }
            Poll::Pending => true,
        });
        if all.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    });
    tokio::time::timeout(std::time::Duration::from_secs(60), done).await.unwrap();
    assert_eq!(whole, 4);
}

#[tokio::test]
async fn a_large_frame_is_accounted_until_its_last_slice_is_gone() {
    let budget = Budget::new(1 << 20);
    let mut reader = FrameReader::new(Buffers::default(), budget.clone(), 100 << 20);
    let (mut near, mut far) = tokio::io::duplex(1 << 22);
    far.write_all(&(1_i32 << 20).to_be_bytes()).await.unwrap();
    far.write_all(&vec![7; 1 << 20]).await.unwrap();
    let frame = loop {
        if let Some(frame) = reader.next_frame().unwrap() {
            break frame;
        }
        poll_fn(|context| reader.poll_fill(&mut near, context)).await.unwrap();
    };
    let slice = frame.bytes.slice(1000..1010);
    drop(frame);
    assert!(budget.try_acquire(1 << 20).is_none(), "a queued append still holds the frame");
    drop(slice);
    assert!(budget.try_acquire(1 << 20).is_some());
}
