//! Rules a manifest must meet, each with one sentence that names field, value and rule. The same
//! rules stand in the CRDs where the API server can check them.

use std::collections::BTreeSet;

use crate::{ControllerMode, KafkaClusterSpec, KafkaTopicSpec, Manifest};

/// Broker configs that follow from other fields of the spec.
const OWNED_KEYS: [&str; 17] = [
    "node.id",
    "broker.id",
    "process.roles",
    "listeners",
    "advertised.listeners",
    "listener.security.protocol.map",
    "inter.broker.listener.name",
    "controller.listener.names",
    "controller.quorum.voters",
    "controller.quorum.bootstrap.servers",
    "log.dir",
    "log.dirs",
    "metadata.log.dir",
    "broker.rack",
    "cordoned.log.dirs",
    "leader.replication.throttled.rate",
    "follower.replication.throttled.rate",
];

/// One broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// `KafkaCluster/demo`, `KafkaTopic/orders`.
    pub resource: String,
    /// Path inside the resource.
    pub field: String,
    /// Value and rule.
    pub rule: String,
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}: {}", self.resource, self.field, self.rule)
    }
}

/// All violations of a manifest, resource by resource.
pub fn violations(manifest: &Manifest) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut names = BTreeSet::new();
    for cluster in &manifest.clusters {
        let resource = format!("KafkaCluster/{}", cluster.metadata.name);
        if !names.insert(&cluster.metadata.name) {
            found.push(violation(&resource, "metadata.name", "appears twice".to_owned()));
        }
        found.extend(cluster_violations(&resource, &cluster.spec));
    }
    let mut owners = BTreeSet::new();
    for topic in &manifest.topics {
        let name = &topic.metadata.name;
        let resource = format!("KafkaTopic/{name}");
        found.extend(topic_violations(&resource, name, &topic.spec));
        let cluster = &topic.spec.cluster_ref.name;
        if !names.contains(cluster) {
            let rule = format!("\"{cluster}\" is no KafkaCluster of this manifest");
            found.push(violation(&resource, "spec.clusterRef.name", rule));
        }
        if !owners.insert((cluster, topic.spec.kafka_name(name))) {
            let rule = format!("topic \"{}\" has two resources", topic.spec.kafka_name(name));
            found.push(violation(&resource, "spec.topicName", rule));
        }
    }
    found
}

/// Violations of one cluster.
pub fn cluster_violations(resource: &str, spec: &KafkaClusterSpec) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut broken = |field: &str, rule: String| found.push(violation(resource, field, rule));
    if spec.brokers.replicas == 0 {
        broken("spec.brokers.replicas", "0 is not allowed: at least 1".into());
    }
    let voters = spec.controllers.replicas;
    if !matches!(voters, 1 | 3 | 5 | 7) {
        broken("spec.controllers.replicas", format!("{voters} is not allowed: 1, 3, 5 or 7"));
    }
    let combined = spec.controllers.mode == ControllerMode::Combined;
    if combined && voters > spec.brokers.replicas {
        let rule = format!(
            "{voters} is more than spec.brokers.replicas ({}) in combined mode",
            spec.brokers.replicas
        );
        broken("spec.controllers.replicas", rule);
    }
    if !combined && spec.controllers.id_start < spec.brokers.replicas {
        let rule = format!("{} is taken by a broker: ids count from 0", spec.controllers.id_start);
        broken("spec.controllers.idStart", rule);
    }
    if spec.rolling.max_unavailable == 0 {
        broken("spec.rolling.maxUnavailable", "0 is not allowed: at least 1".into());
    }
    if spec.scale_down.throttle_bytes == Some(0) {
        broken("spec.scaleDown.throttleBytes", "0 is not allowed: nothing would ever move".into());
    }
    let mut volumes = BTreeSet::new();
    for volume in &spec.storage.volumes {
        if !is_label(&volume.name) {
            let rule =
                format!("\"{}\" is not a name of lower-case letters, digits and inner dashes", volume.name);
            broken("spec.storage.volumes.name", rule);
        }
        if !volumes.insert(&volume.name) {
            broken("spec.storage.volumes.name", format!("\"{}\" appears twice", volume.name));
        }
    }
    let (mut names, mut ports) = (BTreeSet::new(), BTreeSet::new());
    for listener in &spec.listeners {
        if !is_label(&listener.name) || listener.name == "controller" {
            broken("spec.listeners.name", format!("\"{}\" cannot be used", listener.name));
        }
        if !names.insert(&listener.name) || !ports.insert(listener.port) {
            broken(
                "spec.listeners",
                format!("name \"{}\" or port {} appears twice", listener.name, listener.port),
            );
        }
    }
    for key in spec.config.keys() {
        if OWNED_KEYS.contains(&key.as_str()) || key.starts_with("listener.name.") {
            broken(&format!("spec.config[{key}]"), "follows from other fields of the spec".into());
        }
    }
    found
}

