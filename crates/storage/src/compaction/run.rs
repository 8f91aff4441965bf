//! One compaction of one log, in steps.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use klamm_logstate::AbortedSearch;
use klamm_model::{Offset, ProducerId, Timestamp};
use klamm_protocol::records::AnyBatches;

use super::LastOfProducer;
use super::batches::{changed, checked, damage, limits, opened, pass, read_batches};
use super::offset_map::OffsetMap;
use super::plan::{CompactionPlan, CompactionSource, facts_of, group_segments};
use super::progress::{CompactionError, CompactionSettings, CompactionStep, CompactionSummary, NextStep};
use super::retain::{Rules, retain};
use super::rewrite::{Compacted, Output};
use super::transactions::Transactions;
use crate::config::LogConfig;
use crate::directory::LogDir;
use crate::disk::PartitionPath;
use crate::log::Patience;
use crate::segment::Segment;

#[derive(Debug)]
enum Phase {
    /// Keys of the dirty part go into the map.
    Map {
        segment: usize,
        position: Option<u64>,
    },
    /// The groups are rewritten, one after the other.
    Rewrite {
        group: usize,
    },
    Over,
}

/// Whether the map takes more keys.
enum MapState {
    Open,
    Full,
}

/// A group that is being rewritten.
#[derive(Debug)]
struct Group {
    segments: Range<usize>,
    current: usize,
    position: u64,
    /// Batches from here on are still to come.
    next_offset: Offset,
    output: Output,
}

/// See the module.
#[derive(Debug)]
pub struct Compaction {
    dir: Arc<LogDir>,
    path: Arc<PartitionPath>,
    config: Arc<LogConfig>,
    settings: CompactionSettings,
    now: Timestamp,
    producers: BTreeMap<ProducerId, LastOfProducer>,
    /// All segments below the first that must not be compacted.
    segments: Vec<Arc<Segment>>,
    /// Those from there on, read only for aborted transactions that began below and whose marker they hold.
    later: Vec<Arc<Segment>>,
    plan: CompactionPlan,
    high_watermark: Offset,
    map: OffsetMap,
    transactions: Transactions,
    groups: Vec<Range<usize>>,
    legacy_horizon: i64,
    phase: Phase,
    group: Option<Group>,
    ready: Option<Compacted>,
    /// A segment was put in place since the directory was last synced.
    is_renamed: bool,
    buffer: Vec<u8>,
    output: Vec<u8>,
    summary: CompactionSummary,
}

impl Compaction {
    /// Begins with what `source` and `plan` say; `producers` are the log's active ones.
    pub(crate) fn new(
        (dir, path): (Arc<LogDir>, Arc<PartitionPath>),
        source: CompactionSource,
        plan: CompactionPlan,
        producers: BTreeMap<ProducerId, LastOfProducer>,
        settings: CompactionSettings,
        now: Timestamp,
    ) -> Compaction {
        let count = source.segments.partition_point(|segment| segment.base_offset() < plan.first_uncleanable);
        let (segments, later) = source.segments.split_at(count);
        let (segments, later) = (segments.to_vec(), later.to_vec());
        let records = plan.first_uncleanable.distance_from(plan.first_dirty).max(0);
        let first = segments.partition_point(|segment| segment.base_offset() <= plan.first_dirty);
        Compaction {
            dir,
            path,
            config: source.config,
            now,
            producers,
            map: OffsetMap::new(
                settings.map_bytes,
                settings.load_factor,
                records.unsigned_abs(),
                settings.secret,
            ),
            settings,
            segments,
            later,
            high_watermark: source.high_watermark,
            transactions: Transactions::default(),
            groups: Vec::new(),
            legacy_horizon: i64::MIN,
            phase: Phase::Map { segment: first.saturating_sub(1), position: None },
            group: None,
            ready: None,
            is_renamed: false,
            buffer: Vec::new(),
            output: Vec::new(),
            summary: CompactionSummary { from: plan.first_dirty, ..CompactionSummary::default() },
            plan,
        }
    }

    /// Does the next piece of work; blocks. After an error the compaction is over.
    pub fn step(&mut self) -> Result<CompactionStep, CompactionError> {
        self.dir.health().check_writable()?;
        if self.ready.is_some() {
            return Ok(CompactionStep { bytes: 0, next: NextStep::Install });
        }
        if std::mem::take(&mut self.is_renamed) {
            let synced = self.dir.disk().sync_dir(&self.path.get());
            synced.map_err(|error| self.failed(error))?;
        }
        match self.phase {
            Phase::Map { segment, position } => self.map_step(segment, position),
            Phase::Rewrite { group } => self.rewrite_step(group),
            Phase::Over => Ok(CompactionStep { bytes: 0, next: NextStep::Finish }),
        }
    }

    /// What it did, once it is over.
    pub fn summary(&self) -> &CompactionSummary {
        &self.summary
    }

