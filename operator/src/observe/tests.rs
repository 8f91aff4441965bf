//! Pods, claims and instructions, and the nodes that are read from them.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::StatefulSet;
use k8s_openapi::api::core::v1::{PersistentVolumeClaim, Pod};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;
use k8s_openapi::jiff::Timestamp;
use klamm_lifecycle::{ClusterSpec, Directory, NodeRole, ObservedNode, Process};
use klamm_manifest::{KafkaClusterStatus, read_manifest};
use klamm_model::{NodeId, Uuid};
use serde_json::{Value, json};

use super::*;
use crate::resources::{Founding, NodeFile, Site, StatefulRole, node_settings, pod_hash, restart_hash};

const OURS: Uuid = Uuid::from_u128(0x77);
const THERE: &str = "AAAAAAAAAAAAAAAAAAAD6A";

struct Scene {
    spec: ClusterSpec,
    children: Children,
    files: BTreeMap<NodeId, NodeFile>,
    status: KafkaClusterStatus,
}

impl Scene {
    fn new() -> Scene {
        let text = "apiVersion: klamm.dev/v1alpha1\nkind: KafkaCluster\nmetadata: {name: c}\nspec: {brokers: \
                    {replicas: 1}, controllers: {mode: combined, replicas: 1}}\n";
        Scene {
            spec: ClusterSpec::of_manifest(&read_manifest(text).unwrap()).unwrap(),
            children: Children::default(),
            files: BTreeMap::new(),
            status: KafkaClusterStatus::default(),
        }
    }

    fn site(&self) -> Site<'_> {
        Site {
            spec: &self.spec,
            namespace: "n",
            owner: OwnerReference::default(),
            cluster_id: Some(OURS),
            default_image: "klamm:1",
            fenced: std::collections::BTreeSet::new(),
        }
    }

    fn told(&mut self, founding: Founding) {
        let file = NodeFile::new(&self.site(), NodeId::at(0), (OURS, NodeRole::Combined, founding));
        self.files.insert(NodeId::at(0), file);
    }

    fn claim(&mut self, phase: &str) {
        let claim = json!({ "metadata": { "name": "data-c-broker-0" }, "status": { "phase": phase } });
        let claim: PersistentVolumeClaim = serde_json::from_value(claim).unwrap();
        self.children.claims.insert("data-c-broker-0".into(), claim);
    }

    fn set(&mut self) {
        let set: StatefulSet = serde_json::from_value(json!({
            "metadata": {}, "spec": { "replicas": 1, "selector": {}, "serviceName": "s", "template": {} },
        }))
        .unwrap();
        self.children.sets.insert(StatefulRole::Brokers, set);
    }

    fn pod(&mut self, status: Value) {
        let hash = pod_hash(&self.site(), StatefulRole::Brokers);
        let pod: Pod = serde_json::from_value(json!({
            "metadata": {
                "name": "c-broker-0",
                "creationTimestamp": "2026-01-01T00:00:00Z",
                "annotations": { "klamm.dev/pod-hash": hash },
            },
            "status": status,
        }))
        .unwrap();
        self.children.pods.insert(NodeId::at(0), pod);
    }

    fn node(&self) -> ObservedNode {
        let seen = Seen {
            children: &self.children,
            files: &self.files,
            status: &self.status,
            now: "2026-01-01T00:01:00Z".parse::<Timestamp>().unwrap(),
        };
        observed_nodes(&self.site(), seen)[&NodeId::at(0)].clone()
    }

    fn hash(&self) -> String {
        restart_hash(&node_settings(&self.site(), (NodeId::at(0), NodeRole::Combined)))
    }
}

fn ended(message: &str) -> Value {
    json!([{
        "name": "prepare", "ready": true, "image": "", "imageID": "", "restartCount": 0,
        "state": { "terminated": { "exitCode": 0, "message": message } },
    }])
}

#[test]
fn a_node_without_anything_is_absent_and_empty() {
    let node = Scene::new().node();
    assert_eq!((node.directory, node.process), (Directory::Empty, Process::Absent));
}

