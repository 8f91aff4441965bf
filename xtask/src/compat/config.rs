//! `cargo xtask compat config`: the table of configs, and what it judges and describes, against the jars' classes.

use anyhow::Result;

use crate::built::{self, Which};
use crate::oracle::jars::JarSet;
use crate::oracle::java::Program;

/// The Java program that answers questions about configs.
const SOURCES: [&str; 5] = [
    "tests/config-oracle/ConfigOracle.java",
    "tests/config-oracle/Nodes.java",
    "tests/config-oracle/Alterations.java",
    "tests/config-oracle/Descriptions.java",
    "tests/config-oracle/ClientKeys.java",
];

/// Compares every key, value, file, change and description.
#[derive(clap::Args)]
pub struct Args {}

/// Runs the comparison.
pub fn run(_: &Args) -> Result<()> {
    let oracle = Program::compile(JarSet::Kafka, &SOURCES)?;
    built::run_oracle(
        ("config", Which::Named("oracle"), None),
        &[("KLAMM_CONFIG_ORACLE", oracle.class_path())],
    )
    .map(drop)
}
