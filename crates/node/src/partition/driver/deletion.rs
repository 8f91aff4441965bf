//! DeleteRecords on the leader: its own log start moves at once; the answer waits until those of all replicas on active
//! brokers have (Kafka: DelayedDeleteRecords), so that whoever leads next cannot serve what was deleted.

use std::task::Waker;

use klamm_model::Offset;
use klamm_storage::LogStartReason;

use super::{LogSlot, PartitionDriver, PartitionEffects, Role};
use crate::promise::{Awaited, Promise, promise};

/// Why records were not deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeleteRecordsRefusal {
    /// NOT_LEADER_OR_FOLLOWER.
    #[error("this replica does not lead the partition")]
    NotLeader,
    /// OFFSET_OUT_OF_RANGE: above the high watermark.
    #[error("the offset is above the high watermark")]
    OutOfRange,
}

/// The low watermark once it has come up to what was asked for.
pub type Deleted = Result<Offset, DeleteRecordsRefusal>;

/// What became of a deletion within the call.
#[derive(Debug)]
pub enum Deletion {
    /// No replica has anything below this offset.
    Done(Offset),
    /// The leader's log start has moved; others lag.
    Waiting {
        /// The low watermark now; `None` while a replica has not told its log start.
        low_watermark: Option<Offset>,
        /// Ready once they do not.
        deleted: Awaited<Deleted>,
    },
}

/// Deletions that wait for replicas.
#[derive(Debug, Default)]
pub(super) struct Deletions(Vec<(Offset, Promise<Deleted>)>);

impl Deletions {
    /// Adds one; those whose requests have timed out go, so that no more are kept than requests wait.
    fn add(&mut self, target: Offset, promise: Promise<Deleted>) {
        self.0.retain(|(_, promise)| !promise.is_abandoned());
        self.0.push((target, promise));
    }

    /// The leadership ended.
    pub(super) fn refuse_all(&mut self, wake: &mut Vec<Waker>) {
        for (_, promise) in self.0.drain(..) {
            wake.extend(promise.give(Err(DeleteRecordsRefusal::NotLeader)));
        }
    }

    fn on_low_watermark(&mut self, reached: Offset, wake: &mut Vec<Waker>) {
        for (target, promise) in std::mem::take(&mut self.0) {
            if target <= reached {
                wake.extend(promise.give(Ok(reached)));
            } else {
                self.0.push((target, promise));
            }
        }
    }
}

impl PartitionDriver {
    /// DeleteRecords: moves the log start up to `offset`, `None` for the high watermark.
    pub(in crate::partition) fn delete_records(
        &mut self,
        offset: Option<Offset>,
        effects: &mut PartitionEffects,
    ) -> Result<Deletion, DeleteRecordsRefusal> {
        let (Role::Leader(_), LogSlot::Open(log)) = (&self.role, &mut self.log) else {
            return Err(DeleteRecordsRefusal::NotLeader);
        };
        let high_watermark = log.high_watermark();
        let target = offset.unwrap_or(high_watermark);
        if target > high_watermark || target < log.log_start_offset() && offset.is_none() {
            return Err(DeleteRecordsRefusal::OutOfRange);
        }
        log.advance_log_start(target, LogStartReason::ClientRecordDeletion);
        self.finish(effects);
        self.look_at_deletions(effects);
        let low_watermark = self.low_watermark();
        if let Some(reached) = low_watermark.filter(|reached| *reached >= target) {
            return Ok(Deletion::Done(reached));
        }
        let (promise, deleted) = promise();
        self.deletions.add(target, promise);
        Ok(Deletion::Waiting { low_watermark, deleted })
    }

    /// A follower's log start, the followers, or which brokers are active changed.
    pub(super) fn look_at_deletions(&mut self, effects: &mut PartitionEffects) {
        if self.deletions.0.is_empty() {
            return;
        }
        if let Some(reached) = self.low_watermark() {
            self.deletions.on_low_watermark(reached, &mut effects.wake);
        }
    }

    fn low_watermark(&self) -> Option<Offset> {
        let (Role::Leader(leader), LogSlot::Open(log)) = (&self.role, &self.log) else { return None };
        leader.low_watermark(log.log_start_offset(), &self.brokers.load())
    }
}
