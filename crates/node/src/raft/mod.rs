//! The metadata quorum on this node: the raft core, its log and its files, stepped as one.

mod driver;
mod metadata_log;
mod open;
mod retention;
mod snapshot_check;
#[cfg(all(test, not(feature = "shuttle")))]
pub(crate) mod tests;

pub use driver::{RaftDriver, RaftEvent, RaftFailure, RaftOutput};
pub(crate) use metadata_log::read_batches;
pub use metadata_log::{MetadataLog, MetadataLogError};
pub use open::{OpenRaft, OpenedRaft, open_raft};
pub use retention::MetadataRetention;
pub use snapshot_check::SnapshotDamage;
