//! What a topic makes of its overrides.
#![allow(clippy::unwrap_used)]
use std::collections::BTreeMap;

use super::*;
use crate::properties::Properties;

fn resolve(node: &[(&'static str, &'static str)], topic: &[(&'static str, &'static str)]) -> TopicSettings {
    let base = [
        ("node.id", "1"),
        ("process.roles", "broker"),
        ("controller.listener.names", "C"),
        ("controller.quorum.voters", "9@localhost:9093"),
    ];
    let file = Properties::from_iter(base.into_iter().chain(node.iter().copied()));
    let node = NodeConfig::parse(file).unwrap();
    let overrides: BTreeMap<&str, &str> = topic.iter().copied().collect();
    TopicSettings::resolve(&node, &overrides).unwrap()
}

#[test]
fn defaults_are_kafkas() {
    let topic = resolve(&[], &[]);
    assert_eq!(topic.segment_bytes, 1 << 30);
    assert_eq!(topic.retention, Some(Duration::from_secs(7 * 86_400)));
    assert_eq!(topic.retention_bytes, None);
    assert_eq!(topic.cleanup, CleanupPolicy::Delete);
    assert_eq!(topic.compression, TopicCompression::Producer);
    assert_eq!(topic.timestamp_type, TimestampType::CreateTime);
    assert_eq!(topic.min_insync_replicas, 1);
    assert_eq!(topic.leader_throttled, ThrottledReplicas::These([].into()));
    assert_eq!(topic.remote.local_retention, topic.retention);
}

#[test]
fn retention_goes_by_ms_over_minutes_over_hours() {
    let retention = |node: &[(&'static str, &'static str)]| resolve(node, &[]).retention;
    let all = [("log.retention.hours", "1"), ("log.retention.minutes", "2"), ("log.retention.ms", "3")];
    assert_eq!(retention(&all), Some(Duration::from_millis(3)));
    assert_eq!(retention(&all[..2]), Some(Duration::from_secs(120)));
    assert_eq!(retention(&all[..1]), Some(Duration::from_secs(3600)));
    assert_eq!(retention(&[("log.retention.hours", "-1")]), None);
}

#[test]
fn overrides_beat_the_brokers_values() {
    let node = [("log.retention.ms", "5000"), ("compression.type", "gzip"), ("compression.gzip.level", "3")];
    let topic = resolve(&node, &[("retention.ms", "-1"), ("segment.ms", "70")]);
    assert_eq!((topic.retention, topic.segment_age), (None, Duration::from_millis(70)));
    assert_eq!(topic.compression, TopicCompression::Gzip(3));
    assert_eq!(resolve(&node, &[("compression.type", "zstd")]).compression, TopicCompression::Zstd(3));
}

#[test]
fn a_compacted_segment_rolls_before_its_largest_lag() {
    let lag = ("max.compaction.lag.ms", "1000");
    assert_eq!(resolve(&[], &[lag, ("cleanup.policy", "compact")]).max_segment_age(), Duration::from_secs(1));
    assert_eq!(resolve(&[], &[lag]).max_segment_age(), Duration::from_secs(7 * 86_400));
}

#[test]
fn throttled_replicas_are_pairs_or_all() {
    let throttled = |text| resolve(&[], &[("leader.replication.throttled.replicas", text)]).leader_throttled;
    assert!(throttled("*").contains(7, 7));
    assert!(throttled("0:1, 2:3").contains(2, 3) && !throttled("0:1,2:3").contains(2, 1));
}

#[test]
fn the_internal_segment_size_beats_the_public_one() {
    let sizes = [("segment.bytes", "2000000"), ("internal.segment.bytes", "100")];
    assert_eq!(resolve(&[], &sizes).segment_bytes, 100);
}
