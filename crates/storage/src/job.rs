//! Work that waits for the disk, taken off the append path: the owner of a log drains it to a pool
//! and hands the report back to the log.

use std::time::Duration;

use klamm_model::Offset;

use crate::error::StorageError;

/// One piece of blocking work. Jobs of one log may run at the same time and in any order.
#[derive(Debug)]
#[must_use]
pub struct Job {
    delay: Duration,
    work: Work,
}

/// What a job does, for metrics and priorities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// Makes the log durable up to an offset: somebody may be waiting.
    Flush,
    /// Writes `leader-epoch-checkpoint` or `partition.metadata`.
    Checkpoint,
    /// Removes files.
    Delete,
}

#[derive(Debug)]
enum Work {
    Flush,
}

/// What became of a job; goes to [`crate::Log::on_job`].
#[derive(Clone, Debug)]
#[must_use]
pub struct JobReport {
    pub(crate) flushed_to: Option<Offset>,
    pub(crate) failure: Option<StorageError>,
}

impl Job {
    /// Not before this long from now: `.deleted` files stay for readers that hold them.
    pub fn delay(&self) -> Duration {
        self.delay
    }

    /// What it does.
    pub fn kind(&self) -> JobKind {
        match self.work {
            Work::Flush => JobKind::Flush,
        }
    }

    /// Does it; blocks. A failure has taken the log directory offline already.
    pub fn run(self) -> JobReport {
        unimplemented!("lands with the flush path")
    }
}

impl JobReport {
    /// The failure, if it failed.
    pub fn failure(&self) -> Option<&StorageError> {
        self.failure.as_ref()
    }
}
