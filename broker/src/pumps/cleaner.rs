//! The log cleaner: chooses the dirtiest compacted log, again and again, and lets its compaction step
//! on the disk pool (Kafka's `LogCleaner` and `LogCleanerManager`). `log.cleaner.*` hold from the next
//! round on; `log.cleaner.threads` is how many logs are compacted at a time.
//!
//! A step reads one buffer, so other background work is never held up for longer, and the throttle
//! waits between steps without a thread.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use klamm_config::node::CleanerSettings;
use klamm_model::{Timestamp, TopicIdPartition};
use klamm_node::partition::PartitionHandle;
use klamm_storage::{
    CheckpointKind, Compaction, CompactionError, CompactionPlan, CompactionSettings, CompactionStep,
    NextStep, StorageError,
};
use parking_lot::Mutex;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::disk_pool::Urgency;
use crate::node::Node;

struct Cleaner {
    node: Arc<Node>,
    state: Mutex<State>,
    /// When the throttle lets the next step begin.
    next_step: Mutex<Instant>,
}

#[derive(Default)]
struct State {
    /// One lane each.
    in_progress: HashSet<TopicIdPartition>,
    /// With a batch that cannot be read: left alone until a restart.
    uncleanable: HashSet<TopicIdPartition>,
}

/// Cleans until aborted; a step that runs then ends, and its unfinished files go.
pub async fn clean(node: Arc<Node>) {
    let cleaner = Arc::new(Cleaner { node, state: Mutex::default(), next_step: Mutex::new(Instant::now()) });
    let mut lanes = JoinSet::new();
    loop {
        let config = cleaner.config();
        while lanes.try_join_next().is_some() {}
        if config.enabled {
            for lane in lanes.len()..config.threads as usize {
                lanes.spawn(work(cleaner.clone(), lane));
            }
        }
        tokio::time::sleep(config.backoff).await;
    }
}

/// One lane: cleans one log at a time, while there are to be so many lanes.
async fn work(cleaner: Arc<Cleaner>, lane: usize) {
    loop {
        let config = cleaner.config();
        if lane >= config.threads as usize {
            return;
        }
        if !clean_one(&cleaner).await {
            tokio::time::sleep(config.backoff).await;
        }
    }
}

/// Cleans the dirtiest log; whether one was cleaned.
async fn clean_one(cleaner: &Arc<Cleaner>) -> bool {
    let picking = cleaner.clone();
    let picked = cleaner.node.pool.run(Urgency::Background, move || picking.pick()).await;
    let Ok(Some((handle, compaction))) = picked else { return false };
    let id = handle.id();
    let ended = carry_out(cleaner, &handle, compaction).await;
    let mut state = cleaner.state.lock();
    state.in_progress.remove(&id);
    let partition = handle.name();
    match ended {
        Ok(()) => true,
        Err(CompactionError::Superseded) => {
            tracing::debug!(%partition, "the log changed while it was compacted");
            false
        }
        Err(error @ CompactionError::Damaged { .. }) => {
            tracing::error!(%partition, %error, "the log is not compacted any more");
            state.uncleanable.insert(id);
            false
        }
        Err(CompactionError::Storage(
            error @ (StorageError::Full { .. } | StorageError::Exhausted { .. }),
        )) => {
            tracing::warn!(%partition, %error, "compaction waits for room");
            false
        }
        Err(CompactionError::Storage(error)) => {
            tracing::error!(%partition, %error, "compaction");
            false
        }
    }
}

async fn carry_out(
    cleaner: &Arc<Cleaner>,
    handle: &PartitionHandle,
    mut compaction: Compaction,
) -> Result<(), CompactionError> {
    loop {
        let of = handle.clone();
        let step = cleaner.node.pool.run(Urgency::Background, move || {
            let done = advance(&of, &mut compaction);
            (compaction, done)
        });
        // A pool that stops drops the step.
        let Ok((continued, done)) = step.await else { return Err(CompactionError::Superseded) };
        compaction = continued;
        let done = done?;
        if done.next == NextStep::Finish {
            let summary = compaction.summary();
            tracing::info!(partition = %handle.name(), ?summary, "compacted");
            return Ok(());
        }
        tokio::time::sleep_until(cleaner.pace(done.bytes)).await;
    }
}

