//! Reading by hand-assigned partitions, against a real broker.

use std::collections::BTreeMap;
use std::time::Duration;

use klamm_client::consumer::{AutoOffsetReset, Consumer, ConsumerConfig, ConsumerRecord, TypedConsumer};
use klamm_client::producer::{BigEndian, Nullable, Utf8};
use klamm_client::{ClientError, Producer, ProducerConfig, ProducerRecord};
use klamm_config::OffsetReset;
use klamm_model::{Offset, Timestamp, TopicPartition};
use klamm_protocol::records::{Codec, Compression};
use tokio::time::Instant;

use crate::site::{LIMIT, admin, bootstrap, topic};

pub const POLL: Duration = Duration::from_millis(200);

pub fn config(bootstrap: &str) -> ConsumerConfig {
    ConsumerConfig {
        auto_offset_reset: AutoOffsetReset::To(OffsetReset::Earliest),
        ..ConsumerConfig::new(bootstrap).unwrap()
    }
}

/// Sends `values` to partition `partition`, each with its number as time.
pub async fn fill(bootstrap: &str, name: &str, partition: i32, codec: Codec, count: usize) {
    let producer = Producer::new(ProducerConfig {
        compression: Compression::new(codec),
        ..ProducerConfig::new(bootstrap).unwrap()
    });
    for number in 0..count {
        let record = ProducerRecord::new(name, format!("value {number}"))
            .with_key((number as i64).to_be_bytes().to_vec())
            .with_partition(partition)
            .with_timestamp(Timestamp::from_millis(1_000 + number as i64))
            .with_header("h", "x");
        producer.send(record).await.unwrap();
    }
    producer.close(LIMIT).await.unwrap();
}

/// Polls until `count` records have come.
pub async fn read(consumer: &mut Consumer, count: usize) -> Vec<ConsumerRecord> {
    let deadline = Instant::now() + LIMIT;
    let mut records = Vec::new();
    while records.len() < count {
        records.extend(consumer.poll(POLL).await.unwrap());
        assert!(Instant::now() < deadline, "{} of {count} records", records.len());
    }
    records
}

fn offsets(records: &[ConsumerRecord]) -> Vec<i64> {
    records.iter().map(|record| record.offset.get()).collect()
}

#[tokio::test]
async fn every_codec_is_read_whole_and_in_order_in_polls_of_bounded_size() {
    let bootstrap = bootstrap();
    let admin = admin(&bootstrap);
    for codec in Codec::ALL {
        let name = topic(&admin, "consumer-codec", 1, &[]).await;
        fill(&bootstrap, &name, 0, codec, 1_000).await;
        let mut consumer = Consumer::new(ConsumerConfig { max_poll_records: 70, ..config(&bootstrap) });
        consumer.assign([TopicPartition::new(name.as_str(), 0)]).unwrap();
        let first = read(&mut consumer, 1).await;
        assert!(first.len() <= 70, "{codec}");
        let rest = read(&mut consumer, 1_000 - first.len()).await;
        let all = [first, rest].concat();
        assert_eq!(offsets(&all), (0..1_000).collect::<Vec<i64>>(), "{codec}");
        let last = all.last().unwrap();
        assert_eq!(last.value.as_deref(), Some(&b"value 999"[..]));
        assert_eq!(last.timestamp, Some(Timestamp::from_millis(1_999)));
        assert_eq!(last.headers.len(), 1);
        assert_eq!(consumer.current_lag(&last.topic_partition()), Some(0));
        consumer.close(LIMIT).await.unwrap();
    }
}

#[tokio::test]
async fn seeks_go_to_offsets_ends_and_times_and_pauses_hold_records_back() {
    let bootstrap = bootstrap();
    let admin = admin(&bootstrap);
    let name = topic(&admin, "consumer-seek", 2, &[]).await;
    for partition in 0..2 {
        fill(&bootstrap, &name, partition, Codec::None, 100).await;
    }
    let at = |partition| TopicPartition::new(name.as_str(), partition);
    let mut consumer = Consumer::new(config(&bootstrap));
    consumer.assign([at(0), at(1)]).unwrap();
    consumer.pause(&[at(1)]).unwrap();
    consumer.seek(&at(0), Offset::at(90)).unwrap();
    assert_eq!(offsets(&read(&mut consumer, 10).await), (90..100).collect::<Vec<i64>>());
    assert_eq!(consumer.position(&at(0), LIMIT).await.unwrap(), Offset::at(100));

    consumer.seek_to_time(&at(0), Timestamp::from_millis(1_095)).unwrap();
    assert_eq!(offsets(&read(&mut consumer, 5).await), (95..100).collect::<Vec<i64>>());
    consumer.seek_to_beginning(&[at(0)]).unwrap();
    assert_eq!(consumer.position(&at(0), LIMIT).await.unwrap(), Offset::ZERO);
    consumer.seek_to_end(&[at(0)]).unwrap();
    assert_eq!(consumer.position(&at(0), LIMIT).await.unwrap(), Offset::at(100));

    consumer.resume(&[at(1)]).unwrap();
    let other = read(&mut consumer, 100).await;
    assert!(other.iter().all(|record| record.partition == 1));
    let times =
        BTreeMap::from([(at(0), Timestamp::from_millis(1_050)), (at(1), Timestamp::from_millis(9_999))]);
    let found = consumer.offsets_for_times(&times).await.unwrap();
    assert_eq!(found[&at(0)].offset, Some(Offset::at(50)));
    assert_eq!(found[&at(1)].offset, None);
    assert_eq!(consumer.end_offsets(&[at(1)]).await.unwrap()[&at(1)], Offset::at(100));
    consumer.close(LIMIT).await.unwrap();
}

