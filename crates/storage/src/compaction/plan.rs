//! Which part of a log is dirty, how dirty that makes it, and which segments become one: decided from
//! facts about the segments (Kafka's `LogCleanerManager` and `Cleaner.groupSegmentsBySize`).

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use klamm_model::{Offset, Timestamp};

use crate::config::LogConfig;
use crate::error::{ReadError, StorageError};
use crate::index::{OFFSET_ENTRY, TIME_ENTRY};
use crate::log::Patience;
use crate::segment::{HeaderScan, Segment, SegmentIndex};

/// What the plan needs to know of a sealed segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SegmentFacts {
    pub(super) base: Offset,
    /// Bytes of the log.
    pub(super) size: u64,
    pub(super) offset_index_bytes: u64,
    pub(super) time_index_bytes: u64,
    /// Its largest timestamp; asked for only where there is a least lag.
    pub(super) largest_timestamp: Option<Timestamp>,
    /// That of its first batch; asked for only where there is a largest lag.
    pub(super) first_timestamp: Option<Timestamp>,
}

/// Of the log as a whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct LogFacts {
    pub(super) log_start: Offset,
    pub(super) last_stable: Offset,
    pub(super) log_end: Offset,
    pub(super) active_base: Offset,
    /// Where the last compaction ended.
    pub(super) cleaned_to: Option<Offset>,
    pub(super) now: Timestamp,
}

/// What there is to compact in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompactionPlan {
    /// First offset that no compaction has seen.
    pub first_dirty: Offset,
    /// First offset that must not be compacted yet: the base of a segment.
    pub first_uncleanable: Offset,
    /// Bytes that were compacted before.
    pub clean_bytes: u64,
    /// Bytes that can be compacted now.
    pub cleanable_bytes: u64,
    /// Records have waited for longer than `max.compaction.lag.ms`.
    pub is_overdue: bool,
    /// The noted end of the last compaction cannot be right; `first_dirty` is to replace it.
    pub corrects_checkpoint: bool,
}

impl CompactionPlan {
    /// Part of the bytes that is dirty and can be compacted, 0 to 1.
    pub fn dirty_ratio(&self) -> f64 {
        match self.clean_bytes + self.cleanable_bytes {
            0 => 0.0,
            total => self.cleanable_bytes as f64 / total as f64,
        }
    }

    /// Whether the log's settings ask for a compaction.
    pub fn is_due(&self, config: &LogConfig) -> bool {
        self.cleanable_bytes > 0 && (self.is_overdue || self.dirty_ratio() > config.min_cleanable_dirty_ratio)
    }
}

/// A snapshot of a log that may be planned for outside of it.
#[derive(Debug)]
pub struct CompactionSource {
    pub(crate) segments: Arc<Vec<Arc<Segment>>>,
    pub(crate) config: Arc<LogConfig>,
    pub(crate) log_start: Offset,
    pub(crate) last_stable: Offset,
    pub(crate) high_watermark: Offset,
    pub(crate) log_end: Offset,
    pub(crate) cleaned_to: Option<Offset>,
}

impl CompactionSource {
    /// The log's settings.
    pub fn config(&self) -> &Arc<LogConfig> {
        &self.config
    }

    /// What there is to compact. Blocks: reads index entries and headers where a lag is set.
    pub fn plan(&self, now: Timestamp) -> Result<CompactionPlan, StorageError> {
        let (active, sealed) = self.segments.split_last().expect("a log has a segment");
        let log = LogFacts {
            log_start: self.log_start,
            last_stable: self.last_stable,
            log_end: self.log_end,
            active_base: active.base_offset(),
            cleaned_to: self.cleaned_to,
            now,
        };
        let facts = facts_of(sealed, &self.config)?;
        Ok(plan_compaction(&facts, log, &self.config))
    }
}

/// Facts of sealed segments.
pub(super) fn facts_of(
    sealed: &[Arc<Segment>],
    config: &LogConfig,
) -> Result<Vec<SegmentFacts>, StorageError> {
    let facts = sealed.iter().map(|segment| {
        let (offsets, times) = segment.with_index(|index| match index {
            SegmentIndex::Memory(index) => (index.offsets.len(), index.times.len()),
            SegmentIndex::Files(index) => (index.offset_entries as usize, index.time_entries as usize),
        });
        let mut facts = SegmentFacts {
            base: segment.base_offset(),
            size: segment.len(),
            offset_index_bytes: (offsets * OFFSET_ENTRY) as u64,
            time_index_bytes: (times * TIME_ENTRY) as u64,
            largest_timestamp: None,
            first_timestamp: None,
        };
        if config.min_compaction_lag > Duration::ZERO {
            facts.largest_timestamp = Some(match segment.last_time_entry()? {
                Some(entry) => entry.timestamp,
                None => segment.facts()?.modified,
            });
        }
        if config.max_compaction_lag.is_some() && segment.len() > 0 {
            let log = segment.log_reader(Patience::Wait)?;
            let first = HeaderScan::new(&log, 0, segment.len()).next()?;
            facts.first_timestamp = first.and_then(|entry| entry.max_timestamp);
        }
        Ok(facts)
    });
    let facts: Result<Vec<_>, ReadError> = facts.collect();
    facts.map_err(|error| match error {
        ReadError::Storage(error) => error,
        other => StorageError::Disk(crate::error::DiskFailure::new(
            "read",
            "",
            std::io::Error::other(other.to_string()),
        )),
    })
}

