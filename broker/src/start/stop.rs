//! What happens around serving: recovery before it, an orderly end after it.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use klamm_model::{BrokerEpoch, Timestamp};
use klamm_node::partition::PartitionHandle;
use klamm_storage::{CheckpointKind, Shutdown};
use parking_lot::Mutex;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;

use super::house::write_checkpoint;
use crate::directories::Directories;
use crate::node::Node;
use crate::pumps::control::ControlThread;
use crate::pumps::disk_pool::Urgency;

/// Waits for SIGTERM or SIGINT.
pub async fn stop_signal() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// After an unclean stop every log is opened, and so recovered, before the broker serves. After a
/// clean one logs open when they are first used.
pub(super) async fn recover(node: &Arc<Node>, directories: &Directories, threads: u32) {
    let is_unclean =
        directories.data.iter().any(|directory| directory.dir.last_shutdown() == Shutdown::Unclean);
    if !is_unclean {
        return;
    }
    let mut lanes = JoinSet::new();
    for directory in &directories.data {
        let here = node.partitions.all().into_iter();
        let here: Vec<_> = here.filter(|handle| handle.dir().path() == directory.dir.path()).collect();
        let queue = Arc::new(Mutex::new(here));
        for _ in 0..threads.max(1) {
            lanes.spawn(open_all(node.clone(), queue.clone()));
        }
    }
    lanes.join_all().await;
}

/// Opens one log after the other: `num.recovery.threads.per.data.dir` such lanes run for each directory.
async fn open_all(node: Arc<Node>, queue: Arc<Mutex<Vec<PartitionHandle>>>) {
    loop {
        let Some(handle) = queue.lock().pop() else { return };
        let damage = node.on_damage(handle.id());
        let opened = node.pool.run(Urgency::Waited, move || (handle.open(damage), handle));
        if let Ok((Err(error), handle)) = opened.await {
            tracing::error!(partition = %handle.name(), %error, "log cannot be opened");
        }
    }
}

/// Closes all logs, then says in each directory that it was left in order.
pub(super) fn close(
    node: &Arc<Node>,
    directories: &Directories,
    control: ControlThread,
    epoch: Option<BrokerEpoch>,
    now: Timestamp,
) -> Result<()> {
    // First: no image brings new partitions any more, whose logs would be opened behind our back.
    let metadata_log = control.stop();
    let mut is_clean = true;
    if let Err(error) = node.moves.close() {
        is_clean = false;
        tracing::error!(%error, "a copy under way to another directory cannot be closed");
    }
    for handle in node.partitions.all() {
        if let Err(error) = handle.close(now) {
            is_clean = false;
            tracing::error!(partition = %handle.name(), %error, "log cannot be closed");
        }
    }
    if let Some(log) = metadata_log {
        log.close(now).context("the metadata log cannot be closed")?;
    }
    for kind in [CheckpointKind::HighWatermark, CheckpointKind::LogStart, CheckpointKind::RecoveryPoint] {
        write_checkpoint(directories, kind);
    }
    if !is_clean {
        return Ok(());
    }
    let mut all: Vec<_> = directories.data.iter().collect();
    if all.iter().all(|directory| directory.id != directories.metadata.id) {
        all.push(&directories.metadata);
    }
    for directory in all {
        directory.dir.write_clean_shutdown(epoch).context("the clean stop cannot be noted")?;
    }
    Ok(())
}
