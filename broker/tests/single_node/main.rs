//! Black-box stories of one combined node, over its wire and its files.
#![allow(clippy::unwrap_used, missing_docs)]

mod answers;
mod node;
mod pipeline;
mod unserved;
mod wire;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use klamm_protocol::ErrorCode;
use node::Node;
use wire::{create_topic, delete_records, delete_topic, fetch_values, produce, produce_and_hang_up};

#[tokio::test]
async fn what_was_produced_is_read_again_after_an_orderly_restart() {
    let mut node = Node::format("");
    node.start();
    create_topic(&node, "orders", 2).await;
    assert_eq!(produce(&node, "orders", 1, &["a", "b"], -1).await, Ok(0));
    assert_eq!(produce(&node, "orders", 1, &["c"], 1).await, Ok(2));
    assert_eq!(fetch_values(&node, "orders", 1, 0).await, ["a", "b", "c"]);
    node.stop();
    assert!(node.data().join(".kafka_cleanshutdown").exists(), "{}", node.log());
    node.start();
    assert_eq!(fetch_values(&node, "orders", 1, 0).await, ["a", "b", "c"]);
    assert_eq!(produce(&node, "orders", 1, &["d"], -1).await, Ok(3));
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let mut node = Node::format("");
    node.start();
    create_topic(&node, "orders", 1).await;
    let mut expected = Vec::new();
    for round in 0..5 {
        for n in 0..20 {
            let value = format!("{round}-{n}");
            produce(&node, "orders", 0, &[&value], -1).await.unwrap();
            expected.push(value);
        }
        node.kill();
        node.start();
        assert_eq!(fetch_values(&node, "orders", 0, 0).await, expected, "{}", node.log());
    }
}

#[tokio::test]
async fn a_killed_node_serves_again_without_waiting_for_the_session_of_its_former_broker() {
    // A start that waited for that would be given up after the half.
    let mut node =
        Node::format("broker.session.timeout.ms=600000\ninitial.broker.registration.timeout.ms=300000\n");
    node.start();
    create_topic(&node, "orders", 1).await;
    assert_eq!(produce(&node, "orders", 0, &["a"], -1).await, Ok(0));
    node.kill();
    node.start();
    assert_eq!(produce(&node, "orders", 0, &["b"], -1).await, Ok(1));
    assert_eq!(fetch_values(&node, "orders", 0, 0).await, ["a", "b"], "{}", node.log());
}

/// The start of the log is durable before it is acknowledged.
#[tokio::test]
async fn deleted_records_stay_deleted_when_the_process_is_killed_after_the_answer() {
    let mut node = Node::format("");
    node.start();
    create_topic(&node, "orders", 1).await;
    assert_eq!(produce(&node, "orders", 0, &["a", "b", "c"], -1).await, Ok(0));
    assert_eq!(produce(&node, "orders", 0, &["d"], -1).await, Ok(3));
    assert_eq!(delete_records(&node, "orders", 0, 2).await, Ok(2));
    node.kill();
    node.start();
    assert_eq!(
        delete_records(&node, "orders", 0, 0).await,
        Ok(2),
        "the start does not go back\n{}",
        node.log()
    );
}

/// Where the partition is opened first, all the more.
#[tokio::test]
async fn what_a_producer_sent_before_it_hung_up_is_kept_in_order() {
    let mut node = Node::format("");
    node.start();
    for round in 0..10 {
        let topic = format!("orders-{round}");
        create_topic(&node, &topic, 1).await;
        produce_and_hang_up(&node, &topic, &["a", "b", "c"]);
        let deadline = Instant::now() + Duration::from_secs(20);
        while fetch_values(&node, &topic, 0, 0).await.len() < 3 && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(fetch_values(&node, &topic, 0, 0).await, ["a", "b", "c"], "{}", node.log());
    }
}

#[tokio::test]
async fn an_unknown_topic_and_a_bad_partition_get_kafkas_errors() {
    let mut node = Node::format("auto.create.topics.enable=false\n");
    node.start();
    create_topic(&node, "known", 1).await;
    assert_eq!(produce(&node, "unknown", 0, &["a"], -1).await, Err(ErrorCode::UnknownTopicOrPartition));
    assert_eq!(produce(&node, "known", 7, &["a"], -1).await, Err(ErrorCode::UnknownTopicOrPartition));
}

#[tokio::test]
async fn a_topic_deleted_while_its_logs_are_made_leaves_no_trace_and_its_name_is_free() {
    let mut node = Node::format("auto.create.topics.enable=false\n");
    node.start();
    for round in 0..40 {
        create_topic(&node, "fleeting", 4).await;
        if round % 2 == 0 {
            assert_eq!(
                produce(&node, "fleeting", 3, &["a"], -1).await,
                Ok(0),
                "round {round}\n{}",
                node.log()
            );
        }
        delete_topic(&node, "fleeting").await;
    }
    create_topic(&node, "fleeting", 1).await;
    assert_eq!(produce(&node, "fleeting", 0, &["b"], -1).await, Ok(0));
    assert_eq!(fetch_values(&node, "fleeting", 0, 0).await, ["b"]);
    node.stop();
    assert!(!node.log().contains("ERROR"), "{}", node.log());
    let left = std::fs::read_dir(node.data()).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().starts_with("fleeting")).collect();
    assert_eq!(left, ["fleeting-0"]);
}

#[tokio::test]
async fn hostile_bytes_close_their_own_connection_and_no_other() {
    let mut node = Node::format("");
    node.start();
    create_topic(&node, "orders", 1).await;
    let hostile: [&[u8]; 5] = [
        b"\xff\xff\xff\xff",
        b"\x7f\xff\xff\xff",
        b"\0\0\0\x02hi",
        b"\0\0\0\x0e\x7f\0\0\0\0\0\0\x01\xff\xff\0\0\0\0",
        b"\0\0\0\x0e\0\x03\0\x01\0\0\0\x01\xff\xff\x7f\xff\xff\xff",
    ];
    for bytes in hostile {
        let mut stream = TcpStream::connect(node.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(bytes).unwrap();
        let mut answer = Vec::new();
        // A reset is as good an end as an orderly close; a time-out is not.
        if let Err(error) = stream.read_to_end(&mut answer) {
            assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{bytes:?}");
        }
        assert!(answer.is_empty(), "{bytes:?}");
    }
    assert_eq!(produce(&node, "orders", 0, &["still here"], -1).await, Ok(0));
}

#[tokio::test]
async fn a_directory_of_another_node_is_refused_with_one_sentence() {
    let node = Node::format("");
    let meta = node.data().join("meta.properties");
    let text = std::fs::read_to_string(&meta).unwrap().replace("node.id=1", "node.id=2");
    std::fs::write(&meta, text).unwrap();
    let output = node.command().output().unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("belongs to node 2, this is node 1"), "{said}");
}
