//! Typed settings of a node by area: each field names the key it is read from.

mod groups;
mod log;
mod network;
mod quorum;
mod replication;

pub use groups::{
    ConsumerGroupDefaults, GroupCoordinatorSettings, OffsetsSettings, ShareGroupDefaults,
    StreamsGroupDefaults,
};
pub use log::{CleanerSettings, LogSettings, RemoteLogSettings, TopicDefaults};
pub use network::{FetchSettings, NetworkSettings, QuotaWindow};
pub use quorum::{BrokerSettings, ControllerSettings, MetadataLogSettings, QuorumTimeouts};
pub use replication::{ReplicationSettings, TransactionSettings};

use std::time::Duration;

use crate::static_config::StaticConfig;

/// A field's value as read from its key.
pub(super) trait FromKey {
    fn from_key(config: &StaticConfig, key: &str) -> Self;
}

impl FromKey for bool {
    fn from_key(config: &StaticConfig, key: &str) -> bool {
        config.bool(key)
    }
}

impl FromKey for f64 {
    fn from_key(config: &StaticConfig, key: &str) -> f64 {
        config.double(key)
    }
}

impl FromKey for i64 {
    fn from_key(config: &StaticConfig, key: &str) -> i64 {
        config.long(key)
    }
}

impl FromKey for i32 {
    fn from_key(config: &StaticConfig, key: &str) -> i32 {
        i32::try_from(config.long(key)).expect("the key is an Int or Short")
    }
}

impl FromKey for i16 {
    fn from_key(config: &StaticConfig, key: &str) -> i16 {
        i16::try_from(config.long(key)).expect("the key is a Short")
    }
}

/// A size or count; a negative number counts as 0.
impl FromKey for u32 {
    fn from_key(config: &StaticConfig, key: &str) -> u32 {
        u32::try_from(config.long(key).max(0)).expect("the key is an Int")
    }
}

/// A size or count; a negative number counts as 0.
impl FromKey for u64 {
    fn from_key(config: &StaticConfig, key: &str) -> u64 {
        config.long(key).max(0).unsigned_abs()
    }
}

/// A size or count; null and negative numbers are Kafka's "none".
impl FromKey for Option<u32> {
    fn from_key(config: &StaticConfig, key: &str) -> Option<u32> {
        config.optional_long(key).and_then(|value| u32::try_from(value).ok())
    }
}

/// A size or count; null and negative numbers are Kafka's "none".
impl FromKey for Option<u64> {
    fn from_key(config: &StaticConfig, key: &str) -> Option<u64> {
        config.optional_long(key).and_then(|value| u64::try_from(value).ok())
    }
}

impl FromKey for Option<i32> {
    fn from_key(config: &StaticConfig, key: &str) -> Option<i32> {
        config.optional_long(key).map(|value| i32::try_from(value).expect("the key is an Int or Short"))
    }
}

/// A time in the unit that the key's name ends in; null and negative numbers are Kafka's "none".
impl FromKey for Option<Duration> {
    fn from_key(config: &StaticConfig, key: &str) -> Option<Duration> {
        let count = u64::try_from(config.optional_long(key)?).ok()?;
        let in_seconds = key.ends_with(".seconds") || key.ends_with(".secs");
        let in_minutes = key.ends_with(".minutes");
        Some(match (in_seconds, in_minutes) {
            (true, _) => Duration::from_secs(count),
            (_, true) => Duration::from_secs(60 * count),
            (false, false) => Duration::from_millis(count),
        })
    }
}

/// A time in the unit that the key's name ends in; a negative number counts as 0.
impl FromKey for Duration {
    fn from_key(config: &StaticConfig, key: &str) -> Duration {
        Option::<Duration>::from_key(config, key).unwrap_or_default()
    }
}

impl FromKey for String {
    fn from_key(config: &StaticConfig, key: &str) -> String {
        config.text(key).unwrap_or_default()
    }
}

impl FromKey for Option<String> {
    fn from_key(config: &StaticConfig, key: &str) -> Option<String> {
        config.text(key)
    }
}

impl FromKey for Vec<String> {
    fn from_key(config: &StaticConfig, key: &str) -> Vec<String> {
        config.list(key).unwrap_or_default()
    }
}

/// Makes a struct whose fields name their keys, and its `read`.
macro_rules! settings {
    ($(#[$about:meta])* $name:ident { $($field:ident: $type:ty = $key:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $(#[doc = concat!("`", $key, "`")] pub $field: $type,)*
        }

        impl $name {
            pub(in crate::node) fn read(config: &$crate::static_config::StaticConfig) -> $name {
                $name { $($field: $crate::node::settings::FromKey::from_key(config, $key),)* }
            }
        }
    };
}
use settings;
