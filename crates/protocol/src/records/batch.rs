//! The 61-byte header of a record batch v2 (Kafka's `DefaultRecordBatch`), and its stamps.
//!
//! ```text
//!  0 base offset i64 | 8 length i32 (bytes after this field) | 12 partition leader epoch i32
//! 16 magic i8 = 2 | 17 crc u32: CRC-32C of bytes 21.. | 21 attributes i16
//! 23 last offset delta i32 | 27 base timestamp i64 | 35 max timestamp i64
//! 43 producer id i64 | 51 producer epoch i16 | 53 base sequence i32 | 57 record count i32
//! 61 records
//! ```
//! Base offset and leader epoch lie outside the checksum, so a leader stamps them without reading
//! the records.

use klamm_model::{LeaderEpoch, Offset, ProducerEpoch, ProducerId, Timestamp};

use super::compression::Codec;
use super::crc::crc32c;
use super::errors::BatchError;

/// Bytes of a batch before its records.
pub const HEADER_SIZE: usize = 61;
/// Bytes of base offset and length: the length field counts what follows them.
pub const LOG_OVERHEAD: usize = 12;
/// Least length field of any format: a message of magic 0 without key and value.
pub(crate) const LEAST_LENGTH: i32 = 14;
/// Offset of the partition leader epoch.
pub(crate) const LEADER_EPOCH_AT: usize = 12;
/// Offset of the magic byte, the same in all formats.
pub(crate) const MAGIC_AT: usize = 16;
/// Offset of the checksum.
pub(crate) const CRC_AT: usize = 17;
/// Offset of the first byte under the checksum.
pub(crate) const CRC_FROM: usize = 21;
const MAX_TIMESTAMP_AT: usize = 35;
/// The magic of record batches.
pub const MAGIC_V2: i8 = 2;
/// A record's or batch's "no timestamp".
pub const NO_TIMESTAMP: i64 = -1;

/// Who set the timestamps of a batch's records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampType {
    /// The producer, record by record.
    CreateTime,
    /// The leader at append: the batch's max timestamp is that of all its records.
    LogAppendTime,
}

/// The attributes of a batch. Bits 0-2 codec, 3 log append time, 4 transactional, 5 control,
/// 6 delete horizon; the rest is unused and kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attributes(i16);

impl Attributes {
    const CODEC: i16 = 0x07;
    const LOG_APPEND_TIME: i16 = 0x08;
    const TRANSACTIONAL: i16 = 0x10;
    const CONTROL: i16 = 0x20;
    const DELETE_HORIZON: i16 = 0x40;
    /// All bits that have a meaning: rewriting attributes clears the others, as Kafka does.
    const KNOWN: i16 = 0x7f;

    /// The attributes as stored.
    pub const fn from_bits(bits: i16) -> Attributes {
        Attributes(bits)
    }

    /// The field as stored.
    pub const fn bits(self) -> i16 {
        self.0
    }

    /// Codec bits, 0 to 7.
    pub(crate) const fn codec_bits(self) -> u8 {
        (self.0 & Attributes::CODEC) as u8
    }

    /// Whose timestamps the records carry.
    pub const fn timestamp_type(self) -> TimestampType {
        if self.0 & Attributes::LOG_APPEND_TIME == 0 {
            TimestampType::CreateTime
        } else {
            TimestampType::LogAppendTime
        }
    }

    /// Part of a transaction, or a transaction's marker.
    pub const fn is_transactional(self) -> bool {
        self.0 & Attributes::TRANSACTIONAL != 0
    }

    /// Holds control records, which consumers never see.
    pub const fn is_control(self) -> bool {
        self.0 & Attributes::CONTROL != 0
    }

    /// The base timestamp is the delete horizon that compaction set.
    pub const fn has_delete_horizon(self) -> bool {
        self.0 & Attributes::DELETE_HORIZON != 0
    }

    /// With `codec`.
    pub const fn with_codec(self, codec: Codec) -> Attributes {
        Attributes(self.0 & !Attributes::CODEC | codec.id() as i16)
    }

    /// With `timestamp_type`; clears the bits without meaning.
    pub const fn with_timestamp_type(self, timestamp_type: TimestampType) -> Attributes {
        let others = self.0 & Attributes::KNOWN & !Attributes::LOG_APPEND_TIME;
        match timestamp_type {
            TimestampType::CreateTime => Attributes(others),
            TimestampType::LogAppendTime => Attributes(others | Attributes::LOG_APPEND_TIME),
        }
    }

