//! A cluster of nodes that are brokers and controllers at once: 1 to 3 and back to 1, and an end that takes the volumes
//! with it.

use anyhow::{Result, ensure};

use super::cluster::{Cluster, text};
use super::load::Load;
use crate::kube::bed::Bed;
use crate::kube::kubectl::items;

const NAMESPACE: &str = "combined";
// Groups need offsets, whose topic would not fit one broker with its default replication factor.
const MANIFEST: &str = "apiVersion: klamm.dev/v1alpha1
kind: KafkaCluster
metadata: {name: small}
spec:
  brokers: {replicas: 1}
  controllers: {mode: combined, replicas: 1}
  config: {offsets.topic.replication.factor: '1'}
  storage: {volumes: [{name: data, size: 1Gi}], onScaleDown: Delete, onDelete: Delete}
---
apiVersion: klamm.dev/v1alpha1
kind: KafkaTopic
metadata: {name: notes}
spec: {clusterRef: {name: small}, partitions: 3, replicationFactor: 1}
";

pub(in crate::kube::stories) fn run(bed: &mut Bed) -> Result<()> {
    let cluster = Cluster::new(bed, NAMESPACE, "small")?;
    cluster.admin.run(&["create", "namespace", NAMESPACE])?;
    cluster.admin.apply(NAMESPACE, MANIFEST)?;
    cluster.settles("from apply to one combined node")?;
    cluster.topic_settles("notes")?;
    cluster.nodes_answer()?;
    let mut load = Load::start(&cluster, "notes")?;
    cluster.edit(r#"{"brokers":{"replicas":3},"controllers":{"replicas":3}}"#)?;
    cluster.settles("1 to 3 combined nodes")?;
    let quorum = cluster.get(&["kfc", "small"])?;
    let voters = quorum["status"]["quorum"]["voters"].as_array().map_or(0, Vec::len);
    ensure!(voters == 3, "three nodes vote: {}", quorum["status"]["quorum"]);
    ensure!(
        cluster.holders("notes")? == [0, 1, 2],
        "the replicas are spread: {:?}",
        cluster.holders("notes")?
    );
    load.goes_on()?;
    cluster.renews_certificates()?;
    answers_people(&cluster)?;
    load.goes_on()?;
    cluster.edit(r#"{"brokers":{"replicas":1},"controllers":{"replicas":1}}"#)?;
    cluster.settles("3 to 1 combined nodes")?;
    ensure!(cluster.holders("notes")? == [0], "broker 0 holds everything: {:?}", cluster.holders("notes")?);
    load.goes_on()?;
    load.verify()?;
    let claims = cluster.get(&["pvc"])?;
    ensure!(items(&claims).count() == 1, "volumes of brokers that left are deleted: {claims}");
    cluster.kubectl(&["delete", "kft", "notes", "--timeout=60s"])?;
    cluster.kubectl(&["delete", "kfc", "small", "--timeout=180s"])?;
    let claims = cluster.get(&["pvc"])?;
    ensure!(items(&claims).count() == 0, "the volumes go with the cluster: {claims}");
    Ok(())
}

/// `kubectl klamm` sees the cluster at rest, and has one node of it restarted.
fn answers_people(cluster: &Cluster) -> Result<()> {
    let holds = |command: &str, parts: &[&str]| -> Result<String> {
        let told = cluster.ask(command, &[])?;
        let missing: Vec<&&str> = parts.iter().filter(|part| !told.contains(**part)).collect();
        ensure!(missing.is_empty(), "kubectl klamm {command} does not tell {missing:?}: {told}");
        Ok(told)
    };
    holds("status", &["3 of 3 ready", "voters 0, 1, 2", "small-broker-2"])?;
    holds("plan", &["nothing: all is as specified"])?;
    holds("certs", &["Steady"])?;
    holds("diagnose", &["node 0\n  runs for", "node 2\n  runs for"])?;
    let report = holds("report", &["kind: KafkaCluster", "kind: Pod", "partitions led", "container: klamm"])?;
    ensure!(!report.contains("PRIVATE KEY"), "a report has a private key");
    let (before, _) = (cluster.ready_pods()?, cluster.ask("restart", &["1", "--reason", "a story"])?);
    cluster.admin.await_object((NAMESPACE, &["pod", "small-broker-1"]), "is another", |pod| {
        let uid = text(&pod["metadata"]["uid"]);
        if pod.is_null() || before.get("small-broker-1") == Some(&uid) { Err(uid) } else { Ok(()) }
    })?;
    cluster.settles("a restart that was asked for")?;
    let after = cluster.ready_pods()?;
    let restarted: Vec<_> = before.iter().filter(|(pod, uid)| after.get(*pod) != Some(uid)).collect();
    ensure!(restarted.len() == 1, "restarted: {restarted:?}");
    Ok(())
}
