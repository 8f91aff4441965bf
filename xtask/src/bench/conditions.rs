//! Under which conditions a run took place, and the quiet before each load.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::oracle::cache;

/// What the host of a virtual machine takes faster than its disk does is a small part of this.
const DISK_BYTES: usize = 4 << 30;
/// As much as a short load writes.
const MEMORY_BYTES: usize = 1 << 30;
const STEP: usize = 1 << 20;

/// As printed and published.
#[derive(Debug)]
pub struct Conditions(Vec<(&'static str, String)>);

/// Looks at the machine; writes four gigabytes to `place` to know the disk's pace.
pub fn observe(place: &Path, rounds: usize) -> Result<Conditions> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let processor = field_of("/proc/cpuinfo", "model name").unwrap_or_default();
    let memory = field_of("/proc/meminfo", "MemTotal").unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: Vec<&str> = load.split(' ').take(3).collect();
    let disk = disk_megabytes_per_second(place)?;
    Ok(Conditions(vec![
        ("machine", format!("{cores} cores, {processor}, {memory} memory, Linux {}", kernel.trim())),
        ("disk", format!("{disk:.0} MB/s (4 GiB written and made durable)")),
        ("load average before the run", load.join(" ")),
        ("Klamm", first_line(Command::new("git").args(["describe", "--always", "--dirty"]))),
        ("Apache Kafka", "4.4.0, the JVM options of its start script, 1 GiB heap".to_owned()),
        ("Java", first_line(Command::new("java").arg("--version"))),
        ("rounds", format!("{rounds}; both systems in each, on fresh directories, taking turns to begin")),
        ("nodes", "one combined node, defaults; all on the loopback of one machine".to_owned()),
        ("flush policy", "the default of both: the page cache, written back by the kernel".to_owned()),
        (
            "load",
            "klamm-testkit, acks=all, Produce version 13, no compression, half-random 1 KiB records"
                .to_owned(),
        ),
    ]))
}

impl Conditions {
    /// One line each.
    pub fn text(&self) -> String {
        self.0.iter().map(|(name, value)| format!("- {name}: {value}\n")).collect()
    }
}

fn field_of(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn first_line(command: &mut Command) -> String {
    let output = command.current_dir(cache::workspace()).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().next().unwrap_or("unknown").to_owned()
}

/// The pace at which the disk takes more than anybody puts by: of four gigabytes that are written and made durable.
pub fn disk_megabytes_per_second(place: &Path) -> Result<f64> {
    settle();
    touch_memory(place)?;
    let path = place.join("disk-probe");
    let begun = Instant::now();
    write_probe(&path, DISK_BYTES)?.sync_data()?;
    let seconds = begun.elapsed().as_secs_f64();
    fs::remove_file(&path).context("remove the probe")?;
    Ok(DISK_BYTES as f64 / 1e6 / seconds)
}

/// Brings a gigabyte of memory to the head of what the kernel has free. A virtual machine's host takes back what is not
/// used, and a load into the page cache pays for each page that has to come from there again: half of its time or
/// nothing, as it happens.
pub fn touch_memory(place: &Path) -> Result<()> {
    let path = place.join("memory-probe");
    write_probe(&path, MEMORY_BYTES)?;
    fs::remove_file(&path).context("remove the probe")
}

fn write_probe(path: &Path, bytes: usize) -> Result<File> {
    let mut file = File::create(path)?;
    // Not zeros: a disk may be cleverer with these.
    let step: Vec<u8> = (0..STEP).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for _ in 0..bytes / STEP {
        file.write_all(&step)?;
    }
    Ok(file)
}

/// What others left to write goes to the disk first, so that no load pays for the one before it.
pub fn settle() {
    rustix::fs::sync();
}
