//! Requests that arrive in one piece.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use klamm_model::Timestamp;
use klamm_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use klamm_protocol::messages::{ProduceRequest, ProduceResponse};
use klamm_protocol::records::BatchBuilder;
use klamm_protocol::{ApiKey, ErrorCode, Message as _, Reader, Records, Str, Writer, header};

use crate::node::Node;
use crate::wire::{create_topic, fetch_values};

const VERSION: i16 = 12;

fn batch(values: &[&str]) -> Bytes {
    let mut builder = BatchBuilder::new();
    for value in values {
        builder.append(Timestamp::from_millis(1_700_000_000_000), None, Some(value.as_bytes()), &[]).unwrap();
    }
    builder.finish()
}

fn broken(values: &[&str]) -> Bytes {
    let mut batch = BytesMut::from(&batch(values)[..]);
    let last = batch.len() - 2;
    batch[last] ^= 1;
    batch.freeze()
}

fn frame(correlation_id: i32, (partition, acks): (i32, i16), records: Bytes) -> Vec<u8> {
    let data = PartitionProduceData {
        index: partition,
        records: Some(Records::Bytes(records)),
        ..PartitionProduceData::default()
    };
    let topic = TopicProduceData {
        name: Str::from("orders"),
        partition_data: vec![data],
        ..TopicProduceData::default()
    };
    let request =
        ProduceRequest { acks, timeout_ms: 20_000, topic_data: vec![topic], ..ProduceRequest::default() };
    let mut writer = Writer::default();
    writer.i32(0);
    header::write_request::<ProduceRequest>(&mut writer, VERSION, correlation_id, None).unwrap();
    request.encode(&mut writer, VERSION).unwrap();
    let mut bytes = writer.finish().bytes.to_vec();
    let size = i32::try_from(bytes.len() - 4).unwrap();
    bytes[..4].copy_from_slice(&size.to_be_bytes());
    bytes
}

/// Correlation id, and base offset or error.
fn answer(stream: &mut TcpStream) -> (i32, Result<i64, ErrorCode>) {
    let mut size = [0; 4];
    stream.read_exact(&mut size).unwrap();
    let mut frame = vec![0; u32::from_be_bytes(size) as usize];
    stream.read_exact(&mut frame).unwrap();
    let mut reader = Reader::new(frame.into());
    let id = header::read_response(&mut reader, ApiKey::Produce, VERSION).unwrap();
    let response = ProduceResponse::decode(&mut reader, VERSION).unwrap();
    let answer = &response.responses[0].partition_responses[0];
    (
        id,
        match ErrorCode::from_i16(answer.error_code).unwrap() {
            ErrorCode::None => Ok(answer.base_offset),
            error => Err(error),
        },
    )
}

