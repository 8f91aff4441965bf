//! Removing old segments: the plan carried out.

use std::sync::Arc;

use klamm_model::Timestamp;

use super::Log;
use super::retention_plan::{LogFacts, SegmentFacts, plan_retention};
use super::types::{LogStartReason, RetentionReport};
use crate::error::StorageError;
use crate::segment::{Segment, SegmentIndex, rebuild_indexes};

impl Log {
    /// Removes segments below the log start, beyond `retention.bytes` or older than `retention.ms`,
    /// as far as the high watermark allows.
    pub fn apply_retention(&mut self, now: Timestamp) -> Result<RetentionReport, StorageError> {
        self.health().check_online()?;
        self.mend_suspect_indexes()?;
        let facts = self.segment_facts()?;
        let log = LogFacts { log_start: self.log_start, high_watermark: self.high_watermark, now };
        let count = plan_retention(&facts, log, &self.config);
        if count == 0 {
            return Ok(RetentionReport::default());
        }
        if count == self.segments.len() {
            self.roll_to(self.log_end, None, now)?;
        }
        let removed: Vec<Arc<Segment>> = Arc::make_mut(&mut self.segments).drain(..count).collect();
        let report = RetentionReport { segments: count, bytes: facts[..count].iter().map(|s| s.size).sum() };
        let start = self.segments[0].base_offset();
        self.unpublished = true;
        self.advance_log_start(start, LogStartReason::SegmentDeletion);
        self.note_checkpoints();
        self.remove_segments(&removed)?;
        Ok(report)
    }

    fn segment_facts(&self) -> Result<Vec<SegmentFacts>, StorageError> {
        let ends = self.segments.iter().skip(1).map(|next| next.base_offset()).chain([self.log_end]);
        let mut facts = Vec::with_capacity(self.segments.len());
        for (segment, end_offset) in self.segments.iter().zip(ends) {
            let largest_timestamp = self.largest_timestamp(segment)?;
            facts.push(SegmentFacts { end_offset, size: segment.len(), largest_timestamp });
        }
        Ok(facts)
    }

    fn largest_timestamp(&self, segment: &Arc<Segment>) -> Result<Timestamp, StorageError> {
        let known = if Arc::ptr_eq(segment, self.active.segment()) {
            self.active.max_timestamp()
        } else {
            self.local(segment.last_time_entry())?
        };
        match known {
            Some(entry) => Ok(entry.timestamp),
            None => Ok(segment.facts()?.modified),
        }
    }

    /// Builds indexes anew that led a reader to the wrong place.
    fn mend_suspect_indexes(&mut self) -> Result<(), StorageError> {
        for segment in self.segments.iter().filter(|segment| segment.is_suspect()) {
            let is_sealed = segment.with_index(|index| matches!(index, SegmentIndex::Files(_)));
            if is_sealed {
                tracing::warn!(path = %segment.files().offset_index.path().display(), "index is built anew");
                self.local(rebuild_indexes(segment, &self.config))?;
            }
            segment.clear_suspect();
        }
        Ok(())
    }
}
