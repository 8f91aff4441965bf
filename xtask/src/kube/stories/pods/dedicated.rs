//! The life of the example cluster under load: brokers come and go, settings change, pods and volumes are lost, and it
//! is deleted and made anew. No acknowledged record is lost in all of it.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::cluster::{Cluster, text};
use super::killed::survives_its_operators;
use super::load::{Load, read};
use crate::kube::bed::{Bed, NODE_IMAGES};
use crate::kube::kubectl::{condition, has_condition, items};
use crate::oracle::cache;

const NAMESPACE: &str = "dedicated";

/// What is done to the cluster while records are written.
type Chapter = fn(&mut Bed, &Cluster) -> Result<()>;

pub(in crate::kube::stories) fn run(bed: &mut Bed) -> Result<()> {
    let cluster = Cluster::new(bed, NAMESPACE, "demo")?;
    cluster.admin.run(&["create", "namespace", NAMESPACE])?;
    let example = cache::workspace().join("examples/kubernetes.yaml").display().to_string();
    cluster.kubectl(&["apply", "--filename", &example])?;
    cluster.settles("from apply to three brokers and three controllers")?;
    let topic = cluster.topic_settles("orders")?;
    ensure!(topic["status"]["partitions"] == 12, "the topic: {}", topic["status"]);
    spread_over_nodes(&cluster)?;
    cluster.nodes_answer()?;
    let mut load = Load::start(&cluster, "orders")?;
    let chapters: [(&str, Chapter); 13] = [
        ("grow", grows),
        ("shrink", shrinks),
        ("keep what does not fit", keeps_what_does_not_fit),
        ("configure", configures),
        ("delete a pod", loses_a_pod),
        ("lose a volume", loses_a_volume),
        ("grow a topic", grows_a_topic),
        ("change the image", changes_the_image),
        ("kill the operator during a drain", drains_without_its_operator),
        ("kill operators after each change", survives_its_operators),
        ("contradict oneself", follows_the_last_word),
        ("take the API server away", runs_on_without_the_api_server),
        ("cut a node off", survives_a_cut),
    ];
    for (name, chapter) in chapters {
        println!("  -- {name}");
        chapter(bed, &cluster)?;
        load.goes_on()?;
    }
    let records = load.verify()?;
    comes_back(&cluster, records)
}

fn spread_over_nodes(cluster: &Cluster) -> Result<()> {
    let mut nodes: BTreeMap<String, usize> = BTreeMap::new();
    let pods = cluster.get(&["pods", "--selector", "klamm.dev/role=broker"])?;
    for pod in items(&pods) {
        *nodes.entry(text(&pod["spec"]["nodeName"])).or_default() += 1;
    }
    ensure!(nodes.len() == 2, "brokers rather do not share a node: {nodes:?}");
    Ok(())
}

fn grows(_: &mut Bed, cluster: &Cluster) -> Result<()> {
    cluster.kubectl(&["scale", "kafkacluster", "demo", "--replicas", "4"])?;
    let seen = cluster.settles("3 to 4 brokers")?;
    ensure!(seen.most == 0, "{} nodes were disturbed", seen.most);
    ensure!(cluster.holders("orders")?.contains(&3), "the new broker holds nothing");
    Ok(())
}

fn shrinks(_: &mut Bed, cluster: &Cluster) -> Result<()> {
    cluster.kubectl(&["scale", "kafkacluster", "demo", "--replicas", "3"])?;
    let seen = cluster.settles("4 to 3 brokers")?;
    ensure!(seen.most == 0, "{} nodes were disturbed", seen.most);
    ensure!(cluster.holders("orders")? == [0, 1, 2], "broker 3 still holds replicas");
    ensure!(cluster.get(&["pod", "demo-broker-3"])?.is_null(), "broker 3 is still there");
    ensure!(!cluster.get(&["pvc", "data-demo-broker-3"])?.is_null(), "its volume stays");
    let brokers = cluster.run_tool("cluster", &["list-endpoints"])?;
    ensure!(!brokers.contains("demo-broker-3"), "broker 3 is unregistered: {brokers}");
    Ok(())
}

fn keeps_what_does_not_fit(_: &mut Bed, cluster: &Cluster) -> Result<()> {
    let before = cluster.ready_pods()?;
    let told = cluster.ask("drain", &["--brokers", "2"])?;
    ensure!(told.contains("blocked: spec.brokers.replicas"), "the preview of a drain: {told}");
    cluster.kubectl(&["scale", "kafkacluster", "demo", "--replicas", "2"])?;
    let told = cluster.admin.await_object(
        (NAMESPACE, &["kfc", "demo"]),
        "tells why it keeps brokers",
        |cluster| match condition(cluster, "ScaleDownBlocked") {
            Some(blocked) if blocked["status"] == "True" => Ok(()),
            other => Err(format!("ScaleDownBlocked: {other:?}")),
        },
    )?;
    let message =
        condition(&told, "ScaleDownBlocked").map(|blocked| text(&blocked["message"])).unwrap_or_default();
    ensure!(message.contains("orders"), "the reason names the topic: {message}");
    println!("  blocked: {message}");
    cluster.admin.await_object((NAMESPACE, &["events.events.k8s.io"]), "tell it", |events| {
        let told = items(events).any(|event| event["reason"] == "ScaleDownBlocked");
        if told { Ok(()) } else { Err("there is no event ScaleDownBlocked".to_owned()) }
    })?;
    cluster.kubectl(&["scale", "kafkacluster", "demo", "--replicas", "3"])?;
    cluster.settles("back to 3")?;
    ensure!(cluster.ready_pods()? == before, "pods were replaced");
    Ok(())
}

