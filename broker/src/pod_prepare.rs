//! `klamm pod-prepare`: the first container of a pod under the Kubernetes operator. It takes the node's
//! settings for this start, looks at the volumes, formats them if it was told that it may, and reports
//! what it found in the container's termination message, where the operator reads it. No pod needs a
//! token of the API server for that.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use klamm_config::Properties;
use klamm_model::{DirectoryId, NodeId};
use klamm_storage::disk::StdDisk;
use klamm_storage::state::MetaProperties;
use tokio::signal::unix::{SignalKind, signal};

/// How often a fenced node's instruction is read.
const LOOK: Duration = Duration::from_secs(1);

/// Take a node's settings and look at its volumes, in a pod of the operator
#[derive(Args, Debug)]
pub struct PodPrepare {
    /// Folder with ID.properties and ID.instruction
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// Id of the node
    #[arg(long, value_name = "ID")]
    node_id: i32,
    /// Folder that gets server.properties
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// File that gets the report
    #[arg(long, value_name = "FILE")]
    report: PathBuf,
}

/// The directories of a node as they are on its volumes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Found {
    cluster_id: Option<String>,
    /// Identity of the directory with the metadata log.
    metadata: Option<DirectoryId>,
    all: Vec<DirectoryId>,
    /// Directories that are not formatted.
    empty: Vec<PathBuf>,
}

impl PodPrepare {
    /// Prepares, and reports also what went wrong. In the pod of a fenced node it waits before.
    pub fn run(self) -> Result<()> {
        self.await_leave()?;
        let outcome = self.prepare();
        let mut report = String::new();
        let mut line = |key: &str, value: &str| {
            writeln!(report, "{key}={}", value.replace('\n', " "))
                .expect("writing to a string does not fail");
        };
        if let Ok(instruction) = self.instruction() {
            for key in ["process.roles", "settings.hash"] {
                line(key, instruction.get(key).unwrap_or_default());
            }
        }
        match &outcome {
            Ok(found) if found.all.is_empty() => line("directory", "empty"),
            Ok(found) => {
                line("directory", "formatted");
                line("cluster.id", found.cluster_id.as_deref().unwrap_or_default());
                let metadata = found.metadata.map(|id| id.to_string()).unwrap_or_default();
                line("directory.id", &metadata);
                let all: Vec<String> = found.all.iter().map(ToString::to_string).collect();
                line("directory.ids", &all.join(","));
            }
            Err(error) => {
                line("directory", "unusable");
                line("reason", &format!("{error:#}"));
            }
        }
        fs::write(&self.report, report).with_context(|| self.report.display().to_string())?;
        if outcome?.all.is_empty() {
            bail!(
                "the volumes of node {} are empty, and nobody said that they may be formatted",
                self.node_id
            );
        }
        Ok(())
    }

    /// Returns once the node is not fenced, as the kubelet brings the instruction anew. Fails when the pod is to end.
    fn await_leave(&self) -> Result<()> {
        if !self.is_fenced() {
            return Ok(());
        }
        println!("node {} is fenced: it waits until it may run", self.node_id);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            // The first process of a container is not ended by signals that it does not take.
            let mut ends = signal(SignalKind::terminate())?;
            while self.is_fenced() {
                tokio::select! {
                    _ = ends.recv() => bail!("node {} was fenced to the end", self.node_id),
                    () = tokio::time::sleep(LOOK) => {}
                }
            }
            Ok(())
        })
    }

    fn is_fenced(&self) -> bool {
        self.instruction().is_ok_and(|instruction| instruction.get("hold") == Some("true"))
    }

    fn instruction(&self) -> Result<Properties> {
        read(&self.from.join(format!("{}.instruction", self.node_id)))
    }

    fn prepare(&self) -> Result<Found> {
        let instruction = self.instruction()?;
        let source = self.from.join(format!("{}.properties", self.node_id));
        let settings = read(&source)?;
        let target = self.to.join("server.properties");
        fs::copy(&source, &target).with_context(|| target.display().to_string())?;
        let wanted = instruction.get("cluster.id").unwrap_or_default();
        let found = self.look(&settings, wanted)?;
        let quorum = match instruction.get("format") {
            Some("alone") => "--standalone",
            Some("joins") => "--no-initial-controllers",
            Some(_) | None => {
                if let (false, Some(empty)) = (found.all.is_empty(), found.empty.first()) {
                    bail!("{} is empty, and other volumes of the node are not", empty.display());
                }
                return Ok(found);
            }
        };
        if found.empty.is_empty() {
            return Ok(found);
        }
        for dir in &found.empty {
            fs::create_dir_all(dir).with_context(|| dir.display().to_string())?;
        }
        let output = Command::new(std::env::current_exe()?)
            .args(["storage", "format", "--ignore-formatted", quorum, "--cluster-id", wanted, "--config"])
            .arg(&target)
            .output()
            .context("storage format cannot be run")?;
        if !output.status.success() {
            bail!("cannot be formatted: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        self.look(&settings, wanted)
    }

    /// What is on the volumes; refuses what belongs to others.
    fn look(&self, settings: &Properties, cluster_id: &str) -> Result<Found> {
        let mut found = Found::default();
        let (dirs, metadata) = directories(settings)?;
        for dir in dirs {
            let Some(properties) = MetaProperties::read(&StdDisk, &dir)? else {
                found.empty.push(dir);
                continue;
            };
            let shown = dir.display();
            if properties.node_id.is_some_and(|id| Some(id) != NodeId::new(self.node_id)) {
                bail!("{shown} belongs to another node");
            }
            if properties.cluster_id.as_deref() != Some(cluster_id) {
                let other = properties.cluster_id.as_deref().unwrap_or("unknown");
                bail!("{shown} belongs to cluster {other}, and this is {cluster_id}; it is left alone");
            }
            found.all.extend(properties.directory_id);
            if dir == metadata {
                found.metadata = properties.directory_id;
            }
            found.cluster_id = properties.cluster_id;
        }
        Ok(found)
    }
}

/// All directories of a node, and which of them has the metadata log.
fn directories(settings: &Properties) -> Result<(Vec<PathBuf>, PathBuf)> {
    let list = settings.get("log.dirs").unwrap_or_default();
    let mut dirs: Vec<PathBuf> = list.split(',').filter(|dir| !dir.is_empty()).map(PathBuf::from).collect();
    let first = dirs.first().cloned();
    let metadata =
        settings.get("metadata.log.dir").map(PathBuf::from).or(first).context("log.dirs is not set")?;
    if !dirs.contains(&metadata) {
        dirs.push(metadata.clone());
    }
    Ok((dirs, metadata))
}

fn read(path: &Path) -> Result<Properties> {
    let content = fs::read(path).with_context(|| path.display().to_string())?;
    Properties::from_file(&content).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))
}
