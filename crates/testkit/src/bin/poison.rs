//! `klamm-poison`: sends crafted produce requests to two brokers and tells where they differ. `cargo xtask compat
//! poison` runs it.

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Parser;
use klamm_testkit::poison::{self, Comparison};

#[derive(Parser)]
#[command(name = "klamm-poison", about = "The same poison to two brokers")]
struct Cli {
    /// Apache Kafka
    kafka: SocketAddr,
    /// Klamm
    klamm: SocketAddr,
}

fn main() -> ExitCode {
    let Cli { kafka, klamm } = Cli::parse();
    match poison::compare(kafka, klamm) {
        Ok(Comparison { cases, stricter, differences }) => {
            differences.iter().for_each(|difference| println!("{difference}"));
            println!("{cases} cases, {stricter} stricter on purpose, {} differences", differences.len());
            if differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
