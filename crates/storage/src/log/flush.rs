//! When a log is made durable, by Kafka's own configs: `flush.messages`, `flush.ms`, each roll, an
//! orderly stop. The recovery point moves when a flush has ended.

use klamm_model::Timestamp;

use super::Log;
use crate::error::{StorageError, is_full};
use crate::job::Job;

impl Log {
    /// Whether `flush.messages` or `flush.ms` ask for a flush by now.
    pub fn needs_flush(&self, now: Timestamp) -> bool {
        let unflushed = self.log_end.distance_from(self.recovery_point);
        let Some(unflushed) = u64::try_from(unflushed).ok().filter(|&records| records > 0) else {
            return false;
        };
        if unflushed >= self.config.flush_messages {
            return true;
        }
        let age = now.as_millis().saturating_sub(self.last_flush.as_millis());
        self.config.flush_ms.is_some_and(|most| u128::try_from(age).is_ok_and(|age| age >= most.as_millis()))
    }

    /// Leaves a flush among the jobs if one is due: for `log.flush.scheduler.interval.ms`, since
    /// appends alone would leave the last ones of a quiet log for ever.
    pub fn flush_if_due(&mut self, now: Timestamp) -> Result<(), StorageError> {
        if self.needs_flush(now) {
            let job = self.flush_job(now)?;
            self.jobs.extend(job);
        }
        Ok(())
    }

    /// A job that makes everything below the log end durable; `None` if all is. When its report
    /// comes back the recovery point is at least the log end of this moment.
    ///
    /// A full disk that takes no index entries does not stand in the way: the batches have their
    /// blocks. Such an index file goes, so that a crash finds none rather than a short one, and is
    /// written anew once there is room. An error means that nothing more will become durable.
    pub fn flush_job(&mut self, now: Timestamp) -> Result<Option<Job>, StorageError> {
        if self.log_end <= self.recovery_point {
            return Ok(None);
        }
        match self.active.write_index() {
            Ok(()) => {}
            Err(error) if is_full(&error) && !self.active.has_pending_aborted() => {
                self.failed("write the index of", error);
                let dropped = self.active.drop_index_files();
                dropped.map_err(|error| self.failed("remove the index of", error))?;
            }
            Err(error) => return Err(self.failed("write the index of", error)),
        }
        self.last_flush = now;
        let work = self.flush_work(self.log_end, None);
        Ok(Some(Job::flush(self.dir.health(), work)))
    }
}
