//! The loop of a poll: launch what is missing, take what has come, wait for more.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use klamm_model::TopicPartition;
use klamm_protocol::{ErrorCode, Str};
use tokio::task::JoinError;
use tokio::time::{Instant, sleep_until};

use super::Consumer;
use super::config::InternalTopics;
use super::fetcher::FetchEnd;
use super::group::{JoinOutcome, Offsets};
use super::positions::{ListedEnd, ValidatedEnd};
use super::record::ConsumerRecord;
use super::state::Subscription;
use crate::cluster::{Backoff, TopicSelection};
use crate::error::ClientError;

/// A wait is never longer than this, so that the group's heartbeats see that the consumer polls.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// Partitions with the stamps they were asked for with.
pub(super) type Asked = Vec<(TopicPartition, u64)>;

/// What a task brings.
pub(super) enum Event {
    Metadata(Result<BTreeMap<Str, ErrorCode>, ClientError>),
    Join(u64, JoinOutcome),
    Committed(Asked, Result<Offsets, ClientError>),
    Listed(ListedEnd),
    Validated(ValidatedEnd),
    Fetched(FetchEnd),
}

/// When to ask for metadata.
#[derive(Debug)]
pub(super) struct Metadata {
    /// A question is on its way.
    asked: bool,
    wanted: bool,
    /// Questions in a row that left something to be wanted.
    unsatisfied: u32,
    /// No wanted question before this time.
    retry_at: Instant,
    refreshed: Option<Instant>,
    /// The topics of the last question.
    topics: BTreeSet<Arc<str>>,
}

impl Metadata {
    pub(super) fn new(now: Instant) -> Metadata {
        Metadata {
            asked: false,
            wanted: false,
            unsatisfied: 0,
            retry_at: now,
            refreshed: None,
            topics: BTreeSet::new(),
        }
    }

    /// Asks as soon as the last question is long enough ago.
    pub(super) fn want(&mut self) {
        self.wanted = true;
    }

    /// Whether there was an answer yet.
    pub(super) fn is_known(&self) -> bool {
        self.refreshed.is_some()
    }
}

impl Consumer {
    /// The next records, at most `max.poll.records`; none if none came within `timeout`. Joins the group,
    /// calls the listener and commits on the way. Must be called at least every `max.poll.interval.ms`.
    pub async fn poll(&mut self, timeout: Duration) -> Result<Vec<ConsumerRecord>, ClientError> {
        if self.listening {
            return Err(ClientError::IllegalState("a listener must not poll".to_owned()));
        }
        if matches!(self.state.subscription, Subscription::Nothing) {
            let text = "Consumer is not subscribed to any topics or assigned any partitions";
            return Err(ClientError::IllegalState(text.to_owned()));
        }
        let deadline = Instant::now() + timeout;
        loop {
            self.step().await?;
            let records = self.take_records()?;
            if !records.is_empty() {
                // The next ones come while the caller works.
                self.launch_fetches();
                return Ok(records);
            }
            if Instant::now() >= deadline {
                return Ok(Vec::new());
            }
            self.wait(deadline).await;
        }
    }

    /// Does all that can be done without waiting for a broker, listeners and the commit before a rebalance
    /// apart.
    pub(super) async fn step(&mut self) -> Result<(), ClientError> {
        while let Some(event) = self.tasks.try_join_next() {
            self.apply(ended(event));
        }
        self.take_commits();
        if let Some(error) = self.failure.take() {
            return Err(error);
        }
        self.launch_metadata();
        self.step_group().await?;
        self.launch_auto_commit();
        self.launch_lookups();
        self.launch_fetches();
        Ok(())
    }

    /// Waits for an event, a heartbeat's news, a timer or the deadline.
    pub(super) async fn wait(&mut self, deadline: Instant) {
        let until = deadline.min(self.next_timer());
        let shared = self.group.as_ref().map(|group| Arc::clone(&group.shared));
        let news = async {
            match &shared {
                Some(shared) => shared.news.notified().await,
                None => std::future::pending().await,
            }
        };
        let event = tokio::select! {
            Some(event) = self.tasks.join_next() => Some(event),
            () = news => None,
            () = sleep_until(until) => None,
        };
        if let Some(event) = event {
            self.apply(ended(event));
        }
    }

    fn next_timer(&self) -> Instant {
        let now = Instant::now();
        let mut next = now + LONGEST_WAIT;
        if let Some(at) = self.next_metadata() {
            next = next.min(at);
        }
        if let Some(at) = self.next_group_timer() {
            next = next.min(at);
        }
        let retries = self.state.partitions().filter(|(_, partition)| !partition.asked);
        if let Some(at) = retries.map(|(_, partition)| partition.retry_at).filter(|at| *at > self.now()).min()
        {
            next = next.min(now + at.since(self.now()));
        }
        let brokers = self.brokers.values().filter_map(|broker| broker.retry_at);
        brokers.fold(next, Instant::min).max(now)
    }

