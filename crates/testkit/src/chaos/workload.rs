//! The load: idempotent producers, readers that follow each partition, a group that commits.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use klamm_model::TopicPartition;
use tokio::task::JoinHandle;

use super::progress::Progress;
use super::{commits, producers, reading};
use crate::cluster::LocalCluster;
use crate::history::Recorder;

/// Longest wait for the outcome of the last writes.
const DRAIN: Duration = Duration::from_secs(120);

/// How much load.
#[derive(Clone, Debug)]
pub struct WorkloadSpec {
    /// The topic, created at the start.
    pub topic: String,
    /// Its partitions.
    pub partitions: i32,
    /// Configs of the topic.
    pub configs: Vec<(String, String)>,
    /// Producers, each with writes to all partitions in turn.
    pub producers: u32,
    /// Writes per second of each.
    pub rate: u32,
    /// Bytes of a value at least.
    pub value_bytes: usize,
}

impl Default for WorkloadSpec {
    fn default() -> WorkloadSpec {
        WorkloadSpec {
            topic: "chaos".to_owned(),
            partitions: 4,
            configs: Vec::new(),
            producers: 3,
            rate: 1000,
            value_bytes: 100,
        }
    }
}

impl WorkloadSpec {
    /// The topic's partitions.
    pub fn all(&self) -> Vec<TopicPartition> {
        (0..self.partitions).map(|partition| TopicPartition::new(self.topic.as_str(), partition)).collect()
    }
}

/// A running load.
#[derive(Debug)]
pub struct Workload {
    spec: WorkloadSpec,
    recorder: Recorder,
    progress: Progress,
    writing: Vec<JoinHandle<Result<()>>>,
    following: Vec<JoinHandle<Result<()>>>,
}

impl Workload {
    /// Creates the topic and starts all tasks on the current runtime.
    pub async fn start(cluster: &LocalCluster, spec: WorkloadSpec) -> Result<Workload> {
        let configs: Vec<(&str, &str)> =
            spec.configs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        cluster.create_topic(&spec.topic, spec.partitions, &configs).await?;
        let (recorder, progress) = (Recorder::default(), Progress::new(usize::try_from(spec.partitions)?));
        let mut writing = Vec::new();
        for producer in 1..=spec.producers {
            let task = producers::run(cluster, producer, spec.clone(), recorder.clone(), progress.clone())?;
            writing.push(tokio::spawn(task));
        }
        let mut following = Vec::new();
        for at in spec.all() {
            let reader = u32::try_from(at.partition)?;
            let task = reading::follow(cluster.client()?, reader, at, recorder.clone(), progress.clone());
            following.push(tokio::spawn(task));
        }
        let task = commits::run(cluster.admin()?, spec.all(), recorder.clone(), progress.clone());
        following.push(tokio::spawn(task));
        Ok(Workload { spec, recorder, progress, writing, following })
    }

    /// The topic that is written to.
    pub fn topic(&self) -> &str {
        &self.spec.topic
    }

    /// Writes acknowledged so far.
    pub fn acknowledged(&self) -> usize {
        self.acknowledged_by_partition().iter().sum()
    }

    /// Writes acknowledged so far, partition by partition.
    pub fn acknowledged_by_partition(&self) -> Vec<usize> {
        self.progress.acknowledged()
    }

    /// The longest time in which a partition had no write acknowledged, since this was last asked for.
    pub fn take_longest_silence(&self) -> Duration {
        self.progress.take_longest_silence()
    }

    /// What is noted.
    pub fn recorder(&self) -> Recorder {
        self.recorder.clone()
    }

    /// Ends the load, waits for all outcomes, then scans every partition and asks for the commits.
    pub async fn finish(self, cluster: &LocalCluster) -> Result<Recorder> {
        self.progress.stop();
        for task in self.writing.into_iter().chain(self.following) {
            let ended = tokio::time::timeout(DRAIN, task).await;
            ended.with_context(|| format!("a task of the load has not ended within {DRAIN:?}"))???;
        }
        for at in self.spec.all() {
            let reader = 1000 + u32::try_from(at.partition)?;
            reading::scan(&cluster.client()?, reader, at, &self.recorder).await?;
        }
        commits::read(&cluster.admin()?, &self.spec.all(), &self.recorder)
            .await
            .context("the last look at the commits")?;
        ensure!(self.progress.acknowledged().iter().all(|count| *count > 0), "the load did nothing");
        Ok(self.recorder)
    }
}
