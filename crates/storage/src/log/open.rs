//! Opening a log: what `recovery_plan` decided is carried out, segments are trusted or verified, and
//! what a log derives from its batches is read or built anew.

use std::io;
use std::sync::Arc;

use klamm_logstate::{EpochHistory, ProducerState, StagedProducers};
use klamm_model::{Offset, Timestamp};
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::SeedableRng as _;

use super::Log;
use super::epochs::EpochFile;
use super::open_files::{
    ensure_partition_metadata, has_good_transactions, load_epochs, load_file_index, load_memory_index,
    remove_file,
};
use super::producers::recall_batches;
use super::recover::{Derived, collect_epochs, replay_producers};
use super::recovery_plan::{RecoveryFacts, RecoveryPlan, SegmentPlan, plan_recovery};
use super::types::{OpenLog, OpenedLog, RecoveryReport};
use super::view::{LogOffsets, LogView, LogViewHandle, Patience};
use crate::directory::{LogDir, PartitionSlot};
use crate::disk::{EntryKind, PartitionPath};
use crate::error::{OpenLogError, ReadError, StorageError};
use crate::index::TimeEntry;
use crate::names::{FileKind, FileName, FileStage};
use crate::segment::{
    ActiveSegment, HeaderScan, IndexBuilder, MemoryIndex, Segment, SegmentFiles, SegmentIndex,
    rebuild_indexes,
};
use crate::snapshot_files::{SnapshotFiles, decode_snapshot};
use crate::state::EPOCH_CHECKPOINT;

/// A log that is being opened.
pub(super) struct Opening {
    pub(super) dir: Arc<LogDir>,
    pub(super) slot: Arc<PartitionSlot>,
    pub(super) path: Arc<PartitionPath>,
    pub(super) request: OpenLog,
    pub(super) report: RecoveryReport,
    pub(super) segments: Vec<Arc<Segment>>,
    snapshots: SnapshotFiles,
    pub(super) derived: Derived,
    /// What the epoch checkpoint held, if it could be read.
    pub(super) checkpointed: Option<EpochHistory>,
    chance: SplitMix64,
}

impl Log {
    /// Opens the log of a partition, or makes it.
    pub(crate) fn open(dir: &Arc<LogDir>, request: OpenLog) -> Result<OpenedLog, OpenLogError> {
        dir.health().check_online()?;
        let slot = dir.claim_slot(&request)?;
        let path = PartitionPath::new(dir.path().join(slot.name()));
        let snapshots = SnapshotFiles::new(dir.descriptors(), &path, []);
        let start = slot.log_start().unwrap_or(Offset::ZERO);
        let derived = Derived {
            epochs: EpochHistory::new(),
            producers: ProducerState::new(start),
            next_offset: start,
            last_epoch: None,
        };
        let opening = Opening {
            dir: Arc::clone(dir),
            path,
            report: RecoveryReport::default(),
            segments: Vec::new(),
            snapshots,
            derived,
            checkpointed: None,
            chance: SplitMix64::seed_from_u64(request.seed),
            slot,
            request,
        };
        opening.run()
    }

    /// Makes a sealed segment the active one, with its indexes in memory.
    pub(super) fn open_active(
        &mut self,
        segment: &Arc<Segment>,
        now: Timestamp,
    ) -> Result<ActiveSegment, StorageError> {
        let index = self.local(load_memory_index(segment))?;
        let index = match index {
            Some(index) => index,
            None => {
                self.local(rebuild_indexes(segment, &self.config))?;
                self.local(load_memory_index(segment))?.unwrap_or_default()
            }
        };
        let builder = self.local(resume_builder(segment, index.max_timestamp))?;
        segment.with_index_mut(|current| *current = SegmentIndex::Memory(index));
        Ok(self.active_from(Arc::clone(segment), builder, now))
    }
}

