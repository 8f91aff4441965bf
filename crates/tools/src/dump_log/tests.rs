//! Against what Kafka's own tool prints.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use klamm_model::{LeaderEpoch, Offset, ProducerEpoch, ProducerId, Timestamp};
use klamm_protocol::records::BatchBuilder;
use klamm_protocol::records::compression::Codec;

use crate::testing::{Ran, run};

/// A snapshot that Apache Kafka 4.4.0 wrote, and what its DumpLogSegments prints of it.
const SNAPSHOT: &[u8] = include_bytes!("../storage/golden/bootstrap-4.4.0.checkpoint");
const DUMP: &str = include_str!("golden/bootstrap-4.4.0.txt");

fn write(dir: &Path, name: &str, content: &[u8]) -> PathBuf {
    let path = dir.join(name);
    std::fs::write(&path, content).unwrap();
    path
}

fn dump(path: &Path, options: &[&str]) -> Ran {
    let file = path.display().to_string();
    let ran = run(&[&["dump-log", "--files", &file], options].concat());
    assert!(ran.out.starts_with(&format!("Dumping {file}\n")), "{}{}", ran.out, ran.err);
    ran
}

fn body(ran: &Ran) -> &str {
    ran.out.split_once('\n').unwrap().1
}

/// Two batches with a gap between: plain, then compressed by an idempotent producer.
fn segment() -> Vec<u8> {
    let mut first = BatchBuilder::new().leader_epoch(LeaderEpoch::at(3));
    first.append(Timestamp::from_millis(1000), Some(b"k"), Some(b"v0"), &[]).unwrap();
    first.append(Timestamp::from_millis(1001), None, None, &[]).unwrap();
    let mut second = BatchBuilder::new()
        .base_offset(Offset::at(5))
        .leader_epoch(LeaderEpoch::at(3))
        .compression(Codec::Gzip)
        .idempotent(ProducerId::at(7), ProducerEpoch::at(1), 40);
    second.append(Timestamp::from_millis(2000), Some(b"k2"), Some(b"v2"), &[]).unwrap();
    [first.finish(), second.finish()].concat()
}

#[test]
fn a_snapshot_is_printed_as_kafka_prints_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = write(dir.path(), "00000000000000000000-0000000000.checkpoint", SNAPSHOT);
    let ran = dump(&path, &["--cluster-metadata-decoder"]);
    assert_eq!((ran.code, body(&ran)), (0, DUMP));
}

#[test]
fn records_are_printed_as_far_as_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let path = write(dir.path(), "00000000000000000000.log", &segment());
    let shallow = dump(&path, &[]);
    assert_eq!(body(&shallow).lines().count(), 3);
    let deep = dump(&path, &["--deep-iteration"]);
    let second = "| offset: 1 CreateTime: 1001 keySize: -1 valueSize: -1 sequence: -1 headerKeys: []";
    assert_eq!(body(&deep).lines().nth(3), Some(second));
    let whole = dump(&path, &["--print-data-log"]);
    let last = "| offset: 5 CreateTime: 2000 keySize: 2 valueSize: 2 sequence: 40 headerKeys: [] key: k2 payload: v2";
    assert_eq!(body(&whole).lines().last(), Some(last));
    let bare = dump(&path, &["--print-data-log", "--skip-record-metadata"]);
    assert_eq!(body(&bare).lines().nth(2), Some("| key: k payload: v0"));
}

#[test]
fn gaps_and_torn_ends_are_told() {
    let dir = tempfile::tempdir().unwrap();
    let mut content = segment();
    content.extend_from_slice(&[1; 5]);
    let path = write(dir.path(), "00000000000000000000.log", &content);
    let ran = dump(&path, &["--deep-iteration"]);
    assert_eq!(
        body(&ran).lines().last(),
        Some("Found 5 invalid bytes at the end of 00000000000000000000.log")
    );
    let expected = format!("Non-consecutive offsets in {}\n  1 is followed by 5\n", path.display());
    assert_eq!((ran.code, ran.err), (0, expected));
}

#[test]
fn an_index_is_compared_with_its_log() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "00000000000000000000.log", &segment());
    let entry = |offset: i32, position: i32| [offset.to_be_bytes(), position.to_be_bytes()].concat();
    let path = write(dir.path(), "00000000000000000000.index", &[entry(1, 0), entry(0, 0)].concat());
    let ran = dump(&path, &[]);
    assert_eq!((body(&ran), &*ran.err), ("offset: 1 position: 0\n", ""));
    write(dir.path(), "00000000000000000000.index", &entry(2, 0));
    let ran = dump(&path, &["--verify-index-only"]);
    let expected = format!("Mismatches in :{}\n  Index offset: 2, log offset: 1\n", path.display());
    assert_eq!((body(&ran), ran.err.as_str()), ("", expected.as_str()));
    let ran = dump(&path, &["--index-sanity-check"]);
    assert_eq!(body(&ran), format!("{} passed sanity check.\n", path.display()));
}

#[test]
fn an_index_of_a_batch_beyond_the_largest_message_is_not_followed() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "00000000000000000000.log", &segment());
    let entry = [1_i32.to_be_bytes(), 0_i32.to_be_bytes()].concat();
    let path = write(dir.path(), "00000000000000000000.index", &entry);
    let ran = dump(&path, &["--max-message-size", "40"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("more than the 40 of --max-message-size"), "{}", ran.err);
    assert_eq!(dump(&path, &["--max-message-size", "4000"]).code, 0);
}

#[test]
fn a_time_index_is_compared_with_its_log() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "00000000000000000000.log", &segment());
    write(dir.path(), "00000000000000000000.index", &[]);
    let entry = |time: i64, offset: i32| [&time.to_be_bytes()[..], &offset.to_be_bytes()].concat();
    let path = write(dir.path(), "00000000000000000000.timeindex", &[entry(1001, 1), entry(9, 5)].concat());
    let ran = dump(&path, &[]);
    assert_eq!(body(&ran), "timestamp: 1001 offset: 1\ntimestamp: 9 offset: 5\n");
    let shown = path.display();
    let expected = format!(
        "Found timestamp mismatch in :{shown}\n  Index timestamp: 9, log timestamp: 2000\n\
         Found out of order timestamp in :{shown}\n  Index timestamp: 9, Previously indexed timestamp: 1001\n"
    );
    assert_eq!(ran.err, expected);
}

#[test]
fn other_files_are_passed_over() {
    let ran = run(&["dump-log", "--files", "/nowhere/partition.metadata"]);
    assert_eq!((ran.code, &*ran.err), (0, "Ignoring unknown file /nowhere/partition.metadata\n"));
    assert_eq!(run(&["dump-log"]).code, 2);
}
