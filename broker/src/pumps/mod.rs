//! The asynchronous side of the node's drivers: each pump selects an event, lets its driver step,
//! and carries out the effects in order.

pub mod assignments;
pub mod cleaner;
pub mod control;
pub mod controller_channel;
pub mod controller_registration;
pub mod disk_pool;
pub mod effects;
pub mod groups;
pub mod log_dir_moves;
pub mod peers;
pub mod publisher;
pub mod registration;
pub mod replication;
