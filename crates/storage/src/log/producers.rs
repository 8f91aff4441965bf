//! Producer state from batches: what a header and a marker's record say, and all of it anew after a
//! truncation.

use std::sync::Arc;

use klamm_logstate::{BatchKind, EndMarker, ProducerBatch, ProducerState, TransactionVersion};
use klamm_model::{Offset, Timestamp};
use klamm_protocol::records::batch::add_to_sequence;
use klamm_protocol::records::control::{ControlType, EndTxnMarker};
use klamm_protocol::records::{Batch, BatchHeader};

use super::Log;
use super::recover::replay_producers;
use crate::error::{ReadError, StorageError};
use crate::planted::{self, Bug};
use crate::segment::Segment;
use crate::snapshot_files::decode_snapshot;

/// Committed offsets before a snapshot that are looked at for batches which producers may send again.
const RECALLED: i64 = 1_000;
/// The same where the high watermark is behind: what is not committed is sent again in any case.
const RECALLED_AT_MOST: i64 = 100_000;

/// What a producer's batch at `base_offset` means for the producer state; `None` for batches
/// without a producer and control batches that end no transaction. A marker needs its record.
pub(super) fn producer_batch(
    header: &BatchHeader,
    base_offset: Offset,
    batch: Option<&Batch<'_>>,
    version: TransactionVersion,
) -> Option<ProducerBatch> {
    let (producer_id, producer_epoch) = (header.producer_id()?, header.producer_epoch()?);
    let last_offset = base_offset.plus(i64::from(header.last_offset_delta()));
    let mut max_timestamp = header.max_timestamp().unwrap_or(Timestamp::from_millis(-1));
    let kind = if header.is_control() {
        let (kind, timestamp) = marker(batch?, version)?;
        max_timestamp = timestamp.unwrap_or(max_timestamp);
        kind
    } else {
        let delta = header.last_offset_delta();
        BatchKind::Data { sequences: header.base_sequence().map(|base| (base, add_to_sequence(base, delta))) }
    };
    let transactional = header.is_transactional();
    Some(ProducerBatch {
        producer_id,
        producer_epoch,
        base_offset,
        last_offset,
        max_timestamp,
        transactional,
        kind,
    })
}

/// The marker in a control batch, with its time.
fn marker(batch: &Batch<'_>, version: TransactionVersion) -> Option<(BatchKind, Option<Timestamp>)> {
    let Some(record) = batch.records_in_place()?.next() else { return Some((BatchKind::EmptyControl, None)) };
    let record = record.ok()?;
    let outcome = match ControlType::parse_key(record.key).ok()?? {
        ControlType::Commit => EndMarker::Commit,
        ControlType::Abort => EndMarker::Abort,
        ControlType::LeaderChange
        | ControlType::SnapshotHeader
        | ControlType::SnapshotFooter
        | ControlType::KraftVersion
        | ControlType::KraftVoters => return None,
    };
    let coordinator_epoch = EndTxnMarker::parse(record.value).ok()?.coordinator_epoch;
    Some((BatchKind::Marker { outcome, coordinator_epoch, version }, Some(record.timestamp(batch.header()))))
}

/// Lets the state that a snapshot file gave recognise what producers may send again of the batches before it. The file has
/// only the newest batch of each producer, so that Kafka answers OUT_OF_ORDER_SEQUENCE_NUMBER to the first of several that
/// were in flight while the leader restarted. Nothing is recognised of a log that is damaged there.
pub(super) fn recall_batches(
    producers: &mut ProducerState,
    segments: &[Arc<Segment>],
    (log_start, high_watermark): (Offset, Offset),
) -> Result<(), ReadError> {
    if producers.is_empty() || planted::has(Bug::ForgetBatches) {
        return Ok(());
    }
    let end = producers.end_offset();
    let before_end = |count: i64| Offset::new(end.get() - count).unwrap_or_default();
    let from = high_watermark.min(before_end(RECALLED)).max(before_end(RECALLED_AT_MOST)).max(log_start);
    let mut tail = ProducerState::new(from);
    let first = segments.partition_point(|segment| segment.base_offset() <= from).saturating_sub(1);
    for segment in segments[first..].iter().take_while(|segment| segment.base_offset() < end) {
        match replay_producers(segment, (segment.len(), end), &mut tail) {
            Ok(()) => {}
            Err(error @ ReadError::Storage(_)) => return Err(error),
            Err(
                ReadError::Corrupt { .. }
                | ReadError::OutOfRange { .. }
                | ReadError::NotResident
                | ReadError::Stale,
            ) => return Ok(()),
        }
    }
    producers.recall(&tail);
    Ok(())
}

impl Log {
    /// Makes the producer state that of the log as it ends now, after a truncation: from the newest
    /// snapshot that still holds, and the batches after it.
    pub(super) fn rebuild_producers(&mut self, now: Timestamp) -> Result<(), StorageError> {
        let (log_start, log_end) = (self.log_start, self.log_end);
        let gone = self.snapshots.take(|offset| offset > log_end || offset <= log_start);
        let gone = gone.map_err(|error| self.failed("remove producer snapshots of", error))?;
        self.delete_later(gone);
        if self.producers.end_offset() == log_end {
            self.producers.on_log_start(log_start);
            return Ok(());
        }
        // Without any producer there is none to find further back.
        let had_none = self.producers.is_empty() && self.producers.end_offset() >= log_end;
        if !had_none {
            self.producers = self.newest_snapshot(now)?;
            let offsets = (log_start, self.high_watermark);
            let recalled = recall_batches(&mut self.producers, &self.segments, offsets);
            self.local(recalled)?;
            for segment in self.segments.iter() {
                let end = segment.base_offset().max(self.producers.end_offset());
                if end < log_end && segment.len() > 0 {
                    let replayed = replay_producers(segment, (segment.len(), log_end), &mut self.producers);
                    self.local(replayed)?;
                }
            }
            self.producers.on_high_watermark(self.high_watermark);
        }
        self.producers.advance_end_offset(log_end);
        self.write_snapshot().map(drop)
    }

    fn newest_snapshot(&mut self, now: Timestamp) -> Result<ProducerState, StorageError> {
        let expiration = self.dir.config().producer_id_expiration;
        while let Some(offset) = self.snapshots.latest() {
            let content =
                self.snapshots.read(offset).map_err(|error| self.failed("read a snapshot of", error))?;
            if let Ok(entries) = decode_snapshot(&content.unwrap_or_default()) {
                return Ok(ProducerState::restored(offset, entries, now, expiration));
            }
            let damaged = self.snapshots.take(|at| at == offset);
            let damaged = damaged.map_err(|error| self.failed("remove a snapshot of", error))?;
            self.delete_later(damaged);
        }
        Ok(ProducerState::new(self.log_start))
    }
}
