//! Produced and fetched batches, given to a real log of Kafka's and to our validation.

use std::collections::BTreeMap;

use klamm_model::{LeaderEpoch, Offset, Timestamp};
use klamm_protocol::records::validate::{
    FollowerError, FollowerStop, FollowerView, KeyRule, Origin, TimestampRule, validate_follower,
};
use klamm_protocol::records::{
    Codec, Compression, CompressionError, ProduceRejection, ProduceRules, RecordError, validate,
};
use rand::RngExt;
use rand::rngs::StdRng;

use super::generate::{NOW, Spec, damage, excerpt, rng};
use super::java::{Java, Produced};
use super::records_describe::describe;

const PRODUCED: u64 = 30_000;
const FETCHED: u64 = 2_000;
const CODES: [&str; 6] = [
    "CORRUPT_MESSAGE",
    "INVALID_RECORD",
    "INVALID_TIMESTAMP",
    "MESSAGE_TOO_LARGE",
    "UNKNOWN_SERVER_ERROR",
    "UNSUPPORTED_COMPRESSION_TYPE",
];
/// The epoch at which the oracle's log is led.
const LED_AT: LeaderEpoch = LeaderEpoch::at(7);

/// A topic's configuration: ours, and as Kafka's properties.
fn topic(rng: &mut StdRng) -> (ProduceRules, String) {
    let mut rules = ProduceRules::default();
    let mut config = String::from("segment.bytes=104857600;");
    if rng.random_bool(0.2) {
        rules.keys = KeyRule::Required;
        config.push_str("cleanup.policy=compact;");
    }
    match rng.random_range(0..5) {
        0 => {
            rules.timestamps = TimestampRule::LogAppendTime;
            config.push_str("message.timestamp.type=LogAppendTime;");
        }
        1 => {
            rules.timestamps = TimestampRule::CreateTime { before_max_ms: 900, after_max_ms: 10 };
            config.push_str("message.timestamp.before.max.ms=900;message.timestamp.after.max.ms=10;");
        }
        _ => {}
    }
    if rng.random_bool(0.3) {
        let codec = Codec::ALL[rng.random_range(0..5)];
        rules.compression = Some(Compression::new(codec));
        let name = if codec == Codec::None { "uncompressed" } else { codec.name() };
        config.push_str(&format!("compression.type={name};"));
    }
    if rng.random_bool(0.1) {
        rules.max_message_bytes = 2000;
        config.push_str("max.message.bytes=2000;");
    }
    if rng.random_bool(0.1) {
        rules.max_record_bytes = 300;
        config.push_str("max.decompressed.message.bytes=300;");
    }
    (rules, config)
}

#[test]
fn every_produced_batch_gets_kafkas_answer_and_is_stored_alike() {
    let mut java = Java::start();
    let (mut stored, mut stricter) = (0, 0);
    let mut refused: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in 0..PRODUCED {
        let mut rng = rng(2_000_000 + seed);
        let (mut rules, config) = topic(&mut rng);
        let produce_version = if rng.random_bool(0.1) { 6 } else { 9 };
        rules.origin = Origin::Client { produce_version };
        let mut bytes = Spec::produced(&mut rng, seed as i64).build();
        if rng.random_bool(0.8) {
            damage(&mut rng, &mut bytes);
        }
        if rng.random_bool(0.05) {
            let tail = rng.random_range(0..=bytes.len());
            bytes.extend_from_within(..tail);
        }
        let theirs = java.produce(produce_version, 0, &config, &bytes);
        let context = format!("seed {seed}: {} {config} {rules:?}\n{}", theirs.text, excerpt(&bytes));
        match validate(&bytes, &rules, Timestamp::from_millis(NOW)) {
            Ok(ours) if theirs.code == 0 => {
                let mut batch = ours.rebuilt().map_or(bytes, |rebuilt| rebuilt.to_vec());
                batch.truncate(ours.size());
                compare_stored(&theirs, &mut batch, &ours, &context);
                stored += 1;
            }
            // What is beyond validation: producer state, and sizes of segments.
            Ok(_) if is_beyond(&theirs) => {}
            Ok(_) => panic!("we accept, Kafka answers {}: {context}", theirs.code),
            Err(error) if theirs.code == 0 => {
                assert!(is_stricter(&error), "only we refuse, by {error}: {context}");
                stricter += 1;
            }
            Err(error) => {
                if !is_known_difference(&error, &theirs) {
                    assert_eq!(error.error_code().code(), theirs.code, "{error}: {context}");
                    let indexes: Vec<u32> = error.faults().iter().map(|fault| fault.index).collect();
                    assert_eq!(indexes, theirs.faults, "{context}");
                }
                *refused.entry(error.error_code().name()).or_default() += 1;
            }
        }
    }
    println!("produced: {stored} stored alike, {stricter} refused only by us, refused alike: {refused:?}");
    assert!(stored > 5000, "good batches are covered: {stored}");
    for code in CODES {
        assert!(refused.get(code).is_some_and(|count| *count > 50), "{code} is covered: {refused:?}");
    }
}

