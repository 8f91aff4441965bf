//! Our table and judgements against Apache Kafka's own classes: run by `cargo xtask compat config`,
//! which names the class path of `tests/config-oracle` in `KLAMM_CONFIG_ORACLE`.
#![allow(clippy::unwrap_used)]

mod altered;
#[path = "../cases/mod.rs"]
mod cases;
mod client_keys;
mod described;
mod judged;
mod jvm;
mod layered;
mod nodes;
mod probes;
mod properties;
mod table;
