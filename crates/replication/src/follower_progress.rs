//! How far one follower has got, as its last successful, epoch-checked fetch said.

use klamm_model::{BrokerEpoch, Instant, Offset};

/// Progress of one follower (Kafka: Replica.updateFetchStateOrThrow).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FollowerProgress {
    /// Its log end offset; `None` before its first fetch in this leadership.
    pub log_end_offset: Option<Offset>,
    /// The broker epoch its fetch carried (KIP-903).
    pub broker_epoch: Option<BrokerEpoch>,
    /// Last time it had everything the leader had.
    pub last_caught_up: Instant,
    /// Time and leader's log end at its previous fetch: reaching that end later means it was caught
    /// up at that time.
    last_fetch: Option<(Instant, Offset)>,
}

impl FollowerProgress {
    /// Progress of a follower in sync at the beginning of a leadership.
    pub fn at_start(now: Instant) -> FollowerProgress {
        FollowerProgress { last_caught_up: now, ..FollowerProgress::default() }
    }

    /// Takes a fetch from `offset` while the leader's log ended at `leader_end`.
    pub fn on_fetched(&mut self, now: Instant, offset: Offset, leader_end: Offset) {
        if offset >= leader_end {
            self.last_caught_up = self.last_caught_up.max(now);
        } else if let Some((then, end_then)) = self.last_fetch
            && offset >= end_then
        {
            self.last_caught_up = self.last_caught_up.max(then);
        }
        self.log_end_offset = Some(offset);
        self.last_fetch = Some((now, leader_end));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_follower_always_one_fetch_behind_counts_as_caught_up_at_its_previous_fetch() {
        let mut follower = FollowerProgress::at_start(Instant::ZERO);
        follower.on_fetched(Instant::from_millis(10), Offset::at(0), Offset::at(5));
        follower.on_fetched(Instant::from_millis(20), Offset::at(5), Offset::at(9));
        assert_eq!(follower.last_caught_up, Instant::from_millis(10));
    }
}
