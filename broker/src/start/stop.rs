//! What happens beside serving: recovery before it, housekeeping during it, an orderly end after it.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use klamm_model::{BrokerEpoch, Timestamp};
use klamm_storage::{CheckpointKind, Shutdown};
use tokio::signal::unix::{SignalKind, signal};

use super::directories::Directories;
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
pub(super) async fn recover(node: &Arc<Node>, directories: &Directories) {
    let is_unclean =
        directories.data.iter().any(|directory| directory.dir.last_shutdown() == Shutdown::Unclean);
    if !is_unclean {
        return;
    }
    let opening: Vec<_> = node
        .partitions
        .all()
        .into_iter()
        .map(|handle| {
            let damage = node.on_damage(handle.id());
            node.pool.run(Urgency::Waited, move || (handle.open(damage), handle))
        })
        .collect();
    for opened in opening {
        if let Ok((Err(error), handle)) = opened.await {
            tracing::error!(partition = %handle.name(), %error, "log cannot be opened");
        }
    }
}

/// Interval of the housekeeping round.
const ROUND: Duration = Duration::from_secs(1);

/// Checkpoints, retention and space, until aborted.
pub(super) async fn keep_house(node: Arc<Node>, directories: Directories) {
    let layers = node.settings.layers();
    let config = layers.effective();
    let mut due = Due::new(config);
    loop {
        tokio::time::sleep(ROUND).await;
        let (now, tasks) = (node.clock.wall(), due.tasks());
        let (node, directories) = (node.clone(), directories.clone());
        let done = node.pool.clone().run(Urgency::Background, move || round(&node, &directories, tasks, now));
        if done.await.is_err() {
            return;
        }
    }
}

/// What a round does.
#[derive(Clone, Copy, Debug, Default)]
struct Tasks {
    high_watermarks: bool,
    recovery_points: bool,
    log_starts: bool,
    retention: bool,
}

struct Due {
    rounds: u64,
    high_watermarks: u64,
    recovery_points: u64,
    log_starts: u64,
    retention: u64,
}

impl Due {
    fn new(config: &klamm_config::NodeConfig) -> Due {
        let rounds = |interval: Duration| interval.as_secs().max(1);
        Due {
            rounds: 0,
            high_watermarks: rounds(config.replication.high_watermark_checkpoint_interval),
            recovery_points: rounds(config.log.recovery_point_checkpoint_interval),
            log_starts: rounds(config.log.log_start_checkpoint_interval),
            retention: rounds(config.log.retention_check_interval),
        }
    }

    fn tasks(&mut self) -> Tasks {
        self.rounds += 1;
        let is_due = |every: u64| self.rounds.is_multiple_of(every);
        Tasks {
            high_watermarks: is_due(self.high_watermarks),
            recovery_points: is_due(self.recovery_points),
            log_starts: is_due(self.log_starts),
            retention: is_due(self.retention),
        }
    }
}

fn round(node: &Node, directories: &Directories, tasks: Tasks, now: Timestamp) {
    for directory in &directories.data {
        if let Err(error) = directory.dir.sample_space() {
            tracing::error!(dir = %directory.dir.path().display(), %error, "free space");
        }
    }
    if tasks.retention {
        for handle in node.partitions.all() {
            let removed = handle.with_log(|log| log.apply_retention(now));
            match removed {
                Some(Ok(report)) if report.segments > 0 => {
                    tracing::info!(partition = %handle.name(), ?report, "retention");
                }
                Some(Err(error)) => tracing::error!(partition = %handle.name(), %error, "retention"),
                Some(Ok(_)) | None => {}
            }
        }
    }
    let kinds = [
        (tasks.high_watermarks, CheckpointKind::HighWatermark),
        (tasks.recovery_points, CheckpointKind::RecoveryPoint),
        (tasks.log_starts, CheckpointKind::LogStart),
    ];
    for kind in kinds.into_iter().filter_map(|(is_due, kind)| is_due.then_some(kind)) {
        write_checkpoint(directories, kind);
    }
}

fn write_checkpoint(directories: &Directories, kind: CheckpointKind) {
    for directory in &directories.data {
        if let Err(error) = directory.dir.write_checkpoint(kind) {
            tracing::error!(dir = %directory.dir.path().display(), ?kind, %error, "checkpoint");
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
    let mut is_clean = true;
    for handle in node.partitions.all() {
        if let Err(error) = handle.close(now) {
            is_clean = false;
            tracing::error!(partition = %handle.name(), %error, "log cannot be closed");
        }
    }
    if let Some(log) = control.stop() {
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
