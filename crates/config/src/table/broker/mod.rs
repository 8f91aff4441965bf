//! Keys of a node's file, by area (Kafka's `AbstractKafkaConfig.CONFIG_DEF`).

mod cleaner;
mod group;
mod log;
mod network;
mod node;
mod quorum;
mod quota;
mod remote;
mod replication;
mod sasl;
mod share;
mod ssl;
mod streams;
mod transaction;

use super::merge::{merge, total};
use crate::key::ConfigKey;

/// Title and keys of each area, in the order of the docs.
pub(crate) const AREAS: &[(&str, &[ConfigKey])] = &[
    ("Node", node::KEYS),
    ("Network", network::KEYS),
    ("Quorum and metadata log", quorum::KEYS),
    ("Log", log::KEYS),
    ("Compaction", cleaner::KEYS),
    ("Replication", replication::KEYS),
    ("Transactions and idempotence", transaction::KEYS),
    ("Classic and consumer groups, offsets", group::KEYS),
    ("Share groups", share::KEYS),
    ("Streams groups", streams::KEYS),
    ("TLS and principals", ssl::KEYS),
    ("SASL and delegation tokens", sasl::KEYS),
    ("Tiered storage", remote::KEYS),
    ("Quota windows and metrics", quota::KEYS),
];

const LISTS: [&[ConfigKey]; AREAS.len()] = {
    let mut lists: [&[ConfigKey]; AREAS.len()] = [&[]; AREAS.len()];
    let mut at = 0;
    while at < AREAS.len() {
        lists[at] = AREAS[at].1;
        at += 1;
    }
    lists
};

/// Every key, sorted by name.
pub(super) static KEYS: &[ConfigKey] = &MERGED;

static MERGED: [ConfigKey; total(&LISTS)] = merge(&LISTS);
