//! Settings under Kafka's names. Each struct has Kafka's defaults and reads a properties file; a value that
//! Kafka refuses is refused in Kafka's words.

mod client;
mod settings;

pub use client::{ClientConfig, SecurityProtocol};
pub(crate) use settings::Settings;
