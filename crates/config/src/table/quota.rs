//! Quotas and credentials, which are set only dynamically (Kafka's `QuotaConfig`).

use crate::key::{ConfigKey, Kind, double, int, keys, long, unset};

/// Throttles of one broker.
pub(super) const BROKER: &[ConfigKey] = keys! {
    "follower.replication.throttled.rate": long(i64::MAX).at_least(0).cluster_wide() =>
        "Bytes per second that this broker fetches as follower for throttled replicas; set only \
         dynamically.";
    "leader.replication.throttled.rate": long(i64::MAX).at_least(0).cluster_wide() =>
        "Bytes per second that this broker sends as leader to throttled replicas; set only dynamically.";
    "replica.alter.log.dirs.io.max.bytes.per.second": long(i64::MAX).at_least(0).cluster_wide() =>
        "Bytes per second that moves between this broker's directories may take; set only dynamically.";
};

/// Of users.
pub(super) const USER: &[ConfigKey] = keys! {
    "SCRAM-SHA-256": unset(Kind::String) =>
        "SCRAM-SHA-256 credential of the user, kept salted and hashed.";
    "SCRAM-SHA-512": unset(Kind::String) =>
        "SCRAM-SHA-512 credential of the user, kept salted and hashed.";
    "consumer_byte_rate": long(i64::MAX) =>
        "Bytes per second and broker that the client may fetch before its answers are delayed.";
    "controller_mutation_rate": double(2_147_483_647.0) =>
        "Partition changes per second (creating, growing, deleting topics) that the client may cause \
         before it is throttled.";
    "producer_byte_rate": long(i64::MAX) =>
        "Bytes per second and broker that the client may produce before its answers are delayed.";
    "request_percentage": double(2_147_483_647.0) =>
        "Share of the request and network threads' time, in percent per broker, that the client may take \
         before its answers are delayed.";
};

/// Of client ids, and of pairs of user and client id.
pub(super) const CLIENT: &[ConfigKey] = keys! {
    "consumer_byte_rate": long(i64::MAX) =>
        "Bytes per second and broker that the client may fetch before its answers are delayed.";
    "controller_mutation_rate": double(2_147_483_647.0) =>
        "Partition changes per second (creating, growing, deleting topics) that the client may cause \
         before it is throttled.";
    "producer_byte_rate": long(i64::MAX) =>
        "Bytes per second and broker that the client may produce before its answers are delayed.";
    "request_percentage": double(2_147_483_647.0) =>
        "Share of the request and network threads' time, in percent per broker, that the client may take \
         before its answers are delayed.";
};

/// Of addresses.
pub(super) const IP: &[ConfigKey] = keys! {
    "connection_creation_rate": int(i32::MAX).at_least(0) =>
        "New connections per second that the address may open before accepting slows down.";
};
