//! The raft driver: feeds the core with events, carries out its effects on log and files, and
//! hands the rest (fsyncs, messages, news) to its pump.

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use klamm_model::{Instant, LeaderEpoch, NodeId, Offset, OffsetAndEpoch};
use klamm_raft::{
    ApiKind, AppendError, Appending, CorrelationId, DataBatch, Destination, Effect, Effects, FlushToken,
    KraftVersion, PeerId, PersistToken, Quorum, QuorumView, RaftError, Request, RequestId, Response,
    ShutdownOutcome, SnapshotFacts, StartError, UpgradeError, UpgradeMode, Violation,
};
use klamm_storage::state::{QuorumState, QuorumStateStore};
use klamm_storage::{DiskFailure, Job, JobReport, OpenLogError};

use super::metadata_log::{MetadataLog, MetadataLogError};
use super::open::quorum_state;
use super::retention::MetadataRetention;
use crate::clock::Clock;

/// Kinds of misbehaviour that are told of peers while the leader stays; further ones wait for the next.
const MOST_TOLD: usize = 64;

/// The quorum cannot go on; the node stops.
#[derive(Debug, thiserror::Error)]
pub enum RaftFailure {
    /// The log failed.
    #[error(transparent)]
    Log(#[from] MetadataLogError),
    /// The log cannot be opened.
    #[error("metadata log: {0}")]
    Open(#[from] OpenLogError),
    /// The log is damaged in the middle: what would be cut may be what the quorum counts on.
    #[error(
        "metadata log: {0}. Nothing is cut: the quorum may count on these records. Where other controllers have \
         them, remove this one from the quorum, format its metadata directory anew and add it again; else restore \
         the file"
    )]
    Damaged(OpenLogError),
    /// A file beside it failed.
    #[error("metadata directory: {0}")]
    Disk(#[from] DiskFailure),
    /// `quorum-state` is not readable.
    #[error("{0}")]
    QuorumState(String),
    /// What `format` left is not readable.
    #[error("bootstrap metadata: {0}")]
    Bootstrap(String),
    /// The configuration names no quorum.
    #[error(transparent)]
    Start(#[from] StartError),
}

/// An input.
#[derive(Debug)]
pub enum RaftEvent {
    /// The node starts.
    Start,
    /// The deadline has come.
    Timeout,
    /// A flush ended.
    Flushed(FlushToken, JobReport),
    /// Another job of the log ended.
    JobDone(JobReport),
    /// `quorum-state` was written.
    Persisted(PersistToken, Result<(), DiskFailure>),
    /// A request of a peer or client.
    Request(RequestId, Request),
    /// Its sender is gone.
    RequestDropped(RequestId),
    /// An answer of a peer.
    Response(PeerId, CorrelationId, Response),
    /// The image has been written as a snapshot.
    SnapshotCreated(SnapshotFacts),
    /// Stop, within this time.
    Shutdown(Duration),
}

/// What the pump has to do, in order.
#[derive(Debug)]
pub enum RaftOutput {
    /// Run the job on the pool and report with [`RaftEvent::Flushed`].
    Flush(FlushToken, Job),
    /// Run another job of the log; report with [`RaftEvent::JobDone`].
    Background(Job),
    /// Write and fsync on the pool; report with [`RaftEvent::Persisted`].
    Persist(PersistToken, QuorumStateStore, QuorumState),
    /// Send to a peer.
    Send(Destination, CorrelationId, Request),
    /// Answer a request; what it carries of log or snapshot is read already.
    Reply(RequestId, Response),
    /// Records below this offset are committed.
    Committed(Offset),
    /// This node leads; current once it applied the record at the epoch's start.
    BecameLeader {
        /// The epoch.
        epoch: LeaderEpoch,
        /// Offset of its first record.
        epoch_start: Offset,
    },
    /// This node no longer leads.
    Resigned(LeaderEpoch),
    /// The epoch or its leader changed.
    LeaderChanged {
        /// The epoch.
        epoch: LeaderEpoch,
        /// Its leader.
        leader: Option<NodeId>,
    },
    /// The image must be loaded anew from this snapshot.
    LoadSnapshot(OffsetAndEpoch),
    /// The graceful stop is over.
    ShutdownComplete(ShutdownOutcome),
}

/// See the module.
#[derive(Debug)]
pub struct RaftDriver {
    quorum: Quorum,
    log: MetadataLog,
    retention: MetadataRetention,
    store: QuorumStateStore,
    clock: Arc<dyn Clock>,
    pending: VecDeque<Effect>,
    persisting: Persisting,
    /// What was told of peers since the leader changed.
    told: Vec<Violation>,
}

/// Writes of `quorum-state`, one at a time: the later one must be the one that stays.
#[derive(Debug)]
enum Persisting {
    Nothing,
    /// A write is under way; what came since waits, and confirms what came before it.
    Writing(Option<(PersistToken, QuorumState)>),
}

impl RaftDriver {
    pub(super) fn new(
        quorum: Quorum,
        (log, retention): (MetadataLog, MetadataRetention),
        store: QuorumStateStore,
        clock: Arc<dyn Clock>,
    ) -> RaftDriver {
        RaftDriver {
            quorum,
            log,
            retention,
            store,
            clock,
            pending: VecDeque::new(),
            persisting: Persisting::Nothing,
            told: Vec::new(),
        }
    }

    /// Role, epoch, leader, voters.
    pub fn view(&self) -> QuorumView {
        self.quorum.view()
    }

    /// Plants a fault; before the first event.
    #[cfg(feature = "planted-bugs")]
    pub(crate) fn plant(&mut self, bug: klamm_raft::Bug) {
        self.quorum.plant(bug);
    }

    /// When [`RaftEvent::Timeout`] is due.
    pub fn next_deadline(&self) -> Option<Instant> {
        self.quorum.next_deadline()
    }

    /// The log, for readers.
    pub fn log(&self) -> &MetadataLog {
        &self.log
    }

    /// kraft.version and voters that a snapshot ending at `end` must carry.
    pub fn control_of_snapshot(&self, end: Offset) -> (KraftVersion, Option<klamm_raft::VoterSet>) {
        self.quorum.control_of_snapshot(end)
    }

    /// The log, to be closed at the end.
    pub fn into_log(self) -> MetadataLog {
        self.log
    }

    /// Takes one event.
    pub fn step(&mut self, event: RaftEvent, outputs: &mut Vec<RaftOutput>) -> Result<(), RaftFailure> {
        let now = self.clock.instant();
        let mut effects = Effects::new();
        match event {
            RaftEvent::Start => self.quorum.on_start(now, &mut effects),
            RaftEvent::Timeout => self.quorum.on_timeout(now, &mut effects),
            RaftEvent::Flushed(token, report) => self.on_flushed(token, report, &mut effects)?,
            RaftEvent::JobDone(report) => {
                if let Some(failure) = report.failure() {
                    return Err(MetadataLogError::Storage(failure.clone()).into());
                }
                self.log.log_mut().on_job(report);
            }
            RaftEvent::Persisted(token, result) => {
                result?;
                self.persist_next(outputs);
                self.quorum.on_persisted(token, &mut effects);
            }
            RaftEvent::Request(id, request) => self.quorum.on_request(now, id, request, &mut effects),
            RaftEvent::RequestDropped(id) => self.quorum.on_request_dropped(id),
            RaftEvent::Response(peer, correlation, response) => {
                self.quorum.on_response(now, (peer, correlation), response, &mut effects);
            }
            RaftEvent::SnapshotCreated(facts) => {
                self.quorum.on_snapshot_created(facts);
                match self.log.clean(self.retention, self.clock.wall()) {
                    Ok(Some(start)) => self.quorum.on_log_start_advanced(start),
                    Ok(None) => {}
                    Err(error) if error.is_passing() => {
                        tracing::warn!(%error, "old metadata stays until the next snapshot");
                    }
                    Err(error) => return Err(error.into()),
                }
            }
            RaftEvent::Shutdown(patience) => self.quorum.on_shutdown(now, patience, &mut effects),
        }
        self.carry_out(effects, outputs)
    }

    /// Appends an atomic batch in the epoch this node leads.
    pub fn append(
        &mut self,
        epoch: LeaderEpoch,
        batch: DataBatch,
        outputs: &mut Vec<RaftOutput>,
    ) -> Result<Result<Appending, AppendError>, RaftFailure> {
        let mut effects = Effects::new();
        let appending = self.quorum.on_append(self.clock.instant(), epoch, batch, &mut effects);
        self.carry_out(effects, outputs)?;
        Ok(appending)
    }

    /// Raises kraft.version.
    pub fn upgrade(
        &mut self,
        epoch: LeaderEpoch,
        to: (KraftVersion, UpgradeMode),
        outputs: &mut Vec<RaftOutput>,
    ) -> Result<Result<(), UpgradeError>, RaftFailure> {
        let mut effects = Effects::new();
        let upgraded = self.quorum.on_upgrade(self.clock.instant(), epoch, to, &mut effects);
        self.carry_out(effects, outputs)?;
        Ok(upgraded)
    }

    /// Gives up leadership of `epoch`: the state machine cannot go on.
    pub fn resign(&mut self, epoch: LeaderEpoch, outputs: &mut Vec<RaftOutput>) -> Result<(), RaftFailure> {
        let mut effects = Effects::new();
        self.quorum.on_resign(self.clock.instant(), epoch, &mut effects);
        self.carry_out(effects, outputs)
    }

    fn on_flushed(
        &mut self,
        token: FlushToken,
        report: JobReport,
        effects: &mut Effects,
    ) -> Result<(), RaftFailure> {
        if let Some(failure) = report.failure() {
            return Err(MetadataLogError::Storage(failure.clone()).into());
        }
        self.log.log_mut().on_job(report);
        self.quorum.on_flushed(self.clock.instant(), token, effects);
        Ok(())
    }

    fn carry_out(&mut self, effects: Effects, outputs: &mut Vec<RaftOutput>) -> Result<(), RaftFailure> {
        self.pending.extend(effects);
        while let Some(effect) = self.pending.pop_front() {
            self.carry_out_one(effect, outputs)?;
        }
        let jobs = self.log.log_mut().take_jobs();
        outputs.extend(jobs.into_iter().map(RaftOutput::Background));
        Ok(())
    }

    fn carry_out_one(&mut self, effect: Effect, outputs: &mut Vec<RaftOutput>) -> Result<(), RaftFailure> {
        let wall = self.clock.wall();
        match effect {
            Effect::PersistQuorumState { token, state } => {
                self.persist(token, quorum_state(&state), outputs);
            }
            Effect::AppendControlBatch { base_offset, epoch, records } => {
                self.log.append_control((base_offset, epoch), &records, wall)?;
            }
            Effect::AppendDataBatches { base_offset, epoch, batches } => {
                self.log.append_data((base_offset, epoch), &batches, wall)?;
            }
            Effect::AppendFetched { epoch, records } => self.append_fetched(epoch, &records)?,
            Effect::TruncateTo(truncation) => self.log.truncate_to(truncation.log_end(), wall)?,
            Effect::FlushLog { token } => match self.log.flush_job(wall)? {
                Some(job) => outputs.push(RaftOutput::Flush(token, job)),
                None => {
                    let mut effects = Effects::new();
                    self.quorum.on_flushed(self.clock.instant(), token, &mut effects);
                    self.pending.extend(effects);
                }
            },
            Effect::SendRequest { to, correlation, request } => {
                outputs.push(RaftOutput::Send(to, correlation, request));
            }
            Effect::Reply { request, response } => {
                outputs.push(RaftOutput::Reply(request, self.filled(response)?));
            }
            Effect::AdvanceHighWatermark { offset } => {
                self.log.log_mut().set_high_watermark(offset);
                self.log.log_mut().publish();
                outputs.push(RaftOutput::Committed(offset));
            }
            Effect::BecameLeader { epoch, epoch_start } => {
                outputs.push(RaftOutput::BecameLeader { epoch, epoch_start });
            }
            Effect::ResignedLeader { epoch } => outputs.push(RaftOutput::Resigned(epoch)),
            Effect::LeaderChanged { epoch, leader, endpoints: _ } => {
                self.told.clear();
                outputs.push(RaftOutput::LeaderChanged { epoch, leader });
            }
            Effect::WriteSnapshotSlice { id, position, bytes } => {
                self.log.write_fetched(id, position, &bytes)?;
            }
            Effect::InstallSnapshot { id } => self.install_snapshot(id)?,
            Effect::DiscardSnapshot { id: _ } => self.log.discard_fetched(),
            Effect::LoadSnapshot { id } => outputs.push(RaftOutput::LoadSnapshot(id)),
            Effect::ShutdownComplete { outcome } => outputs.push(RaftOutput::ShutdownComplete(outcome)),
            Effect::Report(violation) => self.tell(violation),
        }
        Ok(())
    }

    /// Tells of a peer once, however often it tries: of what depends on the peer, once for each.
    fn tell(&mut self, violation: Violation) {
        let is_alike = |told: &Violation| match (told, &violation) {
            (Violation::UnexpectedError { .. }, Violation::UnexpectedError { .. }) => *told == violation,
            (told, violation) => mem::discriminant(told) == mem::discriminant(violation),
        };
        if self.told.len() == MOST_TOLD || self.told.iter().any(is_alike) {
            tracing::debug!(?violation, "a peer breaks the protocol of the quorum again");
            return;
        }
        tracing::error!(?violation, "a peer broke the protocol of the quorum");
        self.told.push(violation);
    }

    /// The answer with what it names of log or snapshot; where that cannot be read for the moment, one that has the
    /// peer ask again.
    fn filled(&self, response: Response) -> Result<Response, RaftFailure> {
        let kind = match &response {
            Response::FetchSnapshot(_) => ApiKind::FetchSnapshot,
            _ => ApiKind::Fetch,
        };
        match self.log.fill(response) {
            Err(error) if error.is_passing() => {
                tracing::warn!(%error, "a peer has to ask again");
                Ok(Response::Failed(kind, RaftError::BrokerNotAvailable))
            }
            filled => Ok(filled?),
        }
    }

    fn persist(&mut self, token: PersistToken, state: QuorumState, outputs: &mut Vec<RaftOutput>) {
        match &mut self.persisting {
            Persisting::Writing(waiting) => *waiting = Some((token, state)),
            Persisting::Nothing => {
                self.persisting = Persisting::Writing(None);
                outputs.push(RaftOutput::Persist(token, self.store.clone(), state));
            }
        }
    }

    fn persist_next(&mut self, outputs: &mut Vec<RaftOutput>) {
        let written = mem::replace(&mut self.persisting, Persisting::Nothing);
        if let Persisting::Writing(Some((token, state))) = written {
            self.persist(token, state, outputs);
        }
    }

    fn append_fetched(&mut self, epoch: LeaderEpoch, records: &Bytes) -> Result<(), RaftFailure> {
        let appended = self.log.append_fetched(epoch, records, self.clock.wall())?;
        let mut effects = Effects::new();
        self.quorum.on_appended(self.clock.instant(), appended, &mut effects);
        self.pending.extend(effects);
        Ok(())
    }

    fn install_snapshot(&mut self, id: OffsetAndEpoch) -> Result<(), RaftFailure> {
        let mut effects = Effects::new();
        let Some(facts) = self.log.install_fetched(id, self.clock.wall())? else {
            self.quorum.on_snapshot_refused(self.clock.instant(), &mut effects);
            self.pending.extend(effects);
            return Ok(());
        };
        let content = self.log.read_snapshot(id)?.unwrap_or_default();
        let mut controls = Vec::new();
        super::metadata_log::collect_controls(&content, Offset::ZERO, &mut controls)?;
        let controls: Vec<_> = controls.into_iter().map(|(_, record)| record).collect();
        self.quorum.on_snapshot_installed(self.clock.instant(), facts, &controls, &mut effects);
        self.pending.extend(effects);
        Ok(())
    }
}
