//! `kafka-storage`: formats log directories and tells about them (Kafka: StorageTool, Formatter).

mod bootstrap;
mod directories;
mod features;
mod format;
mod info;
mod scram;
mod versions;
mod voters;

pub(crate) use scram::Mechanism;
pub(crate) use versions::{metadata_version, print_mapping};

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use klamm_config::properties::ProcessSurroundings;
use klamm_config::{NodeConfig, Properties};
use klamm_model::Uuid;

use crate::tool::{Terminal, Tool, ToolError, ToolResult};

/// Options of the tool.
#[derive(Args, Debug)]
pub(crate) struct Storage {
    #[command(subcommand)]
    command: StorageCommand,
}

#[derive(Subcommand, Debug)]
enum StorageCommand {
    /// Tell about the log directories of this node
    Info {
        #[command(flatten)]
        file: ConfigFile,
        /// Form of the output
        #[arg(short = 'o', long, value_enum, default_value = "text")]
        output: info::Form,
    },
    /// Format the log directories of this node
    Format(format::Format),
    /// Print the feature levels of a release
    VersionMapping {
        /// A release, such as 4.4 or 4.4-IV2; the newest stable one unless given
        #[arg(short = 'r', long)]
        release_version: Option<String>,
    },
    /// Print what levels of features depend on
    FeatureDependencies {
        /// feature=level; may be repeated
        #[arg(short = 'f', long, required = true)]
        feature: Vec<String>,
    },
    /// Print a random UUID
    RandomUuid,
}

/// The node's settings.
#[derive(Args, Debug)]
struct ConfigFile {
    /// server.properties of the node
    #[arg(short = 'c', long)]
    config: PathBuf,
}

impl ConfigFile {
    fn read(&self) -> Result<NodeConfig, ToolError> {
        read_config(&self.config)
    }
}

fn read_config(path: &Path) -> Result<NodeConfig, ToolError> {
    let mut properties = Properties::read_file(path).map_err(ToolError::failed)?;
    properties.resolve_variables(&ProcessSurroundings).map_err(ToolError::failed)?;
    NodeConfig::parse(properties).map_err(ToolError::failed)
}

impl Tool for Storage {
    const ABOUT: &'static str = "Format log directories and tell about them";

    fn run(self, terminal: &mut Terminal<'_>) -> ToolResult {
        match self.command {
            StorageCommand::Info { file, output } => info::print(&file.read()?, output, terminal),
            StorageCommand::Format(format) => format.run(terminal),
            StorageCommand::VersionMapping { release_version } => {
                print_mapping(release_version.as_deref(), terminal)
            }
            StorageCommand::FeatureDependencies { feature } => {
                versions::print_dependencies(&feature, terminal)
            }
            StorageCommand::RandomUuid => Ok(writeln!(terminal.out, "{}", random_uuid())?),
        }
    }
}

/// A new uuid by the operating system's randomness.
fn random_uuid() -> Uuid {
    loop {
        if let Some(uuid) = Uuid::random_from(rand::random()) {
            return uuid;
        }
    }
}

#[cfg(test)]
mod tests;
