//! The driver of one group coordinator: decide, append, replay and soft changes in one critical
//! section; replies leave once everything written so far is committed in the same leader epoch.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::task::Waker;

use bytes::Bytes;
use klamm_coordinator::group::{
    DeletedTopic, GroupCommand, GroupEvent, GroupMachine, GroupReply, GroupRequest, GroupTimer, Settings,
    as_coordinator_error,
};
use klamm_coordinator::machine::{Machine as _, Now, Origin, Outcome, ReplyTo};
use klamm_coordinator::timers::Timers;
use klamm_logstate::{AppendOrigin, TransactionVersion};
use klamm_model::{Instant, LeaderEpoch, Offset};
use klamm_protocol::ErrorCode;

use super::encode::encode_records;
use super::load::{LoadError, load};
use crate::clock::Clock;
use crate::partition::{Acks, Append, AppendAnswer, AppendRefusal, PartitionHandle};
use crate::planted::{self, Bug};
use crate::promise::{Awaited, Promise, promise};
use crate::sync::Mutex;

/// What is left to do once the coordinator is free again.
#[derive(Debug, Default)]
pub struct GroupEffects {
    /// To be woken.
    pub wake: Vec<Waker>,
    /// Await these, then call [`GroupCoordinator::on_committed`] with the offset.
    pub commits: Vec<(Offset, Awaited<AppendAnswer>)>,
    /// For the log and metrics.
    pub events: Vec<GroupEvent>,
}

/// How far a coordinator has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoordinatorPhase {
    /// Its log is being replayed: COORDINATOR_LOAD_IN_PROGRESS.
    Loading,
    /// It answers.
    Active,
    /// Its leadership is over, or its log is not readable: NOT_COORDINATOR.
    Ended,
}

#[derive(Debug)]
struct Parked {
    until: Offset,
    /// Whoever waits still is told that it takes too long.
    deadline: Instant,
    replies: Vec<(ReplyTo, GroupReply)>,
}

#[derive(Debug)]
struct State {
    phase: CoordinatorPhase,
    machine: GroupMachine,
    timers: Timers<GroupTimer>,
    waiting: HashMap<ReplyTo, Promise<GroupReply>>,
    parked: VecDeque<Parked>,
    next_reply: u64,
    /// End of what this leadership wrote, and of what of it is committed.
    written: Offset,
    committed: Offset,
}

/// One coordinator; a new one for each leadership.
#[derive(Debug)]
pub struct GroupCoordinator {
    partition: PartitionHandle,
    epoch: LeaderEpoch,
    clock: Arc<dyn Clock>,
    settings: Settings,
    state: Mutex<State>,
}

impl GroupCoordinator {
    /// A coordinator that has to be loaded, for the leadership `epoch` of `partition`.
    pub fn new(
        partition: PartitionHandle,
        epoch: LeaderEpoch,
        settings: Settings,
        clock: Arc<dyn Clock>,
    ) -> GroupCoordinator {
        let state = State {
            phase: CoordinatorPhase::Loading,
            machine: GroupMachine::new(settings.clone()),
            timers: Timers::default(),
            waiting: HashMap::new(),
            parked: VecDeque::new(),
            next_reply: 0,
            written: Offset::ZERO,
            committed: Offset::ZERO,
        };
        GroupCoordinator { partition, epoch, clock, settings, state: Mutex::new(state) }
    }

    /// The leadership this coordinator belongs to.
    pub fn epoch(&self) -> LeaderEpoch {
        self.epoch
    }

    /// Its partition.
    pub fn partition(&self) -> &PartitionHandle {
        &self.partition
    }

    /// Replays the log, which must be open, to its end: also what an earlier leader left uncommitted, whose commit
    /// holds back the first replies. After an error that is passing it may be tried again. Blocks: for the pool; requests
    /// are answered meanwhile.
    pub fn load(&self) -> Result<GroupEffects, LoadError> {
        let mut effects = GroupEffects::default();
        let mut machine = GroupMachine::new(self.settings.clone());
        let loaded = self.replay_log(&mut machine, &mut effects);
        let mut state = self.state.lock();
        if state.phase == CoordinatorPhase::Ended {
            return Ok(GroupEffects::default());
        }
        let (written, committed) = loaded.inspect_err(|error| {
            if !error.is_passing() {
                state.phase = CoordinatorPhase::Ended;
            }
        })?;
        (state.machine, state.written, state.committed) = (machine, written, committed);
        state.phase = CoordinatorPhase::Active;
        self.run(&mut state, &GroupCommand::Loaded, &mut effects);
        Ok(effects)
    }

