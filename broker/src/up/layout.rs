//! Files of a local cluster: a folder for each node, its server.properties, the status of the resource
//! beside the data.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use klamm_config::Properties;
use klamm_lifecycle::{ClusterSpec, NodeRole};
use klamm_manifest::{KafkaClusterStatus, Purpose, read_status, write_status};
use klamm_model::NodeId;
use rustix::fs::{FlockOperation, flock};

use super::ports::{CONTROLLER, client_listeners, controller_port};

/// Keys whose change needs no restart: they only help a node to find the quorum at its start.
const FOR_THE_START: [&str; 1] = ["controller.quorum.bootstrap.servers"];

/// The subcommand that a node's process runs, its server.properties behind it.
pub(super) const SERVER_START: &str = "server-start";

/// Where things are.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    root: PathBuf,
}

impl Layout {
    /// The path is made absolute: it stands in the command lines of the nodes, by which they are found
    /// again.
    pub(super) fn new(root: &Path) -> Layout {
        Layout { root: absolute(root) }
    }

    /// Keeps every other `klamm up` off these data for as long as the file is held.
    pub(super) fn lock(&self) -> Result<File> {
        fs::create_dir_all(&self.root).with_context(|| self.root.display().to_string())?;
        let path = self.root.join("lock");
        let file = File::options().create(true).truncate(false).write(true).open(&path);
        let file = file.with_context(|| path.display().to_string())?;
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
            bail!(
                "another `klamm up` looks after {}; it takes over changes of the manifest by itself",
                self.root.display()
            );
        }
        Ok(file)
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

    /// The node that a command line (arguments that end in zero bytes) runs, if it is one of this layout.
    pub(super) fn node_of_command(&self, command: &[u8]) -> Option<NodeId> {
        let mut arguments = command.split(|byte| *byte == 0);
        arguments.find(|argument| *argument == SERVER_START.as_bytes())?;
        let properties = Path::new(OsStr::from_bytes(arguments.next()?));
        let node = node_of_folder(properties.parent()?.file_name()?.to_str()?)?;
        (self.properties(node) == properties).then_some(node)
    }

    /// The nodes that have a folder, wanted or not.
    pub(super) fn known_nodes(&self) -> Vec<NodeId> {
        let entries = fs::read_dir(&self.root).into_iter().flatten().flatten();
        entries.filter_map(|entry| node_of_folder(entry.file_name().to_str()?)).collect()
    }

    /// The data directories of a node: one for each volume that holds data.
    pub(super) fn log_dirs(&self, spec: &ClusterSpec, node: NodeId) -> Vec<PathBuf> {
        let volumes = spec.resource.storage.volumes.iter();
        let names: Vec<&str> = volumes
            .filter(|volume| volume.purpose != Purpose::Metadata)
            .map(|volume| volume.name.as_str())
            .collect();
        let names = if names.is_empty() { vec!["data"] } else { names };
        names.into_iter().map(|name| self.node_dir(node).join(name)).collect()
    }

    /// The directory of a node's metadata log: the first volume for it alone, else the first.
    pub(super) fn metadata_dir(&self, spec: &ClusterSpec, node: NodeId) -> PathBuf {
        let volumes = &spec.resource.storage.volumes;
        let own = volumes.iter().find(|volume| volume.purpose == Purpose::Metadata);
        match own {
            Some(volume) => self.node_dir(node).join(&volume.name),
            None => self.log_dirs(spec, node).swap_remove(0),
        }
    }

    /// All directories of a node, that of the metadata log first.
    pub(super) fn all_dirs(&self, spec: &ClusterSpec, node: NodeId) -> Vec<PathBuf> {
        let metadata = self.metadata_dir(spec, node);
        let others = self.log_dirs(spec, node).into_iter().filter(|dir| *dir != metadata);
        std::iter::once(metadata.clone()).chain(others).collect()
    }

