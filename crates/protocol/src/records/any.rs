//! Batches and records of whatever format a log holds.

use klamm_model::{LeaderEpoch, Offset, ProducerId, Timestamp};

use super::batch::{LEAST_LENGTH, LOG_OVERHEAD, MAGIC_AT, MAGIC_V2, NO_TIMESTAMP, TimestampType};
use super::batches::Batch;
use super::compression::{Codec, Limits};
use super::errors::{BatchError, RecordError};
use super::legacy::{LegacyBatch, LegacyMessage, LegacyReader};
use super::reader::RecordReader;
use super::record::Headers;

/// A batch v2, or an entry of formats 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnyBatch<'a> {
    /// Format 2.
    V2(Batch<'a>),
    /// Formats 0 and 1.
    Legacy(LegacyBatch<'a>),
}

impl<'a> AnyBatch<'a> {
    /// The batch at the front of `bytes`.
    pub fn parse(bytes: &'a [u8]) -> Result<AnyBatch<'a>, BatchError> {
        match bytes.get(MAGIC_AT) {
            Some(0 | 1) => LegacyBatch::parse(bytes).map(AnyBatch::Legacy),
            Some(_) => Batch::parse(bytes).map(AnyBatch::V2),
            None => Err(unknown_format(bytes)),
        }
    }

    /// The whole batch.
    pub fn bytes(&self) -> &'a [u8] {
        match self {
            AnyBatch::V2(batch) => batch.bytes(),
            AnyBatch::Legacy(batch) => batch.bytes(),
        }
    }

    /// 0, 1 or 2.
    pub fn magic(&self) -> i8 {
        match self {
            AnyBatch::V2(_) => MAGIC_V2,
            AnyBatch::Legacy(batch) => batch.message().magic(),
        }
    }

    /// Offset of the first record; `None` for legacy formats, where only decompressing tells.
    pub fn base_offset(&self) -> Option<Offset> {
        match self {
            AnyBatch::V2(batch) => Some(batch.header().base_offset()),
            AnyBatch::Legacy(_) => None,
        }
    }

    /// Last offset the batch covers.
    pub fn last_offset(&self) -> Offset {
        match self {
            AnyBatch::V2(batch) => batch.header().last_offset(),
            AnyBatch::Legacy(batch) => batch.last_offset(),
        }
    }

    /// The largest timestamp of its records.
    pub fn max_timestamp(&self) -> Option<Timestamp> {
        match self {
            AnyBatch::V2(batch) => batch.header().max_timestamp(),
            AnyBatch::Legacy(batch) => batch.max_timestamp(),
        }
    }

    /// Whose timestamps the records carry; `None` at magic 0.
    pub fn timestamp_type(&self) -> Option<TimestampType> {
        match self {
            AnyBatch::V2(batch) => Some(batch.header().timestamp_type()),
            AnyBatch::Legacy(batch) => batch.timestamp_type(),
        }
    }

    /// How the records are compressed.
    pub fn codec(&self) -> Codec {
        match self {
            AnyBatch::V2(batch) => batch.header().codec(),
            AnyBatch::Legacy(batch) => batch.codec(),
        }
    }

    /// Epoch of the leader that appended the batch; legacy formats have none.
    pub fn leader_epoch(&self) -> Option<LeaderEpoch> {
        match self {
            AnyBatch::V2(batch) => batch.header().leader_epoch(),
            AnyBatch::Legacy(_) => None,
        }
    }

    /// The producer, if it is idempotent or transactional.
    pub fn producer_id(&self) -> Option<ProducerId> {
        match self {
            AnyBatch::V2(batch) => batch.header().producer_id(),
            AnyBatch::Legacy(_) => None,
        }
    }

    /// Holds control records.
    pub fn is_control(&self) -> bool {
        match self {
            AnyBatch::V2(batch) => batch.header().is_control(),
            AnyBatch::Legacy(_) => false,
        }
    }

    /// Checks the checksum.
    pub fn verify_crc(&self) -> Result<(), BatchError> {
        match self {
            AnyBatch::V2(batch) => batch.verify_crc(),
            AnyBatch::Legacy(batch) => batch.verify_crc(),
        }
    }

    /// The records one by one, decompressed as they are asked for.
    pub fn records(&self, limits: Limits) -> Result<LogRecords<'a>, RecordError> {
        let source = match self {
            AnyBatch::V2(batch) => Source::V2(*batch, batch.records(limits)?, 0),
            AnyBatch::Legacy(batch) => Source::Legacy(batch.records(limits)?),
        };
        Ok(LogRecords { source })
    }
}

