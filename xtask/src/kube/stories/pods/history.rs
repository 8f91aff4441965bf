//! What the metadata log has of replicas in sync: every change of them is a record with its time, so none is missed
//! between two looks.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use super::cluster::{Cluster, text};
use crate::kube::kubectl::items;
use crate::kube::process::output;

/// Where it lies on a volume.
const LOG: &str = "log/__cluster_metadata-0";

/// A span of time, in milliseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    from: i64,
    until: i64,
}

impl Span {
    /// Runs `work`, and tells when that was.
    pub(super) fn of(work: impl FnOnce() -> Result<()>) -> Result<Span> {
        let from = now()?;
        work()?;
        Ok(Span { from, until: now()? })
    }

    fn has(self, time: i64) -> bool {
        (self.from..=self.until).contains(&time)
    }
}

fn now() -> Result<i64> {
    let time = SystemTime::now().duration_since(UNIX_EPOCH).context("a time after 1970")?;
    i64::try_from(time.as_millis()).context("a time of this age")
}

/// One change of the replicas in sync.
#[derive(Debug, PartialEq, Eq)]
struct Change {
    time: i64,
    partition: String,
    isr: usize,
}

/// All changes that a controller has written down.
#[derive(Debug)]
pub(super) struct History(Vec<Change>);

impl History {
    /// As a controller has it whose log has its beginning.
    pub(super) fn read(cluster: &Cluster) -> Result<History> {
        let controllers = cluster.get(&["pods", "--selector", "klamm.dev/role=controller"])?;
        for pod in items(&controllers).map(|pod| text(&pod["metadata"]["name"])) {
            let logs = logs(&cluster.volume(&pod)?.join(LOG))?;
            let first = logs.first().and_then(|log| log.file_stem()).map(|name| name.to_string_lossy());
            if first.is_some_and(|name| name.bytes().all(|byte| byte == b'0')) {
                return History::of_logs(cluster, &logs);
            }
        }
        bail!("no controller has the log's beginning")
    }

    fn of_logs(cluster: &Cluster, logs: &[PathBuf]) -> Result<History> {
        let mut changes = Vec::new();
        for log in logs {
            let mut dump = Command::new(cluster.klamm());
            dump.args(["dump-log", "--cluster-metadata-decoder", "--files"]).arg(log);
            changes.extend(output(&mut dump)?.lines().filter_map(change));
        }
        ensure!(!changes.is_empty(), "no change of replicas in sync is known");
        Ok(History(changes))
    }

    /// Fails if a partition had fewer replicas in sync in that time.
    pub(super) fn ensure_in_sync(&self, least: usize, span: Span) -> Result<()> {
        let short: Vec<&Change> =
            self.0.iter().filter(|change| change.isr < least && span.has(change.time)).take(5).collect();
        ensure!(short.is_empty(), "fewer than {least} replicas in sync within {span:?}: {short:?}");
        Ok(())
    }
}

/// The segments in a folder, the oldest first.
fn logs(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut logs: Vec<PathBuf> = entries.collect::<Result<_, _>>()?;
    logs.retain(|log| log.extension().is_some_and(|extension| extension == "log"));
    logs.sort();
    Ok(logs)
}

/// `| offset: 18 CreateTime: 17958 ... payload: {"type":"PARTITION_CHANGE_RECORD",...}`
fn change(line: &str) -> Option<Change> {
    let (head, payload) = line.split_once("payload: ")?;
    let record: Value = serde_json::from_str(payload)
        .ok()
        .filter(|record: &Value| record["type"] == "PARTITION_CHANGE_RECORD")?;
    let data = &record["data"];
    let time = head.split_once("CreateTime: ")?.1.split_whitespace().next()?.parse().ok()?;
    let isr = data["isr"].as_array()?.len();
    Some(Change { time, partition: format!("{}-{}", data["topicId"].as_str()?, data["partitionId"]), isr })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_records_that_change_the_replicas_in_sync_are_changes() {
        let line = |data: &str| {
            format!(
                "| offset: 18 CreateTime: 7 keySize: -1 headerKeys: [] payload: \
                 {{\"type\":\"PARTITION_CHANGE_RECORD\",\"version\":2,\"data\":{data}}}"
            )
        };
        let told = change(&line("{\"partitionId\":3,\"topicId\":\"Qm\",\"isr\":[4],\"leader\":4}"));
        assert_eq!(told, Some(Change { time: 7, partition: "Qm-3".to_owned(), isr: 1 }));
        assert_eq!(change(&line("{\"partitionId\":3,\"topicId\":\"Qm\",\"leader\":4}")), None);
        assert_eq!(change("baseOffset: 17 lastOffset: 18 count: 2 CreateTime: 7 isvalid: true"), None);
    }
}
