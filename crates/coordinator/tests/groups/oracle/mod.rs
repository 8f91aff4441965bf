//! The same requests to a real Apache Kafka and to our machine: every answer and every record of
//! `__consumer_offsets` must be equal, but for the time of day. `cargo xtask compat coordinator` starts the
//! broker and names it in `KLAMM_COORDINATOR_ORACLE`.
#![allow(clippy::disallowed_methods)] // talks to a broker in real time

mod broker;
mod offsets_log;
mod twin;
mod wire;

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
    let kinds = |entries: &[Entry]| entries.iter().map(std::mem::discriminant).collect::<Vec<_>>();
    assert_eq!(kinds(&golden::parse(&committed)), kinds(&log));
}
