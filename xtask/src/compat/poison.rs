//! `cargo xtask compat poison`: hundreds of crafted produce requests to both systems. Error codes, offsets, the
//! records named and the fate of the connection must be the same.

use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::chaos::testkit_binary;
use crate::oracle::broker::{Site, System};

/// Both refuse topics that do not exist instead of creating them.
const NO_AUTO_CREATION: &str = "auto.create.topics.enable=false";

/// Compares what both make of poison.
#[derive(clap::Args)]
pub struct Args {}

/// Runs the comparison.
pub fn run(_: &Args) -> Result<()> {
    let poison = testkit_binary("klamm-poison")?;
    let (kafka_site, klamm_site) = (Site::create(&[NO_AUTO_CREATION])?, Site::create(&[NO_AUTO_CREATION])?);
    kafka_site.format(System::Kafka)?;
    klamm_site.format(System::Klamm)?;
    let (kafka, klamm) = (kafka_site.start(System::Kafka)?, klamm_site.start(System::Klamm)?);
    println!("Apache Kafka / Klamm");
    let status = Command::new(&poison).args([kafka.bootstrap(), klamm.bootstrap()]).status();
    let status = status.with_context(|| format!("run {}", poison.display()))?;
    let log = klamm.output();
    klamm.stop()?;
    kafka.stop()?;
    let alarming: Vec<&str> = log
        .lines()
        .filter(|line| [" WARN ", "ERROR ", "panicked"].iter().any(|word| line.contains(word)))
        .collect();
    ensure!(
        alarming.is_empty(),
        "Klamm logged what a client's poison must not cause:\n{}",
        alarming.join("\n")
    );
    ensure!(status.success(), "the systems differ: {status}");
    Ok(())
}
