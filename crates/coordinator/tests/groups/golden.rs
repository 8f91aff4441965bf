//! A partition of `__consumer_offsets` as Apache Kafka 4.4.0 wrote it, committed as hex: every record is
//! read, and written again as the same bytes; loading them gives the groups and offsets that Kafka had.
//!
//! Made by `KLAMM_BLESS=1 cargo xtask compat coordinator` from `oracle/scripts/golden.txt`. One entry a line:
//! `record <producer or -> <key> <value or ->` or `marker <producer> <commit or abort>`.

use std::fmt::Write as _;

use bytes::Bytes;
use klamm_coordinator::group::{
    Group, GroupCommand, GroupMachine, GroupRecord, GroupReply, GroupRequest, Settings, Stability,
};
use klamm_coordinator::machine::{Machine, Now, ReplyTo, TransactionResult};
use klamm_model::{Instant, ProducerId, Timestamp};
use klamm_protocol::messages::offset_fetch_request::{OffsetFetchRequestGroup, OffsetFetchRequestTopics};
use klamm_protocol::{ErrorCode, Str};

use super::show;
use super::stage::{Entry, replay};

const CLASSIC: &str = include_str!("golden/kafka-4.4.0-classic.txt");

pub fn parse(text: &str) -> Vec<Entry> {
    text.lines().filter(|line| !line.starts_with('#')).map(parse_line).collect()
}

fn parse_line(line: &str) -> Entry {
    let words: Vec<&str> = line.split(' ').collect();
    let producer = |text: &str| text.parse().ok().map(ProducerId::at);
    match words[..] {
        ["marker", of, result] => Entry::Marker {
            producer: producer(of).unwrap(),
            result: if result == "commit" { TransactionResult::Commit } else { TransactionResult::Abort },
        },
        ["record", of, key, value] => Entry::Record {
            producer: producer(of),
            key: unhex(key),
            value: (value != "-").then(|| unhex(value)),
        },
        _ => panic!("{line}"),
    }
}

#[cfg(feature = "oracle")]
pub fn print(entries: &[Entry]) -> String {
    let mut text = String::new();
    for entry in entries {
        match entry {
            Entry::Marker { producer, result: TransactionResult::Commit } => {
                writeln!(text, "marker {producer} commit").unwrap();
            }
            Entry::Marker { producer, result: TransactionResult::Abort } => {
                writeln!(text, "marker {producer} abort").unwrap();
            }
            Entry::Record { producer, key, value } => {
                let producer = producer.map_or("-".to_owned(), |producer| producer.to_string());
                let value = value.as_ref().map_or("-".to_owned(), |value| hex(value));
                writeln!(text, "record {producer} {} {value}", hex(key)).unwrap();
            }
        }
    }
    text
}

#[cfg(feature = "oracle")]
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Bytes {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn records_of_kafka_are_written_again_as_the_same_bytes() {
    let entries = parse(CLASSIC);
    assert!(entries.len() > 15);
    for entry in &entries {
        let Entry::Record { key, value, .. } = entry else { continue };
        let record = GroupRecord::decode(Some(key.clone()), value.clone()).unwrap().unwrap();
        assert_eq!(record.encode().unwrap(), (key.clone(), value.clone()), "{record:?}");
    }
}

#[test]
fn loading_a_log_of_kafka_gives_its_groups_and_offsets() {
    insta::assert_snapshot!(summary(&replay(&Settings::default(), &parse(CLASSIC))));
}

/// Everything of a machine but the times of day.
fn summary(machine: &GroupMachine) -> String {
    let mut text = String::new();
    let is_unstable = |id: &Str, topic: &'static str, partition: i32| {
        let topics = OffsetFetchRequestTopics {
            name: Str::from_static(topic),
            partition_indexes: vec![partition],
            ..Default::default()
        };
        let request = OffsetFetchRequestGroup {
            group_id: id.clone(),
            topics: Some(vec![topics]),
            ..Default::default()
        };
        let fetch = GroupRequest::OffsetFetch(request, Stability::RequireStable);
        let now = Now { instant: Instant::ZERO, wall: Timestamp::from_millis(0) };
        let outcome = machine.decide(now, &GroupCommand::Request(ReplyTo(1), Box::new(fetch)));
        let (_, GroupReply::OffsetFetch(group)) = &outcome.replies[0] else { panic!() };
        group.topics[0].partitions[0].error_code == ErrorCode::UnstableOffsetCommit.code()
    };
    for (id, group) in machine.groups() {
        match group {
            Group::Classic(group) => {
                let name = group.protocol_type.as_deref().unwrap_or("-");
                writeln!(text, "{id} {} {name} {}", group.state_name(), show::group_text(group)).unwrap();
            }
            Group::Modern(group) => {
                writeln!(text, "{id} {:?} {}", group.group_type, group.state_name()).unwrap()
            }
        }
        for topic in ["t", "u"] {
            for partition in 0..4 {
                let Some(found) = machine.offsets().get(id, topic, partition) else { continue };
                let pending = if is_unstable(id, topic, partition) { ", pending" } else { "" };
                let expires = if found.expires_at.is_some() { ", expires" } else { "" };
                writeln!(
                    text,
                    "  {topic}/{partition} = {} epoch {:?} {:?}, topic id known: {}{expires}{pending}",
                    found.offset,
                    found.leader_epoch,
                    found.metadata,
                    !found.topic_id.is_zero(),
                )
                .unwrap();
            }
        }
    }
    text
}
