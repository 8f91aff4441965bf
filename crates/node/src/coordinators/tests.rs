//! Rules of a coordinator's beginning and end.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use klamm_coordinator::group::Settings;
use klamm_model::{BrokerId, LeaderEpoch, PartitionEpoch, TopicId, TopicIdPartition, TopicPartition, Uuid};
use klamm_replication::Leadership;
use klamm_storage::disk::MemDisk;
use klamm_storage::{DirectoryConfig, LogDir, OpenDirectory};

use super::*;
use crate::clock::SystemClock;
use crate::partition::combine::Left;
use crate::partition::{
    BrokerActivity, EffectSink, OnDamage, PartitionEffects, PartitionHandle, PartitionParts,
};

#[derive(Debug)]
struct Nowhere;

impl EffectSink for Nowhere {
    fn carry_out(&self, _: &PartitionHandle, _: PartitionEffects, _: Left) {}
}

fn coordinator() -> GroupCoordinator {
    let (disk, config) = (Arc::new(MemDisk::new()), DirectoryConfig::default());
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
    let settings = Settings {
        offset_metadata_max: 4096,
        offsets_retention: Duration::from_secs(1),
        offsets_retention_check_interval: Duration::from_secs(1),
        min_session_timeout_ms: 1,
        max_session_timeout_ms: 1000,
        max_size: 10,
        initial_rebalance_delay: Duration::ZERO,
    };
    GroupCoordinator::new(partition, LeaderEpoch::at(0), settings, clock)
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
    coordinator.partition().lead(Leadership {
        local: this,
        epoch: LeaderEpoch::at(0),
        partition_epoch: PartitionEpoch::at(0),
        replicas: vec![this],
        isr: [this].into(),
        min_isr: 1,
        lag_max: Duration::from_secs(30),
    });
    assert_eq!(coordinator.phase(), CoordinatorPhase::Loading);
    assert!(coordinator.load().is_ok());
    assert_eq!(coordinator.phase(), CoordinatorPhase::Active);
}
