//! `klamm-poison`: sends crafted produce requests to two brokers and tells where they differ. `cargo xtask compat
//! poison` runs it.

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Parser;
use klamm_testkit::poison;

#[derive(Parser)]
#[command(name = "klamm-poison", about = "The same poison to two brokers")]
struct Cli {
    /// The one
    first: SocketAddr,
    /// The other
    second: SocketAddr,
}

fn main() -> ExitCode {
    let Cli { first, second } = Cli::parse();
    match poison::compare(first, second) {
        Ok((cases, differences)) => {
            differences.iter().for_each(|difference| println!("{difference}"));
            println!("{cases} cases, {} differences", differences.len());
            if differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
