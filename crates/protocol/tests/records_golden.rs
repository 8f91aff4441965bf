//! Batches that Apache Kafka's classes built: read as those classes read them, and written again
//! byte for byte where nothing is compressed. The file is made by `cargo xtask compat records --golden`.
#![allow(clippy::unwrap_used)]

mod records_describe;

use klamm_model::{LeaderEpoch, ProducerEpoch, ProducerId, Timestamp};
use klamm_protocol::records::control::{
    ControlType, EndTxnMarker, TransactionEnd, control_batch, marker_batch,
};
use klamm_protocol::records::legacy::LegacyBuilder;
use klamm_protocol::records::{AnyBatch, Batch, BatchBuilder, Codec, Header, Limits, TimestampType, stamp};
use records_describe::describe;

struct Golden {
    name: &'static str,
    bytes: Vec<u8>,
    description: String,
}

fn golden() -> Vec<Golden> {
    let mut all: Vec<Golden> = Vec::new();
    for line in include_str!("../../../tests/records-oracle/golden.txt").lines() {
        match line.split_once(' ').unwrap() {
            ("#", _) => {}
            ("name", name) => all.push(Golden { name, bytes: Vec::new(), description: String::new() }),
            ("bytes", hex) => {
                let bytes = (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16));
                all.last_mut().unwrap().bytes = bytes.map(Result::unwrap).collect();
            }
            _ => {
                let description = &mut all.last_mut().unwrap().description;
                description.push_str(line);
                description.push('\n');
            }
        }
    }
    all
}

fn find(name: &str) -> Golden {
    golden().into_iter().find(|golden| golden.name == name).unwrap()
}

#[test]
fn every_golden_batch_reads_as_kafka_reads_it() {
    let all = golden();
    assert_eq!(all.len(), 27);
    for golden in all {
        assert_eq!(describe(&golden.bytes).unwrap(), golden.description, "{}", golden.name);
    }
}

#[test]
fn uncompressed_batches_are_written_byte_for_byte() {
    let plain = [
        "v2-none",
        "v2-idempotent",
        "v2-transactional",
        "v2-log-append-time",
        "v2-delete-horizon",
        "v2-empty",
    ];
    for name in plain {
        let golden = find(name);
        let batch = Batch::parse(&golden.bytes).unwrap();
        assert_eq!(rebuild(&batch), golden.bytes, "{name}");
        assert_eq!(batch.header().encode(), golden.bytes[..61], "{name}");
    }
}

fn rebuild(batch: &Batch<'_>) -> Vec<u8> {
    let header = batch.header();
    let mut builder =
        BatchBuilder::new().base_offset(header.base_offset()).last_offset_delta(header.last_offset_delta());
    if let (Some(id), Some(epoch)) = (header.producer_id(), header.producer_epoch()) {
        builder = if header.is_transactional() {
            builder.transactional(id, epoch, header.base_sequence())
        } else {
            builder.idempotent(id, epoch, header.base_sequence().unwrap())
        };
    }
    if let Some(epoch) = header.leader_epoch() {
        builder = builder.leader_epoch(epoch);
    }
    if let Some(horizon) = header.delete_horizon() {
        builder = builder.delete_horizon(horizon);
    }
    if header.timestamp_type() == TimestampType::LogAppendTime {
        builder = builder.log_append_time(header.max_timestamp().unwrap());
    }
    if header.record_count() == 0 {
        return builder.finish_empty(header.max_timestamp()).to_vec();
    }
    for record in batch.records_in_place().unwrap() {
        let record = record.unwrap();
        let created = header.base_timestamp().as_millis() + record.timestamp_delta;
        let headers: Vec<Header<'_>> = record.headers.iter().collect();
        builder
            .append_at(
                record.offset_delta,
                Timestamp::from_millis(created),
                record.key,
                record.value,
                &headers,
            )
            .unwrap();
    }
    builder.finish().to_vec()
}

#[test]
fn messages_of_old_formats_are_written_byte_for_byte() {
    for (name, magic) in [("v0-none", 0), ("v1-none", 1), ("v1-none-log-append-time", 1)] {
        let golden = find(name);
        let mut builder = LegacyBuilder::new(magic, Codec::None);
        if name.ends_with("log-append-time") {
            let first = AnyBatch::parse(&golden.bytes).unwrap();
            builder = builder.log_append_time(first.max_timestamp().unwrap());
        }
        for batch in klamm_protocol::records::AnyBatches::new(&golden.bytes) {
            let mut records = batch.unwrap().records(Limits::NONE).unwrap();
            let record = records.next().unwrap().unwrap();
            builder.append(record.offset.get(), record.timestamp, record.key, record.value).unwrap();
        }
        assert_eq!(builder.finish(), golden.bytes, "{name}");
    }
}

#[test]
fn transaction_markers_are_read_and_written_byte_for_byte() {
    for (name, end) in [("marker-ABORT", TransactionEnd::Abort), ("marker-COMMIT", TransactionEnd::Commit)] {
        let golden = find(name);
        let batch = Batch::parse(&golden.bytes).unwrap();
        let record = batch.records_in_place().unwrap().next().unwrap().unwrap();
        assert_eq!(ControlType::parse_key(record.key).unwrap(), Some(end.control_type()));
        let marker = EndTxnMarker::parse(record.value).unwrap();
        assert_eq!(marker.coordinator_epoch, 8);
        let producer = (ProducerId::at(55), ProducerEpoch::at(1));
        let mut ours = marker_batch(producer, end, marker, batch.header().max_timestamp().unwrap()).to_vec();
        stamp(&mut ours, batch.header().base_offset(), LeaderEpoch::at(2));
        assert_eq!(ours, golden.bytes, "{name}");
    }
}

#[test]
fn control_batches_of_raft_are_read_and_written_byte_for_byte() {
    let cases = [
        ("leader-change", ControlType::LeaderChange),
        ("snapshot-header", ControlType::SnapshotHeader),
        ("snapshot-footer", ControlType::SnapshotFooter),
        ("kraft-version", ControlType::KraftVersion),
        ("kraft-voters", ControlType::KraftVoters),
    ];
    for (name, kind) in cases {
        let golden = find(name);
        let batch = Batch::parse(&golden.bytes).unwrap();
        let record = batch.records_in_place().unwrap().next().unwrap().unwrap();
        assert_eq!(ControlType::parse_key(record.key).unwrap(), Some(kind));
        let time = batch.header().max_timestamp().unwrap();
        let ours = control_batch(LeaderEpoch::at(4), time, &[(kind, record.value.unwrap())]).unwrap();
        assert_eq!(ours, golden.bytes, "{name}");
    }
}