fn compare_stored(
    theirs: &Produced,
    batch: &mut [u8],
    ours: &klamm_protocol::records::Validated,
    context: &str,
) {
    let base = i64::from_be_bytes(*theirs.stored.first_chunk().unwrap());
    ours.stamp(batch, Offset::at(base), LED_AT);
    if ours.rebuilt().is_none() {
        assert!(
            batch == &theirs.stored[..],
            "stored\n{}\nours\n{}\n{context}",
            excerpt(&theirs.stored),
            excerpt(batch)
        );
    } else if batch != &theirs.stored[..] && !is_healed(ours, &theirs.stored) {
        // Compressed bytes differ, and Java replaces what is no UTF-8 in the keys of headers.
        assert_eq!(describe(batch), describe(&theirs.stored), "{context}");
    }
}

/// Kafka stores an uncompressed batch with stray offset deltas as it is; we number it anew.
fn is_healed(ours: &klamm_protocol::records::Validated, theirs: &[u8]) -> bool {
    let batch = klamm_protocol::records::Batch::parse(theirs).unwrap();
    let Some(records) = batch.records_in_place() else { return false };
    let deltas = records.map(|record| record.unwrap().offset_delta);
    ours.header().codec() == Codec::None && !(0..).zip(deltas).all(|(index, delta)| index == delta)
}

fn is_beyond(theirs: &Produced) -> bool {
    ["OutOfOrderSequence", "InvalidProducerEpoch", "RecordBatchTooLarge", "InvalidTxnState", "ProducerFenced"]
        .iter()
        .any(|name| theirs.text.contains(name))
}

/// A compressed batch whose records' sizes are not those of their fields; a producer without epoch; an lz4 match at
/// distance 0.
fn is_stricter(error: &ProduceRejection) -> bool {
    matches!(
        error,
        ProduceRejection::Records(RecordError::Compression {
            cause: CompressionError::Corrupt { codec: Codec::Lz4, reason: "a broken block" },
            ..
        }) | ProduceRejection::BadProducer { .. }
            | ProduceRejection::Records(
                RecordError::TrailingBytes { .. }
                    | RecordError::BadField { .. }
                    | RecordError::BadHeaderCount { .. }
                    | RecordError::BadSize { .. }
                    | RecordError::Varint { .. }
                    | RecordError::NullHeaderKey { .. }
            )
    )
}

/// Both refuse a broken stream, but one side meets the break and the other a broken record first: they decompress
/// in pieces of different sizes. Or Kafka overlooks a broken record and finds another fault.
fn is_known_difference(error: &ProduceRejection, theirs: &Produced) -> bool {
    // Kafka finds such an epoch too old for its producer state.
    if matches!(error, ProduceRejection::BadProducer { .. }) && is_beyond(theirs) {
        return true;
    }
    is_stricter(error)
        || matches!(error, ProduceRejection::Records(RecordError::Compression { .. }))
        || ["decompress", "Snappy", "java.io", "remaining bytes"]
            .iter()
            .any(|part| theirs.text.contains(part))
}

#[test]
fn every_fetched_batch_is_taken_as_far_as_kafka_takes_it() {
    let mut java = Java::start();
    let (mut taken, mut refused) = (0, 0);
    for seed in 0..FETCHED {
        let mut rng = rng(3_000_000 + seed);
        let start = 1000;
        let mut bytes = Vec::new();
        let mut next = start;
        for _ in 0..rng.random_range(1..4) {
            let mut spec = Spec::random(&mut rng, 2);
            spec.records.truncate(3);
            let from = spec.records[0].offset - spec.base_offset;
            spec.base_offset = next + rng.random_range(0..3) * i64::from(rng.random_bool(0.1));
            spec.base_offset -= i64::from(rng.random_bool(0.03));
            spec.producer = None;
            spec.transactional = false;
            spec.leader_epoch = if rng.random_bool(0.05) {
                8
            } else {
                rng.random_range(0..8) - i32::from(rng.random_bool(0.03))
            };
            for (index, record) in spec.records.iter_mut().enumerate() {
                record.offset = spec.base_offset + from + index as i64;
            }
            next = spec.records.last().unwrap().offset + 1;
            let mut batch = spec.build();
            if rng.random_bool(0.05) {
                let at = rng.random_range(21..batch.len());
                batch[at] ^= 4;
            }
            bytes.extend(batch);
        }
        if rng.random_bool(0.1) {
            bytes.truncate(rng.random_range(1..bytes.len()));
        }
        let theirs = java.follow(start, 7, &bytes);
        let view = FollowerView { log_end_offset: Offset::at(start), leader_epoch: LED_AT };
        let mut end = start;
        let ours = validate_follower(&bytes, view, |batch| end = batch.last_offset().next().get());
        let context = format!("seed {seed}: {} {ours:?}", theirs.text);
        match ours {
            Ok(None | Some(FollowerStop::Incomplete | FollowerStop::NewerEpoch { .. })) => {
                assert_eq!((theirs.code, theirs.log_end_offset), (0, end), "{context}");
                taken += 1;
            }
            // Kafka takes nothing of such bytes; we keep the good batches before the bad one.
            // Kafka looks at last offsets only, and takes a batch that begins before the one before it ends.
            Err(FollowerError::OutOfOrder { offset, expected })
                if theirs.code == 0 && offset < expected && offset.get() >= start => {}
            Err(
                FollowerError::Corrupt(_) | FollowerError::OutOfOrder { .. } | FollowerError::NoEpoch { .. },
            ) => {
                assert!(theirs.code != 0, "{context}");
                refused += 1;
            }
        }
    }
    println!("fetched: {taken} taken alike, {refused} refused alike");
    assert!(taken > 1000 && refused > 100, "both outcomes are covered: {taken} and {refused}");
}
