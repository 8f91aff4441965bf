//! A consumer's way into its group and out of it, with what its listener hears.
//!
//! Before a join: commit, then give up what the protocol says (eager: everything; cooperative: what is not
//! subscribed to any more), or everything as lost. After it: cooperative members give up what went to others and
//! join once more, so that the others can have it.
//!
//! What changes is kept as state until the listener has heard of it to the end: a poll that is dropped meanwhile
//! breaks the listener's call off, and the next poll makes it anew.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use klamm_model::TopicPartition;
use tokio::time::{Instant, timeout};

use super::assignor::{LastAssignment, RebalanceProtocol};
use super::config::AutoCommit;
use super::group::{Join, JoinOutcome, Joined, Standing, Verdict, join, leave};
use super::poll::Event;
use super::state::Subscription;
use super::{Consumer, RebalanceListener};
use crate::cluster::Backoff;
use crate::error::ClientError;

/// What a rebalance changes, as the listener hears of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// These are read no more.
    Revoked(BTreeSet<TopicPartition>),
    /// These were given to others already.
    Lost(BTreeSet<TopicPartition>),
    /// All of `all` are read from now on, `added` in addition to before.
    Assigned { all: BTreeSet<TopicPartition>, added: Vec<TopicPartition> },
}

/// A call of the listener. However it ends, the consumer has its listener back and may poll again.
struct Call<'c> {
    consumer: &'c mut Consumer,
    listener: Option<Box<dyn RebalanceListener>>,
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        self.consumer.listening = false;
        // Unless the call has set another one.
        if self.consumer.listener.is_none() {
            self.consumer.listener = self.listener.take();
        }
    }
}

impl Consumer {
    /// Goes on with the membership as far as possible without waiting.
    pub(super) async fn step_group(&mut self) -> Result<(), ClientError> {
        if !self.state.is_subscribed() {
            return Ok(());
        }
        let Some(group) = &mut self.group else { return Ok(()) };
        group.shared.polled();
        self.finish_changes().await;
        if let Some(outcome) = self.group.as_mut().and_then(|group| group.outcome.take()) {
            self.on_join_outcome(outcome)?;
            self.finish_changes().await;
        }
        self.hear_heartbeats()?;
        self.join_if_due().await;
        Ok(())
    }

    fn hear_heartbeats(&mut self) -> Result<(), ClientError> {
        let Some(group) = &mut self.group else { return Ok(()) };
        if !group.is_in() {
            return Ok(());
        }
        match group.shared.take_verdict() {
            None => Ok(()),
            Some(Verdict::Rebalance) => {
                group.rejoin = Some("the group is rebalancing");
                Ok(())
            }
            Some(Verdict::Lost(reason)) => {
                tracing::warn!(group = %group.id, reason, "the group gave this member up");
                group.forget_member();
                Ok(())
            }
            Some(Verdict::Fatal(error)) => {
                group.forget_member();
                Err(error)
            }
        }
    }

