//! What replication asks of a partition: followers' progress and the ISR where it leads, what was fetched where it
//! follows.

use klamm_model::{BrokerId, LeaderEpoch, Offset, OffsetAndEpoch};
use klamm_replication::{Candidate, FollowerFetch, FollowerRefusal, IsrAnswer, IsrProposal};

use super::PartitionHandle;
use crate::partition::types::{AppendAnswer, AppendRefusal, FetchPosition, Fetched, FollowRefusal};
use crate::promise::Awaited;

impl PartitionHandle {
    /// A follower's fetch in `epoch` was answered without error: where it is by now.
    pub fn on_follower_fetched(
        &self,
        epoch: LeaderEpoch,
        fetch: FollowerFetch,
    ) -> Result<(), FollowerRefusal> {
        self.step(|driver, effects| driver.on_follower_fetched(epoch, fetch, effects))
    }

    /// Looks for members of the ISR that lag; every half of `replica.lag.time.max.ms`.
    pub fn on_lag_check(&self) {
        self.step(|driver, effects| driver.on_lag_check(effects));
    }

    /// The controller answered a proposal of this partition.
    pub fn on_isr_answer(&self, proposal: &IsrProposal, answer: IsrAnswer) {
        self.step(|driver, effects| driver.on_isr_answer((proposal, answer), effects));
    }

    /// Whether a follower is in the ISR; false where this replica does not lead.
    pub fn is_in_sync(&self, follower: BrokerId) -> bool {
        self.step(|driver, _| driver.is_in_sync(follower))
    }

    /// In-sync followers that hold `offset`, their racks not filled in.
    pub fn readable_followers(&self, offset: Offset) -> Vec<Candidate<'static>> {
        self.step(|driver, _| driver.readable_followers(offset))
    }

    /// The end of the log in the leadership `epoch`, and what tells that everything before it is committed, unless it
    /// is.
    pub fn await_tail(
        &self,
        epoch: LeaderEpoch,
    ) -> Result<(Offset, Option<Awaited<AppendAnswer>>), AppendRefusal> {
        self.step(|driver, _| driver.await_tail(epoch))
    }

    /// Where to fetch from in `epoch`; the log must be open. May truncate, so blocks: for the pool.
    pub fn begin_following(&self, epoch: LeaderEpoch) -> Result<FetchPosition, FollowRefusal> {
        self.step(|driver, effects| driver.begin_following(epoch, effects))
    }

    /// Appends what the leader sent; where to go on.
    pub fn append_fetched(&self, fetched: Fetched<'_>) -> Result<FetchPosition, FollowRefusal> {
        self.step(|driver, effects| driver.append_fetched(fetched, effects))
    }

    /// Cuts the log where it parts from the leader's; where to go on. Blocks: for the pool.
    pub fn cut_to_agree(
        &self,
        epoch: LeaderEpoch,
        leader: OffsetAndEpoch,
    ) -> Result<FetchPosition, FollowRefusal> {
        self.step(|driver, effects| driver.cut_to_agree(epoch, leader, effects))
    }

    /// Goes on after a fetch outside of the leader's log, which ranges from start to end as told. Blocks: for the pool.
    pub fn reconcile_range(
        &self,
        epoch: LeaderEpoch,
        leader: (Offset, Offset),
    ) -> Result<FetchPosition, FollowRefusal> {
        self.step(|driver, effects| driver.reconcile_range(epoch, leader, effects))
    }
}
