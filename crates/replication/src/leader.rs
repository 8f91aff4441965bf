//! The leader of one partition: in-sync replicas and the high watermark (Kafka: Partition).

use std::collections::{BTreeMap, BTreeSet};

use klamm_model::{BrokerId, Instant, LeaderEpoch, Offset, PartitionEpoch};

use crate::FollowerProgress;

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

/// State of one leadership.
///
/// The high watermark never falls within a leadership; it is the smallest log end of the in-sync
/// replicas, and does not pass a follower that has not fetched in this leadership.
#[derive(Clone, Debug)]
pub struct Leader {
    leadership: Leadership,
    followers: BTreeMap<BrokerId, FollowerProgress>,
    log_end: Offset,
    high_watermark: Offset,
}

impl Leader {
    /// Begins a leadership with the log as it is.
    pub fn new(now: Instant, leadership: Leadership, log_end: Offset, high_watermark: Offset) -> Leader {
        let followers = leadership
            .replicas
            .iter()
            .filter(|id| **id != leadership.local)
            .map(|id| (*id, FollowerProgress::at_start(now)))
            .collect();
        assert!(high_watermark <= log_end, "HW {high_watermark} above LEO {log_end}");
        Leader { leadership, followers, log_end, high_watermark }
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

    /// Whether acks=all may be accepted now.
    pub fn has_min_isr(&self) -> bool {
        let in_sync = u32::try_from(self.leadership.isr.len()).unwrap_or(u32::MAX);
        in_sync >= self.effective_min_isr()
    }

    /// The log grew to `log_end`.
    pub fn on_appended(&mut self, log_end: Offset) -> Option<Committed> {
        assert!(log_end >= self.log_end, "an append only grows the log");
        self.log_end = log_end;
        self.advance()
    }

    /// A follower fetched from `offset`; the caller has checked its epochs.
    pub fn on_follower_fetched(
        &mut self,
        now: Instant,
        follower: BrokerId,
        offset: Offset,
    ) -> Option<Committed> {
        let log_end = self.log_end;
        self.followers.get_mut(&follower)?.on_fetched(now, offset, log_end);
        self.advance()
    }

    /// The controller changed the partition within this leadership (a newer partition epoch; others
    /// are ignored). The high watermark is looked at again: it may have waited for a replica that
    /// left the ISR.
    pub fn on_partition_changed(&mut self, now: Instant, changed: Leadership) -> Option<Committed> {
        assert_eq!(changed.epoch, self.leadership.epoch, "another epoch is another leadership");
        if changed.partition_epoch <= self.leadership.partition_epoch {
            return None;
        }
        let local = changed.local;
        self.followers.retain(|id, _| changed.replicas.contains(id));
        for id in changed.replicas.iter().filter(|id| **id != local) {
            self.followers.entry(*id).or_insert_with(|| FollowerProgress::at_start(now));
        }
        self.leadership = changed;
        self.advance()
    }

    /// `min.insync.replicas` changed.
    pub fn set_min_isr(&mut self, min_isr: u32) {
        self.leadership.min_isr = min_isr;
    }

    /// Whether the record before `end` is committed on enough replicas.
    pub fn reached(&self, end: Offset) -> Reached {
        match (self.high_watermark >= end, self.has_min_isr()) {
            (false, _) => Reached::NotYet,
            (true, true) => Reached::Enough,
            (true, false) => Reached::TooFewReplicas,
        }
    }

    fn effective_min_isr(&self) -> u32 {
        let replicas = u32::try_from(self.leadership.replicas.len()).unwrap_or(u32::MAX);
        self.leadership.min_isr.min(replicas)
    }

    fn advance(&mut self) -> Option<Committed> {
        let mut smallest = self.log_end;
        for id in &self.leadership.isr {
            if *id == self.leadership.local {
                continue;
            }
            let progress = self.followers.get(id)?;
            smallest = smallest.min(progress.log_end_offset?);
        }
        if smallest <= self.high_watermark {
            return None;
        }
        self.high_watermark = smallest;
        Some(Committed { high_watermark: smallest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leadership(isr: &[i32]) -> Leadership {
        Leadership {
            local: BrokerId::at(1),
            epoch: LeaderEpoch::at(3),
            partition_epoch: PartitionEpoch::at(7),
            replicas: vec![BrokerId::at(1), BrokerId::at(2)],
            isr: isr.iter().map(|id| BrokerId::at(*id)).collect(),
            min_isr: 2,
        }
    }

    fn leader(isr: &[i32]) -> Leader {
        Leader::new(Instant::ZERO, leadership(isr), Offset::at(10), Offset::at(10))
    }

    #[test]
    fn alone_in_sync_the_leader_commits_what_it_appends() {
        let committed = leader(&[1]).on_appended(Offset::at(12));
        assert_eq!(committed, Some(Committed { high_watermark: Offset::at(12) }));
    }

    #[test]
    fn the_high_watermark_waits_for_the_slowest_in_sync_replica() {
        let mut leader = leader(&[1, 2]);
        assert_eq!(leader.on_appended(Offset::at(12)), None);
        assert_eq!(leader.reached(Offset::at(12)), Reached::NotYet);
        let committed = leader.on_follower_fetched(Instant::ZERO, BrokerId::at(2), Offset::at(11));
        assert_eq!(committed, Some(Committed { high_watermark: Offset::at(11) }));
        assert_eq!(leader.on_follower_fetched(Instant::ZERO, BrokerId::at(2), Offset::at(10)), None);
        assert_eq!(leader.high_watermark(), Offset::at(11));
    }

    #[test]
    fn a_smaller_isr_lets_the_high_watermark_advance() {
        let mut leader = leader(&[1, 2]);
        leader.on_appended(Offset::at(12));
        let smaller = Leadership { partition_epoch: PartitionEpoch::at(8), ..leadership(&[1]) };
        let committed = leader.on_partition_changed(Instant::ZERO, smaller);
        assert_eq!(committed, Some(Committed { high_watermark: Offset::at(12) }));
        assert_eq!(leader.reached(Offset::at(12)), Reached::TooFewReplicas);
    }

    #[test]
    fn an_older_partition_epoch_changes_nothing() {
        let mut leader = leader(&[1, 2]);
        leader.on_appended(Offset::at(12));
        assert_eq!(leader.on_partition_changed(Instant::ZERO, leadership(&[1])), None);
        assert_eq!(leader.leadership().isr.len(), 2);
    }
}