    /// Marked transactional.
    pub const fn transactional(self) -> Attributes {
        Attributes(self.0 | Attributes::TRANSACTIONAL)
    }

    /// Marked control.
    pub const fn control(self) -> Attributes {
        Attributes(self.0 | Attributes::CONTROL)
    }

    /// Marked as holding the delete horizon.
    pub const fn with_delete_horizon(self) -> Attributes {
        Attributes(self.0 | Attributes::DELETE_HORIZON)
    }
}

/// A batch's header. The fields that could break arithmetic were checked by [`BatchHeader::parse`]:
/// `0 <= base offset <= last offset`, a length of at least the header's, a record count that is not
/// negative, a codec that exists. The checksum is not part of that: [`verify_crc`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchHeader {
    pub(crate) base_offset: i64,
    pub(crate) length: i32,
    pub(crate) leader_epoch: i32,
    pub(crate) crc: u32,
    pub(crate) attributes: Attributes,
    pub(crate) last_offset_delta: i32,
    pub(crate) base_timestamp: i64,
    pub(crate) max_timestamp: i64,
    pub(crate) producer_id: i64,
    pub(crate) producer_epoch: i16,
    pub(crate) base_sequence: i32,
    pub(crate) record_count: i32,
}

impl BatchHeader {
    /// Reads the header at the front of `bytes`, which need not hold the records.
    pub fn parse(bytes: &[u8]) -> Result<BatchHeader, BatchError> {
        match bytes.first_chunk::<HEADER_SIZE>() {
            Some(header) => BatchHeader::from_array(header),
            None => Err(short_header(bytes)),
        }
    }

    fn from_array(bytes: &[u8; HEADER_SIZE]) -> Result<BatchHeader, BatchError> {
        let header = BatchHeader::read_unchecked(bytes);
        check_length(header.length)?;
        check_magic(bytes[MAGIC_AT] as i8)?;
        header.check_fields()?;
        Ok(header)
    }

    /// Like [`parse`](Self::parse) for a batch that must be whole: one that is cut short is
    /// incomplete, whatever its fields say.
    pub(crate) fn parse_whole(bytes: &[u8]) -> Result<BatchHeader, BatchError> {
        let Some(array) = bytes.first_chunk::<HEADER_SIZE>() else { return Err(short_header(bytes)) };
        let header = BatchHeader::read_unchecked(array);
        check_length(header.length)?;
        check_magic(array[MAGIC_AT] as i8)?;
        if header.size() > bytes.len() {
            return Err(BatchError::Incomplete { at: 0, have: bytes.len(), need: header.size() });
        }
        header.check_fields()?;
        Ok(header)
    }

    fn check_fields(&self) -> Result<(), BatchError> {
        let (base_offset, delta) = (self.base_offset, self.last_offset_delta);
        if base_offset < 0 {
            return Err(BatchError::BadBaseOffset { at: 0, base_offset });
        }
        if delta < 0 || base_offset.checked_add(i64::from(delta)).is_none() {
            return Err(BatchError::BadLastOffsetDelta { at: 0, base_offset, delta });
        }
        if self.record_count < 0 {
            return Err(BatchError::BadRecordCount { at: 0, count: self.record_count });
        }
        let codec = self.attributes.codec_bits();
        if Codec::from_id(codec).is_none() {
            return Err(BatchError::BadCodec { at: 0, codec });
        }
        Ok(())
    }

    /// The fields as they are; for validation, which has its own order of checks.
    #[inline]
    pub(crate) fn read_unchecked(bytes: &[u8; HEADER_SIZE]) -> BatchHeader {
        BatchHeader {
            base_offset: i64::from_be_bytes(array(bytes, 0)),
            length: i32::from_be_bytes(array(bytes, 8)),
            leader_epoch: i32::from_be_bytes(array(bytes, LEADER_EPOCH_AT)),
            crc: u32::from_be_bytes(array(bytes, CRC_AT)),
            attributes: Attributes(i16::from_be_bytes(array(bytes, CRC_FROM))),
            last_offset_delta: i32::from_be_bytes(array(bytes, 23)),
            base_timestamp: i64::from_be_bytes(array(bytes, 27)),
            max_timestamp: i64::from_be_bytes(array(bytes, MAX_TIMESTAMP_AT)),
            producer_id: i64::from_be_bytes(array(bytes, 43)),
            producer_epoch: i16::from_be_bytes(array(bytes, 51)),
            base_sequence: i32::from_be_bytes(array(bytes, 53)),
            record_count: i32::from_be_bytes(array(bytes, 57)),
        }
    }

