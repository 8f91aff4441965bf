//! Fetching from one leader all partitions that this broker follows there: what to ask next, what an answer means. The
//! records go to the partitions' drivers; who is followed comes from the published image (Kafka: ReplicaFetcherThread,
//! FetchSessionHandler).

mod answer;
mod driver;
mod rest;
mod session;

pub use driver::{FetcherDriver, FetcherSettings, Work, WorkFailure, WorkKind};

#[cfg(all(test, not(feature = "shuttle")))]
mod tests;
