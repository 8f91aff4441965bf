//! Building a batch v2 (Kafka's `MemoryRecordsBuilder`): for producers, tools, coordinators, the
//! metadata log and recompression.

use bytes::Bytes;

use klamm_model::{LeaderEpoch, Offset, ProducerEpoch, ProducerId, Timestamp};

use super::batch::{
    Attributes, BatchHeader, HEADER_SIZE, LOG_OVERHEAD, NO_TIMESTAMP, TimestampType, compute_crc,
};
use super::compression::{Codec, Compression, compress};
use super::record::{Header, body_size, payload_size, write_record};
use super::varint;

/// Most bytes of a record's size, attributes and deltas.
const MAX_RECORD_OVERHEAD: usize = 21;
/// Java's margin on the estimated compressed size.
const COMPRESSION_MARGIN: f32 = 1.05;

/// Why a record does not go into a batch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// Offsets grow.
    #[error("offset {offset} follows {last}")]
    NotIncreasing {
        /// Of the record: from the base offset on, in a batch v2.
        offset: i64,
        /// Of the record before, or -1.
        last: i64,
    },
    /// Offsets lie less than 2^31 from the base.
    #[error("the batch has no offset left for another record")]
    TooMany,
    /// Only -1, "no timestamp", may be negative.
    #[error("timestamp {0} is negative")]
    NegativeTimestamp(i64),
    /// The batch or its record outgrows the format's 31-bit sizes.
    #[error("the batch outgrows its format at {size} bytes")]
    TooLarge {
        /// Bytes it would need, uncompressed.
        size: usize,
    },
}

/// Collects records and writes them as one batch.
#[derive(Clone, Debug)]
pub struct BatchBuilder {
    compression: Compression,
    attributes: Attributes,
    base_offset: i64,
    leader_epoch: i32,
    producer_id: i64,
    producer_epoch: i16,
    base_sequence: i32,
    log_append_time: Option<i64>,
    delete_horizon: Option<i64>,
    last_offset_delta: Option<i32>,
    base_timestamp: Option<i64>,
    max_timestamp: i64,
    last_delta_of_range: Option<i32>,
    count: i32,
    estimated_ratio: f32,
    /// A header's room, then the records uncompressed.
    bytes: Vec<u8>,
}

impl Default for BatchBuilder {
    fn default() -> BatchBuilder {
        BatchBuilder::new()
    }
}

impl BatchBuilder {
    /// An empty, uncompressed batch at offset 0 without leader epoch or producer.
    pub fn new() -> BatchBuilder {
        BatchBuilder {
            compression: Compression::NONE,
            attributes: Attributes::default(),
            base_offset: 0,
            leader_epoch: -1,
            producer_id: -1,
            producer_epoch: -1,
            base_sequence: -1,
            log_append_time: None,
            delete_horizon: None,
            last_offset_delta: None,
            base_timestamp: None,
            max_timestamp: NO_TIMESTAMP,
            last_delta_of_range: None,
            count: 0,
            estimated_ratio: 1.0,
            bytes: vec![0; HEADER_SIZE],
        }
    }

    /// Reserves memory for a batch of `size` bytes.
    pub fn with_capacity(mut self, size: usize) -> BatchBuilder {
        self.bytes.reserve(size.saturating_sub(HEADER_SIZE));
        self
    }

    /// Compressed by `compression`.
    pub fn compression(mut self, compression: impl Into<Compression>) -> BatchBuilder {
        self.compression = compression.into();
        self
    }

    /// Starting at `offset`.
    pub fn base_offset(mut self, offset: Offset) -> BatchBuilder {
        self.base_offset = offset.get();
        self
    }

    /// Appended by the leader of `epoch`.
    pub fn leader_epoch(mut self, epoch: LeaderEpoch) -> BatchBuilder {
        self.leader_epoch = epoch.get();
        self
    }

    /// Of an idempotent producer.
    pub fn idempotent(mut self, id: ProducerId, epoch: ProducerEpoch, base_sequence: i32) -> BatchBuilder {
        self.producer_id = id.get();
        self.producer_epoch = epoch.get();
        self.base_sequence = base_sequence;
        self
    }

