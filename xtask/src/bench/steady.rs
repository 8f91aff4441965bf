//! Loads that go on while the nodes of a cluster change: by the project's client, and by Java's.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::oracle::jars::JarSet;
use crate::oracle::java::Program;

/// The project's client at work.
#[derive(Debug)]
pub struct Steady {
    child: Child,
    input: Option<ChildStdin>,
}

impl Steady {
    /// Starts `klamm-testkit steady`.
    pub fn start(mut command: Command) -> Result<Steady> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().context("start the steady load")?;
        let input = child.stdin.take();
        Ok(Steady { child, input })
    }

    /// Ends a span.
    pub fn end_span(&mut self) -> Result<()> {
        let input = self.input.as_mut().context("the load's input")?;
        Ok(writeln!(input, "end")?)
    }

    /// Ends the load; its spans.
    pub fn finish(mut self) -> Result<Vec<Value>> {
        drop(self.input.take());
        let output = BufReader::new(self.child.stdout.take().context("standard output is piped")?);
        let mut report: Value = serde_json::from_reader(output).context("the report of the steady load")?;
        let status = self.child.wait()?;
        ensure!(status.success(), "the steady load: {status}");
        let spans = report.get_mut("spans").map(Value::take);
        Ok(serde_json::from_value(spans.context("the spans of the steady load")?)?)
    }
}

impl Drop for Steady {
    fn drop(&mut self) {
        // Both fail only where it has already ended.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Kafka's verifiable producer at work, which tells each acknowledgement in a line.
#[derive(Debug)]
pub struct JavaWriter {
    child: Child,
    reader: Option<JoinHandle<JavaReport>>,
}

/// What the lines of Kafka's producer told.
#[derive(Clone, Debug, Default)]
pub struct JavaReport {
    /// Acknowledged records.
    pub acknowledged: u64,
    /// Records that the client gave up.
    pub failed: u64,
    /// The longest time between two acknowledgements of each partition.
    pub longest: BTreeMap<i64, Duration>,
}

impl JavaWriter {
    /// Starts it with acks=all.
    pub fn start(bootstrap: &str, topic: &str, records_per_second: u32) -> Result<JavaWriter> {
        let mut command =
            Program::of_jars(JarSet::Tools)?.command("org.apache.kafka.tools.VerifiableProducer");
        command.args(["--bootstrap-server", bootstrap, "--topic", topic, "--acks", "-1"]);
        command.args(["--throughput", &records_per_second.to_string()]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().context("start Kafka's verifiable producer")?;
        let output = BufReader::new(child.stdout.take().context("standard output is piped")?);
        let reader = std::thread::spawn(move || {
            let (mut report, mut last) = (JavaReport::default(), BTreeMap::new());
            for line in output.lines().map_while(Result::ok) {
                report.hear(&line, &mut last, Instant::now());
            }
            report
        });
        Ok(JavaWriter { child, reader: Some(reader) })
    }

    /// Ends it.
    pub fn finish(mut self) -> Result<JavaReport> {
        self.child.kill()?;
        self.child.wait()?;
        let reader = self.reader.take().context("its reader")?;
        let report = reader.join().map_err(|_| anyhow::anyhow!("the reader of its lines panicked"))?;
        ensure!(report.acknowledged > 0, "Kafka's verifiable producer had nothing acknowledged");
        Ok(report)
    }
}

impl Drop for JavaWriter {
    fn drop(&mut self) {
        // Both fail only where it has already ended.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl JavaReport {
    fn hear(&mut self, line: &str, last: &mut BTreeMap<i64, Instant>, now: Instant) {
        let Ok(event) = serde_json::from_str::<Value>(line) else { return };
        match event.get("name").and_then(Value::as_str) {
            Some("producer_send_success") => {
                self.acknowledged += 1;
                let partition = event.get("partition").and_then(Value::as_i64).unwrap_or_default();
                let before = last.insert(partition, now).unwrap_or(now);
                let longest = self.longest.entry(partition).or_default();
                *longest = now.duration_since(before).max(*longest);
            }
            Some("producer_send_error") => self.failed += 1,
            Some(_) | None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_time_between_lines_counts_for_each_partition() {
        let (mut report, mut last, begin) = (JavaReport::default(), BTreeMap::new(), Instant::now());
        let success = |partition| format!(r#"{{"name":"producer_send_success","partition":{partition}}}"#);
        for (millis, partition) in [(0, 0), (5, 1), (30, 0), (40, 0)] {
            report.hear(&success(partition), &mut last, begin + Duration::from_millis(millis));
        }
        report.hear(r#"{"name":"producer_send_error"}"#, &mut last, begin);
        report.hear("not JSON", &mut last, begin);
        assert_eq!((report.acknowledged, report.failed), (4, 1));
        assert_eq!(report.longest[&0], Duration::from_millis(30));
        assert_eq!(report.longest[&1], Duration::ZERO);
    }
}
