//! Topics of a Metadata response.

use klamm_model::BrokerId;
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::metadata_response::{MetadataResponsePartition, MetadataResponseTopic};

use super::ClientView;
use crate::image::{Partition, Topic};
use crate::is_internal_topic;
use crate::snapshot::broker_numbers;

/// Which replicas are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replicas {
    /// All: what newer clients want.
    All,
    /// Those that are alive, with an error where that is not all: what the oldest clients expect.
    Alive,
}

/// What is said of a leader that lacks the client's listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingListener {
    /// LISTENER_NOT_FOUND.
    Named,
    /// LEADER_NOT_AVAILABLE: what older clients understand.
    AsUnavailable,
}

/// One topic as a Metadata response tells it, without authorized operations.
pub fn topic_metadata(
    view: ClientView<'_>,
    topic: &Topic,
    replicas: Replicas,
    missing: MissingListener,
) -> MetadataResponseTopic {
    let partitions = topic.partitions();
    MetadataResponseTopic {
        name: Some((&**topic.name()).into()),
        topic_id: topic.id().get(),
        is_internal: is_internal_topic(topic.name()),
        partitions: partitions.map(|(i, p)| partition(view, (i, p), replicas, missing)).collect(),
        ..MetadataResponseTopic::default()
    }
}

fn partition(
    view: ClientView<'_>,
    (partition_index, partition): (i32, &Partition),
    replicas: Replicas,
    missing: MissingListener,
) -> MetadataResponsePartition {
    let shown = |list: &[BrokerId]| match replicas {
        Replicas::All => broker_numbers(list),
        Replicas::Alive => list.iter().filter(|id| view.is_alive(**id)).map(|id| id.get()).collect(),
    };
    let (replica_nodes, isr_nodes) = (shown(partition.replicas()), shown(partition.isr()));
    let leader = view.leader_node(partition);
    let all_shown =
        replica_nodes.len() == partition.replicas().len() && isr_nodes.len() == partition.isr().len();
    let error = match (&leader, all_shown) {
        (Some(_), true) => ErrorCode::None,
        (Some(_), false) => ErrorCode::ReplicaNotAvailable,
        (None, _) => no_leader(view, partition, missing),
    };
    MetadataResponsePartition {
        error_code: error.code(),
        partition_index,
        leader_id: leader.map_or(-1, |leader| leader.id.get()),
        leader_epoch: partition.leader_epoch().get(),
        replica_nodes,
        isr_nodes,
        offline_replicas: view.offline_replicas(partition),
        ..MetadataResponsePartition::default()
    }
}

fn no_leader(view: ClientView<'_>, partition: &Partition, missing: MissingListener) -> ErrorCode {
    let registered = partition.leader().and_then(|leader| view.image().cluster().broker(leader));
    match (registered, missing) {
        (Some(_), MissingListener::Named) => ErrorCode::ListenerNotFound,
        (Some(_), MissingListener::AsUnavailable) | (None, _) => ErrorCode::LeaderNotAvailable,
    }
}
