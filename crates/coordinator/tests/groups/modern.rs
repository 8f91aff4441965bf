//! Groups of newer protocols in the log: kept, listed, deleted whole, and never mixed with classic ones.

use bytes::Bytes;
use klamm_coordinator::group::{
    CommitDialect, Group, GroupMachine, GroupRecord, GroupReply, GroupRequest, RecordError, ReplayError,
    Settings,
};
use klamm_coordinator::machine::{Machine, Origin};
use klamm_model::Offset;
use klamm_protocol::messages::{
    ConsumerGroupMemberMetadataKey, ConsumerGroupMemberMetadataValue, ConsumerGroupMetadataKey,
    ConsumerGroupMetadataValue, DescribeGroupsResponse, OffsetsRecordKey, OffsetsRecordValue,
    ShareGroupMetadataKey, ShareGroupMetadataValue,
};
use klamm_protocol::{ErrorCode, Str, Writer};

use super::script::Line;
use super::stage::Stage;

fn key(key: OffsetsRecordKey) -> Bytes {
    let mut writer = Writer::new();
    key.encode(&mut writer).unwrap();
    writer.into_bytes()
}

fn value(value: OffsetsRecordValue) -> Bytes {
    let mut writer = Writer::new();
    value.encode(&mut writer, 0).unwrap();
    writer.into_bytes()
}

fn group_record(group: &str) -> GroupRecord {
    let group_id = Str::from(group);
    let key = key(ConsumerGroupMetadataKey { group_id }.into());
    let value = value(ConsumerGroupMetadataValue { epoch: 3, ..Default::default() }.into());
    GroupRecord::decode(Some(key), Some(value)).unwrap().unwrap()
}

fn member_record(group: &str, member: &str) -> GroupRecord {
    let (group_id, member_id) = (Str::from(group), Str::from(member));
    let key = key(ConsumerGroupMemberMetadataKey { group_id, member_id }.into());
    let value = value(ConsumerGroupMemberMetadataValue::default().into());
    GroupRecord::decode(Some(key), Some(value)).unwrap().unwrap()
}

fn share_record(group: &str) -> GroupRecord {
    let group_id = Str::from(group);
    let key = key(ShareGroupMetadataKey { group_id }.into());
    let value = value(ShareGroupMetadataValue { epoch: 1, ..Default::default() }.into());
    GroupRecord::decode(Some(key), Some(value)).unwrap().unwrap()
}

fn replay(machine: &mut GroupMachine, records: &[GroupRecord]) {
    for record in records {
        machine.replay(Origin { offset: Offset::ZERO, producer: None }, record).unwrap();
    }
}

fn stage_with(records: &[GroupRecord]) -> Stage {
    let mut stage = Stage::new(Settings::default());
    replay(&mut stage.machine, records);
    stage
}

fn ask(stage: &mut Stage, text: &str) -> GroupReply {
    let (_, mut step) = stage.request(Line::parse(text).request(1).unwrap());
    step.outcome.replies.swap_remove(0).1
}

#[test]
fn records_of_newer_protocols_are_written_again_as_the_same_bytes() {
    for record in [group_record("g"), member_record("g", "m"), share_record("s")] {
        let (key, value) = record.encode().unwrap();
        assert_eq!(GroupRecord::decode(Some(key), value).unwrap(), Some(record));
    }
}

#[test]
fn types_that_kafka_gave_up_are_skipped_and_a_missing_key_is_an_error() {
    for unknown in [9i16, 18, 24, -1] {
        assert_eq!(GroupRecord::decode(Some(Bytes::copy_from_slice(&unknown.to_be_bytes())), None), Ok(None));
    }
    assert_eq!(GroupRecord::decode(None, None), Err(RecordError::NoKey));
    let value_of_the_future = Bytes::from_static(&[0, 99]);
    let key = Bytes::from_static(&[0, 2, 0, 1, b'g']);
    let unknown = RecordError::UnknownValueVersion { record_type: 2, version: 99 };
    assert_eq!(GroupRecord::decode(Some(key), Some(value_of_the_future)), Err(unknown));
}

#[test]
fn a_group_with_members_is_listed_but_neither_joined_described_nor_deleted() {
    let mut stage = stage_with(&[group_record("g"), member_record("g", "m")]);
    let GroupReply::List(Ok(groups)) = ask(&mut stage, "list types=consumer") else { panic!() };
    assert_eq!(
        (&*groups[0].group_id, &*groups[0].group_type, &*groups[0].protocol_type),
        ("g", "consumer", "consumer")
    );
    let GroupReply::Join(joined) = ask(&mut stage, "join g client=a") else { panic!() };
    assert_eq!(joined.error_code, ErrorCode::InconsistentGroupProtocol.code());
    let GroupReply::Delete(deleted) = ask(&mut stage, "delete g") else { panic!() };
    assert_eq!(deleted[0].error_code, ErrorCode::NonEmptyGroup.code());
    let GroupReply::Describe(groups) = ask(&mut stage, "describe g unknown=not-found") else { panic!() };
    let described = DescribeGroupsResponse { groups, ..Default::default() };
    assert_eq!(described.groups[0].error_code, ErrorCode::GroupIdNotFound.code());
    assert_eq!(described.groups[0].error_message.as_deref(), Some("Group g is not a classic group."));
}

#[test]
fn an_empty_group_is_deleted_with_all_its_records() {
    let mut stage = stage_with(&[group_record("g")]);
    let (_, step) = stage.request(GroupRequest::Delete(vec![Str::from("g")]));
    assert_eq!(step.outcome.records.len(), 1);
    assert_eq!(step.outcome.records[0].encode().unwrap().1, None);
    assert!(stage.machine.group("g").is_none());
}

#[test]
fn an_empty_group_gives_way_to_a_classic_one_and_its_offsets_stay() {
    let mut stage = stage_with(&[group_record("g")]);
    ask(&mut stage, "commit g t/0:5");
    stage.request(Line::parse("join g client=a first=admit").request(1).unwrap());
    assert!(matches!(stage.machine.group("g"), Some(Group::Classic(_))));
    assert_eq!(stage.machine.offsets().get("g", "t", 0).map(|found| found.offset), Some(5));
}

#[test]
fn a_mere_holder_of_offsets_becomes_the_group_that_the_log_says() {
    let mut stage = stage_with(&[]);
    ask(&mut stage, "commit g t/0:5");
    replay(&mut stage.machine, &[group_record("g")]);
    assert!(matches!(stage.machine.group("g"), Some(Group::Modern(_))));
}

#[test]
fn records_of_two_protocols_for_one_group_fail_the_load() {
    let mut stage = stage_with(&[group_record("g")]);
    let mixed = stage.machine.replay(Origin { offset: Offset::ZERO, producer: None }, &share_record("g"));
    let expected = ReplayError::TypeMismatch { group_id: Str::from("g"), group: "consumer", record: "share" };
    assert_eq!(mixed, Err(expected));
}

#[test]
fn share_groups_have_no_offsets_to_commit() {
    let mut stage = stage_with(&[share_record("s")]);
    let GroupRequest::OffsetCommit(commit, _) = Line::parse("commit s t/0:5").request(1).unwrap() else {
        panic!()
    };
    let (_, step) = stage.request(GroupRequest::OffsetCommit(commit, CommitDialect::MemberEpoch));
    let GroupReply::OffsetCommit(response) = &step.outcome.replies[0].1 else { panic!() };
    assert_eq!(response.topics[0].partitions[0].error_code, ErrorCode::GroupIdNotFound.code());
}
