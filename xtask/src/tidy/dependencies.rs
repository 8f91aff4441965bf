//! Rule on dependencies: what a manifest names, its crate uses, and what the workspace offers, some crate takes.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use cargo_metadata::{Metadata, Package};
use regex::Regex;

use super::Findings;

/// Crates whose work has begun: what they name is about to be used.
const BEGUN: [&str; 3] = ["klamm-lifecycle", "klamm-replication", "klamm-sim"];

pub(super) fn check(metadata: &Metadata, findings: &mut Findings) -> Result<()> {
    let mut taken = BTreeSet::new();
    for package in metadata.workspace_packages() {
        check_package(package, findings)?;
        taken.extend(package.dependencies.iter().map(|dependency| dependency.name.clone()));
    }
    let text = fs::read_to_string("Cargo.toml").context("the root manifest is in the current folder")?;
    let offered = text.split("[workspace.dependencies]").nth(1).unwrap_or_default();
    let offered = offered.split("\n[").next().unwrap_or_default();
    let name = Regex::new(r"(?m)^([a-z0-9_-]+) = ").context("names of dependencies")?;
    let ours = |name: &str| name.starts_with("klamm-");
    for found in name.captures_iter(offered).filter(|found| !ours(&found[1]) && !taken.contains(&found[1])) {
        findings.fail(format!("Cargo.toml: no crate takes {}", &found[1]));
    }
    Ok(())
}

fn check_package(package: &Package, findings: &mut Findings) -> Result<()> {
    let root = package.manifest_path.parent().context("a manifest lies in a folder")?;
    let mut code = String::new();
    for folder in ["src", "tests", "examples", "benches", "fuzz"] {
        read_all(root.join(folder).as_std_path(), &mut code)?;
    }
    for dependency in &package.dependencies {
        let called = dependency.rename.as_deref().unwrap_or(&dependency.name).replace('-', "_");
        if !code.contains(&called) {
            let sentence = format!("crate {}: nothing uses its dependency {}", package.name, dependency.name);
            if BEGUN.contains(&package.name.as_str()) {
                findings.warn(sentence);
            } else {
                findings.fail(sentence);
            }
        }
    }
    Ok(())
}

fn read_all(folder: &Path, code: &mut String) -> Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let path: PathBuf = entry?.path();
        if path.is_dir() {
            read_all(&path, code)?;
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            code.push_str(&fs::read_to_string(&path).with_context(|| path.display().to_string())?);
        }
    }
    Ok(())
}
