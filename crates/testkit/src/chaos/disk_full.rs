//! A disk that fills up under load: its node refuses writes with a storage error, serves reads, and takes writes again
//! once there is room, without a restart. In a cluster the others go on without it.

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
use super::replicas;
use super::workload::{Workload, WorkloadSpec};
use crate::cluster::{ClusterSpec, LocalCluster};
use crate::history::{Rules, Violation, check};

/// What the node of a full directory says.
const FULL: &str = "is full: appends are refused until space returns";
const ROOM: &str = "has room again";
/// What may be logged besides: the full node follows, too, and cannot.
const BESIDES: [&str; 1] = ["what was fetched cannot be written"];
const PATIENCE: Duration = Duration::from_secs(60);
/// The topic of writes whose errors are looked at, led by the node with the small disk.
const PROBED: &str = "probed";
/// The node with the small disk.
const FILLED: i32 = 1;
const POLL: Duration = Duration::from_millis(50);
/// Writes of each partition that show that it goes on.
const GOES_ON: usize = 50;

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

/// Runs `rounds` of filling and freeing. `disk` is a file system of its own, small enough to fill.
pub async fn run(spec: &ClusterSpec, disk: &Path, rounds: usize, load: WorkloadSpec) -> Result<FullReport> {
    let mut spec = spec.clone();
    spec.parents.insert(FILLED, disk.to_owned());
    let mut cluster = LocalCluster::format(&spec)?;
    cluster.start()?;
    let topic = load.topic.clone();
    let workload = Workload::start(&cluster, load).await?;
    let others = (1..=spec.nodes.min(3)).filter(|id| *id != FILLED);
    cluster.create_on(PROBED, &[FILLED].into_iter().chain(others).collect::<Vec<_>>()).await?;
    for round in 0..rounds {
        let done = fill_and_free(&cluster, &workload, disk).await;
        done.with_context(|| format!("round {round}\n{}", super::logs(&mut cluster)))?;
    }
    let acknowledged = workload.acknowledged();
    let recorder = workload.finish(&cluster).await?;
    if spec.nodes > 1 {
        replicas::await_whole(&mut cluster, &topic).await.with_context(|| super::logs(&mut cluster))?;
    }
    let expected: Vec<&str> = BESIDES.iter().chain(&super::AFTER_ABSENCE).chain([&FULL]).copied().collect();
    super::stop_all(&mut cluster, &expected).await?;
    let log = cluster.node(FILLED)?.log();
    ensure!(log.contains(FULL), "the node did not say that its disk is full\n{log}");
    ensure!(log.contains(ROOM), "the node did not say that there is room again\n{log}");
    let violations = check(&recorder.take(), Rules::Idempotent);
    Ok(FullReport { rounds, acknowledged, violations })
}

async fn fill_and_free(cluster: &LocalCluster, workload: &Workload, disk: &Path) -> Result<()> {
    let all = |_: usize| true;
    await_acknowledged(workload, &all).await.context("before the disk is full")?;
    let probe = probe(cluster)?;
    write_before(&probe).await?;
    let filler = Filler::fill(&disk.join("filler"))?;
    let begun = Instant::now();
    loop {
        match probe.send_and_wait(ProducerRecord::new(PROBED, "is there room?")).await {
            Err(error) if error.code() == Some(ErrorCode::KafkaStorageError) => break,
            Ok(_) => {}
            Err(error) if error.is_retriable() => {}
            Err(error) => return Err(error).context("a write to the full disk"),
        }
        ensure!(begun.elapsed() < PATIENCE, "writes are not refused");
        tokio::time::sleep(POLL).await;
    }
    let at = TopicPartition::new(PROBED, 0);
    let fetched =
        fetch_once(&cluster.client()?, &at, Offset::ZERO, 0).await.context("a read of the full disk")?;
    ensure!(!fetched.records.is_empty(), "the full disk serves no records");
    let topic = cluster.topic(workload.topic()).await?;
    let led = |partition: usize| {
        i32::try_from(partition)
            .is_ok_and(|at| topic.partition(at).is_some_and(|at| at.leader == Some(FILLED)))
    };
    let held = workload.acknowledged_by_partition();
    if cluster.size() > 1 {
        let others = |partition: usize| !led(partition);
        await_acknowledged(workload, &others).await.context("the others, beside the full disk")?;
    } else {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let now = workload.acknowledged_by_partition();
    for (partition, (held, now)) in held.iter().zip(&now).enumerate().filter(|(at, _)| led(*at)) {
        ensure!(
            *now <= held + GOES_ON,
            "a full disk goes on to acknowledge in partition {partition}: {held}, then {now}"
        );
    }
    filler.free()?;
    await_acknowledged(workload, &all).await.context("after the disk has room again")
}

/// Something to read from the full disk.
async fn write_before(probe: &Producer) -> Result<()> {
    let begun = Instant::now();
    while let Err(error) = probe.send_and_wait(ProducerRecord::new(PROBED, "there is room")).await {
        ensure!(
            error.is_retriable() && begun.elapsed() < PATIENCE,
            "a write before the disk is full: {error}"
        );
        tokio::time::sleep(POLL).await;
    }
    Ok(())
}

/// Waits until each partition that is `meant` has had more writes acknowledged.
async fn await_acknowledged(workload: &Workload, meant: &dyn Fn(usize) -> bool) -> Result<()> {
    let (before, begun) = (workload.acknowledged_by_partition(), Instant::now());
    loop {
        let now = workload.acknowledged_by_partition();
        let mut pairs = before.iter().zip(&now).enumerate().filter(|(at, _)| meant(*at));
        if pairs.all(|(_, (before, now))| *now >= before + GOES_ON) {
            return Ok(());
        }
        ensure!(begun.elapsed() < PATIENCE, "{before:?} acknowledged, now {now:?}");
        tokio::time::sleep(POLL).await;
    }
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
