//! The log of a partition of `__consumer_offsets`, read batch by batch.

use bytes::Bytes;
use klamm_coordinator::group::GroupRecord;
use klamm_coordinator::machine::TransactionResult;
use klamm_model::ProducerId;
use klamm_protocol::records::control::ControlType;
use klamm_protocol::records::{Batches, Limits};

use crate::stage::Entry;

/// The offset behind the last batch.
pub fn next_offset(bytes: &[u8]) -> i64 {
    Batches::new(bytes).filter_map(Result::ok).last().unwrap().header().next_offset().get()
}

/// Records and markers in order, with the offset of each.
pub fn entries(chunks: &[Bytes]) -> Vec<(i64, Entry)> {
    let mut entries = Vec::new();
    for chunk in chunks {
        for batch in Batches::new(chunk).filter_map(Result::ok) {
            let header = *batch.header();
            let producer = header.producer_id().filter(|_| header.is_transactional());
            let mut records = batch.records(Limits::default()).unwrap();
            while let Some(record) = records.next() {
                let record = record.unwrap();
                let offset = record.offset(&header).unwrap().get();
                let copy = |bytes: Option<&[u8]>| bytes.map(Bytes::copy_from_slice);
                entries.push((
                    offset,
                    if header.is_control() {
                        marker(producer.unwrap(), record.key)
                    } else {
                        Entry::Record { producer, key: copy(record.key).unwrap(), value: copy(record.value) }
                    },
                ));
            }
        }
    }
    entries
}

fn marker(producer: ProducerId, key: Option<&[u8]>) -> Entry {
    let result = match ControlType::parse_key(key).unwrap().unwrap() {
        ControlType::Commit => TransactionResult::Commit,
        ControlType::Abort => TransactionResult::Abort,
        other => panic!("{other:?} in the offsets log"),
    };
    Entry::Marker { producer, result }
}

/// The record with all times of day replaced by 1, and its group.
pub fn timeless(entry: &Entry) -> (String, String) {
    let Entry::Record { producer, key, value } = entry else { panic!("a marker has no group") };
    let record = GroupRecord::decode(Some(key.clone()), value.clone()).unwrap().unwrap();
    let again = record.encode().unwrap();
    assert_eq!((&again.0, &again.1), (key, value), "we write the bytes that Kafka wrote");
    let set = |time: &mut i64| *time = if *time == -1 { -1 } else { 1 };
    let (group, record) = match record {
        GroupRecord::OffsetCommit { key, value } => {
            let group = key.group.to_string();
            let value = value.map(|mut value| {
                set(&mut value.commit_timestamp);
                set(&mut value.expire_timestamp);
                value
            });
            (group, GroupRecord::OffsetCommit { key, value })
        }
        GroupRecord::GroupMetadata { key, value } => {
            let group = key.group.to_string();
            let value = value.map(|mut value| {
                set(&mut value.current_state_timestamp);
                value
            });
            (group, GroupRecord::GroupMetadata { key, value })
        }
        GroupRecord::Modern(record) => (record.group.to_string(), GroupRecord::Modern(record)),
    };
    (group, format!("{producer:?} {}", crate::show::record_text(&record)))
}
