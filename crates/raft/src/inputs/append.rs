//! Appends of the leader: control records of the quorum, and atomic batches of the state machine.

use klamm_model::{Instant, LeaderEpoch, NodeId, Offset};

use crate::control_history::Origin;
use crate::control_record::{ControlRecord, LeaderChange};
use crate::effect::{DataBatch, Effect, Effects};
use crate::quorum::Quorum;

/// Where an append went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appending {
    /// Offset of the first record.
    pub base_offset: Offset,
    /// Offset of the last record: committed once the high watermark is above it.
    pub last_offset: Offset,
}

/// Why an append was refused; nothing was appended.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum AppendError {
    /// Not, or no longer, the leader of that epoch.
    #[error("not the leader of epoch {epoch}; the current epoch is {current}")]
    NotLeader {
        /// The epoch of the append.
        epoch: LeaderEpoch,
        /// The current epoch.
        current: LeaderEpoch,
    },
    /// An atomic batch must fit one record batch.
    #[error("a batch of {bytes} bytes is over the limit of {limit}")]
    BatchTooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// Too much waits for the log; try again later.
    #[error("{queued} bytes wait for the log already")]
    QueueFull {
        /// How many.
        queued: usize,
    },
}

impl Quorum {
    /// The state machine appends an atomic batch in the epoch it leads. Refused unless this replica
    /// leads just that epoch. Batches of one epoch get adjacent offsets in the order of the calls;
    /// if the leadership ends first, those not committed may never be appended.
    pub fn on_append(
        &mut self,
        now: Instant,
        epoch: LeaderEpoch,
        batch: DataBatch,
        effects: &mut Effects,
    ) -> Result<Appending, AppendError> {
        assert!(batch.records > 0, "a batch has records");
        let current = self.epoch();
        let (limit, queue_limit) = (self.config.max_batch_bytes, self.config.max_queued_bytes);
        let (log_end, linger) = (self.log.log_end, self.config.append_linger);
        let leader = self.leader_mut().filter(|leader| epoch == current && !leader.is_resigning);
        let Some(leader) = leader else { return Err(AppendError::NotLeader { epoch, current }) };
        let bytes = batch.bytes.len();
        if bytes > limit {
            return Err(AppendError::BatchTooLarge { bytes, limit });
        }
        let queued = leader.queue.bytes();
        if queued > 0 && queued + bytes > queue_limit {
            return Err(AppendError::QueueFull { queued });
        }
        let base_offset = log_end.plus(leader.queue.records());
        let last_offset = base_offset.plus(i64::from(batch.records) - 1);
        leader.queue.push(batch, now.after(linger));
        self.finish(now, effects);
        Ok(Appending { base_offset, last_offset })
    }

    /// Appends the waiting batches: at once if no flush is under way, else with the end of that
    /// flush, but after the linger at the latest.
    pub(crate) fn drain_queue(&mut self, now: Instant) {
        let is_flushing = self.flushes.is_under_way();
        let Some(leader) = self.leader_mut() else { return };
        if !is_flushing || leader.queue.deadline().is_some_and(|deadline| deadline <= now) {
            self.append_queued();
        }
    }

    fn append_queued(&mut self) {
        let (base_offset, epoch) = (self.log.log_end, self.epoch());
        let Some(leader) = self.leader_mut() else { return };
        if leader.queue.is_empty() {
            return;
        }
        let (batches, records) = leader.queue.take();
        self.append_and_flush(Effect::AppendDataBatches { base_offset, epoch, batches }, records);
    }

    /// Appends control records after everything that waits; they count from now on. Returns the
    /// offset of the last one.
    pub(crate) fn append_control(&mut self, now: Instant, records: Vec<ControlRecord>) -> Offset {
        self.append_queued();
        let (base_offset, epoch) = (self.log.log_end, self.epoch());
        let count = i64::try_from(records.len()).expect("a handful of records");
        for (record, delta) in records.iter().zip(0..) {
            self.control.add(Origin::At(base_offset.plus(delta)), record);
        }
        self.append_and_flush(Effect::AppendControlBatch { base_offset, epoch, records }, count);
        let voters = self.voters().clone();
        if let Some(leader) = self.leader_mut() {
            leader.set_voters(&voters);
        }
        // Other voters may make another majority.
        self.take_leader_progress(now);
        base_offset.plus(count - 1)
    }

    /// The first batch of an epoch: who leads, and in a dynamic quorum the voters if the log lacks
    /// them or the leader's own entry is out of date.
    pub(crate) fn append_start_of_epoch(&mut self, now: Instant, granting_voters: Vec<NodeId>) {
        let change =
            LeaderChange { leader: self.local.id, voters: self.voters().ids().collect(), granting_voters };
        let mut records = vec![ControlRecord::LeaderChange(change)];
        let local = self.local.voter();
        let is_in_log = matches!(self.control.voters_origin(), Some(Origin::At(_)));
        let version = self.control.version();
        if version.can_change_voters() && (!is_in_log || self.voters().needs_update(&local)) {
            let voters = self.voters().with_updated(local).expect("a leader is a voter");
            records.push(ControlRecord::KraftVersion(version));
            records.push(ControlRecord::Voters(voters));
        }
        self.append_control(now, records);
    }
}
