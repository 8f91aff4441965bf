//! Housekeeping: checkpoints, retention and space in rounds, and once at the start what former
//! processes and deleted topics left behind.

use std::sync::Arc;
use std::time::Duration;

use klamm_model::{Timestamp, TopicPartition, Uuid};
use klamm_node::partition::PartitionHandle;
use klamm_node::promise::Broken;
use klamm_storage::names::{METADATA_TOPIC, PartitionDirKind};
use klamm_storage::{CheckpointKind, LogDir, PartitionEntry, StorageError};

use crate::directories::{Directories, Directory};
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
                // The other half of a move that ended as the node did.
                PartitionDirKind::Current if is_elsewhere(node, directory, &entry.dir.partition) => {
                    set_aside(&directory.dir, &entry.dir.partition);
                }
                PartitionDirKind::Future => resume(node, directory, &entry.dir.partition),
                PartitionDirKind::Current | PartitionDirKind::Stray => {}
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

/// The partition of this name on this node.
fn hosted(node: &Node, partition: &TopicPartition) -> Option<PartitionHandle> {
    let topic_id = node.image.load().topics().id_of(&partition.topic)?;
    node.partition(topic_id, partition.partition)
}

/// Whether the partition has its log in another directory than this one.
fn is_elsewhere(node: &Node, directory: &Directory, partition: &TopicPartition) -> bool {
    let Some(handle) = hosted(node, partition) else { return false };
    let home = handle.dir();
    let is_home = |entry: &PartitionEntry| {
        entry.dir.kind == PartitionDirKind::Current && entry.dir.partition == *partition
    };
    home.path() != directory.dir.path() && home.partitions().iter().any(is_home)
}

/// A copy on its way to `directory` goes on; one whose original is lost is the log from now on.
fn resume(node: &Node, directory: &Directory, partition: &TopicPartition) {
    let Some(handle) = hosted(node, partition) else { return };
    if handle.dir().path() != directory.dir.path() {
        return node.moves.want(&handle, directory);
    }
    match directory.dir.promote_future(partition) {
        Ok(true) => {
            tracing::warn!(%partition, "the log it was copied from is lost: the copy takes its place")
        }
        Ok(false) => {}
        Err(error) => tracing::error!(%partition, %error, "a copy cannot take its log's place"),
    }
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
    let mut due = Due::new(node.settings.layers().effective());
    loop {
        tokio::time::sleep(ROUND).await;
        let tasks = due.tasks();
        if round(&node, &directories, tasks).await.is_err() {
            return;
        }
    }
}

/// What a round does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tasks {
    high_watermarks: bool,
    recovery_points: bool,
    log_starts: bool,
    retention: bool,
    flushes: bool,
    producers: bool,
}

struct Due {
    rounds: u64,
    high_watermarks: u64,
    recovery_points: u64,
    log_starts: u64,
    retention: u64,
    flushes: u64,
    producers: u64,
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
            flushes: rounds(config.log.flush_scheduler_interval),
            producers: rounds(config.log.producer_id_expiration_check_interval),
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
            flushes: is_due(self.flushes),
            producers: is_due(self.producers),
        }
    }
}

/// One round, in short jobs: others of the pool come in between. An error means that the pool stops.
async fn round(node: &Arc<Node>, directories: &Directories, tasks: Tasks) -> Result<(), Broken> {
    let dirs = directories.clone();
    node.pool.run(Urgency::Background, move || sample_space(&dirs)).await?;
    if tasks.retention || tasks.flushes || tasks.producers {
        for handle in node.partitions.all() {
            let keeper = node.clone();
            let (now, expiration) =
                (node.clock.wall(), node.settings.layers().effective().log.producer_id_expiration);
            let job = move || keep_log(&keeper, &handle, tasks, (now, expiration));
            node.pool.run(Urgency::Background, job).await?;
        }
    }
    let dirs = directories.clone();
    node.pool.run(Urgency::Background, move || write_checkpoints(&dirs, tasks)).await
}

fn sample_space(directories: &Directories) {
    for directory in &directories.data {
        if let Err(error) = directory.dir.sample_space() {
            tracing::error!(dir = %directory.dir.path().display(), %error, "free space");
        }
    }
}

/// Retention, flushes and producers of one log; `expiration` is `producer.id.expiration.ms`.
fn keep_log(node: &Node, handle: &PartitionHandle, tasks: Tasks, (now, expiration): (Timestamp, Duration)) {
    let fail = |what: &str, error: &StorageError| {
        tracing::error!(partition = %handle.name(), %error, "{what}");
    };
    if tasks.flushes
        && let Some(Err(error)) = handle.with_log(|log| log.flush_if_due(now))
    {
        fail("flush", &error);
    }
    if tasks.producers {
        handle.with_log(|log| log.expire_producers(now, expiration));
    }
    if !tasks.retention {
        return;
    }
    if let Err(error) = node.open_for_housekeeping(handle) {
        fail("retention", &error);
        return;
    }
    // Before the partition is held: what is not known yet comes from the disk.
    if let Some(Err(error)) = handle.view().map(|view| view.look_up_timestamps()) {
        tracing::error!(partition = %handle.name(), %error, "retention");
        return;
    }
    match handle.with_log(|log| log.apply_retention(now)) {
        Some(Ok(report)) if report.segments > 0 => {
            tracing::info!(partition = %handle.name(), ?report, "retention");
        }
        Some(Err(error)) => fail("retention", &error),
        Some(Ok(_)) | None => {}
    }
}

fn write_checkpoints(directories: &Directories, tasks: Tasks) {
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

#[cfg(test)]
mod tests {
    use klamm_config::{NodeConfig, Properties};

    use super::*;

    #[test]
    fn each_task_is_due_at_the_interval_of_its_config() {
        let settings = [
            ("node.id", "1"),
            ("process.roles", "broker"),
            ("listeners", "PLAINTEXT://127.0.0.1:9092"),
            ("controller.listener.names", "CONTROLLER"),
            ("controller.quorum.bootstrap.servers", "127.0.0.1:9093"),
            ("log.flush.scheduler.interval.ms", "3000"),
            ("producer.id.expiration.check.interval.ms", "2000"),
        ];
        let config = NodeConfig::parse(Properties::from_iter(settings)).expect("settings of a broker");
        let mut due = Due::new(&config);
        let tasks: Vec<_> = (0..6).map(|_| due.tasks()).collect();
        let flushes: Vec<_> = tasks.iter().map(|tasks| tasks.flushes).collect();
        let producers: Vec<_> = tasks.iter().map(|tasks| tasks.producers).collect();
        assert_eq!(flushes, [false, false, true, false, false, true]);
        assert_eq!(producers, [false, true, false, true, false, true]);
    }
}