/// `sealed`: all segments but the active one.
pub(super) fn plan_compaction(sealed: &[SegmentFacts], log: LogFacts, config: &LogConfig) -> CompactionPlan {
    let noted = log.cleaned_to.unwrap_or(log.log_start);
    let corrects_checkpoint = noted < log.log_start || noted > log.log_end;
    let first_dirty = if corrects_checkpoint { log.log_start } else { noted };
    let dirty = &sealed[segment_at(sealed, first_dirty).min(sealed.len())..];
    let dirty = if first_dirty > log.active_base { &[] } else { dirty };

    let least = millis(config.min_compaction_lag);
    let too_young = |segment: &&SegmentFacts| {
        let largest = segment.largest_timestamp.map_or(i64::MIN, Timestamp::as_millis);
        largest > log.now.as_millis().saturating_sub(least)
    };
    let young = if least > 0 { dirty.iter().find(too_young).map(|segment| segment.base) } else { None };
    let bound = log.last_stable.min(log.active_base).min(young.unwrap_or(Offset::MAX)).max(first_dirty);
    // A segment is compacted whole or not at all.
    let first_uncleanable = match sealed.get(segment_at(sealed, bound)) {
        Some(segment) if bound < log.active_base => segment.base,
        Some(_) | None => log.active_base,
    };
    let size = |segments: &[SegmentFacts]| segments.iter().map(|segment| segment.size).sum::<u64>();
    let cleanable = match first_uncleanable > first_dirty {
        true => {
            segment_at(sealed, first_dirty)
                ..sealed.partition_point(|segment| segment.base < first_uncleanable)
        }
        false => 0..0,
    };
    let clean = sealed.partition_point(|segment| segment.base < first_dirty);
    CompactionPlan {
        first_dirty,
        first_uncleanable,
        clean_bytes: size(&sealed[..clean]),
        cleanable_bytes: size(&sealed[cleanable]),
        is_overdue: is_overdue(dirty, log.now, config.max_compaction_lag),
        corrects_checkpoint,
    }
}

/// Index of the last segment that does not begin after `offset`.
fn segment_at(sealed: &[SegmentFacts], offset: Offset) -> usize {
    sealed.partition_point(|segment| segment.base <= offset).saturating_sub(1)
}

