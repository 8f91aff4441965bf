//! The state of one partition on this node and every change of it. Runs inside the critical section
//! of [`super::combine`]: nothing here waits, and what must happen outside is left in the effects.

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::Waker;

use klamm_model::{Instant, TopicPartition};
use klamm_replication::{Committed, IsrProposal, Leader, Leadership};
use klamm_storage::{
    AppendInfo, AppendResult, Job, JobReport, LeaderAppend, Log, OpenLogError, StorageError,
};

use smallvec::SmallVec;

use super::acknowledge::{Needs, Unacknowledged};
use super::brokers::BrokerActivity;
use super::combine::Combine;
use super::types::{Acks, Append, AppendAnswer, AppendRefusal, Appended, Appends, LeadershipView, Placed};
use super::waiters::Waiters;
use crate::clock::Clock;
use crate::planted::{self, Bug};
use crate::promise::{Awaited, Promise, promise};
use deletion::Deletions;

mod damage;
mod deletion;
mod follow;
mod moving;
mod replicas;

pub(in crate::partition) use moving::Replaced;

pub use deletion::{DeleteRecordsRefusal, Deleted, Deletion};

/// What is left to do once the partition is free again. Order between holders does not matter:
/// wake-ups are monotone, jobs carry the offsets they are for.
#[derive(Debug, Default)]
pub struct PartitionEffects {
    /// To be woken.
    pub wake: Vec<Waker>,
    /// To be run on the disk pool; the report goes to `PartitionHandle::on_job`.
    pub jobs: Vec<Job>,
    /// To be sent to the controller; the answers go to `PartitionHandle::on_isr_answer`.
    pub proposals: Vec<IsrProposal>,
    /// The log was found damaged, and another replica may have it whole: the controller is to be told that this one
    /// cannot lead.
    pub damaged: bool,
}

/// A queued change.
#[derive(Debug)]
pub struct QueuedAppend {
    pub(super) append: Append,
    pub(super) promise: Promise<AppendAnswer>,
    pub(super) placed: Placed,
}

#[derive(Debug)]
enum LogSlot {
    /// Not opened since the start: an idle partition costs no file and no index.
    Unopened,
    Open(Box<Log>),
    Broken(OpenLogError),
}

#[derive(Debug)]
enum Role {
    /// The metadata has not assigned this replica, or has taken it away.
    None,
    Leader(Leader),
    /// Leads as soon as the log is open.
    LeaderOnceOpen(Leadership),
    /// Takes what the leader of the known epoch has.
    Follower,
}

/// See the module.
#[derive(Debug)]
pub struct PartitionDriver {
    name: TopicPartition,
    log: LogSlot,
    role: Role,
    known: Option<LeadershipView>,
    unacknowledged: Unacknowledged,
    waiters: Arc<Waiters>,
    /// Those of followers, who read uncommitted records too.
    tail_waiters: Arc<Waiters>,
    deletions: Deletions,
    /// The log was begun anew and lacks what is committed: this replica leads nothing until it has followed up.
    lacks_committed: bool,
    brokers: BrokerActivity,
    clock: Arc<dyn Clock>,
    /// Memory for the results of an append; empty between.
    results: Vec<AppendResult>,
}

impl PartitionDriver {
    pub(super) fn new(
        name: TopicPartition,
        [waiters, tail_waiters]: [Arc<Waiters>; 2],
        brokers: BrokerActivity,
        clock: Arc<dyn Clock>,
    ) -> PartitionDriver {
        PartitionDriver {
            name,
            log: LogSlot::Unopened,
            role: Role::None,
            known: None,
            unacknowledged: Unacknowledged::default(),
            waiters,
            tail_waiters,
            deletions: Deletions::default(),
            lacks_committed: false,
            brokers,
            clock,
            results: Vec::new(),
        }
    }

    /// The log, where open.
    pub fn log(&self) -> Option<&Log> {
        match &self.log {
            LogSlot::Open(log) => Some(log),
            LogSlot::Unopened | LogSlot::Broken(_) => None,
        }
    }

    pub(super) fn leadership(&self) -> Option<&LeadershipView> {
        self.known.as_ref()
    }

    pub(super) fn is_open(&self) -> Result<bool, OpenLogError> {
        match &self.log {
            LogSlot::Open(_) => Ok(true),
            LogSlot::Unopened => Ok(false),
            LogSlot::Broken(error) => Err(error.clone()),
        }
    }

