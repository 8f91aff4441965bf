//! `kubectl klamm` against the same API server, which hands requests to the operator's pod on to its pages.

use klamm_model::NodeId;
use klamm_operator::plugin::{self, Asked};
use serde_json::json;

use crate::api::client_with_operator;
use crate::site::{SMALL, Site};
use crate::world::PODS;

const OPERATORS: &str = "/api/v1/namespaces/klamm/pods";

async fn settled(spec: &str) -> (Site, Asked) {
    let site = Site::new(spec);
    site.settle().await;
    let client = client_with_operator(&site.world, &site.context);
    (site, Asked { client, namespace: "kafka".into(), name: "demo".into(), operator_namespace: None })
}

fn start_operator(site: &Site) {
    let pod = json!({
        "metadata": {
            "name": "op-1", "namespace": "klamm",
            "labels": { "app.kubernetes.io/name": "klamm-operator" },
        },
        "spec": { "containers": [] },
        "status": { "conditions": [{ "type": "Ready", "status": "True" }] },
    });
    site.world.lock().store.put(&format!("{OPERATORS}/op-1"), pod);
}

#[tokio::test]
async fn status_shows_quorum_nodes_operation_and_trouble() {
    let (site, asked) = settled(SMALL).await;
    site.passes(1).await;
    let text = plugin::status(&asked).await.unwrap();
    for part in
        ["Ready:", "True", "3 of 3 ready", "voters 1000, 1001, 1002", "demo-broker-2", "9.8.7", "none"]
    {
        assert!(text.contains(part), "{part} is missing:\n{text}");
    }
    assert!(!text.contains("Degraded"), "{text}");
    site.world.lock().make_topic("wide", 3, 3);
    site.edit("{brokers: {replicas: 2}, controllers: {replicas: 3}}");
    let text = plugin::status(&asked).await.unwrap();
    assert!(text.contains("has not seen the last edit"), "{text}");
    site.passes(3).await;
    let text = plugin::status(&asked).await.unwrap();
    assert!(text.contains("ScaleDownBlocked") && text.contains("topic wide keeps 3 replicas"), "{text}");
}

#[tokio::test]
async fn plan_is_that_of_the_operator_and_says_so_where_none_is_ready() {
    let (site, mut asked) = settled(SMALL).await;
    let refused = plugin::plan(&asked).await.unwrap_err().to_string();
    assert!(refused.contains("no operator is ready"), "{refused}");
    start_operator(&site);
    assert_eq!(plugin::plan(&asked).await.unwrap(), "nothing: all is as specified\n");
    asked.operator_namespace = Some("other".into());
    assert!(plugin::plan(&asked).await.is_err(), "there is none in that namespace");
    asked.operator_namespace = Some("klamm".into());
    site.edit("{brokers: {replicas: 4}, controllers: {replicas: 3}}");
    let text = plugin::plan(&asked).await.unwrap();
    assert!(text.contains("operation: ScaleUp") && text.contains("step: "), "{text}");
    site.world.lock().refuses_setting = Some("num.network.threads=5".to_owned());
    site.edit("{brokers: {replicas: 4}, controllers: {replicas: 3}, config: {num.network.threads: '5'}}");
    let text = plugin::plan(&asked).await.unwrap();
    assert!(text.starts_with("refused: spec.config: node 0 refuses it: num.network.threads=5"), "{text}");
    site.edit("{config: {num.partition: '5'}}");
    let text = plugin::plan(&asked).await.unwrap();
    assert!(text.starts_with("refused: spec.config[num.partition]"), "{text}");
}

#[tokio::test]
async fn drain_shows_what_would_move_or_why_nothing_can_and_changes_nothing() {
    let (site, asked) = settled("{brokers: {replicas: 4}, controllers: {replicas: 1}}").await;
    start_operator(&site);
    site.world.lock().make_topic("t", 4, 2);
    let before = site.versions();
    let text = plugin::drain(&asked, 3).await.unwrap();
    assert!(text.starts_with("with 3 brokers instead of 4:\noperation: ScaleDown\n"), "{text}");
    assert!(text.contains("leaves: broker 3 with 2 replicas, of which it leads 1"), "{text}");
    let text = plugin::drain(&asked, 1).await.unwrap();
    assert!(text.contains("blocked: spec.brokers.replicas"), "{text}");
    assert_eq!(site.versions(), before);
}