impl Opening {
    fn run(mut self) -> Result<OpenedLog, OpenLogError> {
        // With leave to cut, everything is looked at: damage below the recovery point is found only so.
        let clean = self.slot.begin_open() && !self.request.cut_damage;
        let recovery_point = self.slot.recovery_point().filter(|_| !self.request.cut_damage);
        self.prepare_dir()?;
        let files = self.list()?;
        let swapped = self.measure_swaps(&files)?;
        let mut plan =
            plan_recovery(&RecoveryFacts { files: &files, swapped: &swapped, clean, recovery_point });
        self.carry_out(&plan)?;
        self.read_epochs(&plan)?;
        self.open_segments(&mut plan)?;
        self.load_producers(&plan)?;
        self.verify(&plan)?;
        self.finish()
    }

    fn prepare_dir(&mut self) -> Result<(), OpenLogError> {
        let path = self.path.get();
        let disk = self.dir.disk();
        let made = || {
            disk.create_dir(&path)?;
            if self.slot.is_new() { disk.sync_dir(self.dir.path()) } else { Ok(()) }
        };
        made().map_err(|error| self.dir.health().fail("create", &path, error))?;
        self.request.topic_id = ensure_partition_metadata(&self.dir, &self.path, &self.request)?;
        Ok(())
    }

    fn list(&self) -> Result<Vec<FileName>, StorageError> {
        let path = self.path.get();
        let entries =
            self.dir.disk().list(&path).map_err(|error| self.dir.health().fail("list", path, error))?;
        let files = entries.iter().filter(|entry| entry.kind == EntryKind::File);
        Ok(files.filter_map(|entry| FileName::parse(&entry.name)).collect())
    }

    /// Base and next offset of what compaction left to be swapped in.
    fn measure_swaps(&self, files: &[FileName]) -> Result<Vec<(Offset, Offset)>, OpenLogError> {
        let is_log = |file: &&FileName| file.stage == FileStage::Swap && file.kind == FileKind::Log;
        let mut swapped = Vec::new();
        for file in files.iter().filter(is_log) {
            let segment = self.segment(file.offset, FileStage::Swap)?;
            // A damaged one covers what it holds up to the damage.
            let log = self.own(segment.log_reader(Patience::Wait))?;
            let mut scan = HeaderScan::new(&log, 0, segment.len());
            let mut next = file.offset;
            while let Ok(Some(entry)) = scan.next() {
                next = entry.last_offset.next();
            }
            swapped.push((file.offset, next));
        }
        Ok(swapped)
    }

    fn carry_out(&mut self, plan: &RecoveryPlan) -> Result<(), StorageError> {
        for file in &plan.remove {
            remove_file(&self.dir, &self.path.join(file))?;
        }
        for &file in &plan.rename {
            let (from, to) =
                (self.path.join(file), self.path.join(FileName { stage: FileStage::Live, ..file }));
            let renamed = self.dir.disk().rename(&from, &to);
            renamed.map_err(|error| self.dir.health().fail("rename", from, error))?;
        }
        if !plan.rename.is_empty() || !plan.remove.is_empty() {
            let path = self.path.get();
            let synced = self.dir.disk().sync_dir(&path);
            synced.map_err(|error| self.dir.health().fail("sync directory", path, error))?;
        }
        Ok(())
    }

    /// A log without segments has no epochs to miss.
    fn read_epochs(&mut self, plan: &RecoveryPlan) -> Result<(), StorageError> {
        match load_epochs(&self.dir, &self.path)? {
            Ok(epochs) => {
                self.derived.epochs.clone_from(&epochs);
                self.checkpointed = Some(epochs);
            }
            Err(reason) => {
                let path = self.path.join(EPOCH_CHECKPOINT);
                if !self.slot.is_new() && !plan.segments.is_empty() {
                    tracing::warn!(path = %path.display(), reason, "epochs are read from the log");
                    self.report.rebuilt.push(path);
                }
            }
        }
        Ok(())
    }

    /// A segment of which only the size is known.
    fn segment(&self, base: Offset, stage: FileStage) -> Result<Arc<Segment>, StorageError> {
        let files = SegmentFiles::new(self.dir.descriptors(), &self.path, base, stage);
        let path = files.log.path();
        let facts = self.dir.disk().facts(&path);
        let len = facts.map_err(|error| self.dir.health().fail("look at", path, error))?.len;
        let index = SegmentIndex::Memory(MemoryIndex::default());
        Ok(Segment::new(base, files, self.dir.health(), len, index))
    }

