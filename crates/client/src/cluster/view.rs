//! An immutable picture of brokers and topics, and how a newer answer changes it.

use std::collections::BTreeMap;
use std::sync::Arc;

use klamm_config::HostPort;
use klamm_model::{LeaderEpoch, TopicId, TopicPartition};
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::metadata_response::{MetadataResponsePartition, MetadataResponseTopic};

/// A broker that is alive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokerView {
    /// Its id.
    pub id: i32,
    /// Where it listens.
    pub endpoint: HostPort,
    /// Where it stands.
    pub rack: Option<String>,
}

/// A partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionView {
    /// Its number.
    pub index: i32,
    /// Why it cannot be used, if so.
    pub error: ErrorCode,
    /// Who leads it, if anybody does.
    pub leader: Option<i32>,
    /// The count of its leaderships; old brokers do not tell.
    pub leader_epoch: Option<LeaderEpoch>,
    /// Brokers that hold it, the preferred leader first.
    pub replicas: Vec<i32>,
    /// Those in sync.
    pub isr: Vec<i32>,
    /// Those that are not there.
    pub offline: Vec<i32>,
}

/// A topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicView {
    /// Its name.
    pub name: Arc<str>,
    /// Its identity; old brokers do not tell.
    pub id: Option<TopicId>,
    /// Why it cannot be used, if so.
    pub error: ErrorCode,
    /// Whether it is one of Kafka's own.
    pub is_internal: bool,
    /// Ascending by number.
    pub partitions: Vec<PartitionView>,
}

impl TopicView {
    /// The partition numbered `index`.
    pub fn partition(&self, index: i32) -> Option<&PartitionView> {
        let place = self.partitions.binary_search_by_key(&index, |partition| partition.index).ok()?;
        self.partitions.get(place)
    }
}

/// What the cluster's brokers told.
#[derive(Clone, Debug, Default)]
pub struct MetadataView {
    /// The cluster's id.
    pub cluster_id: Option<String>,
    /// With controllers as bootstrap: the active one. Brokers name any of themselves.
    pub controller: Option<i32>,
    /// Ascending by id.
    pub brokers: Vec<BrokerView>,
    topics: BTreeMap<Arc<str>, Arc<TopicView>>,
    names: BTreeMap<TopicId, Arc<str>>,
}

impl MetadataView {
    /// The broker `id`.
    pub fn broker(&self, id: i32) -> Option<&BrokerView> {
        let place = self.brokers.binary_search_by_key(&id, |broker| broker.id).ok()?;
        self.brokers.get(place)
    }

    /// The topic `name`, if it was asked for and exists.
    pub fn topic(&self, name: &str) -> Option<&Arc<TopicView>> {
        self.topics.get(name)
    }

    /// All topics that were asked for, by name.
    pub fn topics(&self) -> impl Iterator<Item = &Arc<TopicView>> {
        self.topics.values()
    }

    /// The name of the topic `id`.
    pub fn topic_name(&self, id: TopicId) -> Option<&Arc<str>> {
        self.names.get(&id)
    }

    /// A partition of a topic.
    pub fn partition(&self, partition: &TopicPartition) -> Option<&PartitionView> {
        self.topic(&partition.topic)?.partition(partition.partition)
    }

    /// Who leads a partition, or the error to retry after a refresh.
    pub fn leader(&self, partition: &TopicPartition) -> Result<i32, ErrorCode> {
        let topic = self.topic(&partition.topic).ok_or(ErrorCode::UnknownTopicOrPartition)?;
        let found = topic.partition(partition.partition).ok_or(ErrorCode::UnknownTopicOrPartition)?;
        found.leader.ok_or(ErrorCode::LeaderNotAvailable)
    }

    pub(super) fn set_brokers(&mut self, mut brokers: Vec<BrokerView>) {
        brokers.sort_by_key(|broker| broker.id);
        self.brokers = brokers;
    }

    /// Adds or moves one broker.
    pub(super) fn set_broker(&mut self, broker: BrokerView) {
        match self.brokers.binary_search_by_key(&broker.id, |known| known.id) {
            Ok(place) => self.brokers[place].endpoint = broker.endpoint,
            Err(place) => self.brokers.insert(place, broker),
        }
    }

    /// Forgets the topics that are not in `names`.
    pub(super) fn retain_topics(&mut self, names: &[Arc<str>]) {
        self.topics.retain(|name, _| names.contains(name));
        self.names.retain(|_, name| names.contains(name));
    }