#[tokio::test]
async fn restart_restarts_that_node_once_by_the_plan() {
    let (site, asked) = settled(SMALL).await;
    site.world.lock().make_topic("t", 6, 3);
    site.world.lock().ended.clear();
    let refused = plugin::restart(&asked, 7, "").await.unwrap_err().to_string();
    assert!(refused.contains("no pod of a node 7: 0, 1, 2, 1000, 1001, 1002"), "{refused}");
    plugin::restart(&asked, 1, "a leak is suspected").await.unwrap();
    site.pass().await.unwrap();
    let operation = site.status()["operation"].clone();
    assert!(operation["message"].as_str().unwrap().contains("a leak is suspected"), "{operation}");
    assert!(site.settle().await <= 1);
    site.passes(3).await;
    assert_eq!(site.world.lock().ended, [NodeId::at(1)]);
    site.no_harm();
}

#[tokio::test]
async fn a_fenced_node_stops_by_the_plan_keeps_its_pod_and_comes_back() {
    let (site, asked) = settled(SMALL).await;
    site.world.lock().make_topic("t", 6, 3);
    site.world.lock().ended.clear();
    let refused = plugin::fence(&asked, 7).await.unwrap_err().to_string();
    assert!(refused.contains("no pod of a node 7"), "{refused}");
    plugin::fence(&asked, 1).await.unwrap();
    assert!(plugin::fence(&asked, 1).await.unwrap().contains("nothing changes"));
    site.passes(20).await;
    let runs = |id: i32| site.world.lock().running().contains(&NodeId::at(id));
    assert!(!runs(1) && runs(0) && runs(2), "one node stands still");
    assert!(
        site.world.lock().store.objects.contains_key(&format!("{PODS}/demo-broker-1")),
        "its pod is there"
    );
    assert_eq!(site.world.lock().ended, [NodeId::at(1)], "and is not made anew over and over");
    let message = site.status()["nodes"][1]["message"].as_str().unwrap().to_owned();
    assert!(message.contains("no node runs in it"), "{message}");
    // Another one waits: two would be away at once.
    plugin::fence(&asked, 2).await.unwrap();
    site.passes(10).await;
    assert!(runs(2));
    plugin::unfence(&asked, 2).await.unwrap();
    plugin::unfence(&asked, 1).await.unwrap();
    site.settle().await;
    assert!(runs(1));
    assert!(site.status()["nodes"][1]["message"].is_null(), "{}", site.status()["nodes"][1]);
    site.no_harm();
}

#[tokio::test]
async fn logs_point_at_what_is_not_well() {
    let (site, asked) = settled(SMALL).await;
    let text = plugin::logs(&asked, None).await.unwrap();
    assert!(text.starts_with("every node is ready"), "{text}");
    let path = format!("{PODS}/demo-broker-2");
    let mut pod = site.world.lock().store.objects[&path].clone();
    pod["status"]["containerStatuses"] = json!([{
        "name": "klamm", "ready": false, "image": "", "imageID": "", "restartCount": 4,
        "state": { "waiting": { "reason": "CrashLoopBackOff" } },
        "lastState": { "terminated": { "exitCode": 1, "reason": "Error", "message": "the disk is gone" } },
    }]);
    site.world.lock().store.put(&path, pod);
    let text = plugin::logs(&asked, None).await.unwrap();
    let expected = "demo-broker-2\n  klamm waits: CrashLoopBackOff\n  klamm ended with exit code 1 Error: the disk is \
                    gone\n  kubectl logs -n kafka demo-broker-2 -c klamm --previous\n";
    assert_eq!(text, expected);
    let text = plugin::logs(&asked, Some(0)).await.unwrap();
    assert_eq!(text, "demo-broker-0\n  kubectl logs -n kafka demo-broker-0 -f\n");
}

