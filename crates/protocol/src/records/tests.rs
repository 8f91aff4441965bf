#![allow(clippy::unwrap_used)]
//! Batches as a whole: built, read, stamped.

use klamm_model::{LeaderEpoch, Offset, ProducerEpoch, ProducerId, Timestamp};

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
