//! Housekeeping: checkpoints, retention and space in rounds, and once at the start what former
//! processes and deleted topics left behind.

use std::sync::Arc;
use std::time::Duration;

use klamm_model::{Timestamp, TopicPartition, Uuid};
use klamm_storage::names::{METADATA_TOPIC, PartitionDirKind};
use klamm_storage::{CheckpointKind, LogDir};

use super::directories::Directories;
use crate::node::Node;
use crate::pumps::disk_pool::Urgency;

/// Interval of the housekeeping round.
const ROUND: Duration = Duration::from_secs(1);

/// Before the broker serves: directories that were on their way out go after
/// `file.delete.delay.ms`, and those of partitions that the cluster does not place here are set aside
/// under the suffix `-stray`, as Kafka does. Nobody removes those but a human.
pub(super) fn sweep(node: &Node, directories: &Directories) {
    for directory in &directories.data {
        for entry in directory.dir.partitions() {
            match entry.dir.kind {
                PartitionDirKind::Delete => {
                    let dir = directory.dir.clone();
                    let delay = node.topic_settings(&entry.dir.partition.topic).log.file_delete_delay;
                    node.pool.run_after(delay, move || {
                        if let Err(error) = dir.remove_deleted(&entry.dir) {
                            tracing::error!(dir = %entry.dir.name, %error, "could not be removed");
                        }
                    });
                }
                PartitionDirKind::Current if !is_placed_here(node, &entry.dir.partition) => {
                    set_aside(&directory.dir, &entry.dir.partition);
                }
                PartitionDirKind::Current | PartitionDirKind::Future | PartitionDirKind::Stray => {}
            }
        }
    }
}

fn is_placed_here(node: &Node, partition: &TopicPartition) -> bool {
    if &*partition.topic == METADATA_TOPIC {
        return true;
    }
    let image = node.image.load();
    let Some(topic) = image.topics().by_name(&partition.topic) else { return false };
    let mut partitions = topic.partitions();
    partitions.any(|(number, registration)| {
        number == partition.partition && registration.replicas().contains(&node.broker_id())
    })
}

fn set_aside(dir: &Arc<LogDir>, partition: &TopicPartition) {
    match dir.rename_unopened(partition, PartitionDirKind::Stray, Uuid::from_u128(rand::random())) {
        Ok(renamed) => {
            tracing::warn!(%partition, to = %renamed.name, "the cluster does not place this partition here: set aside");
        }
        Err(error) => tracing::error!(%partition, %error, "a stray partition could not be set aside"),
    }
}

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
            if let Err(error) = node.open_for_housekeeping(&handle) {
                tracing::error!(partition = %handle.name(), %error, "retention");
                continue;
            }
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

pub(super) fn write_checkpoint(directories: &Directories, kind: CheckpointKind) {
    for directory in &directories.data {
        if let Err(error) = directory.dir.write_checkpoint(kind) {
            tracing::error!(dir = %directory.dir.path().display(), ?kind, %error, "checkpoint");
        }
    }
}
