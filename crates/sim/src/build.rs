//! What a world is made of: its nodes and their settings, and the disks that `storage format` leaves.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use klamm_metadata::controller::bootstrap_features;
use klamm_metadata::image::SupportedFeatures;
use klamm_metadata::{Feature, FeatureRange, MetadataVersion};
use klamm_model::{DirectoryId, LeaderEpoch, NodeId, Offset, OffsetAndEpoch, Timestamp, Uuid};
use klamm_node::control::ControlTimes;
use klamm_node::metadata::encode_batch;
use klamm_protocol::records::Batch;
use klamm_protocol::records::batch::stamp;
use klamm_protocol::records::control::{ControlType, control_batch};
use klamm_raft::{
    ControlRecord, Endpoints, HostPort, KraftVersion, ListenerName, QuorumConfig, ReplicaKey, Voter,
    VoterEligibility, VoterSet,
};
use klamm_storage::disk::{Disk, MemDisk};
use klamm_storage::names::METADATA_TOPIC;
use klamm_storage::state::MetadataSnapshotStore;

/// `cluster.id`.
pub(crate) const CLUSTER: &str = "simulated";
/// The log directory of every node.
pub(crate) const DATA: &str = "/data";

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Roles {
    /// Only a controller.
    Controller,
    /// Only a broker.
    Broker,
    /// Both.
    Combined,
}

impl Roles {
    /// Whether it may lead the quorum.
    pub fn is_controller(self) -> bool {
        self != Roles::Broker
    }

    /// Whether it hosts partitions.
    pub fn is_broker(self) -> bool {
        self != Roles::Controller
    }
}

/// The nodes of a world and their settings.
#[derive(Clone, Debug)]
pub struct Build {
    /// All nodes that ever are, by id.
    pub nodes: BTreeMap<i32, Roles>,
    /// Controllers that are voters from the beginning.
    pub voters: Vec<i32>,
    /// Times of the quorum.
    pub quorum: QuorumConfig,
    /// Bytes of the metadata log between two snapshots.
    pub snapshot_bytes: u64,
    /// `broker.session.timeout.ms`.
    pub session_timeout: Duration,
    /// `broker.heartbeat.interval.ms`.
    pub heartbeat_interval: Duration,
    /// `min.insync.replicas`.
    pub min_isr: u32,
    /// `default.replication.factor`.
    pub replication_factor: i16,
    /// `replica.lag.time.max.ms`.
    pub lag_max: Duration,
    /// `metadata.max.idle.interval.ms`.
    pub idle: Duration,
    /// `leader.imbalance.check.interval.seconds`; `None` where balancing is off.
    pub balance: Option<Duration>,
}

impl Build {
    /// As many nodes that are controllers and brokers.
    pub fn combined(count: i32) -> Build {
        Build::of((1..=count).map(|id| (id, Roles::Combined)).collect())
    }

    /// Brokers from 1 on, and controllers from 101 on.
    pub fn dedicated(controllers: i32, brokers: i32) -> Build {
        let brokers = (1..=brokers).map(|id| (id, Roles::Broker));
        Build::of(brokers.chain((101..=100 + controllers).map(|id| (id, Roles::Controller))).collect())
    }

    /// As many replicas, and as many of them in sync for an acknowledgement.
    #[must_use]
    pub fn replicated(mut self, replication_factor: i16, min_isr: u32) -> Build {
        (self.replication_factor, self.min_isr) = (replication_factor, min_isr);
        self
    }

    fn of(nodes: BTreeMap<i32, Roles>) -> Build {
        let voters = nodes.iter().filter(|(_, roles)| roles.is_controller()).map(|(id, _)| *id).collect();
        Build {
            nodes,
            voters,
            quorum: QuorumConfig {
                fetch_timeout: Duration::from_millis(2_000),
                fetch_snapshot_max_bytes: 600,
                fetch_max_bytes: 64 << 10,
                retry_backoff: Duration::from_millis(50),
                ..QuorumConfig::default()
            },
            snapshot_bytes: 8 << 10,
            session_timeout: Duration::from_secs(9),
            heartbeat_interval: Duration::from_secs(2),
            min_isr: 1,
            replication_factor: 1,
            lag_max: Duration::from_secs(10),
            idle: Duration::from_millis(500),
            balance: Some(Duration::from_secs(5)),
        }
    }

    /// Adds controllers that are no voters at first.
    #[must_use]
    pub fn with_spare_controllers(mut self, count: i32) -> Build {
        let from = 201;
        self.nodes.extend((from..from + count).map(|id| (id, Roles::Controller)));
        self
    }

    /// Brokers by id.
    pub fn brokers(&self) -> Vec<i32> {
        self.nodes.iter().filter(|(_, roles)| roles.is_broker()).map(|(id, _)| *id).collect()
    }

    /// Controllers by id.
    pub fn controllers(&self) -> Vec<i32> {
        self.nodes.iter().filter(|(_, roles)| roles.is_controller()).map(|(id, _)| *id).collect()
    }

    pub(crate) fn roles(&self, id: i32) -> Roles {
        self.nodes[&id]
    }

