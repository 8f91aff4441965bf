//! Every codec both ways, and the frames of other writers.
#![allow(clippy::unwrap_used)]
use std::io::Read as _;

use proptest::prelude::*;

use super::*;

fn decompress(codec: Codec, bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let mut stream = Decompressor::new(codec, bytes, Limits::NONE).map_err(|error| error.to_string())?;
    stream.read_to_end(&mut out).map_err(|error| error.to_string())?;
    Ok(out)
}

fn packed(compression: impl Into<Compression>, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    compress(compression.into(), body, &mut out);
    out
}

fn text(length: usize) -> Vec<u8> {
    b"the quick brown fox jumps over the lazy dog; ".iter().copied().cycle().take(length).collect()
}

fn noise(length: usize) -> Vec<u8> {
    let mut state = 7u64;
    let next = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    };
    (0..length).map(next).collect()
}

#[test]
fn what_is_compressed_is_read_back_at_every_codec() {
    // Around the block sizes of snappy and lz4, and beyond every chunk.
    for length in [0, 1, 100, 32_767, 32_768, 32_769, 65_535, 65_536, 65_537, 400_000] {
        for body in [text(length), noise(length), vec![0; length]] {
            for codec in Codec::ALL {
                let mut out = vec![9];
                compress(codec.into(), &body, &mut out);
                assert_eq!(out[0], 9, "compressed bytes are appended");
                assert!(decompress(codec, &out[1..]).unwrap() == body, "{codec} {length}");
            }
        }
    }
}

#[test]
fn every_level_of_kafkas_ranges_is_written_and_no_other() {
    let levels = [
        (Codec::Gzip, vec![-1, 1, 5, 9], vec![-2, 0, 10]),
        (Codec::Lz4, vec![1, 9, 17], vec![0, 18]),
        (Codec::Zstd, vec![-131_072, -1, 0, 3, 19], vec![-131_073, 23]),
    ];
    let body = text(5000);
    for (codec, good, bad) in levels {
        for level in good {
            let compression = Compression::with_level(codec, level).unwrap();
            assert!(decompress(codec, &packed(compression, &body)).unwrap() == body);
        }
        for level in bad {
            assert_eq!(Compression::with_level(codec, level), Err(LevelError { codec, level }));
        }
    }
    assert_eq!(Compression::with_level(Codec::Snappy, 99), Ok(Compression::new(Codec::Snappy)));
}

#[test]
fn levels_change_what_gzip_and_zstd_make() {
    let body = [text(20_000), noise(2000)].concat();
    for (codec, low, high) in [(Codec::Gzip, 1, 9), (Codec::Zstd, -100, 9)] {
        let fast = packed(Compression::with_level(codec, low).unwrap(), &body).len();
        let small = packed(Compression::with_level(codec, high).unwrap(), &body).len();
        assert!(small < fast, "{codec}: {small} < {fast}");
        let again = packed(Compression::with_level(codec, low).unwrap(), &body).len();
        assert_eq!(again, fast, "{codec}: a kept context has no other level");
    }
}

#[test]
fn every_cut_of_a_stream_is_an_error_or_a_shorter_end() {
    let body = text(3000);
    for codec in [Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd] {
        let whole = packed(codec, &body);
        for cut in 0..whole.len() {
            // zstd: nothing is no frame; snappy: a header without blocks, or with a cut length.
            let may_end = match codec {
                Codec::Zstd => cut == 0,
                Codec::Snappy => (16..20).contains(&cut),
                Codec::None | Codec::Gzip | Codec::Lz4 => false,
            };
            match decompress(codec, &whole[..cut]) {
                Ok(out) => assert!(may_end && out.is_empty(), "{codec} cut at {cut}"),
                Err(_) => assert!(!may_end, "{codec} cut at {cut}"),
            }
        }
    }
}

#[test]
fn streams_of_the_same_codec_may_follow_each_other() {
    let (one, two) = (text(1000), noise(1000));
    for codec in [Codec::Gzip, Codec::Snappy, Codec::Zstd] {
        let both = [packed(codec, &one), packed(codec, &two)].concat();
        assert_eq!(decompress(codec, &both), Ok([&one[..], &two].concat()), "{codec}");
    }
    let frames = [packed(Codec::Lz4, &one), packed(Codec::Lz4, &two)].concat();
    assert_eq!(decompress(Codec::Lz4, &frames), Ok(one), "Kafka ignores what follows an lz4 frame");
}

