//! `cargo xtask compat metadata`: the controller's decisions, images and placements against the jars' own classes.

use anyhow::Result;

use crate::built::{self, Which};
use crate::oracle::jars::JarSet;
use crate::oracle::java::Program;

/// Compares random commands' records and replies, snapshots, placements and partition changes.
#[derive(clap::Args)]
pub struct Args {
    /// Random runs of each kind; few by default, for each asks a JVM hundreds of questions
    #[arg(long)]
    runs: Option<u64>,
}

/// Runs the comparison.
pub fn run(args: &Args) -> Result<()> {
    let oracle = Program::compile(JarSet::Kafka, &["tests/metadata-oracle/MetadataOracle.java"])?;
    let runs = args.runs.map(|runs| runs.to_string());
    let mut environment = vec![("KLAMM_METADATA_ORACLE", oracle.class_path())];
    environment.extend(runs.as_deref().map(|runs| ("KLAMM_ORACLE_RUNS", runs)));
    built::run_oracle(("metadata", Which::Libraries, Some("oracle::")), &environment).map(drop)
}
