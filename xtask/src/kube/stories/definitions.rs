//! The definitions as a real API server takes them: structural, with rules whose cost it accepts.

use anyhow::{Result, ensure};

use crate::kube::bed::Bed;
use crate::kube::kubectl::has_condition;
use crate::oracle::cache;

const NAMES: [&str; 2] = ["kafkaclusters.klamm.dev", "kafkatopics.klamm.dev"];

/// Applies the definitions, as an upgrade does, and waits until the API server serves them.
pub(super) fn apply(bed: &Bed) -> Result<()> {
    let folder = cache::workspace().join("crds").display().to_string();
    bed.admin().run(&["apply", "--server-side", "--force-conflicts", "--filename", &folder])?;
    for name in NAMES {
        let what = ["customresourcedefinition", name];
        bed.admin().await_object(("default", &what), "is established", |definition| {
            has_condition(definition, "NamesAccepted")?;
            has_condition(definition, "Established")
        })?;
    }
    Ok(())
}

pub(super) fn run(bed: &mut Bed) -> Result<()> {
    apply(bed)?;
    let admin = bed.admin();
    for name in NAMES {
        let definition = admin.get("default", &["customresourcedefinition", name])?;
        let structural = has_condition(&definition, "NonStructuralSchema");
        ensure!(structural.is_err(), "{name}: its schema is not structural");
    }
    for (kind, field) in [("kafkacluster", "spec.brokers.replicas"), ("kafkatopic", "spec.partitions")] {
        let explained = admin.run(&["explain", &format!("{kind}.{field}")])?;
        ensure!(explained.contains("DESCRIPTION"), "kubectl explain {kind}.{field}: {explained}");
    }
    admin.run(&["create", "namespace", "definitions"])?;
    let example = cache::workspace().join("examples/kubernetes.yaml").display().to_string();
    admin.run(&["apply", "--namespace", "definitions", "--filename", &example])?;
    let defaults = admin.get("definitions", &["kfc", "demo"])?;
    let spec = &defaults["spec"];
    ensure!(spec["controllers"]["mode"] == "dedicated", "the default mode: {spec}");
    ensure!(spec["storage"]["onDelete"] == "Retain", "volumes stay by default: {spec}");
    for name in ["klamm", "kft"] {
        let listed = admin.run(&["get", "--namespace", "definitions", name])?;
        ensure!(listed.contains("orders"), "kubectl get {name}: {listed}");
    }
    let columns = admin.run(&["get", "--namespace", "definitions", "kfc", "demo"])?;
    for column in ["BROKERS", "LEADER", "READY", "OPERATION", "AGE"] {
        ensure!(columns.contains(column), "the column {column}: {columns}");
    }
    admin.run(&["scale", "--namespace", "definitions", "kafkacluster", "demo", "--replicas", "5"])?;
    let scaled = admin.get("definitions", &["kfc", "demo"])?;
    ensure!(scaled["spec"]["brokers"]["replicas"] == 5, "kubectl scale: {}", scaled["spec"]["brokers"]);
    let selected = [
        "get",
        "--namespace",
        "definitions",
        "kft",
        "--field-selector",
        "spec.clusterRef.name=demo",
        "--output",
        "name",
    ];
    ensure!(admin.run(&selected)?.contains("orders"), "topics are selected by their cluster");
    admin.run(&["delete", "--namespace", "definitions", "kft,kfc", "--all"])?;
    Ok(())
}
