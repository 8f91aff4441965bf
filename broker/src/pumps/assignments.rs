//! Tells the controller in which log directories this broker's replicas are, where the metadata says
//! otherwise (Kafka: AssignmentsManager, KIP-858). Of a broker with one directory the controller knows.
//!
//! A replica whose log is damaged is told as one in a lost directory: Kafka's controller takes it out of the ISR and never
//! elects it. Its real directory is told once it is in the ISR of another leader again, since it was fetched anew by then.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use klamm_metadata::image::Partition;
use klamm_metadata::{MetadataDelta, local_replicas};
use klamm_model::{BrokerId, DirectoryId, TopicIdPartition, Uuid};
use klamm_node::metadata::PublishedImage;
use klamm_node::partition::Partitions;
use klamm_protocol::messages::assign_replicas_to_dirs_request::{DirectoryData, PartitionData, TopicData};
use klamm_protocol::messages::{AssignReplicasToDirsRequest, AssignReplicasToDirsResponse};
use tokio::sync::mpsc;

use super::controller_channel::{ControllerChannel, PATIENCE};
use super::log_dir_moves::LogDirMoves;
use super::publisher::OnImage;
use crate::directories::Directories;

/// Most replicas of one request (Kafka: 2250).
const MOST: usize = 2250;
/// Pause before what was refused or not answered is told again.
const PAUSE: Duration = Duration::from_secs(1);

/// A replica and where it is.
pub type Assignment = (TopicIdPartition, Uuid);

/// Finds replicas whose directory the metadata does not know. The queue holds at most one entry for
/// each change of a replica's place.
pub struct AssignmentWatcher {
    /// This broker.
    pub broker: BrokerId,
    /// The replicas here.
    pub partitions: Partitions,
    /// Ids of directories.
    pub directories: Directories,
    /// Replicas that are about to be elsewhere.
    pub moves: LogDirMoves,
    /// To the pump.
    pub queue: mpsc::UnboundedSender<Assignment>,
}

impl OnImage for AssignmentWatcher {
    fn on_image(&mut self, delta: &MetadataDelta) {
        let version = delta.after().features().metadata_version();
        if !version.is_some_and(|version| version.supports_directory_assignment()) {
            return;
        }
        let changes = local_replicas(delta, self.broker);
        for replica in changes.lead.iter().chain(&changes.follow) {
            let Some(handle) = self.partitions.get(&replica.id) else { continue };
            let place = handle.dir();
            let here = self.directories.data.iter().find(|directory| directory.dir.path() == place.path());
            let Some(here) = here.map(|directory| directory.id.get()) else { continue };
            let moving = self.moves.progress(replica.id).filter(|progress| progress.is_told);
            let here = moving.map_or(here, |progress| progress.directory.get());
            let known = replica.partition.directory(self.broker);
            let is_to_tell = if known == Some(DirectoryId::LOST) {
                is_whole_again(&replica.partition, self.broker)
            } else {
                known != Some(here) && self.directories.data.len() > 1
            };
            if is_to_tell && !handle.is_damaged() {
                // A stopped pump means that the node stops.
                let _ = self.queue.send((replica.id, here));
            }
        }
    }
}

/// Whether a replica that the controller takes for lost may be elected again: another leader has it in its ISR, or there
/// is no other.
fn is_whole_again(partition: &Partition, broker: BrokerId) -> bool {
    let has_other_leader = partition.leader().is_some_and(|leader| leader != broker);
    partition.replicas().len() == 1 || has_other_leader && partition.isr().contains(&broker)
}

/// Sends what the watcher and the partitions found, until dropped.
pub struct AssignmentPump {
    /// This broker.
    pub broker: BrokerId,
    /// Tells the broker's epoch and what the controller knows.
    pub image: PublishedImage,
    /// The active controller.
    pub controller: ControllerChannel,
    /// From the watcher and the partitions.
    pub queue: mpsc::UnboundedReceiver<Assignment>,
}

impl AssignmentPump {
    /// Runs.
    pub async fn run(mut self) {
        let mut waiting: BTreeMap<TopicIdPartition, Uuid> = BTreeMap::new();
        while let Some((replica, directory)) = self.queue.recv().await {
            waiting.insert(replica, directory);
            while !waiting.is_empty() {
                while let Ok((replica, directory)) = self.queue.try_recv() {
                    waiting.insert(replica, directory);
                }
                self.forget_known(&mut waiting);
                if !waiting.is_empty() && !self.tell(&mut waiting).await {
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// What the metadata says by now, or has no replica here for, need not be told.
    fn forget_known(&self, waiting: &mut BTreeMap<TopicIdPartition, Uuid>) {
        let image = self.image.load();
        let version = image.features().metadata_version();
        if !version.is_some_and(|version| version.supports_directory_assignment()) {
            return waiting.clear();
        }
        waiting.retain(|replica, directory| {
            let partition = image.topics().partition(*replica);
            let known = partition.and_then(|partition| partition.directory(self.broker));
            known.is_some_and(|known| known != *directory)
        });
    }

    /// Tells one request full; whether it was taken.
    async fn tell(&self, waiting: &mut BTreeMap<TopicIdPartition, Uuid>) -> bool {
        let image = self.image.load();
        let Some(registered) = image.cluster().broker(self.broker) else { return false };
        let told: Vec<Assignment> =
            waiting.iter().take(MOST).map(|(replica, directory)| (*replica, *directory)).collect();
        let request = AssignReplicasToDirsRequest {
            broker_id: self.broker.get(),
            broker_epoch: registered.epoch.get(),
            directories: directories(&told),
            ..AssignReplicasToDirsRequest::default()
        };
        match self.controller.call(&request, PATIENCE).await {
            Ok(response) if response.error_code == 0 => {
                let refused = refused(&response);
                if !refused.is_empty() {
                    tracing::warn!(?refused, "the controller refuses directories of replicas");
                }
                for (replica, _) in told {
                    waiting.remove(&replica);
                }
                true
            }
            refused => {
                tracing::warn!(?refused, "the controller did not take directories of replicas");
                false
            }
        }
    }
}

fn directories(told: &[Assignment]) -> Vec<DirectoryData> {
    let mut sorted: BTreeMap<_, BTreeMap<_, BTreeSet<i32>>> = BTreeMap::new();
    for (replica, directory) in told {
        let topics = sorted.entry(*directory).or_default();
        topics.entry(replica.topic_id.get()).or_default().insert(replica.partition);
    }
    let partition = |partition_index| PartitionData { partition_index, ..PartitionData::default() };
    let topic = |(topic_id, partitions): (_, BTreeSet<i32>)| TopicData {
        topic_id,
        partitions: partitions.into_iter().map(partition).collect(),
        ..TopicData::default()
    };
    let directory = |(id, topics): (_, BTreeMap<_, _>)| DirectoryData {
        id,
        topics: topics.into_iter().map(topic).collect(),
        ..DirectoryData::default()
    };
    sorted.into_iter().map(directory).collect()
}

/// Partitions with an error of their own, and its code.
fn refused(response: &AssignReplicasToDirsResponse) -> Vec<(i32, i16)> {
    let topics = response.directories.iter().flat_map(|directory| &directory.topics);
    let partitions = topics.flat_map(|topic| &topic.partitions);
    let wrong = partitions.filter(|partition| partition.error_code != 0);
    wrong.map(|partition| (partition.partition_index, partition.error_code)).collect()
}