    fn apply(&mut self, event: Event) {
        match event {
            Event::Metadata(answer) => self.on_metadata(answer),
            Event::Join(number, outcome) => {
                if let Some(group) = self.group.as_mut().filter(|group| group.shared.is_join(number)) {
                    group.outcome = Some(outcome);
                }
            }
            Event::Committed(asked, answer) => self.on_committed(asked, answer),
            Event::Listed(end) => self.on_listed(end),
            Event::Validated(end) => self.on_validated(end),
            Event::Fetched(end) => self.on_fetched(end),
        }
    }

    /// Keeps the error for the caller, unless one waits already.
    pub(super) fn fail(&mut self, error: ClientError) {
        self.failure.get_or_insert(error);
    }

    /// The topics to ask for; all there are for a pattern. `None` where there is nothing to ask for.
    fn topics_to_ask(&self) -> Option<(BTreeSet<Arc<str>>, bool)> {
        let mut topics = self.state.topics_of_interest();
        if let Some(led) = self.group.as_ref().and_then(|group| group.led.as_ref()) {
            topics.extend(led.keys().cloned());
        }
        let all = matches!(self.state.subscription, Subscription::Pattern(..));
        (all || !topics.is_empty()).then_some((topics, all))
    }

    /// When the next question about metadata is due: never while one is on its way, nor where nothing is of
    /// interest, else a wait for it would end at once and again.
    pub(super) fn next_metadata(&self) -> Option<Instant> {
        if self.metadata.asked {
            return None;
        }
        let (topics, all) = self.topics_to_ask()?;
        if !all && !topics.is_subset(&self.metadata.topics) {
            return Some(Instant::now());
        }
        let max_age = Duration::from_millis(self.config.client.metadata_max_age_ms);
        let old = self.metadata.refreshed.map_or(self.metadata.retry_at, |at| at + max_age);
        let due = if self.metadata.wanted { self.metadata.retry_at } else { old };
        Some(due.max(self.metadata.retry_at))
    }

    pub(super) fn launch_metadata(&mut self) {
        if self.next_metadata().is_none_or(|due| due > Instant::now()) {
            return;
        }
        let Some((topics, all)) = self.topics_to_ask() else { return };
        let names = topics.iter().map(|topic| Str::from(&**topic)).collect();
        let selection = match all {
            true => TopicSelection::All,
            false => TopicSelection::Named(names, self.config.allow_auto_create_topics),
        };
        let cluster = self.cluster.clone();
        self.metadata.topics = topics;
        self.metadata.asked = true;
        self.metadata.wanted = false;
        self.tasks.spawn(async move { Event::Metadata(cluster.refresh(selection).await) });
    }

    fn on_metadata(&mut self, answer: Result<BTreeMap<Str, ErrorCode>, ClientError>) {
        self.metadata.asked = false;
        let backoff = Backoff::of_retries(&self.config.client);
        self.metadata.unsatisfied += 1;
        self.metadata.retry_at = Instant::now() + backoff.after(self.metadata.unsatisfied);
        let errors = match answer {
            Ok(errors) => errors,
            Err(error) if error.is_retriable() => {
                tracing::debug!(%error, "no metadata");
                return self.metadata.want();
            }
            Err(error) => return self.fail(error),
        };
        self.metadata.refreshed = Some(Instant::now());
        match errors.iter().find(|(_, error)| !error.is_retriable()) {
            Some((topic, error)) => {
                let message = Some(format!("topic {topic}"));
                self.fail(ClientError::Kafka { error: *error, message });
            }
            // A topic that is not there, or has no leader yet, is asked for again.
            None if !errors.is_empty() => self.metadata.want(),
            None => self.metadata.unsatisfied = 0,
        }
        self.after_metadata();
    }

    /// Looks at what a refresh changed.
    fn after_metadata(&mut self) {
        let view = self.cluster.view();
        let internal = self.config.internal_topics == InternalTopics::Included;
        let names = view.topics().filter(|topic| internal || !topic.is_internal).map(|topic| &topic.name);
        let matched = self.state.match_topics(names);
        let leaders: Vec<_> = self
            .state
            .partitions()
            .map(|(at, _)| (at.clone(), view.partition(at).and_then(|known| known.leader_epoch)))
            .collect();
        for (at, epoch) in leaders {
            self.state.check_leader(&at, epoch);
        }
        // A partition that had no leader when it was asked about may have one now.
        self.state.ask_at_once(|at| view.leader(at).is_ok());
        let Some(group) = &mut self.group else { return };
        if matched && group.is_in_or_joining() {
            group.rejoin = Some("the topics of the pattern changed");
        }
        let count = |topic: &Arc<str>| view.topic(topic).map_or(0, |topic| topic.partitions.len());
        let changed = |led: &BTreeMap<Arc<str>, usize>| led.iter().any(|(topic, led)| count(topic) != *led);
        if group.is_in() && group.led.as_ref().is_some_and(changed) {
            group.rejoin = Some("the partitions of the group's topics changed");
        }
    }
}

/// What a task brought; its panic goes on in the caller.
pub(super) fn ended<T>(task: Result<T, JoinError>) -> T {
    match task {
        Ok(value) => value,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => unreachable!("tasks are only aborted together with their consumer"),
        },
    }
}
