//! `cargo xtask compat assignors`: our consumer's four assignors against Kafka's classes, on random groups.

use anyhow::Result;

use crate::built::{self, Which};
use crate::oracle::jars::JarSet;
use crate::oracle::java::Program;

/// Compares range, roundrobin, sticky and cooperative-sticky.
#[derive(clap::Args)]
pub struct Args {}

/// Runs the comparison.
pub fn run(_: &Args) -> Result<()> {
    let oracle = Program::compile(JarSet::Kafka, &["tests/assignor-oracle/AssignorOracle.java"])?;
    built::run_oracle(
        ("client", Which::Named("assignor_oracle"), None),
        &[("KLAMM_ASSIGNOR_ORACLE", oracle.class_path())],
    )
    .map(drop)
}
