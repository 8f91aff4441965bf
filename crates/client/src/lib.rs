//! A Kafka client in Rust: connections, admin, producer, consumer.
//!
//! - [`net`]: one connection to one broker: dialling, versions, requests in flight.
//! - [`cluster`]: which brokers, topics and coordinators there are, and a connection to each.
//! - [`admin`]: what administrators do.
//! - [`producer`]: sends records.
//! - [`consumer`]: reads records, alone or in a group.
//! - [`config`]: settings under Kafka's names, from code or from a properties file.
//!
//! Everything runs on the caller's tokio runtime, of either flavour. A handle owns the tasks that work for
//! it: they end when the last handle is dropped. No queue grows without a bound, and each call has a
//! deadline. A call's future may be dropped at any time: what was written stays whole.

pub mod admin;
pub mod cluster;
pub mod config;
pub mod consumer;
mod error;
mod metrics;
pub mod net;
pub mod producer;

pub use admin::Admin;
pub use cluster::Cluster;
pub use config::ClientConfig;
pub use consumer::{Consumer, ConsumerConfig, ConsumerRecord};
pub use error::ClientError;
pub use metrics::Metric;
pub use producer::{Producer, ProducerConfig, ProducerRecord};
