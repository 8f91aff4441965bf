//! `cargo xtask compat console`: our console, perf and verifiable tools against Kafka's own: the same input and
//! options to both, on nodes of both systems; outputs must be equal, numbers of time and speed apart.

mod lines;

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use regex::Regex;
use serde_json::Value;

use self::lines::{GROUPS, OFFSETS, PRODUCED, RECORDS, REFUSED, SHOWN, WHOLE};
use crate::oracle::broker::{Site, System, klamm_binary};
use crate::oracle::jars::JarSet;
use crate::oracle::java::Program;

/// A run that takes longer hangs.
const LIMIT: Duration = Duration::from_secs(240);
const POLL: Duration = Duration::from_millis(20);

/// Compares the tools that produce and consume with Kafka's.
#[derive(clap::Args)]
pub struct Args {
    /// The systems whose nodes serve
    #[arg(long, value_enum, default_values_t = [Served::Klamm, Served::Kafka])]
    on: Vec<Served>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Served {
    Klamm,
    Kafka,
}

/// A tool by our name and by Kafka's class.
#[derive(Clone, Copy)]
struct Tool {
    name: &'static str,
    class: &'static str,
}

const PRODUCER: Tool = Tool { name: "console-producer", class: "org.apache.kafka.tools.ConsoleProducer" };
const CONSUMER: Tool =
    Tool { name: "console-consumer", class: "org.apache.kafka.tools.consumer.ConsoleConsumer" };
const PRODUCER_PERF: Tool =
    Tool { name: "producer-perf-test", class: "org.apache.kafka.tools.ProducerPerformance" };
const CONSUMER_PERF: Tool =
    Tool { name: "consumer-perf-test", class: "org.apache.kafka.tools.ConsumerPerformance" };
const VERIFIABLE_PRODUCER: Tool =
    Tool { name: "verifiable-producer", class: "org.apache.kafka.tools.VerifiableProducer" };
const VERIFIABLE_CONSUMER: Tool =
    Tool { name: "verifiable-consumer", class: "org.apache.kafka.tools.VerifiableConsumer" };

/// Runs the comparison.
pub fn run(args: &Args) -> Result<()> {
    let mut differences = Differences::default();
    for served in &args.on {
        let served = match served {
            Served::Klamm => System::Klamm,
            Served::Kafka => System::Kafka,
        };
        let site = Site::create(&["offsets.topic.num.partitions=1"])?;
        site.format(served)?;
        let broker = site.start(served)?;
        let node = Node { bootstrap: broker.bootstrap().to_owned(), name: served.name() };
        for compared in [console, refused, perf, verifiable] {
            compared(&node, &mut differences)?;
        }
        broker.stop()?;
    }
    ensure!(differences.0 == 0, "{} differences between the tools", differences.0);
    println!("the console, perf and verifiable tools print what Kafka's print");
    Ok(())
}

/// Counts differences; each is told at once.
#[derive(Default)]
struct Differences(usize);

impl Differences {
    fn push(&mut self, difference: String) {
        self.0 += 1;
        eprintln!("{difference}\n");
    }
}

/// A running node.
struct Node {
    bootstrap: String,
    name: &'static str,
}

/// What a tool left.
#[derive(Debug, PartialEq, Eq)]
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Node {
    /// Runs `tool` of `system` with `options` and, on standard input, `input`.
    fn run(&self, system: System, tool: Tool, options: &[&str], input: &str) -> Result<Ran> {
        let mut command = match system {
            System::Kafka => Program::of_jars(JarSet::Tools)?.command(tool.class),
            System::Klamm => {
                let mut command = Command::new(klamm_binary()?);
                // The exit codes of a link with the name of Kafka's script are Kafka's.
                command.arg0(format!("kafka-{}.sh", tool.name));
                command
            }
        };
        command.args(["--bootstrap-server", &self.bootstrap]).args(options);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("start {} of {}", tool.name, system.name()))?;
        let mut stdin = child.stdin.take().context("standard input")?;
        stdin.write_all(input.as_bytes())?;
        drop(stdin);
        let out = drain(child.stdout.take().context("standard output")?);
        let err = drain(child.stderr.take().context("standard error")?);
        let code = wait(&mut child).with_context(|| format!("{} of {}", tool.name, system.name()))?;
        let text = |reader: thread::JoinHandle<String>| reader.join().unwrap_or_default();
        Ok(Ran { code, out: text(out), err: text(err) })
    }
}

