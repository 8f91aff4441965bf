//! What can be wrong with batches and records: what and where.

use super::compression::CompressionError;
use super::legacy::LegacyError;
use super::varint::VarintError;

/// Bytes that are not a record batch of format v2. Positions count from the start of the slice
/// that was given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// The slice ends before the batch does: the rest may still come, or was never written.
    #[error("the batch at byte {at} is incomplete: {have} of {need} bytes")]
    Incomplete {
        /// Where the batch starts.
        at: usize,
        /// Bytes from there to the end of the slice.
        have: usize,
        /// Bytes needed: of the batch, or of its header as far as its length is not yet readable.
        need: usize,
    },
    /// The length field cannot be that of a batch.
    #[error("the batch at byte {at} has length {length}, less than the least of {least}")]
    BadLength {
        /// Where the batch starts.
        at: usize,
        /// The length field.
        length: i32,
        /// The least length of this format.
        least: i32,
    },
    /// The length field exceeds what the caller accepts.
    #[error("the batch at byte {at} has length {length}, more than the most of {most}")]
    TooLong {
        /// Where the batch starts.
        at: usize,
        /// The length field.
        length: i32,
        /// The caller's bound.
        most: i32,
    },
    /// No such format.
    #[error("the batch at byte {at} has magic {magic}")]
    BadMagic {
        /// Where the batch starts.
        at: usize,
        /// The magic field.
        magic: i8,
    },
    /// Formats 0 and 1 are read by [`legacy`](super::legacy).
    #[error("the batch at byte {at} has the legacy magic {magic}")]
    LegacyMagic {
        /// Where the batch starts.
        at: usize,
        /// The magic field: 0 or 1.
        magic: i8,
    },
    /// The stored checksum is not that of the bytes.
    #[error("the batch at byte {at} is corrupt: stored crc {stored:#010x}, computed {computed:#010x}")]
    BadCrc {
        /// Where the batch starts.
        at: usize,
        /// The checksum field.
        stored: u32,
        /// The checksum of the bytes.
        computed: u32,
    },
    /// Offsets are not negative.
    #[error("the batch at byte {at} has base offset {base_offset}")]
    BadBaseOffset {
        /// Where the batch starts.
        at: usize,
        /// The base offset field.
        base_offset: i64,
    },
    /// The last offset lies before the base offset, or beyond the largest offset.
    #[error("the batch at byte {at} has base offset {base_offset} and last offset delta {delta}")]
    BadLastOffsetDelta {
        /// Where the batch starts.
        at: usize,
        /// The base offset field.
        base_offset: i64,
        /// The last offset delta field.
        delta: i32,
    },
    /// Counts are not negative.
    #[error("the batch at byte {at} declares {count} records")]
    BadRecordCount {
        /// Where the batch starts.
        at: usize,
        /// The record count field.
        count: i32,
    },
    /// The key or the value of a legacy message lies outside it.
    #[error("the message at byte {at} has fields that lead out of its length {length}")]
    BadMessage {
        /// Where its entry starts.
        at: usize,
        /// The length field.
        length: i32,
    },
    /// No such codec.
    #[error("the batch at byte {at} names codec {codec}, which does not exist")]
    BadCodec {
        /// Where the batch starts.
        at: usize,
        /// Codec bits of the attributes: 5 to 7.
        codec: u8,
    },
}

impl BatchError {
    /// The same error for a batch that starts `by` bytes later.
    pub(crate) fn moved(mut self, by: usize) -> BatchError {
        match &mut self {
            BatchError::Incomplete { at, .. }
            | BatchError::BadLength { at, .. }
            | BatchError::TooLong { at, .. }
            | BatchError::BadMagic { at, .. }
            | BatchError::LegacyMagic { at, .. }
            | BatchError::BadCrc { at, .. }
            | BatchError::BadBaseOffset { at, .. }
            | BatchError::BadLastOffsetDelta { at, .. }
            | BatchError::BadRecordCount { at, .. }
            | BatchError::BadMessage { at, .. }
            | BatchError::BadCodec { at, .. } => *at += by,
        }
        self
    }

    /// Whether more bytes could still make this a batch.
    pub fn is_incomplete(&self) -> bool {
        matches!(self, BatchError::Incomplete { .. })
    }
}

/// Where a record was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The bytes of an uncompressed batch.
    InPlace,
    /// A decompressed stream.
    Stream,
}

/// A body whose records cannot be read. `index` counts the records of the batch from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// A varint of the record is not one.
    #[error("record {index}: {cause}")]
    Varint {
        /// Which record.
        index: u32,
        /// What is wrong with it.
        cause: VarintError,
    },
    /// The record's size varint is not one.
    #[error("record {index}: size: {cause}")]
    SizeVarint {
        /// Which record.
        index: u32,
        /// Where it lies.
        place: Place,
        /// What is wrong with it.
        cause: VarintError,
    },
    /// The size is negative, or the body ends before the record does.
    #[error("record {index} has size {size}, but {remaining} bytes remain")]
    BadSize {
        /// Which record.
        index: u32,
        /// Its size field.
        size: i32,
        /// Bytes from the record's body to the end of the batch, or to where its stream ended.
        remaining: usize,
    },
    /// The record is larger than the caller accepts.
    #[error("record {index} has {size} bytes, more than the most of {most}")]
    TooLarge {
        /// Which record.
        index: u32,
        /// Its size field.
        size: i32,
        /// The caller's bound.
        most: i32,
    },
    /// A key, value or header lies outside the record.
    #[error("record {index}: a field of {length} bytes, but {remaining} remain")]
    BadField {
        /// Which record.
        index: u32,
        /// The field's length.
        length: i32,
        /// Bytes left in the record.
        remaining: usize,
    },
    /// A header count that is negative or more than the record has bytes.
    #[error("record {index} declares {count} headers in {remaining} bytes")]
    BadHeaderCount {
        /// Which record.
        index: u32,
        /// The count field.
        count: i32,
        /// Bytes left in the record.
        remaining: usize,
    },
    /// Header keys are never null.
    #[error("record {index}: a header key has length {length}")]
    NullHeaderKey {
        /// Which record.
        index: u32,
        /// The length field.
        length: i32,
    },
    /// The record's fields end before its size says.
    #[error("record {index} has {unread} bytes after its last header")]
    TrailingBytes {
        /// Which record.
        index: u32,
        /// Bytes of the record that no field claims.
        unread: usize,
    },
    /// Bytes follow the last record that the batch declares.
    #[error("bytes follow the last of {count} records")]
    MoreThanDeclared {
        /// The batch's record count.
        count: u32,
    },
    /// The record's offset is negative or beyond the largest.
    #[error("record {index} has offset delta {delta}, which leads out of the range of offsets")]
    BadOffsetDelta {
        /// Which record.
        index: u32,
        /// The offset delta field.
        delta: i32,
    },
    /// A wrapper of a legacy format does not wrap what it should.
    #[error("message {index}: {cause}")]
    Legacy {
        /// Which inner message.
        index: u32,
        /// What is wrong with it.
        cause: LegacyError,
    },
    /// The body cannot be decompressed.
    #[error("record {index}: {cause}")]
    Compression {
        /// Which record was being read.
        index: u32,
        /// What is wrong with the compressed bytes.
        cause: CompressionError,
    },
}
