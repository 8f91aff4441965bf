//! Why a produced batch is refused, and how the answer says so.

use std::fmt;

use crate::ErrorCode;
use crate::records::builder::BuildError;
use crate::records::compression::Codec;
use crate::records::errors::{BatchError, Place, RecordError};
use crate::records::varint::VarintError;

/// Why a batch is not appended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProduceRejection {
    /// The partition's bytes hold no whole batch.
    #[error("no record batch: {0}")]
    NoBatch(BatchError),
    /// The bytes are no batch, or not what their checksum says.
    #[error(transparent)]
    Corrupt(BatchError),
    /// One batch per partition and request.
    #[error("more than one record batch for one partition")]
    ManyBatches,
    /// Formats 0 and 1 are not written any more.
    #[error("record batches of magic {magic} are not accepted, only magic 2")]
    LegacyMagic {
        /// The batch's magic.
        magic: i8,
    },
    /// zstd came with Produce version 7.
    #[error("zstd needs Produce version 7, this request has {produce_version}")]
    ZstdTooOld {
        /// The request's version.
        produce_version: i16,
    },
    /// Codec ids 5 to 7.
    #[error("codec {codec} does not exist")]
    UnknownCodec {
        /// Codec bits of the attributes.
        codec: u8,
    },
    /// Producers count from 0.
    #[error("the base offset of a produced batch is 0, not {base_offset}")]
    BaseOffset {
        /// The base offset field.
        base_offset: i64,
    },
    /// `max.message.bytes`, before or after recompression.
    #[error("the record batch has {size} bytes, more than max.message.bytes = {limit}")]
    TooLarge {
        /// Bytes of the batch.
        size: usize,
        /// The topic's limit.
        limit: i32,
    },
    /// A produced batch has a record at every offset.
    #[error("the record batch declares {count} records and a last offset delta of {last_offset_delta}")]
    CountMismatch {
        /// The record count field.
        count: i32,
        /// The last offset delta field.
        last_offset_delta: i32,
    },
    /// Control records come from coordinators only.
    #[error("clients do not write control records")]
    ControlBatch,
    /// An idempotent producer numbers its records.
    #[error("a batch of producer {producer_id} has base sequence {base_sequence}")]
    BadSequence {
        /// The producer id field.
        producer_id: i64,
        /// The base sequence field.
        base_sequence: i32,
    },
    /// An idempotent or transactional batch does not say whose it is.
    #[error("producer id {producer_id} and epoch {producer_epoch} do not name a producer")]
    BadProducer {
        /// The producer id field.
        producer_id: i64,
        /// The producer epoch field.
        producer_epoch: i16,
    },
    /// The records cannot be read.
    #[error(transparent)]
    Records(RecordError),
    /// The offset deltas of a compressed batch are not 0, 1, 2, ...
    #[error("record {index} of a {codec} batch has offset delta {delta}")]
    OffsetDelta {
        /// The batch's codec.
        codec: Codec,
        /// Which record.
        index: u32,
        /// The record's offset delta.
        delta: i32,
    },
    /// Records that break a rule of the topic, by their place in the batch.
    #[error("{} records are invalid; the first: {}", faults.len(), faults[0])]
    Faults {
        /// At least one, in the order of the records.
        faults: Vec<RecordFault>,
    },
    /// The batch cannot be written anew in the topic's compression.
    #[error("the record batch cannot be rebuilt: {0}")]
    Rebuild(BuildError),
}

