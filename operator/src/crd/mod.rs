//! The custom resource definitions, generated from the types of `manifest`: schema, rules that the API
//! server checks, columns of `kubectl get`.

mod rules;
mod schema;

use klamm_manifest::{KafkaClusterSpec, KafkaTopicSpec, write_document};
use schemars::JsonSchema;
use serde_json::{Value, json};

use crate::objects::{GROUP, Kind, VERSION};

/// The definitions as files: name and content.
pub fn files() -> Vec<(String, String)> {
    let text = |crd: &Value| format!("# Written by `cargo xtask crds`.\n{}", write_document(crd));
    let file = |plural: &str, crd: &Value| (format!("{plural}.yaml"), text(crd));
    vec![file(KafkaClusterSpec::PLURAL, &kafka_cluster()), file(KafkaTopicSpec::PLURAL, &kafka_topic())]
}

/// The definition of KafkaCluster.
pub fn kafka_cluster() -> Value {
    let columns = json!([
        column("Version", "string", ".status.version"),
        column("Brokers", "integer", ".spec.brokers.replicas"),
        column("Ready-Brokers", "integer", ".status.brokers.ready"),
        column("Controllers", "integer", ".spec.controllers.replicas"),
        column("Leader", "integer", ".status.quorum.leaderId"),
        column("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status"),
        column("Operation", "string", ".status.operation.kind"),
        column("Age", "date", ".metadata.creationTimestamp"),
    ]);
    let scale = json!({
        "specReplicasPath": ".spec.brokers.replicas",
        "statusReplicasPath": ".status.brokers.replicas",
        "labelSelectorPath": ".status.selector",
    });
    let mut crd = definition::<KafkaClusterSpec>(rules::of_cluster);
    let version = &mut crd["spec"]["versions"][0];
    version["additionalPrinterColumns"] = columns;
    version["subresources"]["scale"] = scale;
    crd
}

/// The definition of KafkaTopic.
pub fn kafka_topic() -> Value {
    let mut crd = definition::<KafkaTopicSpec>(rules::of_topic);
    let version = &mut crd["spec"]["versions"][0];
    version["additionalPrinterColumns"] = json!([
        column("Cluster", "string", ".spec.clusterRef.name"),
        column("Partitions", "integer", ".status.partitions"),
        column("Replication", "integer", ".status.replicationFactor"),
        column("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status"),
        column("Reason", "string", ".status.conditions[?(@.type==\"Ready\")].reason"),
        column("Age", "date", ".metadata.creationTimestamp"),
    ]);
    version["selectableFields"] = json!([{ "jsonPath": ".spec.clusterRef.name" }]);
    crd
}

fn column(name: &str, kind: &str, path: &str) -> Value {
    json!({ "name": name, "type": kind, "jsonPath": path })
}

fn definition<S: Kind + JsonSchema>(add_rules: fn(&mut Value)) -> Value
where
    S::Status: JsonSchema,
{
    let mut spec = schema::structural::<S>();
    add_rules(&mut spec);
    let mut root = json!({
        "type": "object",
        "required": ["spec"],
        "properties": { "spec": spec, "status": schema::structural::<S::Status>() },
    });
    rules::of_status(&mut root["properties"]["status"]);
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": { "name": format!("{}.{GROUP}", S::PLURAL) },
        "spec": {
            "group": GROUP,
            "scope": "Namespaced",
            "names": {
                "kind": S::KIND,
                "listKind": format!("{}List", S::KIND),
                "plural": S::PLURAL,
                "singular": S::SINGULAR,
                "shortNames": [S::SHORT],
                "categories": ["klamm"],
            },
            "versions": [{
                "name": VERSION,
                "served": true,
                "storage": true,
                "schema": { "openAPIV3Schema": root },
                "subresources": { "status": {} },
            }],
        },
    })
}

#[cfg(test)]
mod tests;