fn is_overdue(dirty: &[SegmentFacts], now: Timestamp, most: Option<Duration>) -> bool {
    let Some(most) = most else { return false };
    let until = now.as_millis().saturating_sub(millis(most));
    let firsts = dirty.iter().filter_map(|segment| segment.first_timestamp);
    firsts.map(Timestamp::as_millis).filter(|&first| first > 0).min().is_some_and(|first| first < until)
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// Runs of segments that become one each: as many as keep within the sizes of a segment, so that
/// compaction does not leave ever more small files. `end` is the base of the segment after them.
pub(super) fn group_segments(
    segments: &[SegmentFacts],
    end: Offset,
    config: &LogConfig,
) -> Vec<Range<usize>> {
    let index_bytes = u64::from(config.segment_index_bytes);
    let mut groups = Vec::new();
    let mut start = 0;
    while start < segments.len() {
        let (mut size, mut offsets, mut times) = (0, 0, 0);
        let mut after = start;
        for (at, segment) in segments.iter().enumerate().skip(start) {
            let next = segments.get(at + 1).map_or(end, |next| next.base);
            let reach = next.distance_from(segments[start].base) - 1;
            size += segment.size;
            offsets += segment.offset_index_bytes;
            times += segment.time_index_bytes;
            let fits = size <= u64::from(config.segment_bytes)
                && offsets <= index_bytes
                && times <= index_bytes
                && (segment.size == 0 || reach <= i64::from(i32::MAX));
            if at > start && !fits {
                break;
            }
            after = at + 1;
        }
        groups.push(start..after);
        start = after;
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(base: i64, size: u64, time: i64) -> SegmentFacts {
        SegmentFacts {
            base: Offset::at(base),
            size,
            offset_index_bytes: 8,
            time_index_bytes: 12,
            largest_timestamp: Some(Timestamp::from_millis(time)),
            first_timestamp: Some(Timestamp::from_millis(time)),
        }
    }

    fn segments() -> Vec<SegmentFacts> {
        (0..4).map(|n| segment(n * 10, 100, (n + 1) * 1000)).collect()
    }

    fn log(cleaned_to: Option<i64>, last_stable: i64) -> LogFacts {
        LogFacts {
            log_start: Offset::ZERO,
            last_stable: Offset::at(last_stable),
            log_end: Offset::at(50),
            active_base: Offset::at(40),
            cleaned_to: cleaned_to.map(Offset::at),
            now: Timestamp::from_millis(5000),
        }
    }

    fn bounds(plan: &CompactionPlan) -> (i64, i64, u64, u64) {
        (plan.first_dirty.get(), plan.first_uncleanable.get(), plan.clean_bytes, plan.cleanable_bytes)
    }

    #[test]
    fn all_but_the_active_segment_is_dirty_at_first() {
        let plan = plan_compaction(&segments(), log(None, 50), &LogConfig::default());
        assert_eq!(bounds(&plan), (0, 40, 0, 400));
        assert!(plan.is_due(&LogConfig::default()));
    }

    #[test]
    fn what_was_compacted_counts_as_clean() {
        let plan = plan_compaction(&segments(), log(Some(30), 50), &LogConfig::default());
        assert_eq!(bounds(&plan), (30, 40, 300, 100));
        assert!(!plan.is_due(&LogConfig::default()), "a quarter is dirty, half is asked for");
        let plan = plan_compaction(&segments(), log(Some(40), 50), &LogConfig::default());
        assert_eq!(bounds(&plan), (40, 40, 400, 0));
    }

    #[test]
    fn an_undecided_transaction_holds_back_its_segment_whole() {
        let plan = plan_compaction(&segments(), log(None, 25), &LogConfig::default());
        assert_eq!(bounds(&plan), (0, 20, 0, 200));
        let plan = plan_compaction(&segments(), log(None, 0), &LogConfig::default());
        assert_eq!(bounds(&plan), (0, 0, 0, 0));
    }

    #[test]
    fn segments_wait_for_the_least_lag() {
        let lag = Duration::from_millis(2000);
        let config = LogConfig { min_compaction_lag: lag, ..LogConfig::default() };
        assert_eq!(bounds(&plan_compaction(&segments(), log(None, 50), &config)), (0, 30, 0, 300));
    }

    #[test]
    fn beyond_the_largest_lag_any_dirty_byte_is_enough() {
        let lag = |millis| LogConfig {
            max_compaction_lag: Some(Duration::from_millis(millis)),
            min_cleanable_dirty_ratio: 1.0,
            ..LogConfig::default()
        };
        assert!(plan_compaction(&segments(), log(Some(30), 50), &lag(999)).is_due(&lag(999)));
        assert!(!plan_compaction(&segments(), log(Some(30), 50), &lag(1000)).is_due(&lag(1000)));
    }

    #[test]
    fn a_checkpoint_outside_the_log_is_corrected() {
        let before = LogFacts { log_start: Offset::at(12), ..log(Some(5), 50) };
        let plan = plan_compaction(&segments(), before, &LogConfig::default());
        assert!(plan.corrects_checkpoint && plan.first_dirty == Offset::at(12));
        let plan = plan_compaction(&segments(), log(Some(51), 50), &LogConfig::default());
        assert!(plan.corrects_checkpoint && plan.first_dirty == Offset::ZERO);
    }

    #[test]
    fn groups_keep_within_the_sizes_of_a_segment_and_31_bits_of_offsets() {
        let of = |bytes| LogConfig { segment_bytes: bytes, ..LogConfig::default() };
        let end = Offset::at(40);
        assert_eq!(group_segments(&segments(), end, &of(1000)), vec![0..4; 1]);
        assert_eq!(group_segments(&segments(), end, &of(250)), [0..2, 2..4]);
        assert_eq!(group_segments(&segments(), end, &of(50)), [0..1, 1..2, 2..3, 3..4]);
        let index = LogConfig { segment_index_bytes: 24, ..LogConfig::default() };
        assert_eq!(group_segments(&segments(), end, &index), [0..2, 2..4]);
        let far = [segment(0, 1, 1), segment(1 << 31, 1, 1), segment((1 << 31) + 5, 0, 1)];
        assert_eq!(group_segments(&far, Offset::at(1 << 40), &of(1000)), [0..1, 1..3]);
    }
}
