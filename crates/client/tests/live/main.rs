//! The client against a running broker, whose address is in `KLAMM_TEST_BOOTSTRAP`; without one each test fails.
//! `cargo xtask compat client` starts the broker.
#![allow(clippy::unwrap_used)]

mod admin;
mod consumer;
mod groups;
mod producer;
mod site;