    /// Takes the opened log, or why it cannot be opened.
    pub(super) fn install(&mut self, opened: Result<Log, OpenLogError>, effects: &mut PartitionEffects) {
        match opened {
            Ok(log) => {
                self.log = LogSlot::Open(Box::new(log));
                match std::mem::replace(&mut self.role, Role::None) {
                    Role::LeaderOnceOpen(leadership) => self.lead(leadership),
                    role @ (Role::None | Role::Leader(_) | Role::Follower) => {
                        self.role = role;
                        self.note_followed_epoch();
                    }
                }
            }
            // Not for good: it opens once there is room.
            Err(OpenLogError::Storage(StorageError::Full { .. } | StorageError::Exhausted { .. })) => {
                self.log = LogSlot::Unopened;
            }
            Err(error) => self.on_broken(error, effects),
        }
        self.finish(effects);
        self.tell_changed(effects);
    }

    /// The controller's word: this replica leads.
    pub(super) fn on_leadership(&mut self, mut leadership: Leadership, effects: &mut PartitionEffects) {
        if planted::has(Bug::IgnoreMinIsr) {
            leadership.min_isr = 1;
        }
        let same_epoch = self.known.as_ref().is_some_and(|known| known.epoch == leadership.epoch);
        if same_epoch && let Role::Leader(leader) = &mut self.role {
            let (now, brokers) = (self.clock.instant(), self.brokers.load());
            let replicas = leadership.replicas.as_slice().into();
            let committed = leader.on_partition_changed(now, leadership, &brokers);
            drop(brokers);
            if let Some(known) = &mut self.known {
                known.replicas = replicas;
            }
            self.on_committed(committed, u64::MAX, effects);
            self.look_at_deletions(effects);
            self.finish(effects);
            return;
        }
        if self.known.as_ref().is_some_and(|known| known.epoch > leadership.epoch) {
            return;
        }
        let refusal = self.not_leader();
        self.unacknowledged.refuse_bound(&refusal, &mut effects.wake);
        self.lead(leadership);
        // Once more: the controller has not heard, or has not taken it in.
        effects.damaged |= self.is_damaged() && matches!(self.role, Role::None);
        self.settle_unacknowledged(effects);
        self.look_at_deletions(effects);
        self.finish(effects);
        self.tell_changed(effects);
    }

    /// In another epoch of its own leadership what clients wait for still comes, by the replicas of now (Kafka:
    /// DelayedProduce); where nothing is led any more it never will.
    fn settle_unacknowledged(&mut self, effects: &mut PartitionEffects) {
        match &self.role {
            Role::Leader(leader) => {
                self.unacknowledged.on_committed(|end| leader.reached(end), &mut effects.wake);
            }
            Role::None | Role::LeaderOnceOpen(_) | Role::Follower => self.refuse_unacknowledged(effects),
        }
    }

    fn lead(&mut self, leadership: Leadership) {
        let (epoch, local) = (leadership.epoch, leadership.local);
        if let Some(reason) = self.why_not_lead(&leadership) {
            return self.stay_without_leader(&leadership, reason);
        }
        let replicas = leadership.replicas.as_slice().into();
        let mut epoch_start = None;
        match &mut self.log {
            LogSlot::Open(log) => {
                log.become_leader(epoch);
                if planted::has(Bug::CommitAtElection) {
                    log.set_high_watermark(log.log_end_offset());
                }
                let (end, high_watermark) = (log.log_end_offset(), log.high_watermark());
                epoch_start = Some(end);
                let now = self.clock.instant();
                let mut leader = Leader::new(now, leadership, end, high_watermark);
                if let Some(committed) = leader.on_appended(now, end, &self.brokers.load()) {
                    log.set_high_watermark(committed.high_watermark);
                }
                self.role = Role::Leader(leader);
            }
            LogSlot::Unopened | LogSlot::Broken(_) => self.role = Role::LeaderOnceOpen(leadership),
        }
        let leader = Some(local);
        self.known = Some(LeadershipView { epoch, leader, is_local: true, epoch_start, replicas });
    }

    /// Appends at once, all with one write; the partition is free and nothing is queued before. One
    /// answer each, in order.
    pub(super) fn append_now(
        &mut self,
        appends: Appends,
        effects: &mut PartitionEffects,
    ) -> SmallVec<[Appended; 4]> {
        let mut admitted = Appends::new();
        let mut refusals = SmallVec::<[Option<AppendRefusal>; 4]>::new();
        for append in appends {
            refusals.push(self.admit(&append).err());
            if let Some(None) = refusals.last() {
                admitted.push(append);
            }
        }
        let mut results = std::mem::take(&mut self.results);
        if !admitted.is_empty() {
            self.append_all(&mut admitted, &mut results, effects);
        }
        let mut settled = admitted.iter().zip(results.drain(..));
        let answer = |refusal| match refusal {
            Some(refusal) => Appended::Done(Err(refusal)),
            None => {
                let (append, result) = settled.next().expect("one result for each admitted append");
                match self.settle(append.acks, result) {
                    Settled::Answer(answer) => Appended::Done(answer),
                    Settled::Wait(needs, info) => {
                        let (promise, awaited) = promise();
                        self.unacknowledged.add(needs.of(append), info, promise);
                        Appended::Waiting(awaited, Placed::at(info))
                    }
                }
            }
        };
        let answers = refusals.into_iter().map(answer).collect();
        drop(settled);
        self.results = results;
        answers
    }

