//! The control driver. Who runs it gives it events and carries out its outputs in order.
//!
//! 1. A controller is active once it has applied everything before the epoch it leads.
//! 2. Records of the active controller take effect in its state as soon as the log accepted them;
//!    answers wait until they are committed in the same epoch.
//! 3. Images are published only of what is committed.

use std::sync::Arc;
use std::task::Waker;
use std::time::Duration;

use bytes::Bytes;
use klamm_metadata::controller::{
    Append, Bootstrap, Command, ConfigRules, Controller, Entropy, MAX_RECORDS_PER_BATCH, Moment, MoreToDo,
    Outcome, Reply,
};
use klamm_metadata::delta::ReplayError;
use klamm_metadata::image::Provenance;
use klamm_metadata::{ApiError, MetadataDelta, MetadataImage, VersionedRecord};
use klamm_model::{Instant, LeaderEpoch, Offset, OffsetAndEpoch};
use klamm_protocol::ErrorCode;
use klamm_protocol::records::Batches;
use klamm_protocol::records::errors::BatchError;
use klamm_raft::{
    AppendError, DataBatch, KraftVersion, QuorumView, SnapshotFacts, UpgradeError, UpgradeMode,
};
use klamm_storage::Isolation;

use super::parked::{ControlAnswer, ParkedAnswers};
use super::snapshot::SnapshotJob;
use crate::clock::Clock;
use crate::metadata::{LoadError, MetadataBatchError, MetadataLoader, decode_batch, encode_batch};
use crate::planted::{self, Bug};
use crate::promise::Promise;
use crate::raft::{MetadataLogError, RaftDriver, RaftEvent, RaftFailure, RaftOutput};

/// The control plane cannot go on; the node stops.
#[derive(Debug, thiserror::Error)]
pub enum ControlFailure {
    /// The quorum failed.
    #[error(transparent)]
    Raft(#[from] RaftFailure),
    /// The metadata cannot be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A committed batch is damaged.
    #[error("metadata at offset {at}: {source}")]
    Batch {
        /// Where reading began.
        at: Offset,
        /// What is wrong.
        source: BatchError,
    },
    /// A batch has no readable records.
    #[error("metadata at offset {at}: {source}")]
    Records {
        /// Its base offset.
        at: Offset,
        /// What is wrong.
        source: MetadataBatchError,
    },
    /// A record contradicts those before it.
    #[error("metadata at offset {at}: {source}")]
    Replay {
        /// Its offset.
        at: Offset,
        /// How.
        source: ReplayError,
    },
}

/// An input.
#[derive(Debug)]
pub enum ControlEvent {
    /// Of the quorum.
    Raft(RaftEvent),
    /// Somebody asks the active controller.
    Command(Command, Promise<ControlAnswer>),
    /// The deadline has come.
    Timeout,
    /// A snapshot job ended.
    SnapshotWritten(Option<SnapshotFacts>),
}

/// What the pump has to do, in order.
#[derive(Debug)]
pub enum ControlOutput {
    /// Of the quorum.
    Raft(RaftOutput),
    /// Publish the image of this delta.
    Publish(Box<MetadataDelta>),
    /// Run on the pool, report with [`ControlEvent::SnapshotWritten`].
    Snapshot(Box<SnapshotJob>),
}

/// Times of the controller's own work.
#[derive(Clone, Copy, Debug)]
pub struct ControlTimes {
    /// `metadata.max.idle.interval.ms`; `None` for never.
    pub max_idle: Option<Duration>,
    /// `leader.imbalance.check.interval.seconds`; `None` where balancing is off.
    pub balance: Option<Duration>,
    /// `metadata.log.max.snapshot.interval.ms`; `None` for never.
    pub snapshot_interval: Option<Duration>,
    /// `metadata.log.max.record.bytes.between.snapshots`.
    pub snapshot_bytes: u64,
}

/// What the driver is made of.
pub struct ControlParts<R> {
    /// The quorum.
    pub raft: RaftDriver,
    /// The controller, standing by.
    pub controller: Controller<R>,
    /// What `format` left for a cluster without metadata.
    pub bootstrap: Bootstrap,
    /// Times.
    pub times: ControlTimes,
    /// Randomness of ids and placements.
    pub entropy: Box<dyn Entropy + Send>,
    /// Clocks.
    pub clock: Arc<dyn Clock>,
}

/// A leadership that began, before the controller is active in it.
#[derive(Clone, Copy, Debug)]
struct Claim {
    epoch: LeaderEpoch,
    epoch_start: Offset,
}

/// See the module.
pub struct ControlDriver<R> {
    raft: RaftDriver,
    controller: Controller<R>,
    bootstrap: Bootstrap,
    times: ControlTimes,
    entropy: Box<dyn Entropy + Send>,
    clock: Arc<dyn Clock>,
    claim: Option<Claim>,
    /// The epoch the controller is active in.
    active: Option<LeaderEpoch>,
    /// Next offset whose records the controller has not seen.
    next: Offset,
    committed: Offset,
    parked: ParkedAnswers,
    next_no_op: Instant,
    next_balance: Instant,
    next_snapshot: Instant,
    bytes_since_snapshot: u64,
    writing_snapshot: bool,
    wake: Vec<Waker>,
    /// What loading at the start left to do: goes out with the first step.
    loaded: Vec<ControlOutput>,
}

impl<R: ConfigRules> ControlDriver<R> {
    /// Begins with the newest snapshot's image, if the log no longer has its beginning.
    pub fn new(parts: ControlParts<R>) -> Result<ControlDriver<R>, ControlFailure> {
        let now = parts.clock.instant();
        let mut driver = ControlDriver {
            next_no_op: parts.times.max_idle.map_or(Instant::FAR_FUTURE, |after| now.after(after)),
            next_balance: parts.times.balance.map_or(Instant::FAR_FUTURE, |after| now.after(after)),
            next_snapshot: parts
                .times
                .snapshot_interval
                .map_or(Instant::FAR_FUTURE, |after| now.after(after)),
            raft: parts.raft,
            controller: parts.controller,
            bootstrap: parts.bootstrap,
            times: parts.times,
            entropy: parts.entropy,
            clock: parts.clock,
            claim: None,
            active: None,
            next: Offset::ZERO,
            committed: Offset::ZERO,
            parked: ParkedAnswers::default(),
            bytes_since_snapshot: 0,
            writing_snapshot: false,
            wake: Vec::new(),
            loaded: Vec::new(),
        };
        let facts = driver.raft.log().facts().map_err(RaftFailure::from)?;
        if let Some(snapshot) = facts.snapshots.last()
            && facts.log_start > Offset::ZERO
        {
            let mut loaded = Vec::new();
            driver.load_snapshot(snapshot.id, &mut loaded)?;
            driver.loaded = loaded;
        }
        Ok(driver)
    }

