//! Nodes of both systems that form one cluster.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::oracle::broker::{CLUSTER_ID, FEATURES_OFF, System, klamm_binary};
use crate::oracle::jars::JarSet;
use crate::oracle::java::Program;
use crate::oracle::ports;

/// Settings of comparisons: nodes that start late on a busy machine are waited for, groups are not.
pub const PATIENT: &str = "group.initial.rebalance.delay.ms=0\ninitial.broker.registration.timeout.ms=600000\n\
     broker.session.timeout.ms=25000\nmetadata.log.max.record.bytes.between.snapshots=2000\n";

/// How a JVM runs a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jvm {
    /// As small as it goes.
    Small,
    /// As Kafka's scripts start it.
    OfTheScripts,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Controller,
    /// Formatted without knowing the voters; added later.
    LateController,
    Broker,
    /// Controller and broker.
    Both,
}

impl Role {
    fn is_first_voter(self) -> bool {
        matches!(self, Role::Controller | Role::Both)
    }

    fn is_broker(self) -> bool {
        matches!(self, Role::Broker | Role::Both)
    }
}

/// One node.
pub struct Node {
    pub id: u32,
    pub system: System,
    pub role: Role,
    dir: PathBuf,
    /// Of clients; of the quorum where the node is a controller only.
    pub port: u16,
    /// Of the quorum.
    quorum_port: u16,
    child: Option<Child>,
}

/// A cluster.
pub struct Site {
    // Removed with the site unless `KLAMM_KEEP` is set.
    temporary: TempDir,
    pub nodes: Vec<Node>,
}

/// How the voters are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voters {
    Static,
    Dynamic,
}

impl Site {
    /// Formats nodes with ids from 1 on; `more` are settings of all of them.
    pub fn create(plan: &[(System, Role)], voters: Voters, more: &str) -> Result<Site> {
        let mut temporary = tempfile::Builder::new().prefix("klamm-quorum-").tempdir()?;
        if std::env::var_os("KLAMM_KEEP").is_some() {
            temporary.disable_cleanup(true);
            eprintln!("keeping {}", temporary.path().display());
        }
        let ports: [u16; 16] = ports::free()?;
        let mut nodes = Vec::new();
        for (((system, role), ports), id) in plan.iter().zip(ports.chunks(2)).zip(1..) {
            let dir = temporary.path().join(format!("node-{id}"));
            fs::create_dir(&dir)?;
            let quorum_port = if *role == Role::Both { ports[1] } else { ports[0] };
            let (system, role, port) = (*system, *role, ports[0]);
            nodes.push(Node { id, system, role, dir, port, quorum_port, child: None });
        }
        let site = Site { temporary, nodes };
        for node in &site.nodes {
            site.write_properties(node, voters, more)?;
            site.format(node, voters)?;
        }
        Ok(site)
    }

    fn write_properties(&self, node: &Node, voters: Voters, more: &str) -> Result<()> {
        let first = self.nodes.iter().filter(|node| node.role.is_first_voter());
        let quorum = match voters {
            Voters::Static => {
                let voters = first.map(|node| format!("{}@127.0.0.1:{}", node.id, node.quorum_port));
                format!("controller.quorum.voters={}", voters.collect::<Vec<_>>().join(","))
            }
            Voters::Dynamic => {
                let servers = first.map(|node| format!("127.0.0.1:{}", node.quorum_port));
                format!("controller.quorum.bootstrap.servers={}", servers.collect::<Vec<_>>().join(","))
            }
        };
        let clients = format!("PLAINTEXT://127.0.0.1:{}", node.port);
        let peers = format!("CONTROLLER://127.0.0.1:{}", node.quorum_port);
        let (role, listeners) = match node.role {
            Role::Broker => ("broker", clients),
            Role::Controller | Role::LateController => ("controller", peers),
            Role::Both => ("broker,controller", format!("{clients},{peers}")),
        };
        let properties = format!(
            "process.roles={role}\nnode.id={}\nlisteners={listeners}\n\
             controller.listener.names=CONTROLLER\n{quorum}\n\
             listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT\n\
             log.dirs={}\n{more}",
            node.id,
            node.data().display()
        );
        fs::write(node.properties(), properties)?;
        Ok(())
    }

    fn format(&self, node: &Node, voters: Voters) -> Result<()> {
        let mut command = Command::new(klamm_binary()?);
        command.args(["storage", "format", "-t", CLUSTER_ID, "-c"]).arg(node.properties());
        match (voters, node.role) {
            (Voters::Dynamic, Role::Controller | Role::Both) => {
                let first = self.nodes.iter().filter(|node| node.role.is_first_voter());
                let voters: Vec<_> = first
                    .map(|node| {
                        format!("{}@127.0.0.1:{}:{}", node.id, node.quorum_port, directory_id(node.id))
                    })
                    .collect();
                command.arg("--initial-controllers").arg(voters.join(","));
            }
            (Voters::Dynamic, Role::LateController) => {
                command.arg("--no-initial-controllers");
            }
            (Voters::Static, _) | (Voters::Dynamic, Role::Broker) => {}
        }
        for feature in FEATURES_OFF {
            command.args(["--feature", &format!("{feature}=0")]);
        }
        let output = command.output().context("run klamm storage format")?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(output.status.success(), "node {} cannot be formatted: {said}", node.id);
        Ok(())
    }

