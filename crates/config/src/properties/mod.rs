//! A node's settings as text: the file, the environment, and the command line.
//!
//! Precedence, weakest first: `server.properties`, `KAFKA_*` variables as in Apache's container
//! image, `--override key=value`. Variables in values are replaced last.

mod environment;
mod file;
mod notice;
mod process;
mod variables;

use std::collections::BTreeMap;
use std::fmt;

pub use environment::environment_key;
pub use file::{MalformedEscape, parse_latin1, parse_text};
pub use notice::Notice;
pub use process::{ProcessSurroundings, ReadError};
pub use variables::Surroundings;

use crate::error::ConfigError;
use crate::table;

/// Keys with their texts, sorted by key. Hides values in `Debug`, since they may be secrets.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Properties(BTreeMap<String, String>);

impl Properties {
    /// No settings.
    pub fn new() -> Properties {
        Properties::default()
    }

    /// Reads a file's bytes as Java does, in Latin-1: other characters are written `\uXXXX`.
    pub fn from_file(bytes: &[u8]) -> Result<Properties, MalformedEscape> {
        parse_latin1(bytes).map(Properties::from_iter)
    }

    /// Lets the `KAFKA_*` variables among `variables` replace what is set so far.
    pub fn apply_environment<K, V>(
        &mut self,
        variables: impl IntoIterator<Item = (K, V)>,
    ) -> Result<(), MalformedEscape>
    where
        K: AsRef<str>,
        V: AsRef<str>,
    {
        for (name, value) in variables {
            if let Some(key) = environment_key(name.as_ref()) {
                self.0.extend(parse_text(&format!("{key}={}", value.as_ref()))?);
            }
        }
        Ok(())
    }

    /// Lets an argument `key=value` of `--override` replace what is set so far.
    pub fn apply_override(&mut self, argument: &str) {
        let (key, value) = argument.split_once('=').unwrap_or((argument, ""));
        self.set(key, value);
    }

    /// Replaces the variables `${alias:path:key}` in all values, where `config.providers` names the
    /// alias.
    pub fn resolve_variables(&mut self, surroundings: &dyn Surroundings) -> Result<(), ConfigError> {
        variables::resolve(self, surroundings)
    }

    /// The text of `key`.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// Whether `key` is set.
    pub fn contains(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Sets `key`.
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.0.insert(key.into(), value.into());
    }

    /// Unsets `key`.
    pub fn remove(&mut self, key: &str) {
        self.0.remove(key);
    }

    /// All settings, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// What the log should say about keys that no longer do, or never did, anything.
    pub fn notices(&self) -> Vec<Notice> {
        self.iter().filter_map(|(key, value)| notice::of(key, value)).collect()
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Properties {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(settings: I) -> Properties {
        Properties(settings.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}

impl fmt::Debug for Properties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |(key, value)| match table::BROKER.get(key) {
            Some(known) if !known.is_sensitive() => (key, value),
            Some(_) | None => (key, "[hidden]"),
        };
        f.debug_map().entries(self.iter().map(shown)).finish()
    }
}

#[cfg(test)]
mod tests;