fn connect(node: &Node) -> TcpStream {
    let stream = TcpStream::connect(node.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

#[tokio::test]
async fn pipelined_produce_requests_are_each_answered_for_themselves_and_in_order() {
    let mut node = Node::format("");
    node.start();
    create_topic(&node, "orders", 2).await;
    let mut stream = connect(&node);
    let requests = [
        frame(1, (0, -1), batch(&["a", "b"])),
        frame(2, (0, -1), broken(&["c"])),
        frame(3, (9, 1), batch(&["d"])),
        frame(4, (1, 1), batch(&["e"])),
        frame(5, (0, 1), batch(&["f"])),
        frame(6, (0, 7), batch(&["g"])),
    ];
    stream.write_all(&requests.concat()).unwrap();
    let answers: Vec<_> = (0..6).map(|_| answer(&mut stream)).collect();
    assert_eq!(
        answers,
        [
            (1, Ok(0)),
            (2, Err(ErrorCode::CorruptMessage)),
            (3, Err(ErrorCode::UnknownTopicOrPartition)),
            (4, Ok(0)),
            (5, Ok(2)),
            (6, Err(ErrorCode::InvalidRequiredAcks)),
        ]
    );
    assert_eq!(fetch_values(&node, "orders", 0, 0).await, ["a", "b", "f"]);
    assert_eq!(fetch_values(&node, "orders", 1, 0).await, ["e"]);
}

#[tokio::test]
async fn a_failed_request_without_acknowledgement_closes_the_connection_before_the_next() {
    let mut node = Node::format("");
    node.start();
    create_topic(&node, "orders", 1).await;
    let mut stream = connect(&node);
    let requests = [
        frame(1, (0, -1), batch(&["a"])),
        frame(2, (0, 0), batch(&["b"])),
        frame(3, (0, 0), broken(&["c"])),
        frame(4, (0, -1), batch(&["d"])),
    ];
    stream.write_all(&requests.concat()).unwrap();
    assert_eq!(answer(&mut stream), (1, Ok(0)));
    let mut rest = Vec::new();
    // A reset is as good an end as an orderly close.
    let _ = stream.read_to_end(&mut rest);
    assert!(rest.is_empty());
    assert_eq!(fetch_values(&node, "orders", 0, 0).await, ["a", "b"]);
}

#[tokio::test]
async fn requests_of_many_connections_at_a_time_are_each_appended_once_and_in_their_own_order() {
    const CONNECTIONS: usize = 40;
    let mut node = Node::format("");
    node.start();
    create_topic(&node, "orders", 2).await;
    let mut streams: Vec<_> = (0..CONNECTIONS).map(|_| connect(&node)).collect();
    let mut told = [Vec::new(), Vec::new()];
    for round in 0..30 {
        // Now one, now two requests of a connection at a time; each has its partition.
        let values = |n: usize| {
            let both = ["a", "b"].map(|which| format!("{n}-{round}-{which}"));
            both.into_iter().take(1 + (n + round) % 2)
        };
        for (n, stream) in streams.iter_mut().enumerate() {
            let partition = (n % 2) as i32;
            let frames = values(n).map(|value| frame(round as i32, (partition, -1), batch(&[&value])));
            stream.write_all(&frames.collect::<Vec<_>>().concat()).unwrap();
        }
        for (n, stream) in streams.iter_mut().enumerate() {
            let mut last = -1;
            for value in values(n) {
                let (id, offset) = answer(stream);
                let offset = offset.unwrap();
                assert!(id == round as i32 && offset > last, "connection {n}, round {round}");
                told[n % 2].push((offset, value));
                last = offset;
            }
        }
    }
    for (partition, mut told) in told.into_iter().enumerate() {
        told.sort();
        let found = fetch_values(&node, "orders", partition as i32, 0).await;
        let found: Vec<_> = (0..).zip(found).collect();
        assert_eq!(found, told);
    }
}

#[tokio::test]
async fn a_failure_without_acknowledgement_closes_its_own_connection_and_no_other_of_the_same_turn() {
    let mut node = Node::format("");
    node.start();
    create_topic(&node, "orders", 1).await;
    let mut streams: Vec<_> = (0..20).map(|_| connect(&node)).collect();
    for (n, stream) in streams.iter_mut().enumerate() {
        let fails = n % 4 == 1;
        let middle = if fails { broken(&["broken"]) } else { batch(&["silent"]) };
        let requests = [
            frame(1, (0, -1), batch(&["first"])),
            frame(2, (0, 0), middle),
            frame(3, (0, -1), batch(&["last"])),
        ];
        stream.write_all(&requests.concat()).unwrap();
    }
    for (n, stream) in streams.iter_mut().enumerate() {
        assert!(matches!(answer(stream), (1, Ok(_))), "connection {n}");
        if n % 4 == 1 {
            let mut rest = Vec::new();
            // A reset is as good an end as an orderly close.
            let _ = stream.read_to_end(&mut rest);
            assert!(rest.is_empty(), "connection {n}");
        } else {
            assert!(matches!(answer(stream), (3, Ok(_))), "connection {n}");
        }
    }
    let values = fetch_values(&node, "orders", 0, 0).await;
    let count = |value: &str| values.iter().filter(|found| *found == value).count();
    assert_eq!((count("first"), count("silent"), count("last")), (20, 15, 15));
}

#[test]
fn what_a_peer_sent_before_it_hung_up_is_appended() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut node = Node::format("");
    node.start();
    runtime.block_on(create_topic(&node, "orders", 1));
    for _ in 0..50 {
        let mut streams: Vec<_> = (0..8).map(|_| connect(&node)).collect();
        for stream in &mut streams {
            stream.write_all(&frame(1, (0, 0), batch(&["x"]))).unwrap();
        }
    }
    let deadline = std::time::Instant::now() + Duration::from_secs(60);
    while runtime.block_on(fetch_values(&node, "orders", 0, 0)).len() < 400 {
        assert!(std::time::Instant::now() < deadline, "not all appended");
    }
}
