//! Produced and fetched batches: good ones, and one for every rule they can break.
#![allow(clippy::unwrap_used)]
use bytes::Bytes;
use klamm_model::{LeaderEpoch, Offset, ProducerEpoch, ProducerId, Timestamp};

use super::*;
use crate::ErrorCode;
use crate::records::batch::{CRC_FROM, HEADER_SIZE, compute_crc};
use crate::records::{
    Attributes, Batch, BatchBuilder, Codec, Compression, Header, Limits, RecordError, TimestampType, control,
};

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn batch_of(codec: Codec, count: i64) -> Vec<u8> {
    let mut builder = BatchBuilder::new().compression(codec);
    for i in 0..count {
        let time = Timestamp::from_millis(NOW.as_millis() - 10 + (i % 3));
        let headers = [Header { key: b"h", value: Some(b"v") }];
        builder.append(time, Some(b"key"), Some(&[b'v'; 100]), &headers).unwrap();
    }
    builder.finish().to_vec()
}

/// Writes `field` at `at` and makes the checksum fit again.
fn patch(mut batch: Vec<u8>, at: usize, field: &[u8]) -> Vec<u8> {
    batch[at..at + field.len()].copy_from_slice(field);
    reseal(batch)
}

fn reseal(mut batch: Vec<u8>) -> Vec<u8> {
    let crc = compute_crc(&batch);
    batch[17..CRC_FROM].copy_from_slice(&crc.to_be_bytes());
    batch
}

/// A batch of `count` records with this body in place of theirs.
fn with_body(body: &[u8], count: i32) -> Vec<u8> {
    let mut batch = batch_of(Codec::None, 1)[..HEADER_SIZE].to_vec();
    batch.extend_from_slice(body);
    let length = (batch.len() - 12) as i32;
    batch[8..12].copy_from_slice(&length.to_be_bytes());
    batch[23..27].copy_from_slice(&(count - 1).to_be_bytes());
    batch[57..61].copy_from_slice(&count.to_be_bytes());
    reseal(batch)
}

fn compressed_body(codec: Codec, body: &[u8], count: i32) -> Vec<u8> {
    let mut compressed = Vec::new();
    crate::records::compression::compress(codec.into(), body, &mut compressed);
    let attributes = Attributes::default().with_codec(codec).bits();
    patch(with_body(&compressed, count), CRC_FROM, &attributes.to_be_bytes())
}

#[track_caller]
fn refused(batch: &[u8], rules: &ProduceRules) -> ProduceRejection {
    validate(batch, rules, NOW).map(|validated| validated.size()).unwrap_err()
}

#[track_caller]
fn code(batch: &[u8]) -> ErrorCode {
    refused(batch, &ProduceRules::default()).error_code()
}

fn compacted() -> ProduceRules {
    ProduceRules { keys: KeyRule::Required, ..ProduceRules::default() }
}

fn log_append_time() -> ProduceRules {
    ProduceRules { timestamps: TimestampRule::LogAppendTime, ..ProduceRules::default() }
}

#[test]
fn a_good_batch_is_appended_as_it_came_but_for_the_stamps() {
    for codec in Codec::ALL {
        let batch = batch_of(codec, 10);
        let validated = validate(&batch, &ProduceRules::default(), NOW).unwrap();
        assert!(validated.rebuilt().is_none());
        assert_eq!(validated.size(), batch.len());
        assert_eq!(validated.header().record_count(), 10);
        let (offset, epoch) = (Offset::at(77), LeaderEpoch::at(3));
        let mut in_place = batch.clone();
        validated.stamp(&mut in_place, offset, epoch);
        let input = Bytes::from(batch.clone());
        let pieces = [&validated.stamped_header(offset, epoch)[..], &validated.body(&input)].concat();
        assert_eq!(pieces, in_place);
        assert_eq!(in_place[16..], batch[16..], "checksum and all that it covers are the producer's");
        assert_eq!(Batch::parse(&in_place).unwrap().header().last_offset(), Offset::at(86));
    }
}

#[test]
fn a_tail_that_is_no_whole_batch_is_not_appended() {
    let batch = batch_of(Codec::None, 2);
    for tail in [&batch[..5], &batch[..16], &batch[..batch.len() - 1]] {
        let bytes = [&batch[..], tail].concat();
        let validated = validate(&bytes, &ProduceRules::default(), NOW).unwrap();
        assert_eq!(validated.size(), batch.len());
        assert_eq!(validated.body(&Bytes::from(bytes)), batch[HEADER_SIZE..]);
    }
}