    /// Takes over what an answer says about a topic. A partition whose leader epoch is older than the known
    /// one stays as it is: the broker that answered lags.
    pub(super) fn set_topic(&mut self, answer: &MetadataResponseTopic) {
        let Some(name) = &answer.name else { return };
        let error = ErrorCode::from_i16(answer.error_code).unwrap_or(ErrorCode::UnknownServerError);
        let known = self.topics.get(name.as_str()).cloned();
        if let Some(id) = known.as_ref().and_then(|topic| topic.id) {
            self.names.remove(&id);
        }
        if error != ErrorCode::None && answer.partitions.is_empty() {
            self.topics.remove(name.as_str());
            return;
        }
        let id = TopicId::new(answer.topic_id);
        let same = known.filter(|topic| topic.id == id);
        let mut partitions: Vec<PartitionView> = answer.partitions.iter().map(partition).collect();
        partitions.sort_by_key(|partition| partition.index);
        for partition in &mut partitions {
            let old = same.as_ref().and_then(|topic| topic.partition(partition.index));
            if let Some(old) = old.filter(|old| old.leader_epoch > partition.leader_epoch) {
                *partition = old.clone();
            }
        }
        let name: Arc<str> = Arc::from(name.as_str());
        if let Some(id) = id {
            self.names.insert(id, Arc::clone(&name));
        }
        let topic =
            TopicView { name: Arc::clone(&name), id, error, is_internal: answer.is_internal, partitions };
        self.topics.insert(name, Arc::new(topic));
    }

    /// Takes over a newer leader; false where it is not newer.
    pub(super) fn set_leader(&mut self, at: &TopicPartition, leader: i32, epoch: LeaderEpoch) -> bool {
        let Some(topic) = self.topics.get_mut(&at.topic) else { return false };
        let Ok(place) = topic.partitions.binary_search_by_key(&at.partition, |known| known.index) else {
            return false;
        };
        if topic.partitions[place].leader_epoch >= Some(epoch) {
            return false;
        }
        let partition = &mut Arc::make_mut(topic).partitions[place];
        partition.leader = Some(leader);
        partition.leader_epoch = Some(epoch);
        true
    }
}

fn partition(answer: &MetadataResponsePartition) -> PartitionView {
    PartitionView {
        index: answer.partition_index,
        error: ErrorCode::from_i16(answer.error_code).unwrap_or(ErrorCode::UnknownServerError),
        leader: Some(answer.leader_id).filter(|leader| *leader >= 0),
        leader_epoch: LeaderEpoch::new(answer.leader_epoch),
        replicas: answer.replica_nodes.clone(),
        isr: answer.isr_nodes.clone(),
        offline: answer.offline_replicas.clone(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn answer(leader: i32, epoch: i32) -> MetadataResponseTopic {
        let partition = MetadataResponsePartition {
            leader_id: leader,
            leader_epoch: epoch,
            ..MetadataResponsePartition::default()
        };
        MetadataResponseTopic {
            name: Some("t".into()),
            topic_id: klamm_model::Uuid::from_u128(7),
            partitions: vec![partition],
            ..MetadataResponseTopic::default()
        }
    }

    #[test]
    fn an_answer_of_an_older_leader_epoch_does_not_bring_back_the_old_leader() {
        let mut view = MetadataView::default();
        let at = TopicPartition::new("t", 0);
        view.set_topic(&answer(1, 5));
        view.set_topic(&answer(2, 4));
        assert_eq!(view.leader(&at), Ok(1));
        assert!(view.set_leader(&at, 3, LeaderEpoch::at(6)));
        assert!(!view.set_leader(&at, 4, LeaderEpoch::at(6)));
        assert_eq!(view.leader(&at), Ok(3));
        let mut recreated = answer(9, 0);
        recreated.topic_id = klamm_model::Uuid::from_u128(8);
        view.set_topic(&recreated);
        assert_eq!(view.leader(&at), Ok(9), "a new topic of the same name starts over");
        assert_eq!(view.topic_name(TopicId::new(klamm_model::Uuid::from_u128(7)).unwrap()), None);
    }

    #[test]
    fn a_topic_that_is_gone_is_forgotten() {
        let mut view = MetadataView::default();
        view.set_topic(&answer(1, 5));
        let gone = MetadataResponseTopic {
            name: Some("t".into()),
            error_code: ErrorCode::UnknownTopicOrPartition.code(),
            ..MetadataResponseTopic::default()
        };
        view.set_topic(&gone);
        assert_eq!(view.leader(&TopicPartition::new("t", 0)), Err(ErrorCode::UnknownTopicOrPartition));
    }
}
