//! Black-box stories of replication: three combined nodes, leaders that die, replicas that lag, part and come back.
#![allow(clippy::unwrap_used, missing_docs)]

mod damage;
mod failover;
mod field;
mod groups;
mod moves;
#[path = "../quorum/site.rs"]
#[allow(dead_code, reason = "the quorum's stories use the rest")]
mod site;
mod waiting;
