//! The same requests to a real Apache Kafka and to our machine: every answer and every record of
//! `__consumer_offsets` must be equal, but for the time of day. `cargo xtask compat coordinator` starts the
//! broker and names it in `KLAMM_COORDINATOR_ORACLE`.
#![allow(clippy::disallowed_methods)] // talks to a broker in real time

mod broker;
mod offsets_log;
mod twin;
mod wire;

use klamm_model::ProducerId;

use crate::golden;
use crate::stage::Entry;
use twin::Twin;

fn run(name: &str, script: &str) {
    let address = std::env::var("KLAMM_COORDINATOR_ORACLE").expect("the broker's address");
    Twin::new(&address, &format!("{name}-{}", std::process::id())).run(script);
}

#[test]
fn joins_are_answered_and_written_as_by_kafka() {
    run("join", include_str!("scripts/join.txt"));
}

#[test]
fn static_members_are_answered_and_written_as_by_kafka() {
    run("static", include_str!("scripts/static_members.txt"));
}

#[test]
fn offsets_are_answered_and_written_as_by_kafka() {
    run("offsets", include_str!("scripts/offsets.txt"));
}

#[test]
fn leaves_and_rebalances_are_answered_and_written_as_by_kafka() {
    run("leave", include_str!("scripts/leave.txt"));
}

/// Makes the golden log of the unit tests, or checks that Kafka would still write such a one.
#[test]
fn the_golden_log_is_what_kafka_writes() {
    let address = std::env::var("KLAMM_COORDINATOR_ORACLE").expect("the broker's address");
    let name = "golden";
    let log = Twin::new(&address, name).record(include_str!("scripts/golden.txt"));
    let path = std::env::var("CARGO_MANIFEST_DIR").unwrap() + "/tests/groups/golden/kafka-4.4.0-classic.txt";
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    if std::env::var_os("KLAMM_BLESS").is_some() {
        let header: String =
            committed.lines().filter(|line| line.starts_with('#')).map(|line| format!("{line}\n")).collect();
        std::fs::write(path, header + &golden::print(&log)).unwrap();
        return;
    }
    assert_eq!(masked(&golden::parse(&committed)), masked(&log), "committed left, Kafka's of now right");
}

/// The entries without what differs in each run: times of day, ids of members and topics. Producers are numbered in
/// the order in which they come.
fn masked(entries: &[Entry]) -> Vec<String> {
    let mut producers = Vec::new();
    let mut number = |producer: ProducerId| {
        let known = producers.iter().position(|known| *known == producer);
        known.unwrap_or_else(|| {
            producers.push(producer);
            producers.len() - 1
        })
    };
    let mut line = |entry: &Entry| match entry {
        Entry::Marker { producer, result } => format!("marker {} {result:?}", number(*producer)),
        Entry::Record { producer, .. } => {
            let (group, text) = offsets_log::timeless(entry);
            let own = format!("{producer:?} ");
            let text = text.strip_prefix(&own).expect("the text begins with the producer");
            let text = without_ids(text);
            // Members lie in the order of a hash map.
            let mut lines: Vec<_> = text.lines().collect();
            lines[1..].sort_unstable();
            format!("record {:?} {group} {}", producer.map(&mut number), lines.join("\n"))
        }
    };
    entries.iter().map(&mut line).collect()
}

/// Words that end with a random id, as members' and topics' do, end with `ID`.
fn without_ids(text: &str) -> String {
    let is_word = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    let mut masked = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_word) {
        let end = rest[start..].find(|character| !is_word(character)).map_or(rest.len(), |end| start + end);
        let (before, word) = (&rest[..start], &rest[start..end]);
        let kept = word.len().checked_sub(36).filter(|at| word[*at..].matches('-').count() == 4);
        let is_number = word.len() > 20 && word.bytes().all(|byte| byte.is_ascii_digit());
        let kept = kept.or_else(|| (word.len() == 22 || is_number).then_some(0));
        masked += before;
        masked += &kept.map_or_else(|| word.to_owned(), |at| format!("{}ID", &word[..at]));
        rest = &rest[end..];
    }
    masked + rest
}
