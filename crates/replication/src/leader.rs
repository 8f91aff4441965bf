//! The leader of one partition: in-sync replicas and the high watermark (Kafka: Partition).
//!
//! 1. The high watermark is the smallest log end among the maximal ISR (members, and those a pending proposal adds)
//!    and among caught-up replicas that may join it: else one that joins could be behind it. Replicas that may not join
//!    hold nothing up (KAFKA-15021).
//! 2. It stays where it is while there are fewer members than `min.insync.replicas`: what is committed is then on
//!    enough replicas for eligible leaders to be told from others (KIP-966).
//! 3. A replica joins once it has everything committed and everything from before this leadership (KAFKA-7128).
//! 4. One proposal at a time; the next is made from what the controller registered last.
//! 5. Each input looks at the high watermark again: whatever it waited for may be gone (KAFKA-13091).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use klamm_model::{BrokerEpoch, BrokerId, Instant, LeaderEpoch, Offset, PartitionEpoch};

use crate::isr::Pending;
use crate::{ActiveBrokers, FollowerProgress, IsrAnswer, IsrMember, IsrProposal};

/// What the controller said when it made this replica the leader, or changed its partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leadership {
    /// This replica.
    pub local: BrokerId,
    /// Epoch of this leadership.
    pub epoch: LeaderEpoch,
    /// Version of the rest.
    pub partition_epoch: PartitionEpoch,
    /// Assigned replicas in order.
    pub replicas: Vec<BrokerId>,
    /// In-sync replicas.
    pub isr: BTreeSet<BrokerId>,
    /// `min.insync.replicas`, at most the number of replicas counts.
    pub min_isr: u32,
    /// `replica.lag.time.max.ms`.
    pub lag_max: Duration,
}

/// A higher high watermark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    /// First offset not committed.
    pub high_watermark: Offset,
}

/// What acks=all still misses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    /// Committed on enough replicas.
    Enough,
    /// Committed, but the ISR has shrunk below `min.insync.replicas` meanwhile.
    TooFewReplicas,
    /// Not committed yet.
    NotYet,
}

/// What an input leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// The high watermark advanced.
    pub committed: Option<Committed>,
    /// To be sent to the controller.
    pub proposal: Option<IsrProposal>,
}

/// A follower's fetch that was answered without error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FollowerFetch {
    /// Who.
    pub follower: BrokerId,
    /// Of which incarnation; `None` before Fetch 15.
    pub broker_epoch: Option<BrokerEpoch>,
    /// From where: its log end.
    pub offset: Offset,
    /// Its log start, where it tells it.
    pub log_start: Option<Offset>,
    /// Where the leader's log ended in the view that was read.
    pub leader_end: Offset,
}

/// Why a follower's progress is not recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FollowerRefusal {
    /// This node does not lead in that epoch (any more).
    #[error("this replica does not lead the partition")]
    NotLeader,
    /// No replica that is known of (yet).
    #[error("no replica of the partition is on that broker")]
    UnknownReplica,
    /// A later incarnation of the broker has fetched already.
    #[error("a later incarnation of the broker has fetched already")]
    StaleBrokerEpoch,
    /// The incarnation is not registered, as far as is known here: it fetches again, and counts once the news have come.
    #[error("the broker's incarnation is not known to be registered")]
    UnknownIncarnation,
}

/// State of one leadership. The high watermark never falls within it.
#[derive(Clone, Debug)]
pub struct Leader {
    leadership: Leadership,
    followers: BTreeMap<BrokerId, FollowerProgress>,
    pending: Option<Pending>,
    epoch_start: Offset,
    log_end: Offset,
    high_watermark: Offset,
}

impl Leader {
    /// Begins a leadership with the log as it is.
    pub fn new(now: Instant, leadership: Leadership, log_end: Offset, high_watermark: Offset) -> Leader {
        assert!(high_watermark <= log_end, "HW {high_watermark} above LEO {log_end}");
        let mut leader = Leader {
            leadership,
            followers: BTreeMap::new(),
            pending: None,
            epoch_start: log_end,
            log_end,
            high_watermark,
        };
        leader.track_replicas(now);
        leader
    }

    /// What the controller said last.
    pub fn leadership(&self) -> &Leadership {
        &self.leadership
    }

