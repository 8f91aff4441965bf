//! What a broker checks before it appends: produced batches on a leader, fetched ones on a follower.

mod follower;
mod produce;
mod rejection;
mod rules;
mod walk;

#[cfg(test)]
mod tests;

pub use follower::{FollowerError, FollowerStop, FollowerView, validate_follower};
pub use produce::{Validated, validate};
pub use rejection::{ProduceRejection, RecordFault, RecordFaultKind};
pub use rules::{KeyRule, Origin, ProduceRules, TimestampRule};
