//! One system's turn in a round: a fresh node, the chosen loads one after the other, its samples.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::conditions;
use super::node::{Node, System};
use super::rows::Group;
use super::testkit::{self, Testkit, Turns, number};
use crate::oracle::broker::klamm_binary;
use crate::oracle::jars::JarSet;
use crate::oracle::java::Program;

/// Bytes of one load into the page cache: below what the kernel begins to write back by itself.
const SHORT_BYTES: u64 = 1 << 30;
/// Seconds in which a system gets warm. What it has written by then is made durable before the load that counts: the
/// faster system would have more to write back in its measured time.
const WARM_SECONDS: f64 = 3.0;
/// Bytes that the consumed topic holds.
const CONSUMED_BYTES: u64 = 768 << 20;
/// Partitions of the consumed topic.
const CONSUMED_PARTITIONS: u32 = 6;
/// Calls of a tool.
const TOOL_CALLS: usize = 5;
const MIB: f64 = 1024.0 * 1024.0;

/// What all turns have in common.
#[derive(Debug)]
pub struct Plan {
    only: Vec<Group>,
    /// Share of the full time that each load gets.
    share: f64,
    place: PathBuf,
    binary: PathBuf,
    testkit: Testkit,
}

/// Values by system and row.
#[derive(Debug, Default)]
pub struct Samples(BTreeMap<(System, &'static str), f64>);

impl Samples {
    /// The value of a row.
    pub fn get(&self, system: System, key: &'static str) -> Option<f64> {
        self.0.get(&(system, key)).copied()
    }

    /// Adds a value.
    pub fn put(&mut self, system: System, key: &'static str, value: f64) {
        self.0.insert((system, key), value);
    }

    fn put_largest(&mut self, system: System, key: &'static str, value: f64) {
        let largest = self.get(system, key).map_or(value, |before| before.max(value));
        self.put(system, key, largest);
    }
}

impl Plan {
    /// Builds what is needed; with `short`, loads take a third of their time.
    pub fn new(only: Vec<Group>, short: bool, place: PathBuf) -> Result<Plan> {
        let share = if short { 1.0 / 3.0 } else { 1.0 };
        Ok(Plan { only, share, place, binary: klamm_binary()?, testkit: Testkit::build()? })
    }

    /// Whether a group of rows is measured.
    pub fn wants(&self, group: Group) -> bool {
        self.only.is_empty() || self.only.contains(&group)
    }

    /// The time that a load of `full` seconds gets.
    pub fn seconds(&self, full: f64) -> String {
        format!("{:.2}", full * self.share)
    }

    /// A subcommand of the load generator, to be started.
    pub fn command(&self, arguments: &[String]) -> Command {
        self.testkit.command(arguments)
    }

    /// Runs a subcommand of the load generator to its end.
    pub fn call(&self, arguments: &[String]) -> Result<Value> {
        self.testkit.call(arguments)
    }
}

/// Batches of one size: its group, bytes, and the rows of processor time and throughput.
const SIZES: [(Group, u32, &str, &str); 3] = [
    (Group::Produce1K, 1, "cpu-1k", "rate-1k"),
    (Group::Produce16K, 16, "cpu-16k", "rate-16k"),
    (Group::Produce128K, 128, "cpu-128k", "rate-128k"),
];

/// Measures `system` in its turn.
pub fn measure(plan: &Plan, system: System, samples: &mut Samples) -> Result<()> {
    let node = Node::start(system, &plan.binary, &plan.place)?;
    let mut turn = Turn { plan, system, node: &node, samples };
    if plan.wants(Group::Start) {
        turn.samples.put(system, "start", node.started_in.as_secs_f64() * 1000.0);
    }
    if plan.wants(Group::Tool) {
        turn.tool()?;
    }
    if plan.wants(Group::Idle) {
        turn.idle()?;
    }
    let mut rate_16k = None;
    for (group, kib, cpu, rate) in SIZES {
        if plan.wants(group) || group == Group::Produce16K && plan.wants(Group::Stall) {
            let report = turn.produce_short(kib)?;
            turn.take_produce(&report, cpu, rate)?;
            rate_16k = if group == Group::Produce16K { turn.samples.get(system, rate) } else { rate_16k };
        }
    }
    if plan.wants(Group::Many) {
        turn.many()?;
    }
    if plan.wants(Group::Consume) {
        turn.consume()?;
    }
    if plan.wants(Group::Latency) {
        turn.latency()?;
    }
    if plan.wants(Group::Stall) {
        turn.stall(rate_16k.context("the 16 KiB load ran before")?)?;
    }
    if plan.wants(Group::Long) && system == System::Klamm {
        turn.long()?;
    }
    node.stop()
}

/// Measures the bare loop with the loads that it understands.
pub fn measure_bare(plan: &Plan, samples: &mut Samples) -> Result<()> {
    for (group, kib, cpu, rate) in SIZES {
        if plan.wants(group) {
            let load = one_load(kib);
            let report = on_bare_loop(plan, Turns::One, |call| {
                short_load(plan, |span| call(&[&load[..], span].concat()))
            })?;
            take_produce(samples, System::Bare, &report, (cpu, rate))?;
        }
    }
    if plan.wants(Group::Many) {
        let load = many_load();
        let report = on_bare_loop(plan, Turns::Many, |call| {
            short_load(plan, |span| call(&[&load[..], span].concat()))
        })?;
        take_many(samples, System::Bare, &report)?;
    }
    if plan.wants(Group::Latency) {
        conditions::settle();
        let report = on_bare_loop(plan, Turns::One, |call| call(&latency_load(plan)))?;
        take_latency(samples, System::Bare, &report)?;
    }
    if plan.wants(Group::Stall) {
        // As fast as the node was asked to be.
        let rate = samples.get(System::Klamm, "stall-rate").context("the node was measured before")?;
        conditions::settle();
        let report = on_bare_loop(plan, Turns::One, |call| call(&stall_load(plan, rate)))?;
        take_stall(samples, System::Bare, &report)?;
    }
    Ok(())
}

/// A load on a bare loop of its own.
fn on_bare_loop(
    plan: &Plan,
    turns: Turns,
    load: impl FnOnce(&dyn Fn(&[String]) -> Result<Value>) -> Result<Value>,
) -> Result<Value> {
    let place = plan.place.join(testkit::unique("bare"));
    fs::create_dir(&place)?;
    let bare = plan.testkit.bare_loop(&place.join("log"), turns)?;
    let to = words(&format!("produce --broker {} --pid {}", bare.address, bare.process_id()));
    let report = load(&|more| plan.testkit.call(&[&to[..], more].concat()))?;
    drop(bare);
    fs::remove_dir_all(&place)?;
    Ok(report)
}

/// The size of the release binary, which its profile strips.
pub fn measure_binary(plan: &Plan, samples: &mut Samples) -> Result<()> {
    if plan.wants(Group::Size) {
        samples.put(System::Klamm, "size", fs::metadata(&plan.binary)?.len() as f64 / 1e6);
    }
    Ok(())
}

/// The arguments of a command line without quotes.
pub fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

/// Runs a load twice: once to get warm, then, with the disk at rest, for what is told.
fn short_load(plan: &Plan, load: impl Fn(&[String]) -> Result<Value>) -> Result<Value> {
    conditions::settle();
    load(&words(&format!("--warm-up 0 --seconds {}", plan.seconds(WARM_SECONDS))))?;
    conditions::settle();
    conditions::touch_memory(&plan.place)?;
    let seconds = plan.seconds(5.0);
    load(&words(&format!("--warm-up 0.2 --seconds {seconds} --most-bytes {SHORT_BYTES}")))
}

fn one_load(kib: u32) -> Vec<String> {
    words(&format!("--batch-bytes {} --in-flight 5", kib * 1024))
}

fn many_load() -> Vec<String> {
    words("--connections 32 --in-flight 1")
}

fn latency_load(plan: &Plan) -> Vec<String> {
    let (warm_up, seconds) = (plan.seconds(3.0), plan.seconds(15.0));
    words(&format!("--batch-bytes 16384 --in-flight 100 --rate 500 --warm-up {warm_up} --seconds {seconds}"))
}

/// At a pace in MB/s.
fn stall_load(plan: &Plan, megabytes_per_second: f64) -> Vec<String> {
    let rate = megabytes_per_second * 1e6 / 16384.0;
    let (warm_up, seconds) = (plan.seconds(2.0), plan.seconds(60.0));
    words(&format!(
        "--batch-bytes 16384 --in-flight 1000 --rate {rate:.1} --warm-up {warm_up} --seconds {seconds}"
    ))
}

fn take_stall(samples: &mut Samples, system: System, report: &Value) -> Result<()> {
    samples.put(system, "stall", number(report, "/latency/max")? / 1000.0);
    let rate = number(report, "/bytes")? / 1e6 / number(report, "/seconds")?;
    samples.put(system, "stall-rate", rate);
    Ok(())
}

fn take_latency(samples: &mut Samples, system: System, report: &Value) -> Result<()> {
    for (key, path) in [("p50", "/latency/p50"), ("p99", "/latency/p99"), ("p999", "/latency/p999")] {
        samples.put(system, key, number(report, path)? / 1000.0);
    }
    Ok(())
}

fn take_many(samples: &mut Samples, system: System, report: &Value) -> Result<()> {
    let rate = number(report, "/requests")? / number(report, "/broker/cpu_seconds")?;
    samples.put(system, "many", rate);
    Ok(())
}

fn take_produce(
    samples: &mut Samples,
    system: System,
    report: &Value,
    (cpu, rate): (&'static str, &'static str),
) -> Result<()> {
    let cpu_seconds = number(report, "/broker/cpu_seconds")?;
    samples.put(system, cpu, cpu_seconds * 1e6 / number(report, "/requests")?);
    samples.put(system, rate, number(report, "/bytes")? / 1e6 / number(report, "/seconds")?);
    Ok(())
}

struct Turn<'t> {
    plan: &'t Plan,
    system: System,
    node: &'t Node,
    samples: &'t mut Samples,
}

impl Turn<'_> {
    /// The fastest of a few calls: the others paid for what was not in the page cache yet.
    fn tool(&mut self) -> Result<()> {
        let mut fastest = Duration::MAX;
        for _ in 0..TOOL_CALLS {
            let mut command = match self.system {
                System::Kafka => {
                    Program::of_jars(JarSet::Tools)?.command("org.apache.kafka.tools.TopicCommand")
                }
                System::Klamm | System::Bare => {
                    let mut command = Command::new(&self.plan.binary);
                    command.arg("topics");
                    command
                }
            };
            command.args(["--list", "--bootstrap-server", &self.node.address.to_string()]);
            let begun = Instant::now();
            let output = command.output().context("run a tool")?;
            fastest = fastest.min(begun.elapsed());
            ensure!(output.status.success(), "topics --list: {}", String::from_utf8_lossy(&output.stderr));
        }
        self.samples.put(self.system, "tool", fastest.as_secs_f64() * 1000.0);
        Ok(())
    }

    fn idle(&mut self) -> Result<()> {
        std::thread::sleep(Duration::from_secs(3));
        let pid = self.node.process_id();
        let seconds = self.plan.seconds(6.0);
        let rest = self.plan.testkit.call(&words(&format!("rest --pid {pid} --seconds {seconds}")))?;
        self.samples.put(self.system, "idle-cpu", number(&rest, "/cpu_share")? * 100.0);
        self.samples.put(self.system, "idle-memory", number(&rest, "/memory/anonymous")? / MIB);
        Ok(())
    }

    /// A load on a topic of its own, which goes when it ends.
    fn on_topic(
        &self,
        (name, partitions): (&str, u32),
        load: impl FnOnce(&str) -> Result<Value>,
    ) -> Result<Value> {
        let broker = self.node.address;
        let topic = format!("--broker {broker} --topic {name}");
        let configs = "--config file.delete.delay.ms=1000 --config retention.bytes=2147483648";
        let create = format!("topic {topic} --partitions {partitions} {configs}");
        self.plan.testkit.call(&words(&create))?;
        conditions::settle();
        let report = load(&topic)?;
        self.plan.testkit.call(&words(&format!("delete-topic {topic}")))?;
        Ok(report)
    }

    fn call(&self, command: &str, topic: &str, more: &[String]) -> Result<Value> {
        let mut arguments = words(&format!("{command} {topic} --pid {}", self.node.process_id()));
        arguments.extend_from_slice(more);
        self.plan.testkit.call(&arguments)
    }

    fn produce_short(&mut self, kib: u32) -> Result<Value> {
        self.on_topic((&format!("one-{kib}k"), 1), |topic| {
            short_load(self.plan, |span| self.call("produce", topic, &[&one_load(kib)[..], span].concat()))
        })
    }

    fn take_produce(&mut self, report: &Value, cpu: &'static str, rate: &'static str) -> Result<()> {
        take_produce(self.samples, self.system, report, (cpu, rate))?;
        self.take_memory(report)
    }

    fn take_memory(&mut self, report: &Value) -> Result<()> {
        let peak = number(report, "/broker/peak/anonymous")? / MIB;
        self.samples.put_largest(self.system, "load-memory", peak);
        Ok(())
    }

    fn many(&mut self) -> Result<()> {
        let report = self.on_topic(("many", 1), |topic| {
            short_load(self.plan, |span| self.call("produce", topic, &[&many_load()[..], span].concat()))
        })?;
        take_many(self.samples, self.system, &report)?;
        self.take_memory(&report)
    }

    fn consume(&mut self) -> Result<()> {
        let fill =
            words(&format!("--batch-bytes 16384 --warm-up 0 --seconds 60 --most-bytes {CONSUMED_BYTES}"));
        let (warm_up, seconds) = (self.plan.seconds(2.0), self.plan.seconds(5.0));
        let more = words(&format!("--consumers 2 --warm-up {warm_up} --seconds {seconds}"));
        let report = self.on_topic(("consumed", CONSUMED_PARTITIONS), |topic| {
            self.call("produce", topic, &fill)?;
            conditions::settle();
            self.call("consume", topic, &more)
        })?;
        let gigabytes = number(&report, "/bytes")? / 1e9;
        self.samples.put(self.system, "consume-cpu", number(&report, "/broker/cpu_seconds")? / gigabytes);
        self.samples.put(self.system, "consume-load", number(&report, "/own_cpu_seconds")? / gigabytes);
        self.samples.put(self.system, "consume-rate", gigabytes * 1000.0 / number(&report, "/seconds")?);
        self.take_memory(&report)
    }

    fn latency(&mut self) -> Result<()> {
        let more = latency_load(self.plan);
        let report = self.on_topic(("latency", 1), |topic| self.call("produce", topic, &more))?;
        take_latency(self.samples, self.system, &report)?;
        self.take_memory(&report)
    }

    /// Half of what this system did with 16 KiB batches before, and at most half of the disk's pace.
    fn stall(&mut self, rate_16k: f64) -> Result<()> {
        let disk = conditions::disk_megabytes_per_second(&self.plan.place)?;
        let more = stall_load(self.plan, rate_16k.min(disk) / 2.0);
        let report = self.on_topic(("stall", 1), |topic| self.call("produce", topic, &more))?;
        take_stall(self.samples, self.system, &report)?;
        self.take_memory(&report)
    }

    /// What is left once the page cache takes no more ahead of the disk, whose pace is taken before and after: others
    /// may use it too.
    fn long(&mut self) -> Result<()> {
        let before = conditions::disk_megabytes_per_second(&self.plan.place)?;
        let more = words("--batch-bytes 131072 --in-flight 5 --warm-up 10 --seconds 15");
        let report = self.on_topic(("long", 1), |topic| self.call("produce", topic, &more))?;
        conditions::settle();
        let after = conditions::disk_megabytes_per_second(&self.plan.place)?;
        let rate = number(&report, "/bytes")? / 1e6 / number(&report, "/seconds")?;
        self.samples.put(self.system, "long", rate / f64::midpoint(before, after));
        self.take_memory(&report)
    }
}
