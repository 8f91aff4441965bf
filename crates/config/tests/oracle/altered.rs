//! Random changes of dynamic configs: allowed by both, or refused by both.
//!
//! Exception: of several faults we may name another one first than Kafka does, which goes through hash tables.

use std::collections::BTreeMap;

use klamm_config::alter::{check_broker, check_group, check_topic};
use klamm_config::{BrokerTarget, NodeConfig, Properties};
use serde_json::{Value, json};

use crate::jvm;
use crate::layered::{BROKER_POOL, GROUP_POOL, Random, random_layers};

const TOPIC_POOL: [(&str, &[&str]); 13] = [
    ("remote.storage.enable", &["true", "false"]),
    ("remote.log.copy.disable", &["true", "false"]),
    ("remote.log.delete.on.disable", &["true", "false"]),
    ("cleanup.policy", &["compact", "delete", "", "delete,compact"]),
    ("retention.ms", &["1000", "-1", "5000", "-2"]),
    ("retention.bytes", &["1000", "-1", "5000", "-2"]),
    ("local.retention.ms", &["1000", "-1", "-2", "6000"]),
    ("local.retention.bytes", &["1000", "-1", "-2", "6000"]),
    ("remote.copy.lag.ms", &["0", "-1", "2000"]),
    ("remote.copy.lag.bytes", &["0", "-1", "2000"]),
    ("min.compaction.lag.ms", &["10", "600"]),
    ("max.compaction.lag.ms", &["20", "700"]),
    ("segment.bytes", &["2000000", "x"]),
];

/// A message with the names it lists at its end sorted.
fn canonical(words: &str) -> String {
    let Some((start, names)) = words.strip_suffix(']').and_then(|words| words.rsplit_once('[')) else {
        return words.to_owned();
    };
    let mut names: Vec<&str> = names.split(", ").collect();
    names.sort_unstable();
    format!("{start}[{}]", names.join(", "))
}

/// Compares judgements.
fn compare(what: &str, questions: &[Value], ours: &[Result<(), String>]) {
    let mut differences = Vec::new();
    let (mut allowed, mut other_faults) = (0, 0);
    for ((question, ours), theirs) in questions.iter().zip(ours).zip(jvm::ask(questions)) {
        match (ours, jvm::refusal(&theirs)) {
            (Ok(()), None) => allowed += 1,
            (Err(error), Some(words)) => other_faults += usize::from(canonical(error) != canonical(words)),
            (ours, theirs) => differences.push(format!("{question}\n  ours {ours:?}, kafkas {theirs:?}")),
        }
    }
    println!("{allowed} allowed, {other_faults} refused for another of several faults");
    assert!(allowed > questions.len() / 100 && other_faults < questions.len() / 10);
    jvm::report(what, questions.len(), &differences);
}

#[test]
fn random_topics_are_judged_as_by_kafka() {
    let mut random = Random(11);
    let mut file: BTreeMap<String, String> = crate::cases::node_base("broker")
        .into_iter()
        .map(|(key, value)| (key.into(), value.into()))
        .collect();
    file.insert("remote.log.storage.system.enable".to_owned(), "true".to_owned());
    let node = NodeConfig::parse(Properties::from_iter(file.clone())).unwrap();
    let (mut questions, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..2000 {
        let (old, new) = (random.pick(&TOPIC_POOL), random.pick(&TOPIC_POOL));
        questions.push(
            json!({"ask": "alter", "type": "TOPIC", "name": "t", "settings": file, "old": old, "new": new}),
        );
        ours.push(check_topic(&node, "t", &old, &new).map_err(|error| error.to_string()));
    }
    compare("changes of topics", &questions, &ours);
}

#[test]
fn random_groups_are_judged_as_by_kafka() {
    let mut random = Random(12);
    let (mut questions, mut ours) = (Vec::new(), Vec::new());
    for layers in random_layers(13, 500) {
        let (node, new) = (
            NodeConfig::parse(Properties::from_iter(layers.file.clone())).unwrap(),
            random.pick(&GROUP_POOL),
        );
        questions.push(
            json!({"ask": "alter", "type": "GROUP", "name": "g", "settings": layers.file, "old": {}, "new": new}),
        );
        ours.push(check_group(&node, "g", &new).map_err(|error| error.to_string()));
    }
    compare("changes of groups", &questions, &ours);
}

#[test]
fn random_brokers_are_judged_as_by_kafka() {
    let mut random = Random(14);
    let (mut questions, mut ours) = (Vec::new(), Vec::new());
    for (at, layers) in random_layers(15, 600).into_iter().enumerate() {
        let new = random.pick(&BROKER_POOL[random_offset(at)..]);
        let (target, name) = match at % 2 {
            0 => (BrokerTarget::ThisBroker, "broker"),
            _ => (BrokerTarget::ClusterDefault, "cluster"),
        };
        questions.push(json!({
            "ask": "alterBroker", "target": name, "settings": layers.file, "cluster": layers.cluster,
            "broker": layers.broker, "new": new,
        }));
        ours.push(check_broker(&layers.config, target, &new).map_err(|error| error.to_string()));
    }
    compare("changes of brokers", &questions, &ours);
}

/// Fewer keys in later rounds, so that some changes are allowed.
fn random_offset(at: usize) -> usize {
    at % BROKER_POOL.len()
}