    /// Role, epoch, leader, voters.
    pub fn quorum(&self) -> QuorumView {
        self.raft.view()
    }

    /// The committed image.
    pub fn image(&self) -> &MetadataImage {
        self.controller.committed_image()
    }

    /// The quorum's driver, for reads.
    pub fn raft(&self) -> &RaftDriver {
        &self.raft
    }

    /// The quorum's driver, when the node stops.
    pub fn into_raft(self) -> RaftDriver {
        self.raft
    }

    /// Plants a fault in the quorum; before the first event.
    #[cfg(feature = "planted-bugs")]
    pub fn plant(&mut self, bug: klamm_raft::Bug) {
        self.raft.plant(bug);
    }

    /// Whether this node decides.
    pub fn is_active(&self) -> bool {
        self.active.is_some()
    }

    /// When [`ControlEvent::Timeout`] is due.
    pub fn next_deadline(&self) -> Option<Instant> {
        let mut earliest = self.raft.next_deadline();
        let mut consider = |deadline: Option<Instant>| {
            earliest = match (earliest, deadline) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        };
        if self.is_active() {
            consider(self.controller.next_deadline());
            consider(Some(self.next_no_op));
            consider(Some(self.next_balance));
        }
        consider(Some(self.next_snapshot));
        earliest
    }

    /// Takes one event; wakers are to be called after the outputs were carried out.
    pub fn step(
        &mut self,
        event: ControlEvent,
        outputs: &mut Vec<ControlOutput>,
    ) -> Result<Vec<Waker>, ControlFailure> {
        outputs.append(&mut self.loaded);
        match event {
            ControlEvent::Raft(event) => {
                let mut raft = Vec::new();
                self.raft.step(event, &mut raft)?;
                self.take_raft(raft, outputs)?;
            }
            ControlEvent::Command(command, promise) => self.on_command(&command, Some(promise), outputs)?,
            ControlEvent::Timeout => self.on_timeout(outputs)?,
            ControlEvent::SnapshotWritten(facts) => {
                self.writing_snapshot = false;
                if let Some(facts) = facts {
                    self.step(ControlEvent::Raft(RaftEvent::SnapshotCreated(facts)), outputs)?;
                }
            }
        }
        Ok(std::mem::take(&mut self.wake))
    }

