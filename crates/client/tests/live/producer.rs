//! Records on their way to the log.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use klamm_client::admin::OffsetSpec;
use klamm_client::cluster::TopicView;
use klamm_client::producer::{Acks, Idempotence, Partitioner, Partitioning, Producer, partition_for_key};
use klamm_client::{Admin, ClientError, ProducerConfig, ProducerRecord};
use klamm_model::{Offset, TopicPartition};
use klamm_protocol::ErrorCode;
use klamm_protocol::records::{Codec, Compression};
use parking_lot::Mutex;
use tokio::time::{Instant, sleep};

use crate::site::{LIMIT, admin, bootstrap, topic};

fn config(bootstrap: &str) -> ProducerConfig {
    ProducerConfig::new(bootstrap).unwrap()
}

async fn ends(admin: &Admin, name: &str, partitions: i32) -> Vec<i64> {
    let specs = (0..partitions).map(|at| (TopicPartition::new(name, at), OffsetSpec::Latest));
    let listed = admin.list_offsets(specs.collect(), 0).await.unwrap();
    listed.values().map(|end| end.as_ref().unwrap().offset.map_or(-1, Offset::get)).collect()
}

#[tokio::test]
async fn every_codec_and_every_level_of_acks_is_taken_in_order() {
    let bootstrap = bootstrap();
    let admin = admin(&bootstrap);
    for codec in [Codec::None, Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd] {
        for (acks, idempotence) in [
            (Acks::All, Idempotence::Enabled),
            (Acks::Leader, Idempotence::Disabled),
            (Acks::None, Idempotence::Disabled),
        ] {
            let name = topic(&admin, "producer-codec", 1, &[]).await;
            let producer = Producer::new(ProducerConfig {
                compression: Compression::new(codec),
                acks,
                enable_idempotence: idempotence,
                ..config(&bootstrap)
            });
            let mut deliveries = Vec::new();
            for number in 0..2_000_u32 {
                let value = Bytes::from(format!("value {number} {}", "x".repeat(100)));
                let record = ProducerRecord::new(name.as_str(), value).with_header("h", "1");
                deliveries.push(producer.send(record).await.unwrap());
            }
            for (number, delivery) in deliveries.into_iter().enumerate() {
                let sent = delivery.await.unwrap();
                let expected = (acks != Acks::None).then_some(number as i64);
                assert_eq!(sent.offset.map(Offset::get), expected, "{codec} {acks:?}");
            }
            producer.close(LIMIT).await.unwrap();
            // Nobody says when what was sent without acks is in the log.
            let deadline = Instant::now() + LIMIT;
            while ends(&admin, &name, 1).await != [2_000] {
                assert!(acks == Acks::None && Instant::now() < deadline, "{codec} {acks:?}");
                sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

#[tokio::test]
async fn keys_go_where_javas_hash_sends_them_and_nulls_are_spread() {
    let bootstrap = bootstrap();
    let admin = admin(&bootstrap);
    let name = topic(&admin, "producer-keys", 7, &[]).await;
    let producer = Producer::new(ProducerConfig { batch_size: 200, ..config(&bootstrap) });
    for number in 0..50 {
        let key = format!("key-{number}");
        let record = ProducerRecord::new(name.as_str(), "v").with_key(key.clone());
        let sent = producer.send_and_wait(record).await.unwrap();
        assert_eq!(sent.partition.partition, partition_for_key(key.as_bytes(), 7));
    }
    let mut counts: BTreeMap<i32, u32> = BTreeMap::new();
    for _ in 0..400 {
        let delivery = producer.send(ProducerRecord::new(name.as_str(), vec![0; 50])).await.unwrap();
        *counts.entry(delivery.partition().partition).or_default() += 1;
    }
    producer.flush().await.unwrap();
    assert_eq!(counts.len(), 7, "{counts:?}");
    producer.close(LIMIT).await.unwrap();

    let turns = Producer::new(ProducerConfig { partitioner: Partitioning::RoundRobin, ..config(&bootstrap) });
    let mut taken = Vec::new();
    for _ in 0..14 {
        let record = ProducerRecord::new(name.as_str(), "v").with_key("same");
        taken.push(turns.send(record).await.unwrap().partition().partition);
    }
    assert_eq!(taken[..7], taken[7..]);
    turns.close(LIMIT).await.unwrap();

    struct Last;
    impl Partitioner for Last {
        fn partition(&self, topic: &TopicView, _: Option<&[u8]>, _: Option<&[u8]>) -> i32 {
            topic.partitions.len() as i32 - 1
        }
    }
    let own = Producer::with_partitioner(config(&bootstrap), Arc::new(Last));
    let sent = own.send_and_wait(ProducerRecord::new(name.as_str(), "v")).await.unwrap();
    assert_eq!(sent.partition.partition, 6);
    own.close(LIMIT).await.unwrap();
}

#[tokio::test]
async fn callbacks_hear_the_outcome_in_order_before_close_returns() {
    let bootstrap = bootstrap();
    let admin = admin(&bootstrap);
    let name = topic(&admin, "producer-callbacks", 1, &[]).await;
    let producer = Producer::new(config(&bootstrap));
    let heard = Arc::new(Mutex::new(Vec::new()));
    for _ in 0..100 {
        let heard = Arc::clone(&heard);
        let callback = move |sent: Result<klamm_client::producer::RecordMetadata, ClientError>| {
            heard.lock().push(sent.unwrap().offset.unwrap().get());
        };
        producer.send_with(ProducerRecord::new(name.as_str(), "v"), callback).await.unwrap();
    }
    producer.close(LIMIT).await.unwrap();
    assert_eq!(*heard.lock(), (0..100).collect::<Vec<i64>>());
    let late = producer.send(ProducerRecord::new(name.as_str(), "v")).await.unwrap_err();
    assert!(matches!(late, ClientError::Closed), "{late:?}");
}

#[tokio::test]
async fn what_is_too_large_is_refused_here_or_split_for_the_broker() {
    let bootstrap = bootstrap();
    let admin = admin(&bootstrap);
    let name = topic(&admin, "producer-large", 1, &[("max.message.bytes", "2000")]).await;
    let producer = Producer::new(ProducerConfig { linger_ms: 50, ..config(&bootstrap) });
    let too_large = producer.send(ProducerRecord::new(name.as_str(), vec![0; 1_100_000])).await;
    assert!(matches!(too_large, Err(ClientError::RecordTooLarge { .. })), "{too_large:?}");
    let refused = producer.send_and_wait(ProducerRecord::new(name.as_str(), vec![0; 3_000])).await;
    assert_eq!(refused.unwrap_err().code(), Some(ErrorCode::MessageTooLarge));
    let mut deliveries = Vec::new();
    for _ in 0..20 {
        deliveries.push(producer.send(ProducerRecord::new(name.as_str(), vec![0; 500])).await.unwrap());
    }
    for (number, delivery) in deliveries.into_iter().enumerate() {
        assert_eq!(delivery.await.unwrap().offset.unwrap().get(), number as i64);
    }
    producer.close(LIMIT).await.unwrap();
}

#[tokio::test]
async fn unknown_partitions_and_topics_fail_after_max_block() {
    let bootstrap = bootstrap();
    let admin = admin(&bootstrap);
    let name = topic(&admin, "producer-unknown", 1, &[]).await;
    let producer = Producer::new(ProducerConfig { max_block_ms: 300, ..config(&bootstrap) });
    let error = producer.send(ProducerRecord::new(name.as_str(), "v").with_partition(4)).await.unwrap_err();
    assert!(matches!(error, ClientError::UnknownPartition(_)), "{error:?}");
    let error = producer.send(ProducerRecord::new("not a topic!", "v")).await.unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::InvalidTopicException));
    producer.close(LIMIT).await.unwrap();
}

#[tokio::test]
async fn small_memory_holds_callers_back_and_loses_nothing() {
    let bootstrap = bootstrap();
    let admin = admin(&bootstrap);
    let name = topic(&admin, "producer-memory", 3, &[]).await;
    let producer = Producer::new(ProducerConfig {
        buffer_memory: 20_000,
        linger_ms: 10_000,
        batch_size: 100_000,
        ..config(&bootstrap)
    });
    for number in 0..300 {
        let record = ProducerRecord::new(name.as_str(), vec![0; 1_000]).with_partition(number % 3);
        producer.send(record).await.unwrap();
    }
    producer.flush().await.unwrap();
    assert_eq!(ends(&admin, &name, 3).await, [100, 100, 100]);
    producer.close(LIMIT).await.unwrap();
}
