//! Observer and executor of lifecycle plans over Kafka's own wire.
