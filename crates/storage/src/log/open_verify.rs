//! Opening a log after an unclean stop: verifying its end, and cutting it where it is damaged.

use std::io;
use std::sync::Arc;

use klamm_model::Offset;

use super::open::{Opening, next_offset};
use super::open_files::{has_good_transactions, load_file_index};
use super::recover::{Damage, verify_segment};
use super::recovery_plan::RecoveryPlan;
use crate::disk::OpenMode;
use crate::error::{OpenLogError, StorageError};
use crate::names::{FileKind, FileName, FileStage, METADATA_TOPIC};
use crate::segment::{ActiveSegment, Segment, SegmentIndex};

/// Copied at once when damaged bytes are kept aside.
const COPY: usize = 1 << 20;

impl Opening {
    /// Verifies what the plan says, in order; ends at the first damage.
    pub(super) fn verify(&mut self, plan: &RecoveryPlan) -> Result<(), OpenLogError> {
        let Some(first) = plan.segments.iter().position(|segment| segment.verify) else { return Ok(()) };
        if first == 0 {
            // The log may start in the middle of its first segment, whose batches begin before.
            self.derived.next_offset = self.segments[0].base_offset();
        }
        for at in first..self.segments.len() {
            let segment = Arc::clone(&self.segments[at]);
            let limit = self.segments.get(at + 1).map(|next| next.base_offset());
            if limit.is_none() && self.is_flushed(&segment)? {
                self.adopt_flushed(&segment)?;
                continue;
            }
            let damage = self.verify_one(&segment, limit)?;
            if let Some(damage) = damage {
                return self.cut(at, &damage);
            }
        }
        Ok(())
    }

    /// Whether the last segment, after an unclean stop, is just what was flushed before: its
    /// indexes are right and its last batch ends at the recovery point.
    fn is_flushed(&self, segment: &Arc<Segment>) -> Result<bool, OpenLogError> {
        let Some(recovery_point) = self.slot.recovery_point() else { return Ok(false) };
        if segment.len() == 0 || self.request.cut_damage || !self.own(has_good_transactions(segment))? {
            return Ok(false);
        }
        let Ok(Some(index)) = load_file_index(segment, &self.request.config) else { return Ok(false) };
        segment.with_index_mut(|current| *current = SegmentIndex::Files(index));
        Ok(next_offset(segment).is_ok_and(|end| end == recovery_point))
    }

    fn adopt_flushed(&mut self, segment: &Arc<Segment>) -> Result<(), OpenLogError> {
        self.follow(segment)?;
        self.collect_lost_epochs(segment)
    }

    fn verify_one(
        &mut self,
        segment: &Arc<Segment>,
        limit: Option<Offset>,
    ) -> Result<Option<Damage>, StorageError> {
        let base = segment.base_offset();
        if self.derived.producers.end_offset() < base {
            self.derived.producers.advance_end_offset(base);
        }
        let log = &segment.files().log;
        let verified = log.get().and_then(|file| {
            verify_segment(&*file, (base, segment.len(), limit), &self.request.config, &mut self.derived)
        });
        let verified = verified.map_err(|error| self.dir.health().fail("verify", log.path(), error))?;
        self.report.verified_bytes += verified.builder.len;
        segment.with_index_mut(|current| *current = SegmentIndex::Memory(verified.index));
        let mut active = ActiveSegment::recovered(Arc::clone(segment), verified.builder, self.request.now);
        self.own_io("write an index of", |_| {
            active.discard_index_files()?;
            if verified.damage.is_none() && limit.is_some() { active.seal() } else { Ok(()) }
        })?;
        Ok(verified.damage)
    }

    /// Cuts the log at a damage: the rest of that segment and all later ones.
    fn cut(&mut self, at: usize, damage: &Damage) -> Result<(), OpenLogError> {
        let segment = Arc::clone(&self.segments[at]);
        let later = self.segments.split_off(at + 1);
        let lost_from = self.derived.next_offset;
        let valid_after = damage.valid_after || later.iter().any(|segment| segment.len() > 0);
        let is_flushed = self.slot.recovery_point().is_some_and(|point| lost_from < point);
        // Of the metadata no recovery point tells what the quorum counted: valid batches behind the damage do, unless the
        // damage shows that what is there was never synced.
        let is_counted = valid_after && !damage.unwritten && *self.slot.partition().topic == *METADATA_TOPIC;
        if (is_flushed || is_counted) && !self.request.cut_damage {
            return Err(OpenLogError::Damaged {
                partition: self.slot.partition().clone(),
                path: segment.files().log.path(),
                position: damage.position,
                offset: lost_from,
            });
        }
        self.report.truncated_bytes =
            segment.len() - damage.position + later.iter().map(|s| s.len()).sum::<u64>();
        if valid_after {
            self.keep_aside(&segment, damage, lost_from)?;
        }
        let cut = segment.files().log.get().and_then(|file| {
            file.set_len(damage.position)?;
            file.sync()
        });
        cut.map_err(|error| self.dir.health().fail("cut", segment.files().log.path(), error))
            .map_err(OpenLogError::Storage)?;
        segment.set_len(damage.position);
        for segment in &later {
            let files = segment.files();
            if valid_after {
                self.own_io("keep aside a segment of", |_| files.log.rename(FileStage::Corrupt))?;
            }
            self.own_io("remove a segment of", |_| {
                files
                    .all()
                    .into_iter()
                    .filter(|file| file.name().stage == FileStage::Live)
                    .try_for_each(|f| f.remove())
            })?;
        }
        tracing::warn!(
            partition = %self.slot.partition(), offset = %lost_from, bytes = self.report.truncated_bytes,
            reason = damage.reason, "the end of the log was damaged and is cut"
        );
        Ok(())
    }

    /// Copies the bytes from a damage on to a file that Kafka ignores.
    fn keep_aside(
        &mut self,
        segment: &Arc<Segment>,
        damage: &Damage,
        offset: Offset,
    ) -> Result<(), StorageError> {
        let name = FileName { offset, kind: FileKind::Log, stage: FileStage::Corrupt };
        let path = self.path.join(name);
        let len = segment.len();
        self.own_io("keep aside damaged bytes of", |opening| {
            let from = segment.files().log.get()?;
            let to = opening.dir.disk().open(&path, OpenMode::Replace)?;
            let (mut position, mut buffer) = (damage.position, vec![0; COPY]);
            while position < len {
                let count = from.read_at(&mut buffer, position)?;
                if count == 0 {
                    break;
                }
                to.write_at(&[io::IoSlice::new(&buffer[..count])], position - damage.position)?;
                position += count as u64;
            }
            to.sync()
        })?;
        tracing::error!(
            partition = %self.slot.partition(), from = %offset, kept = %path.display(),
            "damage in the middle of the log: valid batches after it are cut off and kept aside"
        );
        self.report.kept_aside = Some(path);
        Ok(())
    }
}
