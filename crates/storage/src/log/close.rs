//! The end of an open log: at an orderly stop, and when its directory moves.

use std::sync::Arc;

use klamm_model::{Timestamp, Uuid};

use super::Log;
use crate::error::StorageError;
use crate::names::{PartitionDirKind, PartitionDirName};

impl Log {
    /// Makes everything durable and leaves the files as Kafka leaves those of a closed log (indexes
    /// cut, a producer snapshot at the log end). Blocks: for the pool.
    pub fn close(mut self, now: Timestamp) -> Result<(), StorageError> {
        self.health().check_online()?;
        self.producers.advance_end_offset(self.log_end);
        let snapshot = self.write_snapshot()?;
        self.active.write_last_entries().map_err(|error| self.failed("write the index of", error))?;
        self.active.drop_partial_write().map_err(|error| self.failed("cut", error))?;
        let work = self.flush_work(self.log_end.next(), snapshot);
        work.run().map_err(|(what, path, error)| self.health().fail(what, path, error))?;
        self.last_flush = now;
        self.recovery_point = self.log_end;
        self.note_checkpoints();
        self.slot.set_high_watermark(self.high_watermark);
        self.slot.set_closed();
        self.close_files();
        Ok(())
    }

    fn close_files(&self) {
        for segment in self.segments.iter() {
            for file in segment.files().all() {
                file.close();
            }
        }
    }

    /// Renames the partition's directory (for deletion, as a stray, or a future copy becoming the
    /// current one) and closes the log. Readers that hold a view or a slice finish.
    pub fn rename(self, kind: PartitionDirKind, unique: Uuid) -> Result<PartitionDirName, StorageError> {
        self.health().check_online()?;
        let to = match kind {
            PartitionDirKind::Current => PartitionDirName::current(self.partition()),
            PartitionDirKind::Future | PartitionDirKind::Delete | PartitionDirKind::Stray => {
                PartitionDirName::suffixed(self.partition(), kind, unique)
            }
        };
        if matches!(kind, PartitionDirKind::Delete | PartitionDirKind::Stray) {
            self.path.set_gone();
        }
        let dir = Arc::clone(&self.dir);
        dir.rename_slot(&self.slot, &self.path, &to)?;
        self.close_files();
        Ok(to)
    }
}
