//! Puts generated files in their place, or says that they are stale.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::oracle::cache;

/// Name and text.
pub type File = (String, String);

/// What to do where a file differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Write,
    Check,
}

/// Makes the files of `dir` with one of `extensions` exactly `files`.
pub fn put(dir: &Path, files: &[File], extensions: &[&str], mode: Mode) -> Result<()> {
    let mut stale = Vec::new();
    fs::create_dir_all(dir)?;
    let wanted: BTreeSet<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let ours =
            path.extension().is_some_and(|found| extensions.iter().any(|extension| found == *extension));
        if ours && !wanted.contains(name.as_str()) {
            if mode == Mode::Write {
                fs::remove_file(&path)?;
            }
            stale.push(name);
        }
    }
    for (name, text) in files {
        let path = dir.join(name);
        if fs::read_to_string(&path).is_ok_and(|present| present == *text) {
            continue;
        }
        if mode == Mode::Write {
            fs::write(&path, text).with_context(|| format!("write {}", path.display()))?;
        }
        stale.push(name.clone());
    }
    if mode == Mode::Check && !stale.is_empty() {
        bail!("stale in {}: {} (run `cargo xtask codegen`)", dir.display(), stale.join(", "));
    }
    println!("{}: {} files, {} changed", dir.display(), files.len(), stale.len());
    Ok(())
}

/// Runs rustfmt over files, with the workspace's settings.
pub fn formatted(files: Vec<File>) -> Result<Vec<File>> {
    let workspace = cache::workspace();
    let dir = tempfile::tempdir()?;
    for (name, text) in &files {
        fs::write(dir.path().join(name), text)?;
    }
    let status = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(workspace)
        .args(files.iter().map(|(name, _)| dir.path().join(name)))
        .status()
        .context("run rustfmt")?;
    ensure!(status.success(), "rustfmt refused the generated code: {status}");
    let read = |(name, _): File| {
        let text = fs::read_to_string(dir.path().join(&name))?;
        Ok((name, text))
    };
    files.into_iter().map(read).collect()
}
