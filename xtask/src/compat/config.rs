//! `cargo xtask compat config`: the table of configs, and what it judges and describes, against the jars' classes.

use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::oracle::jars::JarSet;
use crate::oracle::java::Program;

/// The Java program that answers questions about configs.
const SOURCES: [&str; 4] = [
    "tests/config-oracle/ConfigOracle.java",
    "tests/config-oracle/Nodes.java",
    "tests/config-oracle/Alterations.java",
    "tests/config-oracle/Descriptions.java",
];

/// Compares every key, value, file, change and description.
#[derive(clap::Args)]
pub struct Args {}

/// Runs the comparison.
pub fn run(_: &Args) -> Result<()> {
    let oracle = Program::compile(JarSet::Kafka, &SOURCES)?;
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    // One test at a time: each holds a JVM.
    let status = Command::new(cargo)
        .args(["test", "--package", "klamm-config", "--features", "oracle", "--test", "oracle"])
        .args(["--", "--test-threads=1", "--nocapture"])
        .env("KLAMM_CONFIG_ORACLE", oracle.class_path())
        .status()
        .context("run cargo test")?;
    ensure!(status.success(), "the comparison of configs failed: {status}");
    Ok(())
}
