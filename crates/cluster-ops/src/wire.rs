//! The wire's numbers and names that observer and executor share.

/// Resource type of a topic's configs.
pub(crate) const TOPIC: i8 = 2;
/// Resource type of a broker's configs; an empty name stands for all brokers.
pub(crate) const BROKER: i8 = 4;
/// The config that keeps new replicas off a broker (KIP-1066).
pub(crate) const CORDONED: &str = "cordoned.log.dirs";
/// The feature whose level says which records the cluster writes.
pub(crate) const METADATA_VERSION: &str = "metadata.version";
