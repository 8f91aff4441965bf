//! What changed from one image to another, by key.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use klamm_model::{BrokerId, NodeId, TopicId, Uuid};

use crate::image::{ConfigResource, MetadataImage, QuotaEntity, ScramMechanism, Topic};

/// The keys a delta touched. What happened to each is seen by comparing the two images: absent
/// before, absent after, or different. A key may be listed though it ended as it began.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Whether a feature level was set.
    pub features: bool,
    /// Brokers whose registration changed.
    pub brokers: BTreeSet<BrokerId>,
    /// Controllers whose registration changed.
    pub controllers: BTreeSet<NodeId>,
    /// Topics that were created or of which partitions changed, with those partitions.
    pub topics: BTreeMap<TopicId, BTreeSet<i32>>,
    /// Topics of the earlier image that are gone.
    pub deleted_topics: BTreeSet<TopicId>,
    /// Resources whose configs changed.
    pub configs: BTreeSet<ConfigResource>,
    /// Entities whose quotas changed.
    pub quotas: BTreeSet<QuotaEntity>,
    /// Whether producer ids were given away.
    pub producer_ids: bool,
    /// Access control entries that were added or removed.
    pub acls: BTreeSet<Uuid>,
    /// SCRAM credentials that changed.
    pub scram: BTreeSet<(ScramMechanism, Arc<str>)>,
    /// Delegation tokens that changed.
    pub tokens: BTreeSet<Arc<str>>,
}

impl Changes {
    /// Whether nothing was touched.
    pub fn is_empty(&self) -> bool {
        *self == Changes::default()
    }

    /// Adds the changes that followed these.
    pub(crate) fn append(&mut self, mut later: Changes) {
        self.features |= later.features;
        self.brokers.append(&mut later.brokers);
        self.controllers.append(&mut later.controllers);
        for id in &later.deleted_topics {
            self.topics.remove(id);
        }
        for (id, mut partitions) in later.topics {
            self.topics.entry(id).or_default().append(&mut partitions);
        }
        self.deleted_topics.append(&mut later.deleted_topics);
        self.configs.append(&mut later.configs);
        self.quotas.append(&mut later.quotas);
        self.producer_ids |= later.producer_ids;
        self.acls.append(&mut later.acls);
        self.scram.append(&mut later.scram);
        self.tokens.append(&mut later.tokens);
    }

    /// Finds the changes between two images by comparing them whole, as after a snapshot replaced
    /// the one by the other.
    pub(crate) fn between(before: &MetadataImage, after: &MetadataImage) -> Changes {
        let mut changes = Changes {
            features: before.features != after.features,
            producer_ids: before.next_producer_id != after.next_producer_id,
            ..Changes::default()
        };
        changes.brokers = differing(before.cluster.brokers(), after.cluster.brokers(), |b| b.id);
        changes.controllers = differing(before.cluster.controllers(), after.cluster.controllers(), |c| c.id);
        changes.configs = differing(before.configs.iter(), after.configs.iter(), |(key, _)| (*key).clone());
        changes.quotas = differing(before.quotas.iter(), after.quotas.iter(), |(key, _)| (*key).clone());
        changes.acls = differing(before.acls.iter(), after.acls.iter(), |(id, _)| *id);
        changes.scram = differing(before.scram.iter(), after.scram.iter(), |(mechanism, user, _)| {
            (*mechanism, Arc::clone(user))
        });
        changes.tokens = differing(before.tokens.iter(), after.tokens.iter(), |t| Arc::clone(&t.id));
        for topic in before.topics.iter() {
            if after.topics.by_id(topic.id()).is_none() {
                changes.deleted_topics.insert(topic.id());
            }
        }
        for topic in after.topics.iter() {
            let earlier = before.topics.by_id(topic.id());
            if earlier != Some(topic) {
                changes.topics.insert(topic.id(), changed_partitions(earlier, topic));
            }
        }
        changes
    }
}

fn changed_partitions(before: Option<&Arc<Topic>>, after: &Topic) -> BTreeSet<i32> {
    let same = |index, partition| before.and_then(|topic| topic.partition(index)) == Some(partition);
    after.partitions().filter(|(index, p)| !same(*index, *p)).map(|(index, _)| index).collect()
}

/// The keys of items that are on one side only or differ between the sides.
fn differing<T: PartialEq, K: Ord>(
    before: impl Iterator<Item = T>,
    after: impl Iterator<Item = T>,
    key: impl Fn(&T) -> K,
) -> BTreeSet<K> {
    let mut rest: BTreeMap<K, T> = before.map(|item| (key(&item), item)).collect();
    let mut keys = BTreeSet::new();
    for item in after {
        let id = key(&item);
        if rest.remove(&id).as_ref() != Some(&item) {
            keys.insert(id);
        }
    }
    keys.extend(rest.into_keys());
    keys
}
