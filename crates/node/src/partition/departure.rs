//! A partition's leaving of the disk: its directory is renamed once, by the job that removes it or by whoever needs
//! the name sooner (Kafka renames while it applies the metadata; here nobody waits for the disk but the pool).

use std::sync::Arc;

use klamm_model::Uuid;
use klamm_storage::names::{PartitionDirKind, PartitionDirName};
use klamm_storage::{Log, StorageError};

use super::handle::PartitionHandle;
use crate::sync::Mutex;

/// Of one partition whose topic was deleted.
#[derive(Clone, Debug)]
pub struct Departure(Arc<Mutex<Stage>>);

#[derive(Debug)]
enum Stage {
    /// Still under its name.
    Here(Box<Leaving>),
    /// Under a name that means nothing to anyone; `None` where it could not be renamed, or is removed.
    Away(Option<PartitionDirName>),
}

#[derive(Debug)]
struct Leaving {
    handle: PartitionHandle,
    /// `None` if it was not open when the partition stopped (perhaps it was being opened), or once it was closed.
    log: Option<Log>,
    /// In the new name.
    unique: Uuid,
}

impl Departure {
    pub(super) fn new(handle: PartitionHandle, log: Option<Log>, unique: Uuid) -> Departure {
        Departure(Arc::new(Mutex::new(Stage::Here(Box::new(Leaving { handle, log, unique })))))
    }

    /// Returns once the name is free. After an error that is passing it is still taken, and this can be tried again;
    /// after any other the log directory is offline. Blocks, perhaps for the end of a recovery: for the pool.
    pub fn free_name(&self) -> Result<(), StorageError> {
        self.stage().map(drop)
    }

    /// Removes all data. Blocks: for the pool.
    pub fn remove(&self, handle: &PartitionHandle) -> Result<(), StorageError> {
        match self.stage()? {
            Some(name) => handle.dir().remove_deleted(&name),
            None => Ok(()),
        }
    }

    /// Whether the name is free already, as far as can be told without waiting.
    pub fn is_away(&self) -> bool {
        self.0.try_lock().is_some_and(|stage| matches!(*stage, Stage::Away(_)))
    }

    fn stage(&self) -> Result<Option<PartitionDirName>, StorageError> {
        let mut stage = self.0.lock();
        // Held while renaming: who comes second waits for the end of it.
        match std::mem::replace(&mut *stage, Stage::Away(None)) {
            Stage::Here(mut leaving) => match leaving.rename() {
                Ok(name) => {
                    *stage = Stage::Away(Some(name.clone()));
                    Ok(Some(name))
                }
                Err(error) => {
                    if error.is_passing() {
                        *stage = Stage::Here(leaving);
                    }
                    Err(error)
                }
            },
            Stage::Away(name) => {
                *stage = Stage::Away(name.clone());
                Ok(name)
            }
        }
    }
}

impl Leaving {
    fn rename(&mut self) -> Result<PartitionDirName, StorageError> {
        let Leaving { handle, log, unique } = self;
        // Were it not opened in its time, the name may still be that of the one before.
        handle.free_name_of_predecessor()?;
        match log.take().or_else(|| handle.stop_once_opened()) {
            Some(log) => log.rename(PartitionDirKind::Delete, *unique),
            None => handle.dir().rename_unopened(handle.name(), PartitionDirKind::Delete, *unique),
        }
    }
}
