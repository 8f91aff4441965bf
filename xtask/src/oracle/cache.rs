//! Directories that outlive a run: `enter` makes one whole or not at all, keyed by what it was made from.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result};

/// The user's cache of this project.
pub fn root() -> Result<PathBuf> {
    if let Some(dir) = env::var_os("KLAMM_CACHE") {
        return Ok(PathBuf::from(dir));
    }
    let base = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let base = base.or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")));
    Ok(base.context("neither HOME nor XDG_CACHE_HOME is set")?.join("klamm"))
}

/// The root of the checkout. Cargo says where it is as it runs this binary, which by itself takes the folder it stands
/// in: with a target folder that checkouts share, the one it was built from may be another, or gone.
pub fn workspace() -> PathBuf {
    let Some(xtask) = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from) else { return PathBuf::from(".") };
    xtask.parent().unwrap_or(&xtask).to_path_buf()
}

/// A short name for the contents of `files` together with `more`; stable between runs of one toolchain.
pub fn key(files: &[PathBuf], more: &[&str]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    more.hash(&mut hasher);
    for file in files {
        file.file_name().hash(&mut hasher);
        fs::read(file).with_context(|| format!("read {}", file.display()))?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// The directory `name` of the cache; where it is missing, `fill` makes it in a temporary place first, so that
/// neither an interrupted run nor a second one at the same time leaves a half-made directory.
pub fn enter(name: &str, fill: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    let dir = root()?.join(name);
    if dir.is_dir() {
        return Ok(dir);
    }
    let parent = dir.parent().context("a cache directory has a parent")?;
    fs::create_dir_all(parent).with_context(|| format!("create {}", parent.display()))?;
    let fresh = tempfile::Builder::new().prefix(".making-").tempdir_in(parent)?;
    fill(fresh.path())?;
    let made = fresh.keep();
    if fs::rename(&made, &dir).is_err() {
        fs::remove_dir_all(&made).ok();
        anyhow::ensure!(dir.is_dir(), "cannot put {} in place", dir.display());
    }
    Ok(dir)
}
