//! Newtypes for ids, positions and time that every other crate speaks; no logic.

mod epoch;
mod id;
mod offset;
mod time;
mod topic_partition;
mod uuid;

pub use epoch::{LeaderEpoch, PartitionEpoch};
pub use id::{BrokerEpoch, BrokerId, DirectoryId, NodeId, ProducerEpoch, ProducerId, TopicId};
pub use offset::{Offset, OffsetAndEpoch};
pub use time::{Instant, Timestamp};
pub use topic_partition::{TopicIdPartition, TopicPartition};
pub use uuid::{ParseUuidError, Uuid};
