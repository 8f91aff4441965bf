//! The partitions of a log directory: found, opened, renamed, removed.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use klamm_model::{TopicPartition, Uuid};

use super::{CheckpointKind, LogDir, PartitionEntry, PartitionSlot, Shutdown, checkpoints};
use crate::disk::{Disk, EntryKind, PartitionPath, remove_if_present};
use crate::error::{DiskFailure, OpenLogError, StorageError};
use crate::log::{Log, OpenLog, OpenedLog};
use crate::names::{
    FileKind, FileName, FileStage, METADATA_TOPIC, PartitionDirKind, PartitionDirName, REMOTE_INDEX_CACHE,
};

/// Lists the partitions and what the checkpoints say of each.
pub(super) fn find(
    disk: &dyn Disk,
    dir: &Path,
    shutdown: Shutdown,
) -> Result<BTreeMap<String, Arc<PartitionSlot>>, DiskFailure> {
    let entries = disk.list(dir).map_err(|error| DiskFailure::new("list", dir, error))?;
    let mut slots = BTreeMap::new();
    for entry in entries {
        if entry.kind != EntryKind::Directory || entry.name == REMOTE_INDEX_CACHE {
            continue;
        }
        let Some(name) = PartitionDirName::parse(&entry.name) else {
            tracing::warn!(dir = %dir.join(&entry.name).display(), "not the directory of a partition: left alone");
            continue;
        };
        // The metadata log is verified at each start, as Kafka does.
        let clean = matches!(shutdown, Shutdown::Clean { .. }) && &*name.partition.topic != METADATA_TOPIC;
        slots.insert(entry.name, Arc::new(PartitionSlot::found(name, clean)));
    }
    for kind in CheckpointKind::ALL {
        let offsets = checkpoints::read(disk, dir, kind)?;
        for slot in slots.values() {
            let Some(&offset) = offsets.get(slot.partition()) else { continue };
            match kind {
                CheckpointKind::RecoveryPoint => slot.set_recovery_point(offset),
                CheckpointKind::LogStart => slot.set_log_start(Some(offset)),
                CheckpointKind::HighWatermark => slot.set_high_watermark(offset),
                CheckpointKind::Cleaner => slot.set_cleaned_to(Some(offset)),
            }
        }
    }
    Ok(slots)
}

impl LogDir {
    /// What was found at opening, by directory name: current, future, deleted and stray ones.
    /// `__cluster_metadata` is among them.
    pub fn partitions(&self) -> Vec<PartitionEntry> {
        let slots = self.slots.lock();
        let entry = |slot: &Arc<PartitionSlot>| PartitionEntry {
            dir: slot.dir(),
            recovery_point: slot.recovery_point(),
            log_start_offset: slot.log_start(),
            high_watermark: slot.high_watermark(),
        };
        slots.values().map(entry).collect()
    }

    /// Opens the log of a partition, or makes it.
    pub fn open_log(self: &Arc<LogDir>, request: OpenLog) -> Result<OpenedLog, OpenLogError> {
        Log::open(self, request)
    }

    /// The partition's slot, made if it has none.
    pub(crate) fn claim_slot(&self, request: &OpenLog) -> Result<Arc<PartitionSlot>, StorageError> {
        let mut slots = self.slots.lock();
        let is_wanted = |slot: &&Arc<PartitionSlot>| {
            slot.kind() == request.kind && *slot.partition() == request.partition
        };
        if let Some(slot) = slots.values().find(is_wanted) {
            return Ok(Arc::clone(slot));
        }
        // Adding a partition to a full disk ends half-made.
        self.health.check_writable()?;
        let name = match request.kind {
            PartitionDirKind::Current => PartitionDirName::current(&request.partition),
            kind @ (PartitionDirKind::Future | PartitionDirKind::Delete | PartitionDirKind::Stray) => {
                let unique =
                    u128::from(request.seed) << 64 | u128::from(request.now.as_millis().unsigned_abs());
                PartitionDirName::suffixed(&request.partition, kind, Uuid::from_u128(unique))
            }
        };
        let slot = Arc::new(PartitionSlot::made(name));
        slots.insert(slot.name(), Arc::clone(&slot));
        Ok(slot)
    }

