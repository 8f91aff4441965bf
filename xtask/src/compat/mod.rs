//! `cargo xtask compat`: the comparisons of Klamm with Apache Kafka, one file per suite; a table, no logic.

use clap::Subcommand;

mod assignors;
mod client;
mod clients;
mod config;
mod console;
mod coordinator;
mod directories;
mod metadata;
mod poison;
mod protocol;
mod quorum;
mod records;
mod replication;
mod serve;
mod shell;
mod starting;
mod tools;
mod unserved;

/// Which comparison to run.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    suite: Suite,
}

#[derive(Subcommand)]
enum Suite {
    /// Compare the consumer's assignors with the jars' classes on random groups
    Assignors(assignors::Args),
    /// Run the live tests of our own client against a node of each system
    Client(client::Args),
    /// Compare every config with the jars: keys, values, files, changes and descriptions
    Config(config::Args),
    /// Run the tools that produce and consume, ours and Kafka's, on nodes of both systems
    Console(console::Args),
    /// Send the same group requests to Apache Kafka and to our coordinator; compare answers and records
    Coordinator(coordinator::Args),
    /// Let log directories go from one system to the other and back; compare files, compaction and dumps
    Directories(directories::Args),
    /// Compare the controller's decisions, images and placements with the jars' classes
    Metadata(metadata::Args),
    /// Send crafted produce requests to both systems; compare errors, offsets and connections
    Poison(poison::Args),
    /// Compare schemas, error codes and every message at every version with the jars
    Protocol(protocol::Args),
    /// Run the programs of eight client families against both systems
    Clients(clients::Args),
    /// Form quorums and clusters of both systems' nodes, and kill, restart and change them
    Quorum(quorum::Args),
    /// Compare record batches, their codecs and their validation with the jars
    Records(records::Args),
    /// Replicate partitions between brokers of both systems, and compare the replicas' bytes
    Replication(replication::Args),
    /// Compare the trees that the metadata shell shows with those of Kafka's own classes
    Shell(shell::Args),
    /// Run the same command lines with Kafka's tools and with ours, against both systems
    Tools(tools::Args),
    /// Ask both systems for every API that Klamm does not serve yet; compare the refusals
    Unserved(unserved::Args),
    /// Start both systems where they must refuse to; compare exit codes
    Starting(starting::Args),
    /// Start one node with the suites' properties and hold it until the end of standard input
    Serve(serve::Args),
}

/// Runs the chosen suite; an error is a difference.
pub fn run(args: &Args) -> anyhow::Result<()> {
    match &args.suite {
        Suite::Assignors(args) => assignors::run(args),
        Suite::Client(args) => client::run(args),
        Suite::Config(args) => config::run(args),
        Suite::Console(args) => console::run(args),
        Suite::Coordinator(args) => coordinator::run(args),
        Suite::Directories(args) => directories::run(args),
        Suite::Metadata(args) => metadata::run(args),
        Suite::Poison(args) => poison::run(args),
        Suite::Protocol(args) => protocol::run(args),
        Suite::Clients(args) => clients::run(args),
        Suite::Quorum(args) => quorum::run(args),
        Suite::Records(args) => records::run(args),
        Suite::Replication(args) => replication::run(args),
        Suite::Shell(args) => shell::run(args),
        Suite::Tools(args) => tools::run(args),
        Suite::Unserved(args) => unserved::run(args),
        Suite::Starting(args) => starting::run(args),
        Suite::Serve(args) => serve::run(args),
    }
}