#[test]
fn a_request_holds_exactly_one_batch_of_magic_2() {
    let batch = batch_of(Codec::None, 1);
    assert_eq!(code(&[]), ErrorCode::InvalidRecord);
    assert_eq!(code(&batch[..11]), ErrorCode::InvalidRecord);
    assert_eq!(code(&batch[..batch.len() - 1]), ErrorCode::InvalidRecord);
    assert_eq!(code(&[&batch[..], &batch[..]].concat()), ErrorCode::InvalidRecord);
    assert_eq!(code(&[&batch[..], &[0; 12]].concat()), ErrorCode::CorruptMessage);
    for (magic, expected) in
        [(0, ErrorCode::InvalidRecord), (1, ErrorCode::InvalidRecord), (3, ErrorCode::CorruptMessage)]
    {
        let mut other = batch.clone();
        other[16] = magic;
        assert_eq!(code(&other), expected, "magic {magic}");
    }
}

#[test]
fn lengths_below_a_header_are_corrupt() {
    let batch = batch_of(Codec::None, 1);
    for length in [i32::MIN, -1, 0, 13, 15, 48] {
        let mut short = batch.clone();
        short[8..12].copy_from_slice(&length.to_be_bytes());
        assert_eq!(code(&short), ErrorCode::CorruptMessage, "length {length}");
    }
    let mut long = batch;
    long[8..12].copy_from_slice(&i32::MAX.to_be_bytes());
    assert_eq!(code(&long), ErrorCode::InvalidRecord, "not whole");
}

#[test]
fn every_byte_under_the_checksum_is_covered_by_it() {
    let batch = batch_of(Codec::None, 1);
    for at in CRC_FROM..batch.len() {
        let mut flipped = batch.clone();
        flipped[at] ^= 0x10;
        assert_eq!(code(&flipped), ErrorCode::CorruptMessage, "byte {at}");
    }
}

#[test]
fn header_fields_that_do_not_fit_together_are_invalid() {
    let batch = || batch_of(Codec::None, 3);
    let cases: &[(&str, usize, &[u8])] = &[
        ("base offset", 0, &1i64.to_be_bytes()),
        ("negative base offset", 0, &(-1i64).to_be_bytes()),
        ("count 0", 57, &0i32.to_be_bytes()),
        ("count -1", 57, &(-1i32).to_be_bytes()),
        ("count too small", 57, &2i32.to_be_bytes()),
        ("count too large", 57, &i32::MAX.to_be_bytes()),
        ("last offset delta -1", 23, &(-1i32).to_be_bytes()),
        ("last offset delta too large", 23, &7i32.to_be_bytes()),
        ("largest last offset delta", 23, &i32::MAX.to_be_bytes()),
        ("control", 21, &0x20i16.to_be_bytes()),
        ("producer without sequence", 43, &5i64.to_be_bytes()),
    ];
    for (name, at, field) in cases {
        assert_eq!(code(&patch(batch(), *at, field)), ErrorCode::InvalidRecord, "{name}");
    }
    for codec in 5..8 {
        let unknown = patch(batch(), 21, &i16::to_be_bytes(codec));
        assert_eq!(
            refused(&unknown, &ProduceRules::default()),
            ProduceRejection::UnknownCodec { codec: codec as u8 }
        );
        assert_eq!(code(&unknown), ErrorCode::UnknownServerError);
    }
}

#[test]
fn offset_comes_before_size_comes_before_checksum_comes_before_counts() {
    let tiny = ProduceRules { max_message_bytes: 100, ..ProduceRules::default() };
    let mut batch = patch(batch_of(Codec::None, 3), 57, &9i32.to_be_bytes());
    batch[17] ^= 1;
    batch[7] = 1;
    assert!(matches!(refused(&batch, &tiny), ProduceRejection::BaseOffset { .. }));
    batch[7] = 0;
    assert!(matches!(refused(&batch, &tiny), ProduceRejection::TooLarge { .. }));
    assert_eq!(refused(&batch, &tiny).error_code(), ErrorCode::MessageTooLarge);
    assert!(matches!(refused(&batch, &ProduceRules::default()), ProduceRejection::Corrupt(_)));
    batch[17] ^= 1;
    assert!(matches!(refused(&batch, &ProduceRules::default()), ProduceRejection::CountMismatch { .. }));
}

#[test]
fn zstd_needs_produce_7() {
    let batch = batch_of(Codec::Zstd, 1);
    for produce_version in 3..=13 {
        let rules = ProduceRules { origin: Origin::Client { produce_version }, ..ProduceRules::default() };
        let result = validate(&batch, &rules, NOW).map_err(|error| error.error_code()).map(|_| ());
        let expected = if produce_version < 7 { Err(ErrorCode::UnsupportedCompressionType) } else { Ok(()) };
        assert_eq!(result, expected, "version {produce_version}");
    }
}