    /// The header's bytes, with the checksum as it stands.
    pub fn encode(&self) -> [u8; HEADER_SIZE] {
        let mut bytes = [0; HEADER_SIZE];
        bytes[..8].copy_from_slice(&self.base_offset.to_be_bytes());
        bytes[8..12].copy_from_slice(&self.length.to_be_bytes());
        bytes[12..16].copy_from_slice(&self.leader_epoch.to_be_bytes());
        bytes[MAGIC_AT] = MAGIC_V2 as u8;
        bytes[17..21].copy_from_slice(&self.crc.to_be_bytes());
        bytes[21..23].copy_from_slice(&self.attributes.0.to_be_bytes());
        bytes[23..27].copy_from_slice(&self.last_offset_delta.to_be_bytes());
        bytes[27..35].copy_from_slice(&self.base_timestamp.to_be_bytes());
        bytes[35..43].copy_from_slice(&self.max_timestamp.to_be_bytes());
        bytes[43..51].copy_from_slice(&self.producer_id.to_be_bytes());
        bytes[51..53].copy_from_slice(&self.producer_epoch.to_be_bytes());
        bytes[53..57].copy_from_slice(&self.base_sequence.to_be_bytes());
        bytes[57..].copy_from_slice(&self.record_count.to_be_bytes());
        bytes
    }

    /// Bytes of the whole batch, header and all.
    pub fn size(&self) -> usize {
        // Not negative: the length is at least the rest of the header.
        LOG_OVERHEAD + self.length as usize
    }

    /// Offset of the first record.
    pub fn base_offset(&self) -> Offset {
        Offset::at(self.base_offset)
    }

    /// Last offset the batch covers; its record may have been compacted away.
    pub fn last_offset(&self) -> Offset {
        Offset::at(self.base_offset + i64::from(self.last_offset_delta))
    }

    /// First offset after the batch.
    pub fn next_offset(&self) -> Offset {
        self.last_offset().next()
    }

    /// `last_offset - base_offset`, not negative.
    pub fn last_offset_delta(&self) -> i32 {
        self.last_offset_delta
    }

    /// Epoch of the leader that appended the batch.
    pub fn leader_epoch(&self) -> Option<LeaderEpoch> {
        LeaderEpoch::new(self.leader_epoch)
    }

    /// The stored checksum.
    pub fn crc(&self) -> u32 {
        self.crc
    }

    /// The attributes.
    pub fn attributes(&self) -> Attributes {
        self.attributes
    }

    /// How the records are compressed.
    pub fn codec(&self) -> Codec {
        Codec::from_id(self.attributes.codec_bits()).expect("parse refuses a codec that does not exist")
    }

    /// Whether the records are compressed.
    pub fn is_compressed(&self) -> bool {
        self.attributes.codec_bits() != 0
    }

    /// Part of a transaction, or a transaction's marker.
    pub fn is_transactional(&self) -> bool {
        self.attributes.is_transactional()
    }

    /// Holds control records.
    pub fn is_control(&self) -> bool {
        self.attributes.is_control()
    }

    /// Whose timestamps the records carry.
    pub fn timestamp_type(&self) -> TimestampType {
        self.attributes.timestamp_type()
    }

    /// When compaction may drop this batch's tombstones and markers, if it was set.
    pub fn delete_horizon(&self) -> Option<Timestamp> {
        self.attributes.has_delete_horizon().then(|| Timestamp::from_millis(self.base_timestamp))
    }

    /// What the timestamp deltas of the records count from (the delete horizon, if that is set).
    pub fn base_timestamp(&self) -> Timestamp {
        Timestamp::from_millis(self.base_timestamp)
    }

    /// The largest timestamp of the records; `None` if no record has one.
    pub fn max_timestamp(&self) -> Option<Timestamp> {
        (self.max_timestamp != NO_TIMESTAMP).then(|| Timestamp::from_millis(self.max_timestamp))
    }

    /// The producer, if it is idempotent or transactional.
    pub fn producer_id(&self) -> Option<ProducerId> {
        ProducerId::new(self.producer_id)
    }

    /// The producer's epoch.
    pub fn producer_epoch(&self) -> Option<ProducerEpoch> {
        ProducerEpoch::new(self.producer_epoch)
    }

    /// Sequence number of the first record.
    pub fn base_sequence(&self) -> Option<i32> {
        (self.base_sequence >= 0).then_some(self.base_sequence)
    }

    /// Sequence number of the last record; after `i32::MAX` comes 0.
    pub fn last_sequence(&self) -> Option<i32> {
        self.base_sequence().map(|base| add_to_sequence(base, self.last_offset_delta))
    }

