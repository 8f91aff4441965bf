//! What the active controller decides: appended to the metadata log, replayed, and answered once it is committed.

use klamm_metadata::controller::{
    Append, Command, ConfigRules, MAX_RECORDS_PER_BATCH, Moment, MoreToDo, Outcome, Reply,
};
use klamm_metadata::image::Provenance;
use klamm_metadata::{ApiError, VersionedRecord};
use klamm_model::{LeaderEpoch, Offset};
use klamm_protocol::ErrorCode;
use klamm_raft::{AppendError, DataBatch, KraftVersion, UpgradeError, UpgradeMode};

use super::ControlDriver;
use crate::control::{ControlAnswer, ControlFailure, ControlOutput};
use crate::metadata::{LoadError, encode_batch};
use crate::planted::{self, Bug};
use crate::promise::Promise;
use crate::raft::RaftOutput;

impl<R: ConfigRules> ControlDriver<R> {
    pub(super) fn on_command(
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
                .map_err(|source| LoadError::Records { at: self.next, source })?;
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
            replayed.map_err(|source| LoadError::Replay { at: last, source })?;
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
    pub(super) fn run_own(
        &mut self,
        command: &Command,
        outputs: &mut Vec<ControlOutput>,
    ) -> Result<(), ControlFailure> {
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
}

fn refusal(error: &AppendError) -> ApiError {
    match error {
        AppendError::NotLeader { .. } => ApiError::plain(ErrorCode::NotController),
        AppendError::BatchTooLarge { .. } => ApiError::new(ErrorCode::PolicyViolation, error.to_string()),
        AppendError::QueueFull { .. } => ApiError::plain(ErrorCode::NotController),
    }
}
