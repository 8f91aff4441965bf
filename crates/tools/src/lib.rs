//! Kafka's command-line tools, one file each, with Kafka's options and texts.
//!
//! A tool parses its options, asks the cluster or the disk, and prints; it decides nothing. The one
//! binary finds them in [`TOOLS`].

#[allow(dead_code, reason = "the tools that speak to a cluster stand on it and follow")]
mod connect;
mod dump_log;
mod storage;
mod table;
#[cfg(test)]
mod testing;
mod tool;

pub use table::{TOOLS, ToolEntry, find_class, find_tool};
pub use tool::{Terminal, ToolError, ToolResult, execute};