    /// Opens the segments that are trusted; those to be verified stay without indexes. One with a
    /// damaged list of aborted transactions is verified as well, since only the log can mend it.
    fn open_segments(&mut self, plan: &mut RecoveryPlan) -> Result<(), OpenLogError> {
        for at in 0..plan.segments.len() {
            let segment = self.segment(plan.segments[at].base, FileStage::Live)?;
            if !plan.segments[at].verify && !self.own(has_good_transactions(&segment))? {
                self.report.rebuilt.push(segment.files().transaction_index.path());
                plan.segments[at..].iter_mut().for_each(|segment| segment.verify = true);
            }
            if !plan.segments[at].verify {
                self.trust(&segment, &plan.segments[at])?;
                self.collect_lost_epochs(&segment)?;
            }
            self.segments.push(segment);
        }
        Ok(())
    }

    /// Takes the indexes of a segment that was flushed or closed, if they look right.
    fn trust(&mut self, segment: &Arc<Segment>, planned: &SegmentPlan) -> Result<(), OpenLogError> {
        let complete = planned.has_offset_index && planned.has_time_index;
        if complete && let Some(index) = self.own(load_file_index(segment, &self.request.config))? {
            segment.with_index_mut(|current| *current = SegmentIndex::Files(index));
            return Ok(());
        }
        let path = segment.files().offset_index.path();
        tracing::warn!(path = %path.display(), "index is missing or damaged and is built anew");
        self.own(rebuild_indexes(segment, &self.request.config))?;
        self.report.rebuilt.push(path);
        Ok(())
    }

    /// Loads the newest usable snapshot and follows the producers through the trusted segments,
    /// up to the first one that is to be verified.
    fn load_producers(&mut self, plan: &RecoveryPlan) -> Result<(), OpenLogError> {
        self.snapshots =
            SnapshotFiles::new(self.dir.descriptors(), &self.path, plan.snapshots.iter().copied());
        let verified_from = plan.segments.iter().find(|segment| segment.verify).map(|segment| segment.base);
        let first = self.segments.first().map(|segment| segment.base_offset());
        let log_start = self.slot.log_start().max(first).unwrap_or(Offset::ZERO);
        self.drop_snapshots(|at| at <= log_start || verified_from.is_some_and(|from| at > from))?;
        self.derived.producers = self.newest_snapshot(log_start)?;
        let high_watermark = self.slot.high_watermark().unwrap_or(log_start);
        let offsets = (log_start, high_watermark);
        let recalled = recall_batches(&mut self.derived.producers, &self.segments, offsets);
        self.own(recalled)?;
        for segment in self.segments.clone() {
            if verified_from.is_some_and(|from| segment.base_offset() >= from) {
                break;
            }
            self.follow(&segment)?;
        }
        Ok(())
    }

    /// Reads the epochs of a trusted segment's batches, if the checkpoint does not tell them.
    pub(super) fn collect_lost_epochs(&mut self, segment: &Arc<Segment>) -> Result<(), OpenLogError> {
        if self.checkpointed.is_none() {
            let collected = collect_epochs(segment, &mut self.derived.epochs);
            self.own(collected)?;
        }
        Ok(())
    }

    /// Follows a trusted segment to its end.
    pub(super) fn follow(&mut self, segment: &Arc<Segment>) -> Result<(), OpenLogError> {
        let end = self.own(next_offset(segment))?;
        if end > self.derived.producers.end_offset() {
            let replayed = replay_producers(segment, (segment.len(), end), &mut self.derived.producers);
            self.own(replayed)?;
            self.derived.producers.advance_end_offset(end);
        }
        self.derived.next_offset = end;
        Ok(())
    }

    fn drop_snapshots(&mut self, is_unusable: impl Fn(Offset) -> bool) -> Result<(), StorageError> {
        for file in
            self.own_io("remove a producer snapshot of", |opening| opening.snapshots.take(is_unusable))?
        {
            self.own_io("remove a producer snapshot of", |_| file.remove())?;
        }
        Ok(())
    }