fn drain(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read until an error is shown.
        pipe.read_to_end(&mut bytes).ok();
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

fn wait(child: &mut Child) -> Result<Option<i32>> {
    let deadline = Instant::now() + LIMIT;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.code());
        }
        if Instant::now() > deadline {
            child.kill()?;
            bail!("it did not end in {LIMIT:?}");
        }
        thread::sleep(POLL);
    }
}

/// Each system's producer fills a topic; both consumers must show the same of both topics.
fn console(node: &Node, differences: &mut Differences) -> Result<()> {
    let mut shown = Vec::new();
    for producer in [System::Kafka, System::Klamm] {
        let topic = topic_of(producer);
        for (options, input) in PRODUCED {
            // On a busy machine a JVM's first request may take longer than the tool's 1.5 s.
            let options = [&["--topic", topic, "--request-timeout-ms", "30000"], options].concat();
            let ran = node.run(producer, PRODUCER, &options, input)?;
            if ran.code != Some(0) {
                differences.push(format!("{}: {} {options:?}: {ran:?}", node.name, producer.name()));
            }
        }
        for options in SHOWN {
            let [theirs, ours] = both(node, topic, options)?;
            let equal = theirs.out == ours.out
                && theirs.code == ours.code
                && count(&theirs) == count(&ours)
                && complaint(&theirs).is_none_or(|theirs| Some(theirs) == complaint(&ours));
            if !equal {
                differences
                    .push(format!("{}: {options:?}\n  theirs {theirs:?}\n  ours   {ours:?}", node.name));
            }
            shown.push((options, theirs.out));
        }
    }
    let half = shown.len() / 2;
    if shown[..half] != shown[half..] {
        differences.push(format!("{}: the producers wrote different records: {shown:#?}", node.name));
    }
    let lines = shown[WHOLE].1.lines().count();
    ensure!(lines >= RECORDS, "only {lines} lines were shown: {:?}", shown[WHOLE]);
    let (offsets, groups) = (&shown[OFFSETS].1, &shown[GROUPS].1);
    ensure!(offsets.contains(r#""offset":4"#), "no committed offset was shown: {offsets}");
    ensure!(groups.contains(r#""protocol":"range""#), "no group was shown: {groups}");
    Ok(())
}

/// Both consumers must refuse the same lines with the same first words and codes; usage texts differ.
fn refused(node: &Node, differences: &mut Differences) -> Result<()> {
    for options in REFUSED {
        let [theirs, ours] = both(node, topic_of(System::Kafka), options)?;
        let equal = theirs.code == ours.code && complaint(&theirs) == complaint(&ours);
        if !equal || theirs.code == Some(0) || complaint(&theirs).is_none() {
            differences.push(format!("{}: {options:?}\n  theirs {theirs:?}\n  ours   {ours:?}", node.name));
        }
    }
    Ok(())
}

/// The topic that the producer of `system` fills.
fn topic_of(system: System) -> &'static str {
    match system {
        System::Kafka => "console-theirs",
        System::Klamm => "console-ours",
    }
}

/// Runs Kafka's consumer and ours with `options`.
fn both(node: &Node, topic: &str, options: &[&str]) -> Result<[Ran; 2]> {
    let run = |system: System| {
        let fill = |option: &&str| option.replace("{topic}", topic).replace("{tool}", system.name());
        let filled: Vec<String> = options.iter().map(fill).collect();
        let mut all: Vec<&str> = filled.iter().map(String::as_str).collect();
        if !options.contains(&"--topic") && !options.contains(&"--include") {
            all.extend(["--topic", topic]);
        }
        node.run(system, CONSUMER, &all, "")
    };
    Ok([run(System::Kafka)?, run(System::Klamm)?])
}

/// The first line of a failed run's complaint, where it is meant for people: what Kafka's tools log and Java says of
/// exceptions is their own.
fn complaint(ran: &Ran) -> Option<&str> {
    let is_notice =
        |line: &str| line.starts_with("SLF4J") || line.starts_with("The consumer rebalance protocol");
    let first = ran.err.lines().map(str::trim).find(|line| !line.is_empty() && !is_notice(line))?;
    let is_own = ["[", "ERROR ", "Processed a total of"].iter().any(|start| first.starts_with(start));
    (ran.code != Some(0) && !is_own).then_some(first)
}

/// `Processed a total of N messages` at the end of standard error.
fn count(ran: &Ran) -> Option<&str> {
    ran.err.lines().rev().find(|line| line.starts_with("Processed a total of"))
}

/// Perf tools print the same lines, whatever the figures.
fn perf(node: &Node, differences: &mut Differences) -> Result<()> {
    let numbers = Regex::new(r"-?\d+(\.\d+)?")?;
    let mut printed = Vec::new();
    for system in [System::Kafka, System::Klamm] {
        let topic = format!("perf-{}", if system == System::Kafka { "theirs" } else { "ours" });
        let producing =
            ["--topic", &topic, "--num-records", "2000", "--record-size", "100", "--throughput", "-1"];
        let producing = [&producing[..], &["--warmup-records", "100"]].concat();
        let consuming = ["--topic", &topic, "--num-records", "2000"];
        let detailed = [&consuming[..], &["--show-detailed-stats", "--hide-header"]].concat();
        for (tool, options) in
            [(PRODUCER_PERF, &producing[..]), (CONSUMER_PERF, &consuming), (CONSUMER_PERF, &detailed)]
        {
            let ran = node.run(system, tool, options, "")?;
            let shape = numbers.replace_all(&ran.out, "N").into_owned();
            let first = ran.out.split(' ').next().unwrap_or_default().to_owned();
            printed.push((tool.name, ran.code, shape, first, ran.err));
        }
    }
    let (theirs, ours) = printed.split_at(printed.len() / 2);
    for (theirs, ours) in theirs.iter().zip(ours) {
        if (theirs.1, &theirs.2) != (ours.1, &ours.2) {
            differences.push(format!("{}: {}\n  theirs {theirs:?}\n  ours   {ours:?}", node.name, theirs.0));
        }
    }
    Ok(())
}

/// Verifiable tools tell the same events with the same fields, order and times apart.
fn verifiable(node: &Node, differences: &mut Differences) -> Result<()> {
    let mut told = Vec::new();
    for system in [System::Kafka, System::Klamm] {
        let topic = format!("verifiable-{}", if system == System::Kafka { "theirs" } else { "ours" });
        let producing =
            ["--topic", &topic, "--max-messages", "5", "--repeating-keys", "2", "--value-prefix", "7"];
        let consuming = ["--topic", &topic, "--group-id", &topic, "--max-messages", "5", "--verbose"];
        let mut events = Vec::new();
        for (tool, options) in [(VERIFIABLE_PRODUCER, &producing[..]), (VERIFIABLE_CONSUMER, &consuming)] {
            let ran = node.run(system, tool, options, "")?;
            let lines = ran.out.lines().map(|line| event(line, &topic));
            events.push((tool.name, ran.code, lines.collect::<Result<BTreeSet<String>>>()?));
        }
        told.push(events);
    }
    for (theirs, ours) in told[0].iter().zip(&told[1]) {
        if theirs != ours {
            differences
                .push(format!("{}: {}\n  theirs {theirs:#?}\n  ours   {ours:#?}", node.name, theirs.0));
        }
    }
    Ok(())
}

/// An event with its fields in one order, without times and without the run's own topic.
fn event(line: &str, topic: &str) -> Result<String> {
    let mut value: Value = serde_json::from_str(line).with_context(|| format!("an event: {line}"))?;
    let fields = value.as_object_mut().with_context(|| format!("an event: {line}"))?;
    for varying in ["timestamp", "avg_throughput"] {
        if let Some(field) = fields.get_mut(varying) {
            ensure!(field.is_number(), "{varying} of {line}");
            *field = Value::Null;
        }
    }
    let text = serde_json::to_string(&sorted(value))?;
    Ok(text.replace(topic, "TOPIC"))
}

/// All objects within with their fields in one order.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<(String, Value)> =
                fields.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            fields.sort_by(|one, other| one.0.cmp(&other.0));
            Value::Object(fields.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}
