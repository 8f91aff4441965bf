//! What the API server refuses by itself: each with a sentence that names field and rule, and nothing changes.

use anyhow::{Result, ensure};

use crate::kube::bed::Bed;
use crate::kube::kubectl::Kubectl;

const NAMESPACE: &str = "refusals";

/// Specs of new clusters, and what the refusal says.
const NEW_CLUSTERS: [(&str, &str); 12] = [
    ("{controllers: {replicas: 2}}", "spec.controllers.replicas must be 1, 3, 5 or 7"),
    (
        "{brokers: {replicas: 1}, controllers: {mode: combined, replicas: 3}}",
        "spec.controllers.replicas cannot be more than spec.brokers.replicas in combined mode",
    ),
    (
        "{brokers: {replicas: 3}, controllers: {idStart: 2}}",
        "spec.controllers.idStart is the id of a broker: ids of brokers count from 0",
    ),
    ("{brokers: {replicas: 0}}", "spec.brokers.replicas in body should be greater than or equal to 1"),
    ("{version: four}", "spec.version in body should match"),
    ("{brokrs: {replicas: 3}}", "unknown field \"spec.brokrs\""),
    (
        "{controllers: {mode: seperate}}",
        "Unsupported value: \"seperate\": supported values: \"dedicated\", \"combined\"",
    ),
    ("{storage: {volumes: [{name: data, size: 10Gx}]}}", "spec.storage.volumes[0].size in body should match"),
    (
        "{storage: {volumes: [{name: data, size: 1Gi}, {name: data, size: 2Gi}]}}",
        "spec.storage.volumes[1]: Duplicate value: {\"name\":\"data\"}",
    ),
    (
        "{listeners: [{name: plain, port: 9092}, {name: other, port: 9092}]}",
        "two listeners in spec.listeners have the same port",
    ),
    (
        "{listeners: [{name: controller, port: 9092}]}",
        "spec.listeners cannot have one with the name controller",
    ),
    (
        "{rolling: {maxUnavailable: 0}}",
        "spec.rolling.maxUnavailable in body should be greater than or equal to 1",
    ),
];

/// A cluster that stands, and edits of it.
const STANDING: &str = "{controllers: {idStart: 100}, storage: {volumes: [{name: data, size: 10Gi, storageClassName: \
                        fast}]}}";
const EDITS: [(&str, &str); 7] = [
    (
        "{controllers: {idStart: 100}, storage: {volumes: [{name: data, size: 5Gi, storageClassName: fast}]}}",
        "the size of a volume in spec.storage.volumes can only grow",
    ),
    (
        "{controllers: {idStart: 100}, storage: {volumes: [{name: data, size: 10Gi, storageClassName: slow}]}}",
        "the storage class of a volume in spec.storage.volumes cannot change",
    ),
    (
        "{controllers: {idStart: 100}, storage: {volumes: [{name: other, size: 10Gi, storageClassName: fast}]}}",
        "the volumes in spec.storage.volumes cannot be added, removed or renamed",
    ),
    (
        "{controllers: {idStart: 100}, storage: {volumes: [{name: data, size: 10Gi, storageClassName: fast, purpose: \
         data}]}}",
        "the purpose of a volume in spec.storage.volumes cannot change",
    ),
    (
        "{controllers: {idStart: 200}, storage: {volumes: [{name: data, size: 10Gi, storageClassName: fast}]}}",
        "spec.controllers.idStart cannot change",
    ),
    (
        "{controllers: {idStart: 100, mode: combined}, storage: {volumes: [{name: data, size: 10Gi, storageClassName: \
         fast}]}}",
        "spec.controllers.mode cannot change",
    ),
    (
        "{controllers: {idStart: 100, replicas: 4}, storage: {volumes: [{name: data, size: 10Gi, storageClassName: \
         fast}]}}",
        "spec.controllers.replicas must be 1, 3, 5 or 7",
    ),
];
/// An edit that is allowed.
const GROWN: &str = "{controllers: {idStart: 100, replicas: 5}, storage: {volumes: [{name: data, size: 20Gi, \
                     storageClassName: fast}]}}";

