//! Maps ids to the partitions of this node.

use std::collections::HashMap;
use std::sync::Arc;

use klamm_model::TopicIdPartition;
use parking_lot::RwLock;

use super::handle::PartitionHandle;

/// All partitions this node has a replica of.
#[derive(Clone, Debug, Default)]
pub struct Partitions(Arc<RwLock<HashMap<TopicIdPartition, PartitionHandle>>>);

impl Partitions {
    /// One partition.
    pub fn get(&self, id: &TopicIdPartition) -> Option<PartitionHandle> {
        self.0.read().get(id).cloned()
    }

    /// Adds a partition, or gives back the one already there.
    pub fn get_or_insert(
        &self,
        id: TopicIdPartition,
        make: impl FnOnce() -> PartitionHandle,
    ) -> PartitionHandle {
        self.0.write().entry(id).or_insert_with(make).clone()
    }

    /// Removes a partition.
    pub fn remove(&self, id: &TopicIdPartition) -> Option<PartitionHandle> {
        self.0.write().remove(id)
    }

    /// All partitions now, in no order.
    pub fn all(&self) -> Vec<PartitionHandle> {
        self.0.read().values().cloned().collect()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.read().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