    /// The end of the log, and up to where it is committed.
    fn replay_log(
        &self,
        machine: &mut GroupMachine,
        effects: &mut GroupEffects,
    ) -> Result<(Offset, Offset), LoadError> {
        let tail = self.partition.await_tail(self.epoch);
        let (end, awaited) = tail.map_err(|refusal| LoadError::Moved(refusal.to_string()))?;
        let view = self.partition.view().ok_or_else(|| LoadError::Moved("the log was closed".to_owned()))?;
        if !planted::has(Bug::SkipLoading) {
            load(machine, &view, end)?;
        }
        let committed = if awaited.is_some() { view.high_watermark() } else { end };
        effects.commits.extend(awaited.map(|awaited| (end, awaited)));
        Ok((end, committed))
    }

    /// The log cannot be opened: whoever asks finds no coordinator here.
    pub fn on_not_opened(&self) {
        let mut state = self.state.lock();
        if state.phase == CoordinatorPhase::Loading {
            state.phase = CoordinatorPhase::Ended;
        }
    }

    /// How far it has come.
    pub fn phase(&self) -> CoordinatorPhase {
        self.state.lock().phase
    }

    /// Takes a request; its answer comes when it is due.
    pub fn request(&self, request: GroupRequest, effects: &mut GroupEffects) -> Awaited<GroupReply> {
        let (promise, awaited) = promise();
        let mut state = self.state.lock();
        let refusal = match state.phase {
            CoordinatorPhase::Loading => Some(ErrorCode::CoordinatorLoadInProgress),
            CoordinatorPhase::Ended => Some(ErrorCode::NotCoordinator),
            CoordinatorPhase::Active => None,
        };
        if let Some(error) = refusal {
            effects.wake.extend(promise.give(request.refusal(error)));
            return awaited;
        }
        let to = ReplyTo(state.next_reply);
        state.next_reply += 1;
        state.waiting.insert(to, promise);
        self.run(&mut state, &GroupCommand::Request(to, Box::new(request)), effects);
        awaited
    }

    /// Topics are gone from the metadata.
    pub fn on_topics_deleted(&self, topics: Vec<DeletedTopic>, effects: &mut GroupEffects) {
        let mut state = self.state.lock();
        if state.phase == CoordinatorPhase::Active {
            self.run(&mut state, &GroupCommand::TopicsDeleted(topics), effects);
        }
    }

    /// When [`Self::on_timers`] is due.
    pub fn next_deadline(&self) -> Option<Instant> {
        let state = self.state.lock();
        let late = state.parked.front().map(|parked| parked.deadline);
        state.timers.next_deadline().into_iter().chain(late).min()
    }

    /// Fires what is due.
    pub fn on_timers(&self, effects: &mut GroupEffects) {
        let now = self.clock.instant();
        let mut state = self.state.lock();
        while let Some(timer) = state.timers.pop_due(now) {
            self.run(&mut state, &GroupCommand::TimerFired(timer), effects);
        }
        while state.parked.front().is_some_and(|parked| parked.deadline <= now) {
            let Some(parked) = state.parked.pop_front() else { break };
            give_up(&mut state, &parked);
        }
    }

    /// Everything below `offset` is committed.
    pub fn on_committed(&self, offset: Offset, effects: &mut GroupEffects) {
        let mut state = self.state.lock();
        state.committed = state.committed.max(offset);
        while state.parked.front().is_some_and(|parked| parked.until <= state.committed) {
            let Some(parked) = state.parked.pop_front() else { break };
            for (to, reply) in parked.replies {
                give(&mut state, to, reply, effects);
            }
        }
    }

    /// What was written last is not known to be committed, and may never be: whoever waits for it
    /// sees its promise broken.
    pub fn on_commit_failed(&self) {
        let mut state = self.state.lock();
        for parked in std::mem::take(&mut state.parked) {
            give_up(&mut state, &parked);
        }
    }

    /// The leadership is over: everyone who waits is told so.
    pub fn end(&self, effects: &mut GroupEffects) {
        let mut state = self.state.lock();
        if state.phase == CoordinatorPhase::Active {
            let now = self.now();
            let outcome = state.machine.decide(now, &GroupCommand::Unloaded);
            for (to, reply) in outcome.replies {
                give(&mut state, to, reply, effects);
            }
        }
        state.phase = CoordinatorPhase::Ended;
        state.timers = Timers::default();
        // Whoever still waits sees its promise broken, and says NOT_COORDINATOR.
        state.waiting.clear();
        state.parked.clear();
    }

    fn now(&self) -> Now {
        Now { instant: self.clock.instant(), wall: self.clock.wall() }
    }

