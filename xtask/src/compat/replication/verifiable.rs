//! Kafka's verifiable producer and consumer, and ours, as processes that run on while the cluster changes; and what they
//! told in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::compat::quorum::admin::PATIENCE;
use crate::oracle::broker::{System, klamm_binary};
use crate::oracle::jars::JarSet;
use crate::oracle::java::Program;

/// Idempotent, and patient enough for anything short of loss.
const PRODUCER: &str = "acks=all\nretries=2147483647\nenable.idempotence=true\ndelivery.timeout.ms=300000\n\
                        request.timeout.ms=20000\nretry.backoff.ms=20\nreconnect.backoff.max.ms=200\n";
const CONSUMER: &str = "reconnect.backoff.max.ms=200\n";
/// Records a second of one producer.
const THROUGHPUT: &str = "150";
const POLL: Duration = Duration::from_millis(200);

/// A place of a record.
type Place = (i64, i64);

/// One tool that runs on.
pub(super) struct Running {
    name: String,
    child: Child,
    told: PathBuf,
}

impl Running {
    /// A producer of `system` that numbers its records behind `prefix`.
    pub(super) fn producer(dir: &Path, system: System, to: (&str, &str), prefix: u32) -> Result<Running> {
        let prefix = prefix.to_string();
        let options = ["--throughput", THROUGHPUT, "--acks", "-1", "--value-prefix", &prefix];
        Running::start(dir, &format!("producer-{prefix}"), (system, "Producer"), to, (&options, PRODUCER))
    }

    /// A consumer of `system` that tells of each record.
    pub(super) fn consumer(dir: &Path, system: System, to: (&str, &str), group: &str) -> Result<Running> {
        let options = ["--group-id", group, "--verbose", "--reset-policy", "earliest"];
        Running::start(dir, group, (system, "Consumer"), to, (&options, CONSUMER))
    }

    fn start(
        dir: &Path,
        name: &str,
        (system, tool): (System, &str),
        (brokers, topic): (&str, &str),
        (options, properties): (&[&str], &str),
    ) -> Result<Running> {
        let (config, told) = (dir.join(format!("{name}.properties")), dir.join(format!("{name}.told")));
        fs::write(&config, properties)?;
        let mut command = match system {
            System::Kafka => {
                Program::of_jars(JarSet::Tools)?.command(&format!("org.apache.kafka.tools.Verifiable{tool}"))
            }
            System::Klamm => {
                let mut command = Command::new(klamm_binary()?);
                command.arg(format!("verifiable-{}", tool.to_lowercase()));
                command
            }
        };
        command.args(["--bootstrap-server", brokers, "--topic", topic, "--command-config"]).arg(&config);
        let errors = File::create(dir.join(format!("{name}.errors")))?;
        let command = command.args(options).stdin(Stdio::null()).stdout(File::create(&told)?).stderr(errors);
        let child = command.spawn().with_context(|| format!("start {name}"))?;
        Ok(Running { name: format!("{name} of {}", system.name()), child, told })
    }

    /// Asks it to end, and waits.
    pub(super) fn stop(&mut self) -> Result<()> {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).context("a process id")?;
        kill_process(pid, Signal::TERM).with_context(|| format!("{} has ended before", self.name))?;
        let begun = Instant::now();
        while self.child.try_wait()?.is_none() {
            ensure!(begun.elapsed() < PATIENCE, "{} does not end", self.name);
            std::thread::sleep(POLL);
        }
        Ok(())
    }

    /// Its events of one kind.
    fn events(&self, kind: &str) -> Result<Vec<Value>> {
        let text = fs::read_to_string(&self.told)?;
        let events = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        Ok(events.filter(|event| event["name"] == kind).collect())
    }

    /// How many records a producer had acknowledged, or a consumer told of.
    pub(super) fn count(&self) -> Result<usize> {
        Ok(self.events("producer_send_success")?.len() + self.events("record_data")?.len())
    }

    /// Waits until it has told of `more` records.
    pub(super) fn await_more(&mut self, more: usize) -> Result<()> {
        let (before, begun) = (self.count()?, Instant::now());
        loop {
            let now = self.count()?;
            if now >= before + more {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                anyhow::bail!("{} has ended: {status}", self.name);
            }
            ensure!(begun.elapsed() < PATIENCE, "{} told of {before} records, now of {now}", self.name);
            std::thread::sleep(POLL);
        }
    }

    /// What a producer was promised: each value's place.
    pub(super) fn promised(&self) -> Result<BTreeMap<String, Place>> {
        let failed = self.events("producer_send_error")?;
        ensure!(failed.is_empty(), "{} failed {} times: {:?}", self.name, failed.len(), failed.first());
        self.events("producer_send_success")?.iter().map(value_and_place).collect()
    }

    /// What a consumer was given, in the order it came. A consumer that could not commit gets a record again.
    fn given(&self) -> Result<Vec<(String, Place)>> {
        self.events("record_data")?.iter().map(value_and_place).collect()
    }

    /// Waits until a consumer has been given all that was promised.
    pub(super) fn await_all(&self, promised: &BTreeMap<String, Place>) -> Result<()> {
        let begun = Instant::now();
        loop {
            let given: BTreeSet<String> = self.given()?.into_iter().map(|(value, _)| value).collect();
            let missing: Vec<_> = promised.iter().filter(|(value, _)| !given.contains(*value)).collect();
            if missing.is_empty() {
                return Ok(());
            }
            ensure!(
                begun.elapsed() < PATIENCE,
                "{} was not given {} of {} records; the first: {:?}",
                self.name,
                missing.len(),
                promised.len(),
                missing.first()
            );
            std::thread::sleep(POLL);
        }
    }

    /// Each promised value is where it was said to be and nowhere else, and each place holds one value.
    pub(super) fn check(&self, promised: &BTreeMap<String, Place>) -> Result<()> {
        let (mut places, mut values) = (BTreeMap::new(), BTreeMap::new());
        for (value, place) in self.given()? {
            let first = places.entry(value.clone()).or_insert(place);
            ensure!(*first == place, "{}: value {value} is at {first:?} and at {place:?}", self.name);
            let first = values.entry(place).or_insert_with(|| value.clone());
            ensure!(*first == value, "{}: at {place:?} was {first}, then {value}", self.name);
        }
        for (value, told) in promised {
            let found = places.get(value);
            // A producer that repeats a request is told no place where its leader has forgotten it.
            ensure!(
                told.1 < 0 || found == Some(told),
                "{}: value {value}, acknowledged at {told:?}, is at {found:?}",
                self.name
            );
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only where the process has already ended.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn value_and_place(event: &Value) -> Result<(String, Place)> {
    let number = |name: &str| event[name].as_i64().with_context(|| format!("{name} of {event}"));
    let value = event["value"].as_str().with_context(|| format!("value of {event}"))?;
    Ok((value.to_owned(), (number("partition")?, number("offset")?)))
}
