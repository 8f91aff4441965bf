//! Produce requests that are wrong around their batches, and sequences of producers. Null for a batch is left out: Apache
//! Kafka 4.4 never answers it.

use anyhow::Result;
use klamm_protocol::records::Codec;
use klamm_protocol::{Records, Str};

use super::cases::{Case, Where};
use super::craft::{Craft, Fault, Record};

/// Names that no topic can have, or that no topic has.
fn names() -> Vec<String> {
    let mut names: Vec<String> =
        ["", ".", "..", "a b", "a/b", "ü", "no-such-topic", "__consumer_offsets", "__transaction_state"]
            .map(str::to_owned)
            .into();
    names.push("x".repeat(249));
    names.push("x".repeat(250));
    names.push("x".repeat(1000));
    names
}

/// All of them.
pub(super) fn requests(now: i64) -> Result<Vec<Case>> {
    let sound = Craft::sound(Codec::None, &Record::three(), now).bytes();
    let mut all = Vec::new();
    for name in names() {
        let shown: String = name.chars().take(20).collect();
        let place = Where { topic: &name, ..Where::PLAIN };
        all.push(Case::produce(format!("topic {shown:?} of {} bytes", name.len()), place, Some(&sound))?);
    }
    for partition in [-1, 1, i32::MIN, i32::MAX] {
        let place = Where { partition, ..Where::PLAIN };
        all.push(Case::produce(format!("partition {partition}"), place, Some(&sound))?);
    }
    for acks in [0, 1, 2, -2, i16::MAX] {
        let place = Where { acks, ..Where::PLAIN };
        all.push(Case::produce(format!("acks {acks}"), place, Some(&sound))?);
    }
    let broken = Craft { crc_mask: 1, ..Craft::sound(Codec::None, &Record::three(), now) }.bytes();
    all.push(Case::produce("acks 0 and a bad crc", Where { acks: 0, ..Where::PLAIN }, Some(&broken))?);
    let nowhere = Where { acks: 0, topic: "no-such-topic", ..Where::PLAIN };
    all.push(Case::produce("acks 0 to no topic", nowhere, Some(&sound))?);
    all.extend(sizes(now)?);
    all.extend(keys(now)?);
    all.extend(stamps(now)?);
    all.extend(sequences(now)?);
    all.extend(shapes(&sound)?);
    Ok(all)
}

/// Around `max.message.bytes`.
fn sizes(now: i64) -> Result<Vec<Case>> {
    let place = Where { topic: "small", ..Where::PLAIN };
    let of_size = |size: usize| {
        let record = Record { value: Some(vec![b'x'; size]), ..Record::sound(0) };
        Craft::sound(Codec::None, &[record], now).bytes()
    };
    // The frame around a value of hundreds of bytes: 61 of the batch, 12 of the record.
    [900, 926, 927, 928, 929, 930, 1000, 100_000]
        .iter()
        .map(|size| Case::produce(format!("a value of {size} bytes"), place, Some(&of_size(*size))))
        .chain([Codec::Gzip, Codec::Zstd].iter().map(|codec| {
            let record = Record { value: Some(vec![b'x'; 100_000]), ..Record::sound(0) };
            let batch = Craft::sound(*codec, &[record], now).bytes();
            Case::produce(format!("100000 bytes in {} of {codec}", batch.len()), place, Some(&batch))
        }))
        .collect()
}

/// A compacted topic wants keys.
fn keys(now: i64) -> Result<Vec<Case>> {
    let place = Where { topic: "compacted", ..Where::PLAIN };
    let mut all = Vec::new();
    for codec in Codec::ALL {
        for without in [vec![], vec![0], vec![1, 2], vec![0, 1, 2]] {
            let mut records = Record::three();
            without.iter().for_each(|index: &usize| records[*index].key = None);
            let batch = Craft::sound(codec, &records, now).bytes();
            all.push(Case::produce(
                format!("{codec}, compacted, without keys {without:?}"),
                place,
                Some(&batch),
            )?);
        }
    }
    Ok(all)
}

/// A topic that stamps what it takes.
fn stamps(now: i64) -> Result<Vec<Case>> {
    let place = Where { topic: "stamped", ..Where::PLAIN };
    let changes: [Fault<Craft>; 4] = [
        ("sound", |_| {}),
        ("times far ahead", |batch| {
            (batch.base_timestamp, batch.max_timestamp) = (i64::MAX / 2, i64::MAX / 2)
        }),
        ("no times", |batch| (batch.base_timestamp, batch.max_timestamp) = (-1, -1)),
        ("log append time already", |batch| batch.attributes |= 0x08),
    ];
    let mut all = Vec::new();
    for codec in [Codec::None, Codec::Lz4] {
        for (name, change) in changes {
            let mut batch = Craft::sound(codec, &Record::three(), now);
            change(&mut batch);
            all.push(Case::produce(format!("{codec}, stamped, {name}"), place, Some(&batch.bytes()))?);
        }
    }
    Ok(all)
}

/// What an idempotent producer may and may not send next.
fn sequences(now: i64) -> Result<Vec<Case>> {
    let steps: [(i64, i16, i32); 17] = [
        (500, 0, 0),
        (500, 0, 0),
        (500, 0, 3),
        (500, 0, 9),
        (500, 0, 1),
        (500, 1, 6),
        (500, 1, 0),
        (500, 0, 6),
        (501, 0, 5),
        (501, 0, 8),
        (502, 3, 0),
        (502, 2, 0),
        (502, -1, 3),
        (502, -7, 3),
        (504, -7, 0),
        (503, 0, i32::MAX - 1),
        (503, 0, 1),
    ];
    steps
        .iter()
        .enumerate()
        .map(|(step, (producer_id, producer_epoch, base_sequence))| {
            let (producer_id, producer_epoch, base_sequence) =
                (*producer_id, *producer_epoch, *base_sequence);
            let sound = Craft::sound(Codec::None, &Record::three(), now);
            let batch = Craft { producer_id, producer_epoch, base_sequence, ..sound }.bytes();
            let name = format!(
                "step {step}: producer {producer_id} epoch {producer_epoch} sequence {base_sequence}"
            );
            Case::produce(name, Where::PLAIN, Some(&batch))
        })
        .collect()
}

/// Requests with several partitions, none, or one twice.
fn shapes(sound: &[u8]) -> Result<Vec<Case>> {
    let place = Where::PLAIN;
    let mut empty = place.request(Some(sound));
    empty.topic_data.clear();
    let mut no_partitions = place.request(Some(sound));
    no_partitions.topic_data[0].partition_data.clear();
    let mut twice = place.request(Some(sound));
    let again = twice.topic_data[0].partition_data[0].clone();
    twice.topic_data[0].partition_data.push(again);
    let mut mixed = place.request(Some(sound));
    let mut other = mixed.topic_data[0].partition_data[0].clone();
    other.index = 5;
    mixed.topic_data[0].partition_data.push(other.clone());
    other.index = 6;
    other.records = Some(Records::Bytes(bytes::Bytes::from_static(b"no batch at all")));
    mixed.topic_data[0].partition_data.push(other);
    let mut transactional = place.request(Some(sound));
    transactional.transactional_id = Some(Str::from("nobody"));
    [
        ("no topics", empty),
        ("a topic without partitions", no_partitions),
        ("a partition twice", twice),
        ("one sound partition of three", mixed),
        ("a transactional id without transaction", transactional),
    ]
    .into_iter()
    .map(|(name, request)| Case::of_request(name, &request, place.version))
    .collect()
}
