//! `cargo xtask compat coordinator`: the same group requests to Apache Kafka and to the state machine of
//! `crates/coordinator`; every answer and every record must be equal.

use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::oracle::broker::{Site, System};

/// Long enough for the members of a test to arrive together; the test knows it, too.
const INITIAL_DELAY: &str = "group.initial.rebalance.delay.ms=2500";

/// Compares answers, records, and what loading Kafka's log gives.
#[derive(clap::Args)]
pub struct Args {}

/// Runs the comparison.
pub fn run(_: &Args) -> Result<()> {
    let site = Site::create(&[INITIAL_DELAY])?;
    site.format(System::Kafka)?;
    let broker = site.start(System::Kafka)?;
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let status = Command::new(cargo)
        .args([
            "test",
            "--package",
            "klamm-coordinator",
            "--features",
            "oracle",
            "--test",
            "groups",
            "oracle",
        ])
        .args(["--", "--test-threads=1", "--nocapture"])
        .env("KLAMM_COORDINATOR_ORACLE", broker.bootstrap())
        .status()
        .context("run cargo test")?;
    broker.stop()?;
    ensure!(status.success(), "the comparison of group coordinators failed: {status}");
    Ok(())
}
