//! Sources and synonyms of values.
#![allow(clippy::unwrap_used)]
use std::collections::BTreeMap;

use super::*;
use crate::node::NodeConfig;
use crate::properties::Properties;

fn broker() -> LayeredConfig {
    let file = Properties::from_iter([
        ("node.id", "1"),
        ("process.roles", "broker"),
        ("controller.listener.names", "C"),
        ("controller.quorum.voters", "9@localhost:9093"),
        ("log.retention.hours", "1"),
        ("ssl.key.password", "s3cret"),
        ("my.key", "s3cret"),
    ]);
    let config = LayeredConfig::of_file(NodeConfig::parse(file).unwrap());
    let dynamic: BTreeMap<&str, &str> = [("log.retention.ms", "5")].into();
    config.apply(BrokerTarget::ClusterDefault, &dynamic).config
}

fn entry(entries: Vec<ConfigEntry>, name: &str) -> ConfigEntry {
    entries.into_iter().find(|entry| entry.name == name).unwrap()
}

#[test]
fn a_topics_value_names_its_source_and_what_lies_below() {
    let overrides: BTreeMap<&str, &str> = [("retention.ms", "9")].into();
    let entry = entry(describe_topic(&broker(), &overrides).unwrap(), "retention.ms");
    assert_eq!((entry.value.as_deref(), entry.source), (Some("9"), ConfigSource::Topic));
    let places: Vec<(&str, ConfigSource)> =
        entry.synonyms.iter().map(|synonym| (synonym.name.as_str(), synonym.source)).collect();
    let expected = [
        ("retention.ms", ConfigSource::Topic),
        ("log.retention.ms", ConfigSource::DynamicDefaultBroker),
        ("log.retention.hours", ConfigSource::StaticBroker),
        ("log.retention.hours", ConfigSource::Default),
    ];
    assert_eq!(places, expected);
}

#[test]
fn secrets_and_unknown_keys_have_no_value() {
    for name in ["ssl.key.password", "my.key"] {
        let entry = entry(describe_broker(&broker()), name);
        assert!(entry.is_sensitive && entry.value.is_none(), "{name}");
        assert!(entry.synonyms.iter().all(|synonym| synonym.value.is_none()), "{name}");
        assert_eq!(entry.source, ConfigSource::StaticBroker, "{name}");
    }
}

#[test]
fn keys_of_the_file_are_read_only() {
    assert!(entry(describe_broker(&broker()), "log.dirs").is_read_only);
    assert!(!entry(describe_broker(&broker()), "num.io.threads").is_read_only);
}

#[test]
fn cluster_defaults_list_only_what_is_set() {
    let entries = describe_cluster_default(&broker());
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].source, ConfigSource::DynamicDefaultBroker);
}

#[test]
fn hours_and_minutes_are_told_in_milliseconds() {
    let config = broker();
    let layers = TopicLayers { topic: &(), broker: &(), cluster: &(), file: config.file() };
    let retention = effective_topic_config(layers, "retention.ms").unwrap();
    assert_eq!((retention.value.as_deref(), retention.source), (Some("3600000"), ConfigSource::StaticBroker));
}
