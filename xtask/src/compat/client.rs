//! `cargo xtask compat client`: the live tests of our own client against Apache Kafka, then against Klamm.

use anyhow::Result;

use crate::built::{self, Which};
use crate::oracle::broker::{Site, System};

/// Runs the live tests of `crates/client` against a node of each system.
#[derive(clap::Args)]
pub struct Args {}

/// Runs them; a failure against either system is one.
pub fn run(_: &Args) -> Result<()> {
    for system in [System::Kafka, System::Klamm] {
        let site = Site::create(&[])?;
        site.format(system)?;
        let broker = site.start(system)?;
        println!("our client against {}", system.name());
        let tested = built::run_oracle(
            ("client", Which::Named("live"), None),
            &[("KLAMM_TEST_BOOTSTRAP", broker.bootstrap())],
        );
        broker.stop()?;
        tested?;
    }
    Ok(())
}