#[test]
fn volumes_that_a_pod_will_format_count_as_formatted() {
    let mut scene = Scene::new();
    scene.told(Founding::Alone);
    assert_eq!(scene.node().directory, Directory::Formatted { cluster_id: OURS, metadata: None });
}

#[test]
fn a_claim_that_is_gone_or_lost_is_an_empty_directory() {
    let mut scene = Scene::new();
    scene.told(Founding::Never);
    assert_eq!(scene.node().directory, Directory::Empty);
    scene.claim("Bound");
    assert!(scene.node().directory.is_formatted());
    scene.claim("Lost");
    assert_eq!(scene.node().directory, Directory::Empty);
}

#[test]
fn a_covered_node_without_a_pod_is_starting() {
    let mut scene = Scene::new();
    scene.set();
    assert_eq!(scene.node().process, Process::Running { answers: false, for_seconds: 0 });
}

#[test]
fn a_pods_report_says_what_is_on_the_volumes() {
    let mut scene = Scene::new();
    scene.told(Founding::Never);
    scene.claim("Bound");
    let hash = scene.hash();
    let report = format!(
        "process.roles=broker,controller\nsettings.hash={hash}\ndirectory=formatted\ncluster.id={OURS}\ndirectory.id={THERE}\ndirectory.ids={THERE}\n"
    );
    scene.pod(json!({
        "phase": "Running", "initContainerStatuses": ended(&report),
        "conditions": [{ "type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:00:50Z" }],
    }));
    let node = scene.node();
    assert!(
        matches!(node.directory, Directory::Formatted { metadata: Some(id), .. } if id.to_string() == THERE)
    );
    assert_eq!(node.process, Process::Running { answers: true, for_seconds: 60 });
    assert_eq!(node.outdated, None);
    scene.pod(json!({ "initContainerStatuses": ended(&report.replace(&hash, "0")) }));
    assert_eq!(scene.node().outdated.as_deref(), Some("its settings change"));
    scene.pod(json!({ "initContainerStatuses": ended("directory=empty\n") }));
    assert_eq!(scene.node().directory, Directory::Empty);
    scene.pod(json!({ "initContainerStatuses": ended("directory=unusable\nreason=of another\n") }));
    assert_eq!(scene.node().directory, Directory::Foreign("of another".into()));
}

#[test]
fn a_pod_that_cannot_go_on_has_failed_and_may_be_replaced_only_by_another_spec() {
    let mut scene = Scene::new();
    scene.told(Founding::Never);
    let stuck = json!({ "containerStatuses": [{
        "name": "klamm", "ready": false, "image": "", "imageID": "", "restartCount": 3,
        "state": { "waiting": { "reason": "CrashLoopBackOff" } },
        "lastState": { "terminated": { "exitCode": 7 } },
    }] });
    scene.pod(stuck.clone());
    let how = "node: CrashLoopBackOff: exit code 7".to_owned();
    assert_eq!(scene.node().process, Process::Failed { how: how.clone(), rests: true });
    scene.spec.resource.image = Some("other".into());
    assert_eq!(scene.node().process, Process::Failed { how, rests: false });
}

#[test]
fn a_preparation_that_failed_counts_between_two_tries_too() {
    let mut scene = Scene::new();
    scene.told(Founding::Never);
    scene.pod(json!({ "initContainerStatuses": [{
        "name": "prepare", "ready": false, "image": "", "imageID": "", "restartCount": 1,
        "state": { "terminated": { "exitCode": 1, "message": "reason=no space left" } },
    }] }));
    let how = "prepare: no space left".to_owned();
    assert_eq!(scene.node().process, Process::Failed { how, rests: true });
}

#[test]
fn a_pod_that_is_not_ready_counts_from_when_it_ceased_to_be() {
    let mut scene = Scene::new();
    scene.pod(json!({
        "phase": "Running",
        "conditions": [{ "type": "Ready", "status": "False", "lastTransitionTime": "2026-01-01T00:00:50Z" }],
    }));
    assert_eq!(scene.node().process, Process::Running { answers: false, for_seconds: 10 });
}
