//! The log's side of compaction: what there is to compact, and putting new segments in the place of
//! old ones.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use klamm_model::{Offset, ProducerId, Timestamp};

use super::Log;
use crate::compaction::{
    Compacted, Compaction, CompactionError, CompactionPlan, CompactionSettings, CompactionSource,
    LastOfProducer,
};
use crate::names::FileStage;

impl Log {
    /// A snapshot to plan a compaction for; `None` where the policy is not `compact`. Costs nothing.
    pub fn compaction_source(&self) -> Option<CompactionSource> {
        self.config.cleanup.compact.then(|| CompactionSource {
            segments: Arc::clone(&self.segments),
            config: Arc::clone(&self.config),
            log_start: self.log_start,
            last_stable: self.last_stable_offset(),
            high_watermark: self.high_watermark,
            log_end: self.log_end,
            cleaned_to: self.slot.cleaned_to(),
        })
    }

    /// Begins a planned compaction; `None` where the policy is not `compact` (any more).
    pub fn begin_compaction(
        &self,
        plan: CompactionPlan,
        settings: CompactionSettings,
        now: Timestamp,
    ) -> Option<Compaction> {
        let source = self.compaction_source()?;
        let place = (Arc::clone(&self.dir), Arc::clone(&self.path));
        Some(Compaction::new(place, source, plan, self.last_of_producers(), settings, now))
    }

    fn last_of_producers(&self) -> BTreeMap<ProducerId, LastOfProducer> {
        let last = self.producers.producers().map(|producer| {
            let last = match producer.last_batch() {
                Some(batch) => LastOfProducer::Data(batch.last_offset),
                None => LastOfProducer::Marker(producer.epoch()),
            };
            (producer.producer_id(), last)
        });
        last.collect()
    }

    /// Puts the finished segment of a compaction in the place of those it replaces, whose files stay
    /// for `file.delete.delay.ms`. Renames only; [`Compaction::step`] made the content durable. An
    /// error: the log changed meanwhile and nothing was done, or the directory is offline.
    pub fn install(&mut self, compaction: &mut Compaction) -> Result<(), CompactionError> {
        self.health().check_online()?;
        let Some(mut compacted) = compaction.take_ready() else { return Ok(()) };
        let first = compacted.old.first().expect("a compaction replaces something");
        let sealed = &self.segments[..self.segments.len() - 1];
        let at = sealed.iter().position(|segment| Arc::ptr_eq(segment, first));
        let range = at.map(|at| at..at + compacted.old.len());
        let replaced = range.clone().and_then(|range| sealed.get(range));
        let is_same = replaced.is_some_and(|replaced| {
            replaced.iter().zip(&compacted.old).all(|(here, there)| Arc::ptr_eq(here, there))
        });
        let (Some(range), true) = (range, is_same) else { return Err(CompactionError::Superseded) };
        compacted.is_installed = true;
        // Half-renamed the log in memory and its files differ: not even a full disk is forgiven here.
        swap(&compacted)
            .map_err(|error| self.failed("swap a segment of", io::Error::other(error.to_string())))?;
        Arc::make_mut(&mut self.segments).splice(range, [Arc::clone(&compacted.new)]);
        self.unpublished = true;
        let gone = |offset| compacted.old.iter().skip(1).any(|segment| segment.base_offset() == offset);
        let snapshots = self.snapshots.take(gone);
        let mut files = snapshots.map_err(|error| self.failed("remove producer snapshots of", error))?;
        files.extend(compacted.old.iter().flat_map(|segment| segment.files().all().map(Arc::clone)));
        self.delete_later(files);
        Ok(())
    }

    /// The log is clean below `offset`; durable after the directory's cleaner checkpoint.
    pub fn note_cleaned(&self, offset: Offset) {
        self.slot.set_cleaned_to(Some(offset));
    }

    /// What was cut off is no longer clean.
    pub(super) fn lower_cleaned_to(&self, offset: Offset) {
        if self.slot.cleaned_to().is_some_and(|cleaned_to| cleaned_to > offset) {
            self.slot.set_cleaned_to(Some(offset));
        }
    }
}

/// 1. The new files say that they are whole. 2. The old ones go. 3. The new ones take their names.
///
/// After 1 a start finishes the rest.
fn swap(compacted: &Compacted) -> io::Result<()> {
    compacted.new.files().rename(FileStage::Swap)?;
    compacted.old.iter().try_for_each(|segment| segment.files().rename(FileStage::Deleted))?;
    compacted.new.files().rename(FileStage::Live)
}
