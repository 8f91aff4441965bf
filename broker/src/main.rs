//! The `klamm` binary: node and tools by subcommand.

mod admin;
mod advertised;
mod cli;
mod directories;
mod features;
mod handlers;
mod links;
mod loggers;
mod net;
mod node;
mod node_request;
mod panics;
mod pod_prepare;
mod producer_ids;
mod pumps;
mod quorum;
mod server_start;
mod server_stop;
mod settings;
mod start;
mod up;

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::main(std::env::args_os().collect()).into()
}
