//! How everyone else talks to a partition: a cheap clone that runs or queues commands, and gives
//! snapshots to readers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::{ArcSwap, ArcSwapOption};
use klamm_model::{LeaderEpoch, Offset, Timestamp, TopicIdPartition, TopicPartition, Uuid};
use klamm_replication::Leadership;
use klamm_storage::names::PartitionDirKind;
use klamm_storage::{
    AppendInfo, CheckpointKind, JobReport, Log, LogDir, LogView, LogViewHandle, OpenLog, OpenLogError,
    StorageError,
};

use smallvec::SmallVec;

use super::brokers::BrokerActivity;
use super::combine::{Combining, Full, Left};
use super::departure::Departure;
use super::driver::{DeleteRecordsRefusal, Deletion, PartitionDriver, PartitionEffects, QueuedAppend};
use super::settings::PartitionSettings;
use super::types::{
    Append, AppendAnswer, AppendRefusal, Appended, Appends, FollowRefusal, Following, LeadershipView, Placed,
};
use super::waiters::Waiters;
use crate::clock::Clock;
use crate::promise::{Awaited, promise};
use crate::sync::Mutex;

mod moving;
mod replicate;

pub use moving::{Finished, Move, MoveStep};

/// Appends that may wait for one partition.
const QUEUE_BOUND: usize = 4096;

/// Carries out what partitions leave to do: wakes, runs jobs on the disk pool, sends proposals to the controller.
pub trait EffectSink: Send + Sync + std::fmt::Debug {
    /// Carries out `effects` of `partition`. With [`Left::More`] it has to call
    /// [`PartitionHandle::drain`] again once others had their turn.
    fn carry_out(&self, partition: &PartitionHandle, effects: PartitionEffects, left: Left);
}

#[derive(Debug)]
struct Shared {
    id: TopicIdPartition,
    name: TopicPartition,
    /// Changes only where the log moves to another directory.
    dir: ArcSwap<LogDir>,
    combining: Combining<PartitionDriver>,
    waiters: Arc<Waiters>,
    tail_waiters: Arc<Waiters>,
    leadership: ArcSwapOption<LeadershipView>,
    view: ArcSwapOption<LogViewHandle>,
    settings: ArcSwap<PartitionSettings>,
    clock: Arc<dyn Clock>,
    /// Held while the log is being opened, so that it is opened once.
    opening: Mutex<()>,
    /// Deleted, or closed with the node: the log is not opened any more.
    departed: AtomicBool,
    /// As the driver says.
    damaged: AtomicBool,
    predecessor: Option<Departure>,
    sink: Arc<dyn EffectSink>,
}

/// What a handle is made from.
#[derive(Clone, Debug)]
pub struct PartitionParts {
    /// Identity.
    pub id: TopicIdPartition,
    /// Name.
    pub name: TopicPartition,
    /// Where its log is.
    pub dir: Arc<LogDir>,
    /// Clocks.
    pub clock: Arc<dyn Clock>,
    /// Where effects go.
    pub sink: Arc<dyn EffectSink>,
    /// Who may be in an ISR.
    pub brokers: BrokerActivity,
    /// The topic's settings.
    pub settings: Arc<PartitionSettings>,
    /// A deleted partition that had the same name and may still have it on disk.
    pub predecessor: Option<Departure>,
}

/// What happens to a log that is damaged in the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDamage {
    /// It is cut, and the rest kept aside: no other replica has it.
    Cut,
    /// It is not opened: another replica has it whole.
    Refuse,
}

