//! Known keys that change nothing on this node, and why: said in the docs and at the start of a node that sets one.
//!
//! `cargo xtask tidy` fails where a node's setting is neither read outside this crate nor named here. An entry goes
//! with the work that gives its keys their effect.

/// Beginnings of keys, each with the reason for all of them.
const AREAS: [(&str, &str); 25] = [
    ("add.partitions.to.txn.", TRANSACTIONS),
    ("connection.failed.authentication.", SECURITY),
    ("controller.quota.", QUOTAS),
    ("controller.performance.", "events of the controller are not sampled"),
    ("delegation.token.", SECURITY),
    ("errors.deadletterqueue.", SHARE_GROUPS),
    ("group.consumer.", "the consumer group protocol (KIP-848) is not served yet"),
    ("group.share.", SHARE_GROUPS),
    ("group.streams.", "streams groups are not served yet"),
    ("kafka.metrics.", METRICS),
    ("metric.reporters", METRICS),
    ("metrics.", METRICS),
    ("quota.", QUOTAS),
    ("remote.", TIERED),
    ("sasl.", SECURITY),
    ("share.", SHARE_GROUPS),
    ("ssl.", SECURITY),
    ("transaction.abort.", TRANSACTIONS),
    ("transaction.max.", TRANSACTIONS),
    ("transaction.remove.", TRANSACTIONS),
    ("transaction.state.", TRANSACTIONS),
    ("transaction.two.", TRANSACTIONS),
    ("transactional.", TRANSACTIONS),
    ("unstable.", "no unstable version of an API or a feature is served"),
    ("security.providers", "Java's security providers do not exist here"),
];

const KEYS: [(&str, &str); 31] = [
    ("client.quota.callback.class", QUOTAS),
    ("connections.max.reauth.ms", SECURITY),
    ("controlled.shutdown.enable", "a stopping broker always hands over its leaderships first"),
    ("controller.socket.timeout.ms", NODE_CONNECTIONS),
    ("delete.records.purgatory.purge.interval.requests", NO_PURGATORY),
    ("fetch.purgatory.purge.interval.requests", NO_PURGATORY),
    ("follower.fetch.last.tiered.offset.enable", TIERED),
    ("group.coordinator.append.linger.ms", "a coordinator writes each of its decisions at once"),
    ("group.coordinator.background.threads", ON_THE_PARTITION),
    ("group.coordinator.cached.buffer.max.bytes", ON_THE_PARTITION),
    (
        "group.coordinator.rebalance.protocols",
        "the classic protocol, which it must name, is the only one served yet",
    ),
    ("group.coordinator.threads", ON_THE_PARTITION),
    (
        "log.dir.failure.timeout.ms",
        "the broker goes on with the directories that are left, also while the controller does not know",
    ),
    ("log.initial.task.delay.ms", "the first round of the log's chores comes one interval after the start"),
    ("log.local.retention.bytes", TIERED),
    ("log.local.retention.ms", TIERED),
    ("log.remote.copy.lag.bytes", TIERED),
    ("log.remote.copy.lag.ms", TIERED),
    ("num.replica.alter.log.dirs.threads", "replicas move between directories one after the other"),
    ("num.replica.fetchers", "one fetcher follows each leader, whatever the number of its partitions"),
    ("offsets.load.buffer.size", "a coordinator loads its log in slices of a fixed size"),
    (
        "offsets.topic.compression.codec",
        "coordinators store their batches without compression, as the default says",
    ),
    ("principal.builder.class", SECURITY),
    ("producer.purgatory.purge.interval.requests", NO_PURGATORY),
    (
        "queued.max.requests",
        "each connection's requests are answered where they arrive; `queued.max.request.bytes` bounds them",
    ),
    (
        "server.max.startup.time.ms",
        "a start takes as long as it takes; what supervises the process bounds it",
    ),
    ("request.timeout.ms", NODE_CONNECTIONS),
    ("socket.connection.setup.timeout.max.ms", NODE_CONNECTIONS),
    ("socket.connection.setup.timeout.ms", NODE_CONNECTIONS),
    ("telemetry.max.bytes", "clients' metrics are not collected yet"),
    (
        "unclean.leader.election.interval.ms",
        "elections follow each change of a broker's state and not an interval",
    ),
];

const METRICS: &str = "metrics are not reported yet";
const NODE_CONNECTIONS: &str = "connections to other nodes have time limits of their own";
const NO_PURGATORY: &str = "a wait that has ended is dropped at once, so nothing needs purging";
const ON_THE_PARTITION: &str =
    "a coordinator runs on the thread that holds its partition, with buffers of that thread";
