//! One combined node, of Apache Kafka or of Klamm, formatted in its own directory and run as a child process.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, thread};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::cache;
use super::jars::JarSet;
use super::java::Program;
use super::{ports, readiness};

/// The properties of both systems, with `{{name}}` where a run's own values go.
const TEMPLATE: &str = "tests/compat/server.properties";
/// Any valid id will do; a fixed one makes directories of two runs comparable.
pub const CLUSTER_ID: &str = "klammCompatCluster0000";
/// Features that Klamm does not serve yet: both systems are formatted without them, so that both offer the same.
pub const FEATURES_OFF: &[&str] =
    &["group.version", "share.version", "streams.version", "transaction.version"];

const START_LIMIT: Duration = Duration::from_secs(300);
const STOP_LIMIT: Duration = Duration::from_secs(120);
const POLL: Duration = Duration::from_millis(20);

/// Which implementation runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Apache Kafka 4.4.0, the oracle.
    Kafka,
    /// This project's node: the binary of `$KLAMM_BIN`, else of `cargo build --release`.
    Klamm,
}

impl System {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            System::Kafka => "Apache Kafka",
            System::Klamm => "Klamm",
        }
    }
}

/// A node's directory with its properties; it can be started by either system, and again after a stop.
#[derive(Debug)]
pub struct Site {
    // Removed with the site unless `KLAMM_KEEP` is set.
    _temporary: Option<TempDir>,
    dir: PathBuf,
    address: SocketAddr,
    controller: SocketAddr,
}

impl Site {
    /// A temporary directory with `server.properties` from the template and `more` lines (`key=value`) after it.
    pub fn create(more: &[&str]) -> Result<Site> {
        let mut temporary = tempfile::Builder::new().prefix("klamm-compat-").tempdir()?;
        if env::var_os("KLAMM_KEEP").is_some() {
            temporary.disable_cleanup(true);
            eprintln!("keeping {}", temporary.path().display());
        }
        let dir = temporary.path().to_path_buf();
        let [port, controller_port] = ports::free()?;
        let template = fs::read_to_string(cache::workspace().join(TEMPLATE))?;
        let properties = template
            .replace("{{port}}", &port.to_string())
            .replace("{{controller_port}}", &controller_port.to_string())
            .replace("{{log_dir}}", &dir.join("log").display().to_string());
        let properties = format!("{properties}{}\n", more.join("\n"));
        ensure!(!properties.contains("{{"), "{TEMPLATE} has a placeholder without a value");
        fs::write(dir.join("server.properties"), properties)?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let controller = SocketAddr::from((Ipv4Addr::LOCALHOST, controller_port));
        Ok(Site { _temporary: Some(temporary), dir, address, controller })
    }

    /// Where `server.properties`, the log directory (`log`) and the process's output (`*.out`) lie.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The node's log directory.
    pub fn log_dir(&self) -> PathBuf {
        self.dir.join("log")
    }

    /// The address clients use.
    pub fn bootstrap(&self) -> String {
        self.address.to_string()
    }

    /// The address of the controller.
    pub fn controller(&self) -> String {
        self.controller.to_string()
    }

    /// `storage format` by `system`, with [`FEATURES_OFF`] at level 0.
    pub fn format(&self, system: System) -> Result<()> {
        let mut command = match system {
            System::Kafka => Program::of_jars(JarSet::Kafka)?.command("kafka.tools.StorageTool"),
            System::Klamm => {
                let mut command = Command::new(klamm_binary()?);
                command.arg("storage");
                command
            }
        };
        command.args(["format", "--standalone", "-t", CLUSTER_ID, "-c"]).arg(self.properties());
        for feature in FEATURES_OFF {
            command.args(["--feature", &format!("{feature}=0")]);
        }
        let output = command.output().with_context(|| format!("format by {}", system.name()))?;
        let text = [output.stdout, output.stderr].concat();
        ensure!(
            output.status.success(),
            "{} could not format: {}\n{}",
            system.name(),
            output.status,
            String::from_utf8_lossy(&text)
        );
        Ok(())
    }

