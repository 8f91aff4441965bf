//! Our batches against Apache Kafka's own classes: run by `cargo xtask compat records`, which names the class path
//! of `tests/records-oracle` in `KLAMM_RECORDS_ORACLE`.
#![allow(clippy::unwrap_used)]

mod generate;
mod java;
mod reading;
#[path = "../records_describe/mod.rs"]
mod records_describe;
mod validation;
