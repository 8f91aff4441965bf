//! Our messages against Apache Kafka's own classes: run by `cargo xtask compat protocol`, which names the class
//! path of `tests/protocol-oracle` in `KLAMM_PROTOCOL_ORACLE`.
#![allow(clippy::unwrap_used)]

mod accepted_frames;
mod child;
mod json_text;
mod other_versions;
mod written_bytes;
