//! `cargo xtask compat protocol`: the schemas against the jars' JSON, and the messages against the jars' classes.

use anyhow::Result;

use crate::built::{self, Which};
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
    built::run_oracle(
        ("protocol", Which::Named("oracle"), None),
        &[("KLAMM_PROTOCOL_ORACLE", oracle.class_path())],
    )
    .map(drop)
}
