//! Why a record of the log cannot be applied: always a fault of the writer or of this build.

use klamm_model::{BrokerEpoch, BrokerId, TopicId, Uuid};

/// A record that contradicts the metadata before it, or that this build does not understand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// A field holds what the schema allows but no writer writes.
    #[error("{record}: field {field} holds {value}")]
    Invalid {
        /// Schema of the record.
        record: &'static str,
        /// The field.
        field: &'static str,
        /// Its value.
        value: String,
    },
    /// A topic of that name or id exists.
    #[error("topic {name} ({id}) exists already")]
    TopicExists {
        /// Name in the record.
        name: String,
        /// Id in the record.
        id: TopicId,
    },
    /// No topic has that id.
    #[error("there is no topic with id {0}")]
    NoTopicWithId(TopicId),
    /// No topic has that name.
    #[error("there is no topic named {0}")]
    NoTopicNamed(String),
    /// A partition that changes does not exist.
    #[error("topic {topic} has no partition {partition}")]
    NoPartition {
        /// The topic.
        topic: TopicId,
        /// The index.
        partition: i32,
    },
    /// A broker that changes is not registered.
    #[error("broker {0} is not registered")]
    NoBroker(BrokerId),
    /// The record is about another registration of the broker.
    #[error("broker {broker} is registered with epoch {registered}, not {record}")]
    OtherBrokerEpoch {
        /// The broker.
        broker: BrokerId,
        /// Its epoch.
        registered: BrokerEpoch,
        /// The record's epoch.
        record: i64,
    },
    /// An access control entry to remove does not exist.
    #[error("there is no access control entry with id {0}")]
    NoAcl(Uuid),
    /// The level of metadata.version is not known to this build.
    #[error(
        "metadata.version {0} is not supported: this node knows levels 7 to 34. Set a level it knows with \
         `kafka-features` before the software is changed"
    )]
    UnknownMetadataVersion(i16),
    /// A metadata transaction begins within another.
    #[error("a metadata transaction begins within another")]
    NestedTransaction,
    /// A metadata transaction ends or is aborted that did not begin.
    #[error("a metadata transaction ends that did not begin")]
    NoTransaction,
}

impl ReplayError {
    pub(crate) fn invalid(
        record: &'static str,
        field: &'static str,
        value: impl std::fmt::Debug,
    ) -> ReplayError {
        ReplayError::Invalid { record, field, value: format!("{value:?}") }
    }
}
