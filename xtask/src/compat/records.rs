//! `cargo xtask compat records`: record batches against the jars' classes: golden ones, and random ones both ways.

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::built::{self, Which};
use crate::oracle::cache;
use crate::oracle::jars::JarSet;
use crate::oracle::java::Program;

/// The committed output of the oracle's `golden`.
const GOLDEN: &str = "tests/records-oracle/golden.txt";

/// Compares record batches of all formats and codecs, and the validation of produced and fetched ones.
#[derive(clap::Args)]
pub struct Args {
    /// Write the golden batches anew instead of comparing
    #[arg(long)]
    golden: bool,
}

/// Compares, or writes the golden file.
pub fn run(args: &Args) -> Result<()> {
    let oracle = Program::compile(JarSet::Kafka, &["tests/records-oracle/RecordsOracle.java"])?;
    let output = oracle.command("RecordsOracle").arg("golden").output().context("run the oracle")?;
    ensure!(output.status.success(), "the oracle failed: {}", String::from_utf8_lossy(&output.stderr));
    let path = cache::workspace().join(GOLDEN);
    if args.golden {
        return fs::write(&path, output.stdout).with_context(|| format!("write {}", path.display()));
    }
    let committed = fs::read(&path).with_context(|| format!("read {}", path.display()))?;
    ensure!(
        committed == output.stdout,
        "{GOLDEN} is not what Kafka's classes build: `--golden` writes it anew"
    );
    built::run_oracle(
        ("protocol", Which::Named("records_oracle"), None),
        &[("KLAMM_RECORDS_ORACLE", oracle.class_path())],
    )
    .map(drop)
}