#[test]
fn broken_records_are_invalid_compressed_or_not() {
    // attributes, timestamp delta, offset delta, key, value, header count
    let cases: &[(&str, &[u8])] = &[
        ("a record of one attribute byte", &[2, 0]),
        ("empty body", &[]),
        ("negative size", &[1, 0, 0, 0, 1, 1, 0]),
        ("size beyond the batch", &[14, 0, 0, 0, 1, 1, 0]),
        ("size below the fields", &[10, 0, 0, 0, 1, 1, 0]),
        ("size above the fields", &[14, 0, 0, 0, 1, 1, 0, 0]),
        ("bytes after the last record", &[12, 0, 0, 0, 1, 1, 0, 0]),
        ("key beyond the record", &[12, 0, 0, 0, 40, 1, 0]),
        ("value beyond the record", &[12, 0, 0, 0, 1, 40, 0]),
        ("negative header count", &[12, 0, 0, 0, 1, 1, 1]),
        ("headers beyond the record", &[12, 0, 0, 0, 1, 1, 40]),
        ("null header key", &[16, 0, 0, 0, 1, 1, 2, 1, 1]),
        ("header value beyond the record", &[16, 0, 0, 0, 1, 1, 2, 0, 40]),
        ("overlong offset delta", &[22, 0, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 1, 1, 0]),
        (
            "overlong timestamp delta",
            &[32, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 0, 1, 1, 0],
        ),
    ];
    for (name, body) in cases {
        assert_eq!(code(&with_body(body, 1)), ErrorCode::InvalidRecord, "{name}");
        for codec in [Codec::Gzip, Codec::Lz4, Codec::Snappy, Codec::Zstd] {
            let batch = compressed_body(codec, body, 1);
            assert_eq!(code(&batch), ErrorCode::InvalidRecord, "{name} in {codec}");
        }
    }
    let good = [12, 0, 0, 0, 1, 1, 0];
    validate(&with_body(&good, 1), &ProduceRules::default(), NOW).unwrap();
    assert_eq!(code(&with_body(&good, 2)), ErrorCode::InvalidRecord, "fewer records than declared");
}

#[test]
fn an_overlong_size_is_unforeseen_in_place_and_invalid_in_a_stream() {
    let body = [0x80, 0x80, 0x80, 0x80, 0x80, 0, 0, 0];
    assert_eq!(code(&with_body(&body, 1)), ErrorCode::UnknownServerError);
    assert_eq!(code(&compressed_body(Codec::Lz4, &body, 1)), ErrorCode::InvalidRecord);
}

#[test]
fn bytes_that_do_not_decompress_are_unforeseen() {
    for codec in [Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd] {
        let attributes = Attributes::default().with_codec(codec).bits();
        let noise = patch(with_body(&[0xa5; 64], 1), CRC_FROM, &attributes.to_be_bytes());
        assert_eq!(code(&noise), ErrorCode::UnknownServerError, "{codec}");
    }
}

#[test]
fn compacted_topics_need_keys_and_every_record_without_is_named() {
    let mut builder = BatchBuilder::new();
    for key in [Some(&b"k"[..]), None, Some(b""), None] {
        builder.append(NOW, key, Some(b"v"), &[]).unwrap();
    }
    let rejection = refused(&builder.finish(), &compacted());
    assert_eq!(rejection.error_code(), ErrorCode::InvalidRecord);
    let indexes: Vec<_> = rejection.faults().iter().map(|fault| (fault.index, fault.kind)).collect();
    assert_eq!(indexes, [(1, RecordFaultKind::NoKey), (3, RecordFaultKind::NoKey)]);
}

#[test]
fn timestamps_lie_within_the_bounds_around_the_leaders_time() {
    let (before_max_ms, after_max_ms) = (1000, 50);
    let timestamps = TimestampRule::CreateTime { before_max_ms, after_max_ms };
    let rules = ProduceRules { timestamps, ..ProduceRules::default() };
    let mut builder = BatchBuilder::new();
    for distance in [-1001, -1000, 0, 50, 51] {
        let time = Timestamp::from_millis(NOW.as_millis() + distance);
        builder.append(time, None, Some(b"v"), &[]).unwrap();
    }
    builder.append(Timestamp::from_millis(-1), None, None, &[]).unwrap();
    let rejection = refused(&builder.finish(), &rules);
    assert_eq!(rejection.error_code(), ErrorCode::InvalidTimestamp);
    assert_eq!(rejection.faults().iter().map(|fault| fault.index).collect::<Vec<_>>(), [0, 4]);
    // Extremes whose distance from now leaves 64 bits.
    for timestamp in [i64::MIN, i64::MAX] {
        let batch = patch(with_body(&[12, 0, 0, 0, 1, 1, 0], 1), 27, &timestamp.to_be_bytes());
        assert_eq!(refused(&batch, &rules).error_code(), ErrorCode::InvalidTimestamp, "{timestamp}");
    }
}

