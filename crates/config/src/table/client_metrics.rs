//! Configs of client-metrics subscriptions (Kafka's `ClientMetricsConfigs`).

use crate::key::{ConfigKey, int, keys, list};
use crate::rule::Empty;

/// Sorted by name.
pub(super) const KEYS: &[ConfigKey] = keys! {
    "interval.ms": int(300_000) =>
        "Milliseconds between two reports of a client, 100 to 3600000.";
    "match": list("").items(&[], Empty::Allowed) =>
        "Conditions `selector=regular expression` that a client must all meet. Selectors: \
         client_instance_id, client_id, client_software_name, client_software_version, \
         client_source_address, client_source_port.";
    "metrics": list("").items(&[], Empty::Allowed) =>
        "Prefixes of the metric names that clients are asked for; `*` means all of them.";
};
