//! The records of a batch v2 one after the other: in place, or from a decompressed stream.

use super::batch::BatchHeader;
use super::compression::{Decompressor, Limits};
use super::errors::{Place, RecordError};
use super::record::Record;
use super::skim::{RecordFacts, skim, skim_in_place};
use super::varint::{self, VarintError};

/// The records of an uncompressed batch, in place. Ends after the first error; a batch that holds
/// more than it declares gives [`RecordError::MoreThanDeclared`] after its last declared record.
#[derive(Clone, Debug)]
pub struct Records<'a> {
    rest: &'a [u8],
    index: u32,
    count: u32,
    ended: bool,
}

impl<'a> Records<'a> {
    pub(crate) fn new(header: &BatchHeader, body: &'a [u8]) -> Records<'a> {
        Records { rest: body, index: 0, count: header.record_count(), ended: false }
    }

    /// The next record without its contents.
    #[inline]
    pub(crate) fn next_facts(&mut self) -> Option<Result<RecordFacts, RecordError>> {
        self.advance(skim_in_place)
    }

    #[inline]
    fn advance<T>(
        &mut self,
        parse: impl FnOnce(&'a [u8], u32) -> Result<T, RecordError>,
    ) -> Option<Result<T, RecordError>> {
        if self.ended {
            return None;
        }
        if self.index == self.count {
            self.ended = true;
            // Kafka does not look at the body of a batch without records.
            let surplus = self.count > 0 && !self.rest.is_empty();
            return surplus.then_some(Err(RecordError::MoreThanDeclared { count: self.count }));
        }
        let record = self.read(parse);
        self.ended = record.is_err();
        Some(record)
    }

    #[inline]
    fn read<T>(
        &mut self,
        parse: impl FnOnce(&'a [u8], u32) -> Result<T, RecordError>,
    ) -> Result<T, RecordError> {
        let index = self.index;
        let size = varint::read_i32(&mut self.rest).map_err(|cause| RecordError::SizeVarint {
            index,
            place: Place::InPlace,
            cause,
        })?;
        let body = usize::try_from(size).ok().and_then(|size| self.rest.split_at_checked(size));
        let Some((body, rest)) = body else {
            return Err(RecordError::BadSize { index, size, remaining: self.rest.len() });
        };
        let record = parse(body, index)?;
        self.rest = rest;
        self.index += 1;
        Ok(record)
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>, RecordError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.advance(Record::parse_body)
    }
}

/// The records of any batch, one at a time: a compressed body is decompressed as a stream, and a
/// record lives until the next is asked for. Memory is bounded by the largest record and by the
/// codec's window, whatever the batch expands to.
pub struct RecordReader<'a> {
    source: Source<'a>,
}

enum Source<'a> {
    InPlace(Records<'a>),
    Stream(Box<StreamReader<'a>>),
}

struct StreamReader<'a> {
    stream: Decompressor<'a>,
    /// A record that does not lie whole in one chunk of the stream.
    spilled: Vec<u8>,
    /// Bytes of the stream's chunk that the record last given lies in.
    lent: usize,
    index: u32,
    count: u32,
    max_record_size: i32,
    ended: bool,
}

impl<'a> RecordReader<'a> {
    pub(crate) fn new(
        header: &BatchHeader,
        body: &'a [u8],
        limits: Limits,
    ) -> Result<RecordReader<'a>, RecordError> {
        if !header.is_compressed() {
            return Ok(RecordReader { source: Source::InPlace(Records::new(header, body)) });
        }
        let stream = Decompressor::new(header.codec(), body, limits)
            .map_err(|cause| RecordError::Compression { index: 0, cause })?;
        let reader = StreamReader {
            stream,
            spilled: Vec::new(),
            lent: 0,
            index: 0,
            count: header.record_count(),
            max_record_size: limits.max_record_size,
            ended: false,
        };
        Ok(RecordReader { source: Source::Stream(Box::new(reader)) })
    }

    /// The next record, or `None` after the last. Nothing follows an error.
    #[expect(clippy::should_implement_trait, reason = "a record borrows the reader's buffer")]
    pub fn next(&mut self) -> Option<Result<Record<'_>, RecordError>> {
        match &mut self.source {
            Source::InPlace(records) => records.next(),
            Source::Stream(reader) => reader.next(),
        }
    }

