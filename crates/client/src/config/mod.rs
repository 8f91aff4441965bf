//! Settings under Kafka's names. Each struct has Kafka's defaults and reads a properties file; a value that
//! Kafka refuses is refused in Kafka's words.

mod client;
mod keys;
mod settings;

pub use client::{ClientConfig, SecurityProtocol};
pub use keys::why_without_effect;
pub(crate) use settings::Settings;
