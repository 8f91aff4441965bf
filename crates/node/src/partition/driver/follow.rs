//! The partition as a follower. Who is followed, in which epoch and from where is checked in the same critical
//! section as the change (KAFKA-13207): an answer to an older question changes nothing.

use klamm_model::{LeaderEpoch, Offset, OffsetAndEpoch, Timestamp};
use klamm_replication::{Reconciled, plan_out_of_range, plan_truncation};
use klamm_storage::{FollowerAppend, Log, LogStartReason, StorageError};

use super::super::types::{FetchPosition, Fetched, FollowRefusal, Following, LeadershipView};
use super::{LogSlot, PartitionDriver, PartitionEffects, Role};
use crate::planted::{self, Bug};

impl PartitionDriver {
    /// The controller's word: another replica leads, or none. What was not acknowledged never will be from here.
    pub(in crate::partition) fn on_following(
        &mut self,
        following: Following,
        effects: &mut PartitionEffects,
    ) {
        let Following { epoch, leader, replicas } = following;
        if let Some(known) = &mut self.known {
            if known.epoch > epoch {
                return;
            }
            if known.epoch == epoch && !known.is_local {
                // Nothing but the partition's epoch has changed (KAFKA-13790).
                (known.replicas, known.leader) = (replicas, leader);
                return;
            }
        }
        self.role = Role::Follower;
        self.known = Some(LeadershipView { epoch, leader, is_local: false, epoch_start: None, replicas });
        self.note_followed_epoch();
        self.refuse_unacknowledged(effects);
        self.finish(effects);
        self.tell_changed(effects);
    }

    pub(super) fn note_followed_epoch(&mut self) {
        if let (LogSlot::Open(log), Role::Follower, Some(known)) = (&mut self.log, &self.role, &self.known) {
            log.become_follower(known.epoch);
        }
    }

    /// Where to fetch from in `epoch`. A log without any epoch (of batches before format 2) cannot be compared with the
    /// leader's: it is cut to what is known to be committed.
    pub(in crate::partition) fn begin_following(
        &mut self,
        epoch: LeaderEpoch,
        effects: &mut PartitionEffects,
    ) -> Result<FetchPosition, FollowRefusal> {
        let now = self.clock.wall();
        let log = self.followed(epoch)?;
        let is_uncomparable = log.epochs().is_empty() || planted::has(Bug::CutToHighWatermark);
        if is_uncomparable && log.log_end_offset() > log.high_watermark() {
            let high_watermark = log.high_watermark();
            log.truncate_to(high_watermark, now)?;
        }
        // What an earlier flush left undone, for want of room or descriptors, is not to be acknowledged either.
        if log.needs_flush(now) {
            flush(log, now)?;
        }
        Ok(self.position(epoch, effects))
    }

    /// Appends what a leader sent, then takes its high watermark as far as it has the records, then its log start. An
    /// empty answer only does the latter (KAFKA-15510).
    pub(in crate::partition) fn append_fetched(
        &mut self,
        fetched: Fetched<'_>,
        effects: &mut PartitionEffects,
    ) -> Result<FetchPosition, FollowRefusal> {
        let now = self.clock.wall();
        let log = self.followed(fetched.epoch)?;
        if log.log_end_offset() != fetched.offset {
            return Err(FollowRefusal::Superseded);
        }
        let appended = if fetched.records.is_empty() {
            None
        } else {
            Some(log.append_as_follower(fetched.records, fetched.epoch, now)?)
        };
        let before = log.high_watermark();
        if let Some(high_watermark) = fetched.high_watermark.filter(|offset| *offset > before) {
            log.set_high_watermark(high_watermark);
        }
        let advanced = log.high_watermark() > before;
        if let Some(start) = fetched.log_start.filter(|start| *start > log.log_start_offset()) {
            log.advance_log_start(start, LogStartReason::LeaderOffset);
        }
        if log.needs_flush(now) {
            flush(log, now)?;
        }
        let has_all = fetched.high_watermark.is_some_and(|committed| log.log_end_offset() >= committed);
        self.lacks_committed &= !has_all;
        let position = self.position(fetched.epoch, effects);
        if advanced {
            self.waiters.became_visible(u64::MAX, &mut effects.wake);
        }
        match appended {
            Some(FollowerAppend { stopped: Some(stop), .. }) => Err(FollowRefusal::BadBatch(stop)),
            Some(FollowerAppend { stopped: None, .. }) | None => Ok(position),
        }
    }

