//! Tells the replication thread which replicas and brokers an image changed. What became of them it reads from the
//! partitions and the image themselves, so that news may be lost while it does not run, and come twice.

use klamm_metadata::{MetadataDelta, local_replicas};
use klamm_model::{BrokerId, TopicIdPartition};
use tokio::sync::mpsc;

use crate::pumps::publisher::OnImage;

/// What changed.
#[derive(Debug)]
pub enum FollowerNews {
    /// Replicas here: other leader, other epoch, gone.
    Replicas(Vec<TopicIdPartition>),
    /// Registrations of brokers.
    Brokers(Vec<BrokerId>),
    /// The node stops.
    Stop,
}

/// See the module. The queue holds at most one entry for each image.
pub struct FollowerWatcher {
    /// This broker.
    pub broker: BrokerId,
    /// To the replication thread.
    pub queue: mpsc::UnboundedSender<FollowerNews>,
}

impl OnImage for FollowerWatcher {
    fn on_image(&mut self, delta: &MetadataDelta) {
        let changes = local_replicas(delta, self.broker);
        let replicas: Vec<_> = changes
            .lead
            .iter()
            .chain(&changes.follow)
            .map(|replica| replica.id)
            .chain(changes.delete.iter().map(|(id, _)| *id))
            .collect();
        // A thread that has ended takes no news.
        if !replicas.is_empty() {
            let _ = self.queue.send(FollowerNews::Replicas(replicas));
        }
        let brokers: Vec<_> = delta.changes().brokers.iter().copied().collect();
        if !brokers.is_empty() {
            let _ = self.queue.send(FollowerNews::Brokers(brokers));
        }
    }
}
