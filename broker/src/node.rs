//! The parts of a running node that handlers use.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use klamm_metadata::MetadataImage;
use klamm_model::{BrokerId, DirectoryId, NodeId, TopicId, TopicIdPartition};
use klamm_node::clock::Clock;
use klamm_node::fetch_session::FetchSessions;
use klamm_node::metadata::PublishedImage;
use klamm_node::partition::{OnDamage, PartitionHandle, PartitionSettings, Partitions};
use klamm_storage::{OpenLogError, StorageError};

use crate::directories::Directories;
use crate::producer_ids::ProducerIds;
use crate::pumps::control::ControllerHandle;
use crate::pumps::controller_channel::ControllerChannel;
use crate::pumps::disk_pool::{DiskPool, Urgency};
use crate::pumps::groups::Groups;
use crate::pumps::log_dir_moves::LogDirMoves;
use crate::pumps::replication::Throttles;
use crate::settings::SettingsSource;

/// Handles and snapshots; nothing here is changed by a handler.
pub struct Node {
    /// `node.id`.
    pub id: NodeId,
    /// `cluster.id`.
    pub cluster_id: Arc<str>,
    /// The newest metadata.
    pub image: PublishedImage,
    /// The partitions hosted here.
    pub partitions: Partitions,
    /// This node's controller and its replica of the quorum.
    pub controller: ControllerHandle,
    /// The way to the active controller, for what clients ask of it.
    pub forward: ControllerChannel,
    /// The configuration as it takes effect.
    pub settings: SettingsSource,
    /// Whether the start is over.
    pub serving: Arc<AtomicBool>,
    /// Blocking work.
    pub pool: DiskPool,
    /// Where logs are.
    pub directories: Directories,
    /// The group coordinators.
    pub groups: Groups,
    /// Ids for idempotent producers.
    pub producer_ids: ProducerIds,
    /// Moves between this node's directories.
    pub moves: LogDirMoves,
    /// Throttles of replication.
    pub throttles: Throttles,
    /// Incremental fetch sessions.
    pub fetch_sessions: FetchSessions,
    /// `fetch.max.bytes`: most bytes of one answer to a consumer.
    pub fetch_max_bytes: u32,
    /// Clocks.
    pub clock: Arc<dyn Clock>,
}

impl Node {
    /// This node as a broker.
    pub fn broker_id(&self) -> BrokerId {
        self.id.into()
    }

    /// A partition hosted here, by the ids a request was resolved to.
    pub fn partition(&self, topic_id: TopicId, partition: i32) -> Option<PartitionHandle> {
        self.partitions.get(&TopicIdPartition { topic_id, partition })
    }

    /// Opens a partition's log on the pool, where it is not open.
    pub async fn open(&self, handle: &PartitionHandle) -> Result<(), OpenLogError> {
        if handle.view().is_some() {
            return Ok(());
        }
        let (opening, damage) = (handle.clone(), self.on_damage(handle.id()));
        let opened = self.pool.run(Urgency::Waited, move || opening.open(damage)).await;
        // A pool that is stopped drops the job; the connection is about to close too.
        opened.unwrap_or(Ok(()))
    }

    /// Opens a log that has rested since the start, where it holds anything: retention and compaction
    /// concern it too. Why a log cannot be opened was said before. Blocks: for the pool.
    pub fn open_for_housekeeping(&self, handle: &PartitionHandle) -> Result<(), StorageError> {
        if handle.view().is_some() || !handle.dir().holds_data(handle.name())? {
            return Ok(());
        }
        match handle.open(self.on_damage(handle.id())) {
            Err(OpenLogError::Storage(error)) => Err(error),
            Ok(()) | Err(OpenLogError::TopicId { .. } | OpenLogError::Damaged { .. }) => Ok(()),
        }
    }

    /// A topic's settings as they are now; the defaults for one that is gone.
    pub fn topic_settings(&self, topic: &str) -> Arc<PartitionSettings> {
        self.settings.of_topic(&self.image.load(), topic)
    }

    /// Whether the controller takes a replica here for lost, so that it cannot be elected. Clusters too old to say so
    /// (before directory assignments) elect it regardless: there this node alone refuses to lead.
    pub fn is_barred_from_leading(&self, id: TopicIdPartition) -> bool {
        let image: Arc<MetadataImage> = self.image.load();
        let version = image.features().metadata_version();
        let can_be_told = version.is_some_and(|version| version.supports_directory_assignment());
        let directory = image.topics().partition(id).and_then(|known| known.directory(self.broker_id()));
        !can_be_told || directory == Some(DirectoryId::LOST)
    }

    /// A damaged log is cut only where no other replica has it whole.
    pub fn on_damage(&self, id: TopicIdPartition) -> OnDamage {
        let image: Arc<MetadataImage> = self.image.load();
        match image.topics().partition(id) {
            Some(partition) if partition.replicas().len() > 1 => OnDamage::Refuse,
            Some(_) | None => OnDamage::Cut,
        }
    }
}
