//! What to say of keys that do nothing: unknown ones, and those that Kafka once had.

use crate::{effect, own, table};

/// A key that has no effect, or none here. Displays as a sentence for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Notice {
    /// Nobody knows the key.
    #[error("{key} is not a known configuration key and has no effect")]
    Unknown {
        /// The key.
        key: String,
    },
    /// Kafka had the key before version 4.
    #[error("{key} has no effect since Kafka 4: {reason}")]
    Removed {
        /// The key.
        key: String,
        /// Why it went, and what to use.
        reason: &'static str,
    },
    /// Kafka has the key, but nothing here follows it.
    #[error("{key} has no effect here: {reason}")]
    WithoutEffect {
        /// The key.
        key: String,
        /// Why, and what holds instead.
        reason: &'static str,
    },
}

/// Keys of plug-ins and reporters that stand in a node's file beside the table's.
const FOREIGN: [&str; 6] = [
    "super.users",
    "allow.everyone.if.no.acl.found",
    "metrics.jmx.include",
    "metrics.jmx.exclude",
    "sasl.oauthbearer.header.urlencode",
    "kafka.csv.metrics.reporter.enabled",
];

/// Prefixes of keys that are handed to plug-ins, or hold for one listener.
const FOREIGN_PREFIXES: [&str; 6] = [
    "listener.name.",
    "config.providers.",
    "metrics.context.",
    "rsm.config.",
    "rlmm.config.",
    "remote.log.metadata.",
];

const ZOOKEEPER: &str = "clusters keep their metadata in a quorum of controllers and not in ZooKeeper; migrate the \
                         cluster with Kafka 3.9, then set process.roles, node.id, controller.listener.names and \
                         controller.quorum.bootstrap.servers";
const LISTENERS: &str = "addresses are given with listeners and advertised.listeners";
const ENCODER: &str = "it protected dynamic passwords in ZooKeeper";
const RECORD_FORMAT: &str = "records are always stored in format 2";
const SHUTDOWN: &str = "controlled shutdown goes on through heartbeats until it is done";

/// Keys of Kafka 3 and earlier, with what became of them.
const REMOVED: [(&str, &str); 34] = [
    ("advertised.host.name", LISTENERS),
    ("advertised.port", LISTENERS),
    ("auto.include.jmx.reporter", "metric.reporters alone names the reporters"),
    ("broker.id.generation.enable", "each node needs its own node.id"),
    (
        "control.plane.listener.name",
        "controllers have listeners of their own, named by controller.listener.names",
    ),
    ("controlled.shutdown.max.retries", SHUTDOWN),
    ("controlled.shutdown.retry.backoff.ms", SHUTDOWN),
    ("delegation.token.master.key", "it is now called delegation.token.secret.key"),
    ("eligible.leader.replicas.enable", "the feature eligible.leader.replicas.version takes its place"),
    ("group.coordinator.new.enable", "there is only one group coordinator"),
    ("group.share.enable", "the feature share.version takes its place"),
    ("group.share.max.groups", "the number of share groups has no limit of its own"),
    ("host.name", LISTENERS),
    ("inter.broker.protocol.version", "the feature metadata.version takes its place; see klamm features"),
    ("leader.imbalance.per.broker.percentage", "the controller moves every leadership that is not preferred"),
    ("log.message.downconversion.enable", RECORD_FORMAT),
    ("log.message.format.version", RECORD_FORMAT),
    (
        "log.message.timestamp.difference.max.ms",
        "log.message.timestamp.before.max.ms and log.message.timestamp.after.max.ms take its place",
    ),
    ("offsets.commit.required.acks", "commits of offsets always wait for all in-sync replicas"),
    ("password.encoder.cipher.algorithm", ENCODER),
    ("password.encoder.iterations", ENCODER),
    ("password.encoder.key.length", ENCODER),
    ("password.encoder.keyfactory.algorithm", ENCODER),
    ("password.encoder.old.secret", ENCODER),
    ("password.encoder.secret", ENCODER),
    ("port", LISTENERS),
    (
        "quota.consumer.default",
        "the default quota of consumers is set dynamically, on the default client id or user",
    ),
    (
        "quota.producer.default",
        "the default quota of producers is set dynamically, on the default client id or user",
    ),
    ("replica.lag.max.messages", "replica.lag.time.max.ms alone decides who is in sync"),
    ("reserved.broker.max.id", "each node needs its own node.id"),
    ("unstable.metadata.versions.enable", "it is now called unstable.feature.versions.enable"),
    ("zookeeper.connect", ZOOKEEPER),
    ("zookeeper.metadata.migration.enable", ZOOKEEPER),
    ("zookeeper.set.acl", ZOOKEEPER),
];

/// The notice due for `key`, if it has no effect and is set to anything but its default.
pub(super) fn of(key: &str, value: &str) -> Option<Notice> {
    let foreign = own::is_own(key)
        || FOREIGN.contains(&key)
        || FOREIGN_PREFIXES.iter().any(|prefix| key.starts_with(prefix));
    if let Some(known) = table::BROKER.get(key) {
        let reason =
            effect::why_without_effect(key).filter(|_| known.default_text().as_deref() != Some(value))?;
        return Some(Notice::WithoutEffect { key: key.to_owned(), reason });
    }
    if foreign {
        return None;
    }
    let removed = REMOVED.iter().find(|(name, _)| *name == key).map(|(_, reason)| *reason);
    let reason = removed.or_else(|| key.starts_with("zookeeper.").then_some(ZOOKEEPER));
    Some(match reason {
        Some(reason) => Notice::Removed { key: key.to_owned(), reason },
        None => Notice::Unknown { key: key.to_owned() },
    })
}
