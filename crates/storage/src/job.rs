//! Work that waits for the disk, taken off the append path: the owner of a log drains it to a pool
//! and hands the report back to the log.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use klamm_model::Offset;

use crate::directory::{CheckpointKind, LogDir};
use crate::disk::{DescriptorCache, Hint, LazyFile, PartitionPath, Region, replace_file};
use crate::error::StorageError;
use crate::health::Health;
use crate::names::FileStage;
use crate::planted::{self, Bug};

/// One piece of blocking work. Jobs of one log may run at the same time and in any order.
#[derive(Debug)]
#[must_use]
pub struct Job {
    delay: Duration,
    health: Arc<Health>,
    work: Work,
}

/// What a job does, for metrics and priorities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// Makes the log durable up to an offset: somebody may be waiting.
    Flush,
    /// Writes `leader-epoch-checkpoint`, or the recovery points of the log directory.
    Checkpoint,
    /// Starts writing back dirty pages.
    WriteBack,
    /// Removes files.
    Delete,
}

#[derive(Debug)]
enum Work {
    Flush(FlushWork),
    Checkpoint(CheckpointWork),
    RecoveryPoints(Arc<LogDir>),
    WriteBack(Arc<LazyFile>, Region),
    Delete(Vec<Arc<LazyFile>>),
}

/// What makes a log durable below `upto`.
#[derive(Debug)]
pub(crate) struct FlushWork {
    pub(crate) upto: Offset,
    /// Truncations of the log when the job was made: one since then voids its claim.
    pub(crate) truncations: u64,
    /// Files whose content counts, logs first.
    pub(crate) files: Vec<Arc<LazyFile>>,
    /// The partition's directory, if it has new names.
    pub(crate) dir: Option<Arc<PartitionPath>>,
    /// The epoch checkpoint, if it is out of date: durable before the recovery point passes.
    pub(crate) checkpoint: Option<CheckpointWork>,
}

/// A small file to be replaced.
#[derive(Debug)]
pub(crate) struct CheckpointWork {
    pub(crate) dir: Arc<PartitionPath>,
    pub(crate) name: &'static str,
    pub(crate) content: Vec<u8>,
    /// Newest content wins, whichever job runs last.
    pub(crate) version: u64,
    pub(crate) written: Arc<parking_lot::Mutex<u64>>,
    pub(crate) cache: Arc<DescriptorCache>,
}

/// What became of a job; goes to [`crate::Log::on_job`].
#[derive(Clone, Debug)]
#[must_use]
pub struct JobReport {
    pub(crate) flushed: Option<Flushed>,
    failure: Option<StorageError>,
}

/// A flush that succeeded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flushed {
    pub(crate) upto: Offset,
    pub(crate) truncations: u64,
}

impl Job {
    pub(crate) fn flush(health: &Arc<Health>, work: FlushWork) -> Job {
        Job { delay: Duration::ZERO, health: Arc::clone(health), work: Work::Flush(work) }
    }

    pub(crate) fn checkpoint(health: &Arc<Health>, work: CheckpointWork) -> Job {
        Job { delay: Duration::ZERO, health: Arc::clone(health), work: Work::Checkpoint(work) }
    }

    /// After a truncation: a recovery point above the log's end would make a later torn tail look
    /// like damage of flushed bytes.
    pub(crate) fn recovery_points(dir: &Arc<LogDir>) -> Job {
        let work = Work::RecoveryPoints(Arc::clone(dir));
        Job { delay: Duration::ZERO, health: Arc::clone(dir.health()), work }
    }

    pub(crate) fn write_back(health: &Arc<Health>, file: Arc<LazyFile>, region: Region) -> Job {
        Job { delay: Duration::ZERO, health: Arc::clone(health), work: Work::WriteBack(file, region) }
    }

    pub(crate) fn delete(health: &Arc<Health>, files: Vec<Arc<LazyFile>>, delay: Duration) -> Job {
        Job { delay, health: Arc::clone(health), work: Work::Delete(files) }
    }

