//! Files and ports of a local cluster: a folder for each node, its server.properties, the status of
//! the resource beside the data.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use klamm_lifecycle::{ClusterSpec, NodeSpec};
use klamm_manifest::{KafkaClusterStatus, ListenerStatus, read_status, write_status};
use klamm_model::NodeId;

/// Port of the first listener where the manifest names none.
const DEFAULT_PORT: u16 = 9092;
/// Distance of the controller's port from the lowest client port.
const CONTROLLER_DISTANCE: u16 = 1000;

/// Where things are.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    root: PathBuf,
}

impl Layout {
    pub(super) fn new(root: PathBuf) -> Layout {
        Layout { root }
    }

    pub(super) fn node_dir(&self, node: NodeId) -> PathBuf {
        self.root.join(format!("node-{node}"))
    }

    pub(super) fn properties(&self, node: NodeId) -> PathBuf {
        self.node_dir(node).join("server.properties")
    }

    pub(super) fn log_file(&self, node: NodeId) -> PathBuf {
        self.node_dir(node).join("server.log")
    }

    pub(super) fn pid_file(&self, node: NodeId) -> PathBuf {
        self.node_dir(node).join("pid")
    }

    /// The log directories of a node: one for each volume.
    pub(super) fn log_dirs(&self, spec: &ClusterSpec, node: NodeId) -> Vec<PathBuf> {
        let volumes = &spec.resource.storage.volumes;
        let names: Vec<&str> = volumes.iter().map(|volume| volume.name.as_str()).collect();
        let names = if names.is_empty() { vec!["data"] } else { names };
        names.into_iter().map(|name| self.node_dir(node).join(name)).collect()
    }

    pub(super) fn read_status(&self) -> Result<KafkaClusterStatus> {
        let path = self.root.join("status.yaml");
        match std::fs::read_to_string(&path) {
            Ok(text) => read_status(&text).with_context(|| path.display().to_string()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(KafkaClusterStatus::default()),
            Err(error) => Err(error).with_context(|| path.display().to_string()),
        }
    }

    pub(super) fn write_status(&self, status: &KafkaClusterStatus) -> Result<()> {
        std::fs::create_dir_all(&self.root).with_context(|| self.root.display().to_string())?;
        replace(&self.root.join("status.yaml"), &write_status(status))
    }

    pub(super) fn write_properties(&self, spec: &ClusterSpec, node: &NodeSpec) -> Result<()> {
        let dir = self.node_dir(node.id);
        std::fs::create_dir_all(&dir).with_context(|| dir.display().to_string())?;
        replace(&self.properties(node.id), &self.render(spec, node))
    }

    /// A node's server.properties, from the spec alone.
    pub(super) fn render(&self, spec: &ClusterSpec, node: &NodeSpec) -> String {
        let listeners = client_listeners(spec, node.id);
        let controller = controller_port(spec, node.id);
        let mut settings: BTreeMap<&str, String> = BTreeMap::new();
        let mut bound: Vec<String> =
            listeners.iter().map(|(name, port)| format!("{name}://127.0.0.1:{port}")).collect();
        let advertised = bound.join(",");
        let mut protocols: Vec<String> =
            listeners.iter().map(|(name, _)| format!("{name}:PLAINTEXT")).collect();
        protocols.push("CONTROLLER:PLAINTEXT".to_owned());
        if node.role.is_controller() {
            bound.push(format!("CONTROLLER://127.0.0.1:{controller}"));
        }
        let quorum = spec.controllers().map(|node| format!("127.0.0.1:{}", controller_port(spec, node.id)));
        let dirs = self.log_dirs(spec, node.id);
        settings.insert("node.id", node.id.to_string());
        settings.insert("process.roles", node.role.process_roles().to_owned());
        settings.insert("listeners", bound.join(","));
        settings.insert("advertised.listeners", advertised);
        settings.insert("listener.security.protocol.map", protocols.join(","));
        settings.insert("inter.broker.listener.name", listeners[0].0.clone());
        settings.insert("controller.listener.names", "CONTROLLER".to_owned());
        settings.insert("controller.quorum.bootstrap.servers", quorum.collect::<Vec<_>>().join(","));
        let shown = |dir: &PathBuf| absolute(dir).display().to_string();
        settings.insert("log.dirs", dirs.iter().map(shown).collect::<Vec<_>>().join(","));
        for (key, value) in &spec.resource.config {
            settings.insert(key, value.clone());
        }
        let mut text = String::new();
        for (key, value) in settings {
            let escaped = value.replace('\\', "\\\\").replace('\n', "\\n");
            writeln!(text, "{key}={escaped}").expect("writing to a string does not fail");
        }
        text
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn replace(path: &Path, content: &str) -> Result<()> {
    let temporary = path.with_extension("tmp");
    std::fs::write(&temporary, content).with_context(|| temporary.display().to_string())?;
    std::fs::rename(&temporary, path).with_context(|| path.display().to_string())
}

/// Name (upper case) and port of each client listener of a node.
fn client_listeners(spec: &ClusterSpec, node: NodeId) -> Vec<(String, u16)> {
    let offset = u16::try_from(node.get()).unwrap_or(0);
    let listeners = &spec.resource.listeners;
    if listeners.is_empty() {
        return vec![("PLAIN".to_owned(), DEFAULT_PORT + offset)];
    }
    listeners.iter().map(|listener| (listener.name.to_uppercase(), listener.port + offset)).collect()
}

fn controller_port(spec: &ClusterSpec, node: NodeId) -> u16 {
    let lowest = spec.resource.listeners.iter().map(|listener| listener.port).min().unwrap_or(DEFAULT_PORT);
    lowest + CONTROLLER_DISTANCE + u16::try_from(node.get()).unwrap_or(0)
}

/// Where clients of each listener connect.
pub(super) fn listener_statuses(spec: &ClusterSpec) -> Vec<ListenerStatus> {
    let brokers: Vec<_> = spec.brokers().map(|node| client_listeners(spec, node.id)).collect();
    let Some(first) = brokers.first() else { return Vec::new() };
    (0..first.len())
        .map(|index| ListenerStatus {
            name: first[index].0.to_lowercase(),
            bootstrap: brokers
                .iter()
                .map(|listeners| format!("127.0.0.1:{}", listeners[index].1))
                .collect::<Vec<_>>()
                .join(","),
        })
        .collect()
}
