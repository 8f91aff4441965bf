//! `cargo xtask compat protocol`: the schemas against the jars' JSON, and the messages against the jars' classes.

use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::codegen;
use crate::oracle::jars::JarSet;
use crate::oracle::java::Program;

/// Compares schemas, error codes and every message at every version.
#[derive(clap::Args)]
pub struct Args {}

/// Runs both comparisons.
pub fn run(_: &Args) -> Result<()> {
    codegen::check_against_jars(&JarSet::Kafka.resolve()?)?;
    let oracle = Program::compile(JarSet::Kafka, &["tests/protocol-oracle/ProtocolOracle.java"])?;
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    // One test at a time: each holds a JVM.
    let status = Command::new(cargo)
        .args(["test", "--package", "klamm-protocol", "--features", "oracle", "--test", "oracle"])
        .args(["--", "--test-threads=1", "--nocapture"])
        .env("KLAMM_PROTOCOL_ORACLE", oracle.class_path())
        .status()
        .context("run cargo test")?;
    ensure!(status.success(), "the comparison of messages failed: {status}");
    Ok(())
}
