//! Broker keys of quota windows and metrics.

use crate::key::{ConfigKey, int, keys, list, long, string};
use crate::rule::Empty;

/// Sorted by name.
pub(super) const KEYS: &[ConfigKey] = keys! {
    "alter.log.dirs.replication.quota.window.num": int(11).at_least(1).low() =>
        "Samples that are kept to measure the throttle of moves between directories.";
    "alter.log.dirs.replication.quota.window.size.seconds": int(1).at_least(1).low() =>
        "Seconds that one sample of the throttle of moves between directories spans.";
    "controller.quota.window.num": int(11).at_least(1).low() =>
        "Samples that are kept to measure the controller mutation quota.";
    "controller.quota.window.size.seconds": int(1).at_least(1).low() =>
        "Seconds that one sample of the controller mutation quota spans.";
    "kafka.metrics.polling.interval.secs": int(10).at_least(1).low() =>
        "Seconds between two reports of the older broker metrics.";
    "kafka.metrics.reporters": list("").items(&[], Empty::Allowed).low() =>
        "Java classes that publish the older broker metrics.";
    "metric.reporters": list("org.apache.kafka.common.metrics.JmxReporter").items(&[], Empty::Allowed)
        .low().cluster_wide() =>
        "Java classes that publish metrics. The default publishes by JMX, which this node does not offer.";
    "metrics.num.samples": int(2).at_least(1).low() =>
        "Samples that are kept to compute a metric.";
    "metrics.recording.level": string("INFO").low() =>
        "Which metrics are kept: `INFO`, `DEBUG` or `TRACE`.";
    "metrics.sample.window.ms": long(30_000).at_least(1).low() =>
        "Milliseconds that one sample of a metric spans.";
    "quota.window.num": int(11).at_least(1).low() =>
        "Samples that are kept to measure client quotas.";
    "quota.window.size.seconds": int(1).at_least(1).low() =>
        "Seconds that one sample of a client quota spans.";
    "replication.quota.window.num": int(11).at_least(1).low() =>
        "Samples that are kept to measure replication throttles.";
    "replication.quota.window.size.seconds": int(1).at_least(1).low() =>
        "Seconds that one sample of a replication throttle spans.";
};
