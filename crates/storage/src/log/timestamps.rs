//! Finding offsets by time: ListOffsets (KIP-33, KIP-79, KIP-734 for the largest timestamp).

use klamm_model::{LeaderEpoch, Offset, Timestamp};
use klamm_protocol::records::any::AnyBatch;
use klamm_protocol::records::{Limits, RecordError};

use super::view::{Isolation, LogView, Patience, TimestampedOffset};
use crate::error::ReadError;
use crate::index::TimeEntry;
use crate::reader::Reader;
use crate::segment::{Entry, HeaderScan, Segment, SegmentIndex};

impl LogView {
    /// ListOffsets of the start.
    pub fn earliest(&self) -> TimestampedOffset {
        let offset = self.log_start_offset();
        let first = self.epochs.earliest().filter(|entry| entry.start_offset <= offset);
        TimestampedOffset { timestamp: None, offset, leader_epoch: first.map(|entry| entry.epoch) }
    }

    /// ListOffsets of the end that `isolation` sees.
    pub fn latest(&self, isolation: Isolation) -> TimestampedOffset {
        let leader_epoch = self.leader_epoch.or(self.epochs.latest_epoch());
        TimestampedOffset { timestamp: None, offset: self.upper_bound(isolation), leader_epoch }
    }

    /// ListOffsets: the first record at or after the log start whose timestamp is at least
    /// `timestamp`, wherever it is (callers compare with their upper bound). Blocks.
    ///
    /// As Kafka: the first segment with a timestamp as large decides, even if its records that
    /// fit lie before the log start.
    pub fn offset_for_timestamp(&self, timestamp: Timestamp) -> Result<Option<TimestampedOffset>, ReadError> {
        for (at, segment) in self.segments.iter().enumerate() {
            if self.largest_timestamp(at)? >= timestamp {
                let from = segment.time_floor(timestamp)?.map_or(segment.base_offset(), |entry| entry.offset);
                let from = from.max(self.log_start_offset());
                return self.search(at, from, |entry, record| {
                    entry.max_timestamp >= Some(timestamp)
                        && record.is_none_or(|(offset, time)| {
                            time >= Some(timestamp) && offset >= self.log_start_offset()
                        })
                });
            }
        }
        Ok(None)
    }

    /// ListOffsets of the largest timestamp. Blocks.
    pub fn offset_of_max_timestamp(&self) -> Result<Option<TimestampedOffset>, ReadError> {
        let mut largest: Option<(usize, TimeEntry)> = None;
        for (at, segment) in self.segments.iter().enumerate() {
            let Some(entry) = max_timestamp(segment)? else { continue };
            if largest.is_none_or(|(_, known)| entry.timestamp > known.timestamp) {
                largest = Some((at, entry));
            }
        }
        let Some((at, max)) = largest else { return Ok(None) };
        self.search(at, max.offset, |entry, record| {
            entry.max_timestamp == Some(max.timestamp)
                && record.is_none_or(|(_, time)| time == Some(max.timestamp))
        })
    }

    /// Reads what [`crate::Log::apply_retention`] goes by and the segments do not know yet, so that the owner of the log
    /// has nothing to read. Blocks. A view out of date is no matter: what is gone is not asked for.
    pub fn look_up_timestamps(&self) -> Result<(), ReadError> {
        for segment in self.segments.iter() {
            match max_timestamp(segment) {
                Ok(_) | Err(ReadError::Stale) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Largest timestamp of a segment; without any, the time its file was last changed.
    fn largest_timestamp(&self, at: usize) -> Result<Timestamp, ReadError> {
        let segment = &self.segments[at];
        match max_timestamp(segment)? {
            Some(entry) => Ok(entry.timestamp),
            None => Ok(segment.facts()?.modified),
        }
    }

    /// The first record of a segment that `fits`, from the index entry before the batch at `from`
    /// on; `fits` is asked with no record for a batch as a whole first.
    fn search(
        &self,
        at: usize,
        from: Offset,
        fits: impl Fn(&Entry, Option<(Offset, Option<Timestamp>)>) -> bool,
    ) -> Result<Option<TimestampedOffset>, ReadError> {
        let segment = &self.segments[at];
        let end = self.segment_len(at);
        let log = segment.log_reader(Patience::Wait)?;
        let Some(start) = segment.find_batch(&log, from, end, Patience::Wait)? else { return Ok(None) };
        let mut scan = HeaderScan::new(&log, start.position, end);
        while let Some(entry) = scan.next()? {
            if !fits(&entry, None) {
                continue;
            }
            let max_record_size = i32::try_from(self.max_decompressed).unwrap_or(i32::MAX);
            let limits = Limits { max_record_size, ..Limits::NONE };
            let found =
                search_batch(&log, &entry, limits, |offset, time| fits(&entry, Some((offset, time))))?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }
}

fn max_timestamp(segment: &Segment) -> Result<Option<TimeEntry>, ReadError> {
    let in_memory = segment.with_index(|index| match index {
        SegmentIndex::Memory(index) => Some(index.max_timestamp),
        SegmentIndex::Files(_) => None,
    });
    match in_memory {
        Some(max) => Ok(max),
        None => segment.last_time_entry(),
    }
}

fn search_batch(
    log: &Reader,
    entry: &Entry,
    limits: Limits,
    fits: impl Fn(Offset, Option<Timestamp>) -> bool,
) -> Result<Option<TimestampedOffset>, ReadError> {
    let mut bytes = vec![0; entry.size as usize];
    log.read(&mut bytes, entry.position, entry.size as usize)?;
    let damaged = |reason: String| log.corrupt(entry.position, reason);
    let batch = AnyBatch::parse(&bytes).map_err(|error| damaged(error.to_string()))?;
    let leader_epoch: Option<LeaderEpoch> = batch.leader_epoch();
    let record_damage = |error: RecordError| damaged(error.to_string());
    let mut records = batch.records(limits).map_err(record_damage)?;
    while let Some(record) = records.next() {
        let record = record.map_err(record_damage)?;
        if fits(record.offset, record.timestamp) {
            let (timestamp, offset) = (record.timestamp, record.offset);
            return Ok(Some(TimestampedOffset { timestamp, offset, leader_epoch }));
        }
    }
    Ok(None)
}