/// Different for each partition, the same at each start: spreads the jitter of rolls.
fn seed_of(name: &TopicPartition) -> u64 {
    let bytes = name.topic.bytes().chain(name.partition.to_be_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// One partition of this node.
#[derive(Clone, Debug)]
pub struct PartitionHandle(Arc<Shared>);

impl PartitionHandle {
    /// A partition whose log is not open yet.
    pub fn new(parts: PartitionParts) -> PartitionHandle {
        let (waiters, tail_waiters) = (Arc::<Waiters>::default(), Arc::<Waiters>::default());
        let both = [waiters.clone(), tail_waiters.clone()];
        let driver = PartitionDriver::new(parts.name.clone(), both, parts.brokers, parts.clock.clone());
        PartitionHandle(Arc::new(Shared {
            id: parts.id,
            name: parts.name,
            dir: ArcSwap::new(parts.dir),
            combining: Combining::new(driver, QUEUE_BOUND),
            waiters,
            tail_waiters,
            leadership: ArcSwapOption::empty(),
            view: ArcSwapOption::empty(),
            settings: ArcSwap::new(parts.settings),
            clock: parts.clock,
            opening: Mutex::new(()),
            departed: AtomicBool::new(false),
            damaged: AtomicBool::new(false),
            predecessor: parts.predecessor,
            sink: parts.sink,
        }))
    }

    /// Identity.
    pub fn id(&self) -> TopicIdPartition {
        self.0.id
    }

    /// Name.
    pub fn name(&self) -> &TopicPartition {
        &self.0.name
    }

    /// The directory its log is in.
    pub fn dir(&self) -> Arc<LogDir> {
        self.0.dir.load_full()
    }

    /// Fetches waiting here for committed records.
    pub fn waiters(&self) -> &Waiters {
        &self.0.waiters
    }

    /// Fetches of followers waiting here, for any records.
    pub fn tail_waiters(&self) -> &Waiters {
        &self.0.tail_waiters
    }

    /// Who leads; `None` while nothing was assigned.
    pub fn leadership(&self) -> Option<Arc<LeadershipView>> {
        self.0.leadership.load_full()
    }

    /// The newest snapshot of the log; `None` while it is not open.
    pub fn view(&self) -> Option<Arc<LogView>> {
        self.0.view.load().as_ref().map(|handle| handle.load())
    }

    /// Appends in the order given, at once and with one write if the partition is free. One answer
    /// each.
    pub fn append(&self, appends: Appends) -> SmallVec<[Appended; 4]> {
        let mut effects = PartitionEffects::default();
        let mut appends = Some(appends);
        let now = self.0.combining.try_now(|driver| {
            let appends = appends.take().expect("taken once");
            driver.append_now(appends, &mut effects)
        });
        let appended = match (now, appends) {
            (Some(appended), _) => appended,
            (None, Some(appends)) => appends.into_iter().map(|append| self.queue(append)).collect(),
            (None, None) => unreachable!("the appends were either run or kept"),
        };
        self.drain_with(effects);
        appended
    }

    /// Appends in the order of the calls, waiting for the partition if it is busy: for coordinators,
    /// which must know at once whether and where their records are in the log. With the offsets comes
    /// what tells that they are committed, unless they are.
    pub fn append_accepted(
        &self,
        append: Append,
    ) -> Result<(AppendInfo, Option<Awaited<AppendAnswer>>), AppendRefusal> {
        self.change(|driver, effects| driver.append_accepted(append, effects))
    }

    fn queue(&self, append: Append) -> Appended {
        let (promise, awaited) = promise();
        let placed = Placed::default();
        match self.0.combining.queue(QueuedAppend { append, promise, placed: placed.clone() }) {
            Ok(()) => Appended::Waiting(awaited, placed),
            Err(Full(_)) => Appended::Done(Err(AppendRefusal::Busy)),
        }
    }

    #[cfg(test)]
    pub(super) fn queue_for_test(&self, append: Append) -> (Awaited<AppendAnswer>, Placed) {
        match self.queue(append) {
            Appended::Waiting(awaited, placed) => (awaited, placed),
            Appended::Done(answer) => unreachable!("the queue has room, but {answer:?}"),
        }
    }

    /// Carries out what is queued.
    pub fn drain(&self) {
        self.drain_with(PartitionEffects::default());
    }

    fn drain_with(&self, mut effects: PartitionEffects) {
        let left = self.0.combining.drain(&mut effects);
        let PartitionEffects { wake, jobs, proposals, damaged } = &effects;
        let nothing = wake.is_empty() && jobs.is_empty() && proposals.is_empty() && !damaged;
        if !nothing || left != Left::Nothing {
            self.0.sink.carry_out(self, effects, left);
        }
    }

    fn change<R>(&self, change: impl FnOnce(&mut PartitionDriver, &mut PartitionEffects) -> R) -> R {
        let (result, effects) = self.0.combining.wait_for(|driver, effects| {
            let result = change(driver, effects);
            self.publish(driver);
            result
        });
        self.drain_with(effects);
        result
    }

    /// As [`Self::change`], for what changes neither the leadership nor which log is open.
    fn step<R>(&self, step: impl FnOnce(&mut PartitionDriver, &mut PartitionEffects) -> R) -> R {
        let (result, effects) = self.0.combining.wait_for(step);
        self.drain_with(effects);
        result
    }

    /// Inside the critical section, so that two holders cannot publish in the wrong order.
    fn publish(&self, driver: &PartitionDriver) {
        self.0.leadership.store(driver.leadership().cloned().map(Arc::new));
        self.0.view.store(driver.log().map(|log| Arc::new(log.view().clone())));
        self.0.damaged.store(driver.is_damaged(), Ordering::Release);
    }

    /// The topic's settings.
    pub fn settings(&self) -> Arc<PartitionSettings> {
        self.0.settings.load_full()
    }

    /// Whether sending to followers is throttled here.
    pub fn is_throttled_as_leader(&self) -> bool {
        self.0.settings.load().leader_throttled.contains(self.0.id.partition)
    }

    /// Whether fetching is throttled here.
    pub fn is_throttled_as_follower(&self) -> bool {
        self.0.settings.load().follower_throttled.contains(self.0.id.partition)
    }

    /// Takes new settings; they hold from the next request on.
    pub fn set_settings(&self, settings: Arc<PartitionSettings>) {
        let (log, min_isr) = (settings.log.clone(), settings.min_isr);
        self.0.settings.store(settings);
        self.change(|driver, effects| {
            driver.set_min_isr(min_isr, effects);
            driver.with_log(effects, |open| open.set_config(log));
        });
    }

    /// Opens the log if it is not open; that of a deleted or closed partition stays closed. Blocks, perhaps for a recovery:
    /// for the pool.
    pub fn open(&self, damage: OnDamage) -> Result<(), OpenLogError> {
        self.free_name_of_predecessor()?;
        let _opening = self.0.opening.lock();
        if self.0.departed.load(Ordering::Acquire) {
            return Ok(());
        }
        if self.change(|driver, _| driver.is_open())? {
            return Ok(());
        }
        let name = &self.0.name;
        let request = OpenLog {
            partition: name.clone(),
            kind: PartitionDirKind::Current,
            topic_id: Some(self.0.id.topic_id),
            config: self.settings().log.clone(),
            now: self.0.clock.wall(),
            seed: seed_of(name),
            cut_damage: false,
        };
        let dir = self.dir();
        let mut opened = dir.open_log(request.clone());
        // Of a topic of the same name that was deleted while this directory was away.
        if let Err(OpenLogError::TopicId { found, .. }) = opened {
            let aside = dir.rename_unopened(name, PartitionDirKind::Stray, found.get())?;
            tracing::warn!(partition = %name, topic_id = %found, to = %aside.name, "another topic's log is set aside");
            opened = dir.open_log(request.clone());
        }
        // Only then: with leave to cut every byte is verified, also after a clean stop.
        if matches!(opened, Err(OpenLogError::Damaged { .. })) && damage == OnDamage::Cut {
            opened = dir.open_log(OpenLog { cut_damage: true, ..request });
        }
        let failure = opened.as_ref().err().cloned();
        let log = opened.map(|opened| {
            if opened.report.truncated_bytes > 0 || opened.report.kept_aside.is_some() {
                tracing::warn!(partition = %name, report = ?opened.report, "log was cut in recovery");
            }
            opened.log
        });
        self.change(|driver, effects| driver.install(log, effects));
        failure.map_or(Ok(()), Err)
    }

    /// Sets a damaged log aside under the suffix `-stray`, for a human, and lets the next opening begin an empty one, to
    /// be filled by the leader of `epoch`. Refused where nobody else leads in that epoch. Blocks: for the pool.
    pub fn set_damaged_aside(&self, epoch: LeaderEpoch) -> Result<(), FollowRefusal> {
        let _opening = self.0.opening.lock();
        if self.0.departed.load(Ordering::Acquire) {
            return Err(FollowRefusal::NotOpen);
        }
        self.change(|driver, _| driver.begin_anew(epoch))?;
        let (name, dir, now) = (&self.0.name, self.dir(), self.0.clock.wall());
        let unique = u128::from(seed_of(name)) << 64 | u128::from(now.as_millis().unsigned_abs());
        let aside = dir.rename_unopened(name, PartitionDirKind::Stray, Uuid::from_u128(unique))?;
        tracing::error!(partition = %name, to = %aside.name, "a damaged log is set aside and fetched anew");
        // What these say of the old log is not true of the new one.
        dir.write_checkpoint(CheckpointKind::RecoveryPoint)?;
        dir.write_checkpoint(CheckpointKind::LogStart)?;
        dir.write_checkpoint(CheckpointKind::HighWatermark)?;
        Ok(())
    }

    /// Whether the log was found damaged, and is neither cut nor set aside yet.
    pub fn is_damaged(&self) -> bool {
        self.0.damaged.load(Ordering::Acquire)
    }

    /// The controller's word: this replica leads.
    pub fn lead(&self, leadership: Leadership) {
        self.change(|driver, effects| driver.on_leadership(leadership, effects));
    }

    /// The controller's word: another replica leads, or none.
    pub fn follow(&self, following: Following) {
        self.change(|driver, effects| driver.on_following(following, effects));
    }

    /// A job of this partition ended.
    pub fn on_job(&self, report: JobReport) {
        self.change(|driver, effects| driver.on_job(report, effects));
    }

    /// DeleteRecords. The new log start is durable only after the directory's log-start checkpoint.
    pub fn delete_records(&self, offset: Option<Offset>) -> Result<Deletion, DeleteRecordsRefusal> {
        self.change(|driver, effects| driver.delete_records(offset, effects))
    }

    /// Changes the open log; `None` where it is not open.
    pub fn with_log<R>(&self, change: impl FnOnce(&mut Log) -> R) -> Option<R> {
        self.change(|driver, effects| driver.with_log(effects, change))
    }

    /// The node stops: flushes and closes the log for good. Blocks, also for the end of an opening under way; one
    /// that begins later gives up.
    pub fn close(&self, now: Timestamp) -> Result<(), StorageError> {
        self.0.departed.store(true, Ordering::Release);
        match self.stop_once_opened() {
            Some(log) => log.close(now),
            None => Ok(()),
        }
    }

    /// The topic is deleted: stops for good, and tells how the data leave the disk.
    pub fn depart(&self, unique: Uuid) -> Departure {
        // Before the stop: an opening that begins later gives up, one under way is waited for by the departure.
        self.0.departed.store(true, Ordering::Release);
        Departure::new(self.clone(), self.stop(), unique)
    }

    /// Returns once a deleted partition of the same name has left the name. Blocks.
    pub(super) fn free_name_of_predecessor(&self) -> Result<(), StorageError> {
        self.0.predecessor.as_ref().map_or(Ok(()), Departure::free_name)
    }

    /// The log, if one was being opened while the replica stopped. Blocks.
    pub(super) fn stop_once_opened(&self) -> Option<Log> {
        let _opening = self.0.opening.lock();
        self.stop()
    }

    /// This replica stops; its log comes back to be closed or deleted.
    pub fn stop(&self) -> Option<Log> {
        self.change(|driver, effects| driver.stop(effects))
    }
}
