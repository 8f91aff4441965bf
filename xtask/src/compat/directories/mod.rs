//! `cargo xtask compat directories`: log directories that go from Apache Kafka to Klamm and back: one
//! file per proof; a table, no logic.

use std::time::Instant;

use anyhow::{Context, Result};
use clap::ValueEnum;

mod cleaner;
mod client;
mod dumps;
mod exchange;
mod files;
mod storage_tool;

/// Which proofs to run.
#[derive(clap::Args)]
pub struct Args {
    /// Only these; all unless given
    #[arg(value_enum)]
    parts: Vec<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// A directory of Apache Kafka goes to Klamm and back, with orderly stops and a kill
    FromKafka,
    /// A directory of Klamm goes to Apache Kafka and back
    FromKlamm,
    /// Both write the same: the files are compared byte by byte
    Files,
    /// Both compact the same directory: what stays is compared record by record
    Cleaner,
    /// A directory with a feature that Klamm lacks is refused; the storage tools say and write the same
    Tools,
}

/// Runs the chosen proofs; an error is a difference.
pub fn run(args: &Args) -> Result<()> {
    let all = Part::value_variants();
    let chosen = if args.parts.is_empty() { all } else { &args.parts };
    let client = client::Client::compile()?;
    for &part in chosen {
        let begun = Instant::now();
        let done = match part {
            Part::FromKafka => exchange::from_kafka(&client),
            Part::FromKlamm => exchange::from_klamm(&client),
            Part::Files => files::run(&client),
            Part::Cleaner => cleaner::run(&client),
            Part::Tools => storage_tool::run(),
        };
        done.with_context(|| format!("{part:?}"))?;
        eprintln!("{part:?}: equal ({:.0} s)", begun.elapsed().as_secs_f32());
    }
    Ok(())
}