#[test]
fn what_follows_a_gzip_member_and_is_none_is_ignored() {
    let body = text(500);
    for tail in [&b"x"[..], &[0; 40], &[0x1f, 0x8b, 9]] {
        let bytes = [&packed(Codec::Gzip, &body)[..], tail].concat();
        assert_eq!(decompress(Codec::Gzip, &bytes), Ok(body.clone()));
    }
}

#[test]
fn optional_fields_of_a_gzip_header_are_skipped_and_its_checksum_verified() {
    let body = text(500);
    let plain = packed(Codec::Gzip, &body);
    let mut header = plain[..10].to_vec();
    header[3] = 0x02 | 0x04 | 0x08 | 0x10;
    header.extend([3, 0, 1, 2, 3]);
    header.extend(b"name\0comment\0");
    let crc = crate::records::crc32(&header) as u16;
    header.extend(crc.to_le_bytes());
    let bytes = [&header[..], &plain[10..]].concat();
    assert_eq!(decompress(Codec::Gzip, &bytes), Ok(body));
    let last = header.len() - 1;
    header[last] ^= 1;
    let bytes = [&header[..], &plain[10..]].concat();
    assert!(decompress(Codec::Gzip, &bytes).unwrap_err().contains("header's checksum"));
}

#[test]
fn the_trailer_of_gzip_is_verified() {
    let bytes = packed(Codec::Gzip, &text(500));
    for at in bytes.len() - 8..bytes.len() {
        let mut wrong = bytes.clone();
        wrong[at] ^= 1;
        assert!(decompress(Codec::Gzip, &wrong).unwrap_err().contains("trailer"));
    }
}

#[test]
fn snappy_without_xerials_header_is_one_raw_block() {
    for body in [text(1000), text(3), noise(100_000)] {
        let raw = snap::raw::Encoder::new().compress_vec(&body).unwrap();
        assert_eq!(decompress(Codec::Snappy, &raw), Ok(body));
    }
}

#[test]
fn snappy_blocks_hold_32_kib() {
    let bytes = packed(Codec::Snappy, &noise(70_000));
    let mut rest = &bytes[16..];
    let mut blocks = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (block, after) = after.split_at(u32::from_be_bytes(*length) as usize);
        blocks.push(snap::raw::decompress_len(block).unwrap());
        rest = after;
    }
    assert_eq!(blocks, [32_768, 32_768, 4464]);
}

#[test]
fn a_snappy_block_cannot_claim_more_than_its_bytes_can_hold() {
    // The length varint of a raw block: 4 GiB - 1.
    let claim = [0xff, 0xff, 0xff, 0xff, 0x0f, 0];
    assert!(decompress(Codec::Snappy, &claim).unwrap_err().contains("cannot give"));
}

fn lz4_frame(flags: u8, block_size: u8, descriptor: &[u8], blocks: &[u8]) -> Vec<u8> {
    let header = [&[flags, block_size][..], descriptor].concat();
    let checksum = (twox_hash::XxHash32::oneshot(0, &header) >> 8) as u8;
    [&[0x04, 0x22, 0x4d, 0x18][..], &header, &[checksum], blocks].concat()
}

fn lz4_block(body: &[u8], checksum: bool) -> Vec<u8> {
    let block = lz4_flex::block::compress(body);
    let mut out = (block.len() as u32).to_le_bytes().to_vec();
    out.extend_from_slice(&block);
    if checksum {
        out.extend(twox_hash::XxHash32::oneshot(0, &block).to_le_bytes());
    }
    out
}

#[test]
fn lz4_frames_of_other_writers_are_read() {
    let body = text(3000);
    let end = [0; 4];
    let stored = [&(body.len() as u32 | 0x8000_0000).to_le_bytes()[..], &body, &end].concat();
    let frames = [
        ("stored", lz4_frame(0x60, 0x40, &[], &stored)),
        ("content size", lz4_frame(0x68, 0x40, &[9; 8], &[lz4_block(&body, false), end.to_vec()].concat())),
        ("block checksum", lz4_frame(0x70, 0x40, &[], &[lz4_block(&body, true), end.to_vec()].concat())),
        (
            "content checksum, unverified",
            lz4_frame(0x64, 0x40, &[], &[lz4_block(&body, false), vec![0; 8]].concat()),
        ),
        ("4 MiB blocks", lz4_frame(0x60, 0x70, &[], &[lz4_block(&body, false), end.to_vec()].concat())),
    ];
    for (name, frame) in frames {
        assert_eq!(decompress(Codec::Lz4, &frame), Ok(body.clone()), "{name}");
    }
}

