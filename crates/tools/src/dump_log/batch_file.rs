//! Reads the batches of a segment or snapshot one after the other, at whatever size.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use klamm_protocol::records::{AnyBatch, BatchError};

use super::at_file;
use crate::tool::ToolError;

/// Base offset and length: what precedes each batch.
const LOG_OVERHEAD: u64 = 12;
/// As far as the magic byte: a shorter rest holds no batch.
const TO_MAGIC: u64 = 17;

/// A file of batches.
pub(crate) struct BatchFile {
    path: PathBuf,
    file: File,
    /// Bytes that count.
    pub(crate) len: u64,
}

impl BatchFile {
    /// Opens `path`, of which the first `most` bytes count.
    pub(crate) fn open(path: &Path, most: u64) -> Result<BatchFile, ToolError> {
        let open = || {
            let file = File::open(path)?;
            let len = file.metadata()?.len();
            Ok((file, len))
        };
        let (file, len) = open().map_err(|error: io::Error| at_file(path, error))?;
        Ok(BatchFile { path: path.to_owned(), file, len: len.min(most) })
    }

    /// Puts the batch at `position` into `buffer`; false at the end, also where an incomplete batch
    /// is left.
    pub(crate) fn read(&self, position: u64, buffer: &mut Vec<u8>) -> Result<bool, ToolError> {
        if position + TO_MAGIC >= self.len {
            return Ok(false);
        }
        let mut overhead = [0; LOG_OVERHEAD as usize];
        self.fill(&mut overhead, position)?;
        let length = i32::from_be_bytes([overhead[8], overhead[9], overhead[10], overhead[11]]);
        // Kafka's bound: the least of the oldest format.
        let Some(length) = u64::try_from(length).ok().filter(|length| *length >= 14) else {
            return Err(ToolError::Failed(format!(
                "Found record size {length} smaller than minimum record overhead (14) in file {}.",
                self.path.display()
            )));
        };
        let size = LOG_OVERHEAD + length;
        if position + size > self.len {
            return Ok(false);
        }
        buffer.resize(usize::try_from(size).expect("lengths have 31 bits"), 0);
        self.fill(buffer, position)?;
        Ok(true)
    }

    /// The batch in `buffer`, read at `position`.
    pub(crate) fn parse<'a>(&self, position: u64, buffer: &'a [u8]) -> Result<AnyBatch<'a>, ToolError> {
        AnyBatch::parse(buffer)
            .map_err(|error: BatchError| at_file(&self.path, format_args!("at position {position}: {error}")))
    }

    fn fill(&self, buffer: &mut [u8], position: u64) -> Result<(), ToolError> {
        self.file.read_exact_at(buffer, position).map_err(|error| at_file(&self.path, error))
    }
}
