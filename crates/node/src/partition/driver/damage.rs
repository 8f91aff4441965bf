//! What a replica does that must not lead: its log is damaged, was begun anew after a damage, or holds records of a later
//! epoch than it is to lead in. It deletes nothing of its own and lets nobody follow it: what is left may be all there is.

use klamm_model::LeaderEpoch;
use klamm_replication::Leadership;
use klamm_storage::OpenLogError;

use super::super::types::{FollowRefusal, LeadershipView};
use super::{LogSlot, PartitionDriver, PartitionEffects, Role};

impl PartitionDriver {
    /// The log cannot be opened, for good.
    pub(super) fn on_broken(&mut self, error: OpenLogError, effects: &mut PartitionEffects) {
        let is_damaged = matches!(error, OpenLogError::Damaged { .. });
        self.log = LogSlot::Broken(error);
        let has_others = self.known.as_ref().is_some_and(|known| known.replicas.len() > 1);
        if !is_damaged || !has_others {
            return;
        }
        effects.damaged = true;
        match std::mem::replace(&mut self.role, Role::None) {
            Role::LeaderOnceOpen(leadership) => {
                self.stay_without_leader(&leadership, "its log is damaged");
            }
            role @ (Role::None | Role::Leader(_) | Role::Follower) => self.role = role,
        }
    }

    /// Why this replica must not lead.
    pub(super) fn why_not_lead(&self, leadership: &Leadership) -> Option<&'static str> {
        if self.lacks_committed {
            return Some("its log was begun anew and has not been fetched whole");
        }
        match &self.log {
            LogSlot::Broken(OpenLogError::Damaged { .. }) if leadership.replicas.len() > 1 => {
                Some("its log is damaged")
            }
            LogSlot::Open(log) if log.epochs().latest_epoch() > Some(leadership.epoch) => {
                Some("its log has records of a later leader")
            }
            LogSlot::Open(_) | LogSlot::Unopened | LogSlot::Broken(_) => None,
        }
    }

    /// Takes note of the epoch as one in which nobody leads.
    pub(super) fn stay_without_leader(&mut self, leadership: &Leadership, reason: &str) {
        let epoch = leadership.epoch;
        tracing::error!(partition = %self.name, %epoch, reason, "the partition is not led, as the controller wants");
        let replicas = leadership.replicas.as_slice().into();
        self.role = Role::None;
        self.known =
            Some(LeadershipView { epoch, leader: None, is_local: false, epoch_start: None, replicas });
    }

    /// Whether the log is damaged.
    pub(in crate::partition) fn is_damaged(&self) -> bool {
        matches!(self.log, LogSlot::Broken(OpenLogError::Damaged { .. }))
    }

    /// Lets go of a damaged log, which the leader of `epoch` has whole.
    pub(in crate::partition) fn begin_anew(&mut self, epoch: LeaderEpoch) -> Result<(), FollowRefusal> {
        let has_leader =
            self.known.as_ref().is_some_and(|known| known.epoch == epoch && known.leader.is_some());
        if !has_leader || !matches!(self.role, Role::Follower) || !self.is_damaged() {
            return Err(FollowRefusal::Superseded);
        }
        self.lacks_committed = true;
        self.log = LogSlot::Unopened;
        Ok(())
    }
}