    /// First offset not committed.
    pub fn high_watermark(&self) -> Offset {
        self.high_watermark
    }

    /// Progress of the followers.
    pub fn followers(&self) -> &BTreeMap<BrokerId, FollowerProgress> {
        &self.followers
    }

    /// The smallest log start among this replica, whose log begins at `log_start`, and the followers on active brokers;
    /// `None` while one of those has not told its own in this leadership (Kafka: `Partition.lowWatermarkIfLeader`).
    pub fn low_watermark(&self, log_start: Offset, active: &ActiveBrokers) -> Option<Offset> {
        let living = self.followers.iter().filter(|(id, _)| active.contains(**id));
        living.map(|(_, progress)| progress.log_start_offset).try_fold(log_start, |least, start| {
            let start = start?;
            Some(least.min(start))
        })
    }

    /// Whether acks=all may be accepted now.
    pub fn has_min_isr(&self) -> bool {
        self.is_enough(self.leadership.isr.len())
    }

    /// The log grew to `log_end`.
    pub fn on_appended(
        &mut self,
        now: Instant,
        log_end: Offset,
        active: &ActiveBrokers,
    ) -> Option<Committed> {
        assert!(log_end >= self.log_end, "an append only grows the log");
        self.log_end = log_end;
        self.advance(now, active)
    }

    /// A follower fetched; the caller has checked its leader epoch.
    pub fn on_follower_fetched(
        &mut self,
        now: Instant,
        fetch: FollowerFetch,
        active: &ActiveBrokers,
    ) -> Result<Step, FollowerRefusal> {
        let progress = self.followers.get_mut(&fetch.follower).ok_or(FollowerRefusal::UnknownReplica)?;
        if let Some(claimed) = fetch.broker_epoch {
            match active.epoch_of(fetch.follower) {
                Some(registered) if claimed > registered => return Err(FollowerRefusal::UnknownIncarnation),
                // Whatever was claimed before: this is the one.
                Some(registered) if claimed == registered => {}
                Some(_) | None if progress.broker_epoch > fetch.broker_epoch => {
                    return Err(FollowerRefusal::StaleBrokerEpoch);
                }
                Some(_) | None => {}
            }
        }
        progress.broker_epoch = fetch.broker_epoch;
        progress.log_start_offset = fetch.log_start;
        progress.on_fetched(now, fetch.offset, fetch.leader_end);
        // Before the high watermark: what joins holds it.
        let proposal = self.propose_growth(fetch.follower, active);
        Ok(Step { committed: self.advance(now, active), proposal })
    }

    /// The controller changed the partition within this leadership (a newer partition epoch; others
    /// are ignored).
    pub fn on_partition_changed(
        &mut self,
        now: Instant,
        changed: Leadership,
        active: &ActiveBrokers,
    ) -> Option<Committed> {
        assert_eq!(changed.epoch, self.leadership.epoch, "another epoch is another leadership");
        if changed.partition_epoch <= self.leadership.partition_epoch {
            return None;
        }
        self.leadership = changed;
        self.pending = None;
        self.track_replicas(now);
        self.advance(now, active)
    }

    /// Looks for members that lag; to be called every half of `replica.lag.time.max.ms`. Whatever else changed in
    /// time, such as which brokers are active, is looked at too.
    pub fn on_lag_check(&mut self, now: Instant, active: &ActiveBrokers) -> Step {
        let proposal = self.propose_shrink(now);
        Step { committed: self.advance(now, active), proposal }
    }

    /// The controller answered `proposal`; answers to others than the pending one are ignored.
    pub fn on_isr_answer(
        &mut self,
        now: Instant,
        (proposal, answer): (&IsrProposal, IsrAnswer),
        active: &ActiveBrokers,
    ) -> Option<Committed> {
        if self.pending.as_ref().is_none_or(|pending| pending.proposal != *proposal) {
            return None;
        }
        match answer {
            IsrAnswer::Accepted(accepted) => {
                let changed = Leadership {
                    partition_epoch: accepted.partition_epoch,
                    isr: accepted.isr,
                    ..self.leadership.clone()
                };
                if accepted.epoch == self.leadership.epoch {
                    return self.on_partition_changed(now, changed, active);
                }
                None
            }
            IsrAnswer::Dropped => {
                self.pending = None;
                self.advance(now, active)
            }
            IsrAnswer::Outdated => None,
        }
    }

