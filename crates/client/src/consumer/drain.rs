//! Turns the bytes of one partition's answer into records, batch by batch as they are asked for. Pure.
//!
//! 1. Records before the place that was asked for are passed over: batches are sent whole.
//! 2. Control batches are never handed out.
//! 3. With read_committed, records of aborted transactions are passed over: a producer is in abortion from the
//!    first offset the answer names until its abort marker.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use bytes::Bytes;
use klamm_model::{LeaderEpoch, TopicPartition};
use klamm_protocol::records::control::ControlType;
use klamm_protocol::records::{AnyBatch, Codec, Limits, LogRecord, RecordError};

use super::config::{CheckCrcs, IsolationLevel};
use super::record::ConsumerRecord;
use super::state::Position;
use crate::error::ClientError;
use crate::producer::RecordHeader;

/// A transaction that was aborted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Aborted {
    pub(super) producer_id: i64,
    pub(super) first_offset: i64,
}

/// How records are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    pub(super) isolation: IsolationLevel,
    pub(super) check_crcs: CheckCrcs,
}

/// An answer that is being read.
#[derive(Debug)]
pub(super) struct Drain {
    pub(super) at: TopicPartition,
    /// The stamp of the partition when it was asked.
    pub(super) stamp: u64,
    bytes: Bytes,
    read: usize,
    next: Position,
    /// Where the batch that is being handed out ends: compaction may have taken its last records.
    batch_end: Position,
    ready: VecDeque<ConsumerRecord>,
    /// Ascending by first offset.
    aborted: VecDeque<Aborted>,
    in_abortion: BTreeSet<i64>,
    rules: Rules,
}

impl Drain {
    /// `bytes` were sent for `position`.
    pub(super) fn new(
        (at, stamp): (TopicPartition, u64),
        position: Position,
        bytes: Bytes,
        mut aborted: Vec<Aborted>,
        rules: Rules,
    ) -> Drain {
        aborted.sort_by_key(|transaction| transaction.first_offset);
        Drain {
            at,
            stamp,
            bytes,
            read: 0,
            next: position,
            batch_end: position,
            ready: VecDeque::new(),
            aborted: aborted.into(),
            in_abortion: BTreeSet::new(),
            rules,
        }
    }

    /// Where to go on after what was handed out.
    pub(super) fn next_position(&self) -> Position {
        self.next
    }

    /// The next record; `None` at the end. After an error the place stays, so that the next answer tells it again.
    pub(super) fn next(&mut self) -> Result<Option<ConsumerRecord>, ClientError> {
        loop {
            if let Some(record) = self.ready.pop_front() {
                self.next =
                    Position { offset: record.offset.next(), epoch: record.leader_epoch.or(self.next.epoch) };
                self.pass_end_of_batch();
                return Ok(Some(record));
            }
            if !self.read_batch()? {
                return Ok(None);
            }
        }
    }

    /// Reads one batch; false at the end.
    fn read_batch(&mut self) -> Result<bool, ClientError> {
        let bytes = self.bytes.clone();
        let batch = match AnyBatch::parse(&bytes[self.read..]) {
            Ok(batch) => batch,
            // The last batch may be cut off.
            Err(error) if self.read == bytes.len() || error.is_incomplete() => return Ok(false),
            Err(error) => return Err(self.corrupt(error)),
        };
        if self.rules.check_crcs == CheckCrcs::Always {
            batch.verify_crc().map_err(|error| self.corrupt(error))?;
        }
        if self.is_for_the_reader(&batch) {
            self.read_records(&batch, &bytes).map_err(|error| self.corrupt(error))?;
        }
        self.read += batch.bytes().len();
        let epoch = batch.leader_epoch().or(self.next.epoch);
        self.batch_end = Position { offset: batch.last_offset().next(), epoch };
        self.pass_end_of_batch();
        Ok(true)
    }

    fn pass_end_of_batch(&mut self) {
        if self.ready.is_empty() && self.batch_end.offset > self.next.offset {
            self.next = self.batch_end;
        }
    }

    fn corrupt(&self, cause: impl ToString) -> ClientError {
        ClientError::CorruptBatch {
            partition: self.at.clone(),
            offset: self.next.offset.get(),
            cause: cause.to_string(),
        }
    }

    /// Rules 2 and 3.
    fn is_for_the_reader(&mut self, batch: &AnyBatch<'_>) -> bool {
        let AnyBatch::V2(v2) = batch else { return true };
        if self.rules.isolation == IsolationLevel::ReadCommitted
            && let Some(producer) = batch.producer_id()
        {
            let last = batch.last_offset().get();
            while let Some(begun) = self.aborted.pop_front_if(|begun| begun.first_offset <= last) {
                self.in_abortion.insert(begun.producer_id);
            }
            if batch.is_control() {
                if is_abort(batch) {
                    self.in_abortion.remove(&producer.get());
                }
            } else if v2.header().is_transactional() && self.in_abortion.contains(&producer.get()) {
                return false;
            }
        }
        !batch.is_control()
    }

    fn read_records(&mut self, batch: &AnyBatch<'_>, frame: &Bytes) -> Result<(), RecordError> {
        let in_place = batch.codec() == Codec::None;
        let share = |slice: &[u8]| match in_place {
            true => frame.slice_ref(slice),
            false => Bytes::copy_from_slice(slice),
        };
        let (epoch, kind) = (batch.leader_epoch(), batch.timestamp_type());
        let mut records = batch.records(Limits::NONE)?;
        while let Some(record) = records.next() {
            let record = record?;
            if record.offset >= self.next.offset {
                let record = whole(&self.at.topic, self.at.partition, epoch, &record, share);
                self.ready.push_back(ConsumerRecord { timestamp_type: kind, ..record });
            }
        }
        Ok(())
    }
}

fn whole(
    topic: &Arc<str>,
    partition: i32,
    leader_epoch: Option<LeaderEpoch>,
    record: &LogRecord<'_>,
    share: impl Fn(&[u8]) -> Bytes,
) -> ConsumerRecord {
    let headers = record.headers.iter().map(|header| RecordHeader {
        key: String::from_utf8_lossy(header.key).into_owned(),
        value: header.value.map(&share),
    });
    ConsumerRecord {
        topic: Arc::clone(topic),
        partition,
        offset: record.offset,
        leader_epoch,
        timestamp: record.timestamp,
        timestamp_type: None,
        key: record.key.map(&share),
        value: record.value.map(&share),
        headers: headers.collect(),
    }
}

/// Whether a control batch ends a transaction by abortion.
fn is_abort(batch: &AnyBatch<'_>) -> bool {
    let Ok(mut records) = batch.records(Limits::NONE) else { return false };
    let first = records.next();
    let key = first.and_then(Result::ok).and_then(|record| ControlType::parse_key(record.key).ok().flatten());
    key == Some(ControlType::Abort)
}

#[cfg(test)]
mod tests;
