//! The producer: records are collected into batches, and batches are sent by one task of its own.
//!
//! ```text
//! send() -- metadata, memory --> Accumulator --ripe batches--> Sender --> brokers
//!    ^------------------------- Delivery <--------- answers ----/
//! ```

mod accumulator;
mod batch;
mod config;
mod dispatch;
mod outcome;
mod partitioner;
mod record;
mod request;
mod sender;
mod sequences;
mod serializer;
mod settle;
mod shared;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use klamm_model::{Timestamp, TopicPartition};
use klamm_protocol::records::builder::single_record_upper_bound;
use parking_lot::Mutex;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout, timeout_at};

use accumulator::Wake;
use batch::{Callback, headers_of};
pub use config::{Acks, Idempotence, Keys, Partitioning, ProducerConfig};
use outcome::Slot;
use partitioner::Choice;
pub use partitioner::{Partitioner, murmur2, partition_for_key};
pub use record::{Delivery, ProducerRecord, RecordHeader, RecordMetadata};
use sender::Sender;
pub use serializer::{BigEndian, Deserializer, Nullable, Raw, Serializer, TypedProducer, Utf8};
use shared::Shared;

use crate::cluster::{Cluster, TopicView};
use crate::error::ClientError;
use crate::metrics::Metric;

/// Sends records. Clones share buffers and connections; the last one that is dropped without
/// [`Producer::close`] gives up what was not sent.
#[derive(Clone)]
pub struct Producer {
    inner: Arc<Inner>,
}

struct Inner {
    config: Arc<ProducerConfig>,
    cluster: Cluster,
    shared: Arc<Shared>,
    sender: Mutex<Option<JoinHandle<()>>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(sender) = self.sender.get_mut() {
            sender.abort();
        }
    }
}

impl std::fmt::Debug for Producer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Producer").field("config", &self.inner.config).finish_non_exhaustive()
    }
}

impl Producer {
    /// A producer; its task runs on the current runtime. Nothing is dialled yet.
    pub fn new(config: ProducerConfig) -> Producer {
        let choice = Choice::of(&config);
        Producer::start(config, choice)
    }

    /// A producer with a partitioner of the caller's own.
    pub fn with_partitioner(config: ProducerConfig, partitioner: Arc<dyn Partitioner>) -> Producer {
        Producer::start(config, Choice::Own(partitioner))
    }

    fn start(config: ProducerConfig, choice: Choice) -> Producer {
        let config = Arc::new(config);
        let cluster = Cluster::new(config.client.clone());
        let shared = Arc::new(Shared::new(&config, choice));
        let sender = Sender::new(Arc::clone(&shared), cluster.clone(), Arc::clone(&config));
        let sender = Mutex::new(Some(tokio::spawn(sender.run())));
        Producer { inner: Arc::new(Inner { config, cluster, shared, sender }) }
    }

    /// Hands over a record; waits only for metadata and memory. The outcome is the returned future's.
    pub async fn send(&self, record: ProducerRecord) -> Result<Delivery, ClientError> {
        self.append(&record, None).await
    }

    /// As [`Producer::send`]; `callback` gets the outcome, on the producer's task: it must not block.
    pub async fn send_with(
        &self,
        record: ProducerRecord,
        callback: impl FnOnce(Result<RecordMetadata, ClientError>) + Send + 'static,
    ) -> Result<(), ClientError> {
        self.append(&record, Some(Box::new(callback))).await.map(drop)
    }

    /// Sends a record and waits for its outcome.
    pub async fn send_and_wait(&self, record: ProducerRecord) -> Result<RecordMetadata, ClientError> {
        self.send(record).await?.metadata().await
    }

    async fn append(
        &self,
        record: &ProducerRecord,
        callback: Option<Callback>,
    ) -> Result<Delivery, ClientError> {
        let config = &self.inner.config;
        let deadline = Instant::now() + config.max_block();
        let topic = self.topic(&record.topic, record.partition, deadline).await?;
        let size =
            single_record_upper_bound(record.key.as_deref(), record.value.as_deref(), &headers_of(record));
        for (limit, setting) in
            [(config.max_request_size, "max.request.size"), (config.buffer_memory, "buffer.memory")]
        {
            if size > limit {
                return Err(ClientError::RecordTooLarge { size, limit, setting });
            }
        }
        let memory = self.memory(size, deadline).await?;
        let appended = self.inner.shared.accumulator.lock().append(&topic, record, now(), callback, memory);
        let (delivery, wake) = appended?;
        if wake == Wake::Sender {
            self.inner.shared.wake.notify_one();
        }
        Ok(delivery)
    }

