//! `cargo xtask compat coordinator`: the same group requests to Apache Kafka and to the state machine of
//! `crates/coordinator`; every answer and every record must be equal.

use anyhow::Result;

use crate::built::{self, Which};
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
    let compared = built::run_oracle(
        ("coordinator", Which::Named("groups"), Some("oracle::")),
        &[("KLAMM_COORDINATOR_ORACLE", broker.bootstrap())],
    );
    broker.stop()?;
    compared.map(drop)
}
