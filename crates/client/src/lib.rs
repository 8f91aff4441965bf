//! A Kafka client in Rust: connections, admin, producer, consumer.
