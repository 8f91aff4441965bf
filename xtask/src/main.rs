//! The project's own commands; a thin runner that links no crate of the product.

use clap::{Parser, Subcommand};

mod bench;
mod built;
mod chaos;
mod codegen;
mod compat;
mod crds;
mod kube;
// Its users are the suites of `compat`, each of which needs a part.
#[allow(dead_code)]
mod oracle;
mod outcome;
mod sim;
mod test;
mod tidy;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The project's own commands")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measure Klamm against Apache Kafka in one run
    Bench(bench::Args),
    /// Faults under load: kills, pauses, a full disk, hostile frames
    Chaos(chaos::Args),
    /// Generate the messages of the protocol crate from its schemas
    Codegen(codegen::Args),
    /// Compare Klamm with Apache Kafka: clients, tools, files and bytes
    Compat(compat::Args),
    /// Write the custom resource definitions of the operator
    Crds,
    /// A real Kubernetes on this machine, and the operator's stories on it
    Kube(kube::Args),
    /// Simulate clusters: many histories of whole worlds, each from a seed
    Sim(sim::Args),
    /// Run every test, as CI does
    Test(test::Args),
    /// Check what compiler and lints do not see
    Tidy,
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Bench(args) => bench::run(&args),
        Command::Chaos(args) => chaos::run(&args),
        Command::Codegen(args) => codegen::run(&args),
        Command::Compat(args) => compat::run(&args),
        Command::Crds => crds::run(),
        Command::Kube(args) => kube::run(&args),
        Command::Sim(args) => sim::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Tidy => tidy::run(),
    }
}
