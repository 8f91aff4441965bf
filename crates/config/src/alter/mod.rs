//! Whether a change of dynamic configs is allowed, and Kafka's words where it is not.

mod broker;
mod client_metrics;
mod group;
mod local_retention;
mod operation;
mod reconfigure;
mod topic;

pub use broker::{check_broker, check_broker_name};
pub use client_metrics::{ClientMatch, MatchSelector, check_client_metrics, parse_match};
pub use group::check_group;
pub use operation::{Operation, apply_broker_operations};
pub use topic::{check_topic, check_topic_name};

use crate::error::ConfigError;

/// Why a change is refused; each variant has its own error code on the wire.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AlterError {
    /// INVALID_CONFIG: a key or value is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// INVALID_REQUEST: the request makes no sense.
    #[error("{0}")]
    Request(String),
    /// INVALID_TOPIC_EXCEPTION: no topic can have the name.
    #[error("{0}")]
    TopicName(String),
}

impl AlterError {
    fn config(sentence: impl Into<String>) -> AlterError {
        AlterError::Config(ConfigError::rule(sentence))
    }
}

#[cfg(test)]
mod tests;
