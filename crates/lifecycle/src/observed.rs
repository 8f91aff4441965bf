//! What was seen of a cluster in one pass. Unknown is never taken for healthy.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use klamm_model::{DirectoryId, NodeId, Uuid};

use crate::NodeRole;

/// One pass of observation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// Identity found in the nodes' directories or recorded in the status.
    pub cluster_id: Option<Uuid>,
    /// Whether the status says that this cluster once had an active controller. Then an empty
    /// directory may be one that lost its data.
    pub has_run: bool,
    /// Whether the status says that replicas are still to be spread over new brokers.
    pub spread_due: bool,
    /// Every node that exists in any way, wanted or not.
    pub nodes: BTreeMap<NodeId, ObservedNode>,
    /// What the cluster told.
    pub cluster: ClusterView,
}

/// One node as its host sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObservedNode {
    /// Its log directories.
    pub directory: Directory,
    /// Its process or pod.
    pub process: Process,
    /// The role its present configuration gives it; `None` before it has one.
    pub role: Option<NodeRole>,
    /// Why its process must be restarted to be as the spec wants it.
    pub outdated: Option<String>,
    /// Where it serves the quorum, if it does or shall.
    pub controller_endpoint: Option<Endpoint>,
}

/// Where a controller is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Name of the listener.
    pub listener: String,
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
}

/// State of a node's log directories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Directory {
    /// Not formatted.
    Empty,
    /// Formatted for this node.
    Formatted {
        /// Whose cluster.
        cluster_id: Uuid,
        /// Identity of the directory with the metadata log, if the host can tell.
        metadata: Option<DirectoryId>,
    },
    /// Not usable for this node; the sentence says why.
    Foreign(String),
}

impl Directory {
    /// Whether it is formatted for this node.
    pub fn is_formatted(&self) -> bool {
        matches!(self, Directory::Formatted { .. })
    }
}

/// State of a node's process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Process {
    /// Does not run.
    Absent,
    /// Runs.
    Running {
        /// Whether this very process answers on its own listeners, which a broker does only once it
        /// is registered, caught up and unfenced.
        answers: bool,
        /// How long it has run, in seconds.
        for_seconds: u32,
    },
    /// Was asked to stop and has not ended yet.
    Stopping,
    /// Ended by itself.
    Failed {
        /// How, in a few words.
        how: String,
        /// Whether it is too early to start it again.
        rests: bool,
    },
}

impl Process {
    /// Whether there is a process, in whatever state.
    pub fn lives(&self) -> bool {
        matches!(self, Process::Running { .. } | Process::Stopping)
    }
}

/// What the cluster told of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ClusterView {
    /// It did not answer, or not in whole.
    #[default]
    Unknown,
    /// Its answers.
    Known(ObservedCluster),
}

/// A cluster that answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObservedCluster {
    /// Finalized level of `metadata.version`.
    pub metadata_version: Option<i16>,
    /// The newest level of `metadata.version` that every unfenced broker supports; `None` if one of
    /// them could not be asked.
    pub newest_metadata_version: Option<i16>,
    /// Registered controllers; `None` if no controller could be asked. Brokers do not tell them: the
    /// host fills this in from an answer of the controllers' listener.
    pub controllers: Option<BTreeSet<NodeId>>,
    /// The quorum; `None` while it has no leader.
    pub quorum: Option<ObservedQuorum>,
    /// Registered brokers.
    pub brokers: BTreeMap<NodeId, ObservedBroker>,
    /// Configs set as the default of all brokers.
    pub broker_config: BTreeMap<String, String>,
    /// Topics by name, internal ones too.
    pub topics: BTreeMap<String, ObservedTopic>,
}

/// The metadata quorum as its leader describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObservedQuorum {
    /// The active controller.
    pub leader: NodeId,
    /// Its epoch.
    pub epoch: i32,
    /// Replicas that vote.
    pub voters: Vec<ObservedReplica>,
    /// Replicas that follow.
    pub observers: Vec<ObservedReplica>,
}

/// One replica of the metadata log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObservedReplica {
    /// Its node.
    pub id: NodeId,
    /// Its directory; `None` in a static quorum.
    pub directory_id: Option<DirectoryId>,
    /// Records behind the leader's end.
    pub lag: u64,
    /// Milliseconds since it last fetched; `None` if it never did. The leader itself is at 0.
    pub silent_ms: Option<u64>,
}

/// One registered broker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObservedBroker {
    /// The controller keeps it from serving.
    pub fenced: bool,
    /// Where it stands.
    pub rack: Option<Arc<str>>,
    /// Whether `cordoned.log.dirs` is set for it; `None` if it could not be asked.
    pub cordoned: Option<bool>,
    /// Its disks; `None` if they were not asked for, or cannot tell.
    pub disks: Option<ObservedDisks>,
}

/// What lies on the log directories of one broker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObservedDisks {
    /// Bytes free on all of them together.
    pub free: u64,
    /// Bytes of each replica, by topic and partition.
    pub replicas: BTreeMap<(String, i32), u64>,
}

/// One topic.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObservedTopic {
    /// Identity of this incarnation.
    pub topic_id: Uuid,
    /// `min.insync.replicas` as it takes effect.
    pub min_isr: usize,
    /// Configs set on the topic itself.
    pub config: BTreeMap<String, String>,
    /// Its partitions by number.
    pub partitions: Vec<ObservedPartition>,
}

impl ObservedTopic {
    /// Replicas of its first partition, once all moves have ended.
    pub fn replication_factor(&self) -> usize {
        self.partitions.first().map_or(0, |first| first.target().len())
    }

    /// How many partitions have fewer in-sync replicas than they shall have.
    pub fn under_replicated(&self) -> usize {
        self.partitions.iter().filter(|partition| partition.is_under_replicated()).count()
    }
}

/// One partition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObservedPartition {
    /// Who leads it.
    pub leader: Option<NodeId>,
    /// Its replicas, those on their way in and out too; the preferred leader first.
    pub replicas: Vec<NodeId>,
    /// In-sync replicas.
    pub isr: Vec<NodeId>,
    /// Replicas on their way in.
    pub adding: Vec<NodeId>,
    /// Replicas on their way out.
    pub removing: Vec<NodeId>,
}

impl ObservedPartition {
    /// Its replicas once the present reassignment has ended.
    pub fn target(&self) -> Vec<NodeId> {
        self.replicas.iter().copied().filter(|replica| !self.removing.contains(replica)).collect()
    }

    /// Whether a reassignment is under way.
    pub fn is_moving(&self) -> bool {
        !self.adding.is_empty() || !self.removing.is_empty()
    }

    /// Whether a replica that is neither on its way in nor out is out of sync.
    pub fn is_under_replicated(&self) -> bool {
        let stays = |replica: &&NodeId| !self.adding.contains(replica) && !self.removing.contains(replica);
        self.replicas.iter().filter(stays).any(|replica| !self.isr.contains(replica))
    }
}
