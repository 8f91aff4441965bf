//! Rules of the control plane on a disk in memory.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use klamm_metadata::controller::{
    Bootstrap, ConfigLayers, ConfigRules, Controller, ControllerSettings, DeleteTopicsAllowed,
    EffectiveConfig, TokenSettings, bootstrap_features,
};
use klamm_metadata::image::{ConfigMap, ConfigResource};
use klamm_metadata::{ApiError, MetadataVersion};
use klamm_model::NodeId;
use klamm_storage::disk::{Fault, FaultKind, MemDisk, Operation};

use super::*;
use crate::raft::tests::{ByHand, try_open};
use crate::raft::{RaftEvent, RaftOutput};

struct NoConfigs;

impl ConfigRules for NoConfigs {
    fn validate(&self, _: &ConfigResource, _: &ConfigMap, _: &ConfigMap) -> Result<(), ApiError> {
        Ok(())
    }

    fn topic_config(&self, _: &str, _: ConfigLayers<'_>) -> Option<EffectiveConfig> {
        None
    }

    fn topic_configs(&self, _: ConfigLayers<'_>) -> Vec<EffectiveConfig> {
        Vec::new()
    }

    fn static_min_insync_replicas(&self) -> i32 {
        1
    }
}

fn driver(disk: &MemDisk, clock: &Arc<ByHand>) -> ControlDriver<NoConfigs> {
    let settings = ControllerSettings {
        node_id: NodeId::at(1),
        cluster_id: "c".to_owned(),
        default_partitions: 1,
        default_replication_factor: 1,
        delete_topics: DeleteTopicsAllowed::Yes,
        quorum: BTreeSet::from([NodeId::at(1)]),
        features: BTreeMap::new(),
        session_timeout: Duration::from_secs(9),
        tokens: TokenSettings { secret: None, max_lifetime_ms: 1_000, renew_lifetime_ms: 100 },
    };
    let version = MetadataVersion::from_level(33).unwrap();
    ControlDriver::new(ControlParts {
        raft: try_open(disk, clock).unwrap().driver,
        controller: Controller::new(settings, NoConfigs),
        bootstrap: Bootstrap::new(bootstrap_features(version, &[])),
        times: ControlTimes {
            max_idle: None,
            balance: None,
            snapshot_interval: None,
            snapshot_bytes: u64::MAX,
        },
        entropy: Box::new(|| [7; 16]),
        clock: clock.clone(),
    })
    .unwrap()
}

/// Takes an event and all that follows from it at once.
fn step(driver: &mut ControlDriver<NoConfigs>, event: ControlEvent) {
    let mut outputs = Vec::new();
    driver.step(event, &mut outputs).unwrap();
    while !outputs.is_empty() {
        let event = match outputs.remove(0) {
            ControlOutput::Raft(RaftOutput::Flush(token, job)) => RaftEvent::Flushed(token, job.run()),
            ControlOutput::Raft(RaftOutput::Background(job)) => RaftEvent::JobDone(job.run()),
            ControlOutput::Raft(RaftOutput::Persist(token, store, state)) => {
                RaftEvent::Persisted(token, store.write(&state))
            }
            _ => continue,
        };
        driver.step(ControlEvent::Raft(event), &mut outputs).unwrap();
    }
}

#[test]
fn a_controller_that_cannot_read_its_log_for_want_of_descriptors_is_active_once_it_can() {
    let (disk, clock) = (MemDisk::new(), Arc::new(ByHand::default()));
    let mut driver = driver(&disk, &clock);
    for after in 0..100 {
        disk.inject(Fault { after, on: Some(Operation::Read), kind: FaultKind::Exhausted });
    }
    step(&mut driver, ControlEvent::Raft(RaftEvent::Start));
    for _ in 0..100 {
        if driver.quorum().leader == Some(NodeId::at(1)) {
            break;
        }
        clock.0.fetch_add(1_000, Ordering::AcqRel);
        step(&mut driver, ControlEvent::Timeout);
    }
    assert_eq!(driver.quorum().leader, Some(NodeId::at(1)));
    assert!(!driver.is_active(), "it has not read what its epoch begins with");
    disk.heal();
    clock.0.fetch_add(2_000, Ordering::AcqRel);
    assert!(driver.next_deadline().is_some_and(|due| due.as_millis() <= clock.0.load(Ordering::Acquire)));
    step(&mut driver, ControlEvent::Timeout);
    assert!(driver.is_active());
}
