//! Batches as a whole: built, read, stamped.
#![allow(clippy::unwrap_used)]

use klamm_model::{LeaderEpoch, Offset, ProducerEpoch, ProducerId, Timestamp};

use proptest::prelude::*;

use super::*;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn sample(codec: Codec) -> bytes::Bytes {
    let mut builder =
        BatchBuilder::new().compression(codec).idempotent(ProducerId::at(7), ProducerEpoch::at(2), 40);
    let headers = [Header { key: b"h", value: Some(b"1") }, Header { key: b"", value: None }];
    builder.append(at(1000), Some(b"key"), Some(b"value"), &headers).unwrap();
    builder.append(at(990), None, Some(&[b'x'; 100_000]), &[]).unwrap();
    builder.append(at(1010), Some(b""), None, &[]).unwrap();
    builder.finish()
}

#[test]
fn what_is_built_is_read_back_with_every_codec() {
    for codec in Codec::ALL {
        let bytes = sample(codec);
        let batch = Batch::parse(&bytes).unwrap();
        batch.verify_crc().unwrap();
        let header = batch.header();
        assert_eq!(header.size(), bytes.len());
        assert_eq!(header.codec(), codec);
        assert_eq!((header.record_count(), header.last_offset_delta()), (3, 2));
        assert_eq!((header.base_timestamp(), header.max_timestamp()), (at(1000), Some(at(1010))));
        assert_eq!((header.base_sequence(), header.last_sequence()), (Some(40), Some(42)));
        let mut reader = batch.records(Limits::NONE).unwrap();
        let first = reader.next().unwrap().unwrap();
        assert_eq!((first.key, first.value), (Some(&b"key"[..]), Some(&b"value"[..])));
        let headers: Vec<_> = first.headers.iter().collect();
        assert_eq!(headers[0], Header { key: b"h", value: Some(b"1") });
        assert_eq!(headers[1], Header { key: b"", value: None });
        let second = reader.next().unwrap().unwrap();
        assert_eq!((second.key, second.value.unwrap().len()), (None, 100_000));
        assert_eq!(second.timestamp(header), at(990));
        assert_eq!(second.offset(header), Some(Offset::at(1)));
        let third = reader.next().unwrap().unwrap();
        assert_eq!((third.key, third.value), (Some(&b""[..]), None));
        assert!(reader.next().is_none());
    }
}

#[test]
fn stamping_leaves_the_checksum_valid() {
    let mut bytes = sample(Codec::Lz4).to_vec();
    stamp(&mut bytes, Offset::at(500), LeaderEpoch::at(9));
    let batch = Batch::parse(&bytes).unwrap();
    batch.verify_crc().unwrap();
    assert_eq!(
        (batch.header().base_offset(), batch.header().last_offset()),
        (Offset::at(500), Offset::at(502))
    );
    assert_eq!(batch.header().leader_epoch(), Some(LeaderEpoch::at(9)));
}

#[test]
fn log_append_time_is_the_time_of_every_record() {
    let mut bytes = sample(Codec::None).to_vec();
    set_log_append_time(&mut bytes, at(5555));
    let batch = Batch::parse(&bytes).unwrap();
    batch.verify_crc().unwrap();
    assert_eq!(batch.header().timestamp_type(), TimestampType::LogAppendTime);
    for record in batch.records_in_place().unwrap() {
        assert_eq!(record.unwrap().timestamp(batch.header()), at(5555));
    }
}

#[test]
fn a_cut_tail_is_incomplete_and_a_wrong_byte_is_corrupt() {
    let one = sample(Codec::None);
    let two = [&one[..], &one[..]].concat();
    for cut in 1..one.len() {
        let mut batches = Batches::new(&two[..one.len() + cut]);
        batches.next().unwrap().unwrap();
        let error = batches.next().unwrap().unwrap_err();
        assert!(error.is_incomplete(), "{cut}: {error}");
        assert_eq!(batches.position(), one.len());
        assert!(batches.next().is_none());
    }
    let mut bytes = two.clone();
    bytes[one.len() + 16] = 7;
    let error = Batches::new(&bytes).nth(1).unwrap().unwrap_err();
    assert_eq!(error, BatchError::BadMagic { at: one.len(), magic: 7 });
}