    fn take_raft(
        &mut self,
        raft: Vec<RaftOutput>,
        outputs: &mut Vec<ControlOutput>,
    ) -> Result<(), ControlFailure> {
        for output in raft {
            match output {
                RaftOutput::Committed(offset) => self.on_committed(offset, outputs)?,
                RaftOutput::BecameLeader { epoch, epoch_start } => {
                    self.claim = Some(Claim { epoch, epoch_start });
                    self.try_claim(outputs)?;
                }
                RaftOutput::Resigned(epoch) => self.on_resigned(epoch),
                RaftOutput::LoadSnapshot(id) => self.load_snapshot(id, outputs)?,
                other => outputs.push(ControlOutput::Raft(other)),
            }
        }
        Ok(())
    }

    fn on_committed(
        &mut self,
        offset: Offset,
        outputs: &mut Vec<ControlOutput>,
    ) -> Result<(), ControlFailure> {
        self.committed = self.committed.max(offset);
        if self.active.is_none() {
            self.follow()?;
        }
        if let Some(last) = Offset::new(self.committed.get() - 1)
            && let Some(delta) = self.controller.on_committed(last)
        {
            outputs.push(ControlOutput::Publish(Box::new(delta)));
        }
        let mut wake = std::mem::take(&mut self.wake);
        self.parked.release(self.committed, &mut wake);
        self.wake = wake;
        self.try_claim(outputs)
    }

    /// A standby replays what is committed.
    fn follow(&mut self) -> Result<(), ControlFailure> {
        // A snapshot has taken the place of what is next; it is loaded with a later output.
        if self.next < self.raft.log().log().log_start_offset() {
            return Ok(());
        }
        while self.next < self.committed {
            let read = self.raft.log().read(self.next, Isolation::HighWatermark);
            let bytes = read.map_err(RaftFailure::from)?;
            let before = self.next;
            self.replay_batches(&bytes)?;
            if self.next == before {
                break;
            }
        }
        Ok(())
    }

    fn replay_batches(&mut self, bytes: &Bytes) -> Result<(), ControlFailure> {
        self.bytes_since_snapshot += bytes.len() as u64;
        for batch in Batches::new(bytes) {
            let batch = match batch {
                Ok(batch) => batch,
                Err(error) if error.is_incomplete() => break,
                Err(source) => return Err(ControlFailure::Batch { at: self.next, source }),
            };
            let header = batch.header();
            let at = header.base_offset();
            if !header.is_control() && at >= self.next {
                let records =
                    decode_batch(&batch).map_err(|source| ControlFailure::Records { at, source })?;
                for (index, record) in records.iter().enumerate() {
                    let offset = at.plus(i64::try_from(index).unwrap_or(i64::MAX));
                    let replayed = self.controller.replay(record, offset);
                    replayed.map_err(|source| ControlFailure::Replay { at: offset, source })?;
                }
                self.controller.end_batch(Provenance {
                    last_offset: header.last_offset(),
                    epoch: header.leader_epoch().unwrap_or_default(),
                    timestamp: header.max_timestamp().unwrap_or_default(),
                    batch_aligned: true,
                });
            }
            self.next = self.next.max(header.next_offset());
        }
        Ok(())
    }

    /// Active once everything before the epoch, and its first record, is applied.
    fn try_claim(&mut self, outputs: &mut Vec<ControlOutput>) -> Result<(), ControlFailure> {
        let Some(claim) = self.claim else { return Ok(()) };
        if self.committed <= claim.epoch_start && !planted::has(Bug::ClaimEarly) {
            return Ok(());
        }
        self.follow()?;
        self.claim = None;
        self.active = Some(claim.epoch);
        let end = self.raft.log().log().log_end_offset();
        self.controller.claim(self.clock.instant(), end);
        tracing::info!(epoch = claim.epoch.get(), "this controller is active");
        let activate = Command::Activate(self.bootstrap.clone());
        self.run_own(&activate, outputs)
    }

    fn on_resigned(&mut self, epoch: LeaderEpoch) {
        self.claim = None;
        if self.active.take().is_some() {
            tracing::info!(epoch = epoch.get(), "this controller is no longer active");
            self.controller.resign();
            // What was appended and not committed may be lost: the standby reads what stays.
            if !planted::has(Bug::KeepUncommitted) {
                self.next = self.next.min(self.committed);
            }
        }
        let mut wake = std::mem::take(&mut self.wake);
        self.parked.refuse_all(&mut wake);
        self.wake = wake;
    }