const NEW_TOPICS: [(&str, &str); 7] = [
    ("{clusterRef: {name: standing}, topicName: a b}", "spec.topicName in body should match"),
    ("{clusterRef: {name: standing}, topicName: \"..\"}", "spec.topicName cannot be . or .."),
    (
        "{clusterRef: {name: standing}, partitions: 0}",
        "spec.partitions in body should be greater than or equal to 1",
    ),
    (
        "{clusterRef: {name: standing}, replicationFactor: 0}",
        "spec.replicationFactor in body should be greater than or equal to 1",
    ),
    ("{clusterRef: {name: standing}, deletionPolicy: Keep}", "supported values: \"Delete\", \"Retain\""),
    ("{clusterRef: {}}", "spec.clusterRef.name: Required value"),
    ("{clusterRef: {name: standing}, partitons: 3}", "unknown field \"spec.partitons\""),
];
const STANDING_TOPIC: &str = "{clusterRef: {name: standing}, topicName: orders, partitions: 3}";
const TOPIC_EDITS: [(&str, &str); 4] = [
    ("{clusterRef: {name: standing}, topicName: orders, partitions: 2}", "spec.partitions can only grow"),
    ("{clusterRef: {name: standing}, topicName: other, partitions: 3}", "spec.topicName cannot change"),
    ("{clusterRef: {name: standing}, partitions: 3}", "spec.topicName cannot change"),
    ("{clusterRef: {name: other}, topicName: orders, partitions: 3}", "spec.clusterRef.name cannot change"),
];

pub(super) fn run(bed: &mut Bed) -> Result<()> {
    let admin = bed.admin();
    admin.run(&["create", "namespace", NAMESPACE])?;
    let mut wrong = Vec::new();
    refuse(admin, ("KafkaCluster", "new"), &NEW_CLUSTERS, &mut wrong)?;
    admin.apply(NAMESPACE, &manifest("KafkaCluster", "standing", STANDING))?;
    refuse(admin, ("KafkaCluster", "standing"), &EDITS, &mut wrong)?;
    admin.apply(NAMESPACE, &manifest("KafkaCluster", "standing", GROWN))?;
    refuse(admin, ("KafkaTopic", "new"), &NEW_TOPICS, &mut wrong)?;
    admin.apply(NAMESPACE, &manifest("KafkaTopic", "standing", STANDING_TOPIC))?;
    refuse(admin, ("KafkaTopic", "standing"), &TOPIC_EDITS, &mut wrong)?;
    let all = admin.run(&["get", "--namespace", NAMESPACE, "kfc,kft", "--output", "name"])?;
    ensure!(all.lines().count() == 2, "what was refused is not there: {all}");
    admin.run(&["delete", "--namespace", NAMESPACE, "kft,kfc", "--all"])?;
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

fn manifest(kind: &str, name: &str, spec: &str) -> String {
    format!("apiVersion: klamm.dev/v1alpha1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n")
}

/// Applies each as people do; `wrong` gets what was taken, or refused by another sentence.
fn refuse(
    admin: &Kubectl,
    (kind, name): (&str, &str),
    table: &[(&str, &str)],
    wrong: &mut Vec<String>,
) -> Result<()> {
    for (spec, sentence) in table {
        let (taken, answer) = admin.try_apply(NAMESPACE, &manifest(kind, name, spec), &[])?;
        if taken {
            wrong.push(format!("{kind} {spec} is taken, though {sentence}"));
        } else if answer.contains(sentence) {
            println!("  refused: {sentence}");
        } else {
            wrong.push(format!("{kind} {spec} is refused by {answer}, and not by {sentence}"));
        }
    }
    Ok(())
}
