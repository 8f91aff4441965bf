//! One topic: its name, its id and its partitions by index.

use std::sync::Arc;

use imbl::Vector;
use klamm_model::TopicId;

use super::partition::Partition;

/// Indices from here on are refused: a topic so large cannot exist, and room for the indices below
/// is taken at once.
pub(crate) const MAX_PARTITION_INDEX: i32 = 10_000_000;

/// A topic. Cloning is cheap: names and partitions are shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    name: Arc<str>,
    id: TopicId,
    /// By index. Kafka numbers partitions without holes, but a snapshot may list them in any
    /// order, so there are holes while it loads.
    partitions: Vector<Option<Arc<Partition>>>,
    count: usize,
}

impl Topic {
    pub(crate) fn new(name: Arc<str>, id: TopicId) -> Topic {
        Topic { name, id, partitions: Vector::new(), count: 0 }
    }

    /// Its name.
    pub const fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// Its id.
    pub const fn id(&self) -> TopicId {
        self.id
    }

    /// How many partitions it has.
    pub const fn partition_count(&self) -> usize {
        self.count
    }

    /// The partition with that index.
    pub fn partition(&self, index: i32) -> Option<&Arc<Partition>> {
        self.partitions.get(usize::try_from(index).ok()?)?.as_ref()
    }

    /// All partitions, by ascending index.
    pub fn partitions(&self) -> impl Iterator<Item = (i32, &Arc<Partition>)> {
        (0..).zip(self.partitions.iter()).filter_map(|(index, slot)| Some((index, slot.as_ref()?)))
    }

    /// All partitions from index `from` on.
    pub fn partitions_from(&self, from: i32) -> impl Iterator<Item = (i32, &Arc<Partition>)> {
        let start = usize::try_from(from).unwrap_or(0).min(self.partitions.len());
        let rest = self.partitions.iter().skip(start);
        (i32::try_from(start).unwrap_or(i32::MAX)..)
            .zip(rest)
            .filter_map(|(index, slot)| Some((index, slot.as_ref()?)))
    }

    /// Sets a partition and returns the one it replaces. The caller has checked the index against
    /// [`MAX_PARTITION_INDEX`].
    pub(crate) fn set_partition(&mut self, index: i32, partition: Arc<Partition>) -> Option<Arc<Partition>> {
        let index = usize::try_from(index).expect("the caller has checked the index");
        while self.partitions.len() <= index {
            self.partitions.push_back(None);
        }
        let previous = self.partitions.set(index, Some(partition));
        self.count += usize::from(previous.is_none());
        previous
    }
}
