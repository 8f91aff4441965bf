//! Makes many topics, and waits until all partitions have leaders.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use klamm_client::{Admin, ClientConfig};
use klamm_protocol::Str;
use klamm_protocol::messages::CreateTopicsRequest;
use klamm_protocol::messages::create_topics_request::CreatableTopic;

/// Topics of one request.
const TOGETHER: usize = 50;
const POLL: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_secs(600);

/// What to make.
#[derive(Clone, Debug)]
pub struct ManyTopics {
    /// Addresses of brokers.
    pub bootstrap: String,
    /// How many.
    pub topics: usize,
    /// Of each.
    pub partitions: i32,
    /// Of each partition.
    pub replication_factor: i16,
}

impl ManyTopics {
    /// Makes them; the time from the first request until metadata tell a leader for each partition.
    pub fn make(&self) -> Result<Duration> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let mut config = ClientConfig::new(&self.bootstrap)?;
            config.request_timeout_ms = 300_000;
            config.default_api_timeout_ms = 300_000;
            let admin = Admin::new(config);
            let begun = Instant::now();
            let names: Vec<Str> = (0..self.topics).map(|n| Str::from(format!("many-{n:05}"))).collect();
            for some in names.chunks(TOGETHER) {
                self.make_some(&admin, some).await?;
            }
            while !self.are_led(&admin, &names).await? {
                ensure!(begun.elapsed() < PATIENCE, "no leaders after {PATIENCE:?}");
                tokio::time::sleep(POLL).await;
            }
            Ok(begun.elapsed())
        })
    }

    async fn make_some(&self, admin: &Admin, names: &[Str]) -> Result<()> {
        let topic = |name: &Str| CreatableTopic {
            name: name.clone(),
            num_partitions: self.partitions,
            replication_factor: self.replication_factor,
            ..CreatableTopic::default()
        };
        let request = CreateTopicsRequest {
            topics: names.iter().map(topic).collect(),
            timeout_ms: 300_000,
            ..CreateTopicsRequest::default()
        };
        let response = admin.create_topics(&request).await?;
        let refused = response.topics.iter().find(|topic| topic.error_code != 0);
        ensure!(refused.is_none(), "a topic is refused: {refused:?}");
        Ok(())
    }

    async fn are_led(&self, admin: &Admin, names: &[Str]) -> Result<bool> {
        let topics = admin.describe_topics(names).await?;
        Ok(topics.len() == names.len()
            && topics.values().all(|topic| {
                topic.as_ref().is_ok_and(|topic| {
                    topic.partitions.len() == self.partitions as usize
                        && topic.partitions.iter().all(|partition| partition.leader.is_some())
                })
            }))
    }
}
