//! Removing old segments: the plan carried out.

use std::sync::Arc;

use klamm_model::Timestamp;

use super::Log;
use super::retention_plan::{LogFacts, SegmentFacts, plan_retention};
use super::types::{LogStartReason, RetentionReport};
use crate::error::StorageError;
use crate::segment::{RollReason, Segment, SegmentIndex, rebuild_indexes};

impl Log {
    /// Removes segments below the log start, beyond `retention.bytes` or older than `retention.ms`,
    /// as far as the high watermark allows.
    pub fn apply_retention(&mut self, now: Timestamp) -> Result<RetentionReport, StorageError> {
        self.health().check_online()?;
        match self.mend_suspect_indexes() {
            // Retention is what makes room for them.
            Ok(()) | Err(StorageError::Full { .. }) => {}
            Err(error) => return Err(error),
        }
        let facts = self.segment_facts()?;
        let log = LogFacts { log_start: self.log_start, high_watermark: self.high_watermark, now };
        let count = plan_retention(&facts, log, &self.config);
        let (sealed, last) = facts[..count].split_at(count.min(self.segments.len() - 1));
        let mut report = self.remove_oldest(sealed)?;
        if !last.is_empty() {
            // After the others, and below the low-water mark too: what makes room needs a little.
            match self.roll_to(self.log_end, Some(RollReason::Retention), now) {
                Ok(()) => {
                    let removed = self.remove_oldest(last)?;
                    report.segments += removed.segments;
                    report.bytes += removed.bytes;
                }
                // The next round finds the room that the others leave.
                Err(StorageError::Full { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(report)
    }

    /// Removes the segments that `facts` describe, the first ones.
    fn remove_oldest(&mut self, facts: &[SegmentFacts]) -> Result<RetentionReport, StorageError> {
        if facts.is_empty() {
            return Ok(RetentionReport::default());
        }
        let removed: Vec<Arc<Segment>> = Arc::make_mut(&mut self.segments).drain(..facts.len()).collect();
        let bytes = facts.iter().map(|segment| segment.size).sum();
        let report = RetentionReport { segments: facts.len(), bytes };
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
