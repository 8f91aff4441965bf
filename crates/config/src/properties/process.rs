//! The thin reader: settings from the file system and environment of this process.

use std::path::Path;
use std::{env, fs, io};

use super::variables::Surroundings;
use super::{MalformedEscape, Properties};
use crate::error::ConfigError;

/// Why settings could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}")]
    File {
        /// The file.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// The text is no properties file.
    #[error("{place}: {source}")]
    Syntax {
        /// The file, or the environment.
        place: String,
        /// What is wrong.
        source: MalformedEscape,
    },
    /// A variable in a value cannot be resolved.
    #[error(transparent)]
    Variable(#[from] ConfigError),
}

/// File system and environment of this process.
#[derive(Clone, Copy, Debug)]
pub struct ProcessSurroundings;

impl Surroundings for ProcessSurroundings {
    fn real_path(&self, path: &str) -> Option<String> {
        fs::canonicalize(path).ok()?.into_os_string().into_string().ok()
    }

    fn read(&self, path: &str) -> Option<String> {
        fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        fs::read_to_string(path).ok()
    }

    fn variable(&self, name: &str) -> Option<String> {
        env::var(name).ok()
    }
}

impl Properties {
    /// Reads a file as it is: without environment, overrides and variables.
    pub fn read_file(path: &Path) -> Result<Properties, ReadError> {
        let place = || path.display().to_string();
        let bytes = fs::read(path).map_err(|source| ReadError::File { path: place(), source })?;
        Properties::from_file(&bytes).map_err(|source| ReadError::Syntax { place: place(), source })
    }

    /// Reads a node's settings: the file, then the environment of this process, then `overrides`
    /// (`key=value`), and last the variables in all of them.
    pub fn read_node(path: &Path, overrides: &[String]) -> Result<Properties, ReadError> {
        let mut settings = Properties::read_file(path)?;
        let variables = env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        let place = "environment".to_owned();
        settings.apply_environment(variables).map_err(|source| ReadError::Syntax { place, source })?;
        for argument in overrides {
            settings.apply_override(argument);
        }
        settings.resolve_variables(&ProcessSurroundings)?;
        Ok(settings)
    }
}
