//! How much of the metadata log and of its snapshots is kept (Kafka: KafkaRaftLog.maybeClean,
//! KIP-630). The log may begin where a snapshot ends; the newest snapshot always stays.

use std::time::Duration;

use klamm_model::Timestamp;
use klamm_raft::SnapshotFacts;

/// Limits; `None` is unlimited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MetadataRetention {
    /// `metadata.max.retention.bytes`: of the log and all snapshots together.
    pub bytes: Option<u64>,
    /// `metadata.max.retention.ms`: age of a snapshot's content.
    pub age: Option<Duration>,
}

/// A snapshot and when the last record in it was written, where that is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct DatedSnapshot {
    pub(super) facts: SnapshotFacts,
    pub(super) written: Option<Timestamp>,
}

impl MetadataRetention {
    /// How many of `snapshots` (oldest first) go, together with the log before the first that stays.
    pub(super) fn plan(self, snapshots: &[DatedSnapshot], log_bytes: u64, now: Timestamp) -> usize {
        let removable = snapshots.len().saturating_sub(1);
        let mut total: u64 = log_bytes + snapshots.iter().map(|snapshot| snapshot.facts.size).sum::<u64>();
        let mut going = 0;
        while going < removable && self.bytes.is_some_and(|most| total > most) {
            total -= snapshots[going].facts.size;
            going += 1;
        }
        while going < removable && self.is_old(snapshots[going], now) {
            going += 1;
        }
        going
    }

    fn is_old(self, snapshot: DatedSnapshot, now: Timestamp) -> bool {
        let age = snapshot.written.map(|written| now.as_millis().saturating_sub(written.as_millis()));
        let limit = self.age.map(|age| i64::try_from(age.as_millis()).unwrap_or(i64::MAX));
        age.zip(limit).is_some_and(|(age, limit)| age > limit)
    }
}

#[cfg(test)]
mod tests {
    use klamm_model::{LeaderEpoch, Offset, OffsetAndEpoch};

    use super::*;

    fn snapshots(written: &[i64]) -> Vec<DatedSnapshot> {
        let one = |(at, offset): (&i64, i64)| DatedSnapshot {
            facts: SnapshotFacts {
                id: OffsetAndEpoch { offset: Offset::at(offset), epoch: LeaderEpoch::at(1) },
                size: 100,
            },
            written: Some(Timestamp::from_millis(*at)),
        };
        written.iter().zip(1..).map(one).collect()
    }

    #[test]
    fn the_newest_snapshot_always_stays() {
        let retention = MetadataRetention { bytes: Some(0), age: Some(Duration::ZERO) };
        assert_eq!(retention.plan(&snapshots(&[1, 2, 3]), 1_000, Timestamp::from_millis(9)), 2);
        assert_eq!(retention.plan(&snapshots(&[1]), 1_000, Timestamp::from_millis(9)), 0);
        assert_eq!(retention.plan(&[], 1_000, Timestamp::from_millis(9)), 0);
    }

    #[test]
    fn the_oldest_go_until_the_size_fits() {
        let retention = MetadataRetention { bytes: Some(250), age: None };
        assert_eq!(retention.plan(&snapshots(&[1, 2, 3]), 50, Timestamp::from_millis(9)), 1);
        assert_eq!(retention.plan(&snapshots(&[1, 2]), 50, Timestamp::from_millis(9)), 0);
    }

    #[test]
    fn what_is_older_than_the_age_goes() {
        let retention = MetadataRetention { bytes: None, age: Some(Duration::from_millis(5)) };
        assert_eq!(retention.plan(&snapshots(&[1, 2, 8]), 50, Timestamp::from_millis(9)), 2);
        assert_eq!(retention.plan(&snapshots(&[5, 6, 8]), 50, Timestamp::from_millis(9)), 0);
    }
}
