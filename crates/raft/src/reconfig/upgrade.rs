//! The upgrade of kraft.version from 0 to 1: the voters leave the configuration for the log, with
//! the directory ids that they have told the leader by then.

use klamm_model::{Instant, LeaderEpoch};

use crate::control_record::ControlRecord;
use crate::effect::Effects;
use crate::quorum::Quorum;
use crate::roles::VersionUpgrade;
use crate::voter_set::{KraftVersion, VoterSet};

/// Whether an upgrade is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpgradeMode {
    /// Append the records.
    Apply,
    /// Only check.
    ValidateOnly,
}

/// Why kraft.version cannot be raised.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum UpgradeError {
    /// Not, or no longer, the leader of that epoch.
    #[error("not the leader of epoch {epoch}; the current epoch is {current}")]
    NotLeader {
        /// The epoch of the request.
        epoch: LeaderEpoch,
        /// The current epoch.
        current: LeaderEpoch,
    },
    /// INVALID_UPDATE_VERSION.
    #[error("kraft.version cannot go from {from} to {to}: {reason}")]
    Invalid {
        /// Present level.
        from: u16,
        /// Wanted level.
        to: u16,
        /// Why not.
        reason: &'static str,
    },
}

impl Quorum {
    /// Raises kraft.version (UpdateFeatures); `Ok` also if it has that level already.
    pub fn on_upgrade(
        &mut self,
        now: Instant,
        epoch: LeaderEpoch,
        (to, mode): (KraftVersion, UpgradeMode),
        effects: &mut Effects,
    ) -> Result<(), UpgradeError> {
        let current = self.epoch();
        let Some(leader) = self.leader().filter(|_| epoch == current) else {
            return Err(UpgradeError::NotLeader { epoch, current });
        };
        let from = self.control.version();
        let upgrade = leader.upgrade.clone();
        if let Some(voters) = self.check_upgrade(from, to, upgrade)?
            && mode == UpgradeMode::Apply
        {
            self.append_upgrade(now, to, voters);
        }
        self.finish(now, effects);
        Ok(())
    }

    /// The voters to write with the upgrade; `None` if there is nothing to do.
    fn check_upgrade(
        &self,
        from: KraftVersion,
        to: KraftVersion,
        upgrade: VersionUpgrade,
    ) -> Result<Option<VoterSet>, UpgradeError> {
        let invalid = |reason| Err(UpgradeError::Invalid { from: from.level(), to: to.level(), reason });
        if from == to {
            return Ok(None);
        }
        if to < from {
            return invalid("it never goes down");
        }
        let VersionUpgrade::Gathering(voters) = upgrade else {
            return invalid("another upgrade is under way");
        };
        if !voters.supports(to) {
            return invalid("not every voter has told that it supports it");
        }
        if voters.iter().any(|voter| voter.key.directory.is_none()) {
            return invalid("not every voter has told its directory id");
        }
        Ok(Some(voters))
    }

    fn append_upgrade(&mut self, now: Instant, to: KraftVersion, voters: VoterSet) {
        let mut records = vec![ControlRecord::KraftVersion(to)];
        if voters != *self.voters() {
            records.push(ControlRecord::Voters(voters));
        }
        self.leader_mut().expect("checked above").upgrade = VersionUpgrade::Requested(to);
        self.append_control(now, records);
    }
}
