//! A node of either system on a fresh directory, with the defaults of its own start script.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::oracle::broker::{CLUSTER_ID, FEATURES_OFF};
use crate::oracle::jars::JarSet;
use crate::oracle::java::Program;
use crate::oracle::{ports, readiness};

const PROPERTIES: &str = include_str!("server.properties");
const START_LIMIT: Duration = Duration::from_secs(180);
const STOP_LIMIT: Duration = Duration::from_secs(60);
/// Between two looks whether a starting node answers.
const POLL: Duration = Duration::from_micros(500);
/// Who is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum System {
    /// This project.
    Klamm,
    /// Apache Kafka 4.4.0.
    Kafka,
    /// Read, checksum, append, answer.
    Bare,
}

impl System {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            System::Klamm => "Klamm",
            System::Kafka => "Apache Kafka",
            System::Bare => "bare loop",
        }
    }
}

/// A running node; dropping it kills the process and removes the directory.
#[derive(Debug)]
pub struct Node {
    child: Child,
    /// Where clients connect.
    pub address: SocketAddr,
    /// From the start of the process to the first answer that names the broker.
    pub started_in: Duration,
    directory: TempDir,
}

impl Node {
    /// Formats a directory in `place` and starts `system` there; `binary` is Klamm's.
    pub fn start(system: System, binary: &Path, place: &Path) -> Result<Node> {
        let directory = tempfile::Builder::new().prefix("node-").tempdir_in(place)?;
        let [port, controller_port] = ports::free()?;
        let properties = PROPERTIES
            .replace("{{port}}", &port.to_string())
            .replace("{{controller_port}}", &controller_port.to_string())
            .replace("{{log_dir}}", &directory.path().join("log").display().to_string());
        let config = directory.path().join("server.properties");
        fs::write(&config, properties)?;
        format(system, binary, &config)?;
        let log = File::create(output(directory.path()))?;
        let mut command = server(system, binary)?;
        command.arg(&config).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let begun = Instant::now();
        let child = command.spawn().with_context(|| format!("start {}", system.name()))?;
        let mut node = Node { child, address, started_in: Duration::ZERO, directory };
        node.await_service(begun)?;
        node.started_in = begun.elapsed();
        Ok(node)
    }

    /// Its process.
    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// An orderly stop.
    pub fn stop(mut self) -> Result<()> {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).context("a process id")?;
        kill_process(pid, Signal::TERM).context("signal the node")?;
        let deadline = Instant::now() + STOP_LIMIT;
        while self.child.try_wait()?.is_none() {
            ensure!(Instant::now() < deadline, "the node did not stop in {STOP_LIMIT:?}\n{}", self.printed());
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    fn await_service(&mut self, begun: Instant) -> Result<()> {
        while !readiness::serves(self.address) {
            if let Some(status) = self.child.try_wait()? {
                bail!("ended at its start: {status}\n{}", self.printed());
            }
            ensure!(
                begun.elapsed() < START_LIMIT,
                "does not serve after {START_LIMIT:?}\n{}",
                self.printed()
            );
            thread::sleep(POLL);
        }
        Ok(())
    }

    fn printed(&self) -> String {
        fs::read_to_string(output(self.directory.path())).unwrap_or_default()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // Both fail only where the process has already ended.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn output(directory: &Path) -> PathBuf {
    directory.join("output")
}

fn format(system: System, binary: &Path, config: &Path) -> Result<()> {
    let mut command = match system {
        System::Kafka => Program::of_jars(JarSet::Kafka)?.command("kafka.tools.StorageTool"),
        System::Klamm | System::Bare => {
            let mut command = Command::new(binary);
            command.arg("storage");
            command
        }
    };
    command.args(["format", "--standalone", "-t", CLUSTER_ID, "-c"]).arg(config);
    for feature in FEATURES_OFF {
        command.args(["--feature", &format!("{feature}=0")]);
    }
    let output = command.output().with_context(|| format!("format for {}", system.name()))?;
    let text = [output.stdout, output.stderr].concat();
    ensure!(output.status.success(), "{}: {}", system.name(), String::from_utf8_lossy(&text));
    Ok(())
}

fn server(system: System, binary: &Path) -> Result<Command> {
    Ok(match system {
        System::Kafka => Program::of_jars(JarSet::Kafka)?.broker_of_the_scripts(),
        System::Klamm | System::Bare => {
            let mut command = Command::new(binary);
            command.arg("server-start");
            command
        }
    })
}
