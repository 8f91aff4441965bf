//! Logs, segments, indexes, checkpoints, recovery: Kafka's directory byte for byte, over blocking I/O behind a trait.