    fn run(&self, state: &mut State, command: &GroupCommand, effects: &mut GroupEffects) {
        let now = self.now();
        let outcome = state.machine.decide(now, command);
        match self.append(state, &outcome, now, effects) {
            Ok(()) => self.accept(state, outcome, effects),
            Err(error) => {
                let error = as_coordinator_error(error);
                let refused = state.machine.decide_refused(now, command, error);
                if let GroupCommand::TimerFired(timer) = command {
                    // What it would have written is tried again.
                    let again = now.instant.after(std::time::Duration::from_secs(1));
                    state.timers.apply(klamm_coordinator::machine::TimerChange::Set(timer.clone(), again));
                }
                self.accept(state, refused, effects);
            }
        }
    }

    fn append(
        &self,
        state: &mut State,
        outcome: &Outcome<GroupMachine>,
        now: Now,
        effects: &mut GroupEffects,
    ) -> Result<(), ErrorCode> {
        if outcome.records.is_empty() {
            return Ok(());
        }
        let batches = encode_records(&outcome.records, outcome.append, now.wall)?;
        let appended = self.partition.append_accepted(Append {
            batches,
            rest: Bytes::new(),
            acks: Acks::All,
            origin: AppendOrigin::Coordinator,
            only_in_epoch: Some(self.epoch),
            verification: None,
            transaction_version: TransactionVersion::default(),
        });
        let (info, waiting) = appended.map_err(|refusal| refusal_code(&refusal))?;
        let producer = match outcome.append {
            klamm_coordinator::machine::Append::Transactional(id, _) => Some(id),
            klamm_coordinator::machine::Append::OneBatch
            | klamm_coordinator::machine::Append::ManyBatches => None,
        };
        for (index, record) in outcome.records.iter().enumerate() {
            let offset = info.first_offset.plus(i64::try_from(index).unwrap_or(i64::MAX));
            if let Err(error) = state.machine.replay(Origin { offset, producer }, record) {
                unreachable!("a coordinator's own record does not replay: {error}");
            }
        }
        state.written = info.last_offset.next();
        match waiting {
            None => state.committed = state.committed.max(state.written),
            Some(awaited) => effects.commits.push((state.written, awaited)),
        }
        Ok(())
    }

    fn accept(&self, state: &mut State, outcome: Outcome<GroupMachine>, effects: &mut GroupEffects) {
        state.machine.apply_soft(outcome.soft);
        for change in outcome.timers {
            state.timers.apply(change);
        }
        effects.events.extend(outcome.events);
        if outcome.replies.is_empty() {
            return;
        }
        if state.written > state.committed && !planted::has(Bug::ReplyUncommitted) {
            let deadline = self.clock.instant().after(self.settings.commit_timeout);
            state.parked.push_back(Parked { until: state.written, deadline, replies: outcome.replies });
            return;
        }
        for (to, reply) in outcome.replies {
            give(state, to, reply, effects);
        }
    }
}

/// Breaks the promises of replies that cannot be given: whoever waits says that the coordinator is not available.
fn give_up(state: &mut State, parked: &Parked) {
    for (to, _) in &parked.replies {
        state.waiting.remove(to);
    }
}

fn give(state: &mut State, to: ReplyTo, reply: GroupReply, effects: &mut GroupEffects) {
    if let Some(promise) = state.waiting.remove(&to) {
        effects.wake.extend(promise.give(reply));
    }
}

fn refusal_code(refusal: &AppendRefusal) -> ErrorCode {
    match refusal {
        AppendRefusal::NotLeader { .. } => ErrorCode::NotLeaderOrFollower,
        AppendRefusal::NotEnoughReplicas { .. } => ErrorCode::NotEnoughReplicas,
        AppendRefusal::NotEnoughReplicasAfterAppend => ErrorCode::NotEnoughReplicasAfterAppend,
        AppendRefusal::Log(klamm_storage::AppendError::TooLarge { .. }) => ErrorCode::RecordListTooLarge,
        AppendRefusal::Log(klamm_storage::AppendError::Producer(_)) => ErrorCode::InvalidProducerEpoch,
        AppendRefusal::Log(klamm_storage::AppendError::Malformed { .. }) => ErrorCode::UnknownServerError,
        AppendRefusal::Log(klamm_storage::AppendError::Storage(_)) | AppendRefusal::CannotOpen(_) => {
            ErrorCode::KafkaStorageError
        }
        AppendRefusal::NotOpen => ErrorCode::CoordinatorLoadInProgress,
        AppendRefusal::Busy => ErrorCode::RequestTimedOut,
    }
}