    pub(crate) fn times(&self) -> ControlTimes {
        ControlTimes {
            max_idle: Some(self.idle),
            balance: self.balance,
            snapshot_interval: None,
            snapshot_bytes: self.snapshot_bytes,
        }
    }

    pub(crate) fn eligibility(&self, id: i32) -> VoterEligibility {
        if self.roles(id).is_controller() {
            VoterEligibility::Controller
        } else {
            VoterEligibility::BrokerOnly
        }
    }

    pub(crate) fn bootstrap_servers(&self) -> Vec<HostPort> {
        self.voters.iter().map(|id| address(*id)).collect()
    }

    fn voter_set(&self) -> VoterSet {
        let voter = |id: &i32| Voter {
            key: ReplicaKey::new(NodeId::at(*id), directory(*id, 0)),
            endpoints: endpoints(*id),
            kraft_versions: KraftVersion::SUPPORTED,
        };
        self.voters.iter().map(voter).collect()
    }

    /// A disk as `storage format` leaves it.
    pub(crate) fn formatted(&self, id: i32) -> MemDisk {
        let disk = MemDisk::new();
        let is_voter = self.voters.contains(&id);
        let content = bootstrap_snapshot(is_voter.then(|| self.voter_set()));
        let dir = Path::new(DATA).join(format!("{METADATA_TOPIC}-0"));
        let shared: Arc<dyn Disk> = Arc::new(disk.clone());
        let made = shared.create_dir(&dir).is_ok();
        let store = MetadataSnapshotStore::new(shared.clone(), &dir);
        let first = OffsetAndEpoch { offset: Offset::ZERO, epoch: LeaderEpoch::ZERO };
        let written = store.begin(first, 0).and_then(|mut writer| {
            writer.append(&content)?;
            writer.finish()
        });
        assert!(made && written.is_ok(), "a new disk takes all writes");
        for dir in ["/", DATA] {
            assert!(shared.sync_dir(Path::new(dir)).is_ok(), "a new disk is synced");
        }
        disk
    }
}

/// The controller listener.
pub(crate) fn listener() -> ListenerName {
    ListenerName::new("CONTROLLER")
}

/// Where a node's controller listens.
pub(crate) fn address(id: i32) -> HostPort {
    HostPort::new(format!("node{id}"), 9093)
}

/// The node at an address.
pub(crate) fn node_at(address: &HostPort) -> Option<i32> {
    address.host.strip_prefix("node")?.parse().ok()
}

pub(crate) fn endpoints(id: i32) -> Endpoints {
    Endpoints::single(listener(), address(id))
}

/// The `number`-th disk of a node.
pub(crate) fn directory(id: i32, number: u16) -> DirectoryId {
    let uuid = Uuid::from_u128(1_000_000 + u128::from(number) * 10_000 + id.unsigned_abs() as u128);
    DirectoryId::new(uuid).expect("not zero")
}

/// Levels every node supports.
pub(crate) fn features() -> SupportedFeatures {
    let range =
        |feature: Feature| (feature.name().into(), FeatureRange { min: 0, max: feature.served_level() });
    let mut features: SupportedFeatures = Feature::ALL.into_iter().map(range).collect();
    let versions = FeatureRange {
        min: MetadataVersion::MINIMUM.level(),
        max: MetadataVersion::LATEST_PRODUCTION.level(),
    };
    features.insert(MetadataVersion::FEATURE_NAME.into(), versions);
    features
}

fn bootstrap_snapshot(voters: Option<VoterSet>) -> Bytes {
    let now = Timestamp::from_millis(0);
    let mut head = vec![ControlRecord::SnapshotHeader { last_contained_log_timestamp: now }];
    if let Some(voters) = voters {
        head.push(ControlRecord::KraftVersion(KraftVersion::Dynamic));
        head.push(ControlRecord::Voters(voters));
    }
    let records =
        bootstrap_features(MetadataVersion::LATEST_PRODUCTION, &[(Feature::EligibleLeaderReplicas, 1)]);
    let data = encode_batch(&records, now).expect("few small records");
    let mut content = BytesMut::new();
    let mut next = push(&mut content, Offset::ZERO, &control(&head));
    next = push(&mut content, next, &data);
    push(&mut content, next, &control(&[ControlRecord::SnapshotFooter]));
    content.freeze()
}

fn push(content: &mut BytesMut, offset: Offset, batch: &[u8]) -> Offset {
    let start = content.len();
    content.extend_from_slice(batch);
    stamp(&mut content[start..], offset, LeaderEpoch::ZERO);
    Batch::parse(&content[start..]).expect("just built").header().next_offset()
}

fn control(records: &[ControlRecord]) -> Bytes {
    let encoded: Vec<(ControlType, Bytes)> =
        records.iter().map(|record| (record.control_type(), record.encode())).collect();
    let borrowed: Vec<_> = encoded.iter().map(|(kind, value)| (*kind, value.as_ref())).collect();
    control_batch(LeaderEpoch::ZERO, Timestamp::from_millis(0), &borrowed).expect("few small records")
}
