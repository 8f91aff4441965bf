//! `compat serve`: a node to try programs against by hand.

use std::io::{self, Read};

use anyhow::Result;
use clap::ValueEnum;

use crate::oracle::broker::{Site, System};

/// What to start.
#[derive(clap::Args)]
pub struct Args {
    /// The system that serves
    #[arg(long, value_enum, default_value_t = Choice::Kafka)]
    system: Choice,
    /// A further line of server.properties, `key=value`
    #[arg(long)]
    property: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Choice {
    Kafka,
    Klamm,
}

/// Prints the bootstrap address and serves until standard input ends.
pub fn run(args: &Args) -> Result<()> {
    let system = match args.system {
        Choice::Kafka => System::Kafka,
        Choice::Klamm => System::Klamm,
    };
    let more: Vec<&str> = args.property.iter().map(String::as_str).collect();
    let site = Site::create(&more)?;
    site.format(system)?;
    let broker = site.start(system)?;
    println!("{}\t{}\t{}", broker.bootstrap(), broker.process_id(), site.dir().display());
    io::copy(&mut io::stdin().take(u64::MAX), &mut io::sink())?;
    broker.stop()
}