    /// The bootstrap list of all brokers.
    pub fn brokers(&self) -> String {
        let brokers = self.nodes.iter().filter(|node| node.role.is_broker());
        brokers.map(|node| format!("127.0.0.1:{}", node.port)).collect::<Vec<_>>().join(",")
    }

    pub fn node(&mut self, id: u32) -> Result<&mut Node> {
        self.nodes.iter_mut().find(|node| node.id == id).with_context(|| format!("node {id}"))
    }

    /// The last lines of all nodes' output.
    pub fn report(&self) -> String {
        let last = |node: &Node| {
            let text = fs::read_to_string(node.output()).unwrap_or_default();
            let lines: Vec<&str> = text.lines().collect();
            let shown = lines[lines.len().saturating_sub(15)..].join("\n");
            format!("--- node {} ({})\n{shown}\n", node.id, node.system.name())
        };
        self.nodes.iter().map(last).collect()
    }

    /// Where the nodes' folders are.
    pub fn dir(&self) -> &Path {
        self.temporary.path()
    }
}

fn directory_id(node: u32) -> String {
    let letter = char::from_u32('A' as u32 + node).unwrap_or('Z');
    format!("TESTTESTTESTTESTTEST{letter}A")
}

impl Node {
    /// Its log directory.
    pub fn data(&self) -> PathBuf {
        self.dir.join("data")
    }

    /// Its server.properties.
    pub fn properties(&self) -> PathBuf {
        self.dir.join("server.properties")
    }

    fn output(&self) -> PathBuf {
        self.dir.join("out")
    }

    /// `directory.id` of its log directory.
    pub fn directory(&self) -> Result<String> {
        let text = fs::read_to_string(self.data().join("meta.properties"))?;
        let id = text.lines().find_map(|line| line.strip_prefix("directory.id="));
        Ok(id.context("meta.properties has no directory.id")?.to_owned())
    }

    /// Snapshots of the metadata beside the one that `format` wrote.
    pub fn snapshots(&self) -> usize {
        let entries = fs::read_dir(self.data().join("__cluster_metadata-0"));
        let names = entries.into_iter().flatten().flatten().map(|entry| entry.file_name());
        let is_snapshot = |name: &std::ffi::OsString| {
            let name = name.to_string_lossy();
            name.ends_with(".checkpoint") && !name.starts_with("00000000000000000000-")
        };
        names.filter(is_snapshot).count()
    }

    /// Starts its process, in a small JVM.
    pub fn start(&mut self) -> Result<()> {
        self.start_with(Jvm::Small)
    }

    /// Starts its process.
    pub fn start_with(&mut self, jvm: Jvm) -> Result<()> {
        let program = || Program::of_jars(JarSet::Kafka);
        let mut command = match (self.system, jvm) {
            (System::Kafka, Jvm::Small) => {
                let mut command = program()?.command("kafka.Kafka");
                command.env("JAVA_TOOL_OPTIONS", "-Xmx256m");
                command
            }
            (System::Kafka, Jvm::OfTheScripts) => program()?.broker_of_the_scripts(),
            (System::Klamm, _) => {
                let mut command = Command::new(klamm_binary()?);
                command.arg("server-start");
                command
            }
        };
        let log = File::options().create(true).append(true).open(self.output())?;
        command.arg(self.properties()).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        self.child = Some(command.spawn().with_context(|| format!("start node {}", self.id))?);
        Ok(())
    }

    /// Ends its process as `kill -9` does.
    pub fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Asks it to stop and waits for its end.
    pub fn stop(&mut self) -> Result<()> {
        let Some(mut child) = self.child.take() else { return Ok(()) };
        let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw).context("a process id")?;
        kill_process(pid, Signal::TERM)?;
        let status = child.wait()?;
        // A JVM that was asked to stop ends with 143.
        let is_well = status.success() || (self.system == System::Kafka && status.code() == Some(143));
        ensure!(is_well, "node {} ended with {status}", self.id);
        Ok(())
    }

    /// Stops its process for now (SIGSTOP).
    pub fn pause(&self) -> Result<()> {
        self.signal(Signal::STOP)
    }

    /// Lets it go on.
    pub fn resume(&self) -> Result<()> {
        self.signal(Signal::CONT)
    }

    fn signal(&self, signal: Signal) -> Result<()> {
        let child = self.child.as_ref().context("a running node")?;
        let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw).context("a process id")?;
        Ok(kill_process(pid, signal)?)
    }

    /// The bytes of all segments of a partition's log.
    pub fn segments(&self, partition: &str) -> Result<Vec<u8>> {
        let Ok(entries) = fs::read_dir(self.data().join(partition)) else { return Ok(Vec::new()) };
        let mut logs = Vec::new();
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "log") {
                logs.push(path);
            }
        }
        logs.sort();
        let mut bytes = Vec::new();
        for log in logs {
            bytes.extend(fs::read(log)?);
        }
        Ok(bytes)
    }

    /// Its process, while it runs.
    pub fn process_id(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Fails if its process has ended by itself.
    pub fn check(&mut self) -> Result<()> {
        if let Some(child) = &mut self.child
            && let Some(status) = child.try_wait()?
        {
            anyhow::bail!("node {} ({}) ended: {status}", self.id, self.system.name());
        }
        Ok(())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It fails only where the process has already ended.
        self.kill().ok();
    }
}
