//! One partition's leader and follower logic as pure state machines: who is in sync, what is committed, where a
//! follower's log parts from its leader's.

mod active_brokers;
mod follower_progress;
mod isr;
mod leader;
mod nearest;
mod truncation;

pub use active_brokers::ActiveBrokers;
pub use follower_progress::FollowerProgress;
pub use isr::{AcceptedIsr, IsrAnswer, IsrMember, IsrProposal};
pub use leader::{Committed, FollowerFetch, FollowerRefusal, Leader, Leadership, Reached, Step};
pub use nearest::{Candidate, nearest};
pub use truncation::{Reconciled, plan_out_of_range, plan_truncation};