    pub(crate) fn take_ready(&mut self) -> Option<Compacted> {
        self.is_renamed |= self.ready.is_some();
        self.ready.take()
    }

    fn map_step(&mut self, at: usize, position: Option<u64>) -> Result<CompactionStep, CompactionError> {
        let Some(segment) = self.segments.get(at).map(Arc::clone) else {
            return self.end_map(None);
        };
        let first_dirty = self.plan.first_dirty;
        let log = opened(&segment)?;
        let position = match position {
            Some(position) => position,
            None => {
                let range = (first_dirty, self.plan.first_uncleanable);
                self.transactions.add(&self.aborted_in(at, range)?);
                let place = segment.find_batch(&log, first_dirty, segment.len(), Patience::Wait);
                place.map_err(changed)?.map_or(segment.len(), |place| place.position)
            }
        };
        if position >= segment.len() {
            // Gaps at the end of a segment are known, too.
            let end =
                self.segments.get(at + 1).map_or(self.plan.first_uncleanable, |next| next.base_offset());
            if end > first_dirty {
                self.map.reached(Offset::at(end.get() - 1));
            }
            self.phase = Phase::Map { segment: at + 1, position: Some(0) };
            return Ok(CompactionStep::default());
        }
        let bytes = read_batches(&log, position, segment.len(), self.settings.read_bytes, &mut self.buffer)?;
        let buffer = std::mem::take(&mut self.buffer);
        let noted = self.note_keys(&segment, position, &buffer[..bytes]);
        self.buffer = buffer;
        if let MapState::Full = noted? {
            return self.end_map(Some(bytes as u64));
        }
        self.phase = Phase::Map { segment: at, position: Some(position + bytes as u64) };
        Ok(CompactionStep { bytes: bytes as u64, next: NextStep::Step })
    }

    /// Takes the keys of whole batches into the map, until it is full.
    fn note_keys(
        &mut self,
        segment: &Segment,
        position: u64,
        batches: &[u8],
    ) -> Result<MapState, CompactionError> {
        let first_dirty = self.plan.first_dirty;
        let limits = limits(&self.config);
        let (mut consumed, mut offsets) = (0, self.offsets_of(segment));
        for batch in AnyBatches::new(batches) {
            let damaged = |reason: String| damage(segment, position + consumed, reason);
            let batch = checked(batch, &mut offsets).map_err(damaged)?;
            let is_aborted = pass(&mut self.transactions, &batch);
            if !batch.is_control() && !is_aborted {
                let mut records = batch.records(limits).map_err(|error| damaged(error.to_string()))?;
                while let Some(record) = records.next() {
                    let record = record.map_err(|error| damaged(error.to_string()))?;
                    let Some(key) = record.key.filter(|_| record.offset >= first_dirty) else { continue };
                    if self.map.put(key, record.offset).is_err() {
                        return Ok(MapState::Full);
                    }
                }
            }
            if batch.last_offset() >= first_dirty {
                self.map.reached(batch.last_offset());
            }
            consumed += batch.bytes().len() as u64;
        }
        Ok(MapState::Open)
    }

    /// The map is full or whole: what it covers is grouped.
    fn end_map(&mut self, bytes: Option<u64>) -> Result<CompactionStep, CompactionError> {
        let step = CompactionStep { bytes: bytes.unwrap_or(0), next: NextStep::Step };
        let Some(latest) = self.map.latest_offset() else {
            // Not even one batch fits the map.
            self.summary.upto = self.plan.first_dirty;
            self.phase = Phase::Over;
            return Ok(step);
        };
        let end = latest.next();
        self.summary.upto = end;
        let clean = self.segments.partition_point(|segment| segment.base_offset() < self.plan.first_dirty);
        if let Some(last_clean) = clean.checked_sub(1) {
            let modified = self.segments[last_clean].facts()?.modified.as_millis();
            let retention = i64::try_from(self.config.delete_retention.as_millis()).unwrap_or(i64::MAX);
            self.legacy_horizon = modified.saturating_sub(retention);
        } else {
            self.legacy_horizon = 0;
        }
        let count = self.segments.partition_point(|segment| segment.base_offset() < end);
        let after = self.segments.get(count).map_or(self.plan.first_uncleanable, |next| next.base_offset());
        let facts = facts_of(&self.segments[..count], &self.config)?;
        self.groups = group_segments(&facts, after, &self.config);
        self.transactions = Transactions::default();
        self.phase = Phase::Rewrite { group: 0 };
        Ok(step)
    }

