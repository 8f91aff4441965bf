//! Groups and transactions as record state machines; pure.
//!
//! [`machine`] is the contract between a state machine and its driver, [`timers`] the driver's timers,
//! [`group`] the group coordinator. What a machine knows for good is what its log says; everything else
//! (clock, random numbers, who waits for an answer) comes in as an argument and leaves as a value.

pub mod group;
mod java_hash;
pub mod machine;
pub mod timers;

pub use java_hash::partition_for;
