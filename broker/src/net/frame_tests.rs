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
