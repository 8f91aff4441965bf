//! `info`: which directories there are, whose they are, and what is wrong with them.

use std::collections::BTreeMap;
use std::path::Path;

use klamm_config::NodeConfig;
use klamm_storage::disk::StdDisk;
use klamm_storage::state::{META_PROPERTIES, MetaProperties, MetaPropertiesVersion, StateFileError};

use super::directories::of_config;
use crate::tool::{Terminal, ToolError, ToolResult};

#[derive(Default)]
struct Inspection {
    directories: Vec<String>,
    first: Option<MetaProperties>,
    problems: Vec<String>,
}

/// Prints what is found; fails if there is a problem.
pub(super) fn print(config: &NodeConfig, terminal: &mut Terminal<'_>) -> ToolResult {
    let mut inspection = Inspection::default();
    for directory in of_config(config) {
        inspection.inspect(&directory);
    }
    if inspection.first.as_ref().is_some_and(|first| first.version == MetaPropertiesVersion::V0) {
        inspection.problems.push(
            "The kafka configuration file appears to be for a cluster in KRaft mode, but the directories are \
             formatted for legacy mode."
                .into(),
        );
    }
    inspection.print(terminal)
}

impl Inspection {
    fn inspect(&mut self, directory: &str) {
        let path = Path::new(directory);
        if !path.is_dir() {
            let fault = if path.exists() { "is not a directory" } else { "does not exist" };
            self.problems.push(format!("{directory} {fault}"));
            return;
        }
        self.directories.push(directory.to_owned());
        let found = match MetaProperties::read(&StdDisk, path) {
            Ok(Some(found)) => found,
            Ok(None) => {
                self.problems.push(format!("{directory} is not formatted."));
                return;
            }
            Err(error) => {
                let reason = match error {
                    StateFileError::Malformed { reason, .. } => reason,
                    StateFileError::Disk(error) => error.to_string(),
                };
                let file = path.join(META_PROPERTIES);
                self.problems.push(format!("Error loading {}: {reason}", file.display()));
                return;
            }
        };
        match &self.first {
            None => self.first = Some(found),
            Some(first) if first.cluster_id != found.cluster_id => {
                self.problems.push("Mismatched cluster IDs between storage directories.".into());
            }
            Some(first) if first.node_id != found.node_id => {
                self.problems.push("Mismatched node IDs between storage directories.".into());
            }
            Some(_) => {}
        }
    }

    fn print(&self, terminal: &mut Terminal<'_>) -> ToolResult {
        let out = &mut terminal.out;
        if !self.directories.is_empty() {
            let noun = if self.directories.len() == 1 { "directory" } else { "directories" };
            writeln!(out, "Found log {noun}:")?;
            self.directories.iter().try_for_each(|directory| writeln!(out, "  {directory}"))?;
            writeln!(out)?;
        }
        if let Some(first) = &self.first {
            writeln!(out, "Found metadata: {{{}}}\n", describe(first))?;
        }
        if self.problems.is_empty() {
            return Ok(());
        }
        let noun = if self.problems.len() == 1 { "problem" } else { "problems" };
        writeln!(out, "Found {noun}:")?;
        self.problems.iter().try_for_each(|problem| writeln!(out, "  {problem}"))?;
        writeln!(out)?;
        Err(ToolError::Silent)
    }
}

fn describe(properties: &MetaProperties) -> String {
    let (id_key, version) = match properties.version {
        MetaPropertiesVersion::V0 => ("broker.id", "0"),
        MetaPropertiesVersion::V1 => ("node.id", "1"),
    };
    let mut fields = BTreeMap::from([("version", version.to_owned())]);
    fields.extend(properties.cluster_id.as_ref().map(|id| ("cluster.id", id.clone())));
    fields.extend(properties.directory_id.map(|id| ("directory.id", id.to_string())));
    fields.extend(properties.node_id.map(|id| (id_key, id.to_string())));
    let fields: Vec<String> = fields.iter().map(|(key, value)| format!("{key}={value}")).collect();
    fields.join(", ")
}
