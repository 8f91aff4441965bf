//! Data batches that wait for the log, so that many share one flush (Kafka: BatchAccumulator).

use klamm_model::Instant;

use crate::effect::DataBatch;

/// Batches in the order of their offsets.
#[derive(Debug, Default)]
pub(crate) struct AppendQueue {
    batches: Vec<DataBatch>,
    records: i64,
    bytes: usize,
    /// When they are appended at the latest.
    deadline: Option<Instant>,
}

impl AppendQueue {
    pub(crate) fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    /// Records that wait.
    pub(crate) fn records(&self) -> i64 {
        self.records
    }

    /// Bytes that wait.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    pub(crate) fn push(&mut self, batch: DataBatch, deadline: Instant) {
        self.records += i64::from(batch.records);
        self.bytes += batch.bytes.len();
        self.batches.push(batch);
        self.deadline.get_or_insert(deadline);
    }

    /// All batches, with the number of their records.
    pub(crate) fn take(&mut self) -> (Vec<DataBatch>, i64) {
        let taken = std::mem::take(self);
        (taken.batches, taken.records)
    }
}
