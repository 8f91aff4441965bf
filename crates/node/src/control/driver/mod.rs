//! The control driver. Who runs it gives it events and carries out its outputs in order.
//!
//! 1. A controller is active once it has applied everything before the epoch it leads.
//! 2. Records of the active controller take effect in its state as soon as the log accepted them;
//!    answers wait until they are committed in the same epoch.
//! 3. Images are published only of what is committed.

mod active;
mod standby;

use std::sync::Arc;
use std::task::Waker;
use std::time::Duration;

use klamm_metadata::MetadataImage;
use klamm_metadata::controller::{Bootstrap, Command, ConfigRules, Controller, Entropy};
use klamm_model::{Instant, LeaderEpoch, Offset, OffsetAndEpoch};
use klamm_raft::QuorumView;

use super::event::{ControlEvent, ControlFailure, ControlOutput};
use super::parked::ParkedAnswers;
use super::snapshot::SnapshotJob;
use crate::clock::Clock;
use crate::planted::{self, Bug};
use crate::raft::{RaftDriver, RaftEvent, RaftFailure, RaftOutput};

/// Pause before metadata that could not be read is read again.
const FOLLOW_AGAIN: Duration = Duration::from_secs(1);

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

/// How much of what is committed was replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Followed {
    All,
    Part,
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
    /// When what could not be read is read again.
    follow_again: Option<Instant>,
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
            follow_again: None,
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
        consider(self.follow_again);
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

    /// Active once everything before the epoch, and its first record, is applied.
    fn try_claim(&mut self, outputs: &mut Vec<ControlOutput>) -> Result<(), ControlFailure> {
        let Some(claim) = self.claim else { return Ok(()) };
        if self.committed <= claim.epoch_start && !planted::has(Bug::ClaimEarly) {
            return Ok(());
        }
        if self.follow()? == Followed::Part {
            return Ok(());
        }
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

    fn on_timeout(&mut self, outputs: &mut Vec<ControlOutput>) -> Result<(), ControlFailure> {
        let now = self.clock.instant();
        if self.raft.next_deadline().is_some_and(|deadline| deadline <= now) {
            let mut raft = Vec::new();
            self.raft.step(RaftEvent::Timeout, &mut raft)?;
            self.take_raft(raft, outputs)?;
        }
        if self.follow_again.is_some_and(|again| again <= now) {
            self.on_committed(self.committed, outputs)?;
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
        let end = provenance.last_offset.next();
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
}