    fn on_command(
        &mut self,
        command: &Command,
        promise: Option<Promise<ControlAnswer>>,
        outputs: &mut Vec<ControlOutput>,
    ) -> Result<(), ControlFailure> {
        let (outcome, until) = self.decide_and_append(command, outputs)?;
        if let Some(promise) = promise {
            if until <= self.committed || planted::has(Bug::AnswerUncommitted) {
                self.wake.extend(promise.give(outcome));
            } else {
                self.parked.park(until, outcome, promise);
            }
        }
        Ok(())
    }

    /// The answer, and the offset below which all must be committed before it may leave.
    fn decide_and_append(
        &mut self,
        command: &Command,
        outputs: &mut Vec<ControlOutput>,
    ) -> Result<(ControlAnswer, Offset), ControlFailure> {
        let at = Moment { now: self.clock.instant(), wall: self.clock.wall() };
        let outcome = self.controller.decide(at, self.entropy.as_mut(), command);
        let Some(epoch) = self.active else { return Ok((outcome.reply, Offset::ZERO)) };
        let mut raft = Vec::new();
        if let Some(level) = outcome.kraft_version
            && let Err(refused) = self.raise_kraft_version(epoch, level, &mut raft)?
        {
            self.take_raft(raft, outputs)?;
            return Ok((Err(refused), Offset::ZERO));
        }
        let appended = self.append(epoch, at, &outcome, &mut raft)?;
        if appended.is_ok() {
            let last = Offset::new(self.next.get() - 1).unwrap_or_default();
            self.controller.apply_soft(&outcome.soft, last);
        }
        self.take_raft(raft, outputs)?;
        match appended {
            Ok(()) => Ok((outcome.reply, self.next)),
            Err(error) => Ok((Err(refusal(&error)), Offset::ZERO)),
        }
    }

    /// Lets the quorum write the new kraft.version and the voters with their directories.
    fn raise_kraft_version(
        &mut self,
        epoch: LeaderEpoch,
        level: i16,
        raft: &mut Vec<RaftOutput>,
    ) -> Result<Result<(), ApiError>, ControlFailure> {
        let invalid = |why: String| {
            let text = format!(
                "The update failed for all features since the following feature had an error: Invalid update \
                 version {level} for feature kraft.version. {why}"
            );
            Err(ApiError::new(ErrorCode::InvalidUpdateVersion, text))
        };
        let Some(version) = KraftVersion::from_level(level) else {
            return Ok(invalid("No such level is known.".to_owned()));
        };
        match self.raft.upgrade(epoch, (version, UpgradeMode::Apply), raft)? {
            Ok(()) => Ok(Ok(())),
            Err(UpgradeError::NotLeader { .. }) => Ok(Err(ApiError::plain(ErrorCode::NotController))),
            Err(error @ UpgradeError::Invalid { .. }) => Ok(invalid(error.to_string())),
        }
    }