#[tokio::test]
async fn an_offset_out_of_range_is_reset_or_told() {
    let bootstrap = bootstrap();
    let admin = admin(&bootstrap);
    let name = topic(&admin, "consumer-range", 1, &[]).await;
    fill(&bootstrap, &name, 0, Codec::None, 10).await;
    let at = TopicPartition::new(name.as_str(), 0);
    let mut consumer = Consumer::new(config(&bootstrap));
    consumer.assign([at.clone()]).unwrap();
    consumer.seek(&at, Offset::at(1_000)).unwrap();
    assert_eq!(offsets(&read(&mut consumer, 10).await), (0..10).collect::<Vec<i64>>());
    consumer.close(LIMIT).await.unwrap();

    let strict = ConsumerConfig { auto_offset_reset: AutoOffsetReset::None, ..config(&bootstrap) };
    let mut consumer = Consumer::new(strict);
    consumer.assign([at.clone()]).unwrap();
    let error = consumer.poll(LIMIT).await.unwrap_err();
    assert!(matches!(&error, ClientError::NoOffset(partitions) if *partitions == [at.clone()]), "{error:?}");
    consumer.seek(&at, Offset::at(1_000)).unwrap();
    let error = consumer.poll(LIMIT).await.unwrap_err();
    assert!(matches!(error, ClientError::OffsetOutOfRange { offset: 1_000, .. }), "{error:?}");
}

#[tokio::test]
async fn types_are_read_record_by_record_and_a_stream_hands_them_out_one_by_one() {
    let bootstrap = bootstrap();
    let admin = admin(&bootstrap);
    let name = topic(&admin, "consumer-typed", 1, &[]).await;
    fill(&bootstrap, &name, 0, Codec::Lz4, 3).await;
    let mut consumer = Consumer::new(config(&bootstrap));
    consumer.assign([TopicPartition::new(name.as_str(), 0)]).unwrap();
    let mut typed = TypedConsumer::<i64, Option<String>, _, _>::new(consumer, BigEndian, Nullable(Utf8));
    let mut seen = Vec::new();
    let deadline = Instant::now() + LIMIT;
    while seen.len() < 3 && Instant::now() < deadline {
        for record in typed.poll(POLL).await.unwrap() {
            seen.push((record.key.unwrap(), record.value.unwrap().unwrap()));
        }
    }
    assert_eq!(seen, [(0, "value 0".to_owned()), (1, "value 1".to_owned()), (2, "value 2".to_owned())]);
    let mut consumer = typed.into_consumer();
    consumer.seek_to_beginning(&[]).unwrap();
    let mut stream = consumer.into_stream();
    for number in 0..3 {
        let record = tokio::time::timeout(LIMIT, stream.next()).await.unwrap().unwrap();
        assert_eq!(record.offset.get(), number);
    }
    stream.into_consumer().close(LIMIT).await.unwrap();
}

#[tokio::test]
async fn what_contradicts_is_refused() {
    let bootstrap = bootstrap();
    let mut consumer = Consumer::new(config(&bootstrap));
    assert!(matches!(consumer.poll(POLL).await, Err(ClientError::IllegalState(_))), "nothing is subscribed");
    assert!(matches!(consumer.subscribe(["t"]), Err(ClientError::IllegalState(_))), "there is no group");
    assert!(matches!(consumer.commit_sync().await, Err(ClientError::IllegalState(_))));
    consumer.assign([TopicPartition::new("t", 0)]).unwrap();
    assert!(consumer.seek(&TopicPartition::new("t", 1), Offset::ZERO).is_err());
    let grouped = ConsumerConfig { group_id: Some("g".to_owned()), ..config(&bootstrap) };
    let mut consumer = Consumer::new(grouped);
    consumer.assign([TopicPartition::new("t", 0)]).unwrap();
    assert!(consumer.subscribe(["t"]).is_err());
}
