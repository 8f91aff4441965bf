//! Load on a broker, of any system that speaks Kafka's protocol: raw sockets, one thread, few system
//! calls, so that the machine's time goes to the broker. Every answer is checked.
//!
//! - [`topic`]: makes and finds topics by plain questions and answers ([`wire`]).
//! - [`produce`]: precomputed batches ([`batches`]) at a pace ([`pace`]), pipelined.
//! - [`consume`]: reads whole topics by Fetch.
//! - [`failover`]: what the death of a node costs, by the project's own client.
//! - [`many_topics`]: how long it takes to make many topics.
//! - [`steady`]: what restarts and repair cost a producer, by the same client.
//! - [`report`]: what a run found, as numbers to compare.

pub mod batches;
pub mod consume;
mod error;
pub mod failover;
mod gaps;
pub mod many_topics;
pub mod pace;
pub mod produce;
mod produce_frame;
pub mod report;
mod socket;
pub mod steady;
mod tiling;
pub mod topic;
pub mod wire;

pub use error::LoadError;
