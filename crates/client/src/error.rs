//! What goes wrong between a client and a cluster, by what the caller does differently.

use std::io;
use std::sync::Arc;

use klamm_config::ConfigError;
use klamm_model::TopicPartition;
use klamm_protocol::{ApiKey, DecodeError, EncodeError, ErrorCode};

/// An error of a client. It can be cloned, since one broken connection fails many calls.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ClientError {
    /// A setting that cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A host name without an address.
    #[error("cannot resolve {host}: {reason}")]
    Resolve {
        /// The name.
        host: String,
        /// What the resolver said.
        reason: String,
    },
    /// Nobody answered at an address.
    #[error("cannot connect to {address}: {cause}")]
    Connect {
        /// `host:port`.
        address: String,
        /// The operating system's error.
        cause: Arc<io::Error>,
    },
    /// A connection ended before the answer came.
    #[error("connection to {address} is lost: {reason}")]
    Disconnected {
        /// `host:port`.
        address: String,
        /// Why.
        reason: String,
    },
    /// The answer, or the condition waited for, did not come in time.
    #[error("{what} timed out after {after_ms} ms")]
    Timeout {
        /// What was waited for.
        what: String,
        /// How long.
        after_ms: u64,
    },
    /// The broker and this client have no version of a request in common.
    #[error("the broker does not support {api} at a version this client speaks")]
    UnsupportedVersion {
        /// The request.
        api: ApiKey,
    },
    /// The request says something that the version the broker speaks cannot say.
    #[error("{api} cannot be written for this broker: {cause}")]
    Encode {
        /// The request.
        api: ApiKey,
        /// What does not fit.
        cause: EncodeError,
    },
    /// The broker's answer is not what it claims to be.
    #[error("answer to {api} cannot be read: {cause}")]
    Decode {
        /// The request.
        api: ApiKey,
        /// What is wrong.
        cause: DecodeError,
    },
    /// The broker's answer lacks what was asked for.
    #[error("answer to {api} is incomplete: {missing} is missing")]
    Incomplete {
        /// The request.
        api: ApiKey,
        /// What should have been there.
        missing: String,
    },
    /// The broker answered with an error.
    #[error("{}", kafka_text(*error, message.as_deref()))]
    Kafka {
        /// Its code.
        error: ErrorCode,
        /// The broker's own words, where it has any.
        message: Option<String>,
    },
    /// A record that the producer does not take.
    #[error("the record has {size} bytes, more than {limit} of {setting}")]
    RecordTooLarge {
        /// Its size in a batch of its own, before compression.
        size: usize,
        /// The bound.
        limit: usize,
        /// The setting that holds the bound.
        setting: &'static str,
    },
    /// A partition that the topic does not have.
    #[error("{0} does not exist")]
    UnknownPartition(TopicPartition),
    /// A fetched batch that is damaged.
    #[error("{partition} holds a damaged batch at offset {offset}: {cause}")]
    CorruptBatch {
        /// Where.
        partition: TopicPartition,
        /// Offset asked for.
        offset: i64,
        /// What is wrong.
        cause: String,
    },
    /// Partitions without a committed offset, where `auto.offset.reset` is `none`.
    #[error("Undefined offset with no reset policy for partitions: [{}]", list(.0))]
    NoOffset(Vec<TopicPartition>),
    /// A place the partition does not have any more, or not yet, where `auto.offset.reset` is `none`.
    #[error("{partition} has no offset {offset}, and no reset policy is set")]
    OffsetOutOfRange {
        /// Where.
        partition: TopicPartition,
        /// The offset asked for.
        offset: i64,
    },
    /// A new leader's log ends before the place that was read, or differs there.
    #[error("{partition} was truncated before offset {offset}{}", end_text(*.end_offset))]
    LogTruncated {
        /// Where.
        partition: TopicPartition,
        /// Where reading stood.
        offset: i64,
        /// Where the logs part, if the leader knows.
        end_offset: Option<i64>,
    },
    /// The group has given the partitions to others, or is about to: the offsets are not committed.
    #[error(
        "Offset commit of group {group} cannot be completed since the consumer is not part of an active \
         generation of it: {reason}"
    )]
    CommitFailed {
        /// The group.
        group: String,
        /// The coordinator's words.
        reason: String,
    },
    /// Key or value cannot be turned into bytes or back.
    #[error("serialization failed: {0}")]
    Serialization(String),
    /// A call that the state of the client does not allow.
    #[error("{0}")]
    IllegalState(String),
    /// The client is closed.
    #[error("the client is closed")]
    Closed,
}

/// Kafka's text of an error: the broker's own words, or the default ones, after the code's name.
fn kafka_text(error: ErrorCode, message: Option<&str>) -> String {
    format!("{}: {}", error.name(), message.unwrap_or_else(|| error.message()))
}

fn list(partitions: &[TopicPartition]) -> String {
    partitions.iter().map(TopicPartition::to_string).collect::<Vec<_>>().join(", ")
}

fn end_text(end_offset: Option<i64>) -> String {
    end_offset.map(|end| format!("; the logs part at {end}")).unwrap_or_default()
}

impl ClientError {
    /// The error of code `code`, or nothing for 0. An unknown code is an unknown server error.
    pub fn check(code: i16) -> Result<(), ClientError> {
        ClientError::check_with(code, None)
    }

    /// As [`ClientError::check`], with the broker's words.
    pub fn check_with(code: i16, message: Option<&str>) -> Result<(), ClientError> {
        match ErrorCode::from_i16(code) {
            Some(ErrorCode::None) => Ok(()),
            error => Err(ClientError::Kafka {
                error: error.unwrap_or(ErrorCode::UnknownServerError),
                message: message.map(str::to_owned),
            }),
        }
    }

    /// The error `error` with Kafka's default text.
    pub fn kafka(error: ErrorCode) -> ClientError {
        ClientError::Kafka { error, message: None }
    }

    /// The broker's error code, if it is the broker who refused.
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            ClientError::Kafka { error, .. } => Some(*error),
            _ => None,
        }
    }

    /// Whether the same call may succeed later.
    pub fn is_retriable(&self) -> bool {
        match self {
            ClientError::Kafka { error, .. } => error.is_retriable(),
            ClientError::Resolve { .. }
            | ClientError::Connect { .. }
            | ClientError::Disconnected { .. }
            | ClientError::Timeout { .. } => true,
            ClientError::Config(_)
            | ClientError::UnsupportedVersion { .. }
            | ClientError::Encode { .. }
            | ClientError::Decode { .. }
            | ClientError::Incomplete { .. }
            | ClientError::RecordTooLarge { .. }
            | ClientError::UnknownPartition(_)
            | ClientError::CorruptBatch { .. }
            | ClientError::NoOffset(_)
            | ClientError::OffsetOutOfRange { .. }
            | ClientError::LogTruncated { .. }
            | ClientError::CommitFailed { .. }
            | ClientError::Serialization(_)
            | ClientError::IllegalState(_)
            | ClientError::Closed => false,
        }
    }

    /// Whether no answer came: it is unknown what the broker did.
    pub fn is_connection_error(&self) -> bool {
        matches!(
            self,
            ClientError::Resolve { .. }
                | ClientError::Connect { .. }
                | ClientError::Disconnected { .. }
                | ClientError::Timeout { .. }
        )
    }
}
