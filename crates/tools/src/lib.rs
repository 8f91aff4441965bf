//! Kafka's command-line tools, one file each, with Kafka's options and texts.
//!
//! A tool parses its options, asks the cluster or the disk, and prints; it decides nothing. The one
//! binary finds them in [`TOOLS`].

mod admin_client;
mod cluster;
mod configs;
mod connect;
mod console;
mod consumer_groups;
mod delete_records;
mod dump_log;
mod features;
mod get_offsets;
mod groups;
mod java;
mod leader_election;
mod log_dirs;
mod metadata_quorum;
mod metadata_shell;
mod options;
mod perf;
mod reassign_partitions;
mod storage;
mod table;
#[cfg(test)]
mod testing;
mod tool;
mod topic_filter;
mod topics;
mod verifiable;

pub use table::{TOOLS, ToolEntry, find_class, find_tool};
pub use tool::{Terminal, ToolError, ToolResult, execute};
