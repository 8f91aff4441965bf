//! The Java program that fills a cluster and prints what it holds.

use anyhow::{Result, ensure};

use crate::oracle::broker::Broker;
use crate::oracle::jars::JarSet;
use crate::oracle::java::Program;

const SOURCE: &str = "tests/directories/Directories.java";

/// On a busy machine a broker is not fenced for a late heartbeat, and waits until its killed predecessor is.
pub const PATIENT: [&str; 2] =
    ["broker.session.timeout.ms=30000", "initial.broker.registration.timeout.ms=600000"];

/// The compiled program.
pub struct Client(Program);

impl Client {
    /// Compiles it, or finds it compiled.
    pub fn compile() -> Result<Client> {
        Ok(Client(Program::compile(JarSet::Kafka, &[SOURCE])?))
    }

    /// Writes a round: topics, records of all codecs, groups, configs, deletions.
    pub fn write(&self, broker: &Broker, round: u32) -> Result<()> {
        self.run(&["write", broker.bootstrap(), &round.to_string()]).map(drop)
    }

    /// Writes a round of recurring keys to a topic.
    pub fn write_keys(&self, broker: &Broker, topic: &str, round: u32) -> Result<()> {
        self.run(&["keys", broker.bootstrap(), topic, &round.to_string()]).map(drop)
    }

    /// Makes a compacted topic with transactions of every kind.
    pub fn write_transactions(&self, broker: &Broker, topic: &str) -> Result<()> {
        self.run(&["transactions", broker.bootstrap(), topic]).map(drop)
    }

    /// Makes a compacted topic whose active segment begins with the marker of an aborted transaction.
    pub fn write_undone(&self, broker: &Broker, topic: &str) -> Result<()> {
        self.run(&["undone", broker.bootstrap(), topic]).map(drop)
    }

    /// All that a client can see of the cluster, as lines.
    pub fn read(&self, broker: &Broker) -> Result<String> {
        self.run(&["read", broker.bootstrap()])
    }

    fn run(&self, arguments: &[&str]) -> Result<String> {
        let output = self.0.command("Directories").args(arguments).output()?;
        let errors = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{arguments:?} failed: {}\n{errors}", output.status);
        Ok(String::from_utf8(output.stdout)?)
    }
}

/// Fails at the first line that differs.
pub fn ensure_equal(what: &str, expected: &str, found: &str) -> Result<()> {
    if expected == found {
        return Ok(());
    }
    let (mut expected_lines, mut found_lines) = (expected.lines(), found.lines());
    let mut number = 0;
    loop {
        number += 1;
        match (expected_lines.next(), found_lines.next()) {
            (Some(a), Some(b)) if a == b => {}
            (a, b) => {
                let (a, b) = (a.unwrap_or("(the end)"), b.unwrap_or("(the end)"));
                anyhow::bail!("{what}: line {number}\n  expected {a}\n  found    {b}");
            }
        }
    }
}
