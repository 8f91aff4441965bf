//! `kafka-producer-perf-test` and `kafka-consumer-perf-test`.

mod consumer;
pub(crate) mod date;
mod metrics;
mod producer;
mod stats;
mod throttle;

pub(crate) use consumer::ConsumerPerf;
pub(crate) use producer::ProducerPerf;
pub(crate) use throttle::Throttle;
