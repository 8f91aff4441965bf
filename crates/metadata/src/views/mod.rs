//! What handlers answer from an image: pure functions of one image, so that every part of an answer
//! belongs to one offset of the metadata log.

mod acls;
mod clients;
mod describe_topics;
mod features;
mod quotas;
mod scram;
mod topic_metadata;

pub use acls::describe_acls;
pub use clients::{ClientNode, ClientView, PartitionLeader};
pub use describe_topics::{TopicPage, describe_topic_partitions};
pub use features::finalized_features;
pub use quotas::describe_client_quotas;
pub use scram::describe_scram_credentials;
pub use topic_metadata::{MissingListener, Replicas, topic_metadata};

#[cfg(test)]
mod tests;