#[test]
fn one_bad_timestamp_makes_the_answer_one_of_timestamps() {
    let timestamps = TimestampRule::CreateTime { before_max_ms: 10, after_max_ms: 10 };
    let rules = ProduceRules { timestamps, ..compacted() };
    let mut builder = BatchBuilder::new();
    builder.append(NOW, None, None, &[]).unwrap();
    builder.append(Timestamp::from_millis(1), Some(b"k"), None, &[]).unwrap();
    let rejection = refused(&builder.finish(), &rules);
    assert_eq!((rejection.error_code(), rejection.faults().len()), (ErrorCode::InvalidTimestamp, 2));
}

#[test]
fn a_wrong_max_timestamp_is_set_right() {
    for codec in Codec::ALL {
        let batch = patch(batch_of(codec, 4), 35, &5i64.to_be_bytes());
        let validated = validate(&batch, &ProduceRules::default(), NOW).unwrap();
        assert_eq!(validated.max_timestamp(), Some(Timestamp::from_millis(NOW.as_millis() - 8)));
        let mut stored = batch;
        validated.stamp(&mut stored, Offset::ZERO, LeaderEpoch::ZERO);
        Batch::parse(&stored).unwrap().verify_crc().unwrap();
    }
}

#[test]
fn the_leaders_time_replaces_all_others_where_the_topic_says_so() {
    for codec in Codec::ALL {
        let batch = batch_of(codec, 4);
        let validated = validate(&batch, &log_append_time(), NOW).unwrap();
        let mut stored = batch;
        validated.stamp(&mut stored, Offset::at(5), LeaderEpoch::at(1));
        let stored = Batch::parse(&stored).unwrap();
        stored.verify_crc().unwrap();
        assert_eq!(stored.header().timestamp_type(), TimestampType::LogAppendTime);
        assert_eq!(stored.header().max_timestamp(), Some(NOW));
    }
}

#[test]
fn a_producer_that_claims_log_append_time_is_refused_by_such_topics_and_reset_by_others() {
    let mut batch = batch_of(Codec::None, 2);
    crate::records::set_log_append_time(&mut batch, NOW);
    let rejection = refused(&batch, &log_append_time());
    assert_eq!((rejection.error_code(), rejection.faults().len()), (ErrorCode::InvalidTimestamp, 2));
    let validated = validate(&batch, &ProduceRules::default(), NOW).unwrap();
    assert_eq!(validated.header().timestamp_type(), TimestampType::CreateTime);
}

#[test]
fn the_topics_compression_is_applied() {
    let batch = batch_of(Codec::Lz4, 20);
    for codec in Codec::ALL {
        let rules = ProduceRules { compression: Some(Compression::new(codec)), ..ProduceRules::default() };
        let validated = validate(&batch, &rules, NOW).unwrap();
        assert_eq!(validated.rebuilt().is_some(), codec != Codec::Lz4);
        let mut stored = validated.rebuilt().map_or(batch.clone(), |bytes| bytes.to_vec());
        validated.stamp(&mut stored, Offset::at(5), LeaderEpoch::at(1));
        let stored = Batch::parse(&stored).unwrap();
        stored.verify_crc().unwrap();
        assert_eq!(stored.header().codec(), codec);
        let original = Batch::parse(&batch).unwrap();
        let (mut left, mut right) =
            (original.records(Limits::NONE).unwrap(), stored.records(Limits::NONE).unwrap());
        while let Some(record) = left.next() {
            let other = right.next().unwrap().unwrap();
            assert_eq!(record.unwrap(), other);
        }
        assert!(right.next().is_none());
    }
}

#[test]
fn recompression_keeps_the_producer_and_may_outgrow_the_limit() {
    let mut builder = BatchBuilder::new().compression(Codec::Zstd).transactional(
        ProducerId::at(9),
        ProducerEpoch::at(4),
        Some(70),
    );
    builder.append(NOW, Some(b"k"), Some(&[b'x'; 5000]), &[]).unwrap();
    let batch = builder.finish();
    let rules = ProduceRules { compression: Some(Compression::NONE), ..ProduceRules::default() };
    let validated = validate(&batch, &rules, NOW).unwrap();
    let header = validated.header();
    assert!(header.is_transactional());
    assert_eq!((header.producer_id(), header.base_sequence()), (Some(ProducerId::at(9)), Some(70)));
    let rules = ProduceRules { max_message_bytes: 1000, ..rules };
    assert_eq!(refused(&batch, &rules).error_code(), ErrorCode::MessageTooLarge);
}

