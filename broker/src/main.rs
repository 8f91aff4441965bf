//! The `klamm` binary: node and tools by subcommand.

fn main() {}
