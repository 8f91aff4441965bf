//! One node's process.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use klamm_protocol::messages::MetadataRequest;
use rustix::process::{Pid, Signal, kill_process};

use super::callers::ProcessCell;
use super::{DEADLINE, log_lines, loopback, proc_status};
use crate::wire::RawConnection;

const POLL: Duration = Duration::from_millis(10);

/// How a process ended that was not meant to run on.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Its exit status.
    pub status: ExitStatus,
    /// What it printed.
    pub said: String,
}

/// A node's folder and, while it runs, its process; dropping it kills the process.
#[derive(Debug)]
pub struct LocalNode {
    binary: PathBuf,
    id: i32,
    dir: PathBuf,
    /// Of clients and of controllers.
    ports: [u16; 2],
    process: Option<Child>,
    /// Where others look for it.
    told: ProcessCell,
}

impl LocalNode {
    pub(super) fn new(
        binary: PathBuf,
        id: i32,
        dir: PathBuf,
        ports: [u16; 2],
        told: ProcessCell,
    ) -> LocalNode {
        LocalNode { binary, id, dir, ports, process: None, told }
    }

    /// `node.id`.
    pub fn id(&self) -> i32 {
        self.id
    }

    /// Its folder: `server.properties`, `data`, `log`.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Its log directory.
    pub fn data(&self) -> PathBuf {
        self.dir.join("data")
    }

    /// Its properties file.
    pub fn properties(&self) -> PathBuf {
        self.dir.join("server.properties")
    }

    /// Where clients reach it.
    pub fn address(&self) -> SocketAddr {
        loopback(self.ports[0])
    }

    /// Where controllers reach it.
    pub fn controller_address(&self) -> SocketAddr {
        loopback(self.ports[1])
    }

    /// A command that starts it.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command.arg("server-start").arg(self.properties()).env("NO_COLOR", "1").stdin(Stdio::null());
        command
    }

    /// Starts the process.
    pub fn spawn(&mut self) -> Result<()> {
        self.spawn_with(|_| {})
    }

    /// Starts the process by a changed command.
    pub fn spawn_with(&mut self, change: impl FnOnce(&mut Command)) -> Result<()> {
        ensure!(self.process.is_none(), "node {} runs already", self.id);
        let log = File::options().create(true).append(true).open(self.log_file())?;
        let mut command = self.command();
        change(&mut command);
        let process = command.stdout(log.try_clone()?).stderr(log).spawn();
        let process = process.with_context(|| format!("start {}", self.binary.display()))?;
        self.told.set(Some(process.id()));
        self.process = Some(process);
        Ok(())
    }

    /// Starts the process and waits until it serves.
    pub fn start(&mut self) -> Result<()> {
        self.spawn()?;
        self.await_brokers(1)
    }

    /// Waits until its metadata names `count` brokers.
    pub fn await_brokers(&mut self, count: usize) -> Result<()> {
        let deadline = Instant::now() + DEADLINE;
        loop {
            if self.brokers().is_ok_and(|brokers| brokers >= count) {
                return Ok(());
            }
            if let Some(status) = self.running()?.try_wait()? {
                self.process = None;
                bail!("node {} ended: {status}\n{}", self.id, self.log());
            }
            ensure!(Instant::now() < deadline, "node {} does not serve\n{}", self.id, self.log());
            thread::sleep(POLL);
        }
    }

    /// Whether clients are served at its address, by whatever process.
    pub fn serves(&self) -> bool {
        self.brokers().is_ok_and(|brokers| brokers > 0)
    }

    fn brokers(&self) -> Result<usize> {
        let mut connection = RawConnection::open(self.address())?;
        let request = MetadataRequest { topics: Some(Vec::new()), ..MetadataRequest::default() };
        Ok(connection.ask(&request, 4)?.brokers.len())
    }

    /// Runs its command to the end, which has to come by itself. For starts that must fail.
    pub fn run_to_end(&self, change: impl FnOnce(&mut Command)) -> Result<Ended> {
        let mut command = self.command();
        change(&mut command);
        let out = self.dir.join("ended");
        let file = File::create(&out)?;
        let mut process = command.stdout(file.try_clone()?).stderr(file).spawn()?;
        let deadline = Instant::now() + DEADLINE;
        while process.try_wait()?.is_none() {
            if Instant::now() > deadline {
                process.kill()?;
                process.wait()?;
                bail!("the process runs on\n{}", fs::read_to_string(&out)?);
            }
            thread::sleep(POLL);
        }
        Ok(Ended { status: process.wait()?, said: fs::read_to_string(&out)? })
    }

    /// Whether its process runs.
    pub fn is_running(&mut self) -> Result<bool> {
        match &mut self.process {
            Some(process) => Ok(process.try_wait()?.is_none()),
            None => Ok(false),
        }
    }

    fn running(&mut self) -> Result<&mut Child> {
        self.process.as_mut().context("the node does not run")
    }

    /// The process id.
    pub fn pid(&self) -> Result<u32> {
        Ok(self.process.as_ref().context("the node does not run")?.id())
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        let pid = Pid::from_raw(i32::try_from(self.pid()?)?).context("a process id is positive")?;
        kill_process(pid, signal).with_context(|| format!("signal {signal:?} to node {}", self.id))
    }

    /// SIGTERM, and waits for an end without error.
    pub fn stop(&mut self) -> Result<()> {
        self.signal(Signal::TERM)?;
        let status = self.await_end()?;
        ensure!(status.success(), "node {} stopped with {status}\n{}", self.id, self.log());
        Ok(())
    }

    /// Waits for the end.
    pub fn await_end(&mut self) -> Result<ExitStatus> {
        let deadline = Instant::now() + DEADLINE;
        loop {
            if let Some(status) = self.running()?.try_wait()? {
                self.process = None;
                self.told.set(None);
                return Ok(status);
            }
            ensure!(Instant::now() < deadline, "node {} does not end\n{}", self.id, self.log());
            thread::sleep(POLL);
        }
    }

    /// SIGKILL.
    pub fn kill(&mut self) -> Result<()> {
        let mut process = self.process.take().context("the node does not run")?;
        process.kill()?;
        process.wait()?;
        self.told.set(None);
        Ok(())
    }

    fn log_file(&self) -> PathBuf {
        self.dir.join("log")
    }

    /// What it has logged, over all its starts.
    pub fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// Fails on lines of the log that warn or worse, unless they contain one of `expected`.
    pub fn check_log(&self, expected: &[&str]) -> Result<()> {
        let lines = log_lines::unexpected(&self.log(), expected);
        ensure!(lines.is_empty(), "node {} logged what nobody expected:\n{}", self.id, lines.join("\n"));
        Ok(())
    }

    /// Resident memory in bytes.
    pub fn resident_bytes(&self) -> Result<u64> {
        proc_status::resident_bytes(self.pid()?)
    }

    /// Open descriptors.
    pub fn open_descriptors(&self) -> Result<usize> {
        proc_status::open_descriptors(self.pid()?)
    }
}

impl Drop for LocalNode {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            // Both fail only where the process has already ended.
            process.kill().ok();
            process.wait().ok();
        }
    }
}
