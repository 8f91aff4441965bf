//! What stays of one batch (Kafka's `Cleaner.cleanInto` and `MemoryRecords.filterTo`). Pure: bytes in,
//! bytes out.
//!
//! 1. A record stays if no later one has its key. Records after the end of the map stay; records
//!    without a key go.
//! 2. A tombstone stays until the delete horizon of its batch, which is set when compaction first meets
//!    it. (Formats 0 and 1 have no horizon: the age of the segment counts.)
//! 3. Records of aborted transactions go at once. A marker goes once all records of its transaction are
//!    gone and the delete horizon, set at that moment, has passed.
//! 4. A batch of which nothing stays goes, unless it is the last of an active producer or ends at the
//!    high watermark: then its header stays.
//! 5. Offsets, leader epoch, producer and sequence of a batch stay, and so does its codec.

use std::collections::BTreeMap;
use std::time::Duration;

use klamm_model::{Offset, ProducerId, Timestamp};
use klamm_protocol::records::legacy::LegacyBuilder;
use klamm_protocol::records::{
    AnyBatch, Batch, BatchBuilder, BatchHeader, BuildError, Header, Limits, RecordError, TimestampType,
};

use super::LastOfProducer;
use super::offset_map::OffsetMap;

/// What decides, beside the batch.
#[derive(Debug)]
pub(super) struct Rules<'a> {
    pub(super) map: &'a OffsetMap,
    pub(super) producers: &'a BTreeMap<ProducerId, LastOfProducer>,
    /// That of the log when the round began.
    pub(super) high_watermark: Offset,
    pub(super) now: Timestamp,
    pub(super) delete_retention: Duration,
    /// Tombstones of formats 0 and 1 in this segment are too young to go.
    pub(super) keeps_legacy_tombstones: bool,
    pub(super) limits: Limits,
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Retained {
    /// Records it had.
    pub(super) read: u32,
    /// Records that stay.
    pub(super) kept: u32,
}

/// A batch that cannot be read, or not be written again.
#[derive(Debug, thiserror::Error)]
pub(super) enum RetainError {
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error(transparent)]
    Build(#[from] BuildError),
}

/// Appends to `out` what stays of `batch`. `is_decided`: its transaction was aborted, or it is a marker
/// whose transaction has no records left.
pub(super) fn retain(
    batch: &AnyBatch<'_>,
    is_decided: bool,
    rules: &Rules<'_>,
    out: &mut Vec<u8>,
) -> Result<Retained, RetainError> {
    let header = match batch {
        AnyBatch::V2(batch) => Some(batch.header()),
        AnyBatch::Legacy(_) => None,
    };
    let horizon = header.and_then(BatchHeader::delete_horizon);
    let is_past = horizon.is_some_and(|horizon| horizon <= rules.now);
    let is_control = batch.is_control();
    let discards = is_decided && (!is_control || is_past);
    let keeps_header = header.is_some_and(|header| {
        is_last_of_producer(header, rules) || header.next_offset() == rules.high_watermark
    });
    if discards && !keeps_header {
        return Ok(Retained { read: header.map_or(0, BatchHeader::record_count), kept: 0 });
    }
    let choice = if discards { Choice::NOTHING } else { choose(batch, is_control, is_past, rules)? };
    let kept = choice.kept;
    let read = if discards { header.map_or(0, BatchHeader::record_count) } else { choice.keep.len() as u32 };
    match batch {
        _ if kept == 0 => {
            if let (true, Some(header)) = (keeps_header, header) {
                out.extend_from_slice(&like(header).finish_empty(header.max_timestamp()));
            }
        }
        AnyBatch::V2(v2) => {
            let sets_horizon = horizon.is_none() && (choice.has_tombstone || (is_decided && is_control));
            if choice.is_whole() && !sets_horizon {
                out.extend_from_slice(batch.bytes());
            } else {
                let horizon =
                    if sets_horizon { Some(after(rules.now, rules.delete_retention)) } else { horizon };
                out.extend_from_slice(&rewrite(v2, &choice, horizon, rules)?);
            }
        }
        AnyBatch::Legacy(_) if choice.is_whole() => out.extend_from_slice(batch.bytes()),
        AnyBatch::Legacy(_) => out.extend_from_slice(&rewrite_legacy(batch, &choice, rules)?),
    }
    Ok(Retained { read, kept })
}

