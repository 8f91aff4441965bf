//! The partition as a leader of followers: their progress, the ISR, what waits for it.

use klamm_model::{BrokerId, LeaderEpoch, Offset};
use klamm_replication::{Candidate, FollowerFetch, FollowerRefusal, IsrAnswer, IsrProposal, Leader, Step};
use klamm_storage::AppendInfo;

use super::super::acknowledge::Needs;
use super::super::types::{AppendAnswer, AppendRefusal};
use super::{LogSlot, PartitionDriver, PartitionEffects, Role};
use crate::promise::{Awaited, promise};

impl PartitionDriver {
    /// A follower's fetch in `epoch` was answered without error.
    pub(in crate::partition) fn on_follower_fetched(
        &mut self,
        epoch: LeaderEpoch,
        fetch: FollowerFetch,
        effects: &mut PartitionEffects,
    ) -> Result<(), FollowerRefusal> {
        let Role::Leader(leader) = &mut self.role else { return Err(FollowerRefusal::NotLeader) };
        if leader.leadership().epoch != epoch {
            return Err(FollowerRefusal::NotLeader);
        }
        let step = leader.on_follower_fetched(self.clock.instant(), fetch, &self.brokers.load())?;
        self.take(step, effects);
        Ok(())
    }

    /// Looks for members of the ISR that lag.
    pub(in crate::partition) fn on_lag_check(&mut self, effects: &mut PartitionEffects) {
        let Role::Leader(leader) = &mut self.role else { return };
        let step = leader.on_lag_check(self.clock.instant(), &self.brokers.load());
        self.take(step, effects);
    }

    /// The controller answered a proposal.
    pub(in crate::partition) fn on_isr_answer(
        &mut self,
        (proposal, answer): (&IsrProposal, IsrAnswer),
        effects: &mut PartitionEffects,
    ) {
        let Role::Leader(leader) = &mut self.role else { return };
        let now = self.clock.instant();
        let committed = leader.on_isr_answer(now, (proposal, answer), &self.brokers.load());
        self.take(Step { committed, proposal: None }, effects);
    }

    /// `min.insync.replicas` changed.
    pub(in crate::partition) fn set_min_isr(&mut self, min_isr: u32, effects: &mut PartitionEffects) {
        let committed = match &mut self.role {
            Role::Leader(leader) => leader.set_min_isr(self.clock.instant(), min_isr, &self.brokers.load()),
            Role::LeaderOnceOpen(leadership) => {
                leadership.min_isr = min_isr;
                None
            }
            Role::None | Role::Follower => None,
        };
        self.take(Step { committed, proposal: None }, effects);
    }

    fn take(&mut self, step: Step, effects: &mut PartitionEffects) {
        effects.proposals.extend(step.proposal);
        // How many bytes became visible nobody counted: whoever waits looks.
        self.on_committed(step.committed, u64::MAX, effects);
        self.look_at_deletions(effects);
        self.finish(effects);
    }

    /// The end of the log in the leadership `epoch`, and what tells that everything before it is committed, unless it
    /// is: for coordinators, which load what an earlier leader left uncommitted too.
    pub(in crate::partition) fn await_tail(
        &mut self,
        epoch: LeaderEpoch,
    ) -> Result<(Offset, Option<Awaited<AppendAnswer>>), AppendRefusal> {
        let (LogSlot::Open(log), Role::Leader(leader)) = (&self.log, &self.role) else {
            return Err(self.not_leader());
        };
        if leader.leadership().epoch != epoch {
            return Err(self.not_leader());
        }
        let (end, high_watermark) = (log.log_end_offset(), leader.high_watermark());
        let Some(last_offset) = Offset::new(end.get() - 1).filter(|_| high_watermark < end) else {
            return Ok((end, None));
        };
        let tail = AppendInfo {
            first_offset: high_watermark,
            last_offset,
            log_append_time: None,
            log_start_offset: log.log_start_offset(),
            max_timestamp: None,
            duplicate: true,
        };
        let (promise, awaited) = promise();
        let needs = Needs { commit: true, flush: false, only_in_epoch: true };
        self.unacknowledged.add(needs, tail, promise);
        Ok((end, Some(awaited)))
    }

    /// Whether a follower is in the ISR of this leader.
    pub(in crate::partition) fn is_in_sync(&self, follower: BrokerId) -> bool {
        matches!(&self.role, Role::Leader(leader) if is_in_sync(leader, follower))
    }

    /// In-sync followers that hold `offset`, for consumers near them; empty where this replica does not lead.
    pub(in crate::partition) fn readable_followers(&self, offset: Offset) -> Vec<Candidate<'static>> {
        let Role::Leader(leader) = &self.role else { return Vec::new() };
        let holds = |(id, progress): (&_, &klamm_replication::FollowerProgress)| {
            let log_end = progress.log_end_offset.filter(|end| *end >= offset)?;
            let starts = progress.log_start_offset.is_none_or(|start| start <= offset);
            (starts && is_in_sync(leader, *id)).then_some(Candidate {
                id: *id,
                rack: None,
                log_end,
                last_caught_up: progress.last_caught_up,
            })
        };
        leader.followers().iter().filter_map(holds).collect()
    }
}

fn is_in_sync(leader: &Leader, id: BrokerId) -> bool {
    leader.leadership().isr.contains(&id)
}
