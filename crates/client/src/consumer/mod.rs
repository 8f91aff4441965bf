//! The consumer: one owner polls it; what takes time runs as its tasks.
//!
//! ```text
//! poll() --step: launch what is missing--> tasks: metadata, join, offsets, fetches
//!    ^------------- events -----------------/          heartbeats: a task of their own
//! ```
//!
//! A poll may be dropped at any time: tasks go on, and their events wait for the next poll. Each partition has
//! at most one answer waiting to be handed out, and each broker at most one fetch, so that what is held is
//! bounded by `max.partition.fetch.bytes` per partition. Dropping the consumer ends all its tasks without a
//! word to the group; [`Consumer::close`] leaves it in order.

pub mod assignor;
mod config;
mod drain;
mod fetcher;
mod group;
mod listener;
mod offsets;
mod pattern;
mod plan;
mod poll;
mod positions;
mod rebalance;
mod record;
mod session;
mod state;
mod stream;
mod typed;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use klamm_model::TopicPartition;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::Instant;

use self::drain::Drain;
use self::fetcher::BrokerFetches;
use self::group::Group;
use self::poll::{Event, Metadata};
use self::rebalance::Change;
use self::state::{State, Subscription};
use crate::cluster::{AutoCreate, Cluster, TopicSelection, TopicView};
use crate::error::ClientError;
use crate::metrics::Metric;

pub use config::{AutoCommit, AutoOffsetReset, CheckCrcs, ConsumerConfig, InternalTopics, IsolationLevel};
pub use listener::{Listening, RebalanceListener, done};
pub use offsets::CommitCallback;
pub use pattern::TopicPattern;
pub use record::{ConsumerRecord, OffsetAndMetadata};
pub use stream::RecordStream;
pub use typed::{TypedConsumer, TypedRecord};

/// What a consumer has done since the start.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    /// Records handed out.
    records: u64,
    /// Answers to fetches.
    fetches: u64,
    /// Generations entered.
    rebalances: u64,
}

/// Reads records.
pub struct Consumer {
    config: Arc<ConsumerConfig>,
    cluster: Cluster,
    state: State,
    group: Option<Group>,
    listener: Option<Box<dyn RebalanceListener>>,
    tasks: JoinSet<Event>,
    /// Commits that nobody waits for: each begins when the one before has ended.
    commits: JoinSet<offsets::CommitEnd>,
    /// Resolves when the last of `commits` has ended.
    last_commit: Option<oneshot::Receiver<()>>,
    brokers: BTreeMap<i32, BrokerFetches>,
    drains: VecDeque<Drain>,
    metadata: Metadata,
    /// What a rebalance changes and the listener has not heard of to its end.
    changes: VecDeque<Change>,
    /// To be told by the next poll.
    failure: Option<ClientError>,
    counts: Counts,
    /// A listener is being called.
    listening: bool,
    began: Instant,
}

