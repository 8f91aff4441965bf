//! The epoch history of a log and its file: changed in memory, written behind by jobs.

use std::sync::Arc;

use klamm_logstate::EpochHistory;
use klamm_model::{LeaderEpoch, Offset};
use parking_lot::Mutex;

use super::Log;
use crate::disk::{DescriptorCache, PartitionPath};
use crate::job::{CheckpointWork, Job};
use crate::state::{EPOCH_CHECKPOINT, encode_epochs};

/// The epoch history, and how far its file is behind.
#[derive(Debug)]
pub(super) struct EpochFile {
    history: Arc<EpochHistory>,
    /// Counts changes; 0 is what was read.
    version: u64,
    handed_out: u64,
    written: Arc<Mutex<u64>>,
    dir: Arc<PartitionPath>,
    cache: Arc<DescriptorCache>,
}

impl EpochFile {
    /// A history that the file holds, or does not.
    pub(super) fn new(
        history: EpochHistory,
        is_written: bool,
        dir: &Arc<PartitionPath>,
        cache: &Arc<DescriptorCache>,
    ) -> EpochFile {
        EpochFile {
            history: Arc::new(history),
            version: u64::from(!is_written),
            handed_out: 0,
            written: Arc::default(),
            dir: Arc::clone(dir),
            cache: Arc::clone(cache),
        }
    }

    pub(super) fn history(&self) -> &EpochHistory {
        &self.history
    }

    pub(super) fn shared(&self) -> &Arc<EpochHistory> {
        &self.history
    }

    pub(super) fn assign(&mut self, epoch: LeaderEpoch, start_offset: Offset) {
        // The common case, checked without cloning a history that a view shares.
        let latest = self.history.latest();
        if latest.is_some_and(|latest| latest.epoch == epoch && start_offset >= latest.start_offset) {
            return;
        }
        self.change(|history| history.assign(epoch, start_offset));
    }

    pub(super) fn truncate_from_end(&mut self, end_offset: Offset) {
        self.change(|history| history.truncate_from_end(end_offset));
    }

    pub(super) fn truncate_from_start(&mut self, start_offset: Offset) {
        self.change(|history| history.truncate_from_start(start_offset));
    }

    /// Takes the history of a log with the same batches.
    pub(super) fn copy(&mut self, of: &EpochFile) {
        let other = of.history.as_ref().clone();
        self.change(|history| {
            let differs = *history != other;
            *history = other;
            differs
        });
    }

    pub(super) fn clear(&mut self) {
        self.change(EpochHistory::clear);
    }

    fn change(&mut self, change: impl FnOnce(&mut EpochHistory) -> bool) {
        if change(Arc::make_mut(&mut self.history)) {
            self.version += 1;
        }
    }

    /// The file's next content, if it is behind and nobody writes it yet.
    pub(super) fn take_work(&mut self) -> Option<CheckpointWork> {
        if self.handed_out == self.version {
            return None;
        }
        self.handed_out = self.version;
        Some(self.work())
    }

    /// The file's next content, if it is not known to be written.
    pub(super) fn pending_work(&self) -> Option<CheckpointWork> {
        // A writer holds the lock during its fsync: do not wait for it.
        let written = self.written.try_lock().map(|written| *written);
        (written != Some(self.version)).then(|| self.work())
    }

    fn work(&self) -> CheckpointWork {
        CheckpointWork {
            dir: Arc::clone(&self.dir),
            name: EPOCH_CHECKPOINT,
            content: encode_epochs(&self.history),
            version: self.version,
            written: Arc::clone(&self.written),
            cache: Arc::clone(&self.cache),
        }
    }
}

impl Log {
    /// Leaves a job that writes the epoch checkpoint, if it is out of date.
    pub(super) fn checkpoint_epochs(&mut self) {
        if let Some(work) = self.epochs.take_work() {
            self.jobs.push(Job::checkpoint(self.dir.health(), work));
        }
    }
}
