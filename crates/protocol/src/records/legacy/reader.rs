//! Reading the messages of an entry, decompressed as a stream.
//!
//! The offsets of a magic 1 wrapper are known only once its last inner message was seen, so such a
//! wrapper is decompressed twice; nothing but one message is ever held.

use klamm_model::Offset;

use super::batch::LegacyBatch;
use super::message::{LegacyMessage, OVERHEAD_V0};
use crate::records::batch::{LOG_OVERHEAD, TimestampType};
use crate::records::compression::{Codec, CompressionError, Decompressor, Limits};
use crate::records::errors::RecordError;

/// What is wrong inside a wrapper of formats 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LegacyError {
    /// zstd came with format 2.
    #[error("a message set of magic {magic} cannot be compressed by zstd")]
    Zstd {
        /// The wrapper's magic.
        magic: i8,
    },
    /// The value of a wrapper is its message set.
    #[error("a compressed message has no value")]
    NullWrapper,
    /// A wrapper wraps at least one message.
    #[error("a compressed message wraps none")]
    EmptyWrapper,
    /// An inner message is too short, or its parts lead out of it.
    #[error("an inner message of {length} bytes is not one")]
    BadMessage {
        /// Its length field.
        length: i32,
    },
    /// Wrappers do not nest.
    #[error("an inner message is compressed")]
    Nested,
    /// A magic 1 wrapper has the offset of its last inner message.
    #[error("the wrapper's offset {wrapper} lies before that of its last inner message, {last_inner}")]
    WrapperOffset {
        /// The wrapper's offset.
        wrapper: i64,
        /// The last inner message's, from 0.
        last_inner: i64,
    },
    /// Offsets are not negative.
    #[error("an inner message has offset {offset}")]
    BadOffset {
        /// The absolute offset.
        offset: i64,
    },
}

/// A message with its place in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Placed<'a> {
    pub(crate) offset: Offset,
    /// -1 for none.
    pub(crate) timestamp: i64,
    pub(crate) timestamp_type: Option<TimestampType>,
    pub(crate) message: LegacyMessage<'a>,
}

/// The messages of one entry. Nothing follows an error.
pub struct LegacyReader<'a> {
    source: Source<'a>,
}

enum Source<'a> {
    Single(Option<Placed<'a>>),
    Wrapped(Box<Wrapped<'a>>),
}

struct Wrapped<'a> {
    set: MessageSet<'a>,
    wrapper: LegacyBatch<'a>,
    /// Added to inner offsets: 0 at magic 0.
    base_offset: i64,
    ended: bool,
}

impl<'a> LegacyReader<'a> {
    pub(super) fn new(batch: &LegacyBatch<'a>, limits: Limits) -> Result<LegacyReader<'a>, RecordError> {
        let message = *batch.message();
        if !message.is_compressed() {
            let single = Placed {
                offset: batch.last_offset(),
                timestamp: message.timestamp(),
                timestamp_type: message.timestamp_type(),
                message,
            };
            return Ok(LegacyReader { source: Source::Single(Some(single)) });
        }
        if batch.codec() == Codec::Zstd {
            return Err(legacy(0, LegacyError::Zstd { magic: message.magic() }));
        }
        let base_offset = wrapped_base_offset(batch, limits)?;
        let set = MessageSet::new(batch, limits)?;
        let wrapped = Wrapped { set, wrapper: *batch, base_offset, ended: false };
        Ok(LegacyReader { source: Source::Wrapped(Box::new(wrapped)) })
    }

    pub(crate) fn next_placed(&mut self) -> Option<Result<Placed<'_>, RecordError>> {
        match &mut self.source {
            Source::Single(single) => single.take().map(Ok),
            Source::Wrapped(wrapped) => wrapped.next(),
        }
    }
}

/// What to add to inner offsets; reads all inner messages once.
fn wrapped_base_offset(batch: &LegacyBatch<'_>, limits: Limits) -> Result<i64, RecordError> {
    let mut set = MessageSet::new(batch, limits)?;
    let mut last_inner = None;
    while let Some((offset, _)) = set.next()? {
        last_inner = Some(offset);
    }
    let Some(last_inner) = last_inner else { return Err(legacy(0, LegacyError::EmptyWrapper)) };
    let wrapper = batch.raw_offset();
    match batch.message().magic() {
        0 => Ok(0),
        // Some old producers left the wrapper's offset 0.
        _ if wrapper == 0 => Ok(0),
        _ if wrapper < last_inner => {
            Err(legacy(set.index, LegacyError::WrapperOffset { wrapper, last_inner }))
        }
        _ => Ok(wrapper.wrapping_sub(last_inner)),
    }
}