impl std::fmt::Debug for Consumer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Consumer").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Consumer {
    /// A consumer; its tasks run on the current runtime. Nothing is dialled yet.
    pub fn new(config: ConsumerConfig) -> Consumer {
        let now = Instant::now();
        Consumer {
            cluster: Cluster::new(config.client.clone()),
            group: config.group_id.as_deref().map(Group::new),
            config: Arc::new(config),
            state: State::default(),
            listener: None,
            tasks: JoinSet::new(),
            commits: JoinSet::new(),
            last_commit: None,
            brokers: BTreeMap::new(),
            drains: VecDeque::new(),
            metadata: Metadata::new(now),
            changes: VecDeque::new(),
            failure: None,
            counts: Counts::default(),
            listening: false,
            began: now,
        }
    }

    /// Its settings.
    pub fn config(&self) -> &ConsumerConfig {
        &self.config
    }

    /// The cluster's connections and metadata.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// Who hears of rebalances from now on.
    pub fn set_listener(&mut self, listener: impl RebalanceListener + 'static) {
        self.listener = Some(Box::new(listener));
    }

    /// Reads `topics` as a member of the group, in place of what was subscribed to before.
    pub fn subscribe<T: Into<Arc<str>>>(
        &mut self,
        topics: impl IntoIterator<Item = T>,
    ) -> Result<(), ClientError> {
        let topics: BTreeSet<Arc<str>> = topics.into_iter().map(Into::into).collect();
        if topics.iter().any(|topic| topic.trim().is_empty()) {
            let text = "Topic collection to subscribe to cannot contain null or empty topic";
            return Err(ClientError::IllegalState(text.to_owned()));
        }
        self.resubscribe(Subscription::Topics(topics))
    }

    /// Reads all topics whose whole name matches, also those that come later.
    pub fn subscribe_pattern(&mut self, pattern: TopicPattern) -> Result<(), ClientError> {
        self.resubscribe(Subscription::Pattern(pattern, BTreeSet::new()))
    }

    fn resubscribe(&mut self, subscription: Subscription) -> Result<(), ClientError> {
        self.config.group()?;
        match (&self.state.subscription, &subscription) {
            (Subscription::Nothing, _)
            | (Subscription::Topics(_), Subscription::Topics(_))
            | (Subscription::Pattern(..), Subscription::Pattern(..)) => {}
            (Subscription::Topics(_) | Subscription::Pattern(..) | Subscription::ByHand, _) => {
                let text = "Subscription to topics, partitions and pattern are mutually exclusive";
                return Err(ClientError::IllegalState(text.to_owned()));
            }
        }
        self.state.subscription = subscription;
        self.metadata.want();
        if let Some(group) = self.group.as_mut().filter(|group| group.is_in_or_joining()) {
            group.rejoin = Some("the subscription changed");
        }
        Ok(())
    }

    /// Reads `partitions`, in place of those before; no group takes part. What stays keeps its place.
    pub fn assign(
        &mut self,
        partitions: impl IntoIterator<Item = TopicPartition>,
    ) -> Result<(), ClientError> {
        if self.state.is_subscribed() {
            let text = "Subscription to topics, partitions and pattern are mutually exclusive";
            return Err(ClientError::IllegalState(text.to_owned()));
        }
        self.state.assign(partitions);
        self.state.subscription = Subscription::ByHand;
        self.metadata.want();
        Ok(())
    }

    /// Reads nothing any more. A member leaves its group, after its listener has heard of it. Dropped before its
    /// end, the consumer stays subscribed and gets its partitions anew at the next poll.
    pub async fn unsubscribe(&mut self) -> Result<(), ClientError> {
        if self.state.is_subscribed() {
            if let Some(group) = self.group.as_mut().filter(|group| group.is_in()) {
                group.rejoin = Some("an unsubscribe was given up");
            }
            self.give_up_all().await;
            self.leave_group("the consumer unsubscribed from all topics").await;
        }
        self.changes.clear();
        self.state.assign([]);
        self.state.subscription = Subscription::Nothing;
        self.drains.clear();
        Ok(())
    }

    /// The partitions that are read.
    pub fn assignment(&self) -> BTreeSet<TopicPartition> {
        self.state.assigned()
    }

    /// The topics subscribed to.
    pub fn subscription(&self) -> BTreeSet<Arc<str>> {
        self.state.topics().cloned().unwrap_or_default()
    }

    /// Hands out nothing of `partitions` until they are resumed. They stay assigned.
    pub fn pause(&mut self, partitions: &[TopicPartition]) -> Result<(), ClientError> {
        self.each(partitions, |partition| partition.paused = true)
    }

    /// Ends the pause of `partitions`.
    pub fn resume(&mut self, partitions: &[TopicPartition]) -> Result<(), ClientError> {
        self.each(partitions, |partition| partition.paused = false)
    }

    /// The partitions that are paused.
    pub fn paused(&self) -> BTreeSet<TopicPartition> {
        let paused = self.state.partitions().filter(|(_, partition)| partition.paused);
        paused.map(|(at, _)| at.clone()).collect()
    }

    fn each(
        &mut self,
        partitions: &[TopicPartition],
        change: impl Fn(&mut state::Partition),
    ) -> Result<(), ClientError> {
        for at in partitions {
            change(self.state.get_mut(at).ok_or_else(|| not_assigned(at))?);
        }
        Ok(())
    }

    /// This consumer's id in its group and its generation, once it has joined.
    pub fn group_member(&self) -> Option<(String, i32)> {
        let member = &self.group.as_ref()?.member;
        Some((member.id.to_string(), member.generation?))
    }

    /// What it has counted so far.
    pub fn metrics(&self) -> Vec<Metric> {
        let Counts { records, fetches, rebalances } = self.counts;
        let assigned = self.state.partitions().count() as u64;
        let fetching = "consumer-fetch-manager-metrics";
        let coordinating = "consumer-coordinator-metrics";
        let rows = [
            (fetching, "records-consumed-total", records),
            (fetching, "fetch-total", fetches),
            (coordinating, "rebalance-total", rebalances),
            (coordinating, "assigned-partitions", assigned),
        ];
        rows.map(|(group, name, value)| Metric::of(group, name, value)).to_vec()
    }

    /// Joins the group anew at the next poll.
    pub fn enforce_rebalance(&mut self) {
        if let Some(group) = &mut self.group {
            group.rejoin = Some("rebalance enforced by user");
        }
    }

    /// The partitions of a topic, asked for now.
    pub async fn partitions_for(&self, topic: &str) -> Result<Option<Arc<TopicView>>, ClientError> {
        let selection = TopicSelection::Named(vec![topic.into()], AutoCreate::Never);
        let errors = self.cluster.refresh_until(selection, self.cluster.default_deadline()).await?;
        match errors.get(topic) {
            Some(klamm_protocol::ErrorCode::UnknownTopicOrPartition) | None => {
                Ok(self.cluster.view().topic(topic).cloned())
            }
            Some(error) => Err(ClientError::kafka(*error)),
        }
    }

    /// Commits where asked to be, gives up the partitions, leaves the group and ends all tasks. Waits no longer
    /// than `limit`, and for commits no longer than half of it, so that listener and group hear of the end.
    pub async fn close(mut self, limit: Duration) -> Result<(), ClientError> {
        let closed = tokio::time::timeout(limit, async {
            let commits = tokio::time::timeout(limit / 2, self.commit_at_end());
            let committed = commits.await.unwrap_or_else(|_| {
                let after_ms = (limit / 2).as_millis() as u64;
                Err(ClientError::Timeout { what: "commits of a consumer that closes".to_owned(), after_ms })
            });
            self.give_up_all().await;
            self.leave_group("the consumer is being closed").await;
            self.end_sessions().await;
            committed
        });
        closed.await.unwrap_or_else(|_| {
            let after_ms = limit.as_millis() as u64;
            Err(ClientError::Timeout { what: "closing the consumer".to_owned(), after_ms })
        })
    }

    /// The time since this consumer began, as the pure parts count it.
    fn now(&self) -> klamm_model::Instant {
        klamm_model::Instant::ZERO.after(self.began.elapsed())
    }
}

fn not_assigned(at: &TopicPartition) -> ClientError {
    ClientError::IllegalState(format!("No current assignment for partition {at}"))
}
