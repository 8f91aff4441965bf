//! Message sets of formats 0 and 1: built, read, and broken in every way.
#![allow(clippy::unwrap_used)]
use klamm_model::{Offset, Timestamp};

use super::*;
use crate::records::{AnyBatch, AnyBatches, BatchError, BuildError, Codec, Limits, RecordError};

fn at(millis: i64) -> Option<Timestamp> {
    Some(Timestamp::from_millis(millis))
}

fn set(magic: i8, codec: Codec) -> Vec<u8> {
    let mut builder = LegacyBuilder::new(magic, codec);
    for offset in [100, 101, 105] {
        builder.append(offset, at(7 * offset), Some(b"k"), Some(&offset.to_be_bytes())).unwrap();
    }
    builder.finish().to_vec()
}

/// Reads all records of all batches.
fn offsets(bytes: &[u8]) -> Result<Vec<i64>, RecordError> {
    let mut offsets = Vec::new();
    for batch in AnyBatches::new(bytes) {
        let mut records = batch.unwrap().records(Limits::NONE)?;
        while let Some(record) = records.next() {
            offsets.push(record?.offset.get());
        }
    }
    Ok(offsets)
}

/// A wrapper of `magic` around the message set `inner`.
fn wrapper(magic: i8, offset: i64, codec: Codec, inner: &[u8]) -> Vec<u8> {
    let mut value = Vec::new();
    crate::records::compression::compress_for_magic(codec.into(), inner, magic, &mut value);
    let mut builder = LegacyBuilder::new(magic, Codec::None);
    builder.append(offset, at(1), None, Some(&value)).unwrap();
    let mut bytes = builder.finish().to_vec();
    bytes[17] = codec.id();
    let crc = crate::records::crc32(&bytes[16..]);
    bytes[12..16].copy_from_slice(&crc.to_be_bytes());
    bytes
}

fn legacy_error(bytes: &[u8]) -> LegacyError {
    match offsets(bytes).unwrap_err() {
        RecordError::Legacy { cause, .. } => cause,
        error => panic!("another error: {error}"),
    }
}

#[test]
fn what_is_built_is_read_back_at_both_magics_and_every_codec() {
    for magic in [0, 1] {
        for codec in [Codec::None, Codec::Gzip, Codec::Snappy, Codec::Lz4] {
            let bytes = set(magic, codec);
            let mut seen = Vec::new();
            for batch in AnyBatches::new(&bytes) {
                let batch = batch.unwrap();
                assert_eq!((batch.magic(), batch.codec()), (magic, codec));
                batch.verify_crc().unwrap();
                let mut records = batch.records(Limits::NONE).unwrap();
                while let Some(record) = records.next() {
                    let record = record.unwrap();
                    assert!(record.message.unwrap().is_valid());
                    let time = if magic == 1 { at(7 * record.offset.get()) } else { None };
                    assert_eq!(record.timestamp, time);
                    assert_eq!(record.value, Some(&record.offset.get().to_be_bytes()[..]));
                    seen.push(record.offset.get());
                }
            }
            assert_eq!(seen, [100, 101, 105]);
            let last = AnyBatches::new(&bytes).last().unwrap().unwrap();
            assert_eq!(last.last_offset(), Offset::at(105));
            assert!(matches!(last, AnyBatch::Legacy(_)));
        }
    }
}

#[test]
fn inner_offsets_of_magic_1_count_back_from_the_wrappers() {
    let inner = set(1, Codec::None);
    let relative = |offset| offsets(&wrapper(1, offset, Codec::Gzip, &inner));
    // The last inner offset is 105.
    assert_eq!(relative(205), Ok(vec![200, 201, 205]));
    assert_eq!(relative(105), Ok(vec![100, 101, 105]));
    assert_eq!(relative(0), Ok(vec![100, 101, 105]), "some producers left the wrapper at 0");
    let error = legacy_error(&wrapper(1, 104, Codec::Gzip, &inner));
    assert_eq!(error, LegacyError::WrapperOffset { wrapper: 104, last_inner: 105 });
}

#[test]
fn inner_offsets_of_magic_0_are_absolute() {
    let inner = set(0, Codec::None);
    assert_eq!(offsets(&wrapper(0, 999, Codec::Snappy, &inner)), Ok(vec![100, 101, 105]));
}

