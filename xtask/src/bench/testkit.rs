//! Calls `klamm-testkit` and reads its one line of JSON.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::{env, process};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::oracle::cache;

/// The built tool.
#[derive(Clone, Debug)]
pub struct Testkit {
    program: PathBuf,
}

impl Testkit {
    /// The binary of `$KLAMM_TESTKIT`, else builds it as fast as what it measures.
    pub fn build() -> Result<Testkit> {
        if let Some(program) = env::var_os("KLAMM_TESTKIT") {
            return Ok(Testkit { program: program.into() });
        }
        let workspace = cache::workspace();
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--release", "--package", "klamm-testkit", "--bin", "klamm-testkit"]);
        let status = cargo.current_dir(&workspace).status()?;
        ensure!(status.success(), "cargo build --release --package klamm-testkit: {status}");
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from);
        Ok(Testkit { program: target.join("release/klamm-testkit") })
    }

    /// A subcommand, to be started.
    pub fn command(&self, arguments: &[String]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments);
        command
    }

    /// Runs a subcommand to its end.
    pub fn call(&self, arguments: &[String]) -> Result<Value> {
        let output = self.command(arguments).stderr(Stdio::inherit()).output()?;
        ensure!(output.status.success(), "klamm-testkit {}: {}", arguments.join(" "), output.status);
        serde_json::from_slice(&output.stdout).with_context(|| format!("output of {}", arguments.join(" ")))
    }

    /// Starts the bare loop on a new file.
    pub fn bare_loop(&self, file: &Path, turns: Turns) -> Result<BareLoop> {
        let mut command = Command::new(&self.program);
        command.arg("bare-loop").arg(file).stdout(Stdio::piped());
        if turns == Turns::Many {
            command.arg("--many");
        }
        let mut child = command.spawn().context("start the bare loop")?;
        let mut line = String::new();
        let output = child.stdout.take().context("standard output is piped")?;
        BufReader::new(output).read_line(&mut line)?;
        let address = line.trim().parse().context("address of the bare loop")?;
        Ok(BareLoop { child, address })
    }
}

/// How many connections the bare loop serves at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turns {
    /// It waits for this one alone.
    One,
    /// As many as come.
    Many,
}

/// The bare loop's process; dropping it ends it.
#[derive(Debug)]
pub struct BareLoop {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl BareLoop {
    /// Its process.
    pub fn process_id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for BareLoop {
    fn drop(&mut self) {
        // Both fail only where it has already ended.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// A number of a report, by its path.
pub fn number(report: &Value, path: &str) -> Result<f64> {
    report.pointer(path).and_then(Value::as_f64).with_context(|| format!("{path} in {report}"))
}

/// A name that two runs at the same time do not share.
pub fn unique(name: &str) -> String {
    format!("{name}-{}", process::id())
}
