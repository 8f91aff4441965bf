//! Reading a file of a log with or without waiting for the disk.

use std::io;
use std::sync::Arc;

use crate::disk::{DiskFile, LazyFile};
use crate::error::ReadError;
use crate::health::Health;
use crate::log::Patience;

/// One file, how long a read may take, and whom a failure concerns.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    file: Arc<dyn DiskFile>,
    name: Arc<LazyFile>,
    health: Arc<Health>,
    patience: Patience,
}

impl Reader {
    /// Opens the file; one that is gone was truncated or deleted under the caller.
    pub(crate) fn open(
        name: &Arc<LazyFile>,
        health: &Arc<Health>,
        patience: Patience,
    ) -> Result<Reader, ReadError> {
        health.check_online()?;
        let file = name.get().map_err(|error| failure(health, name, error))?;
        Ok(Reader { file, name: Arc::clone(name), health: Arc::clone(health), patience })
    }

    pub(crate) fn file(&self) -> &Arc<dyn DiskFile> {
        &self.file
    }

    /// Reads up to the length of `buffer`, at least `least` bytes; fewer in the file mean that the
    /// caller's view is out of date.
    pub(crate) fn read(&self, buffer: &mut [u8], position: u64, least: usize) -> Result<usize, ReadError> {
        self.read_with(self.patience, (buffer, position), least)
    }

    /// As [`Self::read`], with a patience of its own.
    pub(crate) fn read_with(
        &self,
        patience: Patience,
        (buffer, position): (&mut [u8], u64),
        least: usize,
    ) -> Result<usize, ReadError> {
        let count = match patience {
            Patience::Wait => self.file.read_at(buffer, position),
            Patience::ResidentOnly => match self.file.read_if_resident(buffer, position) {
                Ok(None) => return Err(ReadError::NotResident),
                Ok(Some(count)) if count < least => return Err(self.why_short(position, least)?),
                Ok(Some(count)) => Ok(count),
                Err(error) => Err(error),
            },
        };
        let count = count.map_err(|error| failure(&self.health, &self.name, error))?;
        if count < least { Err(ReadError::Stale) } else { Ok(count) }
    }

    fn why_short(&self, position: u64, least: usize) -> Result<ReadError, ReadError> {
        let len = self.file.len().map_err(|error| failure(&self.health, &self.name, error))?;
        Ok(if position + least as u64 > len { ReadError::Stale } else { ReadError::NotResident })
    }

    pub(crate) fn corrupt(&self, position: u64, reason: impl Into<String>) -> ReadError {
        ReadError::Corrupt { path: self.name.path(), position, reason: reason.into() }
    }
}

fn failure(health: &Health, name: &LazyFile, error: io::Error) -> ReadError {
    if error.kind() == io::ErrorKind::NotFound {
        return ReadError::Stale;
    }
    ReadError::Storage(health.fail("read", name.path(), error))
}
