//! Values that name a text kept elsewhere: `${alias:path:key}`, as far as `config.providers` of the
//! same file allows it (Kafka's `ConfigTransformer` and its three providers). Dynamic configs, which
//! come over the network, are never searched for variables.

use std::collections::BTreeMap;

use regex::Regex;

use super::{Properties, parse_text};
use crate::error::ConfigError;
use crate::java;

/// What lies around the process. Paths are as written in the settings.
pub trait Surroundings {
    /// The path without links; `None` if there is no such file or directory.
    fn real_path(&self, path: &str) -> Option<String>;

    /// The text of a regular file; `None` if it cannot be read.
    fn read(&self, path: &str) -> Option<String>;

    /// The value of an environment variable.
    fn variable(&self, name: &str) -> Option<String>;
}

/// Where the texts of one alias are kept.
enum Provider {
    /// In properties files: `${file:/path/to/file:key}`.
    File { allowed: Option<Vec<String>> },
    /// In one file each: `${directory:/path/to/directory:file}`.
    Directory { allowed: Option<Vec<String>> },
    /// In environment variables: `${env:NAME}`.
    Environment { allowed: Regex },
}

/// Replaces the variables in all values. A variable of an unknown alias, or one that nobody set,
/// stays as it is written.
pub(super) fn resolve(settings: &mut Properties, surroundings: &dyn Surroundings) -> Result<(), ConfigError> {
    let providers = providers(settings, surroundings)?;
    if providers.is_empty() {
        return Ok(());
    }
    let mut resolved = Properties::new();
    for (key, value) in settings.iter() {
        resolved.set(key, replace(value, &providers, surroundings)?);
    }
    *settings = resolved;
    Ok(())
}

fn providers<'s>(
    settings: &'s Properties,
    surroundings: &dyn Surroundings,
) -> Result<BTreeMap<&'s str, Provider>, ConfigError> {
    const PACKAGE: &str = "org.apache.kafka.common.config.provider.";
    let mut providers = BTreeMap::new();
    for alias in java::split(settings.get("config.providers").unwrap_or_default(), ',') {
        let key = format!("config.providers.{alias}.class");
        let Some(class) = settings.get(&key) else { continue };
        let parameter = |name: &str| settings.get(&format!("config.providers.{alias}.param.{name}"));
        let provider = match class.strip_prefix(PACKAGE) {
            Some("FileConfigProvider") => {
                Provider::File { allowed: allowed_paths(parameter("allowed.paths"), surroundings)? }
            }
            Some("DirectoryConfigProvider") => {
                Provider::Directory { allowed: allowed_paths(parameter("allowed.paths"), surroundings)? }
            }
            Some("EnvVarConfigProvider") => {
                Provider::Environment { allowed: allowed_names(parameter("allowlist.pattern"))? }
            }
            Some(_) | None => {
                let rule = "Could not load config provider class or one of its dependencies";
                return Err(ConfigError::invalid(&key, class, rule));
            }
        };
        providers.insert(alias, provider);
    }
    Ok(providers)
}

fn allowed_paths(
    list: Option<&str>,
    surroundings: &dyn Surroundings,
) -> Result<Option<Vec<String>>, ConfigError> {
    let Some(list) = list.filter(|list| !list.is_empty()) else { return Ok(None) };
    let real = |path: &str| {
        if !path.starts_with('/') {
            return Err(ConfigError::rule(format!("Path {path} is not absolute")));
        }
        surroundings.real_path(path).ok_or_else(|| ConfigError::rule(format!("Path {path} does not exist")))
    };
    java::split(list, ',').into_iter().map(real).collect::<Result<_, _>>().map(Some)
}

fn allowed_names(pattern: Option<&str>) -> Result<Regex, ConfigError> {
    let pattern = pattern.unwrap_or(".*");
    Regex::new(&format!("^(?:{pattern})$"))
        .map_err(|_| ConfigError::rule(format!("{pattern} is not a regular expression that this node knows")))
}

/// Replaces every `${alias:key}` and `${alias:path:key}` in `value`.
fn replace(
    value: &str,
    providers: &BTreeMap<&str, Provider>,
    surroundings: &dyn Surroundings,
) -> Result<String, ConfigError> {
    let mut replaced = String::new();
    let mut rest = value;
    while let Some(start) = rest.find("${") {
        let body = &rest[start + 2..];
        let Some((body, after)) = body.split_once('}') else { break };
        let Some((alias, place)) = body.split_once(':') else {
            replaced.push_str(&rest[..start + 2]);
            rest = &rest[start + 2..];
            continue;
        };
        let (path, key) = place.split_once(':').unwrap_or(("", place));
        let found = match providers.get(alias) {
            Some(provider) => provider.find(path, key, surroundings)?,
            None => None,
        };
        replaced.push_str(&rest[..start]);
        match found {
            Some(text) => replaced.push_str(&text),
            None => replaced.push_str(&format!("${{{body}}}")),
        }
        rest = after;
    }
    replaced.push_str(rest);
    Ok(replaced)
}

impl Provider {
    fn find(
        &self,
        path: &str,
        key: &str,
        surroundings: &dyn Surroundings,
    ) -> Result<Option<String>, ConfigError> {
        match self {
            Provider::File { allowed } => find_in_file(path, key, allowed.as_deref(), surroundings),
            Provider::Directory { allowed } => {
                let is_name = !key.is_empty() && !key.contains('/') && key != "." && key != "..";
                let directory = trusted(path, allowed.as_deref(), surroundings);
                let file = directory.filter(|_| is_name).map(|directory| format!("{directory}/{key}"));
                Ok(file.and_then(|file| surroundings.read(&file)))
            }
            Provider::Environment { .. } if !path.is_empty() => Err(ConfigError::rule(format!(
                "Path is not supported for EnvVarConfigProvider, invalid value '{path}'"
            ))),
            Provider::Environment { allowed } => {
                Ok(surroundings.variable(key).filter(|_| allowed.is_match(key)))
            }
        }
    }
}

fn find_in_file(
    path: &str,
    key: &str,
    allowed: Option<&[String]>,
    surroundings: &dyn Surroundings,
) -> Result<Option<String>, ConfigError> {
    let Some(file) = trusted(path, allowed, surroundings) else { return Ok(None) };
    let unreadable = || ConfigError::rule(format!("Could not read properties from file {path}"));
    let text = surroundings.read(&file).ok_or_else(unreadable)?;
    let settings = parse_text(&text).map_err(|error| ConfigError::rule(error.to_string()))?;
    // Of settings with equal keys the last one counts.
    Ok(settings.into_iter().rev().find(|(name, _)| name == key).map(|(_, value)| value))
}

/// The path to read, or `None` where it is empty or lies outside the allowed ones.
fn trusted(path: &str, allowed: Option<&[String]>, surroundings: &dyn Surroundings) -> Option<String> {
    if path.is_empty() {
        return None;
    }
    let Some(allowed) = allowed else { return Some(path.to_owned()) };
    let real = surroundings.real_path(path)?;
    let is_within = |root: &String| {
        real.strip_prefix(root.trim_end_matches('/'))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    allowed.iter().any(is_within).then_some(real)
}