    /// Starts `system` in this directory and waits until it serves clients.
    pub fn start(&self, system: System) -> Result<Broker> {
        let mut command = self.command(system)?;
        let output = self.dir.join(format!("{}.out", system.name().replace(' ', "-").to_lowercase()));
        let log = File::options().create(true).append(true).open(&output)?;
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let child = command.spawn().with_context(|| format!("start {}", system.name()))?;
        let mut broker = Broker { child, system, output, bootstrap: self.bootstrap() };
        broker.await_service(self.address)?;
        Ok(broker)
    }

    /// The command that starts `system` here.
    fn command(&self, system: System) -> Result<Command> {
        let mut command = match system {
            System::Kafka => {
                let mut command = Program::of_jars(JarSet::Kafka)?.command("kafka.Kafka");
                command.env("KAFKA_HEAP_OPTS", "");
                command
            }
            System::Klamm => {
                let mut command = Command::new(klamm_binary()?);
                command.arg("server-start");
                command
            }
        };
        command.arg(self.properties());
        Ok(command)
    }

    /// Starts `system` where it has to end by itself, with settings on top of the file: its exit code (`None` where it
    /// ran on and was killed) and what it printed.
    pub fn run_to_end(&self, system: System, overrides: &[String]) -> Result<(Option<i32>, String)> {
        let mut command = self.command(system)?;
        for setting in overrides {
            command.args(["--override", setting]);
        }
        let path = self.dir.join("ended.out");
        let file = File::create(&path)?;
        let mut child = command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file).spawn()?;
        let deadline = Instant::now() + START_LIMIT;
        while child.try_wait()?.is_none() && Instant::now() < deadline {
            thread::sleep(POLL);
        }
        let code = child.try_wait()?.and_then(|status| status.code());
        if code.is_none() {
            child.kill()?;
        }
        child.wait()?;
        Ok((code, fs::read_to_string(&path)?))
    }

    /// Its properties file.
    pub fn properties(&self) -> PathBuf {
        self.dir.join("server.properties")
    }
}

/// A running node; dropping it kills the process.
#[derive(Debug)]
pub struct Broker {
    child: Child,
    system: System,
    output: PathBuf,
    bootstrap: String,
}

impl Broker {
    /// The address clients use.
    pub fn bootstrap(&self) -> &str {
        &self.bootstrap
    }

    /// The process.
    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// What the process printed so far.
    pub fn output(&self) -> String {
        fs::read_to_string(&self.output).unwrap_or_default()
    }

    /// A controlled shutdown by SIGTERM; fails where the process has not ended in time.
    pub fn stop(mut self) -> Result<()> {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).context("a process id")?;
        kill_process(pid, Signal::TERM).context("signal the broker")?;
        let deadline = Instant::now() + STOP_LIMIT;
        while self.child.try_wait()?.is_none() {
            ensure!(Instant::now() < deadline, "{} did not stop in {STOP_LIMIT:?}", self.system.name());
            thread::sleep(POLL);
        }
        Ok(())
    }

    /// Ends the process as `kill -9` does.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    fn await_service(&mut self, address: SocketAddr) -> Result<()> {
        let deadline = Instant::now() + START_LIMIT;
        while !readiness::serves(address) {
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended at its start: {status}\n{}", self.system.name(), self.output());
            }
            if Instant::now() > deadline {
                bail!("{} does not serve after {START_LIMIT:?}\n{}", self.system.name(), self.output());
            }
            thread::sleep(POLL);
        }
        Ok(())
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        // Both fail only where the process has already ended.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The `klamm` binary: `$KLAMM_BIN`, else the one `cargo build --release` makes (and makes now).
pub fn klamm_binary() -> Result<PathBuf> {
    if let Some(path) = env::var_os("KLAMM_BIN") {
        let path = PathBuf::from(path);
        ensure!(path.is_file(), "KLAMM_BIN={} is not a file", path.display());
        return Ok(path);
    }
    let workspace = cache::workspace();
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let status = cargo.args(["build", "--release", "--bin", "klamm"]).current_dir(&workspace).status()?;
    ensure!(status.success(), "cargo build --release --bin klamm: {status}");
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from);
    Ok(target.join("release/klamm"))
}