    /// As [`Self::append_now`], telling the offsets also where the acknowledgement waits.
    pub(super) fn append_accepted(
        &mut self,
        mut append: Append,
        effects: &mut PartitionEffects,
    ) -> Result<(AppendInfo, Option<Awaited<AppendAnswer>>), AppendRefusal> {
        self.admit(&append)?;
        let mut results = Vec::with_capacity(1);
        self.append_all(std::slice::from_mut(&mut append), &mut results, effects);
        let result = results.pop().expect("one result per request");
        match self.settle(append.acks, result) {
            Settled::Answer(answer) => Ok((answer?, None)),
            Settled::Wait(needs, info) => {
                let (promise, awaited) = promise();
                self.unacknowledged.add(needs.of(&append), info, promise);
                Ok((info, Some(awaited)))
            }
        }
    }

    fn admit(&self, append: &Append) -> Result<(), AppendRefusal> {
        if let LogSlot::Broken(error) = &self.log {
            return Err(error.clone().into());
        }
        let leader = match &self.role {
            Role::Leader(leader) => leader,
            Role::LeaderOnceOpen(_) => return Err(AppendRefusal::NotOpen),
            Role::None | Role::Follower => return Err(self.not_leader()),
        };
        let leadership = leader.leadership();
        if append.only_in_epoch.is_some_and(|epoch| epoch != leadership.epoch) {
            return Err(self.not_leader());
        }
        if append.acks == Acks::All && !leader.has_min_isr() {
            let in_sync = u32::try_from(leadership.isr.len()).unwrap_or(u32::MAX);
            return Err(AppendRefusal::NotEnoughReplicas { in_sync, min_isr: leadership.min_isr });
        }
        Ok(())
    }

    fn not_leader(&self) -> AppendRefusal {
        let known = self.known.as_ref();
        AppendRefusal::NotLeader {
            leader: known.and_then(|known| known.leader),
            epoch: known.map(|known| known.epoch),
        }
    }

    fn append_all(
        &mut self,
        appends: &mut [Append],
        results: &mut Vec<AppendResult>,
        effects: &mut PartitionEffects,
    ) {
        let (LogSlot::Open(log), Role::Leader(leader)) = (&mut self.log, &mut self.role) else {
            unreachable!("admitted appends have an open log that this replica leads");
        };
        let before = log.log_end_offset();
        let epoch = leader.leadership().epoch;
        let mut bytes = 0;
        let mut requests: SmallVec<[_; 4]> = appends
            .iter_mut()
            .map(|append| {
                bytes += (append.batches.len() + append.rest.len()) as u64;
                LeaderAppend {
                    batches: &mut append.batches,
                    rest: &append.rest,
                    origin: append.origin,
                    leader_epoch: epoch,
                    verification: append.verification.take(),
                    transaction_version: append.transaction_version,
                }
            })
            .collect();
        let wall = self.clock.wall();
        log.append(&mut requests, wall, results);
        let end = log.log_end_offset();
        if log.needs_flush(wall) {
            match log.flush_job(wall) {
                Ok(job) => effects.jobs.extend(job),
                Err(error) if log.config().flush_messages == 1 => refuse_appended(results, &error),
                // Nobody waits for it: the next append finds the directory offline, or tries again.
                Err(_) => {}
            }
        }
        if end > before {
            let committed = leader.on_appended(self.clock.instant(), end, &self.brokers.load());
            self.on_committed(committed, bytes, effects);
        }
        self.finish(effects);
        if end > before {
            // After the view is published: who looks then must see it.
            self.tail_waiters.became_visible(bytes, &mut effects.wake);
        }
    }

    /// Takes a higher high watermark; `bytes` became readable with it.
    fn on_committed(&mut self, committed: Option<Committed>, bytes: u64, effects: &mut PartitionEffects) {
        let (LogSlot::Open(log), Role::Leader(leader)) = (&mut self.log, &self.role) else { return };
        let Some(committed) = committed else { return };
        log.set_high_watermark(committed.high_watermark);
        log.publish();
        self.unacknowledged.on_committed(|end| leader.reached(end), &mut effects.wake);
        self.waiters.became_visible(bytes.max(1), &mut effects.wake);
    }