    pub(super) fn read_status(&self) -> Result<KafkaClusterStatus> {
        let path = self.root.join("status.yaml");
        match fs::read_to_string(&path) {
            Ok(text) => read_status(&text).with_context(|| path.display().to_string()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(KafkaClusterStatus::default()),
            Err(error) => Err(error).with_context(|| path.display().to_string()),
        }
    }

    pub(super) fn write_status(&self, status: &KafkaClusterStatus) -> Result<()> {
        fs::create_dir_all(&self.root).with_context(|| self.root.display().to_string())?;
        replace(&self.root.join("status.yaml"), &write_status(status))
    }

    /// Writes a node's server.properties for its next start.
    pub(super) fn write_properties(
        &self,
        spec: &ClusterSpec,
        (node, role): (NodeId, NodeRole),
    ) -> Result<()> {
        let dir = self.node_dir(node);
        fs::create_dir_all(&dir).with_context(|| dir.display().to_string())?;
        let mut text = String::new();
        for (key, value) in self.settings(spec, (node, role)) {
            let escaped = value.replace('\\', "\\\\").replace('\n', "\\n");
            writeln!(text, "{key}={escaped}").expect("writing to a string does not fail");
        }
        replace(&self.properties(node), &text)
    }

    /// The settings a node was last started with; `None` before it has any.
    fn written_settings(&self, node: NodeId) -> Option<Properties> {
        Properties::from_file(&fs::read(self.properties(node)).ok()?).ok()
    }

    /// The role a node was last started with.
    pub(super) fn written_role(&self, node: NodeId) -> Option<NodeRole> {
        let written = self.written_settings(node)?;
        let roles = written.get("process.roles")?;
        let all = [NodeRole::Broker, NodeRole::Controller, NodeRole::Combined];
        all.into_iter().find(|role| role.process_roles() == roles)
    }

    /// What in a node's settings differs from what it was last started with and takes a restart.
    pub(super) fn outdated(&self, spec: &ClusterSpec, (node, role): (NodeId, NodeRole)) -> Option<String> {
        let written = self.written_settings(node)?;
        let wanted = self.settings(spec, (node, role));
        let dynamic = |key: &str| klamm_lifecycle::is_dynamic(key) || FOR_THE_START.contains(&key);
        let differs = |(key, value): (&String, &String)| {
            (written.get(key) != Some(value.as_str()) && !dynamic(key)).then(|| key.clone())
        };
        // Other settings follow from the role.
        let becomes = self.written_role(node).filter(|written| *written != role);
        if becomes.is_some() {
            return Some(format!("it becomes {role}"));
        }
        let changed = wanted.iter().find_map(differs);
        let gone = || {
            let mut keys = written.iter().map(|(key, _)| key.to_owned());
            keys.find(|key| !wanted.contains_key(key) && !dynamic(key))
        };
        changed.or_else(gone).map(|key| format!("{key} changes"))
    }

    /// A node's settings, from the spec alone.
    fn settings(&self, spec: &ClusterSpec, (node, role): (NodeId, NodeRole)) -> BTreeMap<String, String> {
        let mut settings = spec.resource.config.clone();
        let mut set = |key: &str, value: String| settings.insert(key.to_owned(), value);
        let clients = client_listeners(spec, node);
        let mut protocols: Vec<String> =
            clients.iter().map(|(name, _)| format!("{name}:PLAINTEXT")).collect();
        protocols.push(format!("{CONTROLLER}:PLAINTEXT"));
        let mut bound = Vec::new();
        if role.is_broker() {
            bound.extend(clients.iter().map(|(name, port)| format!("{name}://127.0.0.1:{port}")));
            set("advertised.listeners", bound.join(","));
            set("inter.broker.listener.name", clients[0].0.clone());
        }
        if role.is_controller() {
            bound.push(format!("{CONTROLLER}://127.0.0.1:{}", controller_port(spec, node)));
        }
        let quorum = spec.controllers().map(|node| format!("127.0.0.1:{}", controller_port(spec, node.id)));
        let shown = |dir: &PathBuf| absolute(dir).display().to_string();
        set("node.id", node.to_string());
        set("process.roles", role.process_roles().to_owned());
        set("listeners", bound.join(","));
        set("listener.security.protocol.map", protocols.join(","));
        set("controller.listener.names", CONTROLLER.to_owned());
        set("controller.quorum.bootstrap.servers", quorum.collect::<Vec<_>>().join(","));
        let dirs = self.log_dirs(spec, node);
        set("log.dirs", dirs.iter().map(shown).collect::<Vec<_>>().join(","));
        let metadata = self.metadata_dir(spec, node);
        if dirs.first() != Some(&metadata) {
            set("metadata.log.dir", shown(&metadata));
        }
        settings
    }
}

fn node_of_folder(name: &str) -> Option<NodeId> {
    NodeId::new(name.strip_prefix("node-")?.parse().ok()?)
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn replace(path: &Path, content: &str) -> Result<()> {
    let temporary = path.with_extension("tmp");
    fs::write(&temporary, content).with_context(|| temporary.display().to_string())?;
    fs::rename(&temporary, path).with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_known_by_a_command_line_that_names_its_file() {
        let layout = Layout::new(Path::new("/data/.klamm/c"));
        let node = |command: &str| layout.node_of_command(command.replace(' ', "\0").as_bytes());
        assert_eq!(node("klamm server-start /data/.klamm/c/node-3/server.properties "), NodeId::new(3));
        for other in [
            "klamm server-start /data/.klamm/d/node-3/server.properties ",
            "klamm server-start .klamm/c/node-3/server.properties ",
            "less /data/.klamm/c/node-3/server.properties ",
            "klamm server-start",
            "",
        ] {
            assert_eq!(node(other), None, "{other}");
        }
    }
}
