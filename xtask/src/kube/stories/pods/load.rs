//! A producer that runs on while the cluster is changed, at a thousand records a second with acks=all; and in the end
//! the proof that every record that it was promised is there, once, in the order of its partition.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::cluster::Cluster;
use crate::kube::kubectl::PATIENCE;
use crate::kube::process::POLL;

const PRODUCER: &str = "acks=all\nretries=2147483647\nenable.idempotence=true\ndelivery.timeout.ms=300000\nrequest.timeout.ms=20000\n\
                        retry.backoff.ms=20\nreconnect.backoff.max.ms=500\n";
const SUCCESS: &str = "producer_send_success";
const THROUGHPUT: &str = "1000";

/// A running producer.
pub(super) struct Load {
    cluster: Cluster,
    topic: &'static str,
    child: Child,
    told: PathBuf,
    /// What it tells is read on from here.
    follows: BufReader<File>,
    acknowledged: usize,
}

impl Load {
    /// Starts it, and waits for its first records.
    pub(super) fn start(cluster: &Cluster, topic: &'static str) -> Result<Load> {
        let config = cluster.folder().join("producer.properties");
        let told = cluster.folder().join("producer.told");
        fs::write(&config, PRODUCER)?;
        let mut command = cluster.tool("verifiable-producer", &[]);
        command.args(["--topic", topic, "--throughput", THROUGHPUT, "--acks", "-1", "--command-config"]);
        let errors = File::create(cluster.folder().join("producer.errors"))?;
        command.arg(&config).stdin(Stdio::null()).stdout(File::create(&told)?).stderr(errors);
        let child = command.spawn().context("start the producer")?;
        let follows = BufReader::new(File::open(&told)?);
        let mut load = Load { cluster: cluster.clone(), topic, child, told, follows, acknowledged: 0 };
        load.goes_on()?;
        Ok(load)
    }

    /// Waits until a further thousand records were acknowledged.
    pub(super) fn goes_on(&mut self) -> Result<()> {
        let (before, began) = (self.count()?, Instant::now());
        loop {
            let now = self.count()?;
            if now >= before + 1_000 {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                anyhow::bail!("the producer has ended: {status}");
            }
            ensure!(began.elapsed() < PATIENCE, "{before} records were acknowledged, now {now}");
            thread::sleep(POLL);
        }
    }

    /// Records that were acknowledged so far.
    fn count(&mut self) -> Result<usize> {
        let mut line = String::new();
        while self.follows.read_line(&mut line)? > 0 {
            self.acknowledged += usize::from(line.contains(SUCCESS));
            line.clear();
        }
        Ok(self.acknowledged)
    }

    /// Ends the producer and reads everything back.
    pub(super) fn verify(mut self) -> Result<usize> {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).context("a process id")?;
        kill_process(pid, Signal::TERM).context("the producer has ended before")?;
        let began = Instant::now();
        while self.child.try_wait()?.is_none() {
            ensure!(began.elapsed() < PATIENCE, "the producer does not end");
            thread::sleep(POLL);
        }
        let failed = self.events("producer_send_error")?;
        ensure!(failed.is_empty(), "{} records were refused: {:?}", failed.len(), failed.first());
        let promised = self.promised()?;
        let found = read(&self.cluster, self.topic)?;
        let missing: Vec<_> =
            promised.iter().filter(|(value, _)| !found.contains_key(*value)).take(5).collect();
        ensure!(missing.is_empty(), "acknowledged records are lost: {missing:?}");
        let moved: Vec<_> =
            promised.iter().filter(|(value, place)| found[*value] != **place).take(5).collect();
        ensure!(moved.is_empty(), "records are not where they were promised: {moved:?}");
        println!("  {} acknowledged records, all there", promised.len());
        Ok(found.len())
    }

    /// Each acknowledged value with its partition and offset.
    fn promised(&self) -> Result<BTreeMap<String, (i64, i64)>> {
        let events = self.events(SUCCESS)?;
        let place = |event: &Value| Some((event["partition"].as_i64()?, event["offset"].as_i64()?));
        let promised =
            events.iter().filter_map(|event| Some((event["value"].as_str()?.to_owned(), place(event)?)));
        Ok(promised.collect())
    }

    fn events(&self, kind: &str) -> Result<Vec<Value>> {
        let text = fs::read_to_string(&self.told)?;
        // Most lines are of one kind, and the last may be half written.
        let events = text.lines().filter(|line| line.contains(kind));
        Ok(events.filter_map(|line| serde_json::from_str(line).ok()).collect())
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        // Both fail only where it has ended already.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Every record of the topic: its value, partition and offset. Fails on one that is there twice.
pub(super) fn read(cluster: &Cluster, topic: &str) -> Result<BTreeMap<String, (i64, i64)>> {
    let options = ["--topic", topic, "--from-beginning", "--timeout-ms", "15000"];
    let mut consumer = cluster.tool("console-consumer", &options);
    let properties = ["print.partition=true", "print.offset=true", "print.value=true"]
        .map(|property| ["--formatter-property", property]);
    let ended = consumer.args(properties.concat()).output().context("run the console consumer")?;
    let text = String::from_utf8_lossy(&ended.stdout);
    let mut found = BTreeMap::new();
    let mut twice = BTreeSet::new();
    for line in text.lines() {
        // `Partition:0<TAB>Offset:12<TAB>value`
        let mut parts = line.splitn(3, '\t');
        let mut number = |name: &str| parts.next()?.strip_prefix(name)?.parse::<i64>().ok();
        let (partition, offset) = (number("Partition:"), number("Offset:"));
        let (Some(partition), Some(offset), Some(value)) = (partition, offset, parts.next()) else {
            continue;
        };
        if found.insert(value.to_owned(), (partition, offset)).is_some() {
            twice.insert(value.to_owned());
        }
    }
    ensure!(!found.is_empty(), "nothing was read: {}{}", text, String::from_utf8_lossy(&ended.stderr));
    ensure!(twice.is_empty(), "records are there twice: {:?}", twice.iter().take(5).collect::<Vec<_>>());
    Ok(found)
}