const QUOTAS: &str = "quotas of clients and of the controller are not enforced yet";
const SECURITY: &str = "TLS and SASL are not served yet";
const SHARE_GROUPS: &str = "share groups are not served yet";
const TIERED: &str = "tiered storage is not served yet";
const TRANSACTIONS: &str = "transactions are not served yet";

/// Why the broker key `name` has no effect; `None` for a key that has one.
pub fn why_without_effect(name: &str) -> Option<&'static str> {
    let exact = KEYS.iter().find(|(key, _)| *key == name);
    exact.or_else(|| AREAS.iter().find(|(area, _)| name.starts_with(area))).map(|(_, reason)| *reason)
}

/// Keys that Kafka changes at run time and this node reads once: a dynamic change is refused with this reason.
const AT_THE_START: [(&str, &str); 7] = [
    ("config.providers", "values are resolved when the file is read"),
    ("listener.security.protocol.map", "listeners are opened at the start"),
    ("listeners", "listeners are opened at the start"),
    ("num.io.threads", FIXED_SHARDS),
    ("num.network.threads", FIXED_SHARDS),
    ("producer.id.expiration.ms", "directories of logs take it when they are opened"),
    ("transaction.partition.verification.enable", "directories of logs take it when they are opened"),
];

const FIXED_SHARDS: &str = "the number of shards is fixed at the start";

/// Why the broker key `name`, also with the prefix of a listener, cannot change while the node runs.
pub fn why_only_at_the_start(name: &str) -> Option<&'static str> {
    let base = crate::layers::without_listener_prefix(name).unwrap_or(name);
    AT_THE_START.iter().find(|(key, _)| *key == base).map(|(_, reason)| *reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{UpdateMode, table};

    #[test]
    fn every_entry_is_of_a_known_key() {
        for (key, _) in KEYS {
            assert!(table::BROKER.get(key).is_some(), "{key}");
        }
        for (area, _) in AREAS {
            assert!(table::BROKER.keys().iter().any(|key| key.name.starts_with(area)), "{area}");
        }
    }

    #[test]
    fn no_key_is_named_where_its_area_is() {
        for (key, _) in KEYS {
            assert!(!AREAS.iter().any(|(area, _)| key.starts_with(area)), "{key}");
        }
    }

    /// Read anew whenever the layers change: by the disk pool, by the cleaner for each round, by admission for each
    /// connection, by the directories' descriptions and the controller for each request.
    const APPLIED: [&str; 17] = [
        "background.threads",
        "cordoned.log.dirs",
        "log.cleaner.backoff.ms",
        "log.cleaner.dedupe.buffer.size",
        "log.cleaner.io.buffer.load.factor",
        "log.cleaner.io.buffer.size",
        "log.cleaner.io.max.bytes.per.second",
        "log.cleaner.threads",
        "max.connection.creation.rate",
        "max.connections",
        "max.connections.per.ip",
        "max.connections.per.ip.overrides",
        "max.decompressed.message.bytes",
        "message.max.bytes",
        "min.insync.replicas",
        "num.recovery.threads.per.data.dir",
        "unclean.leader.election.enable",
    ];

    #[test]
    fn every_dynamic_key_is_applied_refused_or_without_effect_and_only_one_of_them() {
        let of_topics = |name: &str| {
            let synonyms = table::TOPIC.keys().iter().flat_map(|key| key.synonyms);
            synonyms.into_iter().any(|synonym| synonym.name == name)
        };
        for key in table::BROKER.keys().iter().filter(|key| key.update != UpdateMode::ReadOnly) {
            let is_applied = APPLIED.contains(&key.name) || of_topics(key.name);
            let is_marked = why_without_effect(key.name).is_some();
            let is_refused = why_only_at_the_start(key.name).is_some();
            let kinds =
                usize::from(is_applied && !is_marked) + usize::from(is_marked) + usize::from(is_refused);
            assert_eq!(
                kinds, 1,
                "{}: applied {is_applied}, marked {is_marked}, refused {is_refused}",
                key.name
            );
        }
    }

    #[test]
    fn a_listeners_own_threads_are_refused_as_those_of_all() {
        assert!(why_only_at_the_start("listener.name.internal.num.network.threads").is_some());
        assert!(why_only_at_the_start("message.max.bytes").is_none());
    }
}
