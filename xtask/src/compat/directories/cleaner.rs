//! One directory, compacted by both systems: the same records stay, in batches with the same headers.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use regex::Regex;

use super::client::{Client, PATIENT, ensure_equal};
use super::dumps::files_of;
use crate::oracle::broker::{Broker, Site, System, klamm_binary};

/// Transactions of every kind, keys that come again.
const TOPIC: &str = "transactions";
/// Sealed records of a transaction that a marker in the active segment aborts.
const UNDONE: &str = "undone";
/// Compaction begins at once and at any dirt.
const EAGER: [&str; 5] = [
    PATIENT[0],
    PATIENT[1],
    "log.cleaner.backoff.ms=100",
    "log.cleaner.min.cleanable.ratio=0.0",
    "log.cleaner.delete.retention.ms=0",
];
const TOPICS: [&str; 2] = [TOPIC, UNDONE];
const ROUNDS: usize = 2;
const LIMIT: Duration = Duration::from_secs(300);

/// Lets Apache Kafka fill a directory without compacting it, then both compact a copy each, twice: the second
/// round meets what the first left.
pub fn run(client: &Client) -> Result<()> {
    let site = Site::create(&EAGER)?;
    site.format(System::Kafka)?;
    without_cleaner(&site, System::Kafka, |broker| {
        client.write_undone(broker, UNDONE)?;
        client.write_transactions(broker, TOPIC)
    })?;
    let original = site.dir().join("original");
    copy(&site.log_dir(), &original)?;
    let mut left = Vec::new();
    for system in [System::Kafka, System::Klamm] {
        fs::remove_dir_all(site.log_dir())?;
        copy(&original, &site.log_dir())?;
        left.push(compacted(client, &site, system).with_context(|| system.name())?);
    }
    for (round, (kafka, klamm)) in left[0].iter().zip(&left[1]).enumerate() {
        ensure_equal(&format!("what round {} of compaction left", round + 1), kafka, klamm)?;
    }
    let records = left[0][ROUNDS - 1].lines().filter(|line| line.starts_with('|')).count();
    eprintln!("both cleaners leave the same {records} records");
    Ok(())
}

/// Two rounds of compaction by `system`; the records and batches that each left. Nothing is written while the cleaner
/// runs, else the number of its rounds, and with it which tombstones go, would depend on the machine.
fn compacted(client: &Client, site: &Site, system: System) -> Result<[String; ROUNDS]> {
    compact(site, system)?;
    let first = dumped(site)?;
    without_cleaner(site, system, |broker| client.write_keys(broker, TOPIC, 7))?;
    compact(site, system)?;
    Ok([first, dumped(site)?])
}

/// The records and batches of the topics' files, and their names.
fn dumped(site: &Site) -> Result<String> {
    let files = files_of(&site.log_dir())?;
    let mut logs: Vec<_> = files
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "log"))
        .filter(|path| TOPICS.iter().any(|topic| path.starts_with(log_of(&site.log_dir(), topic))))
        .map(|path| path.display().to_string())
        .collect();
    logs.sort();
    let mut dump = Command::new(klamm_binary()?);
    dump.args(["dump-log", "--print-data-log", "--files", &logs.join(",")]);
    let output = dump.output()?;
    ensure!(output.status.success(), "{dump:?}: {}", String::from_utf8_lossy(&output.stderr));
    comparable(&String::from_utf8_lossy(&output.stdout))
}

/// Starts `system` without its cleaner for the time of `write`.
fn without_cleaner(site: &Site, system: System, write: impl FnOnce(&Broker) -> Result<()>) -> Result<()> {
    let properties = site.dir().join("server.properties");
    let eager = fs::read_to_string(&properties)?;
    fs::write(&properties, format!("{eager}log.cleaner.enable=false\n"))?;
    let broker = site.start(system)?;
    write(&broker)?;
    broker.stop()?;
    Ok(fs::write(&properties, eager)?)
}

/// One round: all but the active segment is cleaned together.
fn compact(site: &Site, system: System) -> Result<()> {
    let broker = site.start(system)?;
    await_clean(&site.log_dir())?;
    broker.stop()
}

/// Without sizes, places and checksums, which are those of the compressor, and without the moment of the round.
fn comparable(dump: &str) -> Result<String> {
    let own = Regex::new(r" (position|size|crc|isvalid): \S+")?;
    let horizon = Regex::new(r"deleteHorizonMs: (OptionalLong\[)?\d+\]?")?;
    let lines = dump.lines().map(|line| {
        let line = own.replace_all(line, "");
        horizon.replace_all(&line, "deleteHorizonMs: set").into_owned()
    });
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

/// Waits until the cleaner checkpoint reaches the active segments.
fn await_clean(log_dir: &Path) -> Result<()> {
    let deadline = Instant::now() + LIMIT;
    for topic in TOPICS {
        loop {
            let (noted, active) = progress(log_dir, topic)?;
            if noted >= active {
                break;
            }
            if Instant::now() > deadline {
                bail!("{topic} compacted up to {noted} of {active} in {LIMIT:?}");
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
    Ok(())
}

/// Where compaction has come to, and where the active segment begins.
fn progress(log_dir: &Path, topic: &str) -> Result<(i64, i64)> {
    let checkpoint = fs::read_to_string(log_dir.join("cleaner-offset-checkpoint")).unwrap_or_default();
    let noted = checkpoint.lines().find_map(|line| line.strip_prefix(&format!("{topic} 0 ")));
    let noted = noted.and_then(|offset| offset.trim().parse().ok()).unwrap_or(0);
    let names = fs::read_dir(log_of(log_dir, topic))?;
    let bases = names.filter_map(|entry| {
        let name = entry.ok()?.file_name().into_string().ok()?;
        name.strip_suffix(".log")?.parse::<i64>().ok()
    });
    Ok((noted, bases.max().unwrap_or(0)))
}

fn log_of(log_dir: &Path, topic: &str) -> PathBuf {
    log_dir.join(format!("{topic}-0"))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
