//! Our tools' own addition, `-o json`: each command that shows something shows it as JSON as well, and each of them
//! is known to the shells' completion.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// Command lines on a node with the topic `plain`, and a text that their JSON holds.
const SHOWN: [(&str, &str); 18] = [
    ("topics --bootstrap-server {server} --list", "plain"),
    ("topics --bootstrap-server {server} --describe --topic plain", "partitions"),
    ("configs --bootstrap-server {server} --describe --topic plain --all", "retention.ms"),
    ("configs --bootstrap-server {server} --describe --broker 1 --all", "log.retention.ms"),
    ("get-offsets --bootstrap-server {server} --topic plain", "plain"),
    ("groups --bootstrap-server {server} --list", "json-group"),
    ("consumer-groups --bootstrap-server {server} --list", "json-group"),
    ("consumer-groups --bootstrap-server {server} --describe --group json-group", "json-group"),
    ("consumer-groups --bootstrap-server {server} --describe --group json-group --state", "json-group"),
    ("consumer-groups --bootstrap-server {server} --describe --group json-group --members", ""),
    ("metadata-quorum --bootstrap-server {server} describe --status", ""),
    ("metadata-quorum --bootstrap-server {server} describe --replication", ""),
    ("features --bootstrap-server {server} describe", "metadata.version"),
    ("cluster cluster-id --bootstrap-server {server}", ""),
    ("cluster list-endpoints --bootstrap-server {server}", ""),
    ("cluster api-versions --bootstrap-server {server}", "Produce"),
    ("reassign-partitions --bootstrap-server {server} --list", ""),
    (
        "leader-election --bootstrap-server {server} --election-type preferred --topic plain --partition 0",
        "plain",
    ),
];
const SHELLS: [&str; 3] = ["bash", "zsh", "fish"];

/// Runs every line with `-o json` against the node at `server`.
pub(super) fn check(binary: &Path, server: &str) -> Result<()> {
    let reset = "consumer-groups --bootstrap-server {server} --reset-offsets --group json-group --topic plain \
                 --to-earliest --execute";
    let (code, out) = run(binary, server, reset)?;
    ensure!(code == Some(0), "{reset}: {out}");
    for (line, part) in SHOWN {
        let (code, _) = run(binary, server, &format!("{line} -o xml"))?;
        ensure!(code != Some(0), "{line}: xml is no form of the output");
        let line = format!("{line} -o json");
        let (code, out) = run(binary, server, &line)?;
        ensure!(code == Some(0), "{line}: exit {code:?}: {out}");
        let lines: Vec<&str> = out.lines().filter(|line| !line.trim().is_empty()).collect();
        ensure!(!lines.is_empty() && out.contains(part), "{line} does not show {part}: {out}");
        let whole = serde_json::from_str::<Value>(&out).map(drop);
        whole
            .or_else(|_| lines.iter().try_for_each(|line| serde_json::from_str::<Value>(line).map(drop)))
            .with_context(|| format!("{line}: no JSON: {out}"))?;
    }
    for shell in SHELLS {
        let (code, script) = run(binary, server, &format!("completion {shell}"))?;
        let tools = SHOWN.map(|(line, _)| line.split(' ').next().unwrap_or_default());
        let missing =
            tools.iter().chain(&["up", "server-start", "storage"]).find(|tool| !script.contains(**tool));
        ensure!(code == Some(0) && missing.is_none(), "{shell} completes no {missing:?}");
    }
    println!("{} commands show JSON; {} shells complete", SHOWN.len(), SHELLS.len());
    Ok(())
}

fn run(binary: &Path, server: &str, line: &str) -> Result<(Option<i32>, String)> {
    let line = line.replace("{server}", server);
    let output = Command::new(binary).args(line.split(' ').filter(|word| !word.is_empty())).output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok((output.status.code(), text))
}
