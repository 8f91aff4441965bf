//! How far one follower has got, as its last successful, epoch-checked fetch said.

use std::time::Duration;

use klamm_model::{BrokerEpoch, Instant, Offset};

/// Progress of one follower (Kafka: Replica.updateFetchStateOrThrow).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FollowerProgress {
    /// Its log end offset; `None` before its first fetch in this leadership.
    pub log_end_offset: Option<Offset>,
    /// Its log start offset, where it tells one.
    pub log_start_offset: Option<Offset>,
    /// The broker epoch its fetch carried (KIP-903).
    pub broker_epoch: Option<BrokerEpoch>,
    /// Last time it had everything the leader had; `None` if it never had in this leadership.
    pub last_caught_up: Option<Instant>,
    /// Time and leader's log end at its previous fetch: reaching that end later means it was caught
    /// up at that time.
    last_fetch: Option<(Instant, Offset)>,
}

impl FollowerProgress {
    /// Progress at the beginning of a leadership: a follower in sync has until `replica.lag.time.max.ms` from now to
    /// show that it still is.
    pub fn at_start(now: Instant, is_in_sync: bool) -> FollowerProgress {
        FollowerProgress { last_caught_up: is_in_sync.then_some(now), ..FollowerProgress::default() }
    }

    /// Takes a fetch from `offset` while the leader's log ended at `leader_end`.
    pub fn on_fetched(&mut self, now: Instant, offset: Offset, leader_end: Offset) {
        if offset >= leader_end {
            self.last_caught_up = self.last_caught_up.max(Some(now));
        } else if let Some((then, end_then)) = self.last_fetch
            && offset >= end_then
        {
            self.last_caught_up = self.last_caught_up.max(Some(then));
        }
        self.log_end_offset = Some(offset);
        self.last_fetch = Some((now, leader_end));
    }

    /// Whether it has everything, or had within `lag_max`.
    pub fn is_caught_up(&self, now: Instant, leader_end: Offset, lag_max: Duration) -> bool {
        self.log_end_offset == Some(leader_end)
            || self.last_caught_up.is_some_and(|then| now.since(then) <= lag_max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAG: Duration = Duration::from_millis(100);

    #[test]
    fn a_follower_always_one_fetch_behind_counts_as_caught_up_at_its_previous_fetch() {
        let mut follower = FollowerProgress::at_start(Instant::ZERO, true);
        follower.on_fetched(Instant::from_millis(10), Offset::at(0), Offset::at(5));
        follower.on_fetched(Instant::from_millis(20), Offset::at(5), Offset::at(9));
        assert_eq!(follower.last_caught_up, Some(Instant::from_millis(10)));
    }

    #[test]
    fn a_follower_that_has_everything_never_lags() {
        let mut follower = FollowerProgress::at_start(Instant::ZERO, false);
        assert!(!follower.is_caught_up(Instant::ZERO, Offset::ZERO, LAG));
        follower.on_fetched(Instant::from_millis(10), Offset::at(5), Offset::at(5));
        assert!(follower.is_caught_up(Instant::from_millis(1_000), Offset::at(5), LAG));
        assert!(!follower.is_caught_up(Instant::from_millis(1_000), Offset::at(6), LAG));
        assert!(follower.is_caught_up(Instant::from_millis(110), Offset::at(6), LAG));
    }
}
