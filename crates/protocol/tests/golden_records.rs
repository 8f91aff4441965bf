//! Records of the internal logs as Apache Kafka 4.4.0's own serializers wrote them.
#![allow(clippy::unwrap_used)]

use bytes::Bytes;
use klamm_model::Uuid;
use klamm_protocol::messages::{
    FeatureLevelRecord, LeaderChangeMessage, MetadataRecord, OffsetCommitKey, OffsetCommitValue,
    OffsetsRecordKey, OffsetsRecordValue, PartitionChangeRecord, RemoteLogMetadataRecord, ShareRecordKey,
    ShareSnapshotKey, TransactionLogKey, TransactionLogValue, TransactionRecordKey, TransactionRecordValue,
    leader_change_message,
};
use klamm_protocol::{DecodeError, Message, Reader, Writer};

const TOPIC_ID: Uuid = Uuid::from_u128(1 << 64 | 2);

fn hex(text: &str) -> Bytes {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    text.as_bytes().chunks(2).map(byte).collect()
}

fn metadata(golden: &str, expected: MetadataRecord, version: i16) {
    let mut reader = Reader::new(hex(golden));
    assert_eq!(MetadataRecord::decode(&mut reader), Ok((expected.clone(), version)));
    reader.expect_end().unwrap();
    let mut writer = Writer::new();
    expected.encode(&mut writer, version).unwrap();
    assert_eq!(writer.into_bytes(), hex(golden));
}

#[test]
fn metadata_records_stand_behind_their_frame() {
    let level = FeatureLevelRecord {
        name: "metadata.version".into(),
        feature_level: 33,
        ..FeatureLevelRecord::default()
    };
    metadata("010c00116d657461646174612e76657273696f6e002100", level.into(), 0);
    let change = PartitionChangeRecord {
        partition_id: 3,
        topic_id: TOPIC_ID,
        isr: Some(vec![1, 2]),
        leader: 2,
        ..PartitionChangeRecord::default()
    };
    let golden = "0105020000000300000000000000010000000000000002020009030000000100000002010400000002";
    metadata(golden, change.into(), 2);
}

#[test]
fn metadata_records_that_are_not_known_are_errors() {
    let decode = |text| MetadataRecord::decode(&mut Reader::new(hex(text)));
    assert_eq!(decode("020c00"), Err(DecodeError::UnknownFrameVersion(2)));
    assert_eq!(decode("010600"), Err(DecodeError::UnknownType { family: "metadata record", key: 6 }));
    let newer = DecodeError::UnsupportedVersion { message: "FeatureLevelRecord", version: 1 };
    assert_eq!(decode("010c01"), Err(newer));
    assert_eq!(decode("01ffffff0f00"), Err(DecodeError::VarintOverflow { at: 1 }));
}

#[test]
fn remote_log_metadata_has_the_same_frame() {
    let golden = hex("01020002740000000000000001000000000000000200000000000000000100000000000000020000");
    let (record, version) = RemoteLogMetadataRecord::decode(&mut Reader::new(golden.clone())).unwrap();
    assert_eq!((record.name(), version), ("RemotePartitionDeleteMetadataRecord", 0));
    let mut writer = Writer::new();
    record.encode(&mut writer, version).unwrap();
    assert_eq!(writer.into_bytes(), golden);
}

#[test]
fn committed_offsets_have_typed_keys_and_versioned_values() {
    let key: OffsetsRecordKey = OffsetCommitKey { group: "g".into(), topic: "t".into(), partition: 7 }.into();
    assert_eq!(OffsetsRecordKey::decode(&mut Reader::new(hex("000100016700017400000007"))), Ok(key.clone()));
    let mut writer = Writer::new();
    key.encode(&mut writer).unwrap();
    assert_eq!(writer.into_bytes(), hex("000100016700017400000007"));

    let plain = OffsetCommitValue {
        offset: 42,
        leader_epoch: 5,
        metadata: "m".into(),
        commit_timestamp: 1000,
        ..OffsetCommitValue::default()
    };
    let with_id = OffsetCommitValue { topic_id: TOPIC_ID, ..plain.clone() };
    for (golden, value, version) in [
        ("0003000000000000002a0000000500016d00000000000003e8", plain, 3),
        (
            "0004000000000000002a00000005026d00000000000003e801001000000000000000010000000000000002",
            with_id,
            4,
        ),
    ] {
        let value = OffsetsRecordValue::from(value);
        let read = OffsetsRecordValue::decode(key.record_type(), &mut Reader::new(hex(golden)));
        assert_eq!(read, Ok((value.clone(), version)));
        let mut writer = Writer::new();
        value.encode(&mut writer, version).unwrap();
        assert_eq!(writer.into_bytes(), hex(golden));
    }
}

#[test]
fn transaction_and_share_records_are_laid_out_alike() {
    let key = TransactionLogKey { transactional_id: "tx".into() }.into();
    assert_eq!(TransactionRecordKey::decode(&mut Reader::new(hex("000000027478"))), Ok(key));
    let value = TransactionLogValue {
        producer_id: 9,
        producer_epoch: 1,
        transaction_timeout_ms: 60_000,
        transaction_partitions: None,
        transaction_last_update_timestamp_ms: 5,
        transaction_start_timestamp_ms: -1,
        previous_producer_id: 8,
        ..TransactionLogValue::default()
    };
    let golden =
        hex("0001000000000000000900010000ea6000000000000000000005ffffffffffffffff0100080000000000000008");
    let read = TransactionRecordValue::decode(0, &mut Reader::new(golden));
    assert_eq!(read, Ok((value.into(), 1)));
    let key = ShareSnapshotKey { group_id: "g".into(), topic_id: TOPIC_ID, partition: 1 };
    let golden = hex("00000001670000000000000001000000000000000200000001");
    assert_eq!(ShareRecordKey::decode(&mut Reader::new(golden)), Ok(key.into()));
}

#[test]
fn control_records_repeat_their_version_in_the_body() {
    let voter = leader_change_message::Voter {
        voter_id: 1,
        voter_directory_id: Uuid::from_u128(3 << 64 | 4),
        ..leader_change_message::Voter::default()
    };
    let change = LeaderChangeMessage {
        version: 1,
        leader_id: 1,
        voters: vec![voter],
        ..LeaderChangeMessage::default()
    };
    let mut writer = Writer::new();
    change.encode(&mut writer, 1).unwrap();
    let golden = "000100000001020000000100000000000000030000000000000004000100";
    assert_eq!(writer.into_bytes(), hex(golden));
}
