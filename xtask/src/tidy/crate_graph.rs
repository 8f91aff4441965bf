//! Who may depend on whom: the table of docs/ARCHITECTURE.md, checked against `cargo metadata`.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use cargo_metadata::{DependencyKind, MetadataCommand, Package};

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
    ("lifecycle", &["model", "manifest", "placement"]),
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

pub(super) fn check(findings: &mut Findings) -> Result<()> {
    let metadata = MetadataCommand::new().exec().context("cargo metadata reads the workspace")?;
    let ours: BTreeSet<_> = metadata.workspace_packages().iter().map(|p| p.name.to_string()).collect();
    for package in metadata.workspace_packages() {
        if package.name.as_str() != "xtask" {
            check_package(package, &ours, findings);
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
        if NO_TOKIO.contains(&name) && dependency.name.starts_with("tokio") {
            findings.fail(format!("crate {} may not use {}", package.name, dependency.name));
        }
    }
}

fn short(name: &str) -> &str {
    name.strip_prefix("klamm-").or(name.strip_prefix("klamm")).unwrap_or(name)
}
