//! The same writes to a fresh directory of each system: the files are there under the same names and hold the
//! same bytes, but for what is random or a time.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use regex::Regex;

use super::client::{Client, PATIENT};
use super::dumps;
use crate::oracle::broker::{Site, System, klamm_binary};

/// Files whose bytes depend on when they were written, or hold what only one of the systems has. Of the two internal
/// topics the records are compared instead.
const NOT_COMPARED: [&str; 3] = [".lock", "__cluster_metadata-0", "__consumer_offsets-"];

/// Compares the directories of both systems.
pub fn run(client: &Client) -> Result<()> {
    let kafka = filled(client, System::Kafka)?;
    let klamm = filled(client, System::Klamm)?;
    let mut differences = Vec::new();
    for name in kafka.keys().chain(klamm.keys().filter(|name| !kafka.contains_key(*name))) {
        match (kafka.get(name), klamm.get(name)) {
            (Some(a), Some(b)) if a == b => {}
            (Some(a), Some(b)) => differences.push(format!("{name}\n  Kafka {a}\n  Klamm {b}")),
            (Some(_), None) => differences.push(format!("{name} is missing under Klamm")),
            (None, Some(_)) => differences.push(format!("{name} is Klamm's alone")),
            (None, None) => {}
        }
    }
    if !differences.is_empty() {
        bail!("{} files differ:\n{}", differences.len(), differences.join("\n"));
    }
    eprintln!("{} files have the same name and content", kafka.len());
    Ok(())
}

/// Files of a stopped node, by name, as text that can be compared.
fn filled(client: &Client, system: System) -> Result<BTreeMap<String, String>> {
    let site = Site::create(&["log.cleaner.enable=false", PATIENT[0], PATIENT[1]])?;
    site.format(system)?;
    let broker = site.start(system)?;
    client.write(&broker, 1)?;
    broker.stop()?;
    let mut files = BTreeMap::new();
    collect(&site.log_dir(), &site.log_dir(), &mut files)?;
    records(&site.log_dir(), &mut files)?;
    Ok(files)
}

/// The records of the metadata log and of committed offsets, log by log, with ids, times and places taken out.
fn records(root: &Path, files: &mut BTreeMap<String, String>) -> Result<()> {
    for log in
        dumps::files_of(root)?.into_iter().filter(|file| file.extension().is_some_and(|end| end == "log"))
    {
        let name = log.strip_prefix(root)?.display().to_string();
        let decoder = match name.split('-').next() {
            Some("__cluster_metadata") => "--cluster-metadata-decoder",
            Some("__consumer_offsets") => "--offsets-decoder",
            _ => continue,
        };
        let mut command = Command::new(klamm_binary()?);
        command.args(["dump-log", decoder, "--skip-record-metadata", "--files"]).arg(&log);
        let output = command.output().with_context(|| format!("dump {name}"))?;
        let mut kept: Vec<String> =
            String::from_utf8_lossy(&output.stdout).lines().filter_map(record).collect();
        sort_what_java_does_not(&mut kept);
        files.insert(format!("records of {name}"), kept.join("\n"));
    }
    Ok(())
}

/// Sorts neighbours whose order is that of a hash map in Kafka: the configs of a new topic go by the hash of their
/// names, the partitions that lose a leader by that of their random topic ids.
fn sort_what_java_does_not(records: &mut [String]) {
    const UNORDERED: [&str; 2] = [r#""type":"CONFIG_RECORD""#, r#""type":"PARTITION_CHANGE_RECORD""#];
    let kind = |record: &String| UNORDERED.iter().position(|kind| record.contains(kind));
    for run in records.chunk_by_mut(|a, b| kind(a) == kind(b)) {
        if run.first().and_then(kind).is_some() {
            run.sort_unstable();
        }
    }
}

/// A record that both systems must have written; none for lines of batches, for the beat of the log, and for what a
/// node says of itself.
fn record(line: &str) -> Option<String> {
    const OF_THE_NODE: [&str; 5] =
        ["NO_OP_RECORD", "REGISTER_", "BROKER_REGISTRATION_CHANGE", "TRANSACTION_RECORD", "FEATURE_LEVEL"];
    if !(line.contains("payload:") || line.contains("key:"))
        || OF_THE_NODE.iter().any(|kind| line.contains(kind))
    {
        return None;
    }
    let own = Regex::new(
        r#"[A-Za-z0-9_-]*[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|"[A-Za-z0-9_-]{22}"|\b1[6-9]\d{11}\b|"(brokerEpoch|port)":\d+"#,
    );
    Some(own.expect("the pattern is whole").replace_all(line, "OWN").into_owned())
}

fn collect(root: &Path, dir: &Path, files: &mut BTreeMap<String, String>) -> Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path.strip_prefix(root)?.display().to_string();
        if NOT_COMPARED.iter().any(|part| name.starts_with(part)) || name.contains("-delete") {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            let content = fs::read(&path).with_context(|| format!("read {}", path.display()))?;
            files.insert(name.clone(), comparable(&name, &content)?);
        }
    }
    Ok(())
}

/// The content with random ids and times taken out, and without the order of Java's hash maps.
fn comparable(name: &str, content: &[u8]) -> Result<String> {
    if name.ends_with("meta.properties") || name.ends_with("partition.metadata") {
        let text = std::str::from_utf8(content)?;
        let id = Regex::new(r"(topic_id: |directory\.id=)[A-Za-z0-9_-]{22}")?;
        let text = id.replace_all(text, "$1ID");
        let is_time = |line: &&str| line.starts_with('#') && line.contains(':');
        let mut lines: Vec<&str> = text.split('\n').filter(|line| !is_time(line)).collect();
        if name.ends_with("meta.properties") {
            lines.sort_unstable();
        }
        return Ok(format!("{lines:?}"));
    }
    if name.ends_with("-offset-checkpoint") {
        // Of __consumer_offsets the offsets depend on which group came to which partition when.
        let mut lines: Vec<&str> = std::str::from_utf8(content)?.split('\n').collect();
        lines.retain(|line| !line.starts_with("__consumer_offsets"));
        lines.sort_unstable();
        return Ok(format!("{lines:?}"));
    }
    if name.ends_with(".kafka_cleanshutdown") {
        let epoch = Regex::new(r#""brokerEpoch":\s*\d+"#)?;
        return Ok(epoch.replace_all(std::str::from_utf8(content)?, "\"brokerEpoch\": N").into_owned());
    }
    if name.ends_with(".snapshot") && content.len() > 10 {
        let mut entries: Vec<&[u8]> = content[10..].chunks(46).collect();
        entries.sort_unstable();
        return Ok(format!("{:02x?} {entries:02x?}", &content[..2]));
    }
    if content.len() < 512 {
        return Ok(content.iter().map(|byte| format!("{byte:02x}")).collect());
    }
    let sum = content.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    Ok(format!("{} bytes, {sum:016x}", content.len()))
}
