//! Replication between brokers, the asynchronous side: a thread that fetches from the leaders of what is followed here,
//! and a task that proposes in-sync replicas of what is led here to the controller.

mod exchange;
mod fetcher;
pub mod isr;
mod thread;
mod throttles;
mod watcher;

pub use thread::ReplicationThread;
pub use throttles::Throttles;
pub use watcher::{FollowerNews, FollowerWatcher};