#[test]
fn wrappers_that_wrap_wrongly_are_refused() {
    let inner = set(1, Codec::None);
    assert_eq!(legacy_error(&wrapper(1, 5, Codec::Gzip, &[])), LegacyError::EmptyWrapper);
    assert_eq!(legacy_error(&wrapper(1, 5, Codec::Gzip, &inner[..20])), LegacyError::EmptyWrapper);
    assert_eq!(legacy_error(&wrapper(1, 500, Codec::Gzip, &set(1, Codec::Gzip))), LegacyError::Nested);
    assert_eq!(legacy_error(&wrapper(0, 5, Codec::Zstd, &inner)), LegacyError::Zstd { magic: 0 });
    let mut null = LegacyBuilder::new(1, Codec::None);
    null.append(5, at(1), None, None).unwrap();
    let mut null = null.finish().to_vec();
    null[17] = Codec::Gzip.id();
    assert_eq!(legacy_error(&null), LegacyError::NullWrapper);
    let mut short = inner.clone();
    short[8..12].copy_from_slice(&13i32.to_be_bytes());
    let error = legacy_error(&wrapper(1, 5, Codec::Gzip, &short));
    assert_eq!(error, LegacyError::BadMessage { length: 13 });
}

#[test]
fn a_set_that_ends_inside_an_entry_ends_before_it() {
    let inner = set(0, Codec::None);
    let cut = &inner[..inner.len() - 1];
    assert_eq!(offsets(&wrapper(0, 105, Codec::Lz4, cut)), Ok(vec![100, 101]));
}

#[test]
fn an_inner_message_may_be_too_large() {
    let bytes = wrapper(1, 105, Codec::Gzip, &set(1, Codec::None));
    let batch = AnyBatch::parse(&bytes).unwrap();
    let limits = Limits { max_record_size: 20, ..Limits::NONE };
    let error = batch.records(limits).map(|_| ()).unwrap_err();
    assert!(matches!(error, RecordError::TooLarge { most: 20, .. }));
}

#[test]
fn the_leaders_time_is_the_wrappers() {
    let mut builder = LegacyBuilder::new(1, Codec::Gzip).log_append_time(Timestamp::from_millis(77));
    builder.append(3, at(5), None, Some(b"v")).unwrap();
    let bytes = builder.finish();
    let batch = AnyBatch::parse(&bytes).unwrap();
    assert_eq!(batch.max_timestamp(), at(77));
    assert_eq!(batch.records(Limits::NONE).unwrap().next().unwrap().unwrap().timestamp, at(77));
}

#[test]
fn entries_that_are_none_are_corrupt_and_cut_ones_incomplete() {
    let bytes = set(1, Codec::None);
    for cut in 1..48 {
        let error = AnyBatch::parse(&bytes[..cut.min(41)]).unwrap_err();
        assert!(error.is_incomplete(), "{cut}: {error}");
    }
    let patched = |at: usize, field: &[u8]| {
        let mut bytes = bytes.clone();
        bytes[at..at + field.len()].copy_from_slice(field);
        AnyBatch::parse(&bytes).map(|_| ()).unwrap_err()
    };
    let offset = BatchError::BadBaseOffset { at: 0, base_offset: -1 };
    assert_eq!(patched(0, &(-1i64).to_be_bytes()), offset);
    assert!(matches!(patched(8, &21i32.to_be_bytes()), BatchError::BadLength { least: 22, .. }));
    assert!(matches!(patched(17, &[7]), BatchError::BadCodec { codec: 7, .. }));
    assert!(matches!(patched(26, &i32::MAX.to_be_bytes()), BatchError::BadMessage { .. }));
    let mut wrong = bytes.clone();
    wrong[40] ^= 1;
    assert!(matches!(AnyBatch::parse(&wrong).unwrap().verify_crc(), Err(BatchError::BadCrc { .. })));
}

#[test]
fn offsets_grow_and_timestamps_are_not_negative() {
    let mut builder = LegacyBuilder::new(1, Codec::None);
    builder.append(5, at(1), None, None).unwrap();
    let again = builder.append(5, at(1), None, None);
    assert_eq!(again, Err(BuildError::NotIncreasing { offset: 5, last: 5 }));
    assert_eq!(builder.append(6, at(-2), None, None), Err(BuildError::NegativeTimestamp(-2)));
    assert!(LegacyBuilder::new(0, Codec::Gzip).finish().is_empty());
}
