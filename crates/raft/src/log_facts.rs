//! What the quorum knows of its log: bounds, epochs, snapshots; never the bytes. Answers where two
//! logs part (Kafka: RaftLog.validateOffsetAndEpoch, KafkaRaftLog.endOffsetForEpoch).

use klamm_logstate::{EpochEntry, EpochHistory};
use klamm_model::{LeaderEpoch, Offset, OffsetAndEpoch};

use crate::control_record::ControlRecord;

/// A complete snapshot on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotFacts {
    /// End offset (exclusive) and the epoch of the last record it covers.
    pub id: OffsetAndEpoch,
    /// Size in bytes.
    pub size: u64,
}

/// What an append of fetched records did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Appended {
    /// The log end after it. Less than was fetched if a batch was found bad: the rest is not appended.
    pub log_end: Offset,
    /// Epochs in what was appended, each with its first offset there.
    pub epochs: Vec<EpochEntry>,
    /// Control records in what was appended, with their offsets.
    pub controls: Vec<(Offset, ControlRecord)>,
}

/// How a replica's log end relates to this log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Position {
    /// It is a point of this log.
    Valid,
    /// The logs part: this one ends that epoch (or the one before it) here.
    Diverging(OffsetAndEpoch),
    /// It lies before this log, which begins with this snapshot.
    Snapshot(OffsetAndEpoch),
}

/// Bounds, epochs and snapshots of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogFacts {
    /// First offset.
    pub log_start: Offset,
    /// Next offset to write.
    pub log_end: Offset,
    /// Where the epochs of the log begin.
    pub epochs: EpochHistory,
    /// Complete snapshots, ascending by (epoch, offset).
    pub snapshots: Vec<SnapshotFacts>,
}

impl LogFacts {
    /// Id of the bootstrap snapshot, which only its own node may read.
    pub const BOOTSTRAP_SNAPSHOT: OffsetAndEpoch =
        OffsetAndEpoch { offset: Offset::ZERO, epoch: LeaderEpoch::ZERO };

    /// Epoch of the record before the log end; 0 for a log that never had one.
    pub fn last_epoch(&self) -> LeaderEpoch {
        self.epoch_before(self.log_end)
    }

    /// Log end with the epoch of the record before it.
    pub fn end(&self) -> OffsetAndEpoch {
        OffsetAndEpoch { offset: self.log_end, epoch: self.last_epoch() }
    }

    /// `offset`, at or below the log end, with the epoch of the record before it.
    pub(crate) fn position_at(&self, offset: Offset) -> OffsetAndEpoch {
        OffsetAndEpoch { offset, epoch: self.epoch_before(offset) }
    }

    fn epoch_before(&self, offset: Offset) -> LeaderEpoch {
        let last_record = Offset::new(offset.get() - 1).filter(|last| *last >= self.log_start);
        let in_log = last_record.and_then(|last| self.epochs.epoch_at(last));
        let ends_here = |snapshot: &&SnapshotFacts| snapshot.id.offset == offset;
        let in_snapshot = || self.snapshots.iter().rev().find(ends_here).map(|snapshot| snapshot.id.epoch);
        in_log.or_else(in_snapshot).unwrap_or_default()
    }

    /// The newest snapshot.
    pub fn latest_snapshot(&self) -> Option<OffsetAndEpoch> {
        self.snapshots.last().map(|snapshot| snapshot.id)
    }

    /// The newest snapshot that other replicas may fetch.
    pub(crate) fn latest_served_snapshot(&self) -> Option<OffsetAndEpoch> {
        self.latest_snapshot().filter(|id| *id != LogFacts::BOOTSTRAP_SNAPSHOT)
    }

    pub(crate) fn snapshot(&self, id: OffsetAndEpoch) -> Option<SnapshotFacts> {
        self.snapshots.iter().copied().find(|snapshot| snapshot.id == id)
    }

    /// Where the records of `epoch`, or of the last one before it, end in this log. For an epoch
    /// newer than the log: its end. For one older than the log: where the log begins.
    pub(crate) fn end_of_epoch(&self, epoch: LeaderEpoch) -> OffsetAndEpoch {
        let Some(end) = self.epochs.end_offset_for(epoch, self.log_end) else { return self.end() };
        let earliest = self.snapshots.first().map(|snapshot| snapshot.id);
        earliest.filter(|id| id.offset == end.offset && end.epoch == epoch).unwrap_or(end)
    }

    /// How a replica whose log ends at `end` goes on.
    pub(crate) fn locate(&self, end: OffsetAndEpoch) -> Position {
        if end.offset == Offset::ZERO && self.log_start == Offset::ZERO {
            return Position::Valid;
        }
        if let (Some(earliest), Some(latest)) = (self.snapshots.first(), self.latest_snapshot()) {
            let earliest = earliest.id.epoch;
            let at_start = end.offset == self.log_start && end.epoch != earliest;
            if end.offset < self.log_start || at_start || end.epoch < earliest {
                return Position::Snapshot(latest);
            }
        }
        let known = self.end_of_epoch(end.epoch);
        if known.epoch != end.epoch || known.offset < end.offset {
            Position::Diverging(known)
        } else {
            Position::Valid
        }
    }

    /// To which log end this log must be cut when the leader's log ends an epoch at `diverging`:
    /// the end of what both histories have in common.
    pub(crate) fn common_end(&self, diverging: OffsetAndEpoch) -> Offset {
        if diverging.epoch == LeaderEpoch::ZERO {
            return diverging.offset.min(self.log_end);
        }
        let known = self.end_of_epoch(diverging.epoch);
        if known.epoch == diverging.epoch { known.offset.min(diverging.offset) } else { known.offset }
    }

    /// Takes note of records of `epoch` from `start` on.
    pub(crate) fn begin_epoch(&mut self, epoch: LeaderEpoch, start: Offset) {
        assert!(self.last_epoch() <= epoch, "epoch {epoch} at {start} follows epoch {}", self.last_epoch());
        self.epochs.assign(epoch, start);
    }

    pub(crate) fn truncate_to(&mut self, log_end: Offset) {
        self.log_end = log_end;
        self.epochs.truncate_from_end(log_end);
    }

    pub(crate) fn add_snapshot(&mut self, snapshot: SnapshotFacts) {
        let rank = |id: OffsetAndEpoch| (id.epoch, id.offset);
        self.snapshots.retain(|known| known.id != snapshot.id);
        self.snapshots.push(snapshot);
        self.snapshots.sort_by_key(|known| rank(known.id));
    }

    pub(crate) fn advance_start(&mut self, log_start: Offset) {
        self.log_start = self.log_start.max(log_start);
        self.snapshots.retain(|snapshot| snapshot.id.offset >= log_start);
        self.epochs.truncate_from_start(log_start);
    }

    /// A snapshot replaced the log, which is empty at its end now.
    pub(crate) fn restart_at(&mut self, snapshot: SnapshotFacts) {
        self.log_start = snapshot.id.offset;
        self.log_end = snapshot.id.offset;
        self.epochs.clear();
        self.snapshots = vec![snapshot];
    }
}

#[cfg(test)]
mod tests;
