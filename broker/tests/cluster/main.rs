//! Black-box stories of replication: three combined nodes, leaders that die, replicas that lag, part and come back.
#![allow(clippy::unwrap_used, missing_docs)]

mod damage;
mod directories;
mod failover;
mod field;
mod groups;
mod moves;
mod racks;
#[path = "../quorum/raw.rs"]
#[allow(dead_code, reason = "the quorum's stories use the rest")]
mod raw;
#[path = "../quorum/site.rs"]
#[allow(dead_code, reason = "the quorum's stories use the rest")]
mod site;
mod tools;
mod waiting;
