//! `cargo xtask compat shell`: the trees of metadata logs and snapshots that both systems wrote, as Kafka's own node
//! classes print them and as our metadata shell does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::oracle::broker::{Site, System, klamm_binary};
use crate::oracle::jars::JarSet;
use crate::oracle::java::Program;

/// Compares the whole trees of every segment and snapshot.
#[derive(clap::Args)]
pub struct Args {
    /// Print the trees that are equal, too
    #[arg(long, short)]
    verbose: bool,
}

/// Longest wait for a line to be taken.
const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(50);

/// What fills the metadata: a tool and its arguments behind the address.
const SCENE: &[&str] = &[
    "topics --create --topic plain --partitions 3",
    "topics --create --topic with-configs --config retention.ms=5000 --config cleanup.policy=compact,delete",
    "topics --create --topic gone",
    "topics --delete --topic gone",
    "configs --alter --entity-type brokers --entity-default --add-config log.retention.ms=7000",
    "configs --alter --entity-type brokers --entity-name 1 --add-config log.cleaner.threads=2",
];
/// What Klamm's nodes do not serve yet: in the files of Apache Kafka alone.
const OF_KAFKA_ALONE: &[&str] = &[
    "configs --alter --entity-type users --entity-name alice --add-config SCRAM-SHA-256=[iterations=8192,password=a]",
    "configs --alter --entity-type users --entity-name alice --add-config SCRAM-SHA-512=[iterations=4096,password=b]",
    "configs --alter --entity-type users --entity-name (bob) --entity-type clients --entity-name c --add-config \
     producer_byte_rate=1500000",
    "configs --alter --entity-type ips --entity-name 127.0.0.1 --add-config connection_creation_rate=20",
];

/// Runs the comparison; an error is a difference.
pub fn run(args: &Args) -> Result<()> {
    let tree = Program::compile(JarSet::Kafka, &["tests/compat/shell/MetadataTree.java"])?;
    let klamm = klamm_binary()?;
    let mut compared = 0;
    for system in [System::Kafka, System::Klamm] {
        // The smallest bound there is, so that a snapshot is written.
        let site = Site::create(&["metadata.log.max.record.bytes.between.snapshots=1"])?;
        site.format(system)?;
        let broker = site.start(system)?;
        let more = if system == System::Kafka { OF_KAFKA_ALONE } else { &[] };
        for line in SCENE.iter().chain(more) {
            run_line(&klamm, &site.bootstrap(), line).with_context(|| system.name())?;
        }
        broker.stop()?;
        let files = metadata_files(&site.log_dir().join("__cluster_metadata-0"))?;
        ensure!(files.len() > 1, "{} wrote no snapshot", system.name());
        let mut java = tree.command("MetadataTree");
        let output = java.args(&files).output()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(output.status.success(), "Kafka cannot read what {} wrote: {said}", system.name());
        let trees = String::from_utf8(output.stdout)?;
        for (file, expected) in files.iter().zip(trees.split("---\n")) {
            let output = Command::new(&klamm)
                .arg("metadata-shell")
                .arg("--snapshot")
                .arg(file)
                .args(["tree", "/image"])
                .output()?;
            let found = String::from_utf8(output.stdout)? + &String::from_utf8_lossy(&output.stderr);
            let name = file.file_name().unwrap_or_default().display();
            if args.verbose {
                println!("{name} of {}:\n{found}", system.name());
            }
            ensure!(
                found == expected,
                "{name} of {}: Kafka shows\n{expected}\nwe show\n{found}",
                system.name()
            );
            compared += 1;
        }
    }
    println!("the trees of {compared} files are equal");
    Ok(())
}

/// Runs a tool. A broker learns a moment later of what its controller has decided for the line before, so that one that
/// is refused is tried again.
fn run_line(klamm: &Path, bootstrap: &str, line: &str) -> Result<()> {
    let begun = Instant::now();
    loop {
        let mut words = line.split_whitespace();
        let tool = words.next().context("a line names a tool")?;
        let output =
            Command::new(klamm).args([tool, "--bootstrap-server", bootstrap]).args(words).output()?;
        if output.status.success() {
            return Ok(());
        }
        let said = [output.stdout, output.stderr].concat();
        ensure!(begun.elapsed() < PATIENCE, "{line} is refused: {}", String::from_utf8_lossy(&said));
        std::thread::sleep(POLL);
    }
}

/// Segments and snapshots that hold metadata, in the order of their names.
fn metadata_files(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).with_context(|| dir.display().to_string())? {
        let path = entry?.path();
        let is_batches =
            path.extension().is_some_and(|extension| extension == "log" || extension == "checkpoint");
        if is_batches && path.metadata()?.len() > 0 {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
