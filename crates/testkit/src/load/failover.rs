//! Records, or changes of metadata, by the project's own client while the node they depend on is killed: the longest
//! time without an acknowledgement.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use klamm_client::{Admin, ClientConfig, Producer, ProducerConfig, ProducerRecord};
use klamm_protocol::Str;
use klamm_protocol::messages::create_topics_request::{CreatableReplicaAssignment, CreatableTopic};
use klamm_protocol::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use klamm_protocol::messages::{CreateTopicsRequest, IncrementalAlterConfigsRequest};
use rustix::process::{Pid, Signal, kill_process};
use serde::Serialize;

use super::gaps::Gaps;

const TOPIC: &str = "failover";
/// `ConfigResource.Type.TOPIC`.
const TOPIC_RESOURCE: i8 = 2;
const SET: i8 = 0;
/// Between two looks at what is due.
const TICK: Duration = Duration::from_millis(1);
/// Longest wait for the outcomes of what was sent.
const PATIENCE: Duration = Duration::from_secs(120);

/// Who is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Victim {
    /// The leader of the partition that is written to; not the active controller.
    Leader,
    /// The active controller, while metadata is changed.
    Controller,
}

/// The story.
#[derive(Clone, Debug)]
pub struct Failover {
    /// Addresses of the brokers, separated by commas.
    pub bootstrap: String,
    /// Processes of the nodes, combined ones, by id.
    pub nodes: BTreeMap<i32, u32>,
    /// Who is killed.
    pub victim: Victim,
    /// Records a second; changes of metadata follow one another.
    pub rate: f64,
    /// Size of a value.
    pub record_bytes: usize,
    /// Time before the kill.
    pub before: Duration,
    /// Time after it.
    pub after: Duration,
}

/// What happened.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct FailoverReport {
    /// Who was killed.
    pub victim: i32,
    /// Acknowledged records or changes.
    pub acknowledged: u64,
    /// Refused ones.
    pub failed: u64,
    /// The longest time without an acknowledgement before the kill, in milliseconds.
    pub calm_ms: f64,
    /// The longest one from the kill on.
    pub longest_ms: f64,
}

impl Failover {
    /// Runs it.
    pub fn run(&self) -> Result<FailoverReport> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let admin = Admin::new(self.client()?);
            let controller = self.controller(&admin).await?;
            let leader = *self.nodes.keys().find(|id| **id != controller).context("more than one node")?;
            self.create_topic(&admin, leader).await?;
            match self.victim {
                Victim::Leader => self.write(leader).await,
                Victim::Controller => self.change(&admin, controller).await,
            }
        })
    }

    fn client(&self) -> Result<ClientConfig> {
        let mut config = ClientConfig::new(&self.bootstrap)?;
        config.reconnect_backoff_ms = 10;
        config.reconnect_backoff_max_ms = 50;
        config.retry_backoff_ms = 5;
        config.retry_backoff_max_ms = 20;
        Ok(config)
    }

    async fn controller(&self, admin: &Admin) -> Result<i32> {
        let response = admin.describe_quorum().await?;
        let partition = response.topics.first().and_then(|topic| topic.partitions.first());
        Ok(partition.context("the metadata log is not in the answer")?.leader_id)
    }

    async fn create_topic(&self, admin: &Admin, leader: i32) -> Result<()> {
        let others = self.nodes.keys().copied().filter(|id| *id != leader);
        let assignment = CreatableReplicaAssignment {
            partition_index: 0,
            broker_ids: std::iter::once(leader).chain(others).collect(),
            ..CreatableReplicaAssignment::default()
        };
        let topic = CreatableTopic {
            name: Str::from(TOPIC),
            num_partitions: -1,
            replication_factor: -1,
            assignments: vec![assignment],
            ..CreatableTopic::default()
        };
        let request =
            CreateTopicsRequest { topics: vec![topic], timeout_ms: 30_000, ..CreateTopicsRequest::default() };
        let response = admin.create_topics(&request).await?;
        ensure!(response.topics.iter().all(|topic| topic.error_code == 0), "{response:?}");
        Ok(())
    }

    fn kill(&self, victim: i32) -> Result<()> {
        let process = self.nodes.get(&victim).with_context(|| format!("no process of node {victim}"))?;
        let process = i32::try_from(*process).ok().and_then(Pid::from_raw).context("a process id")?;
        Ok(kill_process(process, Signal::KILL)?)
    }

    async fn write(&self, leader: i32) -> Result<FailoverReport> {
        let producer = Producer::new(ProducerConfig {
            client: self.client()?,
            buffer_memory: 512 << 20,
            ..ProducerConfig::new(&self.bootstrap)?
        });
        let gaps = Gaps::default();
        let value: bytes::Bytes = vec![b'v'; self.record_bytes].into();
        let (begun, mut sent, mut is_killed) = (Instant::now(), 0_u64, false);
        while begun.elapsed() < self.before + self.after {
            if !is_killed && begun.elapsed() >= self.before {
                gaps.begin_next();
                self.kill(leader)?;
                is_killed = true;
            }
            let due = (begun.elapsed().as_secs_f64() * self.rate) as u64;
            while sent < due {
                let record = ProducerRecord::new(TOPIC, value.clone()).with_partition(0);
                let gaps = gaps.clone();
                producer.send_with(record, move |outcome| gaps.note(outcome.is_ok())).await?;
                sent += 1;
            }
            tokio::time::sleep(TICK).await;
        }
        producer.close(PATIENCE).await?;
        Ok(gaps.report(leader))
    }

    async fn change(&self, admin: &Admin, controller: i32) -> Result<FailoverReport> {
        let gaps = Gaps::default();
        let (begun, mut is_killed) = (Instant::now(), false);
        for n in 0_u64.. {
            if !is_killed && begun.elapsed() >= self.before {
                gaps.begin_next();
                self.kill(controller)?;
                is_killed = true;
            }
            if begun.elapsed() >= self.before + self.after {
                break;
            }
            let config = AlterableConfig {
                name: Str::from("retention.ms"),
                config_operation: SET,
                value: Some(Str::from((600_000_000 + n).to_string())),
                ..AlterableConfig::default()
            };
            let resource = AlterConfigsResource {
                resource_type: TOPIC_RESOURCE,
                resource_name: Str::from(TOPIC),
                configs: vec![config],
                ..AlterConfigsResource::default()
            };
            let request = IncrementalAlterConfigsRequest {
                resources: vec![resource],
                ..IncrementalAlterConfigsRequest::default()
            };
            let answer = admin.incremental_alter_configs(&request).await;
            gaps.note(answer.is_ok_and(|answer| answer.iter().all(|one| one.error_code == 0)));
        }
        Ok(gaps.report(controller))
    }
}
