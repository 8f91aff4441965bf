//! All topics, by id and by name, with the partitions of each broker.

use std::ops::Bound;
use std::sync::Arc;

use imbl::OrdMap;
use klamm_model::{BrokerId, TopicId, TopicIdPartition};

use super::hosted::{HostedPartitions, PartitionIndex};
use super::partition::Partition;
use super::topic::Topic;

/// The topics of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TopicsImage {
    by_id: OrdMap<TopicId, Arc<Topic>>,
    by_name: OrdMap<Arc<str>, TopicId>,
    index: PartitionIndex,
    partitions: usize,
}

impl TopicsImage {
    /// The topic with that id.
    pub fn by_id(&self, id: TopicId) -> Option<&Arc<Topic>> {
        self.by_id.get(&id)
    }

    /// The topic of that name.
    pub fn by_name(&self, name: &str) -> Option<&Arc<Topic>> {
        self.by_id.get(self.by_name.get(name)?)
    }

    /// The id of the topic of that name.
    pub fn id_of(&self, name: &str) -> Option<TopicId> {
        self.by_name.get(name).copied()
    }

    /// One partition.
    pub fn partition(&self, id: TopicIdPartition) -> Option<&Arc<Partition>> {
        self.by_id.get(&id.topic_id)?.partition(id.partition)
    }

    /// All topics, by ascending id.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Topic>> {
        self.by_id.values()
    }

    /// All topics, by ascending name.
    pub fn iter_by_name(&self) -> impl Iterator<Item = &Arc<Topic>> {
        self.by_name.values().filter_map(|id| self.by_id.get(id))
    }

    /// The topics whose name is `first` or sorts after it.
    pub fn iter_by_name_from<'a>(&'a self, first: &'a str) -> impl Iterator<Item = &'a Arc<Topic>> {
        let range = (Bound::Included(first), Bound::Unbounded);
        self.by_name.range::<_, str>(range).filter_map(|(_, id)| self.by_id.get(id))
    }

    /// How many topics there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there is no topic.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// How many partitions all topics have together.
    pub const fn partition_count(&self) -> usize {
        self.partitions
    }

    /// The partitions that mention `broker`; `None` if none does.
    pub fn hosted_by(&self, broker: BrokerId) -> Option<&HostedPartitions> {
        self.index.by_broker.get(&broker)
    }

    /// Whether `broker` leads a partition.
    pub fn leads_any(&self, broker: BrokerId) -> bool {
        self.hosted_by(broker).is_some_and(|hosted| hosted.leader_count() > 0)
    }

    /// Partitions without a leader.
    pub fn leaderless(&self) -> impl Iterator<Item = TopicIdPartition> + '_ {
        self.index.leaderless.iter().copied()
    }

    /// Partitions not led by their first replica.
    pub fn not_led_as_preferred(&self) -> impl Iterator<Item = TopicIdPartition> + '_ {
        self.index.not_led_as_preferred.iter().copied()
    }

    /// Partitions with a running reassignment.
    pub fn reassigning(&self) -> impl Iterator<Item = TopicIdPartition> + '_ {
        self.index.reassigning.iter().copied()
    }

    /// Adds a topic without partitions. The caller has checked that name and id are free.
    pub(crate) fn insert_topic(&mut self, name: Arc<str>, id: TopicId) {
        self.by_name.insert(Arc::clone(&name), id);
        self.by_id.insert(id, Arc::new(Topic::new(name, id)));
    }

    /// Sets a partition of a topic that exists, at an index the caller has checked.
    pub(crate) fn set_partition(&mut self, id: TopicIdPartition, partition: Partition) {
        let topic = self.by_id.get_mut(&id.topic_id).expect("the caller has found the topic");
        let partition = Arc::new(partition);
        let previous = Arc::make_mut(topic).set_partition(id.partition, Arc::clone(&partition));
        self.partitions += usize::from(previous.is_none());
        self.index.update(id, previous.as_deref(), Some(&partition));
    }

    /// Removes a topic with its partitions.
    pub(crate) fn remove_topic(&mut self, id: TopicId) -> Option<Arc<Topic>> {
        let topic = self.by_id.remove(&id)?;
        self.by_name.remove(topic.name());
        for (partition, registration) in topic.partitions() {
            self.index.update(TopicIdPartition { topic_id: id, partition }, Some(registration), None);
        }
        self.partitions -= topic.partition_count();
        Some(topic)
    }
}
