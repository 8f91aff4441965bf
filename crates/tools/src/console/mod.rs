//! `kafka-console-producer` and `kafka-console-consumer`: lines to records and records to lines.

mod consumer;
mod coordinator_records;
mod deserializer;
mod formatter;
mod line_reader;
mod producer;

pub(crate) use consumer::ConsoleConsumer;
pub(crate) use producer::ConsoleProducer;
