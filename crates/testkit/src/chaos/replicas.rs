//! Replicas once the faults are over: all in sync again, with the same bytes in their segments.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use klamm_client::cluster::PartitionView;

use crate::cluster::LocalCluster;

const POLL: Duration = Duration::from_millis(50);
/// Longest wait; replicas that lag by seconds catch up in seconds.
const PATIENCE: Duration = Duration::from_secs(60);
/// Topics with replicas on several nodes: the load's, and where its group commits.
const INTERNAL: &str = "__consumer_offsets";

/// Waits until every partition of `topic` and of the groups' offsets has all its replicas in sync; how long it took.
pub(super) async fn await_in_sync_again(cluster: &LocalCluster, topic: &str) -> Result<Duration> {
    let begun = Instant::now();
    for name in [topic, INTERNAL] {
        await_in_sync(cluster, name).await?;
    }
    Ok(begun.elapsed())
}

/// Waits until all replicas of them have the same bytes; nobody writes any more.
pub(super) async fn await_whole(cluster: &mut LocalCluster, topic: &str) -> Result<()> {
    for name in [topic, INTERNAL] {
        for partition in &await_in_sync(cluster, name).await? {
            await_equal(cluster, name, partition).await?;
        }
    }
    Ok(())
}

async fn await_in_sync(cluster: &LocalCluster, name: &str) -> Result<Vec<PartitionView>> {
    let begun = Instant::now();
    loop {
        let topic = cluster.topic(name).await;
        if let Ok(topic) = &topic
            && topic.partitions.iter().all(|partition| partition.isr.len() == partition.replicas.len())
        {
            return Ok(topic.partitions.clone());
        }
        if begun.elapsed() > PATIENCE {
            bail!("{name} is not in sync again after {PATIENCE:?}: {topic:?}");
        }
        tokio::time::sleep(POLL).await;
    }
}

async fn await_equal(cluster: &mut LocalCluster, name: &str, partition: &PartitionView) -> Result<()> {
    let (begun, folder) = (Instant::now(), format!("{name}-{}", partition.index));
    loop {
        let mut logs = Vec::new();
        for id in &partition.replicas {
            let log = segments(&cluster.node(*id)?.data().join(&folder))?;
            logs.push(log);
        }
        if logs.windows(2).all(|pair| pair[0] == pair[1]) {
            return Ok(());
        }
        if begun.elapsed() > PATIENCE {
            let sizes: Vec<usize> = logs.iter().map(Vec::len).collect();
            let first = (0..).find(|at| logs.iter().any(|log| log.get(*at) != logs[0].get(*at)));
            bail!(
                "{folder} differs on nodes {:?}: {sizes:?} bytes, from byte {first:?} on",
                partition.replicas
            );
        }
        tokio::time::sleep(POLL).await;
    }
}

/// The bytes of all segments, in their order.
fn segments(folder: &Path) -> Result<Vec<u8>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut logs = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "log") {
            logs.push(path);
        }
    }
    logs.sort();
    let mut bytes = Vec::new();
    for log in logs {
        bytes.extend(fs::read(&log).with_context(|| log.display().to_string())?);
    }
    Ok(bytes)
}
