//! `info`: which directories there are, whose they are, and what is wrong with them.

use std::collections::BTreeMap;
use std::path::Path;

use klamm_config::NodeConfig;
use klamm_storage::disk::StdDisk;
use klamm_storage::state::{META_PROPERTIES, MetaProperties, MetaPropertiesVersion, StateFileError};

use super::directories::of_config;
use serde_json::{Value, json};

use crate::tool::{Terminal, ToolError, ToolResult};

#[derive(Default)]
struct Inspection {
    directories: Vec<String>,
    first: Option<MetaProperties>,
    problems: Vec<String>,
}

/// Form of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Form {
    Text,
    Json,
}

/// Prints what is found; fails if there is a problem.
pub(super) fn print(config: &NodeConfig, form: Form, terminal: &mut Terminal<'_>) -> ToolResult {
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
    match form {
        Form::Text => inspection.print(terminal)?,
        Form::Json => writeln!(terminal.out, "{}", inspection.to_json())?,
    }
    if inspection.problems.is_empty() { Ok(()) } else { Err(ToolError::Silent) }
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
        Ok(writeln!(out)?)
    }

    fn to_json(&self) -> Value {
        let metadata = self.first.as_ref().map(|first| {
            let fields = fields(first).into_iter();
            fields.map(|(key, value)| (key.to_owned(), Value::from(value))).collect::<serde_json::Map<_, _>>()
        });
        json!({"directories": self.directories, "metadata": metadata, "problems": self.problems})
    }
}

fn fields(properties: &MetaProperties) -> BTreeMap<&'static str, String> {
    let (id_key, version) = match properties.version {
        MetaPropertiesVersion::V0 => ("broker.id", "0"),
        MetaPropertiesVersion::V1 => ("node.id", "1"),
    };
    let mut fields = BTreeMap::from([("version", version.to_owned())]);
    fields.extend(properties.cluster_id.as_ref().map(|id| ("cluster.id", id.clone())));
    fields.extend(properties.directory_id.map(|id| ("directory.id", id.to_string())));
    fields.extend(properties.node_id.map(|id| (id_key, id.to_string())));
    fields
}

fn describe(properties: &MetaProperties) -> String {
    let fields: Vec<String> =
        fields(properties).iter().map(|(key, value)| format!("{key}={value}")).collect();
    fields.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_tells_directories_identity_and_problems() {
        let first = MetaProperties {
            version: MetaPropertiesVersion::V1,
            cluster_id: Some("c".to_owned()),
            node_id: Some(klamm_model::NodeId::at(1)),
            directory_id: None,
        };
        let inspection = Inspection {
            directories: vec!["/a".to_owned()],
            first: Some(first),
            problems: vec!["/b does not exist".to_owned()],
        };
        let expected = r#"{"directories":["/a"],"metadata":{"cluster.id":"c","node.id":"1","version":"1"},"problems":["/b does not exist"]}"#;
        assert_eq!(inspection.to_json().to_string(), expected);
    }
}