#[test]
fn header_fields_that_break_arithmetic_are_refused() {
    let good = sample(Codec::None).to_vec();
    let patched = |at: usize, field: &[u8]| {
        let mut bytes = good.clone();
        bytes[at..at + field.len()].copy_from_slice(field);
        Batch::parse(&bytes).map(|_| ()).unwrap_err()
    };
    let (base_offset, delta) = (i64::MAX - 1, 2);
    assert_eq!(
        patched(0, &base_offset.to_be_bytes()),
        BatchError::BadLastOffsetDelta { at: 0, base_offset, delta }
    );
    assert_eq!(patched(0, &(-1i64).to_be_bytes()), BatchError::BadBaseOffset { at: 0, base_offset: -1 });
    assert!(matches!(patched(23, &(-1i32).to_be_bytes()), BatchError::BadLastOffsetDelta { delta: -1, .. }));
    assert_eq!(patched(57, &(-1i32).to_be_bytes()), BatchError::BadRecordCount { at: 0, count: -1 });
    assert_eq!(patched(21, &6i16.to_be_bytes()), BatchError::BadCodec { at: 0, codec: 6 });
    assert_eq!(patched(16, &[1]), BatchError::LegacyMagic { at: 0, magic: 1 });
    assert_eq!(patched(8, &48i32.to_be_bytes()), BatchError::BadLength { at: 0, length: 48, least: 49 });
}

#[test]
fn a_length_beyond_the_callers_bound_is_corruption_and_no_tail() {
    let mut bytes = sample(Codec::None).to_vec();
    bytes[8..12].copy_from_slice(&i32::MAX.to_be_bytes());
    let error = |batches: Batches<'_>| batches.last().unwrap().unwrap_err();
    assert!(error(Batches::new(&bytes)).is_incomplete());
    let error = error(Batches::new(&bytes).with_max_length(1000));
    assert_eq!(error, BatchError::TooLong { at: 0, length: i32::MAX, most: 1000 });
}

#[test]
fn sequences_count_around() {
    use super::batch::add_to_sequence;
    assert_eq!(add_to_sequence(5, 3), 8);
    assert_eq!(add_to_sequence(i32::MAX, 1), 0);
    assert_eq!(add_to_sequence(i32::MAX - 1, 3), 1);
    assert_eq!(add_to_sequence(i32::MAX, i32::MAX), i32::MAX - 1);
}

#[test]
fn the_estimate_of_an_uncompressed_batch_is_its_size() {
    let mut builder = BatchBuilder::new();
    for size in [0, 1, 63, 64, 8191, 8192] {
        let value = vec![0; size];
        let before = builder.estimated_size();
        assert!(builder.has_room_for(before + size + 30, at(1), None, Some(&value), &[]));
        builder.append(at(1), None, Some(&value), &[]).unwrap();
        let after = builder.estimated_size();
        assert!(after <= before + size + 30);
        assert!(builder.is_full(after) && !builder.is_full(after + 1));
    }
    let estimate = builder.estimated_size();
    assert_eq!(builder.finish().len(), estimate);
}

#[test]
fn the_first_record_always_has_room_and_compression_is_estimated_with_javas_margin() {
    let mut builder = BatchBuilder::new().compression(Codec::Gzip).estimated_ratio(0.5);
    assert!(builder.has_room_for(1, at(1), None, Some(&[0; 1000]), &[]));
    builder.append(at(1), None, Some(&[0; 1000]), &[]).unwrap();
    let records = builder.uncompressed_size() - 61;
    assert_eq!(builder.estimated_size(), 61 + (records as f32 * 0.5 * 1.05) as usize);
    assert!(builder::single_record_upper_bound(None, Some(&[0; 1000]), &[]) >= builder.uncompressed_size());
}

