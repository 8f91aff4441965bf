//! Compaction: of each key the last value stays (Kafka's `LogCleaner`).
//!
//! 1. [`plan`] (pure) says which segments are dirty, how dirty the log is and which segments become one.
//! 2. [`offset_map`]: the dirty part is read once; for each key the map holds its last offset.
//! 3. [`retain`] (pure) and [`rewrite`]: all segments up to the end of the map are read again and what
//!    stays goes to `.cleaned` files, which are made durable.
//! 4. Inside the log (`log/compact.rs`): `.cleaned` becomes `.swap`, the old files `.deleted`, `.swap`
//!    loses its suffix. A crash at any point leaves the old segments or the new ones.
//!
//! Offsets never change, and neither does the active segment. Nothing at or above the last stable
//! offset is touched. A [`Compaction`] works in small steps, so that its owner may throttle or end it.

mod batches;
mod offset_map;
mod plan;
mod progress;
mod retain;
mod rewrite;
mod run;
mod transactions;

pub use offset_map::BYTES_PER_KEY;
pub use plan::{CompactionPlan, CompactionSource};
pub use progress::{CompactionError, CompactionSettings, CompactionStep, CompactionSummary, NextStep};
pub(crate) use rewrite::Compacted;
pub use run::Compaction;

use klamm_model::{Offset, ProducerEpoch};

/// The last thing an active producer wrote: its batch stays, without records if need be, so that its
/// sequence and epoch are found again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LastOfProducer {
    /// A batch of records that ends here.
    Data(Offset),
    /// Only markers of this epoch.
    Marker(Option<ProducerEpoch>),
}
