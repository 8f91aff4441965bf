//! `cargo xtask tidy`: what neither rustc nor clippy sees, each rule in its own file.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use cargo_metadata::MetadataCommand;

mod cores;
mod crate_graph;
mod dependencies;
mod docs;
mod functions;
mod manifest;
mod settings;
mod sources;
mod tree;

/// What one rule found.
#[derive(Default)]
pub(crate) struct Findings {
    failures: Vec<String>,
    warnings: Vec<String>,
}

impl Findings {
    fn fail(&mut self, sentence: impl Into<String>) {
        self.failures.push(sentence.into());
    }

    fn warn(&mut self, sentence: impl Into<String>) {
        self.warnings.push(sentence.into());
    }
}

/// Runs all rules over the files git knows or would add.
pub(crate) fn run() -> Result<()> {
    let files = tracked_files()?;
    let mut findings = Findings::default();
    tree::check(&files, &mut findings);
    sources::check(&files, &mut findings)?;
    manifest::check(&mut findings)?;
    functions::check(&files, &mut findings)?;
    settings::check(&files, &mut findings)?;
    cores::check(&mut findings);
    let metadata = MetadataCommand::new().exec().context("cargo metadata reads the workspace")?;
    crate_graph::check(&metadata, &mut findings)?;
    dependencies::check(&metadata, &mut findings)?;
    docs::check(&files, &mut findings)?;
    for warning in &findings.warnings {
        println!("warning: {warning}");
    }
    for failure in &findings.failures {
        println!("error: {failure}");
    }
    if !findings.failures.is_empty() {
        bail!("tidy found {} faults", findings.failures.len());
    }
    println!("tidy: {} files, {} warnings", files.len(), findings.warnings.len());
    Ok(())
}

fn tracked_files() -> Result<Vec<PathBuf>> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .output()
        .context("git lists the files to check")?;
    if !listed.status.success() {
        bail!("git ls-files failed: {}", String::from_utf8_lossy(&listed.stderr));
    }
    let names = String::from_utf8(listed.stdout)?;
    Ok(names.lines().map(PathBuf::from).filter(|path| path.is_file()).collect())
}

/// Whether the file was written by `cargo xtask codegen`.
fn is_generated(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "generated")
}

/// Whether the file holds only tests.
fn is_test(path: &Path) -> bool {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    name == "tests" || name.ends_with("_tests") || path.components().any(|part| part.as_os_str() == "tests")
}
