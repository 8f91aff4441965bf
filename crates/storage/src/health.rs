//! The health of a log directory, shared by all that touch its files: the first failure takes it
//! offline, and nothing is retried (a second fsync may succeed with the data gone).

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use parking_lot::Mutex;

use crate::directory::DirectoryState;
use crate::error::{DiskFailure, StorageError, is_exhausted};

const ONLINE: u8 = 0;
const FULL: u8 = 1;
const OFFLINE: u8 = 2;

/// Health of one log directory.
#[derive(Debug)]
pub(crate) struct Health {
    dir: PathBuf,
    state: AtomicU8,
    first_failure: Mutex<Option<DiskFailure>>,
}

impl Health {
    pub(crate) fn new(dir: &Path) -> Arc<Health> {
        Arc::new(Health {
            dir: dir.to_owned(),
            state: AtomicU8::new(ONLINE),
            first_failure: Mutex::new(None),
        })
    }

    pub(crate) fn state(&self) -> DirectoryState {
        match self.state.load(Ordering::Acquire) {
            ONLINE => DirectoryState::Online,
            FULL => DirectoryState::Full,
            _ => DirectoryState::Offline,
        }
    }

    /// What took the directory offline.
    pub(crate) fn first_failure(&self) -> Option<DiskFailure> {
        self.first_failure.lock().clone()
    }

    /// Refuses everything while the directory is offline.
    pub(crate) fn check_online(&self) -> Result<(), StorageError> {
        match self.state() {
            DirectoryState::Online | DirectoryState::Full => Ok(()),
            DirectoryState::Offline => Err(StorageError::Offline { dir: self.dir.clone() }),
        }
    }

    /// Refuses what adds bytes while the directory is full, too.
    pub(crate) fn check_writable(&self) -> Result<(), StorageError> {
        match self.state() {
            DirectoryState::Online => Ok(()),
            DirectoryState::Full => Err(StorageError::Full { dir: self.dir.clone() }),
            DirectoryState::Offline => Err(StorageError::Offline { dir: self.dir.clone() }),
        }
    }

    /// Takes a failed operation into account: a full disk refuses writes for a while, want of
    /// descriptors or memory this once, all else takes the directory offline.
    pub(crate) fn fail(
        &self,
        what: &'static str,
        path: impl Into<PathBuf>,
        error: io::Error,
    ) -> StorageError {
        self.fail_with(DiskFailure::new(what, path, error))
    }

    pub(crate) fn fail_with(&self, failure: DiskFailure) -> StorageError {
        if failure.is_full() {
            self.set_full();
            return StorageError::Full { dir: self.dir.clone() };
        }
        if is_exhausted(&failure.source) {
            tracing::warn!(dir = %self.dir.display(), %failure, "refused for want of descriptors or memory");
            return StorageError::Exhausted { dir: self.dir.clone() };
        }
        self.go_offline(failure)
    }

    /// Takes the directory offline, whatever the errno: what failed left something undone that nothing
    /// else will do.
    pub(crate) fn go_offline(&self, failure: DiskFailure) -> StorageError {
        if self.state.swap(OFFLINE, Ordering::AcqRel) != OFFLINE {
            tracing::error!(dir = %self.dir.display(), %failure, "log directory is offline");
            *self.first_failure.lock() = Some(failure.clone());
        }
        StorageError::Disk(failure)
    }

    /// Space is short.
    pub(crate) fn set_full(&self) {
        let changed = self.state.compare_exchange(ONLINE, FULL, Ordering::AcqRel, Ordering::Acquire);
        if changed.is_ok() {
            tracing::error!(dir = %self.dir.display(), "log directory is full: appends are refused until space returns");
        }
    }

    /// Space is back.
    pub(crate) fn set_roomy(&self) {
        let changed = self.state.compare_exchange(FULL, ONLINE, Ordering::AcqRel, Ordering::Acquire);
        if changed.is_ok() {
            tracing::info!(dir = %self.dir.display(), "log directory has room again");
        }
    }
}