    /// Of a transactional producer; markers have no sequence.
    pub fn transactional(
        self,
        id: ProducerId,
        epoch: ProducerEpoch,
        base_sequence: Option<i32>,
    ) -> BatchBuilder {
        let mut builder = self.idempotent(id, epoch, base_sequence.unwrap_or(-1));
        builder.attributes = builder.attributes.transactional();
        builder
    }

    /// Of the producer of another batch, within the same transaction.
    pub(crate) fn producer_of(mut self, header: &BatchHeader) -> BatchBuilder {
        self.producer_id = header.producer_id;
        self.producer_epoch = header.producer_epoch;
        self.base_sequence = header.base_sequence;
        if header.is_transactional() {
            self.attributes = self.attributes.transactional();
        }
        self
    }

    /// Of control records.
    pub fn control(mut self) -> BatchBuilder {
        self.attributes = self.attributes.control();
        self
    }

    /// With the leader's time for all records.
    pub fn log_append_time(mut self, now: Timestamp) -> BatchBuilder {
        self.log_append_time = Some(now.as_millis());
        self
    }

    /// With compaction's delete horizon.
    pub fn delete_horizon(mut self, horizon: Timestamp) -> BatchBuilder {
        self.delete_horizon = Some(horizon.as_millis());
        self
    }

    /// Covering offsets up to `delta` from the base, whether their records are there or not: what
    /// compaction keeps of a batch.
    pub fn last_offset_delta(mut self, delta: i32) -> BatchBuilder {
        self.last_delta_of_range = Some(delta);
        self
    }

    /// Expected size of compressed bytes by that of uncompressed ones, for [`Self::estimated_size`].
    pub fn estimated_ratio(mut self, ratio: f32) -> BatchBuilder {
        self.estimated_ratio = ratio;
        self
    }