    fn rewrite_step(&mut self, at: usize) -> Result<CompactionStep, CompactionError> {
        let Some(segments) = self.groups.get(at).cloned() else {
            self.phase = Phase::Over;
            return Ok(CompactionStep { bytes: 0, next: NextStep::Finish });
        };
        let mut group = match self.group.take() {
            Some(group) => group,
            None => self.begin_group(segments)?,
        };
        let segment = Arc::clone(&self.segments[group.current]);
        if group.position >= segment.len() {
            group.current += 1;
            group.position = 0;
            if group.current < group.segments.end {
                self.enter_segment(group.current)?;
                self.group = Some(group);
                return Ok(CompactionStep::default());
            }
            return self.finish_group(at, group);
        }
        let read = self.rewrite_some(&segment, &mut group)?;
        self.group = Some(group);
        Ok(CompactionStep { bytes: read, next: NextStep::Step })
    }

    fn begin_group(&mut self, segments: Range<usize>) -> Result<Group, CompactionError> {
        let base = self.segments[segments.start].base_offset();
        let output = Output::new(self.dir.descriptors(), &self.path, base);
        let output = output.map_err(|error| self.failed(error))?;
        self.enter_segment(segments.start)?;
        Ok(Group { current: segments.start, position: 0, next_offset: base, segments, output })
    }

    /// The offsets that batches of a segment have.
    fn offsets_of(&self, segment: &Segment) -> Range<Offset> {
        let base = segment.base_offset();
        let after = self.segments.partition_point(|segment| segment.base_offset() <= base);
        let end = self.segments.get(after).map_or(self.plan.first_uncleanable, |next| next.base_offset());
        base..end
    }

    fn enter_segment(&mut self, at: usize) -> Result<(), CompactionError> {
        let offsets = self.offsets_of(&self.segments[at]);
        let aborted = self.aborted_in(at, (offsets.start, offsets.end))?;
        self.transactions.add(&aborted);
        Ok(())
    }

    /// Reads some batches of a segment and writes what stays of them.
    fn rewrite_some(&mut self, segment: &Arc<Segment>, group: &mut Group) -> Result<u64, CompactionError> {
        let log = opened(segment)?;
        let (position, len) = (group.position, segment.len());
        let bytes = read_batches(&log, position, len, self.settings.read_bytes, &mut self.buffer)?;
        let modified = segment.facts()?.modified.as_millis();
        let rules = Rules {
            map: &self.map,
            producers: &self.producers,
            high_watermark: self.high_watermark,
            now: self.now,
            delete_retention: self.config.delete_retention,
            keeps_legacy_tombstones: modified > self.legacy_horizon,
            limits: limits(&self.config),
        };
        self.output.clear();
        let (mut consumed, mut offsets) = (0, group.next_offset..self.offsets_of(segment).end);
        for batch in AnyBatches::new(&self.buffer[..bytes]) {
            let damaged = |reason: String| damage(segment, position + consumed, reason);
            let batch = checked(batch, &mut offsets).map_err(damaged)?;
            let is_decided = pass(&mut self.transactions, &batch);
            let retained = retain(&batch, is_decided, &rules, &mut self.output);
            let retained = retained.map_err(|error| damaged(error.to_string()))?;
            self.summary.records_read += u64::from(retained.read);
            self.summary.records_kept += u64::from(retained.kept);
            consumed += batch.bytes().len() as u64;
        }
        group.output.note_aborted(self.transactions.take_kept());
        group.output.append(&self.output, &self.config).map_err(|error| self.failed(error))?;
        group.position += bytes as u64;
        group.next_offset = offsets.start;
        Ok((bytes + self.output.len()) as u64)
    }

    fn finish_group(&mut self, at: usize, group: Group) -> Result<CompactionStep, CompactionError> {
        let old = self.segments[group.segments.clone()].to_vec();
        let last = old.last().expect("a group has a segment");
        let modified = last.facts()?.modified;
        self.summary.bytes_read += old.iter().map(|segment| segment.len()).sum::<u64>();
        self.summary.bytes_kept += group.output.len();
        let finished = group.output.finish(old, self.dir.health(), modified);
        self.ready = Some(finished.map_err(|error| self.failed(error))?);
        self.phase = Phase::Rewrite { group: at + 1 };
        Ok(CompactionStep { bytes: 0, next: NextStep::Install })
    }

    /// Aborted transactions that touch a range of offsets, by the indexes from segment `at` to the active one: the
    /// index entry stands where the marker does, which may be after all that is compacted.
    fn aborted_in(
        &self,
        at: usize,
        range: (Offset, Offset),
    ) -> Result<Vec<klamm_logstate::AbortedTransaction>, CompactionError> {
        let mut found = Vec::new();
        for segment in self.segments[at..].iter().chain(&self.later) {
            match segment.collect_aborted(range, &mut found).map_err(changed)? {
                AbortedSearch::Complete => break,
                AbortedSearch::Continues => {}
            }
        }
        Ok(found)
    }

    fn failed(&self, error: std::io::Error) -> CompactionError {
        if error.kind() == std::io::ErrorKind::NotFound {
            return CompactionError::Superseded;
        }
        CompactionError::Storage(self.dir.health().fail("compact", self.path.get(), error))
    }
}
