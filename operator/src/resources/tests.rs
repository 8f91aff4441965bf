//! The objects of three clusters as snapshots, and what must hold of any.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use klamm_lifecycle::{ClusterSpec, NodeRole};
use klamm_manifest::{read_manifest, write_document};
use klamm_model::{NodeId, Uuid};
use serde::Serialize;

use super::*;

fn spec(text: &str) -> ClusterSpec {
    let text = format!(
        "apiVersion: klamm.dev/v1alpha1\nkind: KafkaCluster\nmetadata: {{name: demo}}\nspec: {text}\n"
    );
    ClusterSpec::of_manifest(&read_manifest(&text).unwrap()).unwrap()
}

fn site(spec: &ClusterSpec) -> Site<'_> {
    Site {
        spec,
        namespace: "kafka",
        owner: serde_json::from_value(serde_json::json!({
            "apiVersion": "klamm.dev/v1alpha1", "kind": "KafkaCluster", "name": "demo", "uid": "u-1",
            "controller": true, "blockOwnerDeletion": true,
        }))
        .unwrap(),
        cluster_id: Some(Uuid::from_u128(0x1234_5678_9abc_def0_1234_5678_9abc_def0)),
        default_image: "registry.example:5000/klamm:0.1.0",
        fenced: std::collections::BTreeSet::new(),
    }
}

fn add<T: Serialize>(text: &mut String, object: &T) {
    text.push_str("---\n");
    text.push_str(&write_document(object));
}

/// Every object of a cluster as one text.
fn all(site: &Site<'_>) -> String {
    let mut text = String::new();
    let cluster_id = site.cluster_id.unwrap();
    let mut files = BTreeMap::new();
    for (index, node) in site.spec.nodes.iter().enumerate() {
        let founding = if index == 0 { Founding::Alone } else { Founding::Joins };
        files.insert(node.id, NodeFile::new(site, node.id, (cluster_id, node.role, founding)));
    }
    add(&mut text, &service_account(site));
    add(&mut text, &headless_service(site));
    add(&mut text, &bootstrap_service(site));
    add(&mut text, &network_policy(site));
    for role in site.roles() {
        let count = site.spec.nodes.iter().filter(|node| site.role_of(node.id) == role).count();
        add(&mut text, &config_map(site, role, &files));
        add(&mut text, &disruption_budget(site, role, Evictions::OneAtATime));
        add(&mut text, &stateful_set(site, role, i32::try_from(count).unwrap()));
    }
    text
}

#[test]
fn a_dedicated_cluster() {
    let spec = spec("{brokers: {replicas: 2}, controllers: {replicas: 1}, config: {num.io.threads: '4'}}");
    insta::assert_snapshot!(all(&site(&spec)));
}

#[test]
fn a_combined_cluster_with_two_volumes_and_a_template() {
    let spec = spec(
        "{version: 1.2.3, brokers: {replicas: 3, resources: {requests: {cpu: 500m, memory: 1Gi}}, template: {labels: \
         {team: a}, nodeSelector: {disk: ssd}, tolerations: [{key: kafka, operator: Exists}], env: {KLAMM_LOG: debug}}}, \
         controllers: {mode: combined, replicas: 1}, storage: {volumes: [{name: fast, size: 1Gi, purpose: metadata}, \
         {name: big, size: 2Ti, storageClassName: hdd, purpose: data}]}, listeners: [{name: plain, port: 9092}, {name: \
         second, port: 9094}]}",
    );
    insta::assert_snapshot!(all(&site(&spec)));
}

#[test]
fn a_nodes_file_is_read_as_it_was_written() {
    let spec = spec("{}");
    let site = site(&spec);
    let id = NodeId::at(1001);
    let told = (Uuid::from_u128(500), NodeRole::Controller, Founding::Joins);
    let files = BTreeMap::from([(id, NodeFile::new(&site, id, told))]);
    let map = config_map(&site, StatefulRole::Controllers, &files);
    assert_eq!(read_node_files(&map), files);
    assert!(read_node_files(&config_map(&site, StatefulRole::Brokers, &files)).is_empty());
}

#[test]
fn only_what_takes_a_restart_changes_the_hashes() {
    let hash = |text: &str| {
        let spec = spec(text);
        let site = site(&spec);
        let settings = node_settings(&site, (NodeId::at(0), NodeRole::Broker));
        (restart_hash(&settings), pod_hash(&site, StatefulRole::Brokers))
    };
    let first = hash("{}");
    assert_eq!(hash("{config: {log.retention.ms: '5'}}"), first, "a dynamic config");
    assert_eq!(hash("{controllers: {replicas: 5}}"), first, "another quorum to find");
    assert_eq!(hash("{brokers: {replicas: 5}}"), first, "more brokers");
    let file = hash("{config: {num.io.threads: '5'}}");
    assert!(file.0 != first.0 && file.1 == first.1, "a static config");
    let image = hash("{image: other}");
    assert!(image.0 == first.0 && image.1 != first.1, "an image");
}

#[test]
fn an_identity_survives_being_a_label() {
    let spec = spec("{}");
    let site = site(&spec);
    let set = stateful_set(&site, StatefulRole::Brokers, 1);
    let claims = set.spec.unwrap().volume_claim_templates.unwrap();
    let label = claims[0].metadata.labels.as_ref().unwrap()[LABEL_CLUSTER_ID].clone();
    assert_eq!(id_of_label(&label), site.cluster_id);
}

#[test]
fn pods_have_no_token_no_rights_and_no_writable_root() {
    let spec = spec("{}");
    for role in StatefulRole::ALL {
        let pod = pod_template(&site(&spec), role).spec.unwrap();
        assert_eq!(pod.automount_service_account_token, Some(false));
        let containers = pod.containers.iter().chain(pod.init_containers.iter().flatten());
        for container in containers {
            let security = container.security_context.as_ref().unwrap();
            assert_eq!(security.read_only_root_filesystem, Some(true));
            assert_eq!(security.allow_privilege_escalation, Some(false));
            assert_eq!(security.capabilities.as_ref().unwrap().drop, Some(vec!["ALL".to_owned()]));
        }
    }
}
