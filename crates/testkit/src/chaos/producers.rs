//! Producers with acks=all and idempotence, whose outcomes are noted one by one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use klamm_client::producer::{Idempotence, RecordMetadata};
use klamm_client::{ClientError, Producer, ProducerConfig, ProducerRecord};
use klamm_model::TopicPartition;
use klamm_protocol::ErrorCode;
use tokio::sync::Semaphore;
use tokio::time::MissedTickBehavior;

use super::progress::Progress;
use super::workload::WorkloadSpec;
use crate::cluster::LocalCluster;
use crate::history::{Event, Recorder, WriteId};

/// Writes without an outcome, per producer and partition: a partition that takes none holds up no other.
const OUTSTANDING: u32 = 120;
/// Writes of one tick.
const BURST: u32 = 10;

/// One producer's task: writes until the load ends, then waits for what is outstanding.
pub(super) fn run(
    cluster: &LocalCluster,
    producer: u32,
    spec: WorkloadSpec,
    recorder: Recorder,
    progress: Progress,
) -> Result<impl Future<Output = Result<()>> + Send + 'static> {
    let config = ProducerConfig {
        client: cluster.client_config()?,
        linger_ms: 1,
        delivery_timeout_ms: 300_000,
        max_block_ms: 120_000,
        ..ProducerConfig::default()
    };
    ensure!(config.enable_idempotence == Idempotence::Enabled, "the producer is idempotent by default");
    Ok(async move {
        let task = Task {
            client: Producer::new(config),
            producer,
            rooms: spec.all().iter().map(|_| Arc::new(Semaphore::new(OUTSTANDING as usize))).collect(),
            spec,
            recorder,
            progress,
        };
        task.write().await
    })
}

struct Task {
    client: Producer,
    producer: u32,
    /// One for each partition.
    rooms: Vec<Arc<Semaphore>>,
    spec: WorkloadSpec,
    recorder: Recorder,
    progress: Progress,
}

impl Task {
    async fn write(self) -> Result<()> {
        let pause = Duration::from_secs(1) * BURST / self.spec.rate.max(1);
        let mut ticks = tokio::time::interval(pause);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut number = 0;
        let mut turns = (0..self.spec.partitions).cycle();
        while !self.progress.is_stopping() {
            ticks.tick().await;
            for partition in turns.by_ref().take(BURST as usize) {
                number += u64::from(self.send(number, partition).await?);
            }
        }
        for room in &self.rooms {
            drop(room.acquire_many(OUTSTANDING).await?);
        }
        Ok(())
    }

    /// Whether there was room for it.
    async fn send(&self, number: u64, partition: i32) -> Result<bool> {
        let room = Arc::clone(&self.rooms[usize::try_from(partition)?]);
        let Ok(room) = room.try_acquire_owned() else { return Ok(false) };
        let write = WriteId { producer: self.producer, number };
        let at = TopicPartition::new(self.spec.topic.as_str(), partition);
        let value = format!("{write} {:.<1$}", "", self.spec.value_bytes);
        let record = ProducerRecord::new(self.spec.topic.as_str(), value).with_partition(partition);
        self.recorder.note(Event::Sent { write, at });
        let (recorder, progress) = (self.recorder.clone(), self.progress.clone());
        let sent = self.client.send_with(record, move |outcome| {
            note((&recorder, &progress), write, partition, outcome);
            drop(room);
        });
        if let Err(error) = sent.await {
            anyhow::bail!("producer {}: {error}", self.producer);
        }
        Ok(true)
    }
}

fn note(
    (recorder, progress): (&Recorder, &Progress),
    write: WriteId,
    partition: i32,
    outcome: std::result::Result<RecordMetadata, ClientError>,
) {
    match outcome {
        Ok(metadata) => {
            recorder.note(Event::Acknowledged { write, offset: metadata.offset });
            progress.acknowledge(partition, Instant::now());
        }
        Err(error) => {
            println!("write {write}: {error}");
            recorder.note(if is_refusal(&error) {
                Event::Refused { write }
            } else {
                Event::Unknown { write }
            });
        }
    }
}

/// Whether an error says of a record itself that it cannot be stored, so that no earlier try can have got through.
/// Whatever else the last try said, an earlier one may have.
fn is_refusal(error: &ClientError) -> bool {
    match error {
        ClientError::RecordTooLarge { .. } => true,
        ClientError::Kafka { error, .. } => matches!(
            error,
            ErrorCode::InvalidRecord
                | ErrorCode::InvalidTimestamp
                | ErrorCode::MessageTooLarge
                | ErrorCode::RecordListTooLarge
        ),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_error_of_the_record_itself_rules_out_that_it_is_stored() {
        assert!(is_refusal(&ClientError::kafka(ErrorCode::MessageTooLarge)));
        for error in [ErrorCode::UnknownServerError, ErrorCode::RequestTimedOut, ErrorCode::KafkaStorageError]
        {
            assert!(!is_refusal(&ClientError::kafka(error)), "{error}");
        }
        assert!(!is_refusal(&ClientError::Closed));
    }
}
