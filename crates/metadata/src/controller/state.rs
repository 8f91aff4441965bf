//! Hard state: what records made, and nothing else. Persistent, so that each batch in flight can
//! keep the state it led to.

use std::sync::Arc;

use imbl::{OrdMap, OrdSet};
use klamm_model::{BrokerId, Offset, TopicId, TopicIdPartition};
use klamm_protocol::messages::MetadataRecord;

use crate::MetadataVersion;
use crate::delta::{Changes, ReplayError, replay};
use crate::image::{MetadataImage, Partition, Topic};
use crate::snapshot::{Elr, SnapshotOptions};
use crate::topic_name::collision_key;

/// The image, and what the controller must know besides.
#[derive(Clone, Debug, Default)]
pub(crate) struct HardState {
    pub(crate) image: MetadataImage,
    /// Offset of each broker's registration record: a broker that has read so far is caught up.
    registered_at: OrdMap<BrokerId, Offset>,
    /// Topics with '.' or '_' in their names, behind the name they collide under.
    colliding: OrdSet<(Arc<str>, Arc<str>)>,
}

impl HardState {
    /// The state of a snapshot whose last record had offset `last`.
    pub(crate) fn from_snapshot(image: MetadataImage, last: Offset) -> HardState {
        let registered_at = image.cluster.brokers().map(|broker| (broker.id, last)).collect();
        let names = image.topics.iter().map(|topic| topic.name());
        let colliding = names.filter_map(|name| Some((collision_key(name)?.into(), Arc::clone(name))));
        HardState { registered_at, colliding: colliding.collect(), image }
    }

    /// Applies the record at `offset`. Transactions are not this type's business.
    pub(crate) fn replay(
        &mut self,
        changes: &mut Changes,
        record: &MetadataRecord,
        offset: Offset,
    ) -> Result<(), ReplayError> {
        let removed = match record {
            MetadataRecord::RemoveTopic(record) => self.topic_name(record.topic_id),
            _ => None,
        };
        replay(&mut self.image, changes, record)?;
        if let MetadataRecord::Topic(record) = record {
            self.note_name(&record.name);
        }
        if let Some(name) = removed {
            self.forget_name(&name);
        }
        match record {
            MetadataRecord::RegisterBroker(record) => {
                self.registered_at.insert(BrokerId::at(record.broker_id), offset);
            }
            MetadataRecord::UnregisterBroker(record) => {
                self.registered_at.remove(&BrokerId::at(record.broker_id));
            }
            _ => {}
        }
        Ok(())
    }

    fn topic_name(&self, id: klamm_model::Uuid) -> Option<Arc<str>> {
        let topic = self.image.topics.by_id(TopicId::new(id)?)?;
        Some(Arc::clone(topic.name()))
    }

    fn note_name(&mut self, name: &str) {
        if let Some(key) = collision_key(name) {
            self.colliding.insert((key.into(), name.into()));
        }
    }

    fn forget_name(&mut self, name: &Arc<str>) {
        if let Some(key) = collision_key(name) {
            self.colliding.remove(&(key.into(), Arc::clone(name)));
        }
    }

    /// An existing topic whose name collides with `name`, be it the name itself.
    pub(crate) fn colliding_with(&self, name: &str) -> Option<&Arc<str>> {
        let key: Arc<str> = collision_key(name)?.into();
        let first = self.colliding.range((Arc::clone(&key), Arc::from(""))..).next()?;
        (first.0 == key).then_some(&first.1)
    }

    /// The offset of a broker's registration record.
    pub(crate) fn registered_at(&self, broker: BrokerId) -> Option<Offset> {
        self.registered_at.get(&broker).copied()
    }

    /// The finalized metadata.version. Every decision but the first activation follows a record
    /// that sets it.
    pub(crate) fn metadata_version(&self) -> MetadataVersion {
        self.image.features.metadata_version().unwrap_or(MetadataVersion::MINIMUM)
    }

    /// How partitions are written now.
    pub(crate) fn record_options(&self) -> SnapshotOptions {
        let elr = if self.image.features.elr_enabled() { Elr::Kept } else { Elr::Dropped };
        SnapshotOptions { metadata_version: self.metadata_version(), elr }
    }

    /// A partition with its topic.
    pub(crate) fn partition(&self, id: TopicIdPartition) -> Option<(&Arc<Topic>, &Arc<Partition>)> {
        let topic = self.image.topics.by_id(id.topic_id)?;
        Some((topic, topic.partition(id.partition)?))
    }
}
