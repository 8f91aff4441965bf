//! A disk that fills up under load: the node refuses writes with a storage error, serves reads, and takes writes
//! again once there is room, without a restart.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use klamm_client::ProducerConfig;
use klamm_client::producer::Idempotence;
use klamm_client::{Producer, ProducerRecord};
use klamm_model::{Offset, TopicPartition};
use klamm_protocol::ErrorCode;
use tokio::time::Instant;

use super::reading::fetch_once;
use super::workload::{Workload, WorkloadSpec};
use crate::cluster::{ClusterSpec, LocalCluster};
use crate::history::{Rules, Violation, check};

/// What a full directory may be told of.
const EXPECTED_LINES: [&str; 1] = ["is full: appends are refused until space returns"];
const PATIENCE: Duration = Duration::from_secs(60);
/// The topic of writes whose errors are looked at.
const PROBED: &str = "probed";
const POLL: Duration = Duration::from_millis(50);

/// What came of it.
#[derive(Clone, Debug)]
pub struct FullReport {
    /// How often the disk was filled and freed.
    pub rounds: usize,
    /// Writes acknowledged over all.
    pub acknowledged: usize,
    /// Broken promises.
    pub violations: Vec<Violation>,
}

/// Runs `rounds` of filling and freeing. `spec.parent` is on a file system of its own, small enough to fill.
pub async fn run(spec: &ClusterSpec, rounds: usize) -> Result<FullReport> {
    let parent = spec.parent.clone().context("the disk to fill has to be named")?;
    let mut cluster = LocalCluster::format(spec)?;
    cluster.start()?;
    let load = WorkloadSpec { rate: 200, ..WorkloadSpec::default() };
    let workload = Workload::start(&cluster, load).await?;
    cluster.create_topic(PROBED, 1, &[]).await?;
    for round in 0..rounds {
        fill_and_free(&cluster, &workload, &parent, round).await.with_context(|| {
            let logs: Vec<String> = cluster.nodes().iter().map(|node| node.log()).collect();
            format!("round {round}\n{}", logs.join("\n"))
        })?;
    }
    let acknowledged = workload.acknowledged();
    let recorder = workload.finish(&cluster).await?;
    let node = cluster.node(1)?;
    node.stop()?;
    node.check_log(&EXPECTED_LINES)?;
    let log = node.log();
    ensure!(log.contains(EXPECTED_LINES[0]), "the node did not say that its disk is full\n{log}");
    ensure!(log.contains("has room again"), "the node did not say that there is room again\n{log}");
    let violations = check(&recorder.take(), Rules::Idempotent);
    Ok(FullReport { rounds, acknowledged, violations })
}

async fn fill_and_free(
    cluster: &LocalCluster,
    workload: &Workload,
    parent: &Path,
    round: usize,
) -> Result<()> {
    await_acknowledged(workload, 200).await.context("before the disk is full")?;
    let filler = Filler::fill(&parent.join("filler"))?;
    let probe = probe(cluster)?;
    let begun = Instant::now();
    loop {
        let record = ProducerRecord::new(PROBED, "is there room?");
        match probe.send_and_wait(record).await {
            Err(error) if error.code() == Some(ErrorCode::KafkaStorageError) => break,
            Ok(_) => {}
            Err(error) if error.is_retriable() => {}
            Err(error) => return Err(error).context("a write to the full disk"),
        }
        ensure!(begun.elapsed() < PATIENCE, "writes are not refused");
        tokio::time::sleep(POLL).await;
    }
    let at = TopicPartition::new("chaos", 1);
    let fetched =
        fetch_once(&cluster.client()?, &at, Offset::ZERO, 0).await.context("a read of the full disk")?;
    ensure!(!fetched.records.is_empty(), "the full disk serves no records");
    let held = workload.acknowledged();
    tokio::time::sleep(Duration::from_millis(500)).await;
    ensure!(
        workload.acknowledged() <= held + 200,
        "round {round}: a full disk goes on to acknowledge: {held}, then {}",
        workload.acknowledged()
    );
    filler.free()?;
    await_acknowledged(workload, 200).await.context("after the disk has room again")
}

async fn await_acknowledged(workload: &Workload, more: usize) -> Result<()> {
    let (before, begun) = (workload.acknowledged(), Instant::now());
    while workload.acknowledged() < before + more {
        ensure!(begun.elapsed() < PATIENCE, "{before} acknowledged, now {}", workload.acknowledged());
        tokio::time::sleep(POLL).await;
    }
    Ok(())
}

/// A producer that gives up at the first error.
fn probe(cluster: &LocalCluster) -> Result<Producer> {
    let config = ProducerConfig {
        client: cluster.client_config()?,
        retries: 0,
        enable_idempotence: Idempotence::Disabled,
        ..ProducerConfig::default()
    };
    Ok(Producer::new(config))
}

/// Room that is left: less than the node's low-water mark, and enough for its metadata.
const LEFT: u64 = 24 << 20;

/// A file that takes what there is but [`LEFT`].
struct Filler {
    path: PathBuf,
}

impl Filler {
    fn fill(path: &Path) -> Result<Filler> {
        let mut file = File::create(path)?;
        let chunk = vec![0x5a; 1 << 20];
        loop {
            let space = rustix::fs::statvfs(path)?;
            if space.f_bavail * space.f_frsize <= LEFT {
                return Ok(Filler { path: path.to_owned() });
            }
            file.write_all(&chunk).context("fill the disk")?;
        }
    }

    fn free(self) -> Result<()> {
        fs::remove_file(&self.path).context("free the disk")
    }
}