fn is_last_of_producer(header: &BatchHeader, rules: &Rules<'_>) -> bool {
    let last = header.producer_id().and_then(|id| rules.producers.get(&id));
    last.is_some_and(|last| match last {
        LastOfProducer::Data(offset) => header.last_offset() == *offset,
        LastOfProducer::Marker(epoch) => header.is_control() && header.producer_epoch() == *epoch,
    })
}

/// Which records of a batch stay.
struct Choice {
    keep: Vec<bool>,
    kept: u32,
    has_tombstone: bool,
}

impl Choice {
    const NOTHING: Choice = Choice { keep: Vec::new(), kept: 0, has_tombstone: false };

    fn is_whole(&self) -> bool {
        self.kept as usize == self.keep.len()
    }
}

fn choose(
    batch: &AnyBatch<'_>,
    is_control: bool,
    is_past: bool,
    rules: &Rules<'_>,
) -> Result<Choice, RecordError> {
    let mut choice = Choice { keep: Vec::new(), kept: 0, has_tombstone: false };
    let keeps_tombstones = match batch {
        AnyBatch::V2(_) => !is_past,
        AnyBatch::Legacy(_) => rules.keeps_legacy_tombstones,
    };
    let mut records = batch.records(rules.limits)?;
    while let Some(record) = records.next() {
        let record = record?;
        let stays = is_control
            || rules.map.latest_offset().is_none_or(|latest| record.offset > latest)
            || record.key.is_some_and(|key| {
                rules.map.get(key).is_none_or(|last| record.offset >= last)
                    && (record.value.is_some() || keeps_tombstones)
            });
        choice.keep.push(stays);
        choice.kept += u32::from(stays);
        choice.has_tombstone |= stays && record.value.is_none();
    }
    Ok(choice)
}

/// A builder for a batch in the place of another, still without records and codec.
fn like(header: &BatchHeader) -> BatchBuilder {
    let mut builder =
        BatchBuilder::new().base_offset(header.base_offset()).last_offset_delta(header.last_offset_delta());
    if let Some(epoch) = header.leader_epoch() {
        builder = builder.leader_epoch(epoch);
    }
    if let (Some(id), Some(epoch)) = (header.producer_id(), header.producer_epoch()) {
        builder = match header.is_transactional() {
            true => builder.transactional(id, epoch, header.base_sequence()),
            false => builder.idempotent(id, epoch, header.base_sequence().unwrap_or(-1)),
        };
    }
    if header.is_control() {
        builder = builder.control();
    }
    if let (TimestampType::LogAppendTime, Some(time)) = (header.timestamp_type(), header.max_timestamp()) {
        builder = builder.log_append_time(time);
    }
    builder
}

fn rewrite(
    batch: &Batch<'_>,
    choice: &Choice,
    horizon: Option<Timestamp>,
    rules: &Rules<'_>,
) -> Result<bytes::Bytes, RetainError> {
    let header = batch.header();
    let mut builder = like(header).compression(header.codec()).with_capacity(batch.bytes().len());
    if let Some(horizon) = horizon {
        builder = builder.delete_horizon(horizon);
    }
    let mut records = batch.records(rules.limits)?;
    for &stays in &choice.keep {
        let Some(record) = records.next() else { break };
        let record = record?;
        if !stays {
            continue;
        }
        let headers: Vec<Header<'_>> = record.headers.iter().collect();
        let time = record.timestamp(header);
        builder.append_at(record.offset_delta, time, record.key, record.value, &headers)?;
    }
    Ok(builder.finish())
}

fn rewrite_legacy(
    batch: &AnyBatch<'_>,
    choice: &Choice,
    rules: &Rules<'_>,
) -> Result<bytes::Bytes, RetainError> {
    let mut builder = LegacyBuilder::new(batch.magic(), batch.codec());
    if let (Some(TimestampType::LogAppendTime), Some(time)) = (batch.timestamp_type(), batch.max_timestamp())
    {
        builder = builder.log_append_time(time);
    }
    let mut records = batch.records(rules.limits)?;
    for &stays in &choice.keep {
        let Some(record) = records.next() else { break };
        let record = record?;
        if stays {
            builder.append(record.offset.get(), record.timestamp, record.key, record.value)?;
        }
    }
    Ok(builder.finish())
}

fn after(now: Timestamp, retention: Duration) -> Timestamp {
    let retention = i64::try_from(retention.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(now.as_millis().saturating_add(retention))
}
