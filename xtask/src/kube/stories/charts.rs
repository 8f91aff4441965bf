//! Both charts with the real Helm: linted, rendered, installed, upgraded and uninstalled, with the values that people
//! turn.

use anyhow::{Result, ensure};

use super::definitions;
use crate::kube::bed::Bed;
use crate::kube::kubectl::Kubectl;
use crate::oracle::cache;

const NAMESPACE: &str = "charts";
/// Everything that does not need definitions of others.
const ALL_ON: &str = "networkPolicy.enabled=true,podDisruptionBudget.enabled=true,replicas=3,logFormat=text,\
                      podLabels.team=a,podAnnotations.note=b,nodeSelector.disk=fast,priorityClassName=high";

fn chart(name: &str) -> String {
    cache::workspace().join("charts").join(name).display().to_string()
}

pub(super) fn run(bed: &mut Bed) -> Result<()> {
    let admin = bed.admin().clone();
    operator_chart(&admin)?;
    refused_values(&admin)?;
    cluster_chart(&admin)?;
    // Helm leaves definitions where they are; the other stories need them as `crds/` has them.
    definitions::apply(bed)
}

fn operator_chart(admin: &Kubectl) -> Result<()> {
    let operator = chart("klamm-operator");
    admin.helm(&["lint", "--strict", &operator])?;
    let monitored = "metrics.podMonitor.enabled=true,metrics.rules.enabled=true";
    let rendered = admin.helm(&["template", "x", &operator, "--set", monitored, "--include-crds"])?;
    for kind in ["PodMonitor", "PrometheusRule", "CustomResourceDefinition"] {
        ensure!(rendered.contains(&format!("kind: {kind}")), "helm template has no {kind}");
    }
    // A server that has never seen Klamm gets the definitions from the chart.
    admin.run(&["delete", "customresourcedefinition", "kafkaclusters.klamm.dev", "kafkatopics.klamm.dev"])?;
    let install = ["install", "one", &operator, "--namespace", NAMESPACE, "--create-namespace"];
    admin.helm(&[&install[..], &["--set", ALL_ON]].concat())?;
    let named = ["one", "one-lease", "one-metrics"];
    let made = admin.run(&[
        "get",
        "--namespace",
        NAMESPACE,
        "deployment,serviceaccount,role,service,pdb,networkpolicy",
        "--output",
        "name",
    ])?;
    for name in named {
        ensure!(made.contains(&format!("/{name}\n")), "helm install made no {name}: {made}");
    }
    let definitions = admin.run(&["get", "customresourcedefinition", "--output", "name"])?;
    ensure!(
        definitions.contains("kafkaclusters.klamm.dev"),
        "the chart brings the definitions: {definitions}"
    );
    // Rights in single namespaces in place of those in all.
    admin.run(&["create", "namespace", "charts-other"])?;
    let upgrade = ["upgrade", "one", &operator, "--namespace", NAMESPACE];
    admin.helm(&[&upgrade[..], &["--set", "watchNamespaces={charts,charts-other}"]].concat())?;
    let roles = admin.run(&["get", "clusterrole", "--output", "name"])?;
    ensure!(!roles.contains("charts-one\n"), "rights in all namespaces are left: {roles}");
    let may = |namespace: &str| {
        let account = format!("--as=system:serviceaccount:{NAMESPACE}:one");
        admin.attempt(&["auth", "can-i", "delete", "pods", "--namespace", namespace, &account])
    };
    ensure!(
        may("charts-other")?.0 && !may("default")?.0,
        "the rights end at the namespaces that are watched"
    );
    admin.helm(&["rollback", "one", "1", "--namespace", NAMESPACE])?;
    admin.helm(&["uninstall", "one", "--namespace", NAMESPACE])?;
    let kinds = "deployment,role,rolebinding,service,pdb,networkpolicy,serviceaccount";
    let left = admin.run(&["get", "--namespace", NAMESPACE, kinds, "--output", "name"])?;
    ensure!(!left.contains("one"), "helm uninstall left {left}");
    let definitions = admin.run(&["get", "customresourcedefinition", "--output", "name"])?;
    ensure!(definitions.contains("kafkaclusters.klamm.dev"), "uninstalling takes no clusters with it");
    Ok(())
}

/// Values that the charts' schemas refuse before anything is asked of the server.
fn refused_values(admin: &Kubectl) -> Result<()> {
    for (name, value) in [
        ("klamm-operator", "replicas=-1"),
        ("klamm-operator", "replcas=1"),
        ("klamm-operator", "logFormat=xml"),
        ("klamm-cluster", "name=Upper"),
        ("klamm-cluster", "clusters.brokers.replicas=1"),
    ] {
        let ended = admin.helm_command(&["template", "x", &chart(name), "--set", value]).output()?;
        ensure!(!ended.status.success(), "{name} takes {value}");
    }
    Ok(())
}

fn cluster_chart(admin: &Kubectl) -> Result<()> {
    let cluster = chart("klamm-cluster");
    admin.helm(&["lint", "--strict", &cluster])?;
    let values = "cluster.brokers.replicas=5,topics.orders.partitions=12,topics.orders.replicationFactor=3";
    admin.helm(&["install", "shop", &cluster, "--namespace", NAMESPACE, "--set", values])?;
    let made = admin.get(NAMESPACE, &["kfc", "shop"])?;
    ensure!(made["spec"]["brokers"]["replicas"] == 5, "helm install: {}", made["spec"]);
    let topic = admin.get(NAMESPACE, &["kft", "orders"])?;
    ensure!(topic["spec"]["clusterRef"]["name"] == "shop", "helm install: {}", topic["spec"]);
    let upgrade = ["upgrade", "shop", &cluster, "--namespace", NAMESPACE, "--reuse-values", "--set"];
    admin.helm(&[&upgrade[..], &["topics.orders.partitions=24"]].concat())?;
    let topic = admin.get(NAMESPACE, &["kft", "orders"])?;
    ensure!(topic["spec"]["partitions"] == 24, "helm upgrade: {}", topic["spec"]);
    // What the API server refuses, Helm passes on.
    let fewer = [&upgrade[..], &["topics.orders.partitions=1"]].concat();
    let ended = admin.helm_command(&fewer).output()?;
    let answer = String::from_utf8_lossy(&ended.stderr).into_owned();
    ensure!(answer.contains("spec.partitions can only grow"), "helm upgrade: {answer}");
    admin.helm(&["uninstall", "shop", "--namespace", NAMESPACE])?;
    let left = admin.run(&["get", "--namespace", NAMESPACE, "kfc,kft", "--output", "name"])?;
    ensure!(left.is_empty(), "helm uninstall left {left}");
    Ok(())
}