    /// Every waiting fetch looks again.
    fn tell_changed(&self, effects: &mut PartitionEffects) {
        self.waiters.changed(&mut effects.wake);
        self.tail_waiters.changed(&mut effects.wake);
    }

    /// Publishes what changed and hands out the log's jobs.
    fn finish(&mut self, effects: &mut PartitionEffects) {
        if let LogSlot::Open(log) = &mut self.log {
            log.publish();
            effects.jobs.extend(log.take_jobs());
        }
    }

    fn settle(&self, acks: Acks, result: AppendResult) -> Settled {
        let info = match result {
            Ok(info) => info,
            Err(error) => return Settled::Answer(Err(error.into())),
        };
        let (LogSlot::Open(log), Role::Leader(leader)) = (&self.log, &self.role) else {
            return Settled::Answer(Err(self.not_leader()));
        };
        let end = info.last_offset.next();
        let needs = Needs {
            commit: acks == Acks::All
                && leader.high_watermark() < end
                && !planted::has(Bug::AcknowledgeUnreplicated),
            flush: !planted::has(Bug::AcknowledgeUnsynced)
                && log.config().flush_messages == 1
                && log.recovery_point() < end,
            only_in_epoch: false,
        };
        if needs.commit || needs.flush { Settled::Wait(needs, info) } else { Settled::Answer(Ok(info)) }
    }

    /// A background job of the log ended.
    pub(super) fn on_job(&mut self, report: JobReport, effects: &mut PartitionEffects) {
        let LogSlot::Open(log) = &mut self.log else { return };
        let failure = report.failure().cloned();
        log.on_job(report);
        let recovery_point = log.recovery_point();
        self.unacknowledged.on_flushed(recovery_point, &mut effects.wake);
        if let Some(failure) = failure {
            let refusal = AppendRefusal::Log(failure.into());
            self.unacknowledged.refuse_all(&refusal, &mut effects.wake);
            self.tell_changed(effects);
        }
        self.finish(effects);
    }

    /// Changes the log by `change`, then publishes: for rare changes (configs, retention, roll).
    pub(super) fn with_log<R>(
        &mut self,
        effects: &mut PartitionEffects,
        change: impl FnOnce(&mut Log) -> R,
    ) -> Option<R> {
        let LogSlot::Open(log) = &mut self.log else { return None };
        let result = change(log);
        self.finish(effects);
        Some(result)
    }

    /// This replica stops: nothing is led and nothing acknowledged any more. The log comes back, to
    /// be closed or deleted.
    pub(super) fn stop(&mut self, effects: &mut PartitionEffects) -> Option<Log> {
        self.role = Role::None;
        self.refuse_unacknowledged(effects);
        self.tell_changed(effects);
        self.known = None;
        match std::mem::replace(&mut self.log, LogSlot::Unopened) {
            LogSlot::Open(log) => Some(*log),
            LogSlot::Unopened | LogSlot::Broken(_) => None,
        }
    }

    fn refuse_unacknowledged(&mut self, effects: &mut PartitionEffects) {
        let refusal = self.not_leader();
        self.unacknowledged.refuse_all(&refusal, &mut effects.wake);
        self.deletions.refuse_all(&mut effects.wake);
    }

    /// The time, for callers that hold the partition.
    pub fn instant(&self) -> Instant {
        self.clock.instant()
    }
}

/// What was appended cannot be made durable: not acknowledged, as if its flush had failed.
fn refuse_appended(results: &mut [AppendResult], error: &StorageError) {
    results.iter_mut().filter(|result| result.is_ok()).for_each(|result| *result = Err(error.clone().into()));
}

enum Settled {
    Answer(AppendAnswer),
    Wait(Needs, AppendInfo),
}

impl Combine for PartitionDriver {
    type Command = QueuedAppend;
    type Effects = PartitionEffects;

    fn run_queued(&mut self, commands: VecDeque<QueuedAppend>, effects: &mut PartitionEffects) {
        let (mut appends, mut promises) = (Vec::new(), Vec::new());
        for QueuedAppend { append, promise, placed } in commands {
            match self.admit(&append) {
                Ok(()) => {
                    appends.push(append);
                    promises.push((promise, placed));
                }
                Err(refusal) => effects.wake.extend(promise.give(Err(refusal))),
            }
        }
        if appends.is_empty() {
            return;
        }
        let mut results = Vec::with_capacity(appends.len());
        self.append_all(&mut appends, &mut results, effects);
        for ((append, (promise, placed)), result) in appends.iter().zip(promises).zip(results) {
            match self.settle(append.acks, result) {
                Settled::Answer(answer) => effects.wake.extend(promise.give(answer)),
                Settled::Wait(needs, info) => {
                    placed.set(info);
                    self.unacknowledged.add(needs.of(append), info, promise);
                }
            }
        }
    }
}