/// Iterates over the batches of a slice of a log, of any format; like
/// [`Batches`](super::batches::Batches).
#[derive(Clone, Debug)]
pub struct AnyBatches<'a> {
    bytes: &'a [u8],
    position: usize,
    failed: bool,
}

impl<'a> AnyBatches<'a> {
    /// Over all of `bytes`.
    pub fn new(bytes: &'a [u8]) -> AnyBatches<'a> {
        AnyBatches { bytes, position: 0, failed: false }
    }

    /// Where the next batch starts: the end of the last whole one.
    pub fn position(&self) -> usize {
        self.position
    }
}

impl<'a> Iterator for AnyBatches<'a> {
    type Item = Result<AnyBatch<'a>, BatchError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed || self.position == self.bytes.len() {
            return None;
        }
        let next = AnyBatch::parse(&self.bytes[self.position..]);
        match &next {
            Ok(batch) => self.position += batch.bytes().len(),
            Err(_) => self.failed = true,
        }
        Some(next.map_err(|error| error.moved(self.position)))
    }
}

/// A record with its place and time in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogRecord<'a> {
    /// Its offset.
    pub offset: Offset,
    /// Its time; magic 0 and some producers give none.
    pub timestamp: Option<Timestamp>,
    /// The key; `None` is null.
    pub key: Option<&'a [u8]>,
    /// The value; `None` is a tombstone.
    pub value: Option<&'a [u8]>,
    /// The headers; legacy formats have none.
    pub headers: Headers<'a>,
    /// The message, in legacy formats: it has a checksum of its own.
    pub message: Option<LegacyMessage<'a>>,
}

/// The records of one batch of any format. Nothing follows an error.
pub struct LogRecords<'a> {
    source: Source<'a>,
}

enum Source<'a> {
    V2(Batch<'a>, RecordReader<'a>, u32),
    Legacy(LegacyReader<'a>),
}

impl LogRecords<'_> {
    /// The next record, or `None` after the last.
    #[expect(clippy::should_implement_trait, reason = "a record borrows the reader's buffer")]
    pub fn next(&mut self) -> Option<Result<LogRecord<'_>, RecordError>> {
        match &mut self.source {
            Source::V2(batch, reader, index) => {
                let record = match reader.next()? {
                    Ok(record) => record,
                    Err(error) => return Some(Err(error)),
                };
                let Some(offset) = record.offset(batch.header()) else {
                    let (index, delta) = (*index, record.offset_delta);
                    return Some(Err(RecordError::BadOffsetDelta { index, delta }));
                };
                *index += 1;
                Some(Ok(LogRecord {
                    offset,
                    timestamp: present(record.timestamp(batch.header()).as_millis()),
                    key: record.key,
                    value: record.value,
                    headers: record.headers,
                    message: None,
                }))
            }
            Source::Legacy(reader) => Some(reader.next_placed()?.map(|placed| LogRecord {
                offset: placed.offset,
                timestamp: present(placed.timestamp),
                key: placed.message.key(),
                value: placed.message.value(),
                headers: Headers::default(),
                message: Some(placed.message),
            })),
        }
    }
}

/// Too short to tell the format.
fn unknown_format(bytes: &[u8]) -> BatchError {
    let length = bytes.get(8..LOG_OVERHEAD).and_then(|field| field.first_chunk());
    match length.map(|field| i32::from_be_bytes(*field)) {
        Some(length) if length < LEAST_LENGTH => BatchError::BadLength { at: 0, length, least: LEAST_LENGTH },
        Some(length) => {
            BatchError::Incomplete { at: 0, have: bytes.len(), need: LOG_OVERHEAD + length as usize }
        }
        None => BatchError::Incomplete { at: 0, have: bytes.len(), need: MAGIC_AT + 1 },
    }
}

fn present(millis: i64) -> Option<Timestamp> {
    (millis != NO_TIMESTAMP).then(|| Timestamp::from_millis(millis))
}
