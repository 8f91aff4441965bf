//! What DescribeConfigs and CreateTopics tell, over random layers.

use klamm_config::describe::{
    ConfigEntry, TopicLayers, describe_broker, describe_client_metrics, describe_cluster_default,
    describe_group, describe_topic, effective_topic_configs,
};
use serde_json::{Value, json};

use crate::jvm;
use crate::layered::{Layers, difference, random_layers};

fn told(entry: &ConfigEntry) -> (String, Value) {
    let synonyms: Vec<Value> = entry
        .synonyms
        .iter()
        .map(|synonym| json!({"name": synonym.name, "value": synonym.value, "source": synonym.source.wire_id()}))
        .collect();
    let told = json!({
        "value": entry.value, "source": entry.source.wire_id(), "type": entry.kind.map_or(0, |kind| kind.wire_id()),
        "sensitive": entry.is_sensitive, "readOnly": entry.is_read_only, "documented": entry.doc.is_some(),
        "synonyms": synonyms,
    });
    (entry.name.clone(), told)
}

fn check(
    resource: &str,
    name: &str,
    all: &[Layers],
    describe: impl Fn(&Layers) -> (Value, Vec<ConfigEntry>),
) {
    let described: Vec<(Value, Vec<ConfigEntry>)> = all.iter().map(describe).collect();
    let question = |(layers, (overrides, _)): (&Layers, &(Value, Vec<ConfigEntry>))| {
        json!({
            "ask": "describe", "type": resource, "name": name, "settings": layers.file, "cluster": layers.cluster,
            "broker": layers.broker, "overrides": overrides,
        })
    };
    let questions: Vec<Value> = all.iter().zip(&described).map(question).collect();
    let mut differences = Vec::new();
    for ((layers, (overrides, entries)), theirs) in all.iter().zip(&described).zip(jvm::ask(&questions)) {
        let ours = Value::Object(entries.iter().map(told).collect());
        if ours != theirs {
            differences.push(format!(
                "{:?} + {:?} + {:?} + {overrides}\n  {}",
                layers.file,
                layers.cluster,
                layers.broker,
                difference(&ours, &theirs)
            ));
        }
    }
    jvm::report(&format!("descriptions of {resource} {name:?}"), questions.len(), &differences);
}

#[test]
fn topics_are_described_as_by_kafka() {
    check("TOPIC", "t", &random_layers(3, 200), |layers| {
        (json!(layers.topic), describe_topic(&layers.config, &layers.topic).unwrap())
    });
}

#[test]
fn brokers_are_described_as_by_kafka() {
    check("BROKER", "2", &random_layers(4, 200), |layers| (json!({}), describe_broker(&layers.config)));
}

#[test]
fn cluster_defaults_are_described_as_by_kafka() {
    check("BROKER", "", &random_layers(5, 200), |layers| {
        (json!({}), describe_cluster_default(&layers.config))
    });
}

#[test]
fn groups_are_described_as_by_kafka() {
    check("GROUP", "g", &random_layers(6, 200), |layers| {
        (json!(layers.group), describe_group(&layers.config, &layers.group).unwrap())
    });
}

#[test]
fn client_metrics_are_described_as_by_kafka() {
    check("CLIENT_METRICS", "m", &random_layers(7, 3), |layers| {
        let overrides = match layers.topic.len() % 2 {
            0 => std::collections::BTreeMap::new(),
            _ => [
                ("interval.ms".to_owned(), " 700 ".to_owned()),
                ("match".to_owned(), "client_id=a, client_source_port=1".to_owned()),
            ]
            .into(),
        };
        (json!(overrides), describe_client_metrics(&overrides).unwrap())
    });
}

#[test]
fn configs_of_new_topics_are_told_as_by_kafka() {
    let all = random_layers(8, 300);
    let question = |layers: &Layers| {
        json!({
            "ask": "effective", "settings": layers.file, "cluster": layers.cluster, "broker": layers.broker,
            "overrides": layers.topic,
        })
    };
    let questions: Vec<Value> = all.iter().map(question).collect();
    let mut differences = Vec::new();
    for (layers, theirs) in all.iter().zip(jvm::ask(&questions)) {
        let told = effective_topic_configs(TopicLayers {
            topic: &layers.topic,
            broker: &layers.broker,
            cluster: &layers.cluster,
            file: layers.config.file(),
        });
        let told = told.into_iter().map(|config| {
            let told = json!({
                "value": config.value, "source": config.source.wire_id(), "sensitive": config.is_sensitive,
            });
            (config.name.to_owned(), told)
        });
        let ours = Value::Object(told.collect());
        if ours != theirs {
            differences.push(format!("{:?}\n  {}", layers.file, difference(&ours, &theirs)));
        }
    }
    jvm::report("configs of new topics", questions.len(), &differences);
}