impl Wrapped<'_> {
    fn next(&mut self) -> Option<Result<Placed<'_>, RecordError>> {
        if self.ended {
            return None;
        }
        self.ended = true;
        let index = self.set.index;
        let (inner_offset, message) = match self.set.next() {
            Ok(Some(entry)) => entry,
            Ok(None) => return None,
            Err(error) => return Some(Err(error)),
        };
        if message.is_compressed() {
            return Some(Err(legacy(index, LegacyError::Nested)));
        }
        let offset = self.base_offset.wrapping_add(inner_offset);
        let Some(offset) = Offset::new(offset) else {
            return Some(Err(legacy(index, LegacyError::BadOffset { offset })));
        };
        self.ended = false;
        let outer = self.wrapper.message();
        let (timestamp, timestamp_type) = match (message.magic(), outer.timestamp_type()) {
            (1, Some(TimestampType::LogAppendTime)) => {
                (outer.timestamp(), Some(TimestampType::LogAppendTime))
            }
            (1, Some(TimestampType::CreateTime)) => (message.timestamp(), Some(TimestampType::CreateTime)),
            _ => (message.timestamp(), message.timestamp_type()),
        };
        Some(Ok(Placed { offset, timestamp, timestamp_type, message }))
    }
}

/// The decompressed entries of a wrapper.
struct MessageSet<'a> {
    stream: Decompressor<'a>,
    entry: Vec<u8>,
    index: u32,
    max_size: i32,
}

impl<'a> MessageSet<'a> {
    fn new(batch: &LegacyBatch<'a>, limits: Limits) -> Result<MessageSet<'a>, RecordError> {
        let message = batch.message();
        let Some(body) = message.value() else { return Err(legacy(0, LegacyError::NullWrapper)) };
        let stream = if message.magic() == 0 {
            Decompressor::for_magic_0(batch.codec(), body, limits)
        } else {
            Decompressor::new(batch.codec(), body, limits)
        };
        let stream = stream.map_err(|cause| RecordError::Compression { index: 0, cause })?;
        Ok(MessageSet { stream, entry: Vec::new(), index: 0, max_size: limits.max_record_size })
    }

    /// The next entry's offset and message. A set that ends inside an entry ends before it.
    fn next(&mut self) -> Result<Option<(i64, LegacyMessage<'_>)>, RecordError> {
        let index = self.index;
        if !self.read(LOG_OVERHEAD)? {
            return Ok(None);
        }
        let (offset, length) = self.entry.split_at(8);
        let offset = i64::from_be_bytes(*offset.first_chunk().expect("eight bytes were read"));
        let length = i32::from_be_bytes(*length.first_chunk().expect("four bytes were read"));
        if length < OVERHEAD_V0 as i32 {
            return Err(legacy(index, LegacyError::BadMessage { length }));
        }
        if length > self.max_size {
            return Err(RecordError::TooLarge { index, size: length, most: self.max_size });
        }
        if !self.read(length as usize)? {
            return Ok(None);
        }
        self.index += 1;
        match LegacyMessage::parse(&self.entry) {
            Some(message) => Ok(Some((offset, message))),
            None => Err(legacy(index, LegacyError::BadMessage { length })),
        }
    }

    /// Reads `size` bytes into `entry`; false if the stream ends before.
    fn read(&mut self, size: usize) -> Result<bool, RecordError> {
        let compression =
            |index: u32| move |cause: CompressionError| RecordError::Compression { index, cause };
        self.entry.clear();
        while self.entry.len() < size {
            let chunk = self.stream.fill().map_err(compression(self.index))?;
            if chunk.is_empty() {
                return Ok(false);
            }
            let take = chunk.len().min(size - self.entry.len());
            self.entry.extend_from_slice(&chunk[..take]);
            self.stream.consume(take);
        }
        Ok(true)
    }
}

fn legacy(index: u32, cause: LegacyError) -> RecordError {
    RecordError::Legacy { index, cause }
}