fn configures(_: &mut Bed, cluster: &Cluster) -> Result<()> {
    let before = cluster.ready_pods()?;
    cluster.edit(r#"{"config":{"log.retention.ms":"7200000"}}"#)?;
    cluster.settles("a setting that changes at run time")?;
    ensure!(cluster.ready_pods()? == before, "a setting that changes at run time restarted pods");
    let described = ["--entity-type", "brokers", "--entity-default", "--describe"];
    let described = cluster.run_tool("configs", &described)?;
    ensure!(described.contains("log.retention.ms=7200000"), "the brokers' defaults: {described}");
    cluster.edit(r#"{"config":{"queued.max.requests":"400"}}"#)?;
    let seen = cluster.settles("a setting that takes a roll")?;
    ensure!(seen.most <= 1, "{} nodes were down at once", seen.most);
    let after = cluster.ready_pods()?;
    let kept: Vec<_> = before.iter().filter(|(pod, uid)| after.get(*pod) == Some(uid)).collect();
    ensure!(kept.is_empty(), "not restarted: {kept:?}");
    Ok(())
}

fn loses_a_pod(_: &mut Bed, cluster: &Cluster) -> Result<()> {
    let before = cluster.node(1)?["directoryIds"].clone();
    let uid = cluster.get(&["pod", "demo-broker-1"])?["metadata"]["uid"].clone();
    cluster.kubectl(&["delete", "pod", "demo-broker-1", "--grace-period=0", "--force"])?;
    cluster.admin.await_object((NAMESPACE, &["pod", "demo-broker-1"]), "is ready anew", |pod| {
        if pod["metadata"]["uid"] == uid {
            Err("it is still there".to_owned())
        } else {
            has_condition(pod, "Ready")
        }
    })?;
    cluster.settles("a pod that was deleted")?;
    ensure!(cluster.node(1)?["directoryIds"] == before, "it came back with another directory");
    Ok(())
}

fn loses_a_volume(_: &mut Bed, cluster: &Cluster) -> Result<()> {
    let before = cluster.node(2)?["directoryIds"].clone();
    cluster.kubectl(&["delete", "pvc", "data-demo-broker-2", "--wait=false"])?;
    cluster.kubectl(&["delete", "pod", "demo-broker-2", "--grace-period=0", "--force"])?;
    cluster.admin.await_object((NAMESPACE, &["kfc", "demo"]), "has a new directory", |cluster| {
        let nodes = cluster["status"]["nodes"].as_array().cloned().unwrap_or_default();
        let node = nodes.iter().find(|node| node["id"] == 2).ok_or("there is no node 2")?;
        let has_new = node["directoryIds"] != before && node["directoryIds"][0].is_string();
        if has_new { Ok(()) } else { Err(format!("node 2: {node}")) }
    })?;
    cluster.settles("a volume that was lost")?;
    ensure!(cluster.holders("orders")?.contains(&2), "broker 2 holds nothing");
    Ok(())
}

fn grows_a_topic(_: &mut Bed, cluster: &Cluster) -> Result<()> {
    let patch = r#"{"spec":{"partitions":18,"config":{"retention.ms":"86400000"}}}"#;
    cluster.kubectl(&["patch", "kft", "orders", "--type", "merge", "--patch", patch])?;
    let topic = cluster.topic_settles("orders")?;
    ensure!(topic["status"]["partitions"] == 18, "the topic: {}", topic["status"]);
    cluster.settles("a topic that grew").map(|_| ())
}

fn changes_the_image(_: &mut Bed, cluster: &Cluster) -> Result<()> {
    cluster.edit(&format!(r#"{{"image":"{}"}}"#, NODE_IMAGES[1]))?;
    let seen = cluster.settles("an image that changed")?;
    ensure!(seen.most <= 1, "{} nodes were down at once", seen.most);
    let pods = cluster.get(&["pods", "--selector", "klamm.dev/cluster=demo"])?;
    let others: Vec<_> =
        items(&pods).filter(|pod| pod["spec"]["containers"][0]["image"] != NODE_IMAGES[1]).collect();
    ensure!(others.is_empty(), "{} pods have the old image", others.len());
    Ok(())
}

fn drains_without_its_operator(_: &mut Bed, cluster: &Cluster) -> Result<()> {
    cluster.kubectl(&["scale", "kafkacluster", "demo", "--replicas", "4"])?;
    cluster.settles("4 brokers again")?;
    cluster.kubectl(&["scale", "kafkacluster", "demo", "--replicas", "3"])?;
    under_way(cluster, "ScaleDown")?;
    let operators =
        ["delete", "pods", "--namespace", "klamm", "--selector", "app.kubernetes.io/name=klamm-operator"];
    cluster.admin.run(&[&operators[..], &["--grace-period=0", "--force"]].concat())?;
    cluster.settles("a drain whose operators were killed")?;
    ensure!(cluster.holders("orders")? == [0, 1, 2], "broker 3 still holds replicas");
    Ok(())
}

fn under_way(cluster: &Cluster, operation: &str) -> Result<()> {
    cluster.admin.await_object((NAMESPACE, &["kfc", "demo"]), &format!("is at {operation}"), |cluster| {
        let kind = &cluster["status"]["operation"]["kind"];
        if kind == operation { Ok(()) } else { Err(format!("operation: {kind}")) }
    })?;
    Ok(())
}

fn follows_the_last_word(_: &mut Bed, cluster: &Cluster) -> Result<()> {
    for (replicas, operation) in [("5", "ScaleUp"), ("3", "ScaleDown")] {
        cluster.kubectl(&["scale", "kafkacluster", "demo", "--replicas", replicas])?;
        under_way(cluster, operation)?;
    }
    cluster.kubectl(&["scale", "kafkacluster", "demo", "--replicas", "4"])?;
    cluster.settles("5, 3 and then 4 brokers")?;
    ensure!(cluster.get(&["pod", "demo-broker-4"])?.is_null(), "broker 4 is still there");
    cluster.kubectl(&["scale", "kafkacluster", "demo", "--replicas", "3"])?;
    cluster.settles("3 brokers again")?;
    ensure!(cluster.holders("orders")? == [0, 1, 2], "broker 3 still holds replicas");
    Ok(())
}

fn runs_on_without_the_api_server(bed: &mut Bed, cluster: &Cluster) -> Result<()> {
    let before = cluster.ready_pods()?;
    bed.control.kill_api_server();
    // Longer than the operators' lease, so that both must find it anew.
    std::thread::sleep(Duration::from_secs(45));
    bed.control.start_api_server(&bed.parts)?;
    bed.control.await_ready()?;
    cluster.settles("an API server that was away")?;
    ensure!(cluster.ready_pods()? == before, "pods were replaced");
    cluster.edit(r#"{"config":{"log.retention.ms":"3600000"}}"#)?;
    cluster.settles("an edit after it").map(|_| ())
}

fn survives_a_cut(bed: &mut Bed, cluster: &Cluster) -> Result<()> {
    let before = cluster.ready_pods()?;
    let node = bed.nodes.last().context("the bed has nodes")?;
    node.cut()?;
    let admin = bed.admin().clone();
    admin.await_object(("default", &["node", node.name()]), "is found lost", |node| {
        if has_condition(node, "Ready").is_err() { Ok(()) } else { Err("it is ready".to_owned()) }
    })?;
    node.mend()?;
    cluster.settles("a node that was cut off")?;
    let after = cluster.ready_pods()?;
    ensure!(after == before, "pods were replaced: {before:?} by {after:?}");
    Ok(())
}

/// Deleting the cluster keeps its volumes, and one of the same name takes them over.
fn comes_back(cluster: &Cluster, records: usize) -> Result<()> {
    let identity = cluster.get(&["kfc", "demo"])?["status"]["clusterId"].clone();
    // The topic's resource would delete the topic.
    cluster.kubectl(&[
        "patch",
        "kft",
        "orders",
        "--type",
        "merge",
        "--patch",
        r#"{"spec":{"deletionPolicy":"Retain"}}"#,
    ])?;
    cluster.topic_settles("orders")?;
    let claims = cluster.get(&["pvc"])?;
    cluster.kubectl(&["delete", "kfc", "demo", "--timeout=120s"])?;
    cluster.kubectl(&[
        "wait",
        "pods",
        "--selector",
        "klamm.dev/cluster=demo",
        "--for=delete",
        "--timeout=240s",
    ])?;
    let left = cluster.get(&["pvc"])?;
    ensure!(items(&left).count() == items(&claims).count(), "all volumes stay: {left}");
    let example = cache::workspace().join("examples/kubernetes.yaml").display().to_string();
    cluster.kubectl(&["apply", "--filename", &example])?;
    cluster.settles("a cluster on the volumes of its predecessor")?;
    let now = cluster.get(&["kfc", "demo"])?["status"]["clusterId"].clone();
    ensure!(now == identity, "the identity is {now} and was {identity}");
    let found = read(cluster, "orders")?.len();
    ensure!(found == records, "{found} records of {records} are there");
    Ok(())
}
