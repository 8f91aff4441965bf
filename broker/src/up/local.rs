//! Nodes as processes of this machine: what is seen of them, how they are formatted and started.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};
use klamm_lifecycle::{ClusterSpec, Directory, NodeSpec, Process};
use klamm_model::{NodeId, Uuid};
use klamm_storage::disk::StdDisk;
use klamm_storage::state::MetaProperties;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use super::layout::Layout;

/// The nodes' processes.
#[derive(Default)]
pub(super) struct Processes {
    children: BTreeMap<NodeId, Child>,
    /// Nodes that ended by themselves; they are not started again by the same run.
    ended: BTreeMap<NodeId, String>,
}

impl Processes {
    /// Whether a node's process runs; `serves` tells whether it answers clients.
    pub(super) fn observe(&mut self, layout: &Layout, node: NodeId, serves: bool) -> Process {
        if let Some(how) = self.ended.get(&node) {
            return Process::Failed(how.clone());
        }
        if let Some(child) = self.children.get_mut(&node) {
            if let Ok(Some(status)) = child.try_wait() {
                self.children.remove(&node);
                let how = format!("{status}; {}", last_line(&layout.log_file(node)));
                self.ended.insert(node, how.clone());
                return Process::Failed(how);
            }
            return if serves { Process::Ready } else { Process::Starting };
        }
        match running_pid(layout, node) {
            Some(_) if serves => Process::Ready,
            Some(_) => Process::Starting,
            None => Process::Absent,
        }
    }

    /// Starts a node; its output goes to its log file.
    pub(super) fn start(&mut self, layout: &Layout, node: NodeId) -> Result<()> {
        let log = layout.log_file(node);
        let output = File::options().create(true).append(true).open(&log);
        let output = output.with_context(|| log.display().to_string())?;
        let child = Command::new(std::env::current_exe()?)
            .arg("server-start")
            .arg(layout.properties(node))
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .context("the node's process cannot be started")?;
        fs::write(layout.pid_file(node), child.id().to_string())?;
        self.children.insert(node, child);
        Ok(())
    }

    /// Asks every node to stop, also those an earlier run started, and waits for their ends.
    pub(super) fn stop_all(&mut self, layout: &Layout, spec: &ClusterSpec) {
        for node in &spec.nodes {
            if let Some(pid) = running_pid(layout, node.id) {
                // A process that is gone by now has done what is asked.
                let _ = kill_process(pid, Signal::TERM);
            }
        }
        for (node, mut child) in std::mem::take(&mut self.children) {
            if child.wait().is_ok() {
                drop(fs::remove_file(layout.pid_file(node)));
            }
        }
    }
}

/// The process named in a node's pid file, if it runs this program for this node.
fn running_pid(layout: &Layout, node: NodeId) -> Option<Pid> {
    let pid: i32 = fs::read_to_string(layout.pid_file(node)).ok()?.trim().parse().ok()?;
    let process = Pid::from_raw(pid)?;
    test_kill_process(process).ok()?;
    let command = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    let properties = layout.properties(node);
    let is_ours =
        command.split(|byte| *byte == 0).any(|word| word == properties.as_os_str().as_encoded_bytes());
    is_ours.then_some(process)
}

fn last_line(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().last().unwrap_or("no output").to_owned()
}

/// State of a node's log directories.
pub(super) fn observe_directory(layout: &Layout, spec: &ClusterSpec, node: NodeId) -> Directory {
    let mut found: Option<Uuid> = None;
    let dirs = layout.log_dirs(spec, node);
    for dir in &dirs {
        let properties = match MetaProperties::read(&StdDisk, dir) {
            Ok(Some(properties)) => properties,
            Ok(None) => continue,
            Err(error) => return Directory::Foreign(error.to_string()),
        };
        if properties.node_id.is_some_and(|id| id != node) {
            return Directory::Foreign(format!("{} belongs to another node", dir.display()));
        }
        let Some(id) = properties.cluster_id.as_deref().and_then(|id| id.parse().ok()) else {
            return Directory::Foreign(format!("{} has no cluster.id", dir.display()));
        };
        if found.is_some_and(|other| other != id) {
            return Directory::Foreign(format!(
                "{} belongs to another cluster than its neighbours",
                dir.display()
            ));
        }
        found = Some(id);
    }
    found.map_or(Directory::Empty, |cluster_id| Directory::Formatted { cluster_id })
}

/// Formats a node with this program's own `storage format`.
pub(super) fn format(layout: &Layout, spec: &ClusterSpec, node: &NodeSpec, cluster_id: Uuid) -> Result<()> {
    layout.write_properties(spec, node)?;
    for dir in layout.log_dirs(spec, node.id) {
        fs::create_dir_all(&dir).with_context(|| dir.display().to_string())?;
    }
    let output = Command::new(std::env::current_exe()?)
        .args(["storage", "format", "--standalone", "--cluster-id", &cluster_id.to_string(), "--config"])
        .arg(layout.properties(node.id))
        .output()
        .context("storage format cannot be run")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("node {} cannot be formatted: {}", node.id, said.trim());
    }
    Ok(())
}
