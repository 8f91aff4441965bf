//! How a group's partitions are shared out among its members (Kafka: `ConsumerPartitionAssignor` and its four
//! implementations). Pure: the leader's metadata and the members' subscriptions go in, assignments come out.
//!
//! Where Kafka's classes follow the order of a hash map, these follow the order of member ids and topic names,
//! so that the same input always gives the same result.

mod protocol;
mod range;
mod round_robin;
mod sticky;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use klamm_model::TopicPartition;

pub(crate) use protocol::{
    PROTOCOL_TYPE, decode_assignment, decode_subscription, encode_assignment, encode_subscription,
};
pub use range::Range;
pub use round_robin::RoundRobin;
pub use sticky::{CooperativeSticky, Sticky};

/// What happens to the partitions a member has while its group rebalances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RebalanceProtocol {
    /// All are given up before the member joins again.
    Eager,
    /// Only those that go to another member are given up, in a second rebalance.
    Cooperative,
}

/// What a member says when it joins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberSubscription {
    /// The topics it subscribes to.
    pub topics: BTreeSet<Arc<str>>,
    /// What its assignor added.
    pub user_data: Option<Bytes>,
    /// The partitions it still has; none with the eager protocol.
    pub owned: Vec<TopicPartition>,
    /// The generation in which it got them.
    pub generation: Option<i32>,
    /// Where it stands.
    pub rack: Option<Arc<str>>,
    /// Its `group.instance.id`, if it is a static member.
    pub instance_id: Option<Arc<str>>,
}

/// The members by id.
pub type Subscriptions = BTreeMap<Arc<str>, MemberSubscription>;
/// What each member gets.
pub type Assignments = BTreeMap<Arc<str>, Vec<TopicPartition>>;
/// The racks of a partition's replicas.
pub type ReplicaRacks = BTreeSet<Arc<str>>;
/// By topic: its partitions 0, 1, 2, ... with where their replicas stand.
pub type TopicLayout = BTreeMap<Arc<str>, Vec<ReplicaRacks>>;

/// What a member got in its last generation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastAssignment {
    /// The partitions, as assigned.
    pub partitions: Vec<TopicPartition>,
    /// The generation.
    pub generation: i32,
}

/// A way of sharing out partitions. The group uses the first one that all its members know.
pub trait Assignor: Send + Sync {
    /// Its name in the group's protocol.
    fn name(&self) -> &'static str;

    /// What members keep while the group rebalances.
    fn protocol(&self) -> RebalanceProtocol {
        RebalanceProtocol::Eager
    }

    /// What to add to the own subscription; `last` is nothing before the first assignment.
    fn user_data(&self, _last: Option<&LastAssignment>) -> Option<Bytes> {
        None
    }

    /// Shares out `topics`. Each member of `members` is in the result.
    fn assign(&self, topics: &TopicLayout, members: &Subscriptions) -> Assignments;
}

/// Whether racks can make a difference: some member stands where some replica stands, and not all partitions
/// have replicas on the same racks.
fn racks_matter<'a>(
    of_members: &BTreeSet<Arc<str>>,
    of_partitions: impl Iterator<Item = &'a ReplicaRacks> + Clone,
) -> bool {
    let all: BTreeSet<&Arc<str>> = of_partitions.clone().flatten().collect();
    let meet = of_members.iter().any(|rack| all.contains(rack));
    meet && of_partitions.into_iter().any(|racks| racks.len() != all.len())
}

/// The order in which Kafka numbers members: static ones by instance id, then the others by member id.
fn by_identity(members: &Subscriptions) -> Vec<&Arc<str>> {
    let mut order: Vec<&Arc<str>> = members.keys().collect();
    order.sort_by_key(|id| {
        let instance = members[*id].instance_id.as_ref();
        (instance.is_none(), instance, *id)
    });
    order
}

#[cfg(test)]
mod tests;
