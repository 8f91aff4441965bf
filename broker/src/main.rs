//! The `klamm` binary: node and tools by subcommand.

mod cli;
mod handlers;
mod loggers;
mod net;
mod node;
mod node_request;
mod panics;
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