impl ProduceRejection {
    /// The error code of the partition's answer.
    ///
    /// Where Kafka's validation ends in an exception it did not foresee, clients get
    /// UNKNOWN_SERVER_ERROR; so they do here.
    pub fn error_code(&self) -> ErrorCode {
        match self {
            ProduceRejection::NoBatch(_)
            | ProduceRejection::ManyBatches
            | ProduceRejection::LegacyMagic { .. }
            | ProduceRejection::BaseOffset { .. }
            | ProduceRejection::CountMismatch { .. }
            | ProduceRejection::ControlBatch
            | ProduceRejection::BadSequence { .. } => ErrorCode::InvalidRecord,
            ProduceRejection::Corrupt(_) => ErrorCode::CorruptMessage,
            ProduceRejection::ZstdTooOld { .. } => ErrorCode::UnsupportedCompressionType,
            ProduceRejection::TooLarge { .. } => ErrorCode::MessageTooLarge,
            ProduceRejection::Records(error) => record_error_code(error),
            ProduceRejection::Faults { faults } => {
                if faults.iter().any(|fault| fault.kind.is_timestamp()) {
                    ErrorCode::InvalidTimestamp
                } else {
                    ErrorCode::InvalidRecord
                }
            }
            ProduceRejection::UnknownCodec { .. }
            | ProduceRejection::BadProducer { .. }
            | ProduceRejection::OffsetDelta { .. }
            | ProduceRejection::Rebuild(_) => ErrorCode::UnknownServerError,
        }
    }

    /// The invalid records that the answer lists (Produce 8 and later); empty for other faults.
    pub fn faults(&self) -> &[RecordFault] {
        match self {
            ProduceRejection::Faults { faults } => faults,
            ProduceRejection::NoBatch(_)
            | ProduceRejection::Corrupt(_)
            | ProduceRejection::ManyBatches
            | ProduceRejection::LegacyMagic { .. }
            | ProduceRejection::ZstdTooOld { .. }
            | ProduceRejection::UnknownCodec { .. }
            | ProduceRejection::BaseOffset { .. }
            | ProduceRejection::TooLarge { .. }
            | ProduceRejection::CountMismatch { .. }
            | ProduceRejection::ControlBatch
            | ProduceRejection::BadSequence { .. }
            | ProduceRejection::BadProducer { .. }
            | ProduceRejection::Records(_)
            | ProduceRejection::OffsetDelta { .. }
            | ProduceRejection::Rebuild(_) => &[],
        }
    }
}

fn record_error_code(error: &RecordError) -> ErrorCode {
    match error {
        RecordError::Compression { .. } => ErrorCode::UnknownServerError,
        RecordError::SizeVarint { place: Place::InPlace, cause: VarintError::Overlong, .. } => {
            ErrorCode::UnknownServerError
        }
        RecordError::SizeVarint { .. }
        | RecordError::Varint { .. }
        | RecordError::BadSize { .. }
        | RecordError::TooLarge { .. }
        | RecordError::BadField { .. }
        | RecordError::BadHeaderCount { .. }
        | RecordError::NullHeaderKey { .. }
        | RecordError::TrailingBytes { .. }
        | RecordError::MoreThanDeclared { .. }
        | RecordError::BadOffsetDelta { .. }
        | RecordError::Legacy { .. } => ErrorCode::InvalidRecord,
    }
}

/// One invalid record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordFault {
    /// Which record of the batch, from 0: `batch_index` of the answer.
    pub index: u32,
    /// What is wrong with it.
    pub kind: RecordFaultKind,
}

/// The rule that a record breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordFaultKind {
    /// A compacted topic needs keys.
    NoKey,
    /// Outside the topic's bounds around the leader's time.
    TimestampOutOfRange {
        /// The record's timestamp.
        timestamp: i64,
        /// Earliest accepted.
        earliest: i64,
        /// Latest accepted.
        latest: i64,
    },
    /// The producer claims to be the leader that sets the time.
    LogAppendTimeFromClient,
}

impl fmt::Display for RecordFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            RecordFaultKind::NoKey => {
                write!(f, "record {}: a compacted topic needs keys", self.index)
            }
            RecordFaultKind::TimestampOutOfRange { timestamp, earliest, latest } => write!(
                f,
                "record {}: timestamp {timestamp} is out of range [{earliest}, {latest}]",
                self.index
            ),
            RecordFaultKind::LogAppendTimeFromClient => {
                write!(f, "record {}: producers do not set the timestamp type LogAppendTime", self.index)
            }
        }
    }
}

impl RecordFaultKind {
    /// Whether the answer's code is INVALID_TIMESTAMP; one such record decides for all.
    pub fn is_timestamp(&self) -> bool {
        match self {
            RecordFaultKind::NoKey => false,
            RecordFaultKind::TimestampOutOfRange { .. } | RecordFaultKind::LogAppendTimeFromClient => true,
        }
    }
}
