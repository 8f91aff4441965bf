//! Which segments retention removes: pure, from facts about each.
//!
//! Three passes in Kafka's order, each taking a run of segments from the front: those that end at or
//! below the log start; then, where the policy is `delete`, those beyond `retention.bytes`; then
//! those older than `retention.ms`. None takes a segment that holds anything at or above the high
//! watermark, nor the active segment while it is empty.

use klamm_model::{Offset, Timestamp};

use crate::config::LogConfig;

/// What retention needs to know of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SegmentFacts {
    /// First offset after it.
    pub(super) end_offset: Offset,
    /// Bytes.
    pub(super) size: u64,
    /// Its largest timestamp; without any, when its file was last changed.
    pub(super) largest_timestamp: Timestamp,
}

/// Of the log as a whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct LogFacts {
    pub(super) log_start: Offset,
    pub(super) high_watermark: Offset,
    pub(super) now: Timestamp,
}

/// How many segments go, from the front.
pub(super) fn plan_retention(segments: &[SegmentFacts], log: LogFacts, config: &LogConfig) -> usize {
    let mut gone = 0;
    gone += run(&segments[gone..], log, |segment, is_last| !is_last && segment.end_offset <= log.log_start);
    if !config.cleanup.delete {
        return gone;
    }
    if let Some(most) = config.retention_bytes {
        let size: u64 = segments[gone..].iter().map(|segment| segment.size).sum();
        let mut surplus = size.saturating_sub(most);
        gone += run(&segments[gone..], log, |segment, _| {
            let goes = size >= most && surplus >= segment.size;
            surplus -= if goes { segment.size } else { 0 };
            goes
        });
    }
    if let Some(most) = config.retention_ms {
        let most = i64::try_from(most.as_millis()).unwrap_or(i64::MAX);
        gone += run(&segments[gone..], log, |segment, _| {
            log.now.as_millis().saturating_sub(segment.largest_timestamp.as_millis()) > most
        });
    }
    gone
}

/// Length of the run at the front that `goes`.
fn run(segments: &[SegmentFacts], log: LogFacts, mut goes: impl FnMut(&SegmentFacts, bool) -> bool) -> usize {
    let last = segments.len().saturating_sub(1);
    let taken = segments.iter().enumerate().take_while(|&(at, segment)| {
        let is_last = at == last;
        log.high_watermark >= segment.end_offset && goes(segment, is_last) && !(is_last && segment.size == 0)
    });
    taken.count()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::config::CleanupPolicy;

    fn segments() -> Vec<SegmentFacts> {
        (1..=4)
            .map(|n| SegmentFacts {
                end_offset: Offset::at(n * 10),
                size: 100,
                largest_timestamp: Timestamp::from_millis(n * 1000),
            })
            .collect()
    }

    fn plan(log_start: i64, high_watermark: i64, now: i64, config: &LogConfig) -> usize {
        let log = LogFacts {
            log_start: Offset::at(log_start),
            high_watermark: Offset::at(high_watermark),
            now: Timestamp::from_millis(now),
        };
        plan_retention(&segments(), log, config)
    }

    fn config(bytes: Option<u64>, ms: Option<u64>) -> LogConfig {
        let retention_ms = ms.map(Duration::from_millis);
        LogConfig { retention_bytes: bytes, retention_ms, ..LogConfig::default() }
    }

    #[test]
    fn segments_below_the_log_start_go_whatever_the_policy() {
        let none = CleanupPolicy { delete: false, compact: false };
        let keep = LogConfig { cleanup: none, ..config(Some(0), Some(0)) };
        assert_eq!(plan(20, 40, 0, &keep), 2);
        assert_eq!(plan(25, 40, 0, &keep), 2);
        assert_eq!(plan(40, 40, 0, &keep), 3, "the active segment stays");
        assert_eq!(plan(0, 40, i64::MAX, &keep), 0);
    }

    #[test]
    fn the_size_is_kept_at_or_above_its_bound() {
        assert_eq!(plan(0, 40, 0, &config(Some(400), None)), 0);
        assert_eq!(plan(0, 40, 0, &config(Some(399), None)), 0);
        assert_eq!(plan(0, 40, 0, &config(Some(300), None)), 1);
        assert_eq!(plan(0, 40, 0, &config(Some(101), None)), 2);
        assert_eq!(plan(0, 40, 0, &config(Some(0), None)), 4, "all, once the active one is rolled");
    }

    #[test]
    fn segments_go_once_they_are_older_than_the_bound() {
        assert_eq!(plan(0, 40, 2000, &config(None, Some(1000))), 0);
        assert_eq!(plan(0, 40, 2001, &config(None, Some(1000))), 1);
        assert_eq!(plan(0, 40, 100_000, &config(None, Some(1000))), 4);
    }

    #[test]
    fn nothing_at_or_above_the_high_watermark_goes() {
        assert_eq!(plan(0, 19, 100_000, &config(Some(0), Some(0))), 1);
        assert_eq!(plan(0, 20, 100_000, &config(Some(0), Some(0))), 2);
    }

    #[test]
    fn an_empty_active_segment_stays() {
        let empty = SegmentFacts {
            end_offset: Offset::at(10),
            size: 0,
            largest_timestamp: Timestamp::from_millis(0),
        };
        let now = Timestamp::from_millis(i64::MAX);
        let log = LogFacts { log_start: Offset::ZERO, high_watermark: Offset::at(10), now };
        assert_eq!(plan_retention(&[empty], log, &config(Some(0), Some(0))), 0);
    }
}