#[test]
fn stray_offset_deltas_are_set_right_in_place_and_unforeseen_in_a_stream() {
    let body = [12, 0, 0, 8, 1, 1, 0, 12, 0, 0, 8, 1, 1, 0];
    let validated = validate(&with_body(&body, 2), &ProduceRules::default(), NOW).unwrap();
    let rebuilt = Batch::parse(validated.rebuilt().unwrap()).unwrap();
    let deltas: Vec<i32> = rebuilt.records_in_place().unwrap().map(|r| r.unwrap().offset_delta).collect();
    assert_eq!(deltas, [0, 1]);
    let stream = compressed_body(Codec::Gzip, &body, 2);
    assert_eq!(code(&stream), ErrorCode::UnknownServerError);
}

#[test]
fn a_record_of_a_compressed_batch_may_be_too_large() {
    let rules = ProduceRules { max_record_bytes: 50, ..ProduceRules::default() };
    let rejection = refused(&batch_of(Codec::Snappy, 1), &rules);
    assert!(matches!(rejection, ProduceRejection::Records(RecordError::TooLarge { most: 50, .. })));
    assert_eq!(rejection.error_code(), ErrorCode::InvalidRecord);
    validate(&batch_of(Codec::None, 1), &rules, NOW).unwrap();
}

#[test]
fn coordinators_append_markers_and_the_topics_compression_leaves_them_alone() {
    let marker = control::marker_batch(
        (ProducerId::at(1), ProducerEpoch::at(0)),
        control::TransactionEnd::Commit,
        control::EndTxnMarker { coordinator_epoch: 3 },
        NOW,
    );
    assert_eq!(code(&marker), ErrorCode::InvalidRecord);
    let rules = ProduceRules {
        origin: Origin::Coordinator,
        compression: Some(Compression::new(Codec::Gzip)),
        ..ProduceRules::default()
    };
    let validated = validate(&marker, &rules, NOW).unwrap();
    assert!(validated.rebuilt().is_none());
    assert!(validated.header().is_control() && validated.header().is_transactional());
}

fn stored(base: i64, epoch: i32, count: i64) -> Vec<u8> {
    let mut batch = batch_of(Codec::None, count);
    crate::records::stamp(&mut batch, Offset::at(base), LeaderEpoch::at(epoch));
    batch
}

fn follow(bytes: &[u8]) -> (Vec<i64>, Result<Option<FollowerStop>, FollowerError>) {
    let view = FollowerView { log_end_offset: Offset::at(10), leader_epoch: LeaderEpoch::at(5) };
    let mut appended = Vec::new();
    let result = validate_follower(bytes, view, |batch| appended.push(batch.base_offset().unwrap().get()));
    (appended, result)
}

#[test]
fn a_follower_takes_growing_offsets_with_gaps() {
    let bytes = [stored(10, 4, 2), stored(12, 5, 1), stored(20, 5, 1)].concat();
    assert_eq!(follow(&bytes), (vec![10, 12, 20], Ok(None)));
}

#[test]
fn a_follower_stops_at_a_cut_batch_and_at_a_newer_epoch() {
    let mut bytes = [stored(10, 4, 2), stored(12, 5, 1)].concat();
    bytes.pop();
    assert_eq!(follow(&bytes), (vec![10], Ok(Some(FollowerStop::Incomplete))));
    let bytes = [stored(10, 4, 2), stored(12, 6, 1), stored(13, 5, 1)].concat();
    let newer = FollowerStop::NewerEpoch { epoch: LeaderEpoch::at(6) };
    assert_eq!(follow(&bytes), (vec![10], Ok(Some(newer))));
}

#[test]
fn a_follower_refuses_bad_checksums_and_offsets_and_keeps_what_came_before() {
    let mut bytes = [stored(10, 4, 2), stored(12, 4, 1)].concat();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    let (appended, result) = follow(&bytes);
    assert_eq!(appended, [10]);
    assert!(matches!(result, Err(FollowerError::Corrupt(_))));
    for bytes in [stored(9, 4, 1), [stored(10, 4, 2), stored(11, 4, 1)].concat()] {
        assert!(matches!(follow(&bytes).1, Err(FollowerError::OutOfOrder { .. })));
    }
}