#[test]
fn records_go_into_a_batch_in_order() {
    let mut builder = BatchBuilder::new();
    builder.append_at(5, at(0), None, None, &[]).unwrap();
    let again = builder.append_at(5, at(0), None, None, &[]);
    assert_eq!(again, Err(BuildError::NotIncreasing { offset: 5, last: 5 }));
    assert_eq!(builder.append(at(-2), None, None, &[]), Err(BuildError::NegativeTimestamp(-2)));
    builder.append_at(i32::MAX, at(-1), None, None, &[]).unwrap();
    assert_eq!(builder.append(at(0), None, None, &[]), Err(BuildError::TooMany));
    assert_eq!(builder.record_count(), 2);
}

#[test]
fn control_keys_of_later_versions_are_read_and_broken_ones_refused() {
    use super::control::{ControlError, ControlType, EndTxnMarker};
    for kind in ControlType::ALL {
        assert_eq!(ControlType::parse_key(Some(&kind.key())), Ok(Some(kind)));
    }
    assert_eq!(ControlType::parse_key(Some(&[0, 3, 0, 1, 9])), Ok(Some(ControlType::Commit)));
    assert_eq!(ControlType::parse_key(Some(&[0, 0, 0, 7])), Ok(None), "a type of a later version");
    let negative = ControlType::parse_key(Some(&[0xff, 0xff, 0, 0]));
    assert_eq!(negative, Err(ControlError::BadVersion { field: "key", version: -1 }));
    let short = ControlType::parse_key(None);
    assert_eq!(short, Err(ControlError::TooShort { field: "key", length: 0, need: 4 }));
    let marker = EndTxnMarker { coordinator_epoch: 0x0102_0304 };
    assert_eq!(EndTxnMarker::parse(Some(&marker.encode())), Ok(marker));
    assert!(EndTxnMarker::parse(Some(&[0, 0, 1])).is_err());
}

fn field() -> impl Strategy<Value = Option<Vec<u8>>> {
    prop::option::of(prop::collection::vec(any::<u8>(), 0..200))
}

