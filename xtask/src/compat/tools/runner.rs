//! Kafka's tools, and the scenery, in one JVM.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use anyhow::{Context, Result, ensure};

use super::pass::Ran;
use crate::oracle::jars::JarSet;
use crate::oracle::java::Program;

const SOURCES: &[&str] = &[
    "tests/compat/tools/ToolRunner.java",
    "tests/compat/tools/Scenery.java",
    "tests/compat/tools/InternalLogs.java",
];

/// The class of each tool.
const CLASSES: &[(&str, &str)] = &[
    ("topics", "org.apache.kafka.tools.TopicCommand"),
    ("configs", "kafka.admin.ConfigCommand"),
    ("consumer-groups", "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand"),
    ("groups", "org.apache.kafka.tools.GroupsCommand"),
    ("get-offsets", "org.apache.kafka.tools.GetOffsetShell"),
    ("delete-records", "org.apache.kafka.tools.DeleteRecordsCommand"),
    ("log-dirs", "org.apache.kafka.tools.LogDirsCommand"),
    ("metadata-quorum", "org.apache.kafka.tools.MetadataQuorumCommand"),
    ("features", "org.apache.kafka.tools.FeatureCommand"),
    ("cluster", "org.apache.kafka.tools.ClusterTool"),
    ("leader-election", "org.apache.kafka.tools.LeaderElectionCommand"),
    ("broker-api-versions", "org.apache.kafka.tools.BrokerApiVersionsCommand"),
    ("reassign-partitions", "org.apache.kafka.tools.reassign.ReassignPartitionsCommand"),
    ("storage", "kafka.tools.StorageTool"),
    ("dump-log", "org.apache.kafka.tools.DumpLogSegments"),
    ("console-producer", "org.apache.kafka.tools.ConsoleProducer"),
    ("console-consumer", "org.apache.kafka.tools.consumer.ConsoleConsumer"),
    ("producer-perf-test", "org.apache.kafka.tools.ProducerPerformance"),
    ("consumer-perf-test", "org.apache.kafka.tools.ConsumerPerformance"),
    ("verifiable-producer", "org.apache.kafka.tools.VerifiableProducer"),
    ("verifiable-consumer", "org.apache.kafka.tools.VerifiableConsumer"),
];

/// The JVM; dropping it ends it.
pub(super) struct Runner {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Runner {
    /// Starts it for the node at `server`.
    pub(super) fn start(server: &str) -> Result<Runner> {
        let program = Program::compile(JarSet::Tools, SOURCES)?;
        let mut command = program.command("ToolRunner");
        command
            .env("JAVA_TOOL_OPTIONS", "-Djava.security.manager=allow -Duser.timezone=UTC -Duser.language=en");
        let streams = command.arg(server).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = streams.spawn().context("start the JVM of the tools")?;
        let input = child.stdin.take().context("it has an input")?;
        let output = BufReader::new(child.stdout.take().context("it has an output")?);
        Ok(Runner { child, input, output })
    }

    /// Runs a tool with `arguments`.
    pub(super) fn tool(&mut self, name: &str, arguments: &[String]) -> Result<Ran> {
        let class = CLASSES.iter().find(|(known, _)| *known == name);
        let (_, class) = class.with_context(|| format!("no class of {name} is known"))?;
        self.ask(class, arguments)
    }

    /// Sets the scene.
    pub(super) fn act(&mut self, verb: &str, arguments: &[String]) -> Result<()> {
        let ran = self.ask(verb, arguments)?;
        ensure!(ran.code == 0, "{verb} {arguments:?}: {}", ran.err);
        Ok(())
    }

    fn ask(&mut self, first: &str, arguments: &[String]) -> Result<Ran> {
        let line = std::iter::once(first).chain(arguments.iter().map(String::as_str));
        writeln!(self.input, "{}", line.collect::<Vec<_>>().join("\t"))?;
        self.input.flush()?;
        let mut answer = String::new();
        self.output.read_line(&mut answer)?;
        let parts: Vec<&str> = answer.trim_end().split('\t').collect();
        let (code, out, err) = match parts.as_slice() {
            [code, out, err] => (code, *out, *err),
            [code, out] => (code, *out, ""),
            [code] if !code.is_empty() => (code, "", ""),
            _ => anyhow::bail!("the JVM ended at {first} {arguments:?}"),
        };
        Ok(Ran { code: code.parse()?, out: decode(out)?, err: decode(err)? })
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        // Both fail only where the process has already ended.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Base64 with padding.
fn decode(text: &str) -> Result<String> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut count) = (0_u32, 0);
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        let value = ALPHABET.iter().position(|known| *known == letter).context("no Base64")?;
        bits = bits << 6 | u32::try_from(value)?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff)?);
        }
    }
    Ok(String::from_utf8(bytes)?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn base64_is_decoded() {
        assert_eq!(decode("").unwrap(), "");
        assert_eq!(decode("aGk=").unwrap(), "hi");
        assert_eq!(decode("aGVsbG8K").unwrap(), "hello\n");
        assert!(decode("*").is_err());
    }
}
