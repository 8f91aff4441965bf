//! Clients with the settings of the suite: short waits, nothing hidden by long retries.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::{DeliveryResult, Message};
use rdkafka::producer::{BaseProducer, BaseRecord, NoCustomPartitioner, Producer, ProducerContext};
use rdkafka::{ClientContext, Offset, TopicPartitionList};

use crate::records::{self, Record};
use crate::steps::{Failure, Outcome, Steps, until};

/// The longest any call may take.
pub const LIMIT: Duration = Duration::from_secs(20);

pub type Setting<'a> = (&'a str, &'a str);

/// What all steps share.
pub struct Clients<'a> {
    pub steps: &'a Steps,
    pub admin: AdminClient<DefaultClientContext>,
    /// Asks for metadata and offsets; a consumer's questions make no topics.
    pub observer: BaseConsumer,
}

/// Collects what became of each record.
#[derive(Default)]
struct Deliveries {
    ended: Mutex<Vec<Result<i64, KafkaError>>>,
}

impl ClientContext for Deliveries {}

impl ProducerContext<NoCustomPartitioner> for Deliveries {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        let ended = match result {
            Ok(message) => Ok(message.offset()),
            Err((error, _)) => Err(error.clone()),
        };
        self.ended.lock().unwrap_or_else(PoisonError::into_inner).push(ended);
    }
}

impl<'a> Clients<'a> {
    pub fn new(steps: &'a Steps) -> Result<Clients<'a>, Failure> {
        let admin = config(steps, &[]).create()?;
        let observer = consumer(steps, &[])?;
        Ok(Clients { steps, admin, observer })
    }

    pub fn consumer(&self, more: &[Setting]) -> Result<BaseConsumer, Failure> {
        consumer(self.steps, more)
    }

    /// Sends all and waits for all; the offsets as `FIRST..LAST` of one partition.
    pub fn send(&self, topic: &str, records: &[Record], more: &[Setting]) -> Outcome {
        self.send_by(topic, records, more, true)
    }

    /// As `send`; where records are not `placed`, the partitioner chooses.
    pub fn send_by(&self, topic: &str, records: &[Record], more: &[Setting], placed: bool) -> Outcome {
        let mut config = config(
            self.steps,
            &[
                ("linger.ms", "5"),
                ("message.timeout.ms", "15000"),
                ("topic.metadata.propagation.max.ms", "500"),
            ],
        );
        more.iter().for_each(|(name, value)| {
            config.set(*name, *value);
        });
        let producer: BaseProducer<Deliveries> = config.create_with_context(Deliveries::default())?;
        for record in records {
            let mut sent = BaseRecord::<[u8], [u8]>::to(topic).timestamp(record.timestamp);
            if placed {
                sent = sent.partition(record.partition);
            }
            sent.key = record.key.as_deref();
            sent.payload = record.value.as_deref();
            sent.headers = (!record.headers.is_empty()).then(|| record.owned_headers());
            producer.send(sent).map_err(|(error, _)| error)?;
        }
        producer.flush(LIMIT)?;
        let ended = producer.context().ended.lock().unwrap_or_else(PoisonError::into_inner);
        let offsets = ended.iter().cloned().collect::<Result<Vec<i64>, KafkaError>>()?;
        let (first, last) = (offsets.first().copied(), offsets.last().copied());
        Ok(format!("{} records {}..{}", offsets.len(), first.unwrap_or(-1), last.unwrap_or(-1)))
    }

    /// Commits one record in a transaction of its own.
    pub fn transact(&self, topic: &str, record: &Record) -> Outcome {
        let name = self.steps.topic("transaction");
        let mut config = config(self.steps, &[("transactional.id", name.as_str())]);
        let producer: BaseProducer<Deliveries> = config.set("linger.ms", "5").create_with_context(Deliveries::default())?;
        producer.init_transactions(LIMIT)?;
        producer.begin_transaction()?;
        let mut sent = BaseRecord::<[u8], [u8]>::to(topic).timestamp(record.timestamp).partition(0);
        sent.payload = record.value.as_deref();
        producer.send(sent).map_err(|(error, _)| error)?;
        producer.commit_transaction(LIMIT)?;
        Ok("committed".to_owned())
    }

    /// Takes `count` records of partition 0 from its beginning.
    pub fn read(&self, topic: &str, count: usize, more: &[Setting]) -> Outcome {
        self.read_from(topic, Offset::Beginning, count, more)
    }

    pub fn read_from(&self, topic: &str, from: Offset, count: usize, more: &[Setting]) -> Outcome {
        Ok(records::summary(&self.records_from(topic, from, count, more)?))
    }

    pub fn records_from(
        &self,
        topic: &str,
        from: Offset,
        count: usize,
        more: &[Setting],
    ) -> Result<Vec<Record>, Failure> {
        let consumer = self.consumer(more)?;
        let mut assignment = TopicPartitionList::new();
        assignment.add_partition_offset(topic, 0, from)?;
        consumer.assign(&assignment)?;
        take(&consumer, count)
    }

    pub fn options() -> AdminOptions {
        AdminOptions::new().request_timeout(Some(LIMIT)).operation_timeout(Some(LIMIT))
    }
}

/// Polls until `count` records have come; an error ends it.
pub fn take(consumer: &BaseConsumer, count: usize) -> Result<Vec<Record>, Failure> {
    let mut read = Vec::new();
    until(&format!("{count} records were read"), || {
        if let Some(polled) = consumer.poll(Duration::from_millis(100)) {
            read.push(Record::of_message(&polled?));
        }
        Ok(read.len() >= count)
    })?;
    Ok(read)
}

pub fn config(steps: &Steps, more: &[Setting]) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", &steps.bootstrap).set("client.id", "a");
    for (name, value) in more {
        config.set(*name, *value);
    }
    config
}

/// The settings of everything that reads; a group is needed even where none is joined.
pub fn consumer_config(steps: &Steps, more: &[Setting]) -> ClientConfig {
    let mut config = config(
        steps,
        &[
            ("enable.auto.commit", "false"),
            ("auto.offset.reset", "earliest"),
            ("fetch.wait.max.ms", "100"),
            ("topic.metadata.refresh.fast.interval.ms", "20"),
            ("reconnect.backoff.ms", "20"),
            ("session.timeout.ms", "6000"),
            ("heartbeat.interval.ms", "100"),
            ("topic.metadata.propagation.max.ms", "500"),
            ("partition.assignment.strategy", "range"),
        ],
    );
    config.set("group.id", steps.topic("no-group"));
    for (name, value) in more {
        config.set(*name, *value);
    }
    config
}

fn consumer(steps: &Steps, more: &[Setting]) -> Result<BaseConsumer, Failure> {
    Ok(consumer_config(steps, more).create()?)
}