    /// Like [`next`](Self::next) without the record's contents, which are passed over: no record
    /// costs memory, however large it is.
    #[inline]
    pub fn next_facts(&mut self) -> Option<Result<RecordFacts, RecordError>> {
        match &mut self.source {
            Source::InPlace(records) => records.next_facts(),
            Source::Stream(reader) => reader.next_facts(),
        }
    }
}

impl StreamReader<'_> {
    fn next(&mut self) -> Option<Result<Record<'_>, RecordError>> {
        let (index, size) = match self.begin()? {
            Ok(begun) => begun,
            Err(error) => return Some(Err(error)),
        };
        let body = match self.read_body(index, size) {
            Ok(()) if self.lent > 0 => &self.stream.buffered()[..size],
            Ok(()) => &self.spilled[..],
            Err(error) => return Some(Err(error)),
        };
        let record = Record::parse_body(body, index);
        self.ended = record.is_err();
        Some(record)
    }

    fn next_facts(&mut self) -> Option<Result<RecordFacts, RecordError>> {
        let (index, size) = match self.begin()? {
            Ok(begun) => begun,
            Err(error) => return Some(Err(error)),
        };
        let facts = match self.stream.buffered().get(..size) {
            Some(body) => {
                let facts = skim_in_place(body, index);
                self.stream.consume(size);
                facts
            }
            None => skim(&mut self.stream, index, size),
        };
        self.ended = facts.is_err();
        Some(facts)
    }

    /// Index and size of the next record, with the stream at its body. Until the body was read,
    /// the reader counts as ended.
    fn begin(&mut self) -> Option<Result<(u32, usize), RecordError>> {
        if self.ended {
            return None;
        }
        self.stream.consume(std::mem::take(&mut self.lent));
        self.ended = true;
        if self.index == self.count {
            return self.check_end().err().map(Err);
        }
        let index = self.index;
        self.index += 1;
        Some(self.read_size(index).map(|size| (index, size)))
    }

    fn check_end(&mut self) -> Result<(), RecordError> {
        let (index, count) = (self.count.saturating_sub(1), self.count);
        if count == 0 {
            return Ok(());
        }
        let rest = self.stream.fill().map_err(|cause| RecordError::Compression { index, cause })?;
        if rest.is_empty() { Ok(()) } else { Err(RecordError::MoreThanDeclared { count }) }
    }

    fn read_size(&mut self, index: u32) -> Result<usize, RecordError> {
        let mut field = [0; 5];
        let mut length = 0;
        let size =
            loop {
                let chunk = self.stream.fill().map_err(|cause| RecordError::Compression { index, cause })?;
                let Some(&byte) = chunk.first() else {
                    return Err(RecordError::SizeVarint {
                        index,
                        place: Place::Stream,
                        cause: VarintError::Truncated,
                    });
                };
                self.stream.consume(1);
                field[length] = byte;
                length += 1;
                if byte < 0x80 || length == field.len() {
                    break varint::read_i32(&mut &field[..length])
                        .map_err(|cause| RecordError::SizeVarint { index, place: Place::Stream, cause })?;
                }
            };
        if size > self.max_record_size {
            return Err(RecordError::TooLarge { index, size, most: self.max_record_size });
        }
        usize::try_from(size).map_err(|_| RecordError::BadSize { index, size, remaining: 0 })
    }

    /// Leaves the body in the stream's chunk (`lent` is its size) or, copied, in `spilled`.
    fn read_body(&mut self, index: u32, size: usize) -> Result<(), RecordError> {
        self.spilled.clear();
        while self.spilled.len() < size {
            let chunk = self.stream.fill().map_err(|cause| RecordError::Compression { index, cause })?;
            if chunk.is_empty() {
                let (size, remaining) = (size as i32, self.spilled.len());
                return Err(RecordError::BadSize { index, size, remaining });
            }
            if self.spilled.is_empty() && chunk.len() >= size {
                self.lent = size;
                return Ok(());
            }
            let take = chunk.len().min(size - self.spilled.len());
            self.spilled.extend_from_slice(&chunk[..take]);
            self.stream.consume(take);
        }
        Ok(())
    }
}
