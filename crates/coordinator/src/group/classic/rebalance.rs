//! The round of a classic group: how a join phase begins, how it ends, and its deadlines.

use std::time::Duration;

use klamm_protocol::{ErrorCode, Str};

use super::{JoinPhase, Phase, Turn};
use crate::group::classic::turn::sync_error;
use crate::group::record::GroupRecord;
use crate::group::{GroupEvent, RemovalCause};
use crate::timers::RETRY_AFTER;

impl Turn<'_> {
    /// After a member joined, changed or left: begins a round, or ends the join phase that runs.
    pub(super) fn rebalance_or_complete(&mut self, reason: String) {
        match self.group.phase {
            Phase::Empty | Phase::Completing | Phase::Stable => self.begin_rebalance(reason),
            Phase::Preparing(_) => self.complete_join_if_due(),
        }
    }

    /// Begins a round. Whoever waits for an assignment is sent back to join.
    pub(super) fn begin_rebalance(&mut self, reason: String) {
        if self.group.phase == Phase::Completing {
            self.fail_sync(ErrorCode::RebalanceInProgress);
        }
        self.change().pending_sync.clear();
        self.cancel_sync_timer();
        self.event(GroupEvent::RebalanceStarted {
            group: self.group_id.clone(),
            generation: self.group.generation,
            reason,
        });
        if self.group.is_empty() {
            let delay = self.settings.initial_rebalance_delay;
            let remaining = self.group.rebalance_timeout().saturating_sub(delay);
            self.set_join_timer(delay);
            self.enter(Phase::Preparing(JoinPhase::Initial { delay, remaining, member_added: false }));
            return;
        }
        self.enter(Phase::Preparing(JoinPhase::Usual));
        if self.group.all_have_joined() {
            self.complete_join();
        } else {
            self.set_join_timer(self.group.rebalance_timeout());
        }
    }

    /// Ends the join phase if nobody is missing; the first one of a group ends by time only.
    pub(super) fn complete_join_if_due(&mut self) {
        if self.group.phase == Phase::Preparing(JoinPhase::Usual) && self.group.all_have_joined() {
            self.complete_join();
        }
    }

    /// The deadline of the join phase.
    pub(crate) fn on_join_deadline(&mut self) {
        let Phase::Preparing(join_phase) = self.group.phase.clone() else { return };
        match join_phase {
            JoinPhase::Initial { delay, remaining, member_added: true } if !remaining.is_zero() => {
                let next = remaining.min(self.settings.initial_rebalance_delay);
                self.set_join_timer(next);
                self.change().phase = Phase::Preparing(JoinPhase::Initial {
                    delay: next,
                    remaining: remaining.saturating_sub(delay),
                    member_added: false,
                });
            }
            JoinPhase::Initial { .. } | JoinPhase::Usual => self.complete_join(),
        }
    }

    /// Ends the join phase: a new generation of those who joined. Static members keep their place even if
    /// they did not; dynamic ones lose it.
    pub(super) fn complete_join(&mut self) {
        self.cancel_join_timer();
        let missing =
            |member: &&super::Member| member.awaiting_join.is_none() && member.instance_id.is_none();
        let missing: Vec<Str> =
            self.group.members.iter().filter(missing).map(|member| member.id.clone()).collect();
        for id in missing {
            self.drop_member(&id, RemovalCause::DidNotRejoin);
        }
        if !self.elect_leader() && !self.group.members.is_empty() {
            // Only static members are left and none has come back: wait for one, the round goes on. A
            // client may have set a time-out of zero, so not without a pause.
            self.change().phase = Phase::Preparing(JoinPhase::Usual);
            self.set_join_timer(self.group.rebalance_timeout().max(RETRY_AFTER));
            return;
        }
        let group = self.change();
        group.generation = group.generation.wrapping_add(1);
        group.pending_sync.clear();
        group.protocol_name = group.select_protocol();
        group.subscribed_topics = group.read_subscriptions();
        if self.group.members.is_empty() {
            self.become_empty();
        } else {
            self.become_completing();
        }
    }

    /// A leader that did not rejoin is replaced by a member that did. False if nobody did.
    fn elect_leader(&mut self) -> bool {
        let Some(leader) = &self.group.leader else { return false };
        if self.group.members.get(leader).is_some_and(|member| member.awaiting_join.is_some()) {
            return true;
        }
        let members = self.group.members.in_kafka_order();
        let joined = members.into_iter().find(|member| member.awaiting_join.is_some());
        let Some(elected) = joined.map(|member| member.id.clone()) else { return false };
        self.change().leader = Some(elected);
        true
    }

    fn become_empty(&mut self) {
        self.enter(Phase::Empty);
        self.outcome.records.push(GroupRecord::group_metadata(&self.group_id, &self.group));
        let (group, generation) = (self.group_id.clone(), self.group.generation);
        self.event(GroupEvent::GroupEmptied { group, generation });
    }

    fn become_completing(&mut self) {
        self.enter(Phase::Completing);
        let waiting: Vec<(Str, Option<_>)> = self
            .group
            .members
            .in_kafka_order()
            .into_iter()
            .map(|member| (member.id.clone(), member.awaiting_join))
            .collect();
        for (id, waiting) in waiting {
            if let Some(to) = waiting {
                let response = self.joined(&id);
                self.reply_join(to, response);
            }
            self.renew_session(&id);
            self.change().pending_sync.insert(id);
        }
        self.change().members.update_all(|member| {
            member.awaiting_join = None;
            member.is_new = false;
        });
        self.set_sync_timer(self.group.rebalance_timeout());
        self.event(GroupEvent::GenerationFormed {
            group: self.group_id.clone(),
            generation: self.group.generation,
            members: self.group.members.len(),
        });
    }

    /// Takes back all assignments of a sync phase and tells those who wait.
    pub(super) fn fail_sync(&mut self, error: ErrorCode) {
        let waiting: Vec<_> = self
            .group
            .members
            .in_kafka_order()
            .into_iter()
            .filter_map(|member| member.awaiting_sync.map(|to| (member.id.clone(), to)))
            .collect();
        for (id, to) in waiting {
            self.reply_sync(to, sync_error(error));
            self.renew_session(&id);
        }
        self.change().members.update_all(|member| {
            member.awaiting_sync = None;
            member.assignment = bytes::Bytes::new();
        });
    }

    /// The deadline by which each member of a generation must have asked for its assignment.
    pub(crate) fn on_sync_deadline(&mut self) {
        if !matches!(self.group.phase, Phase::Completing | Phase::Stable)
            || self.group.pending_sync.is_empty()
        {
            return;
        }
        let missing: Vec<Str> = self.group.pending_sync.iter().cloned().collect();
        for id in &missing {
            self.drop_member(id, RemovalCause::DidNotSync);
        }
        let reason = format!("{} members did not sync in time", missing.len());
        self.begin_rebalance(reason);
    }

    /// After the session of a member or of a pending one ended.
    pub(crate) fn on_session_end(&mut self, id: &str) {
        if self.group.pending_join.contains(id) {
            self.drop_member(id, RemovalCause::SessionTimeout);
            self.complete_join_of_whoever_is_left();
            return;
        }
        match self.group.members.get(id) {
            Some(member) if !member.is_excused() => {}
            Some(_) | None => return,
        }
        self.drop_member(id, RemovalCause::SessionTimeout);
        match self.group.phase {
            Phase::Completing | Phase::Stable => {
                self.begin_rebalance(format!("the session of member {id} ended"));
            }
            Phase::Preparing(_) => self.complete_join_of_whoever_is_left(),
            Phase::Empty => {}
        }
    }

    /// Unlike a leave, a lost session may also cut short the first join phase of a group.
    fn complete_join_of_whoever_is_left(&mut self) {
        if matches!(self.group.phase, Phase::Preparing(_)) && self.group.all_have_joined() {
            self.complete_join();
        }
    }

    /// At load: a group above the size limit rebalances, so that members can commit before some must go.
    pub(crate) fn shrink_if_too_large(&mut self) {
        if self.group.members.len() > self.settings.max_size {
            let size = self.group.members.len();
            self.begin_rebalance(format!(
                "{size} members were loaded, above the limit {}",
                self.settings.max_size
            ));
        }
    }

    /// Gives every loaded member its session time-out.
    pub(crate) fn renew_all_sessions(&mut self) {
        let sessions: Vec<(Str, Duration)> = self
            .group
            .members
            .iter()
            .map(|member| (member.id.clone(), super::millis(member.session_timeout_ms)))
            .collect();
        for (id, wait) in sessions {
            self.set_heartbeat_timer(id, wait);
        }
    }
}
