//! The keys of every scope as constants: built by the compiler, found by binary search.

mod broker;
mod client_metrics;
mod group;
mod merge;
mod quota;
mod topic;

use crate::key::ConfigKey;

/// Values of `compression.type`, in Kafka's order, which messages quote.
const COMPRESSION_TYPES: &[&str] = &["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"];

/// The keys of one scope, sorted by name.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    keys: &'static [ConfigKey],
}

impl Table {
    const fn new(keys: &'static [ConfigKey]) -> Table {
        merge::assert_sorted(keys);
        Table { keys }
    }

    /// The key called `name`.
    pub fn get(&self, name: &str) -> Option<&'static ConfigKey> {
        let at = self.keys.binary_search_by(|key| key.name.cmp(name)).ok()?;
        Some(&self.keys[at])
    }

    /// The key called `name`, for names written in this program.
    ///
    /// # Panics
    /// If there is none.
    #[track_caller]
    pub fn known(&self, name: &str) -> &'static ConfigKey {
        self.get(name).unwrap_or_else(|| panic!("{name} is a key of this table"))
    }

    /// Every key, sorted by name.
    pub fn keys(&self) -> &'static [ConfigKey] {
        self.keys
    }
}

/// Keys of a node's file; those that may change dynamically are also configs of brokers.
pub static BROKER: Table = Table::new(broker::KEYS);
/// Further configs of brokers, which cannot stand in a file.
pub static BROKER_QUOTA: Table = Table::new(quota::BROKER);
/// Configs of topics.
pub static TOPIC: Table = Table::new(topic::KEYS);
/// Configs of groups.
pub static GROUP: Table = Table::new(group::KEYS);
/// Configs of client-metrics subscriptions.
pub static CLIENT_METRICS: Table = Table::new(client_metrics::KEYS);
/// Quotas and credentials of users.
pub static USER: Table = Table::new(quota::USER);
/// Quotas of client ids, and of pairs of user and client id.
pub static CLIENT: Table = Table::new(quota::CLIENT);
/// Quotas of addresses.
pub static IP: Table = Table::new(quota::IP);

/// The key `name` among those that may be set dynamically on a broker: dynamic keys of the file,
/// and the quotas of one broker.
pub fn dynamic_broker_key(name: &str) -> Option<&'static ConfigKey> {
    BROKER.get(name).filter(|key| key.is_dynamic()).or_else(|| BROKER_QUOTA.get(name))
}

/// Title and keys of each area of [`BROKER`], in the order of the docs.
pub fn broker_areas() -> &'static [(&'static str, &'static [ConfigKey])] {
    broker::AREAS
}

#[cfg(test)]
mod tests;