    /// Records in the batch; 0 for one whose records were all compacted away.
    pub fn record_count(&self) -> u32 {
        // Not negative, see `parse`.
        self.record_count as u32
    }
}

/// `sequence + increment` in the circle 0..=i32::MAX.
pub fn add_to_sequence(sequence: i32, increment: i32) -> i32 {
    // Both are not negative, so only the sign bit can overflow.
    sequence.wrapping_add(increment) & i32::MAX
}

#[inline]
fn array<const N: usize>(bytes: &[u8; HEADER_SIZE], at: usize) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&bytes[at..at + N]);
    out
}

fn check_length(length: i32) -> Result<(), BatchError> {
    const LEAST: i32 = (HEADER_SIZE - LOG_OVERHEAD) as i32;
    if length < LEAST {
        return Err(BatchError::BadLength { at: 0, length, least: LEAST });
    }
    Ok(())
}

fn check_magic(magic: i8) -> Result<(), BatchError> {
    match magic {
        MAGIC_V2 => Ok(()),
        0 | 1 => Err(BatchError::LegacyMagic { at: 0, magic }),
        _ => Err(BatchError::BadMagic { at: 0, magic }),
    }
}

/// Corrupt as far as can be seen, otherwise incomplete.
fn short_header(bytes: &[u8]) -> BatchError {
    if let Some(&magic) = bytes.get(MAGIC_AT)
        && let Err(error) = check_magic(magic as i8)
    {
        return error;
    }
    if let Some(length) = bytes.get(8..12).and_then(|field| field.first_chunk()) {
        let length = i32::from_be_bytes(*length);
        if let Err(error) = check_length(length) {
            return error;
        }
        let need = LOG_OVERHEAD + length as usize;
        return BatchError::Incomplete { at: 0, have: bytes.len(), need };
    }
    BatchError::Incomplete { at: 0, have: bytes.len(), need: HEADER_SIZE }
}

/// The checksum of a whole batch's bytes.
///
/// # Panics
/// If `batch` is shorter than a header.
pub(crate) fn compute_crc(batch: &[u8]) -> u32 {
    crc32c(&batch[CRC_FROM..])
}

/// Checks the checksum of one batch, whose bytes must be exactly the batch.
pub fn verify_crc(batch: &[u8]) -> Result<(), BatchError> {
    let Some(header) = batch.first_chunk::<HEADER_SIZE>() else { return Err(short_header(batch)) };
    let stored = u32::from_be_bytes(array(header, CRC_AT));
    let computed = compute_crc(batch);
    if stored == computed { Ok(()) } else { Err(BatchError::BadCrc { at: 0, stored, computed }) }
}

/// Writes what the leader decides at append into a batch; the checksum does not cover it.
///
/// # Panics
/// If `batch` is shorter than a header.
pub fn stamp(batch: &mut [u8], base_offset: Offset, leader_epoch: LeaderEpoch) {
    batch[..8].copy_from_slice(&base_offset.get().to_be_bytes());
    batch[LEADER_EPOCH_AT..MAGIC_AT].copy_from_slice(&leader_epoch.get().to_be_bytes());
}

/// Sets timestamp type and max timestamp, and the checksum if they were different. `batch` must be
/// exactly one batch.
///
/// # Panics
/// If `batch` is shorter than a header.
pub fn set_max_timestamp(batch: &mut [u8], timestamp_type: TimestampType, max_timestamp: i64) {
    let header = batch.first_chunk::<HEADER_SIZE>().expect("a batch has a header");
    let old = BatchHeader::read_unchecked(header);
    if old.timestamp_type() == timestamp_type && old.max_timestamp == max_timestamp {
        return;
    }
    let attributes = old.attributes.with_timestamp_type(timestamp_type);
    batch[CRC_FROM..CRC_FROM + 2].copy_from_slice(&attributes.bits().to_be_bytes());
    batch[MAX_TIMESTAMP_AT..MAX_TIMESTAMP_AT + 8].copy_from_slice(&max_timestamp.to_be_bytes());
    let crc = compute_crc(batch);
    batch[CRC_AT..CRC_FROM].copy_from_slice(&crc.to_be_bytes());
}

/// Makes `now` the time of all records of a batch, and sets the checksum.
///
/// # Panics
/// If `batch` is shorter than a header.
pub fn set_log_append_time(batch: &mut [u8], now: Timestamp) {
    set_max_timestamp(batch, TimestampType::LogAppendTime, now.as_millis());
}