    /// Not before this long from now: `.deleted` files stay for readers that hold them.
    pub fn delay(&self) -> Duration {
        self.delay
    }

    /// What it does.
    pub fn kind(&self) -> JobKind {
        match self.work {
            Work::Flush(_) => JobKind::Flush,
            Work::Checkpoint(_) | Work::RecoveryPoints(_) => JobKind::Checkpoint,
            Work::WriteBack(..) => JobKind::WriteBack,
            Work::Delete(_) => JobKind::Delete,
        }
    }

    /// Does it; blocks. A failure has taken the log directory offline already.
    pub fn run(self) -> JobReport {
        if let Err(offline) = self.health.check_online() {
            return JobReport { flushed: None, failure: Some(offline) };
        }
        let (flushed, result) = match self.work {
            Work::Flush(work) => (Some(work.claim()), work.run()),
            Work::Checkpoint(work) => (None, work.run()),
            Work::RecoveryPoints(dir) => {
                let failure = dir.write_checkpoint(CheckpointKind::RecoveryPoint).err();
                return JobReport { flushed: None, failure };
            }
            Work::WriteBack(file, region) => (None, write_back(&file, region)),
            Work::Delete(files) => (None, files.iter().try_for_each(|file| in_path(file, file.remove()))),
        };
        match result {
            Ok(()) => JobReport { flushed, failure: None },
            Err((what, path, error)) => {
                JobReport { flushed: None, failure: Some(self.health.fail(what, path, error)) }
            }
        }
    }
}

type Failure = (&'static str, PathBuf, io::Error);

fn in_path(file: &LazyFile, result: io::Result<()>) -> Result<(), Failure> {
    result.map_err(|error| ("remove", file.path(), error))
}

/// A file that was removed has nothing to write back.
fn write_back(file: &Arc<LazyFile>, region: Region) -> Result<(), Failure> {
    match file.get() {
        Ok(open) => open.hint(region, Hint::WriteBack),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(("open", file.path(), error)),
    }
    Ok(())
}

impl FlushWork {
    fn claim(&self) -> Flushed {
        Flushed { upto: self.upto, truncations: self.truncations }
    }

    pub(crate) fn run(&self) -> Result<(), Failure> {
        for file in &self.files {
            match file.get() {
                Ok(_) if planted::has(Bug::SkipSync) => {}
                Ok(open) => open.sync().map_err(|error| ("sync", file.path(), error))?,
                Err(error) if error.kind() == io::ErrorKind::NotFound && is_optional(file) => {}
                Err(error) => return Err(("open", file.path(), error)),
            }
        }
        if let Some(checkpoint) = &self.checkpoint {
            checkpoint.run()?;
        }
        if let (Some(dir), Some(file)) = (&self.dir, self.files.first()) {
            let path = dir.get();
            let synced = dir.sync_names(|| file.cache().disk().sync_dir(&path));
            unless_gone(dir, synced).map_err(|error| ("sync directory", path, error))?;
        }
        Ok(())
    }
}

/// In the directory of a deleted partition nothing is missed.
fn unless_gone(dir: &PartitionPath, result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound && dir.is_gone() => Ok(()),
        result => result,
    }
}

/// Deleted since, or an index that never got an entry.
fn is_optional(file: &LazyFile) -> bool {
    use crate::names::FileKind;
    let name = file.name();
    name.stage == FileStage::Deleted || name.kind != FileKind::Log || file.dir().is_gone()
}

impl CheckpointWork {
    fn run(&self) -> Result<(), Failure> {
        let mut written = self.written.lock();
        if *written >= self.version {
            return Ok(());
        }
        let path = self.dir.join(self.name);
        let replaced = replace_file(&**self.cache.disk(), &path, &self.content);
        unless_gone(&self.dir, replaced).map_err(|error| ("write", path, error))?;
        *written = self.version;
        Ok(())
    }
}

impl JobReport {
    /// The failure, if it failed.
    pub fn failure(&self) -> Option<&StorageError> {
        self.failure.as_ref()
    }
}