#[test]
fn lz4_frames_that_kafka_does_not_read_are_refused() {
    let blocks = [lz4_block(&text(100), false), vec![0; 4]].concat();
    let good = lz4_frame(0x60, 0x40, &[], &blocks);
    let mut wrong_header = good.clone();
    wrong_header[6] ^= 1;
    let mut wrong_block = lz4_block(&text(100), true);
    let last = wrong_block.len() - 1;
    wrong_block[last] ^= 1;
    let large = [&70_000u32.to_le_bytes()[..], &[0; 70_000]].concat();
    let cases = [
        ("no magic", [&[0; 4][..], &good[4..]].concat()),
        ("header checksum", wrong_header),
        ("dependent blocks", lz4_frame(0x40, 0x40, &[], &blocks)),
        ("version 0", lz4_frame(0x20, 0x40, &[], &blocks)),
        ("reserved flag", lz4_frame(0x61, 0x40, &[], &blocks)),
        ("reserved block bits", lz4_frame(0x60, 0x41, &[], &blocks)),
        ("block size 3", lz4_frame(0x60, 0x30, &[], &blocks)),
        ("block checksum", lz4_frame(0x70, 0x40, &[], &wrong_block)),
        ("block above its size", lz4_frame(0x60, 0x40, &[], &large)),
        ("no end mark", good[..good.len() - 4].to_vec()),
    ];
    for (name, frame) in cases {
        assert!(decompress(Codec::Lz4, &frame).is_err(), "{name}");
    }
}

#[test]
fn the_wrong_header_checksum_of_magic_0_is_written_and_ignored_there_only() {
    let body = text(1000);
    let mut frame = Vec::new();
    compress_for_magic(Codec::Lz4.into(), &body, 0, &mut frame);
    assert!(decompress(Codec::Lz4, &frame).unwrap_err().contains("checksum"));
    let mut out = Vec::new();
    Decompressor::for_magic_0(Codec::Lz4, &frame, Limits::NONE).unwrap().read_to_end(&mut out).unwrap();
    assert_eq!(out, body);
}

#[test]
fn zstd_windows_are_bounded() {
    // Magic, no flags, window descriptor, one empty last block.
    let frame = |log: u8| [0x28, 0xb5, 0x2f, 0xfd, 0, (log - 10) << 3, 1, 0, 0];
    assert_eq!(decompress(Codec::Zstd, &frame(27)), Ok(Vec::new()));
    assert!(decompress(Codec::Zstd, &frame(28)).is_err());
}

#[test]
fn skippable_zstd_frames_are_skipped() {
    let skippable = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
    let bytes = [&skippable[..], &packed(Codec::Zstd, b"body"), &skippable].concat();
    assert_eq!(decompress(Codec::Zstd, &bytes), Ok(b"body".to_vec()));
}

#[test]
fn an_error_leaves_no_trace_in_the_threads_contexts() {
    let body = text(2000);
    for codec in [Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd] {
        let good = packed(codec, &body);
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0x55;
            let _ = decompress(codec, &bad);
            assert!(decompress(codec, &good).unwrap() == body, "{codec} after damage at {at}");
        }
    }
}

proptest! {
    #[test]
    fn any_body_survives_any_codec_read_in_any_steps(
        body in prop::collection::vec(0u8..4, 0..20_000),
        codec in 0u8..5,
        step in 1usize..5000,
    ) {
        let codec = Codec::from_id(codec).unwrap();
        let bytes = packed(codec, &body);
        let mut stream = Decompressor::new(codec, &bytes, Limits::NONE).unwrap();
        let mut out = Vec::new();
        loop {
            let chunk = stream.fill().unwrap();
            if chunk.is_empty() {
                break;
            }
            let taken = chunk.len().min(step);
            out.extend_from_slice(&chunk[..taken]);
            stream.consume(taken);
        }
        prop_assert_eq!(stream.output(), body.len() as u64);
        prop_assert!(out == body);
    }

    #[test]
    fn no_bytes_make_a_codec_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), codec in 1u8..5) {
        let _ = decompress(Codec::from_id(codec).unwrap(), &bytes);
    }
}