    /// The topic, and in it the partition, once metadata knows them.
    async fn topic(
        &self,
        name: &Arc<str>,
        partition: Option<i32>,
        deadline: Instant,
    ) -> Result<Arc<TopicView>, ClientError> {
        let shared = &self.inner.shared;
        shared.use_topic(name);
        let mut refreshed = shared.refreshed.subscribe();
        loop {
            let view = self.inner.cluster.view();
            let known = view.topic(name).filter(|topic| !topic.partitions.is_empty());
            if let Some(topic) = known
                && partition.is_none_or(|partition| topic.partition(partition).is_some())
            {
                return Ok(Arc::clone(topic));
            }
            if let Some(error) = shared.topic_error(name).filter(|error| !error.is_retriable()) {
                return Err(ClientError::kafka(error));
            }
            shared.ask_for_metadata();
            let waited = timeout_at(deadline, refreshed.changed()).await;
            match (waited, partition) {
                (Ok(Ok(())), _) => {}
                (Ok(Err(_)), _) => return Err(ClientError::Closed),
                (Err(_), Some(partition)) if known.is_some() => {
                    return Err(ClientError::UnknownPartition(TopicPartition::new(
                        Arc::clone(name),
                        partition,
                    )));
                }
                (Err(_), _) => {
                    let after_ms = self.inner.config.max_block_ms;
                    return Err(ClientError::Timeout { what: format!("metadata of topic {name}"), after_ms });
                }
            }
        }
    }

    async fn memory(&self, size: usize, deadline: Instant) -> Result<OwnedSemaphorePermit, ClientError> {
        let shared = &self.inner.shared;
        // Below buffer.memory, which is checked, so 32 bits hold it.
        let permits = u32::try_from(size).unwrap_or(u32::MAX);
        if let Ok(memory) = Arc::clone(&shared.memory).try_acquire_many_owned(permits) {
            return Ok(memory);
        }
        // While somebody starves nothing lingers.
        let _starving = shared.starve();
        shared.wake.notify_one();
        match timeout_at(deadline, Arc::clone(&shared.memory).acquire_many_owned(permits)).await {
            Ok(memory) => memory.map_err(|_| ClientError::Closed),
            Err(_) => {
                let after_ms = self.inner.config.max_block_ms;
                Err(ClientError::Timeout { what: format!("{size} bytes of buffer.memory"), after_ms })
            }
        }
    }

    /// The partitions of a topic.
    pub async fn partitions_for(&self, topic: &str) -> Result<Arc<TopicView>, ClientError> {
        let deadline = Instant::now() + self.inner.config.max_block();
        self.topic(&Arc::from(topic), None, deadline).await
    }

    /// What it has counted so far.
    pub fn metrics(&self) -> Vec<Metric> {
        let (counts, shared) = (&self.inner.shared.counts, &self.inner.shared);
        let total = self.inner.config.buffer_memory as u64;
        let count = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let rows = [
            ("record-send-total", count(&counts.sent)),
            ("record-retry-total", count(&counts.retried)),
            ("record-error-total", count(&counts.failed)),
            ("batch-split-total", count(&counts.split)),
            ("buffer-total-bytes", total),
            ("buffer-available-bytes", shared.memory.available_permits() as u64),
        ];
        rows.map(|(name, value)| Metric::of("producer-metrics", name, value)).to_vec()
    }

    /// Sends what waits and waits for the outcome of all records sent before.
    pub async fn flush(&self) -> Result<(), ClientError> {
        let shared = &self.inner.shared;
        let _flushing = shared.flush();
        let mut waiting = shared.accumulator.lock().incomplete();
        shared.wake.notify_one();
        while let Some(mut slot) = waiting.pop() {
            let settled = slot.wait_for(|slot| !matches!(slot, Slot::Waiting)).await;
            if let Ok(Slot::Split(parts)) = settled.as_deref() {
                waiting.extend(parts.iter().map(|(_, part)| part.clone()));
            }
        }
        Ok(())
    }

    /// Sends what waits, up to `limit`, and ends the producer. What is left then fails with
    /// [`ClientError::Closed`].
    pub async fn close(&self, limit: Duration) -> Result<(), ClientError> {
        let shared = &self.inner.shared;
        shared.accumulator.lock().close();
        shared.closing.store(true, Ordering::Release);
        shared.wake.notify_one();
        let Some(mut sender) = self.inner.sender.lock().take() else { return Ok(()) };
        let ended = timeout(limit, &mut sender).await;
        if ended.is_err() {
            sender.abort();
            sender.await.ok();
        }
        let left = shared.accumulator.lock().take_all();
        shared.memory.close();
        match left.is_empty() && ended.is_ok() {
            true => Ok(()),
            false => {
                let after_ms = limit.as_millis() as u64;
                Err(ClientError::Timeout { what: "closing the producer".to_owned(), after_ms })
            }
        }
    }
}

fn now() -> Timestamp {
    // A clock before 1970 is no time at all.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
