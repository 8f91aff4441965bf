//! How nodes of the world are called and built.

use std::time::Duration;

use klamm_model::{DirectoryId, NodeId, Uuid};
use klamm_raft::{
    Endpoints, HostPort, JoinPolicy, KraftVersion, ListenerName, QuorumConfig, ReplicaKey, VersionRange,
    Voter, VoterEligibility, VoterSet,
};

pub fn listener() -> ListenerName {
    ListenerName::new("CONTROLLER")
}

/// Where node `id` listens. `move_number` grows when it moves.
pub fn address(id: i32, move_number: u16) -> HostPort {
    HostPort::new(format!("node{id}"), 9093 + move_number)
}

pub fn endpoints(id: i32, move_number: u16) -> Endpoints {
    Endpoints::single(listener(), address(id, move_number))
}

/// The `disk_number`-th disk of node `id`.
pub fn directory(id: i32, disk_number: u16) -> DirectoryId {
    DirectoryId::new(Uuid::from_u128(1_000_000 + u128::from(disk_number) * 1_000 + id as u128)).unwrap()
}

/// How the quorum of a world is set up.
#[derive(Clone, Debug)]
pub struct Build {
    pub voters: Vec<i32>,
    pub observers: Vec<i32>,
    pub version: KraftVersion,
    /// Committed records between two snapshots; 0 for none.
    pub snapshot_every: i64,
    pub config: QuorumConfig,
}

impl Build {
    /// Voters 1 to `voters`, then as many observers; with the timeouts of Kafka's simulation.
    pub fn new(voters: i32, observers: i32) -> Build {
        let config = QuorumConfig {
            election_timeout: Duration::from_millis(1_000),
            fetch_timeout: Duration::from_millis(3_000),
            request_timeout: Duration::from_millis(3_000),
            retry_backoff: Duration::from_millis(50),
            fetch_max_wait: Duration::from_millis(100),
            append_linger: Duration::from_millis(5),
            fetch_snapshot_max_bytes: 300,
            fetch_max_bytes: 2_000,
            ..QuorumConfig::default()
        };
        Build {
            voters: (1..=voters).collect(),
            observers: (voters + 1..=voters + observers).collect(),
            version: KraftVersion::Dynamic,
            snapshot_every: 10,
            config,
        }
    }

    pub fn with_version(self, version: KraftVersion) -> Build {
        Build { version, ..self }
    }

    pub fn with_join(mut self, join: JoinPolicy) -> Build {
        self.config.join = join;
        self
    }

    /// Voters as the quorum begins with them.
    pub fn voter_set(&self) -> VoterSet {
        self.voters.iter().map(|id| self.voter(*id)).collect()
    }

    fn voter(&self, id: i32) -> Voter {
        match self.version {
            KraftVersion::Dynamic => Voter {
                key: ReplicaKey::new(NodeId::at(id), directory(id, 0)),
                endpoints: endpoints(id, 0),
                kraft_versions: KraftVersion::SUPPORTED,
            },
            KraftVersion::Static => Voter {
                key: ReplicaKey::without_directory(NodeId::at(id)),
                endpoints: endpoints(id, 0),
                kraft_versions: VersionRange { min: 0, max: 0 },
            },
        }
    }

    pub fn eligibility(&self, id: i32) -> VoterEligibility {
        // Odd observers are controllers that may join, even ones are brokers.
        if self.voters.contains(&id) || id % 2 == 1 {
            VoterEligibility::Controller
        } else {
            VoterEligibility::BrokerOnly
        }
    }
}
