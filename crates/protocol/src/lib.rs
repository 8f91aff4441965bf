//! Kafka's wire format and record batches: schemas, generated messages, headers, error codes, record codec.
