//! What producers notice of nodes that are restarted, and of one that fetches its log anew.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::conditions;
use super::session::{Plan, Samples, words};
use super::steady::{JavaWriter, Steady};
use super::testkit::number;
use super::trio::Trio;
use crate::oracle::broker::klamm_binary;
use crate::oracle::cluster::Jvm;
use crate::oracle::readiness;

const PARTITIONS: u32 = 6;
/// Records of 1 KiB a second by the project's client.
const RATE: u32 = 5000;
/// By Java's client, which shares the machine.
const JAVA_RATE: u32 = 1000;
/// Before anything is stopped.
const CALM: Duration = Duration::from_secs(10);
/// Bytes of the log that is fetched anew.
const WIPED_BYTES: u64 = 2 << 30;
/// Records of 1 KiB a second meanwhile.
const WIPED_RATE: u32 = 2000;
const LIMIT: Duration = Duration::from_secs(300);

impl Trio {
    /// Each node in turn is stopped in order and started again, under the load of the project's client.
    pub fn rolling(&mut self, plan: &Plan, samples: &mut Samples) -> Result<()> {
        self.create("rolled", PARTITIONS)?;
        let mut load = self.steady(plan, ("rolled", PARTITIONS), RATE)?;
        thread::sleep(CALM);
        load.end_span()?;
        self.roll("rolled")?;
        let spans = load.finish()?;
        let rolled = spans.last().context("the span of the restarts")?;
        let longest: Vec<f64> = serde_json::from_value(rolled["longest_ms"].clone())?;
        samples.put(self.system, "rolling", longest.iter().copied().fold(0.0, f64::max));
        samples.put(self.system, "rolling-failed", number(rolled, "/failed")?);
        Ok(())
    }

    /// The same under the load of Java's producer.
    pub fn rolling_under_java(&mut self, samples: &mut Samples) -> Result<()> {
        self.create("rolled", PARTITIONS)?;
        let load = JavaWriter::start(&self.site.brokers(), "rolled", JAVA_RATE)?;
        thread::sleep(CALM);
        self.roll("rolled")?;
        let report = load.finish()?;
        let longest = report.longest.values().max().context("an acknowledged record")?;
        samples.put(self.system, "rolling-java", longest.as_secs_f64() * 1000.0);
        samples.put(self.system, "rolling-java-failed", report.failed as f64);
        Ok(())
    }

    /// The third node loses its replica of a log that is written to, and is in sync again.
    pub fn catch_up(&mut self, plan: &Plan, samples: &mut Samples) -> Result<()> {
        let topic = format!("--broker 127.0.0.1:{} --topic wiped", self.site.nodes[0].port);
        plan.call(&words(&format!("topic {topic} --on 1,2,3")))?;
        let fill = "--batch-bytes 131072 --warm-up 0 --seconds 120";
        plan.call(&words(&format!("produce {topic} {fill} --most-bytes {WIPED_BYTES}")))?;
        conditions::settle();
        let mut load = self.steady(plan, ("wiped", 1), WIPED_RATE)?;
        let third = self.site.node(3)?;
        third.stop()?;
        let replica = third.data().join("wiped-0");
        fs::remove_dir_all(&replica)?;
        conditions::settle();
        thread::sleep(CALM / 2);
        load.end_span()?;
        thread::sleep(CALM);
        load.end_span()?;
        third.start_with(Jvm::OfTheScripts)?;
        let waited = Instant::now();
        while bytes_of(&replica) == 0 {
            ensure!(waited.elapsed() < LIMIT, "nothing is fetched\n{}", self.site.report());
            thread::sleep(Duration::from_millis(5));
        }
        let begun = Instant::now();
        self.await_in_sync("wiped")?;
        let took = begun.elapsed();
        let fetched = bytes_of(&replica);
        let spans = load.finish()?;
        let [_, calm, caught_up] = spans.as_slice() else { anyhow::bail!("three spans, not {spans:?}") };
        let p99 = |span| Ok::<f64, anyhow::Error>(number(span, "/latency/p99")? / 1000.0);
        samples.put(self.system, "catch-up", fetched as f64 / 1e6 / took.as_secs_f64());
        samples.put(self.system, "catch-up-p99", (p99(caught_up)? - p99(calm)?).max(0.0));
        Ok(())
    }

    fn roll(&mut self, topic: &str) -> Result<()> {
        for id in 1..=3 {
            let node = self.site.node(id)?;
            node.stop()?;
            node.start_with(Jvm::OfTheScripts)?;
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, node.port));
            let begun = Instant::now();
            while !readiness::all_serve(address, 3) {
                ensure!(begun.elapsed() < LIMIT, "node {id} does not come back\n{}", self.site.report());
                thread::sleep(Duration::from_millis(20));
            }
            self.await_in_sync(topic)?;
        }
        Ok(())
    }

    fn steady(&self, plan: &Plan, (topic, partitions): (&str, u32), rate: u32) -> Result<Steady> {
        let to = format!("steady --bootstrap {} --topic {topic}", self.site.brokers());
        Steady::start(plan.command(&words(&format!("{to} --partitions {partitions} --rate {rate}"))))
    }

    fn create(&self, topic: &str, partitions: u32) -> Result<()> {
        self.topics(&words(&format!(
            "--create --topic {topic} --partitions {partitions} --replication-factor 3"
        )))?;
        Ok(())
    }

    /// Waits until all replicas of a topic are in sync.
    fn await_in_sync(&self, topic: &str) -> Result<()> {
        let begun = Instant::now();
        loop {
            let lagging =
                self.topics(&words(&format!("--describe --topic {topic} --under-replicated-partitions")))?;
            if lagging.trim().is_empty() {
                return Ok(());
            }
            ensure!(begun.elapsed() < LIMIT, "not in sync: {lagging}\n{}", self.site.report());
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn topics(&self, arguments: &[String]) -> Result<String> {
        let mut command = Command::new(klamm_binary()?);
        command.args(["topics", "--bootstrap-server", &self.site.brokers()]).args(arguments);
        let output = command.output().context("run klamm topics")?;
        let errors = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "klamm topics {}: {errors}", arguments.join(" "));
        Ok(String::from_utf8(output.stdout)?)
    }
}

/// Bytes of the segments of a log; none while it is not there.
fn bytes_of(log: &std::path::Path) -> u64 {
    let entries = fs::read_dir(log).into_iter().flatten().flatten();
    let segments =
        entries.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "log"));
    segments.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
}