    /// Cuts the log where it parts from the leader's, which has `leader` as its largest epoch not above this log's last.
    /// Of the same answer nothing else is taken: no high watermark over records that are to go (KAFKA-14704).
    pub(in crate::partition) fn cut_to_agree(
        &mut self,
        epoch: LeaderEpoch,
        leader: OffsetAndEpoch,
        effects: &mut PartitionEffects,
    ) -> Result<FetchPosition, FollowRefusal> {
        let now = self.clock.wall();
        let log = self.followed(epoch)?;
        let to = plan_truncation(leader, log.epochs(), log.log_end_offset());
        tell_cut(log, to);
        if !planted::has(Bug::SkipTruncation) {
            log.truncate_to(to, now)?;
        }
        let position = self.position(epoch, effects);
        self.tell_changed(effects);
        Ok(position)
    }

    /// Goes on after a fetch that was out of the leader's range.
    pub(in crate::partition) fn reconcile_range(
        &mut self,
        epoch: LeaderEpoch,
        (leader_start, leader_end): (Offset, Offset),
        effects: &mut PartitionEffects,
    ) -> Result<FetchPosition, FollowRefusal> {
        let now = self.clock.wall();
        let log = self.followed(epoch)?;
        match plan_out_of_range(log.log_end_offset(), leader_start, leader_end) {
            Reconciled::CutTo(offset) => {
                tell_cut(log, offset);
                log.truncate_to(offset, now)?;
            }
            Reconciled::StartAt(offset) => log.truncate_fully_and_start_at(offset, None, now)?,
            Reconciled::GoOn => {}
        }
        let position = self.position(epoch, effects);
        self.tell_changed(effects);
        Ok(position)
    }

    fn followed(&mut self, epoch: LeaderEpoch) -> Result<&mut Log, FollowRefusal> {
        let is_it = self.known.as_ref().is_some_and(|known| known.epoch == epoch);
        if !is_it || !matches!(self.role, Role::Follower) {
            return Err(FollowRefusal::Superseded);
        }
        match &mut self.log {
            LogSlot::Open(log) => {
                // The next fetch acknowledges the log's end, of which a failed flush may have lost a part.
                log.check_online()?;
                let newest = log.epochs().latest_epoch();
                // Of a leader that is older than what is here nothing is taken, least of all a place to cut at.
                if newest > Some(epoch) {
                    return Err(FollowRefusal::OlderLeader { newest });
                }
                Ok(log)
            }
            LogSlot::Unopened | LogSlot::Broken(_) => Err(FollowRefusal::NotOpen),
        }
    }

    /// Publishes what changed; where to go on.
    fn position(&mut self, epoch: LeaderEpoch, effects: &mut PartitionEffects) -> FetchPosition {
        self.finish(effects);
        let LogSlot::Open(log) = &self.log else { unreachable!("a followed log was just changed") };
        FetchPosition {
            epoch,
            offset: log.log_end_offset(),
            last_epoch: log.epochs().latest_epoch(),
            log_start: log.log_start_offset(),
        }
    }
}

/// Flushes here and now: the next fetch acknowledges what was appended.
fn flush(log: &mut Log, now: Timestamp) -> Result<(), StorageError> {
    let Some(job) = log.flush_job(now)? else { return Ok(()) };
    let report = job.run();
    let failure = report.failure().cloned();
    log.on_job(report);
    failure.map_or(Ok(()), Err)
}

fn tell_cut(log: &Log, to: Offset) {
    let (partition, from, high_watermark) = (log.partition(), log.log_end_offset(), log.high_watermark());
    if to < high_watermark {
        tracing::warn!(%partition, %from, %to, %high_watermark, "an unclean election takes committed records away");
    } else if to < from {
        tracing::info!(%partition, %from, %to, "records that the leader has not are cut off");
    }
}
