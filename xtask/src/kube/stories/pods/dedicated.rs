//! The life of the example cluster under load: brokers come and go, settings change, pods and volumes are lost, and it
//! is deleted and made anew. No acknowledged record is lost in all of it.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::cluster::{Cluster, text};
use super::history::{History, Span};
use super::killed::survives_its_operators;
use super::load::{Load, read};
use super::machines::{leaves_a_machine, loses_a_machine, survives_a_cut};
use super::volumes;
use crate::kube::bed::{Bed, NODE_IMAGES};
use crate::kube::kubectl::{condition, has_condition, items};
use crate::oracle::cache;

const NAMESPACE: &str = "dedicated";

/// What is done to the cluster while records are written.
struct Chapter {
    name: &'static str,
    /// Whose acts it is made of.
    acts: Acts,
    run: fn(&mut Bed, &Cluster) -> Result<()>,
}

/// Who disturbs the nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Acts {
    /// The operator only: at least two replicas of each partition stay in sync.
    Operators,
    /// Others, too.
    Others,
}

const CHAPTERS: [Chapter; 17] = [
    Chapter { name: "grow", acts: Acts::Operators, run: grows },
    Chapter { name: "shrink", acts: Acts::Operators, run: shrinks },
    Chapter { name: "keep what does not fit", acts: Acts::Operators, run: keeps_what_does_not_fit },
    Chapter { name: "configure", acts: Acts::Operators, run: configures },
    Chapter { name: "fence a node", acts: Acts::Operators, run: fences_a_node },
    Chapter { name: "delete a pod", acts: Acts::Others, run: loses_a_pod },
    Chapter { name: "lose a volume", acts: Acts::Others, run: loses_a_volume },
    Chapter { name: "grow a topic", acts: Acts::Operators, run: grows_a_topic },
    Chapter { name: "grow the volumes", acts: Acts::Operators, run: volumes::grow },
    Chapter { name: "change the image", acts: Acts::Operators, run: changes_the_image },
    Chapter {
        name: "kill the operator during a drain",
        acts: Acts::Operators,
        run: drains_without_its_operator,
    },
    Chapter { name: "kill operators over and over", acts: Acts::Operators, run: survives_its_operators },
    Chapter { name: "contradict oneself", acts: Acts::Operators, run: follows_the_last_word },
    Chapter { name: "take the API server away", acts: Acts::Operators, run: runs_on_without_the_api_server },
    Chapter { name: "cut a machine off", acts: Acts::Others, run: survives_a_cut },
    Chapter { name: "leave a machine", acts: Acts::Others, run: leaves_a_machine },
    Chapter { name: "lose a machine", acts: Acts::Others, run: loses_a_machine },
];

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
    let mut own = Vec::new();
    for chapter in &CHAPTERS {
        println!("  -- {}", chapter.name);
        let span = Span::of(|| (chapter.run)(bed, &cluster))?;
        if chapter.acts == Acts::Operators {
            own.push((chapter.name, span));
        }
        load.goes_on()?;
    }
    let history = History::read(&cluster)?;
    for (name, span) in own {
        history.ensure_in_sync(2, span).with_context(|| name)?;
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
    cluster.kubectl(&["scale", "kafkacluster", "demo", "--replicas", "5"])?;
    cluster.settles("3 to 5 brokers")?.ensure_at_most(0)?;
    let holders = cluster.holders("orders")?;
    ensure!(holders == [0, 1, 2, 3, 4], "the new brokers hold nothing: {holders:?}");
    Ok(())
}

fn shrinks(_: &mut Bed, cluster: &Cluster) -> Result<()> {
    // By an edit, as a tool that keeps manifests does it.
    cluster.edit(r#"{"brokers":{"replicas":3}}"#)?;
    cluster.settles("5 to 3 brokers")?.ensure_at_most(0)?;
    ensure!(cluster.holders("orders")? == [0, 1, 2], "brokers 3 and 4 still hold replicas");
    ensure!(cluster.get(&["pod", "demo-broker-3"])?.is_null(), "broker 3 is still there");
    ensure!(!cluster.get(&["pvc", "data-demo-broker-3"])?.is_null(), "its volume stays");
    let brokers = cluster.run_tool("cluster", &["list-endpoints"])?;
    let is_left = |id: u32| brokers.contains(&format!("demo-broker-{id}"));
    ensure!(!is_left(3) && !is_left(4), "brokers 3 and 4 are unregistered: {brokers}");
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
    cluster.settles("a setting that takes a roll")?.ensure_at_most(1)?;
    let after = cluster.ready_pods()?;
    let kept: Vec<_> = before.iter().filter(|(pod, uid)| after.get(*pod) == Some(uid)).collect();
    ensure!(kept.is_empty(), "not restarted: {kept:?}");
    Ok(())
}

fn fences_a_node(_: &mut Bed, cluster: &Cluster) -> Result<()> {
    let before = cluster.ready_pods()?;
    cluster.ask("fence", &["1"])?;
    cluster.admin.await_object((NAMESPACE, &["kfc", "demo"]), "tells of its fenced node", |cluster| {
        let nodes = cluster["status"]["nodes"].as_array().cloned().unwrap_or_default();
        let message = nodes.iter().find(|node| node["id"] == 1).map(|node| text(&node["message"]));
        let message = message.unwrap_or_default();
        if message.contains("no node runs in it") { Ok(()) } else { Err(message) }
    })?;
    let pod = cluster.get(&["pod", "demo-broker-1"])?;
    ensure!(pod["status"]["phase"] == "Pending", "its pod is kept and waits: {}", pod["status"]);
    ensure!(cluster.ready_pods()?.len() + 1 == before.len(), "another node is away, too");
    cluster.ask("unfence", &["1"])?;
    cluster.settles("a node that was fenced")?;
    let after = cluster.ready_pods()?;
    let others: Vec<_> = before.iter().filter(|(pod, uid)| after.get(*pod) != Some(uid)).collect();
    ensure!(others.len() == 1, "replaced: {others:?}");
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
    cluster.begins_anew(2, &before)?;
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
    cluster.settles("an image that changed")?.ensure_at_most(1)?;
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
    cluster.settles("a drain whose operators were killed")?.ensure_at_most(0)?;
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
    cluster.kubectl(&["scale", "kafkacluster", "demo", "--replicas", "5"])?;
    under_way(cluster, "ScaleUp")?;
    cluster.settles("5 brokers")?.ensure_at_most(0)?;
    // The last but one cannot be: three replicas do not fit on one broker.
    for (replicas, operation) in [("3", Some("ScaleDown")), ("1", None), ("5", None)] {
        cluster.kubectl(&["scale", "kafkacluster", "demo", "--replicas", replicas])?;
        if let Some(operation) = operation {
            under_way(cluster, operation)?;
        }
    }
    cluster.settles("3, 1 and then 5 brokers")?.ensure_at_most(0)?;
    let brokers = cluster.run_tool("cluster", &["list-endpoints"])?;
    ensure!((0..5).all(|id| brokers.contains(&format!("demo-broker-{id}"))), "five brokers: {brokers}");
    cluster.kubectl(&["scale", "kafkacluster", "demo", "--replicas", "3"])?;
    cluster.settles("3 brokers again")?.ensure_at_most(0)?;
    ensure!(cluster.holders("orders")? == [0, 1, 2], "brokers 3 and 4 still hold replicas");
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
