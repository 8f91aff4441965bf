//! Spec and observation side by side: the questions all parts of a plan ask.
//!
//! A node serves if its own process answers and the cluster counts on it: a broker that is unfenced,
//! a controller that is caught up. What is not seen does not serve.

use klamm_model::{BrokerId, NodeId};
use klamm_placement::UsableBroker;

use crate::rules::Rules;
use crate::{
    ClusterSpec, ClusterView, Directory, NodeRole, Observed, ObservedCluster, ObservedNode,
    ObservedPartition, ObservedQuorum, ObservedReplica, Process,
};

/// Records behind the leader at which a replica of the quorum still counts as caught up.
const MAX_LAG: u64 = 1_000;
/// Silence after which a replica of the quorum does not count, in milliseconds.
const MAX_SILENCE_MS: u64 = 5_000;

#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) spec: &'a ClusterSpec,
    pub(crate) observed: &'a Observed,
    pub(crate) rules: Rules,
}

impl<'a> Scene<'a> {
    pub(crate) fn new(spec: &'a ClusterSpec, observed: &'a Observed, rules: Rules) -> Scene<'a> {
        Scene { spec, observed, rules }
    }

    pub(crate) fn node(&self, id: NodeId) -> Option<&'a ObservedNode> {
        self.observed.nodes.get(&id)
    }

    pub(crate) fn cluster(&self) -> Option<&'a ObservedCluster> {
        match &self.observed.cluster {
            ClusterView::Known(cluster) => Some(cluster),
            ClusterView::Unknown => None,
        }
    }

    pub(crate) fn quorum(&self) -> Option<&'a ObservedQuorum> {
        self.cluster()?.quorum.as_ref()
    }

    /// All partitions with the name of their topic and their number.
    pub(crate) fn partitions(
        &self,
    ) -> impl Iterator<Item = (&'a str, i32, &'a ObservedPartition, usize)> + use<'a> {
        let topics = self.cluster().into_iter().flat_map(|cluster| &cluster.topics);
        topics.flat_map(|(name, topic)| {
            let numbered = (0..).zip(&topic.partitions);
            numbered.map(|(number, partition)| (name.as_str(), number, partition, topic.min_isr))
        })
    }

    /// Nodes that exist and are not wanted, by descending id: the newest leave first.
    pub(crate) fn unwanted(&self) -> impl Iterator<Item = (NodeId, &'a ObservedNode)> {
        let (spec, nodes) = (self.spec, &self.observed.nodes);
        nodes.iter().rev().filter(|(id, _)| spec.node(**id).is_none()).map(|(id, node)| (*id, node))
    }

    /// Registered brokers that are not wanted as brokers, by ascending id.
    pub(crate) fn leaving_brokers(&self) -> Vec<NodeId> {
        let registered = self.cluster().into_iter().flat_map(|cluster| cluster.brokers.keys().copied());
        registered.filter(|id| !self.spec.wants_broker(*id)).collect()
    }

    /// The role node `id` runs with, or will.
    pub(crate) fn role(&self, id: NodeId) -> Option<NodeRole> {
        self.node(id).and_then(|node| node.role).or_else(|| self.spec.node(id).map(|node| node.role))
    }

    /// The role node `id` is to be started with: a controller keeps its role until it is known not to
    /// vote any more.
    pub(crate) fn role_to_start(&self, id: NodeId) -> NodeRole {
        let wanted = self.spec.node(id).map(|node| node.role);
        let present = self.node(id).and_then(|node| node.role);
        let may_vote = self.quorum().is_none() || self.is_voter(id);
        match (wanted, present) {
            (Some(wanted), Some(present))
                if may_vote && present.is_controller() && !wanted.is_controller() =>
            {
                present
            }
            (Some(wanted), _) => wanted,
            (None, Some(present)) => present,
            (None, None) => NodeRole::Broker,
        }
    }

    pub(crate) fn answers(&self, id: NodeId) -> bool {
        self.node(id).is_some_and(|node| matches!(node.process, Process::Running { answers: true, .. }))
    }

    pub(crate) fn broker_serves(&self, id: NodeId) -> bool {
        let registered = self.cluster().and_then(|cluster| cluster.brokers.get(&id));
        self.answers(id) && registered.is_some_and(|broker| !broker.fenced)
    }

    /// The entry of `id` among voters and observers that belongs to its present directory.
    pub(crate) fn replica(&self, id: NodeId) -> Option<&'a ObservedReplica> {
        let quorum = self.quorum()?;
        quorum.voters.iter().chain(&quorum.observers).find(|one| one.id == id && !self.is_stale(one))
    }

    /// Whether a replica of the quorum is one of a directory that its node has no more.
    pub(crate) fn is_stale(&self, replica: &ObservedReplica) -> bool {
        match self.node(replica.id).map(|node| &node.directory) {
            Some(Directory::Empty) => true,
            Some(Directory::Formatted { metadata: Some(metadata), .. }) => {
                replica.directory_id.is_some_and(|directory| directory != *metadata)
            }
            Some(Directory::Formatted { metadata: None, .. } | Directory::Foreign(_)) | None => false,
        }
    }

    /// Whether a replica of the quorum follows it, or leads it.
    pub(crate) fn is_current(&self, replica: &ObservedReplica) -> bool {
        let heard = replica.silent_ms.is_some_and(|silent| silent <= MAX_SILENCE_MS);
        let runs = self.node(replica.id).is_none() || self.answers(replica.id);
        runs && heard && replica.lag <= MAX_LAG && !self.is_stale(replica)
    }

    pub(crate) fn controller_serves(&self, id: NodeId) -> bool {
        self.answers(id) && self.replica(id).is_some_and(|replica| self.is_current(replica))
    }

    pub(crate) fn is_voter(&self, id: NodeId) -> bool {
        self.quorum().is_some_and(|quorum| quorum.voters.iter().any(|voter| voter.id == id))
    }

    /// Whether node `id` does what its role asks of it.
    pub(crate) fn serves(&self, id: NodeId) -> bool {
        let Some(role) = self.role(id) else { return false };
        (!role.is_broker() || self.broker_serves(id)) && (!role.is_controller() || self.controller_serves(id))
    }

    /// Whether the node has had the time of `rolling.readyTimeoutSeconds` and does not answer.
    pub(crate) fn is_overdue(&self, id: NodeId) -> bool {
        let limit = self.spec.resource.rolling.ready_timeout_seconds;
        let process = self.node(id).map(|node| &node.process);
        matches!(process, Some(Process::Running { answers: false, for_seconds }) if *for_seconds > limit)
    }

    /// Nodes that count and do not serve, but for `except`: wanted ones, and those on their way out
    /// that still hold something or are stopping.
    pub(crate) fn away(&self, except: NodeId) -> Vec<NodeId> {
        let wanted = self.spec.nodes.iter().map(|node| node.id);
        let counts = |id: NodeId| self.hosted(id) > 0 || self.is_voter(id);
        let unwanted = self.unwanted().filter(|(id, node)| counts(*id) || node.process == Process::Stopping);
        let all = wanted.chain(unwanted.map(|(id, _)| id));
        let away = all.filter(|id| *id != except && !self.serves(*id));
        let counts = |id: &NodeId| self.spec.resource.rolling.pause_on_failure || !self.is_overdue(*id);
        away.filter(counts).collect()
    }

    /// How many replicas `id` has, counting those on their way in.
    pub(crate) fn hosted(&self, id: NodeId) -> usize {
        self.partitions().filter(|(_, _, partition, _)| partition.replicas.contains(&id)).count()
    }

    /// The brokers that replicas may be put on: wanted ones that serve.
    pub(crate) fn usable_brokers(&self) -> Vec<UsableBroker> {
        let Some(cluster) = self.cluster() else { return Vec::new() };
        let wanted = cluster.brokers.iter().filter(|(id, _)| self.spec.wants_broker(**id));
        wanted
            .map(|(id, broker)| UsableBroker {
                id: BrokerId::from(*id),
                rack: broker.rack.clone(),
                fenced: !self.broker_serves(*id),
            })
            .collect()
    }
}