    /// Appends a record at the next offset.
    pub fn append(
        &mut self,
        timestamp: Timestamp,
        key: Option<&[u8]>,
        value: Option<&[u8]>,
        headers: &[Header<'_>],
    ) -> Result<(), BuildError> {
        let delta = match self.last_offset_delta {
            None => 0,
            Some(last) => last.checked_add(1).ok_or(BuildError::TooMany)?,
        };
        self.append_at(delta, timestamp, key, value, headers)
    }

    /// Appends a record at `offset_delta` from the base offset.
    pub fn append_at(
        &mut self,
        offset_delta: i32,
        timestamp: Timestamp,
        key: Option<&[u8]>,
        value: Option<&[u8]>,
        headers: &[Header<'_>],
    ) -> Result<(), BuildError> {
        let last = self.last_offset_delta.unwrap_or(-1);
        if offset_delta <= last {
            return Err(BuildError::NotIncreasing { offset: offset_delta.into(), last: last.into() });
        }
        let timestamp = timestamp.as_millis();
        if timestamp < NO_TIMESTAMP {
            return Err(BuildError::NegativeTimestamp(timestamp));
        }
        let base = self.delete_horizon.or(self.base_timestamp).unwrap_or(timestamp);
        let deltas = (offset_delta, timestamp.wrapping_sub(base));
        let body = body_size(deltas, key, value, headers);
        let size = self.bytes.len() + 5 + body;
        if i32::try_from(size).is_err() {
            return Err(BuildError::TooLarge { size });
        }
        write_record(&mut self.bytes, deltas, key, value, headers);
        self.base_timestamp.get_or_insert(base);
        self.max_timestamp = self.max_timestamp.max(timestamp);
        self.last_offset_delta = Some(offset_delta);
        self.count += 1;
        Ok(())
    }

    /// Records so far.
    pub fn record_count(&self) -> u32 {
        // Counts up from 0.
        self.count as u32
    }

    /// Whether there is no record yet.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Bytes so far, uncompressed, with the header.
    pub fn uncompressed_size(&self) -> usize {
        self.bytes.len()
    }

    /// Expected bytes of the finished batch: exact without compression, else Java's estimate.
    pub fn estimated_size(&self) -> usize {
        self.estimate(self.bytes.len() - HEADER_SIZE)
    }

    fn estimate(&self, records: usize) -> usize {
        if self.compression.codec() == Codec::None {
            return HEADER_SIZE + records;
        }
        HEADER_SIZE + (records as f32 * self.estimated_ratio * COMPRESSION_MARGIN) as usize
    }

    /// Whether one more record keeps the batch within `limit` bytes (`batch.size`), by Java's
    /// estimate. The first record always has room.
    pub fn has_room_for(
        &self,
        limit: usize,
        timestamp: Timestamp,
        key: Option<&[u8]>,
        value: Option<&[u8]>,
        headers: &[Header<'_>],
    ) -> bool {
        if self.is_full(limit) {
            return false;
        }
        let Some(last) = self.last_offset_delta else { return true };
        let base = self.base_timestamp.unwrap_or(NO_TIMESTAMP);
        let deltas = (last.saturating_add(1), timestamp.as_millis().wrapping_sub(base));
        let body = body_size(deltas, key, value, headers);
        limit >= self.estimated_size() + body + varint::size_i32(body as i32)
    }

    /// Whether the batch has reached `limit` bytes, by Java's estimate.
    pub fn is_full(&self, limit: usize) -> bool {
        self.count > 0 && limit <= self.estimated_size()
    }

    /// Writes the batch.
    pub fn finish(self) -> Bytes {
        let mut header = self.header();
        let mut bytes = match self.compression.codec() {
            Codec::None => self.bytes,
            Codec::Gzip | Codec::Snappy | Codec::Lz4 | Codec::Zstd => {
                let mut bytes = vec![0; HEADER_SIZE];
                compress(self.compression, &self.bytes[HEADER_SIZE..], &mut bytes);
                bytes
            }
        };
        header.length =
            i32::try_from(bytes.len() - LOG_OVERHEAD).expect("records of 31 bits stay below 2^31 compressed");
        bytes[..HEADER_SIZE].copy_from_slice(&header.encode());
        header.crc = compute_crc(&bytes);
        bytes[..HEADER_SIZE].copy_from_slice(&header.encode());
        Bytes::from(bytes)
    }

    /// Writes a batch without records, which keeps offsets, producer and largest timestamp of one
    /// that compaction emptied.
    ///
    /// # Panics
    /// If there are records.
    pub fn finish_empty(mut self, max_timestamp: Option<Timestamp>) -> Bytes {
        assert!(self.is_empty(), "an empty batch has no records");
        self.compression = Compression::NONE;
        self.max_timestamp = max_timestamp.map_or(NO_TIMESTAMP, Timestamp::as_millis);
        self.finish()
    }

    /// The header but for length and checksum.
    fn header(&self) -> BatchHeader {
        let mut attributes = self.attributes.with_codec(self.compression.codec());
        if self.log_append_time.is_some() {
            attributes = attributes.with_timestamp_type(TimestampType::LogAppendTime);
        }
        if self.delete_horizon.is_some() {
            attributes = attributes.with_delete_horizon();
        }
        let base_timestamp = self.delete_horizon.or(self.base_timestamp).unwrap_or(NO_TIMESTAMP);
        BatchHeader {
            base_offset: self.base_offset,
            length: 0,
            leader_epoch: self.leader_epoch,
            crc: 0,
            attributes,
            last_offset_delta: self.last_delta_of_range.or(self.last_offset_delta).unwrap_or(0),
            base_timestamp,
            max_timestamp: self.log_append_time.unwrap_or(self.max_timestamp),
            producer_id: self.producer_id,
            producer_epoch: self.producer_epoch,
            base_sequence: self.base_sequence,
            record_count: self.count,
        }
    }
}

/// Upper bound of a batch with one record, as Java's producer sizes its buffers.
pub fn single_record_upper_bound(key: Option<&[u8]>, value: Option<&[u8]>, headers: &[Header<'_>]) -> usize {
    HEADER_SIZE + MAX_RECORD_OVERHEAD + payload_size(key, value, headers)
}
