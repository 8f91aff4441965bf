//! A consumer's way into its group and out of it, with what its listener hears.
//!
//! Before a join: commit, then give up what the protocol says (eager: everything; cooperative: what is not
//! subscribed to any more), or everything as lost. After it: cooperative members give up what went to others and
//! join once more, so that the others can have it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use klamm_model::TopicPartition;
use tokio::time::{Instant, timeout};

use super::Consumer;
use super::assignor::{LastAssignment, RebalanceProtocol};
use super::config::AutoCommit;
use super::group::{Join, JoinOutcome, Joined, Standing, Verdict, join, leave};
use super::poll::Event;
use super::state::Subscription;
use crate::cluster::Backoff;
use crate::error::ClientError;

/// What a listener hears of.
#[derive(Clone, Copy)]
enum Change {
    Assigned,
    Revoked,
    Lost,
}

impl Consumer {
    /// Goes on with the membership as far as possible without waiting.
    pub(super) async fn step_group(&mut self) -> Result<(), ClientError> {
        if !self.state.is_subscribed() {
            return Ok(());
        }
        let Some(group) = &mut self.group else { return Ok(()) };
        group.shared.polled();
        if let Some(outcome) = group.outcome.take() {
            self.on_join_outcome(outcome).await?;
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
        let group = self.group.as_ref()?;
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
        }
        let owned = self.state.assigned().into_iter().collect();
        let topics = self.state.topics().cloned().unwrap_or_default();
        let Some(group) = &mut self.group else { return };
        group.prepared = true;
        group.rejoin = None;
        group.standing = Standing::Joining;
        // Of the generation that ends here.
        group.shared.take_verdict();
        let task = Join {
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
        self.tasks.spawn(async move { Event::Join(join(task).await) });
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
        let (given_up, change): (BTreeSet<_>, _) = if is_lost {
            (owned.clone(), Change::Lost)
        } else if self.config.rebalance_protocol() == RebalanceProtocol::Eager {
            (owned.clone(), Change::Revoked)
        } else {
            let gone = owned.iter().filter(|at| !subscribed.contains(&at.topic));
            (gone.cloned().collect(), Change::Revoked)
        };
        self.give_up(&given_up, change).await;
        self.state.assign(owned.difference(&given_up).cloned());
        if let Some(group) = &mut self.group {
            group.lost = false;
        }
    }

    async fn on_join_outcome(&mut self, outcome: JoinOutcome) -> Result<(), ClientError> {
        let backoff = Backoff::of_retries(&self.config.client);
        let Some(group) = &mut self.group else { return Ok(()) };
        match outcome {
            JoinOutcome::Joined(joined) => {
                self.on_joined(joined).await;
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

    async fn on_joined(&mut self, joined: Joined) {
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
        self.give_up(&revoked, Change::Revoked).await;
        self.state.assign(assigned);
        self.tell(Change::Assigned, &added).await;
        if let Some(group) = &mut self.group {
            if !revoked.is_empty() {
                group.rejoin = Some("need to revoke partitions and re-join");
            } else if stray {
                group.rejoin = Some("the subscription changed during the rebalance");
            }
        }
    }

    /// Stops reading `partitions` and tells the listener.
    async fn give_up(&mut self, partitions: &BTreeSet<TopicPartition>, change: Change) {
        if partitions.is_empty() {
            return;
        }
        for (at, partition) in self.state.partitions_mut() {
            partition.being_revoked |= partitions.contains(at);
        }
        let list: Vec<TopicPartition> = partitions.iter().cloned().collect();
        self.tell(change, &list).await;
    }

    /// Calls the listener. If the poll is dropped meanwhile, the call is broken off and the listener kept.
    async fn tell(&mut self, change: Change, partitions: &[TopicPartition]) {
        let Some(mut listener) = self.listener.take() else { return };
        self.listening = true;
        match change {
            Change::Assigned => listener.on_assigned(self, partitions).await,
            Change::Revoked => listener.on_revoked(self, partitions).await,
            Change::Lost => listener.on_lost(self, partitions).await,
        }
        self.listening = false;
        if self.listener.is_none() {
            self.listener = Some(listener);
        }
    }

    /// Gives up all partitions of a membership that ends.
    pub(super) async fn give_up_all(&mut self) {
        if !self.state.is_subscribed() {
            return;
        }
        let is_lost = self.group.as_ref().is_some_and(|group| group.lost);
        let change = if is_lost { Change::Lost } else { Change::Revoked };
        let owned = self.state.assigned();
        self.give_up(&owned, change).await;
        self.state.assign([]);
    }

    /// Leaves the group; a static member stays in it until its session ends.
    pub(super) async fn leave_group(&mut self, reason: &'static str) {
        let is_static = self.config.group_instance_id.is_some();
        let Some(group) = &mut self.group else { return };
        let member = std::mem::take(&mut group.member);
        group.step_out();
        group.last = None;
        group.led = None;
        if is_static || member.id.is_empty() {
            return;
        }
        let left = leave(&self.cluster, &self.config, &group.id, &member, reason).await;
        if let Err(error) = left {
            tracing::debug!(%error, group = %group.id, "could not leave");
        }
    }
}
