//! Which options go together (Kafka: CommandLineUtils).

use super::Given;
use crate::tool::{ToolError, ToolResult};

impl Given {
    /// All of `names` must be there; the first that is not is complained about.
    pub(crate) fn require(&self, names: &[&str]) -> ToolResult {
        match names.iter().find(|name| !self.has(name)) {
            None => Ok(()),
            Some(name) => Err(ToolError::usage(format!("Missing required argument \"[{name}]\""))),
        }
    }

    /// With `used`, none of `others` may be there.
    pub(crate) fn exclude(&self, used: &str, others: &[&str]) -> ToolResult {
        if !self.has(used) {
            return Ok(());
        }
        match others.iter().find(|other| self.has(other)) {
            None => Ok(()),
            Some(other) => {
                Err(ToolError::usage(format!("Option \"[{used}]\" can't be used with option \"[{other}]\"")))
            }
        }
    }

    /// How many of `names` are there.
    pub(crate) fn count(&self, names: &[&str]) -> usize {
        names.iter().filter(|name| self.has(name)).count()
    }
}

/// `[a], [b]`.
pub(crate) fn bracketed(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("[{name}]")).collect();
    names.join(", ")
}
