//! What tools that speak to a cluster have in common: whom to ask, settings from a file and from the command
//! line, the runtime of their calls, and the wait for Ctrl-C.

use std::future::Future;
use std::path::Path;

use klamm_config::Properties;

use crate::tool::{ToolError, ToolResult};

/// Settings of a client: those of `file`, then `given` (each `key=value`), then the bootstrap list.
pub(crate) fn settings(
    bootstrap_servers: Option<&str>,
    file: Option<&Path>,
    given: &[String],
) -> Result<Properties, ToolError> {
    let mut properties = match file {
        Some(file) => Properties::read_file(file).map_err(ToolError::failed)?,
        None => Properties::new(),
    };
    for pair in given {
        let (key, value) = key_value(pair)?;
        properties.set(key, value);
    }
    if let Some(servers) = bootstrap_servers {
        properties.set("bootstrap.servers", servers);
    }
    Ok(properties)
}

/// Puts an option into the settings (Kafka's `CommandLineUtils.maybeMergeOptions`): what is given wins over what
/// is set, and the option's default only fills a gap.
pub(crate) fn merge(properties: &mut Properties, key: &str, given: Option<&str>, default: &str) {
    match given {
        Some(given) => properties.set(key, given),
        None if properties.contains(key) => {}
        None => properties.set(key, default),
    }
}

/// Takes `key=value` apart. Like Kafka's `CommandLineUtils.parseKeyValueArgs` it splits at the first `=`, and
/// an empty value is a value, blanks included; without `=` the pair is refused.
pub(crate) fn key_value(pair: &str) -> Result<(&str, &str), ToolError> {
    pair.split_once('=')
        .filter(|(key, _)| !key.is_empty())
        .ok_or_else(|| ToolError::usage(format!("Invalid command line properties: {pair}")))
}

/// Runs `work` to its end on a runtime of its own. Blocks.
pub(crate) fn block_on(work: impl Future<Output = ToolResult>) -> ToolResult {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(work)
}

/// Resolves when the user asks for the end: Ctrl-C, or SIGTERM.
pub(crate) async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        // Without a handler the signal ends the process by itself.
        return std::future::pending().await;
    };
    tokio::select! {
        asked = tokio::signal::ctrl_c() => {
            if asked.is_err() {
                std::future::pending::<()>().await;
            }
        }
        _ = terminate.recv() => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn pairs_replace_the_file_and_the_bootstrap_list_replaces_both() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "acks=1\nlinger.ms=3\nbootstrap.servers=file:1\n").unwrap();
        let given = ["acks=all".to_owned(), "sasl.jaas.config=a=b".to_owned()];
        let found = settings(Some("line:2"), Some(file.path()), &given).unwrap();
        let expected = [
            ("acks", "all"),
            ("bootstrap.servers", "line:2"),
            ("linger.ms", "3"),
            ("sasl.jaas.config", "a=b"),
        ];
        assert_eq!(found.iter().collect::<Vec<_>>(), expected);
        assert!(settings(None, None, &["acks".to_owned()]).is_err());
    }
}
