//! The lock file of a directory: one process at a time.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// A held lock; released when dropped or when the process ends, however it ends.
#[derive(Debug)]
pub struct LockFile {
    _file: File,
}

/// A lock that could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process holds it.
    #[error("held by another process")]
    Held,
    /// The file could not be opened or locked.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl LockFile {
    /// Opens or creates `path` and locks it without waiting. Takes both kinds of lock: the record
    /// lock that Java's `FileChannel.tryLock` takes, so that a JVM and this process exclude each
    /// other, and an flock, since record locks do not exclude within one process.
    pub fn acquire(path: &Path) -> Result<LockFile, LockError> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        use rustix::fs::{FlockOperation, fcntl_lock, flock};
        flock(&file, FlockOperation::NonBlockingLockExclusive).map_err(held_or_io)?;
        fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive).map_err(held_or_io)?;
        Ok(LockFile { _file: file })
    }
}

fn held_or_io(errno: rustix::io::Errno) -> LockError {
    match errno {
        rustix::io::Errno::WOULDBLOCK | rustix::io::Errno::ACCESS => LockError::Held,
        other => LockError::Io(other.into()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_second_holder_is_refused_until_the_first_lets_go() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(".lock");
        let first = LockFile::acquire(&path).unwrap();
        assert!(matches!(LockFile::acquire(&path), Err(LockError::Held)));
        drop(first);
        LockFile::acquire(&path).unwrap();
    }
}