/// Violations of one topic, its own fields only.
pub fn topic_violations(resource: &str, name: &str, spec: &KafkaTopicSpec) -> Vec<Violation> {
    let mut found = Vec::new();
    let kafka_name = spec.kafka_name(name);
    if !is_topic_name(kafka_name) {
        let rule = format!(
            "\"{kafka_name}\" is no topic name: 1 to 249 letters, digits, dots, underscores and dashes, not . or .."
        );
        found.push(violation(resource, "spec.topicName", rule));
    }
    if let Some(count) = spec.partitions.filter(|count| *count < 1) {
        found.push(violation(resource, "spec.partitions", format!("{count} is not allowed: at least 1")));
    }
    if let Some(factor) = spec.replication_factor.filter(|factor| *factor < 1) {
        found.push(violation(
            resource,
            "spec.replicationFactor",
            format!("{factor} is not allowed: at least 1"),
        ));
    }
    found
}

fn violation(resource: &str, field: &str, rule: String) -> Violation {
    Violation { resource: resource.to_owned(), field: field.to_owned(), rule }
}

fn is_label(name: &str) -> bool {
    let legal = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    legal && !name.is_empty() && name.len() <= 63 && !name.starts_with('-') && !name.ends_with('-')
}

fn is_topic_name(name: &str) -> bool {
    let legal = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
    legal && !name.is_empty() && name.len() <= 249 && name != "." && name != ".."
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::read_manifest;

    fn sentences(yaml: &str) -> Vec<String> {
        violations(&read_manifest(yaml).unwrap()).iter().map(ToString::to_string).collect()
    }

    fn cluster(spec: &str) -> String {
        format!("apiVersion: klamm.dev/v1alpha1\nkind: KafkaCluster\nmetadata: {{name: c}}\nspec: {spec}\n")
    }

    #[test]
    fn the_default_cluster_breaks_no_rule() {
        assert!(sentences(&cluster("{}")).is_empty());
    }

    #[test]
    fn an_even_number_of_voters_is_refused() {
        let found = sentences(&cluster("{controllers: {replicas: 2}}"));
        assert_eq!(found, ["KafkaCluster/c: spec.controllers.replicas: 2 is not allowed: 1, 3, 5 or 7"]);
    }

    #[test]
    fn a_config_that_follows_from_the_spec_is_refused() {
        let found = sentences(&cluster("{config: {node.id: '7'}}"));
        assert_eq!(found, ["KafkaCluster/c: spec.config[node.id]: follows from other fields of the spec"]);
    }

    #[test]
    fn two_resources_for_one_topic_are_refused() {
        let topic = |name: &str| {
            format!(
                "---\napiVersion: klamm.dev/v1alpha1\nkind: KafkaTopic\nmetadata: {{name: {name}}}\nspec: {{clusterRef: {{name: c}}, topicName: T}}\n"
            )
        };
        let found = sentences(&(cluster("{}") + &topic("a") + &topic("b")));
        assert_eq!(found, ["KafkaTopic/b: spec.topicName: topic \"T\" has two resources"]);
    }

    #[test]
    fn a_topic_name_that_kafka_refuses_is_refused() {
        let found = topic_violations(
            "KafkaTopic/x",
            "x y",
            &KafkaTopicSpec {
                cluster_ref: crate::ClusterRef { name: "c".into() },
                topic_name: None,
                partitions: Some(0),
                replication_factor: None,
                config: std::collections::BTreeMap::new(),
                deletion_policy: crate::DeletionPolicy::Delete,
                suspend: false,
            },
        );
        assert_eq!(found.len(), 2);
    }
}