#[derive(Clone, Debug)]
struct Model {
    gap: i32,
    time: i64,
    key: Option<Vec<u8>>,
    value: Option<Vec<u8>>,
    headers: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

fn models() -> impl Strategy<Value = Vec<Model>> {
    let headers = prop::collection::vec((prop::collection::vec(any::<u8>(), 0..20), field()), 0..4);
    let model = (1..1000i32, -1..i64::MAX, field(), field(), headers)
        .prop_map(|(gap, time, key, value, headers)| Model { gap, time, key, value, headers });
    prop::collection::vec(model, 1..40)
}

proptest! {
    #[test]
    fn any_records_survive_a_batch_of_any_codec(models in models(), codec in 0u8..5) {
        let codec = Codec::from_id(codec).unwrap();
        let mut builder = BatchBuilder::new().compression(codec).base_offset(Offset::at(1000));
        let mut delta = -1;
        for model in &models {
            delta += model.gap;
            let headers: Vec<_> =
                model.headers.iter().map(|(key, value)| Header { key, value: value.as_deref() }).collect();
            let (key, value) = (model.key.as_deref(), model.value.as_deref());
            builder.append_at(delta, at(model.time), key, value, &headers).unwrap();
        }
        let bytes = builder.finish();
        let batch = Batch::parse(&bytes).unwrap();
        batch.verify_crc().unwrap();
        let header = batch.header();
        prop_assert_eq!(header.last_offset(), Offset::at(1000 + i64::from(delta)));
        let latest = models.iter().map(|model| model.time).max().unwrap();
        prop_assert_eq!(header.max_timestamp(), (latest != -1).then(|| at(latest)));
        let mut records = batch.records(Limits::NONE).unwrap();
        let mut facts = batch.records(Limits::NONE).unwrap();
        let mut offset = 999;
        for model in &models {
            offset += i64::from(model.gap);
            let record = records.next().unwrap().unwrap();
            prop_assert_eq!(record.offset(header), Some(Offset::at(offset)));
            prop_assert_eq!(record.timestamp(header), at(model.time));
            prop_assert_eq!(record.key, model.key.as_deref());
            prop_assert_eq!(record.value, model.value.as_deref());
            let headers: Vec<_> =
                record.headers.iter().map(|h| (h.key.to_vec(), h.value.map(<[u8]>::to_vec))).collect();
            prop_assert_eq!(&headers, &model.headers);
            prop_assert_eq!(facts.next_facts().unwrap().unwrap(), RecordFacts::from(record));
        }
        prop_assert!(records.next().is_none() && facts.next_facts().is_none());
    }

    #[test]
    fn a_run_of_batches_is_cut_only_at_its_end(counts in prop::collection::vec(1usize..4, 1..5), cut in any::<prop::sample::Index>()) {
        let mut bytes = Vec::new();
        let mut ends = vec![0];
        for count in &counts {
            let mut builder = BatchBuilder::new();
            for _ in 0..*count {
                builder.append(at(1), None, Some(b"v"), &[]).unwrap();
            }
            bytes.extend_from_slice(&builder.finish());
            ends.push(bytes.len());
        }
        let cut = cut.index(bytes.len() + 1);
        let mut batches = Batches::new(&bytes[..cut]);
        let whole = batches.by_ref().take_while(Result::is_ok).count();
        let fitting = ends.iter().filter(|end| **end <= cut).count() - 1;
        prop_assert_eq!((whole, batches.position()), (fitting, ends[fitting]));
    }

    #[test]
    fn reading_and_passing_over_a_record_agree_on_any_body(
        body in prop::collection::vec(prop_oneof![Just(0u8), Just(1), 0u8..20, any::<u8>()], 0..60),
        count in 1i32..4,
    ) {
        let mut whole = sample(Codec::None)[..61].to_vec();
        whole[57..61].copy_from_slice(&count.to_be_bytes());
        whole.extend_from_slice(&body);
        let header = BatchHeader::parse(&whole).unwrap();
        let mut records = Records::new(&header, &body);
        let mut facts = Records::new(&header, &body);
        loop {
            let expected = records.next().map(|record| record.map(RecordFacts::from));
            prop_assert_eq!(facts.next_facts(), expected.clone());
            if expected.is_none() {
                break;
            }
        }
    }

    #[test]
    fn reading_and_passing_over_a_record_agree_in_a_stream_of_any_chunks(
        body in prop::collection::vec(prop_oneof![Just(0u8), Just(1), 0u8..20, any::<u8>()], 0..60),
        count in 1i32..4,
        step in 1usize..9,
    ) {
        let mut frame = vec![0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82];
        for stored in body.chunks(step) {
            frame.extend((stored.len() as u32 | 0x8000_0000).to_le_bytes());
            frame.extend(stored);
        }
        frame.extend([0; 4]);
        let mut whole = sample(Codec::Lz4)[..61].to_vec();
        whole[57..61].copy_from_slice(&count.to_be_bytes());
        whole.extend_from_slice(&frame);
        let header = BatchHeader::parse(&whole).unwrap();
        let mut records = RecordReader::new(&header, &frame, Limits::NONE).unwrap();
        let mut facts = RecordReader::new(&header, &frame, Limits::NONE).unwrap();
        loop {
            // Of several faults in one record, the two may name different ones.
            let expected = records.next().map(|record| record.map(RecordFacts::from).ok());
            prop_assert_eq!(facts.next_facts().map(Result::ok), expected);
            if expected.is_none() {
                break;
            }
        }
    }
}