    fn append(
        &mut self,
        epoch: LeaderEpoch,
        at: Moment,
        outcome: &Outcome,
        raft: &mut Vec<RaftOutput>,
    ) -> Result<Result<(), AppendError>, ControlFailure> {
        let most = match outcome.append {
            Append::Atomic => outcome.records.len().max(1),
            Append::Splittable => MAX_RECORDS_PER_BATCH,
        };
        for records in outcome.records.chunks(most) {
            let bytes = encode_batch(records, at.wall)
                .map_err(|source| ControlFailure::Records { at: self.next, source })?;
            self.bytes_since_snapshot += bytes.len() as u64;
            let count = u32::try_from(records.len()).expect("a batch has few records");
            match self.raft.append(epoch, DataBatch { records: count, bytes }, raft)? {
                Ok(appending) => self.replay_own(records, appending.base_offset, epoch, at)?,
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(()))
    }

    fn replay_own(
        &mut self,
        records: &[VersionedRecord],
        base: Offset,
        epoch: LeaderEpoch,
        at: Moment,
    ) -> Result<(), ControlFailure> {
        let mut last = base;
        for (index, record) in records.iter().enumerate() {
            last = base.plus(i64::try_from(index).unwrap_or(i64::MAX));
            let replayed = self.controller.replay(&record.record, last);
            replayed.map_err(|source| ControlFailure::Replay { at: last, source })?;
        }
        self.controller.end_batch(Provenance {
            last_offset: last,
            epoch,
            timestamp: at.wall,
            batch_aligned: true,
        });
        self.next = last.next();
        Ok(())
    }

    /// Runs a command of the node itself until nothing is left of it.
    fn run_own(&mut self, command: &Command, outputs: &mut Vec<ControlOutput>) -> Result<(), ControlFailure> {
        loop {
            let (answer, _) = self.decide_and_append(command, outputs)?;
            match answer {
                Ok(Reply::Internal(MoreToDo::Yes)) if self.is_active() => {}
                Ok(_) => return Ok(()),
                Err(error) => {
                    tracing::warn!(?command, ?error, "the controller could not do its own work");
                    return Ok(());
                }
            }
        }
    }

    fn on_timeout(&mut self, outputs: &mut Vec<ControlOutput>) -> Result<(), ControlFailure> {
        let now = self.clock.instant();
        if self.raft.next_deadline().is_some_and(|deadline| deadline <= now) {
            let mut raft = Vec::new();
            self.raft.step(RaftEvent::Timeout, &mut raft)?;
            self.take_raft(raft, outputs)?;
        }
        if self.is_active() {
            self.run_due(now, outputs)?;
        }
        self.try_snapshot(now, outputs);
        Ok(())
    }

    fn run_due(&mut self, now: Instant, outputs: &mut Vec<ControlOutput>) -> Result<(), ControlFailure> {
        if self.controller.next_deadline().is_some_and(|deadline| deadline <= now) {
            self.run_own(&Command::FenceStaleBroker, outputs)?;
        }
        if self.next_no_op <= now {
            self.next_no_op = self.times.max_idle.map_or(Instant::FAR_FUTURE, |after| now.after(after));
            self.run_own(&Command::WriteNoOp, outputs)?;
        }
        if self.next_balance <= now {
            self.next_balance = self.times.balance.map_or(Instant::FAR_FUTURE, |after| now.after(after));
            self.run_own(&Command::BalanceLeaders, outputs)?;
        }
        Ok(())
    }

    fn try_snapshot(&mut self, now: Instant, outputs: &mut Vec<ControlOutput>) {
        let is_due = self.next_snapshot <= now || self.bytes_since_snapshot >= self.times.snapshot_bytes;
        if !is_due || self.writing_snapshot {
            return;
        }
        self.next_snapshot =
            self.times.snapshot_interval.map_or(Instant::FAR_FUTURE, |after| now.after(after));
        let image = self.controller.committed_image().clone();
        let Some(provenance) = image.provenance().filter(|provenance| provenance.batch_aligned) else {
            return;
        };
        let mut end = provenance.last_offset.next();
        if planted::has(Bug::OverstateSnapshot) {
            end = end.next();
        }
        self.bytes_since_snapshot = 0;
        self.writing_snapshot = true;
        outputs.push(ControlOutput::Snapshot(Box::new(SnapshotJob {
            store: self.raft.log().snapshots().clone(),
            id: OffsetAndEpoch { offset: end, epoch: provenance.epoch },
            image,
            control: self.raft.control_of_snapshot(end),
            now: self.clock.wall(),
        })));
    }

    fn load_snapshot(
        &mut self,
        id: OffsetAndEpoch,
        outputs: &mut Vec<ControlOutput>,
    ) -> Result<(), ControlFailure> {
        let content = self.raft.log().read_snapshot(id).map_err(RaftFailure::from)?.unwrap_or_default();
        let mut loader = MetadataLoader::default();
        let loaded = loader.load_snapshot(id, &content, MetadataImage::new())?;
        let delta = self.controller.load_snapshot(loaded.into_after());
        self.next = id.offset;
        self.committed = self.committed.max(id.offset);
        outputs.push(ControlOutput::Publish(Box::new(delta)));
        Ok(())
    }
}

fn refusal(error: &AppendError) -> ApiError {
    match error {
        AppendError::NotLeader { .. } => ApiError::plain(ErrorCode::NotController),
        AppendError::BatchTooLarge { .. } => ApiError::new(ErrorCode::PolicyViolation, error.to_string()),
        AppendError::QueueFull { .. } => ApiError::plain(ErrorCode::NotController),
    }
}

impl From<MetadataLogError> for ControlFailure {
    fn from(error: MetadataLogError) -> ControlFailure {
        ControlFailure::Raft(error.into())
    }
}
