//! The partition while its log moves to another directory: the copy takes the log's place within the critical section.

use klamm_model::Timestamp;
use klamm_storage::{CopyError, Log, StorageError};

use super::{LogSlot, PartitionDriver, PartitionEffects};

/// What the last step of a move may copy while it holds the partition.
const LAST_STEP: u32 = 1 << 20;

/// What became of a copy.
#[derive(Debug)]
pub(in crate::partition) enum Replaced {
    /// It is the log; this one was, and is to be deleted.
    Done(Log),
    /// It is behind.
    NotYet(Log),
    /// The log is not open: the replica stops, or has been deleted.
    Gone(Log),
    /// It cannot take the log's place.
    Failed(Log, CopyError),
}

impl PartitionDriver {
    /// Puts a copy in the place of the log, once it has all.
    pub(in crate::partition) fn replace_log(
        &mut self,
        mut copy: Log,
        now: Timestamp,
        effects: &mut PartitionEffects,
    ) -> Replaced {
        let LogSlot::Open(current) = &mut self.log else { return Replaced::Gone(copy) };
        current.publish();
        let view = current.view().load();
        if let Err(error) = copy.copy_from(&view, LAST_STEP, now) {
            return Replaced::Failed(copy, error);
        }
        if !copy.is_copy_of(current) {
            return Replaced::NotYet(copy);
        }
        if let Err(error) = copy.take_place_of(current) {
            return Replaced::Failed(copy, error.into());
        }
        let former = std::mem::replace(&mut **current, copy);
        // Those who wait for a flush of the former log wait for this one.
        match current.flush_job(now) {
            Ok(job) => effects.jobs.extend(job),
            Err(error) => self.refuse_unflushed(&error, effects),
        }
        self.finish(effects);
        self.tell_changed(effects);
        Replaced::Done(former)
    }

    fn refuse_unflushed(&mut self, error: &StorageError, effects: &mut PartitionEffects) {
        let refusal = super::AppendRefusal::Log(error.clone().into());
        self.unacknowledged.refuse_all(&refusal, &mut effects.wake);
    }
}
