//! Where each leader epoch began: the list behind `leader-epoch-checkpoint` and every truncation
//! decision (KIP-101, KIP-279; Kafka's `LeaderEpochFileCache`).

use klamm_model::{LeaderEpoch, Offset, OffsetAndEpoch};

/// The first offset written in `epoch`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EpochEntry {
    /// A leadership of the partition.
    pub epoch: LeaderEpoch,
    /// Log end offset of that leader when it took over.
    pub start_offset: Offset,
}

/// Epochs of a log, oldest first. Invariant: epochs and start offsets both grow strictly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EpochHistory {
    entries: Vec<EpochEntry>,
}

impl EpochHistory {
    /// No epoch yet: an empty log, or one of old batches without epochs.
    pub const fn new() -> EpochHistory {
        EpochHistory { entries: Vec::new() }
    }

    /// Takes entries in file order; a conflicting older entry gives way to the newer one, as in
    /// [`EpochHistory::assign`].
    pub fn from_entries(entries: impl IntoIterator<Item = EpochEntry>) -> EpochHistory {
        let mut history = EpochHistory::new();
        for entry in entries {
            history.assign(entry.epoch, entry.start_offset);
        }
        history
    }

    /// All entries, oldest first.
    pub fn entries(&self) -> &[EpochEntry] {
        &self.entries
    }

    /// Whether no epoch is known.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The newest entry.
    pub fn latest(&self) -> Option<EpochEntry> {
        self.entries.last().copied()
    }

    /// The newest epoch.
    pub fn latest_epoch(&self) -> Option<LeaderEpoch> {
        self.latest().map(|entry| entry.epoch)
    }

    /// The oldest entry.
    pub fn earliest(&self) -> Option<EpochEntry> {
        self.entries.first().copied()
    }

    /// Notes that `epoch` begins at `start_offset`; true if the history changed (and must be
    /// written down). A repeat of the latest epoch at a later offset is no news. Entries that
    /// would break the order (same or larger epoch, or same or larger offset) are dropped: they
    /// describe a tail that no longer exists.
    pub fn assign(&mut self, epoch: LeaderEpoch, start_offset: Offset) -> bool {
        if let Some(latest) = self.latest()
            && epoch == latest.epoch
            && start_offset >= latest.start_offset
        {
            return false;
        }
        while let Some(last) = self.entries.last() {
            if last.epoch < epoch && last.start_offset < start_offset {
                break;
            }
            self.entries.pop();
        }
        self.entries.push(EpochEntry { epoch, start_offset });
        true
    }

    /// The answer to OffsetForLeaderEpoch: the largest known epoch not above `epoch`, and the
    /// offset where the next one begins (`log_end_offset` for the latest). `None` if `epoch` is
    /// newer than all known ones or nothing is known. For an epoch older than all known ones:
    /// that epoch itself, ending where the first known one begins.
    pub fn end_offset_for(&self, epoch: LeaderEpoch, log_end_offset: Offset) -> Option<OffsetAndEpoch> {
        if self.latest_epoch() == Some(epoch) {
            return Some(OffsetAndEpoch { offset: log_end_offset, epoch });
        }
        let higher = self.entries.partition_point(|entry| entry.epoch <= epoch);
        let end = self.entries.get(higher)?.start_offset;
        let found = higher.checked_sub(1).map_or(epoch, |floor| self.entries[floor].epoch);
        Some(OffsetAndEpoch { offset: end, epoch: found })
    }

    /// The epoch of the record at `offset`; `None` before the first entry.
    pub fn epoch_at(&self, offset: Offset) -> Option<LeaderEpoch> {
        let after = self.entries.partition_point(|entry| entry.start_offset <= offset);
        after.checked_sub(1).map(|floor| self.entries[floor].epoch)
    }

    /// The entry before that of `epoch`.
    pub fn previous(&self, epoch: LeaderEpoch) -> Option<EpochEntry> {
        let at = self.entries.partition_point(|entry| entry.epoch < epoch);
        at.checked_sub(1).map(|floor| self.entries[floor])
    }

    /// Drops epochs that begin at or after the log's new end; true if anything changed. Called on
    /// every truncation, also where no byte is cut (KAFKA-10706).
    pub fn truncate_from_end(&mut self, end_offset: Offset) -> bool {
        let keep = self.entries.partition_point(|entry| entry.start_offset < end_offset);
        let changed = keep < self.entries.len();
        self.entries.truncate(keep);
        changed
    }

    /// Forgets what lies before the log's new start; the epoch in force there now begins there.
    /// True if anything changed.
    pub fn truncate_from_start(&mut self, start_offset: Offset) -> bool {
        let covered = self.entries.partition_point(|entry| entry.start_offset <= start_offset);
        let Some(in_force) = covered.checked_sub(1) else { return false };
        if in_force == 0 && self.entries[0].start_offset == start_offset {
            return false;
        }
        self.entries.drain(..in_force);
        self.entries[0].start_offset = start_offset;
        true
    }

    /// Forgets everything; true if there was something.
    pub fn clear(&mut self) -> bool {
        let changed = !self.entries.is_empty();
        self.entries.clear();
        changed
    }
}

#[cfg(test)]
mod tests;
