//! Records of every codec, size and acknowledgement, and those a broker refuses.

use std::time::{SystemTime, UNIX_EPOCH};

use rdkafka::Offset;

use crate::clients::{Clients, LIMIT, Setting};
use crate::raw;
use crate::records::{self, COUNT, Record};
use crate::steps::{Failure, Outcome, code_of, expect_equal};
use rdkafka::consumer::Consumer;

/// The broker's default limit of one batch, less its header (61) and that of a record without key and headers (11).
const LARGEST_VALUE: usize = 1_048_588 - 72;
const LARGE: Setting = ("message.max.bytes", "4194304");

pub fn run(clients: &Clients) {
    let steps = clients.steps;
    for codec in ["none", "gzip", "snappy", "lz4", "zstd"] {
        let topic = format!("codec-{codec}");
        steps.step(&format!("produce-{codec}"), || {
            clients.keep(&topic, &[])?;
            let more = [("compression.type", codec)];
            expect_equal(
                "20 records 0..19",
                &clients.send(&steps.topic(&topic), &records::standard(0, COUNT), &more)?,
            )
        });
        steps.step(&format!("consume-{codec}"), || read_standard(clients, &topic));
    }
    acknowledgements(clients);
    sizes(clients);
    refusals(clients);
    variants(clients);
}

pub fn read_standard(clients: &Clients, topic: &str) -> Outcome {
    let read = clients.read(&clients.steps.topic(topic), COUNT, &[])?;
    expect_equal(&records::standard_summary(COUNT), &read)
}

fn acknowledgements(clients: &Clients) {
    let steps = clients.steps;
    let topic = steps.topic("acks");
    for (acks, stored) in [("0", 1), ("1", 2), ("all", 3)] {
        steps.step(&format!("produce-acks-{acks}"), || {
            if stored == 1 {
                clients.keep("acks", &[])?;
            }
            clients.send(&topic, &[Record::of_value(format!("acks {acks}"))], &[("acks", acks)])?;
            clients.read(&topic, stored, &[])
        });
    }
}

fn sizes(clients: &Clients) {
    let steps = clients.steps;
    let topic = steps.topic("large");
    let value: Vec<u8> = (b'a'..=b'z').cycle().take(LARGEST_VALUE + 1).collect();
    steps.step("produce-largest", || {
        clients.keep("large", &[])?;
        clients.send(&topic, &[Record::of_value(&value[..LARGEST_VALUE])], &[LARGE])?;
        clients.read(&topic, 1, &[])
    });
    steps.refuse("produce-too-large", "MESSAGE_TOO_LARGE", || {
        clients.send(&topic, &[Record::of_value(&value[..])], &[LARGE])
    });
}

fn refusals(clients: &Clients) {
    let steps = clients.steps;
    steps.refuse("produce-bad-partition", "client: UnknownPartition", || {
        let record = Record { partition: 99, ..Record::of_value("x") };
        clients.send(&steps.topic("acks"), &[record], &[])
    });
    steps.skip("produce-unknown-topic", "the client always asks for a topic to be made");
    steps.refuse("produce-invalid-topic", "INVALID_TOPIC_EXCEPTION", || {
        clients.send(&steps.topic("bad/name"), &[Record::of_value("x")], &[])
    });
    steps.refuse("produce-compacted-null-key", "INVALID_RECORD", || {
        clients.keep("compacted", &[("cleanup.policy", "compact")])?;
        clients.send(&steps.topic("compacted"), &[Record::of_value("no key")], &[])
    });
    steps.refuse("produce-timestamp-too-old", "INVALID_TIMESTAMP", || {
        clients.keep("bounded", &[("message.timestamp.before.max.ms", "1000")])?;
        clients.send(&steps.topic("bounded"), &records::standard(0, 1), &[])
    });
    steps.step("producer-sequences", || {
        clients.keep("sequences", &[])?;
        // The client waits until the topic can be written.
        clients.send(&steps.topic("sequences"), &records::standard(0, 1), &[])?;
        raw::sequences(steps, &steps.topic("sequences"))
    });
}

fn variants(clients: &Clients) {
    let steps = clients.steps;
    steps.step("produce-keys", || {
        clients.create("keys", 3, &[("retention.ms", "-1")])?;
        let keyed = |i: i32| Record {
            key: Some(format!("key-{i}").into_bytes()),
            ..Record::of_value(format!("value-{i}"))
        };
        let records: Vec<Record> = (0..30).map(keyed).collect();
        // The Java client's hash.
        clients.send_by(&steps.topic("keys"), &records, &[("partitioner", "murmur2_random")], false)?;
        let counts =
            (0..3).map(|partition| clients.observer.fetch_watermarks(&steps.topic("keys"), partition, LIMIT));
        Ok(format!("{:?}", counts.collect::<Result<Vec<_>, _>>()?))
    });
    steps.step("produce-log-append-time", || {
        let topic = steps.topic("appended");
        clients.keep("appended", &[("message.timestamp.type", "LogAppendTime")])?;
        let before = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_millis() as i64);
        clients.send(&topic, &records::standard(0, 3), &[("compression.type", "lz4")])?;
        let read = clients.records_from(&topic, Offset::Beginning, 3, &[])?;
        if read.iter().any(|record| record.timestamp < before) {
            return Err(Failure::of_rule("records have the broker's time".to_owned()));
        }
        Ok(format!("{} records of the broker's time", read.len()))
    });
    steps.step("produce-idempotent", || {
        clients.keep("idempotent", &[])?;
        let more = [("enable.idempotence", "true"), ("batch.num.messages", "3")];
        let sent = clients.send(&steps.topic("idempotent"), &records::standard(0, COUNT), &more)?;
        Ok(format!("{sent}, {}", read_standard(clients, "idempotent")?))
    });
    steps.step("produce-transactional", || {
        clients.keep("transactional", &[])?;
        let topic = steps.topic("transactional");
        Ok(match clients.transact(&topic, &records::standard(0, 1)[0]) {
            Ok(told) => {
                let committed = [("isolation.level", "read_committed")];
                format!("{told}: {}", clients.read(&topic, 1, &committed)?)
            }
            Err(refused) => format!("refused: {}", code_of(Err::<String, _>(refused))),
        })
    });
    steps.step("produce-recompressed", || {
        clients.keep("recompressed", &[("compression.type", "zstd")])?;
        let gzip = [("compression.type", "gzip")];
        clients.send(&steps.topic("recompressed"), &records::standard(0, COUNT), &gzip)?;
        read_standard(clients, "recompressed")
    });
}
