//! One partition's leader logic as a pure state machine: who is in sync, what is committed.

mod follower_progress;
mod leader;

pub use follower_progress::FollowerProgress;
pub use leader::{Committed, Leader, Leadership, Reached};