/// One step of a compaction with what it asks of the log.
fn advance(handle: &PartitionHandle, compaction: &mut Compaction) -> Result<CompactionStep, CompactionError> {
    let step = compaction.step()?;
    match step.next {
        NextStep::Step => {}
        NextStep::Install => {
            let installed = handle.with_log(|log| log.install(compaction));
            installed.unwrap_or(Err(CompactionError::Superseded))?;
        }
        NextStep::Finish => note_cleaned(handle, compaction.summary().upto)?,
    }
    Ok(step)
}

fn note_cleaned(handle: &PartitionHandle, upto: klamm_model::Offset) -> Result<(), StorageError> {
    handle.with_log(|log| log.note_cleaned(upto));
    handle.dir().write_checkpoint(CheckpointKind::Cleaner)
}

impl Cleaner {
    fn config(&self) -> CleanerSettings {
        self.node.settings.layers().effective().cleaner.clone()
    }

    /// When a step may follow one that read and wrote `bytes`.
    fn pace(&self, bytes: u64) -> Instant {
        let rate = self.config().io_max_bytes_per_second;
        let now = Instant::now();
        let seconds = bytes as f64 / rate;
        if !(seconds.is_finite() && seconds > 1e-6) {
            return now;
        }
        let mut next_step = self.next_step.lock();
        *next_step = (*next_step).max(now) + Duration::from_secs_f64(seconds.min(60.0));
        *next_step
    }

    /// The log with the largest part of dirty bytes among those that are due, and its compaction.
    fn pick(&self) -> Option<(PartitionHandle, Compaction)> {
        let now = self.node.clock.wall();
        let mut best: Option<(PartitionHandle, CompactionPlan)> = None;
        for handle in self.node.partitions.all() {
            if !self.is_free(&handle) {
                continue;
            }
            match self.plan(&handle, now) {
                Ok(Some(plan)) => {
                    let is_dirtier =
                        best.as_ref().is_none_or(|(_, best)| plan.dirty_ratio() > best.dirty_ratio());
                    if is_dirtier {
                        best = Some((handle, plan));
                    }
                }
                Ok(None) => {}
                Err(error) => tracing::error!(partition = %handle.name(), %error, "compaction"),
            }
        }
        let (handle, plan) = best?;
        if !self.state.lock().in_progress.insert(handle.id()) {
            return None;
        }
        let settings = self.settings();
        let begun = handle.with_log(|log| log.begin_compaction(plan, settings, now)).flatten();
        if begun.is_none() {
            self.state.lock().in_progress.remove(&handle.id());
        }
        begun.map(|compaction| (handle, compaction))
    }

    fn is_free(&self, handle: &PartitionHandle) -> bool {
        let state = self.state.lock();
        let id = handle.id();
        handle.settings().log.cleanup.compact
            && !state.in_progress.contains(&id)
            && !state.uncleanable.contains(&id)
    }

    /// What there is to do for a log; `None` where nothing is due.
    fn plan(&self, handle: &PartitionHandle, now: Timestamp) -> Result<Option<CompactionPlan>, StorageError> {
        self.node.open_for_housekeeping(handle)?;
        let Some(source) = handle.with_log(|log| log.compaction_source()).flatten() else { return Ok(None) };
        let plan = source.plan(now)?;
        if plan.corrects_checkpoint {
            tracing::debug!(partition = %handle.name(), to = %plan.first_dirty, "cleaner checkpoint corrected");
            note_cleaned(handle, plan.first_dirty)?;
        }
        Ok(plan.is_due(source.config()).then_some(plan))
    }

    fn settings(&self) -> CompactionSettings {
        let config = self.config();
        let threads = config.threads.max(1);
        CompactionSettings {
            map_bytes: config.dedupe_buffer_bytes / u64::from(threads),
            load_factor: config.dedupe_load_factor,
            read_bytes: (config.io_buffer_bytes / threads / 2) as usize,
            secret: rand::random(),
        }
    }
}