    /// `min.insync.replicas` changed.
    pub fn set_min_isr(&mut self, now: Instant, min_isr: u32, active: &ActiveBrokers) -> Option<Committed> {
        self.leadership.min_isr = min_isr;
        self.advance(now, active)
    }

    /// Whether the record before `end` is committed on enough replicas.
    pub fn reached(&self, end: Offset) -> Reached {
        if self.high_watermark < end {
            return Reached::NotYet;
        }
        let added = self.pending.as_ref().map_or(0, |pending| pending.adds.len());
        if self.is_enough(self.leadership.isr.len() + added) {
            Reached::Enough
        } else {
            Reached::TooFewReplicas
        }
    }

    fn is_enough(&self, members: usize) -> bool {
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        count(members) >= self.leadership.min_isr.min(count(self.leadership.replicas.len()))
    }

    fn track_replicas(&mut self, now: Instant) {
        let Leadership { local, replicas, isr, .. } = &self.leadership;
        self.followers.retain(|id, _| replicas.contains(id));
        for id in replicas.iter().filter(|id| *id != local) {
            let start = || FollowerProgress::at_start(now, isr.contains(id));
            self.followers.entry(*id).or_insert_with(start);
        }
    }

    fn propose_growth(&mut self, follower: BrokerId, active: &ActiveBrokers) -> Option<IsrProposal> {
        let progress = self.followers.get(&follower)?;
        let end = progress.log_end_offset?;
        let may_join = self.pending.is_none()
            && !self.leadership.isr.contains(&follower)
            && end >= self.high_watermark
            && end >= self.epoch_start
            && active.may_join(follower, progress.broker_epoch);
        if !may_join {
            return None;
        }
        let mut members = self.leadership.isr.clone();
        members.insert(follower);
        Some(self.propose(members, BTreeSet::from([follower])))
    }

    fn propose_shrink(&mut self, now: Instant) -> Option<IsrProposal> {
        if self.pending.is_some() {
            return None;
        }
        let lags = |id: &BrokerId| {
            let progress = self.followers.get(id);
            *id != self.leadership.local
                && progress.is_none_or(|one| !one.is_caught_up(now, self.log_end, self.leadership.lag_max))
        };
        let members: BTreeSet<BrokerId> =
            self.leadership.isr.iter().copied().filter(|id| !lags(id)).collect();
        if members.len() == self.leadership.isr.len() {
            return None;
        }
        Some(self.propose(members, BTreeSet::new()))
    }

    fn propose(&mut self, members: BTreeSet<BrokerId>, adds: BTreeSet<BrokerId>) -> IsrProposal {
        let epoch_of = |id: BrokerId| self.followers.get(&id).and_then(|progress| progress.broker_epoch);
        let proposal = IsrProposal {
            epoch: self.leadership.epoch,
            partition_epoch: self.leadership.partition_epoch,
            members: members.into_iter().map(|id| IsrMember { id, epoch: epoch_of(id) }).collect(),
        };
        self.pending = Some(Pending { proposal: proposal.clone(), adds });
        proposal
    }

    fn holds_high_watermark(&self, now: Instant, id: BrokerId, active: &ActiveBrokers) -> bool {
        let joins = self.pending.as_ref().is_some_and(|pending| pending.adds.contains(&id));
        let may_join = || {
            self.followers.get(&id).is_some_and(|progress| {
                progress.log_end_offset.is_some()
                    && progress.is_caught_up(now, self.log_end, self.leadership.lag_max)
                    && active.may_join(id, progress.broker_epoch)
            })
        };
        joins || self.leadership.isr.contains(&id) || may_join()
    }

    fn advance(&mut self, now: Instant, active: &ActiveBrokers) -> Option<Committed> {
        if !self.has_min_isr() {
            return None;
        }
        let mut smallest = self.log_end;
        for (id, progress) in &self.followers {
            // One that has not fetched in this leadership may have nothing.
            let end = progress.log_end_offset.unwrap_or(Offset::ZERO);
            if end < smallest && self.holds_high_watermark(now, *id, active) {
                smallest = end;
            }
        }
        if smallest <= self.high_watermark {
            return None;
        }
        self.high_watermark = smallest;
        Some(Committed { high_watermark: smallest })
    }
}

#[cfg(test)]
mod tests;
