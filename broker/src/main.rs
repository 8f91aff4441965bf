//! The `klamm` binary: node and tools by subcommand.

mod handlers;
mod net;
mod node;
mod pumps;

fn main() {}
