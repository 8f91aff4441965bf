//! The move of a partition's log to another directory of its node, step by step.

use std::sync::Arc;

use klamm_model::Uuid;
use klamm_storage::names::{PartitionDirKind, PartitionDirName};
use klamm_storage::{CopyError, Log, LogDir, OpenLog, OpenLogError};

use super::{PartitionHandle, seed_of};
use crate::partition::driver::Replaced;

/// A log under way to another directory. All steps block: for the pool.
#[derive(Debug)]
pub struct Move {
    handle: PartitionHandle,
    to: Arc<LogDir>,
    copy: Log,
}

/// What a step came to.
#[derive(Debug)]
pub enum MoveStep {
    /// So many bytes were copied; there are more.
    Copied(u64),
    /// The copy has, or had a moment ago, all there is: [`Move::finish`] may follow.
    CaughtUp,
}

/// The end of a move.
#[derive(Debug)]
pub enum Finished {
    /// The partition lives in the other directory. Its former log has a name that means nothing to anyone, to be
    /// removed after `file.delete.delay.ms`.
    Moved(Arc<LogDir>, PartitionDirName),
    /// Others write faster than it copies: go on.
    NotYet(Box<Move>),
    /// The replica is gone, and the copy with it.
    Gone,
}

impl Move {
    /// Begins a move to `to`, or goes on with what is there of an earlier one.
    pub fn begin(handle: &PartitionHandle, to: &Arc<LogDir>) -> Result<Move, OpenLogError> {
        let name = handle.name();
        let opened = to.open_log(OpenLog {
            partition: name.clone(),
            kind: PartitionDirKind::Future,
            topic_id: Some(handle.id().topic_id),
            config: handle.settings().log.clone(),
            now: handle.0.clock.wall(),
            seed: seed_of(name),
            // It is a copy: whatever it lacks is copied again.
            cut_damage: true,
        })?;
        Ok(Move { handle: handle.clone(), to: to.clone(), copy: opened.log })
    }

    /// The partition.
    pub fn handle(&self) -> &PartitionHandle {
        &self.handle
    }

    /// Where it goes.
    pub fn to(&self) -> &Arc<LogDir> {
        &self.to
    }

    /// Bytes of the copy, and how many offsets it is behind.
    pub fn progress(&self) -> (u64, i64) {
        let end = self.handle.view().map(|view| view.log_end_offset());
        (self.copy.size(), end.map_or(0, |end| self.copy.lag_behind(end)))
    }

    /// Copies at most `max_bytes`, or one batch.
    pub fn step(&mut self, max_bytes: u32) -> Result<MoveStep, CopyError> {
        let Some(view) = self.handle.view() else { return Ok(MoveStep::CaughtUp) };
        let copied = self.copy.copy_from(&view, max_bytes, self.handle.0.clock.wall())?;
        self.run_jobs()?;
        Ok(if copied == 0 { MoveStep::CaughtUp } else { MoveStep::Copied(copied) })
    }

    /// Lets the copy take the log's place if it has all by now.
    pub fn finish(self, unique: Uuid) -> Result<Finished, CopyError> {
        let Move { handle, to, copy } = self;
        let now = handle.0.clock.wall();
        let replaced = handle.change(|driver, effects| {
            let replaced = driver.replace_log(copy, now, effects);
            if let Replaced::Done(_) = &replaced {
                handle.0.dir.store(to.clone());
            }
            replaced
        });
        match replaced {
            Replaced::Done(former) => {
                let dir = former.dir().clone();
                let name = former.rename(PartitionDirKind::Delete, unique)?;
                tracing::info!(partition = %handle.name(), to = %to.path().display(), "moved to another directory");
                Ok(Finished::Moved(dir, name))
            }
            Replaced::NotYet(copy) => Ok(Finished::NotYet(Box::new(Move { handle, to, copy }))),
            Replaced::Gone(copy) => {
                Move { handle, to, copy }.give_up(unique)?;
                Ok(Finished::Gone)
            }
            Replaced::Failed(copy, error) => {
                // What is there of it is gone on with after the next start.
                drop(copy);
                Err(error)
            }
        }
    }

    /// Ends the move: the copy goes.
    pub fn give_up(self, unique: Uuid) -> Result<(), CopyError> {
        let name = self.copy.rename(PartitionDirKind::Delete, unique)?;
        Ok(self.to.remove_deleted(&name)?)
    }

    /// The node stops: the copy is gone on with after the next start.
    pub fn close(self) -> Result<(), CopyError> {
        let now = self.handle.0.clock.wall();
        Ok(self.copy.close(now)?)
    }

    fn run_jobs(&mut self) -> Result<(), CopyError> {
        for job in self.copy.take_jobs() {
            let report = job.run();
            if let Some(failure) = report.failure() {
                return Err(failure.clone().into());
            }
            self.copy.on_job(report);
        }
        Ok(())
    }
}