#[tokio::test]
async fn diagnose_tells_what_each_node_tells_and_which_does_not_answer() {
    let (site, asked) = settled("{brokers: {replicas: 2}, controllers: {replicas: 1}}").await;
    start_operator(&site);
    site.world.lock().silent = vec![NodeId::at(1)];
    let text = plugin::diagnose(&asked).await.unwrap();
    assert!(text.starts_with("node 0\n  runs for 61 s\n  memory 12288 KiB, at most unknown\n"), "{text}");
    assert!(
        text.contains("connections by shard 3, 4\n  threads by their time klamm-shard-0 1500 ms\n"),
        "{text}"
    );
    assert!(
        text.contains("node 1\n  its admin service does not answer: it does not answer\nnode 1000\n"),
        "{text}"
    );
}

#[tokio::test]
async fn a_report_has_every_object_and_no_secret() {
    let (site, asked) = settled(
        "{brokers: {replicas: 1, template: {env: {DB_PASSWORD: hunter2}}}, controllers: {replicas: 1}}",
    )
    .await;
    let key = site.world.lock().store.objects["/api/v1/namespaces/kafka/secrets/demo-admin-tls"].clone();
    let text = plugin::report(&asked).await.unwrap();
    for kind in ["KafkaCluster", "StatefulSet", "Pod", "ConfigMap", "PersistentVolumeClaim", "Service"] {
        assert!(text.contains(&format!("kind: {kind}\n")), "{kind} is missing");
    }
    assert!(text.contains("process.roles") && !text.contains("hunter2"));
    assert!(!text.contains(key["data"]["tls.key"].as_str().unwrap()));
    let calls = site.world.lock().store.calls.clone();
    assert!(
        calls
            .iter()
            .filter(|call| call.starts_with("GET") && call.contains("/secrets"))
            .all(|call| call.contains("demo-admin"))
    );
}

#[tokio::test]
async fn a_cluster_that_is_not_there_is_told() {
    let (_site, mut asked) = settled(SMALL).await;
    asked.name = "other".into();
    let refused = plugin::status(&asked).await.unwrap_err().to_string();
    assert_eq!(refused, "there is no KafkaCluster other in the namespace kafka");
}

#[tokio::test]
async fn a_cluster_hibernates_and_comes_back() {
    let (site, asked) = settled(SMALL).await;
    plugin::hibernate(&asked).await.unwrap();
    site.passes(10).await;
    assert!(site.world.lock().running().is_empty());
    assert_eq!(plugin::hibernate(&asked).await.unwrap(), "demo: nothing changes\n");
    plugin::resume(&asked).await.unwrap();
    site.settle().await;
    assert_eq!(site.world.lock().running().len(), 6);
    site.no_harm();
}

#[tokio::test]
async fn a_topic_is_adopted_by_the_id_that_its_resource_waits_for_and_no_other() {
    let (site, asked) = settled(SMALL).await;
    let refused = plugin::adopt(&asked, "t", "x").await.unwrap_err().to_string();
    assert_eq!(refused, "demo has no KafkaTopic t in the namespace kafka");
    site.topic("t", json!({ "partitions": 2 }));
    site.passes(4).await;
    let refused = plugin::adopt(&asked, "t", "x").await.unwrap_err().to_string();
    assert!(refused.ends_with("nothing to adopt"), "{refused}");
    let owned = site.world.lock().topics["t"].topic_id.to_string();
    site.world.lock().make_topic("t", 1, 1);
    site.passes(3).await;
    let refused = plugin::adopt(&asked, "t", &owned).await.unwrap_err().to_string();
    assert!(refused.contains("waits for another id"), "{refused}");
    let found = site.world.lock().topics["t"].topic_id.to_string();
    plugin::adopt(&asked, "t", &found).await.unwrap();
    site.passes(4).await;
    assert_eq!(site.topic_condition("t").0, "AsSpecified");
    assert_eq!(site.world.lock().topics["t"].partitions.len(), 2);
}

#[tokio::test]
async fn certs_tells_phase_and_ends() {
    let (site, asked) = settled(SMALL).await;
    site.passes(1).await;
    let text = plugin::certs(&asked).await.unwrap();
    for part in
        ["Phase:", "Steady", "Nodes until:", "Authority until:", "the nodes' certificate is valid until"]
    {
        assert!(text.contains(part), "{part} is missing:\n{text}");
    }
}
