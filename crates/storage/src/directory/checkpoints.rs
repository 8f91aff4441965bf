//! The four offset checkpoints of a log directory: one file each for all its partitions.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use klamm_model::{Offset, TopicPartition};

use super::{CheckpointKind, LogDir, PartitionSlot};
use crate::disk::{Disk, read_small, replace_file};
use crate::error::{DiskFailure, StorageError};
use crate::names::{METADATA_TOPIC, PartitionDirKind};
use crate::state::{MAX_STATE_FILE, decode_offsets, encode_offsets};

impl CheckpointKind {
    pub(crate) const ALL: [CheckpointKind; 4] = [
        CheckpointKind::RecoveryPoint,
        CheckpointKind::LogStart,
        CheckpointKind::HighWatermark,
        CheckpointKind::Cleaner,
    ];

    /// The file's name.
    pub const fn file_name(self) -> &'static str {
        match self {
            CheckpointKind::RecoveryPoint => "recovery-point-offset-checkpoint",
            CheckpointKind::LogStart => "log-start-offset-checkpoint",
            CheckpointKind::HighWatermark => "replication-offset-checkpoint",
            CheckpointKind::Cleaner => "cleaner-offset-checkpoint",
        }
    }

    fn offset_of(self, slot: &PartitionSlot) -> Option<Offset> {
        match self {
            CheckpointKind::RecoveryPoint => slot.recovery_point(),
            CheckpointKind::LogStart => slot.log_start(),
            CheckpointKind::HighWatermark => slot.high_watermark(),
            CheckpointKind::Cleaner => slot.cleaned_to(),
        }
    }
}

/// Reads one checkpoint. A lost or damaged one is as good as empty, as in Kafka: recovery begins
/// further back, and log starts and high watermarks are found again.
pub(super) fn read(
    disk: &dyn Disk,
    dir: &Path,
    kind: CheckpointKind,
) -> Result<BTreeMap<TopicPartition, Offset>, DiskFailure> {
    let path = dir.join(kind.file_name());
    let content = match read_small(disk, &path, MAX_STATE_FILE) {
        Ok(content) => content,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => vec![0xff],
        Err(error) => return Err(DiskFailure::new("read", path, error)),
    };
    Ok(decode_offsets(&content).unwrap_or_else(|reason| {
        tracing::warn!(path = %path.display(), reason, "checkpoint is not used");
        BTreeMap::new()
    }))
}

impl LogDir {
    /// Writes one of the four checkpoints from what the logs say now (and what was read for those
    /// never opened). Durable on return; blocks: for the pool, never for a shard.
    pub fn write_checkpoint(&self, kind: CheckpointKind) -> Result<(), StorageError> {
        self.health.check_online()?;
        let _one_at_a_time = self.checkpoint_writer.lock();
        let content = encode_offsets(&self.checkpointed_offsets(kind));
        let path = self.path.join(kind.file_name());
        let written = replace_file(&*self.disk, &path, &content);
        written.map_err(|error| self.health.fail("write", path, error))
    }

    fn checkpointed_offsets(&self, kind: CheckpointKind) -> BTreeMap<TopicPartition, Offset> {
        let slots = self.slots.lock();
        let counted = slots.values().filter(|slot| match slot.kind() {
            // The metadata log is its own master: Kafka keeps no checkpoint of it either.
            PartitionDirKind::Current | PartitionDirKind::Future => {
                &*slot.partition().topic != METADATA_TOPIC
            }
            PartitionDirKind::Delete | PartitionDirKind::Stray => false,
        });
        let offset =
            |slot: &PartitionSlot| kind.offset_of(slot).map(|offset| (slot.partition().clone(), offset));
        counted.filter_map(|slot| offset(slot)).collect()
    }
}
