//! All tools: their names, the scripts and classes of Kafka that they stand for.

use clap::{ArgMatches, Command};

use crate::dump_log::DumpLog;
use crate::storage::Storage;
use crate::tool::{self, Terminal, ToolResult};

/// One tool.
pub struct ToolEntry {
    /// Name of the subcommand: that of Kafka's script without `kafka-`.
    pub name: &'static str,
    /// Java classes that run it by way of `kafka-run-class`.
    pub classes: &'static [&'static str],
    /// Its options.
    pub options: fn(&'static str) -> Command,
    /// Runs it.
    pub run: fn(&ArgMatches, &mut Terminal<'_>) -> ToolResult,
}

macro_rules! tools {
    ($($tool:ty: $name:literal $(| $class:literal)*,)*) => {
        &[$(ToolEntry {
            name: $name,
            classes: &[$($class),*],
            options: tool::options::<$tool>,
            run: tool::run::<$tool>,
        },)*]
    };
}

/// All tools, in the order of the help.
pub const TOOLS: &[ToolEntry] = tools! {
    Storage: "storage" | "kafka.tools.StorageTool",
    DumpLog: "dump-log" | "org.apache.kafka.tools.DumpLogSegments" | "kafka.tools.DumpLogSegments",
};

/// The tool called `name`.
pub fn find_tool(name: &str) -> Option<&'static ToolEntry> {
    TOOLS.iter().find(|tool| tool.name == name)
}

/// The tool that the Java class `class` is.
pub fn find_class(class: &str) -> Option<&'static ToolEntry> {
    TOOLS.iter().find(|tool| tool.classes.contains(&class))
}
