//! Rules of a coordinator's beginning and end.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use klamm_coordinator::group::{CommitDialect, GroupReply, GroupRequest, Settings};
use klamm_model::{BrokerId, LeaderEpoch, PartitionEpoch, TopicId, TopicIdPartition, TopicPartition, Uuid};
use klamm_protocol::messages::OffsetCommitRequest;
use klamm_protocol::messages::offset_commit_request::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use klamm_protocol::{ErrorCode, Str};
use klamm_replication::Leadership;
use klamm_storage::disk::{Fault, FaultKind, MemDisk, Operation};
use klamm_storage::{DirectoryConfig, LogDir, OpenDirectory};

use super::*;
use crate::clock::SystemClock;
use crate::partition::combine::Left;
use crate::partition::{
    BrokerActivity, EffectSink, OnDamage, PartitionEffects, PartitionHandle, PartitionParts,
};
use crate::promise::Broken;

#[derive(Debug)]
struct Nowhere;

impl EffectSink for Nowhere {
    fn carry_out(&self, _: &PartitionHandle, _: PartitionEffects, _: Left) {}
}

fn coordinator() -> GroupCoordinator {
    coordinator_with(Duration::from_secs(5))
}

fn coordinator_with(commit_timeout: Duration) -> GroupCoordinator {
    coordinator_on(&MemDisk::new(), commit_timeout)
}

fn coordinator_on(disk: &MemDisk, commit_timeout: Duration) -> GroupCoordinator {
    let (disk, config) = (Arc::new(disk.clone()), DirectoryConfig::default());
    let dir = LogDir::open(OpenDirectory { path: PathBuf::from("/data"), disk, config }).unwrap();
    let clock = Arc::new(SystemClock::start());
    let partition = PartitionHandle::new(PartitionParts {
        id: TopicIdPartition { topic_id: TopicId::new(Uuid::from_u128(0xabcd)).unwrap(), partition: 0 },
        name: TopicPartition::new("__consumer_offsets", 0),
        dir,
        clock: clock.clone(),
        sink: Arc::new(Nowhere),
        brokers: BrokerActivity::default(),
        settings: Arc::default(),
        predecessor: None,
    });
    GroupCoordinator::new(partition, LeaderEpoch::at(0), settings(commit_timeout), clock)
}

fn settings(commit_timeout: Duration) -> Settings {
    Settings {
        offset_metadata_max: 4096,
        offsets_retention: Duration::from_secs(1),
        offsets_retention_check_interval: Duration::from_secs(1),
        min_session_timeout_ms: 1,
        max_session_timeout_ms: 1000,
        max_size: 10,
        initial_rebalance_delay: Duration::ZERO,
        commit_timeout,
    }
}

#[test]
fn a_coordinator_without_its_log_ends_and_is_not_taken_for_an_empty_one() {
    let coordinator = coordinator();
    assert!(matches!(coordinator.load(), Err(LoadError::Moved(_))));
    assert_eq!(coordinator.phase(), CoordinatorPhase::Ended);
}

#[test]
fn a_coordinator_whose_leadership_ended_while_it_was_loaded_stays_ended() {
    let coordinator = coordinator();
    coordinator.partition().open(OnDamage::Refuse).unwrap();
    coordinator.end(&mut GroupEffects::default());
    assert!(coordinator.load().is_ok());
    assert_eq!(coordinator.phase(), CoordinatorPhase::Ended);
}

#[test]
fn a_coordinator_is_active_once_its_log_was_replayed() {
    let coordinator = coordinator();
    let this = BrokerId::at(1);
    coordinator.partition().open(OnDamage::Refuse).unwrap();
    lead(&coordinator, &[this]);
    assert_eq!(coordinator.phase(), CoordinatorPhase::Loading);
    let mut early = coordinator.request(commit("t"), &mut GroupEffects::default());
    let Some(Ok(GroupReply::OffsetCommit(refused))) = early.try_take() else {
        panic!("who asks too early is answered at once")
    };
    let code = refused.topics[0].partitions[0].error_code;
    assert_eq!(code, ErrorCode::CoordinatorLoadInProgress.code());
    assert!(coordinator.load().is_ok());
    assert_eq!(coordinator.phase(), CoordinatorPhase::Active);
}

#[test]
fn a_coordinator_that_cannot_read_its_log_for_want_of_descriptors_is_loaded_by_another_attempt() {
    let (disk, patience) = (MemDisk::new(), Duration::from_secs(5));
    let first = coordinator_on(&disk, patience);
    first.partition().open(OnDamage::Refuse).unwrap();
    lead(&first, &[BrokerId::at(1)]);
    first.load().unwrap();
    let mut answer = first.request(commit("t"), &mut GroupEffects::default());
    assert!(matches!(answer.try_take(), Some(Ok(_))), "the log has a record");
    let (partition, clock) = (first.partition().clone(), Arc::new(SystemClock::start()));
    let again = GroupCoordinator::new(partition, first.epoch(), settings(patience), clock);
    disk.inject(Fault { after: 0, on: Some(Operation::Read), kind: FaultKind::Exhausted });
    let missed = again.load().unwrap_err();
    assert!(missed.is_passing(), "{missed}");
    assert_eq!(again.phase(), CoordinatorPhase::Loading, "clients come back to it");
    again.load().unwrap();
    assert_eq!(again.phase(), CoordinatorPhase::Active);
}

fn commit(topic: &'static str) -> GroupRequest {
    let partition = OffsetCommitRequestPartition { committed_offset: 7, ..Default::default() };
    let topic = OffsetCommitRequestTopic {
        name: Str::from(topic),
        partitions: vec![partition],
        ..Default::default()
    };
    let commit = OffsetCommitRequest {
        group_id: Str::from("g"),
        generation_id_or_member_epoch: -1,
        topics: vec![topic],
        ..Default::default()
    };
    GroupRequest::OffsetCommit(commit, CommitDialect::MemberEpoch)
}

fn lead(coordinator: &GroupCoordinator, isr: &[BrokerId]) {
    coordinator.partition().lead(Leadership {
        local: BrokerId::at(1),
        epoch: LeaderEpoch::at(0),
        partition_epoch: PartitionEpoch::at(0),
        replicas: isr.to_vec(),
        isr: isr.iter().copied().collect(),
        min_isr: 1,
        lag_max: Duration::from_secs(30),
    });
}

#[test]
fn an_answer_whose_write_is_not_committed_in_time_is_given_up() {
    let coordinator = coordinator_with(Duration::ZERO);
    coordinator.partition().open(OnDamage::Refuse).unwrap();
    // The other never fetches.
    lead(&coordinator, &[BrokerId::at(1), BrokerId::at(2)]);
    coordinator.load().unwrap();
    let mut effects = GroupEffects::default();
    let mut answer = coordinator.request(commit("t"), &mut effects);
    assert_eq!(effects.commits.len(), 1);
    assert!(answer.try_take().is_none());
    assert!(coordinator.next_deadline().is_some());
    coordinator.on_timers(&mut effects);
    assert!(matches!(answer.try_take(), Some(Err(Broken))));
}
