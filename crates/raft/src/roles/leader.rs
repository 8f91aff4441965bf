//! Leader: knows how far every replica is, which decides the high watermark, whether it still has a
//! majority behind it, and who should succeed it (Kafka: LeaderState).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use klamm_model::{Instant, NodeId, Offset};

use crate::append_queue::AppendQueue;
use crate::message::ReplicaStatus;
use crate::parked::ParkedFetches;
use crate::reconfig::PendingChange;
use crate::replica::{Endpoints, ReplicaKey};
use crate::voter_set::{KraftVersion, VoterSet};

/// Observers whose progress is kept. More fetch all the same, they are only not listed.
const MAX_OBSERVERS: usize = 4_096;

/// An observer that has fetched so recently may become a voter.
const CAUGHT_UP_WITHIN: Duration = Duration::from_secs(3_600);

/// How far one replica is.
#[derive(Clone, Debug)]
struct Progress {
    key: ReplicaKey,
    endpoints: Endpoints,
    /// End of its durable log: what its last fetch asked for.
    log_end: Option<Offset>,
    last_fetch: Option<Instant>,
    leader_end_at_last_fetch: Option<Offset>,
    last_caught_up: Option<Instant>,
}

impl Progress {
    fn new(key: ReplicaKey, endpoints: Endpoints) -> Progress {
        Progress {
            key,
            endpoints,
            log_end: None,
            last_fetch: None,
            leader_end_at_last_fetch: None,
            last_caught_up: None,
        }
    }

    fn on_fetch(&mut self, now: Instant, log_end: Offset, leader_end: Offset) {
        if log_end >= leader_end {
            self.last_caught_up = Some(now);
        } else if self.leader_end_at_last_fetch.is_some_and(|end| log_end >= end) {
            self.last_caught_up = self.last_caught_up.max(self.last_fetch);
        }
        self.leader_end_at_last_fetch = Some(leader_end);
        self.last_fetch = Some(now);
        self.log_end = Some(log_end);
    }
}

/// State of the upgrade of kraft.version from 0 to 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum VersionUpgrade {
    /// The quorum is dynamic already.
    NotNeeded,
    /// Still static. Here the leader gathers what voters tell of themselves: directory ids,
    /// endpoints, versions.
    Gathering(VoterSet),
    /// The upgrade is in the log.
    Requested(KraftVersion),
}

/// When the leader acts by itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LeaderTimes {
    /// Within this time a majority must fetch.
    pub(crate) check_quorum: Duration,
    /// A voter that has not fetched for so long is told of the epoch.
    pub(crate) begin_epoch: Duration,
}

/// What a leader keeps.
#[derive(Debug)]
pub(crate) struct Leader {
    local: ReplicaKey,
    /// Offset of the leader change record. Nothing counts as committed before it is.
    epoch_start: Offset,
    voters: BTreeMap<NodeId, Progress>,
    observers: BTreeMap<ReplicaKey, Progress>,
    high_watermark: Option<Offset>,
    times: LeaderTimes,
    /// Voters that fetched since the check-quorum timer was last reset.
    fetched: BTreeSet<NodeId>,
    check_quorum_deadline: Instant,
    pub(crate) begin_epoch_deadline: Instant,
    pub(crate) change: Option<PendingChange>,
    pub(crate) upgrade: VersionUpgrade,
    pub(crate) parked: ParkedFetches,
    pub(crate) queue: AppendQueue,
    /// The state machine, or a committed removal of this voter, wants the leadership to end.
    pub(crate) is_resigning: bool,
}

impl Leader {
    pub(crate) fn new(now: Instant, local: ReplicaKey, epoch_start: Offset, times: LeaderTimes) -> Leader {
        Leader {
            local,
            epoch_start,
            voters: BTreeMap::new(),
            observers: BTreeMap::new(),
            high_watermark: None,
            times,
            fetched: BTreeSet::new(),
            check_quorum_deadline: now.after(times.check_quorum),
            begin_epoch_deadline: now,
            change: None,
            upgrade: VersionUpgrade::NotNeeded,
            parked: ParkedFetches::default(),
            queue: AppendQueue::default(),
            is_resigning: false,
        }
    }

    /// Takes over the voters in force. Replicas keep their progress when they change sides.
    pub(crate) fn set_voters(&mut self, voters: &VoterSet) {
        let mut old = std::mem::take(&mut self.voters);
        for voter in voters.iter() {
            let known = match old.remove(&voter.key.id) {
                Some(progress) if progress.key.names(&voter.key) => Some(progress),
                Some(other_directory) => {
                    self.demote(other_directory);
                    None
                }
                None => None,
            };
            let promoted = self.observers.remove(&voter.key);
            let mut progress =
                known.or(promoted).unwrap_or_else(|| Progress::new(voter.key, Endpoints::none()));
            progress.key = voter.key;
            progress.endpoints = voter.endpoints.clone();
            self.voters.insert(voter.key.id, progress);
        }
        old.into_values().for_each(|progress| self.demote(progress));
        let voter_ids: BTreeSet<_> = self.voters.keys().copied().collect();
        self.fetched.retain(|id| voter_ids.contains(id));
    }

    fn demote(&mut self, mut progress: Progress) {
        progress.endpoints = Endpoints::none();
        self.observers.entry(progress.key).or_insert(progress);
    }