    fn newest_snapshot(&mut self, log_start: Offset) -> Result<ProducerState, StorageError> {
        let expiration = self.dir.config().producer_id_expiration;
        while let Some(offset) = self.snapshots.latest() {
            let content =
                self.own_io("read a producer snapshot of", |opening| opening.snapshots.read(offset))?;
            match decode_snapshot(&content.unwrap_or_default()) {
                Ok(entries) => {
                    return Ok(ProducerState::restored(offset, entries, self.request.now, expiration));
                }
                Err(reason) => {
                    let path = self.path.join(FileName::live(offset, FileKind::ProducerSnapshot));
                    tracing::warn!(path = %path.display(), reason, "producer snapshot is not used");
                    self.report.rebuilt.push(path);
                    self.drop_snapshots(|at| at == offset)?;
                }
            }
        }
        Ok(ProducerState::new(log_start))
    }

    /// Everything is read: makes the log.
    fn finish(mut self) -> Result<OpenedLog, OpenLogError> {
        let checkpointed = self.slot.log_start();
        if checkpointed.is_some_and(|start| start > self.derived.next_offset) {
            self.start_over(checkpointed.unwrap_or(Offset::ZERO))?;
        }
        let now = self.request.now;
        let active = self.open_last(now)?;
        let first = self.segments[0].base_offset();
        let log_start = checkpointed.map_or(first, |start| start.max(first));
        let log_end = self.derived.next_offset;
        self.derived.producers.advance_end_offset(log_end);
        self.derived.producers.on_log_start(log_start);
        let high_watermark = self.slot.high_watermark().unwrap_or(log_start).clamp(log_start, log_end);
        self.derived.producers.on_high_watermark(high_watermark);
        let recovery_point = self.slot.recovery_point().unwrap_or(log_start).clamp(log_start, log_end);
        let is_written = self.checkpointed.as_ref() == Some(&self.derived.epochs);
        let mut epochs = EpochFile::new(self.derived.epochs, is_written, &self.path, self.dir.descriptors());
        epochs.truncate_from_end(log_end);
        epochs.truncate_from_start(log_start);
        let view = LogView {
            offsets: LogOffsets::new(log_start, None, high_watermark, log_end),
            leader_epoch: None,
            epochs: Arc::clone(epochs.shared()),
            segments: Arc::new(self.segments.clone()),
            last_segment_len: active.len(),
            max_decompressed: self.request.config.max_decompressed_message_bytes,
        };
        let mut log = Log {
            dir: self.dir,
            slot: self.slot,
            path: self.path,
            topic_id: self.request.topic_id,
            config: self.request.config,
            segments: Arc::new(self.segments),
            active,
            epochs,
            producers: self.derived.producers,
            staged: StagedProducers::new(),
            snapshots: self.snapshots,
            log_start,
            log_end,
            high_watermark,
            recovery_point,
            leader_epoch: None,
            last_flush: now,
            truncations: 0,
            chance: self.chance,
            jobs: Vec::new(),
            view: LogViewHandle::new(view),
            unpublished: true,
        };
        log.checkpoint_epochs();
        log.note_checkpoints();
        log.publish();
        Ok(OpenedLog { log, report: self.report })
    }

    /// The log ends before its start: its files were lost. Nothing of what is left counts.
    fn start_over(&mut self, start: Offset) -> Result<(), StorageError> {
        tracing::warn!(partition = %self.slot.partition(), end = %self.derived.next_offset, %start,
            "the log ends before its start and is emptied");
        for segment in std::mem::take(&mut self.segments) {
            self.own_io("remove a segment of", |_| segment.files().remove())?;
        }
        self.drop_snapshots(|_| true)?;
        self.derived.epochs.clear();
        self.derived.producers = ProducerState::new(start);
        self.derived.next_offset = start;
        Ok(())
    }