    /// Whether it is time to join, and why.
    fn reason_to_join(&self) -> Option<&'static str> {
        // A listener may have unsubscribed.
        let group = self.group.as_ref().filter(|_| self.state.is_subscribed())?;
        // A pattern's topics are not known before the first metadata.
        if matches!(self.state.subscription, Subscription::Pattern(..)) && !self.metadata.is_known() {
            return None;
        }
        match &group.standing {
            Standing::Joining => None,
            Standing::In { .. } => group.rejoin,
            Standing::Out { retry_at, .. } => (Instant::now() >= *retry_at).then_some(""),
        }
    }

    pub(super) fn next_group_timer(&self) -> Option<Instant> {
        let group = self.group.as_ref()?;
        let retry = match &group.standing {
            Standing::Out { retry_at, .. } if self.state.is_subscribed() && self.metadata.is_known() => {
                Some(*retry_at)
            }
            Standing::Out { .. } | Standing::Joining | Standing::In { .. } => None,
        };
        // A commit that is overdue waits for the membership, not for the clock.
        let commit = group.next_commit.filter(|at| *at > Instant::now());
        retry.into_iter().chain(commit).min()
    }

    async fn join_if_due(&mut self) {
        let Some(reason) = self.reason_to_join() else { return };
        if self.group.as_ref().is_some_and(|group| !group.prepared) {
            self.prepare_join().await;
            if !self.state.is_subscribed() {
                return;
            }
        }
        let owned = self.state.assigned().into_iter().collect();
        let topics = self.state.topics().cloned().unwrap_or_default();
        let Some(group) = &mut self.group else { return };
        group.prepared = true;
        group.rejoin = None;
        group.standing = Standing::Joining;
        let number = group.shared.begin_join(&group.member);
        let task = Join {
            number,
            cluster: self.cluster.clone(),
            config: Arc::clone(&self.config),
            group: group.id.clone(),
            shared: Arc::clone(&group.shared),
            member: group.member.clone(),
            topics,
            owned,
            last: group.last.clone(),
            reason,
        };
        self.tasks.spawn(async move { Event::Join(number, join(task).await) });
    }

    /// Commits, and gives up what must be given up.
    async fn prepare_join(&mut self) {
        let is_lost = self.group.as_ref().is_some_and(|group| group.lost);
        let is_in = self.group.as_ref().is_some_and(super::group::Group::is_in);
        if is_in && !is_lost && self.config.auto_commit != AutoCommit::Never {
            let limit = self.config.rebalance_timeout().min(self.config.client.request_timeout());
            let committed = timeout(limit, self.commit_consumed()).await;
            if let Ok(Err(error)) = committed {
                tracing::warn!(%error, "no commit before the rebalance");
            }
        }
        let owned = self.state.assigned();
        let subscribed = self.state.topics().cloned().unwrap_or_default();
        let given_up: BTreeSet<TopicPartition> =
            if is_lost || self.config.rebalance_protocol() == RebalanceProtocol::Eager {
                owned
            } else {
                owned.into_iter().filter(|at| !subscribed.contains(&at.topic)).collect()
            };
        self.give_up(given_up, is_lost);
        if let Some(group) = &mut self.group {
            group.lost = false;
        }
        self.finish_changes().await;
    }

    fn on_join_outcome(&mut self, outcome: JoinOutcome) -> Result<(), ClientError> {
        let backoff = Backoff::of_retries(&self.config.client);
        let Some(group) = &mut self.group else { return Ok(()) };
        match outcome {
            JoinOutcome::Joined(joined) => {
                self.on_joined(joined);
                Ok(())
            }
            JoinOutcome::Again(member, error) => {
                tracing::debug!(%error, group = %group.id, "joining again");
                group.member = member;
                let failures = group.failures + 1;
                group.failures = failures;
                let at_once = error.code() == Some(klamm_protocol::ErrorCode::RebalanceInProgress);
                let wait = if at_once { Duration::ZERO } else { backoff.after(failures) };
                group.standing = Standing::Out { retry_at: Instant::now() + wait };
                Ok(())
            }
            JoinOutcome::Unknown(error) => {
                tracing::debug!(%error, group = %group.id, "joining as a new member");
                group.forget_member();
                Ok(())
            }
            JoinOutcome::Fatal(error) => {
                let wait = backoff.after(1);
                group.standing = Standing::Out { retry_at: Instant::now() + wait };
                Err(error)
            }
        }
    }

    fn on_joined(&mut self, joined: Joined) {
        self.counts.rebalances += 1;
        let Some(group) = &mut self.group else { return };
        group.member = joined.member;
        group.led = joined.led;
        group.failures = 0;
        group.prepared = false;
        group.standing = Standing::In { _heartbeats: joined.heartbeats };
        tracing::info!(
            group = %group.id,
            member = %group.member.id,
            generation = group.member.generation,
            partitions = joined.assigned.len(),
            "joined"
        );
        if let AutoCommit::Every { interval_ms } = self.config.auto_commit {
            group.next_commit = Some(Instant::now() + Duration::from_millis(interval_ms));
        }
        let generation = group.member.generation.unwrap_or(-1);
        group.last = Some(LastAssignment { partitions: joined.assigned.clone(), generation });

        let topics = self.state.topics().cloned().unwrap_or_default();
        let stray = joined.assigned.iter().any(|at| !topics.contains(&at.topic));
        let assigned: BTreeSet<TopicPartition> =
            joined.assigned.into_iter().filter(|at| topics.contains(&at.topic)).collect();
        let owned = self.state.assigned();
        let revoked: BTreeSet<TopicPartition> = owned.difference(&assigned).cloned().collect();
        let added: Vec<TopicPartition> = assigned.difference(&owned).cloned().collect();
        if let Some(group) = &mut self.group {
            if !revoked.is_empty() {
                group.rejoin = Some("need to revoke partitions and re-join");
            } else if stray {
                group.rejoin = Some("the subscription changed during the rebalance");
            }
        }
        self.give_up(revoked, false);
        self.changes.push_back(Change::Assigned { all: assigned, added });
    }

    /// Stops reading `partitions`; the listener will hear of it.
    fn give_up(&mut self, partitions: BTreeSet<TopicPartition>, is_lost: bool) {
        if partitions.is_empty() {
            return;
        }
        for (at, partition) in self.state.partitions_mut() {
            partition.being_revoked |= partitions.contains(at);
        }
        let change = if is_lost { Change::Lost(partitions) } else { Change::Revoked(partitions) };
        self.changes.push_back(change);
    }

    /// Carries out what is to be changed, one after the other, each with its call of the listener.
    async fn finish_changes(&mut self) {
        while let Some(change) = self.changes.front().cloned() {
            if let Change::Assigned { all, .. } = &change {
                self.state.assign(all.iter().cloned());
            }
            self.tell(&change).await;
            // The listener may have ended the subscription, and with it what was to be changed.
            if self.changes.pop_front().is_none() {
                return;
            }
            if let Change::Revoked(gone) | Change::Lost(gone) = &change {
                let rest = self.state.assigned().into_iter().filter(|at| !gone.contains(at));
                self.state.assign(rest);
            }
        }
    }

    /// Calls the listener.
    async fn tell(&mut self, change: &Change) {
        let Some(listener) = self.listener.take() else { return };
        self.listening = true;
        let mut call = Call { consumer: self, listener: Some(listener) };
        let Call { consumer, listener: Some(listener) } = &mut call else { return };
        match change {
            Change::Assigned { added, .. } => listener.on_assigned(consumer, added).await,
            Change::Revoked(partitions) => {
                let partitions: Vec<TopicPartition> = partitions.iter().cloned().collect();
                listener.on_revoked(consumer, &partitions).await;
            }
            Change::Lost(partitions) => {
                let partitions: Vec<TopicPartition> = partitions.iter().cloned().collect();
                listener.on_lost(consumer, &partitions).await;
            }
        }
    }

    /// Gives up all partitions of a membership that ends.
    pub(super) async fn give_up_all(&mut self) {
        if !self.state.is_subscribed() {
            return;
        }
        let is_lost = self.group.as_ref().is_some_and(|group| group.lost);
        self.changes.clear();
        self.give_up(self.state.assigned(), is_lost);
        self.finish_changes().await;
    }

    /// Leaves the group; a static member stays in it until its session ends.
    pub(super) async fn leave_group(&mut self, reason: &'static str) {
        let is_static = self.config.group_instance_id.is_some();
        let Some(group) = &mut self.group else { return };
        let member = group.depart();
        if is_static || member.id.is_empty() {
            return;
        }
        let left = leave(&self.cluster, &self.config, &group.id, &member, reason).await;
        if let Err(error) = left {
            tracing::debug!(%error, group = %group.id, "could not leave");
        }
    }
}

#[cfg(test)]
#[path = "rebalance_tests.rs"]
mod tests;
