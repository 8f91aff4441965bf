//! Who may depend on whom: the table of docs/ARCHITECTURE.md, checked against `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use anyhow::{Context as _, Result};
use cargo_metadata::{DependencyKind, Metadata, Node, Package, PackageId};

use super::Findings;

/// For each crate of ours, the crates of ours it may use (development dependencies aside).
const ALLOWED: [(&str, &[&str]); 22] = [
    ("model", &[]),
    ("protocol", &["model"]),
    ("logstate", &["model", "protocol"]),
    ("config", &["model"]),
    ("placement", &["model"]),
    ("manifest", &[]),
    ("admin-api", &[]),
    ("sys", &[]),
    ("storage", &["model", "protocol", "logstate", "sys"]),
    ("raft", &["model", "protocol", "logstate"]),
    ("replication", &["model", "logstate"]),
    ("metadata", &["model", "protocol", "config", "placement"]),
    ("coordinator", &["model", "protocol"]),
    ("lifecycle", &["model", "config", "manifest", "placement"]),
    (
        "node",
        &[
            "model",
            "protocol",
            "logstate",
            "storage",
            "raft",
            "replication",
            "metadata",
            "coordinator",
            "config",
        ],
    ),
    ("client", &["model", "protocol", "config"]),
    ("cluster-ops", &["model", "protocol", "client", "lifecycle", "manifest"]),
    ("tools", &["model", "protocol", "client", "storage", "metadata", "raft", "logstate", "config"]),
    (
        "sim",
        &[
            "model",
            "protocol",
            "logstate",
            "storage",
            "raft",
            "replication",
            "metadata",
            "coordinator",
            "config",
            "node",
        ],
    ),
    ("testkit", &["model", "protocol", "client"]),
    (
        "",
        &[
            "admin-api",
            "model",
            "protocol",
            "logstate",
            "storage",
            "raft",
            "metadata",
            "coordinator",
            "node",
            "replication",
            "config",
            "client",
            "cluster-ops",
            "lifecycle",
            "manifest",
            "tools",
            "sys",
        ],
    ),
    ("operator", &["cluster-ops", "admin-api", "manifest", "config", "client", "lifecycle", "model"]),
];

/// Crates without a runtime: no path leads from them to tokio.
const NO_TOKIO: [&str; 14] = [
    "model",
    "protocol",
    "logstate",
    "config",
    "placement",
    "manifest",
    "sys",
    "storage",
    "raft",
    "replication",
    "metadata",
    "coordinator",
    "lifecycle",
    "node",
];

/// What runs tasks and owns sockets.
const RUNTIMES: [&str; 5] = ["async-std", "hyper", "mio", "smol", "tokio"];

pub(super) fn check(metadata: &Metadata, findings: &mut Findings) -> Result<()> {
    let ours: BTreeSet<_> = metadata.workspace_packages().iter().map(|p| p.name.to_string()).collect();
    for package in metadata.workspace_packages() {
        if package.name.as_str() != "xtask" {
            check_package(package, &ours, findings);
        }
    }
    let graph = metadata.resolve.as_ref().context("cargo metadata resolves the graph")?;
    let nodes: BTreeMap<_, _> = graph.nodes.iter().map(|node| (&node.id, node)).collect();
    for package in metadata.workspace_packages() {
        if NO_TOKIO.contains(&short(package.name.as_str()))
            && let Some(path) = path_to_runtime(metadata, &nodes, &package.id)
        {
            findings.fail(format!("crate {} reaches a runtime by {}", package.name, path.join(" -> ")));
        }
    }
    Ok(())
}

fn check_package(package: &Package, ours: &BTreeSet<String>, findings: &mut Findings) {
    let name = short(package.name.as_str());
    let Some((_, allowed)) = ALLOWED.iter().find(|(known, _)| *known == name) else {
        findings.fail(format!("crate {}: not in the crate table of tidy and the docs", package.name));
        return;
    };
    let normal = package.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal);
    for dependency in normal {
        if ours.contains(&dependency.name) && !allowed.contains(&short(&dependency.name)) {
            findings.fail(format!("crate {} may not depend on {}", package.name, dependency.name));
        }
    }
}

/// The names on a way from a crate to a runtime, over what it and all its dependencies are built with.
fn path_to_runtime(
    metadata: &Metadata,
    nodes: &BTreeMap<&PackageId, &Node>,
    start: &PackageId,
) -> Option<Vec<String>> {
    let mut waiting = VecDeque::from([(nodes.get(start)?.id.clone(), None::<PackageId>)]);
    let mut parents: BTreeMap<PackageId, Option<PackageId>> = BTreeMap::new();
    while let Some((id, parent)) = waiting.pop_front() {
        if parents.contains_key(&id) {
            continue;
        }
        parents.insert(id.clone(), parent);
        if RUNTIMES.contains(&metadata[&id].name.as_str()) {
            return Some(way(metadata, &parents, &id));
        }
        let Some(node) = nodes.get(&id) else { continue };
        let normal = node
            .deps
            .iter()
            .filter(|dependency| dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal));
        waiting.extend(normal.map(|dependency| (dependency.pkg.clone(), Some(id.clone()))));
    }
    None
}

fn way(
    metadata: &Metadata,
    parents: &BTreeMap<PackageId, Option<PackageId>>,
    end: &PackageId,
) -> Vec<String> {
    let steps = std::iter::successors(Some(end), |id| parents.get(*id).and_then(Option::as_ref));
    let mut names: Vec<String> = steps.map(|id| metadata[id].name.to_string()).collect();
    names.reverse();
    names
}

fn short(name: &str) -> &str {
    name.strip_prefix("klamm-").or(name.strip_prefix("klamm")).unwrap_or(name)
}
