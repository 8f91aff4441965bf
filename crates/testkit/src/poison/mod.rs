//! Crafted produce requests that no client sends, and what a broker makes of them: the answer, and whether the
//! connection is kept. Two brokers that are sent the same must do the same.

mod batches;
mod cases;
mod craft;
mod requests;

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Result, ensure};
use klamm_protocol::Str;
use klamm_protocol::messages::create_topics_request::{CreatableTopic, CreatableTopicConfig};
use klamm_protocol::messages::{ApiVersionsRequest, CreateTopicsRequest, ProduceRequest};

pub use cases::{Case, cases};
pub use craft::{Craft, Record};

use crate::wire::{Heard, RawConnection, read_answer};

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(90);
/// Topics of the cases, each with one partition.
const TOPICS: [(&str, &[(&str, &str)]); 4] = [
    ("plain", &[]),
    ("compacted", &[("cleanup.policy", "compact")]),
    ("small", &[("max.message.bytes", "1000")]),
    ("stamped", &[("message.timestamp.type", "LogAppendTime")]),
];

/// What became of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The answer's partitions; `None` where none came.
    pub answer: Option<Vec<PartitionAnswer>>,
    /// Whether the connection serves a further request.
    pub kept: bool,
}

/// One partition of an answer, as far as two brokers must agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionAnswer {
    /// The error.
    pub error_code: i16,
    /// Whether it has an offset.
    pub is_stored: bool,
    /// The records at fault.
    pub record_errors: Vec<i32>,
}

impl Outcome {
    /// Whether any partition of the answer has an offset.
    fn is_stored(&self) -> bool {
        self.answer.iter().flatten().any(|partition| partition.is_stored)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.answer {
            Some(partitions) => {
                for PartitionAnswer { error_code, is_stored, record_errors } in partitions {
                    let stored = if *is_stored { "stored" } else { "not stored" };
                    write!(f, "error {error_code}, {stored}, records {record_errors:?}, ")?;
                }
            }
            None => f.write_str("no answer, ")?,
        }
        f.write_str(if self.kept { "kept" } else { "closed" })
    }
}

/// A broker that cases are sent to.
#[derive(Debug)]
pub struct Target {
    address: SocketAddr,
    connection: Option<RawConnection>,
}

impl Target {
    /// Creates the topics.
    pub fn prepare(address: SocketAddr) -> Result<Target> {
        let topics = TOPICS.map(|(name, configs)| CreatableTopic {
            name: Str::from(name),
            num_partitions: 1,
            replication_factor: 1,
            configs: configs
                .iter()
                .map(|(name, value)| CreatableTopicConfig {
                    name: Str::from(*name),
                    value: Some(Str::from(*value)),
                    ..CreatableTopicConfig::default()
                })
                .collect(),
            ..CreatableTopic::default()
        });
        let request = CreateTopicsRequest {
            topics: topics.into(),
            timeout_ms: 15_000,
            ..CreateTopicsRequest::default()
        };
        let mut connection = RawConnection::open(address)?;
        let response = connection.ask(&request, 5)?;
        ensure!(response.topics.iter().all(|topic| topic.error_code == 0), "{address}: {response:?}");
        let mut target = Target { address, connection: Some(connection) };
        target.await_leaders()?;
        Ok(target)
    }

    /// A topic that was just created may have no leader yet: sends a sound batch to each until it is taken.
    fn await_leaders(&mut self) -> Result<()> {
        for (topic, _) in TOPICS {
            let sound = Case::sound(topic);
            let begun = std::time::Instant::now();
            loop {
                let outcome = self.send(&sound)?;
                let taken = outcome.answer.as_ref().and_then(|answer| answer.first());
                if taken.is_some_and(|partition| partition.error_code == 0) {
                    break;
                }
                ensure!(begun.elapsed() < PATIENCE, "{topic} takes no sound batch: {outcome}");
                std::thread::sleep(Duration::from_millis(50));
            }
        }
        Ok(())
    }

    /// Sends a case, on the connection of the last one if that was kept.
    pub fn send(&mut self, case: &Case) -> Result<Outcome> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => RawConnection::open(self.address)?,
        };
        connection.send_frame(&case.content)?;
        let mut answer = None;
        if case.is_answered {
            match connection.hear(PATIENCE) {
                Heard::Frame(content) => answer = Some(partitions(content, case.version)?),
                Heard::Closed => return Ok(Outcome { answer: None, kept: false }),
                Heard::Silence => anyhow::bail!("{}: no answer within {PATIENCE:?}", case.name),
            }
        }
        let kept = connection.ask(&ApiVersionsRequest::default(), 0).is_ok();
        if kept {
            self.connection = Some(connection);
        }
        Ok(Outcome { answer, kept })
    }
}

fn partitions(content: Vec<u8>, version: i16) -> Result<Vec<PartitionAnswer>> {
    let response = read_answer::<ProduceRequest>(content, version)?;
    let partitions = response.responses.iter().flat_map(|topic| &topic.partition_responses);
    let told = partitions.map(|partition| PartitionAnswer {
        error_code: partition.error_code,
        is_stored: partition.base_offset >= 0,
        record_errors: partition.record_errors.iter().map(|error| error.batch_index).collect(),
    });
    Ok(told.collect())
}

/// Faults that Klamm refuses and Apache Kafka stores, on purpose (decision 3, points 1 and 3): consumers fail on them.
const STRICTER: [&str; 5] = [
    "producer without epoch",
    "producer id below -1",
    "record size too small",
    "record size too large",
    "record size huge",
];

/// What came of a comparison.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// Cases sent.
    pub cases: usize,
    /// Those of [`STRICTER`] that the first stores and the second refuses.
    pub stricter: usize,
    /// All else that differs, one text each.
    pub differences: Vec<String>,
}

/// Sends all cases to Apache Kafka and to Klamm.
pub fn compare(kafka: SocketAddr, klamm: SocketAddr) -> Result<Comparison> {
    let (mut kafka, mut klamm) = (Target::prepare(kafka)?, Target::prepare(klamm)?);
    let mut comparison = Comparison::default();
    for case in cases()? {
        let (one, other) = (kafka.send(&case)?, klamm.send(&case)?);
        comparison.cases += 1;
        if one == other {
            continue;
        }
        let on_purpose = STRICTER.iter().any(|fault| case.name.ends_with(fault));
        if on_purpose && one.is_stored() && !other.is_stored() && one.kept == other.kept {
            comparison.stricter += 1;
        } else {
            comparison.differences.push(format!("{}: {one} / {other}", case.name));
        }
    }
    Ok(comparison)
}
