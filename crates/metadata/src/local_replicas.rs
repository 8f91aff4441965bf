//! What a delta means for the replicas on one broker.

use std::sync::Arc;

use klamm_model::{BrokerId, TopicIdPartition, TopicPartition};

use crate::delta::MetadataDelta;
use crate::image::Partition;

/// A replica to lead, to follow or to move, as registered now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalReplica {
    /// The partition by id; every command about it carries the id, so that it cannot meet another
    /// topic of the same name.
    pub id: TopicIdPartition,
    /// The topic's name.
    pub topic: Arc<str>,
    /// Its registration.
    pub partition: Arc<Partition>,
}

/// What changes for one broker. The lists are ordered by topic id and index; no partition is in
/// more than one of `lead`, `follow` and `delete`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocalReplicas {
    /// Replicas it leads, of which anything changed.
    pub lead: Vec<LocalReplica>,
    /// Those of `lead` it leads in a new leader epoch.
    pub elected: Vec<TopicIdPartition>,
    /// Replicas it follows with, of which anything changed.
    pub follow: Vec<LocalReplica>,
    /// Replicas whose log directory is another than before (or told for the first time).
    pub assigned_directory: Vec<LocalReplica>,
    /// Replicas it no longer has: reassigned away, or their topic deleted.
    pub delete: Vec<(TopicIdPartition, TopicPartition)>,
}

impl LocalReplicas {
    /// Whether nothing changes for the broker.
    pub fn is_empty(&self) -> bool {
        *self == LocalReplicas::default()
    }
}

/// What `delta` changes for the replicas on `broker`.
pub fn local_replicas(delta: &MetadataDelta, broker: BrokerId) -> LocalReplicas {
    let mut out = LocalReplicas::default();
    for topic_id in &delta.changes().deleted_topics {
        // A topic created and deleted within the delta was never here.
        let Some(topic) = delta.before().topics().by_id(*topic_id) else { continue };
        for (partition, registration) in topic.partitions() {
            if registration.replicas().contains(&broker) {
                let id = TopicIdPartition { topic_id: *topic_id, partition };
                out.delete.push((id, TopicPartition::new(Arc::clone(topic.name()), partition)));
            }
        }
    }
    for (topic_id, partitions) in &delta.changes().topics {
        let Some(topic) = delta.after().topics().by_id(*topic_id) else { continue };
        for partition in partitions {
            let id = TopicIdPartition { topic_id: *topic_id, partition: *partition };
            let before = delta.before().topics().partition(id);
            let Some(after) = topic.partition(*partition) else { continue };
            let replica = LocalReplica { id, topic: Arc::clone(topic.name()), partition: Arc::clone(after) };
            sort_in(&mut out, broker, before.map(|before| &**before), replica);
        }
    }
    out
}

fn sort_in(out: &mut LocalReplicas, broker: BrokerId, before: Option<&Partition>, replica: LocalReplica) {
    let after = &replica.partition;
    if !after.replicas().contains(&broker) {
        if before.is_some_and(|before| before.replicas().contains(&broker)) {
            let name = TopicPartition::new(Arc::clone(&replica.topic), replica.id.partition);
            out.delete.push((replica.id, name));
        }
        return;
    }
    if before.and_then(|before| before.directory(broker)) != after.directory(broker) {
        out.assigned_directory.push(replica.clone());
    }
    if before.is_some_and(|before| before.partition_epoch() == after.partition_epoch()) {
        return;
    }
    if after.leader() == Some(broker) {
        if before.is_none_or(|before| before.leader_epoch() != after.leader_epoch()) {
            out.elected.push(replica.id);
        }
        out.lead.push(replica);
    } else {
        out.follow.push(replica);
    }
}