    /// Whether a partition has any records, by the sizes of its files; blocks.
    pub fn holds_data(&self, partition: &TopicPartition) -> Result<bool, StorageError> {
        self.health.check_online()?;
        let path = self.path.join(PartitionDirName::current(partition).name);
        let look = || -> io::Result<bool> {
            let mut segments = 0;
            for entry in self.disk.list(&path)? {
                let name = FileName::parse(&entry.name);
                if name.is_some_and(|name| name.kind == FileKind::Log && name.stage == FileStage::Live) {
                    segments += 1;
                    if segments > 1 || self.disk.facts(&path.join(&entry.name))?.len > 0 {
                        return Ok(true);
                    }
                }
            }
            Ok(false)
        };
        match look() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            looked => looked.map_err(|error| self.health.fail("look at", &path, error)),
        }
    }

    /// Renames a partition's directory of which no log is open: for deletion or as a stray.
    pub fn rename_unopened(
        &self,
        partition: &TopicPartition,
        kind: PartitionDirKind,
        unique: Uuid,
    ) -> Result<PartitionDirName, StorageError> {
        let to = PartitionDirName::suffixed(partition, kind, unique);
        let current = PartitionDirName::current(partition).name;
        let slot = self.slots.lock().get(&current).map(Arc::clone);
        if let Some(slot) = slot {
            self.rename_slot(&slot, &PartitionPath::new(self.path.join(&current)), &to)?;
        }
        Ok(to)
    }

    /// Lets a copy that was to take the place of a log in another directory take its name, where that log is lost and
    /// neither is open. Whether there was such a copy.
    pub fn promote_future(&self, partition: &TopicPartition) -> Result<bool, StorageError> {
        let current = PartitionDirName::current(partition);
        let found = {
            let slots = self.slots.lock();
            if slots.contains_key(&current.name) {
                return Ok(false);
            }
            let is_copy = |slot: &&Arc<PartitionSlot>| {
                slot.kind() == PartitionDirKind::Future && slot.partition() == partition
            };
            slots.values().find(is_copy).map(Arc::clone)
        };
        let Some(slot) = found else { return Ok(false) };
        self.rename_slot(&slot, &PartitionPath::new(self.path.join(slot.name())), &current)?;
        Ok(true)
    }

    /// Renames the directory of a slot.
    pub(crate) fn rename_slot(
        &self,
        slot: &Arc<PartitionSlot>,
        path: &PartitionPath,
        to: &PartitionDirName,
    ) -> Result<(), StorageError> {
        self.health.check_online()?;
        let (from, target) = (path.get(), self.path.join(&to.name));
        self.disk.rename(&from, &target).map_err(|error| self.health.fail("rename", from, error))?;
        path.set(target);
        let mut slots = self.slots.lock();
        slots.remove(&slot.name());
        slot.set_dir(to.clone());
        slots.insert(to.name.clone(), Arc::clone(slot));
        drop(slots);
        match self.disk.sync_dir(&self.path) {
            Ok(()) => Ok(()),
            // It has the new name. One that comes back after a power cut is judged by the metadata then.
            Err(error) => match self.health.fail("sync directory", &self.path, error) {
                StorageError::Exhausted { .. } => Ok(()),
                failed => Err(failed),
            },
        }
    }

    /// Removes a directory that was renamed for deletion; blocks.
    pub fn remove_deleted(&self, dir: &PartitionDirName) -> Result<(), StorageError> {
        assert_eq!(dir.kind, PartitionDirKind::Delete, "only what was renamed for deletion is removed");
        self.health.check_online()?;
        let path = self.path.join(&dir.name);
        let removed = remove_if_present(&*self.disk, &path);
        removed.map_err(|error| self.health.fail("remove", path, error))?;
        self.slots.lock().remove(&dir.name);
        Ok(())
    }
}
