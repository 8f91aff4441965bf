//! Groups from outside: scenario texts in virtual time, properties of random runs, records of real Kafka.
#![allow(clippy::unwrap_used)]

mod golden;
mod modern;
#[cfg(feature = "oracle")]
mod oracle;
mod properties;
mod scenarios;
mod script;
mod show;
mod stage;
