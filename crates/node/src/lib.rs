//! The drivers: synchronous steps that own all state of a node; no sockets, no async.

pub mod clock;
pub mod control;
pub mod coordinators;
pub mod fetch_session;
pub mod fetcher;
pub mod isr_proposals;
pub mod metadata;
pub mod partition;
#[cfg(feature = "planted-bugs")]
pub mod planted;
#[cfg(not(feature = "planted-bugs"))]
mod planted;
pub mod promise;
pub mod raft;
pub mod replication_quota;
mod sync;