    fn progress_mut(&mut self, key: ReplicaKey) -> Option<&mut Progress> {
        match self.voters.get_mut(&key.id) {
            Some(progress) if progress.key.names(&key) => Some(progress),
            _ => {
                let has_room = self.observers.len() < MAX_OBSERVERS || self.observers.contains_key(&key);
                has_room.then(|| {
                    self.observers.entry(key).or_insert_with(|| Progress::new(key, Endpoints::none()))
                })
            }
        }
    }

    /// This leader's own log is durable up to `durable_end`.
    pub(crate) fn record_local(&mut self, durable_end: Offset) {
        let local = self.local;
        if let Some(progress) = self.progress_mut(local) {
            progress.log_end = Some(durable_end);
        }
    }

    /// A replica asked for what follows `log_end`, a valid position of this log.
    pub(crate) fn record_fetch(
        &mut self,
        now: Instant,
        key: ReplicaKey,
        log_end: Offset,
        leader_end: Offset,
    ) {
        if let Some(progress) = self.progress_mut(key) {
            progress.on_fetch(now, log_end, leader_end);
        }
        self.record_sign_of_life(now, key);
    }

    /// Counts a voter as following. Once a majority is, the check-quorum time begins anew.
    pub(crate) fn record_sign_of_life(&mut self, now: Instant, key: ReplicaKey) {
        if self.voters.get(&key.id).is_some_and(|voter| voter.key.names(&key)) {
            self.fetched.insert(key.id);
        }
        if self.fetched.len() >= self.followers_needed() {
            self.fetched.clear();
            self.check_quorum_deadline = now.after(self.times.check_quorum);
        }
    }

    /// Other voters that make a majority, with this leader if it is a voter.
    fn followers_needed(&self) -> usize {
        let majority = self.voters.len() / 2 + 1;
        if self.voters.contains_key(&self.local.id) { majority - 1 } else { majority }
    }

    /// When the leader must resign unless a majority fetches; never if it needs nobody.
    pub(crate) fn check_quorum_deadline(&self) -> Option<Instant> {
        (self.followers_needed() > 0).then_some(self.check_quorum_deadline)
    }

    /// Recomputes the high watermark; returns it if it grew. It never shrinks: a smaller value only
    /// means that the voters changed.
    pub(crate) fn recompute_high_watermark(&mut self) -> Option<Offset> {
        let mut ends: Vec<_> = self.voters.values().map(|voter| Reverse(voter.log_end)).collect();
        ends.sort_unstable();
        let reached_by_majority = ends.get(self.voters.len() / 2)?.0?;
        let is_of_this_epoch = reached_by_majority > self.epoch_start;
        let grows = self.high_watermark.is_none_or(|known| known < reached_by_majority);
        if !is_of_this_epoch || !grows {
            return None;
        }
        self.high_watermark = Some(reached_by_majority);
        self.high_watermark
    }

    pub(crate) fn high_watermark(&self) -> Option<Offset> {
        self.high_watermark
    }

    /// The other voters, the one with the longest log first.
    pub(crate) fn successors(&self) -> Vec<ReplicaKey> {
        let mut others: Vec<_> = self.voters.values().filter(|voter| voter.key.id != self.local.id).collect();
        others.sort_by_key(|voter| (Reverse(voter.log_end), voter.key));
        others.into_iter().map(|voter| voter.key).collect()
    }

    pub(crate) fn has_other_voters(&self) -> bool {
        self.voters.keys().any(|id| *id != self.local.id)
    }

    /// Voters that have not fetched for so long that they may not know of this epoch.
    pub(crate) fn silent_voters(&self, now: Instant) -> Vec<ReplicaKey> {
        let is_silent = |voter: &&Progress| {
            voter.last_fetch.is_none_or(|fetch| now.since(fetch) >= self.times.begin_epoch)
        };
        let others = self.voters.values().filter(|voter| voter.key.id != self.local.id);
        others.filter(is_silent).map(|voter| voter.key).collect()
    }

    pub(crate) fn next_begin_epoch(&self, now: Instant) -> Instant {
        now.after(self.times.begin_epoch)
    }

    /// Whether the observer `key` has been at the log's end and has fetched within the last hour.
    pub(crate) fn is_caught_up(&self, now: Instant, key: &ReplicaKey) -> bool {
        self.observers.get(key).is_some_and(|observer| {
            observer.last_caught_up.is_some()
                && observer.last_fetch.is_some_and(|fetch| now.since(fetch) < CAUGHT_UP_WITHIN)
        })
    }

    /// Voters by id, with the leader's own numbers as of now.
    pub(crate) fn voter_statuses(&self, now: Instant, leader_end: Offset) -> Vec<ReplicaStatus> {
        self.voters.values().map(|voter| self.status(now, leader_end, voter)).collect()
    }

    /// Observers by key that fetched within `session`.
    pub(crate) fn observer_statuses(
        &mut self,
        now: Instant,
        leader_end: Offset,
        session: Duration,
    ) -> Vec<ReplicaStatus> {
        let local = self.local;
        self.observers.retain(|key, observer| {
            *key == local || observer.last_fetch.is_some_and(|fetch| now.since(fetch) < session)
        });
        self.observers.values().map(|observer| self.status(now, leader_end, observer)).collect()
    }

    fn status(&self, now: Instant, leader_end: Offset, of: &Progress) -> ReplicaStatus {
        let is_local = of.key.id == self.local.id;
        ReplicaStatus {
            key: of.key,
            log_end: if is_local { Some(leader_end) } else { of.log_end },
            last_fetch: if is_local { Some(now) } else { of.last_fetch },
            last_caught_up: if is_local { Some(now) } else { of.last_caught_up },
            endpoints: of.endpoints.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