    /// The active segment: the last one, or a new one where there is none.
    fn open_last(&mut self, now: Timestamp) -> Result<ActiveSegment, OpenLogError> {
        let config = Arc::clone(&self.request.config);
        let jitter = super::roll::roll_jitter(&config, &mut self.chance);
        let Some(segment) = self.segments.last().map(Arc::clone) else {
            let base = self.derived.next_offset;
            let files = SegmentFiles::new(self.dir.descriptors(), &self.path, base, FileStage::Live);
            self.own_io("create a segment of", |_| {
                files.log.replace()?;
                files.offset_index.replace()?;
                files.time_index.replace().map(drop)
            })?;
            let index = SegmentIndex::Memory(MemoryIndex::default());
            let segment = Segment::new(base, files, self.dir.health(), 0, index);
            self.segments.push(Arc::clone(&segment));
            return Ok(ActiveSegment::new(segment, IndexBuilder::new(), now, jitter));
        };
        let in_memory = segment.with_index(|index| match index {
            SegmentIndex::Memory(index) => Some(index.max_timestamp),
            SegmentIndex::Files(_) => None,
        });
        if let Some(max_timestamp) = in_memory {
            let builder = self.own(resume_builder(&segment, max_timestamp))?;
            return Ok(ActiveSegment::recovered(segment, builder, now).with_jitter(jitter));
        }
        let index = self.own(load_memory_index(&segment))?;
        let index = match index {
            Some(index) => index,
            None => {
                self.own(rebuild_indexes(&segment, &config))?;
                self.own(load_memory_index(&segment))?.unwrap_or_default()
            }
        };
        let builder = self.own(resume_builder(&segment, index.max_timestamp))?;
        segment.with_index_mut(|current| *current = SegmentIndex::Memory(index));
        Ok(ActiveSegment::new(segment, builder, now, jitter))
    }

    /// A read of this log's own files: what is wrong with them is damage.
    pub(super) fn own<T>(&self, result: Result<T, ReadError>) -> Result<T, OpenLogError> {
        result.map_err(|error| {
            let (path, position) = match error {
                ReadError::Storage(StorageError::Disk(failure)) => {
                    return OpenLogError::Storage(self.dir.health().fail_with(failure));
                }
                ReadError::Storage(error) => return OpenLogError::Storage(error),
                ReadError::Corrupt { path, position, .. } => (path, position),
                ReadError::OutOfRange { .. } | ReadError::NotResident | ReadError::Stale => {
                    (self.path.get(), 0)
                }
            };
            let (partition, offset) = (self.slot.partition().clone(), self.derived.next_offset);
            OpenLogError::Damaged { partition, path, position, offset }
        })
    }

    pub(super) fn own_io<T>(
        &mut self,
        what: &'static str,
        body: impl FnOnce(&mut Opening) -> io::Result<T>,
    ) -> Result<T, StorageError> {
        let result = body(self);
        result.map_err(|error| self.dir.health().fail(what, self.path.get(), error))
    }
}

/// Where the writer goes on in a segment with these indexes: as Kafka, the distance to the next
/// index entry counts anew.
fn resume_builder(
    segment: &Arc<Segment>,
    max_timestamp: Option<TimeEntry>,
) -> Result<IndexBuilder, ReadError> {
    Ok(IndexBuilder {
        len: segment.len(),
        bytes_since_index: 0,
        max_timestamp,
        first_timestamp: first_timestamp(segment)?,
    })
}

fn first_timestamp(segment: &Arc<Segment>) -> Result<Option<Timestamp>, ReadError> {
    if segment.len() == 0 {
        return Ok(None);
    }
    let log = segment.log_reader(Patience::Wait)?;
    let first = HeaderScan::new(&log, 0, segment.len()).next()?;
    Ok(first.and_then(|entry| entry.max_timestamp))
}

/// Offset after the last batch of a segment, from its last index entry on.
pub(super) fn next_offset(segment: &Arc<Segment>) -> Result<Offset, ReadError> {
    if segment.len() == 0 {
        return Ok(segment.base_offset());
    }
    let log = segment.log_reader(Patience::Wait)?;
    let mut next = segment.base_offset();
    let last = segment.last_indexed_position()?;
    let mut scan = HeaderScan::new(&log, last, segment.len());
    while let Some(entry) = scan.next()? {
        next = entry.last_offset.next();
    }
    Ok(next)
}
