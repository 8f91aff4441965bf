//! The list of Kafka's keys that the tests of the Rust client go by is Kafka's.

use serde_json::{Value, json};

use crate::jvm;

/// One line per key: client, key, type, default.
const LISTED: &str = include_str!("../../../client/src/config/kafka_keys.txt");

#[test]
fn the_clients_list_of_keys_is_that_of_kafkas_producer_and_consumer() {
    let answer = jvm::ask(&[json!({"ask": "clientKeys"})]).remove(0);
    let theirs: Vec<&str> = answer.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(theirs.len() > 100, "{theirs:?}");
    assert_eq!(theirs, LISTED.lines().collect::<Vec<_>>(), "{}", theirs.join("\n"));
}
