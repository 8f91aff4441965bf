//! Where reading begins: committed offsets, resets by time, and whether a new leader still has the place.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use klamm_config::OffsetReset;
use klamm_model::{LeaderEpoch, Offset, Timestamp, TopicPartition};
use klamm_protocol::Str;
use klamm_protocol::messages::offset_for_leader_epoch_request::{
    OffsetForLeaderPartition, OffsetForLeaderTopic,
};
use klamm_protocol::messages::{
    ListOffsetsRequest, ListOffsetsResponse, OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse,
};

use super::Consumer;
use super::config::AutoOffsetReset;
use super::group::{Offsets, fetch_committed};
use super::poll::{Asked, Event};
use super::state::{Phase, Position, ResetTo};
use crate::admin::{LeaderCall, ListOffsets, ListedOffset, OffsetSpec, PerPartition, ask_leader};
use crate::cluster::MetadataView;
use crate::error::ClientError;

/// A question about a partition, with the stamp it was asked with.
type Question<T> = (TopicPartition, u64, T);

/// Answers of one leader to resets.
pub(super) struct ListedEnd {
    asked: Vec<Question<ResetTo>>,
    answers: PerPartition<ListedOffset>,
}

/// A position to be checked, and the leader epoch that it is checked under.
#[derive(Clone, Copy, Debug)]
struct Check {
    position: Position,
    leader_epoch: Option<LeaderEpoch>,
}

/// Answers of one leader to validations.
pub(super) struct ValidatedEnd {
    asked: Vec<Question<Check>>,
    answers: PerPartition<LogEnd>,
}

impl Consumer {
    /// Asks what has to be known before partitions can be read.
    pub(super) fn launch_lookups(&mut self) {
        let (now, view) = (self.now(), self.cluster.view());
        let (mut unknown, mut resets, mut checks) = (Asked::new(), Vec::new(), Vec::new());
        for (at, partition) in self.state.partitions_mut().filter(|(_, partition)| partition.may_ask(now)) {
            match partition.phase {
                Phase::Unknown => unknown.push((at.clone(), partition.stamp)),
                Phase::Resetting(to) => resets.push((at.clone(), partition.stamp, to)),
                Phase::Validating(position) => {
                    let leader_epoch = view.partition(at).and_then(|known| known.leader_epoch);
                    checks.push((at.clone(), partition.stamp, Check { position, leader_epoch }));
                }
                Phase::Fetching(_) => continue,
            }
            partition.asked = true;
        }
        if !unknown.is_empty() {
            self.launch_committed(unknown);
        }
        for (leader, asked) in self.of_leaders(resets, &view) {
            self.launch_resets(leader, asked, &view);
        }
        for (leader, asked) in self.of_leaders(checks, &view) {
            self.launch_checks(leader, asked);
        }
    }

    /// Questions by who can answer them: a leader that is silent, or that nobody is, holds back its own
    /// partitions only. Those without a leader wait for metadata.
    fn of_leaders<T>(
        &mut self,
        asked: Vec<Question<T>>,
        view: &MetadataView,
    ) -> BTreeMap<i32, Vec<Question<T>>> {
        let mut by_leader: BTreeMap<i32, Vec<Question<T>>> = BTreeMap::new();
        for (at, stamp, what) in asked {
            match view.leader(&at) {
                Ok(leader) => by_leader.entry(leader).or_default().push((at, stamp, what)),
                Err(error) => self.ask_again(vec![(at, stamp)], ClientError::kafka(error)),
            }
        }
        by_leader
    }

    fn launch_committed(&mut self, asked: Asked) {
        let Some(group) = &self.group else { return self.on_committed(asked, Ok(Offsets::new())) };
        let (cluster, id) = (self.cluster.clone(), group.id.clone());
        self.tasks.spawn(async move {
            let partitions: Vec<TopicPartition> = asked.iter().map(|(at, _)| at.clone()).collect();
            let deadline = cluster.default_deadline();
            let answer = fetch_committed(&cluster, &id, &partitions, deadline).await;
            Event::Committed(asked, answer)
        });
    }

    pub(super) fn on_committed(&mut self, asked: Asked, answer: Result<Offsets, ClientError>) {
        let offsets = match answer {
            Ok(offsets) => offsets,
            Err(error) => return self.ask_again(asked, error),
        };
        let mut without = Vec::new();
        for (at, stamp) in asked {
            let Some(partition) = self.state.stamped(&at, stamp) else { continue };
            partition.asked = false;
            match offsets.get(&at) {
                Some(committed) => {
                    let position = Position { offset: committed.offset, epoch: committed.leader_epoch };
                    partition.phase = Phase::begin(position);
                }
                None => without.push(at),
            }
        }
        let mut lost = Vec::new();
        for at in without {
            if !self.reset(&at) {
                lost.push(at);
            }
        }
        if !lost.is_empty() {
            self.fail(ClientError::NoOffset(lost));
        }
    }

    /// Begins where `auto.offset.reset` says; false where it says nothing.
    pub(super) fn reset(&mut self, at: &TopicPartition) -> bool {
        let to = match self.config.auto_offset_reset {
            AutoOffsetReset::To(OffsetReset::Earliest) => ResetTo::Earliest,
            AutoOffsetReset::To(OffsetReset::Latest) => ResetTo::Latest,
            AutoOffsetReset::To(OffsetReset::ByDuration(age)) => ResetTo::Since(before_now(age)),
            AutoOffsetReset::None => {
                // Until the caller seeks or commits, each poll says so again.
                self.state.go_to(at, Phase::Unknown);
                return false;
            }
        };
        self.state.go_to(at, Phase::Resetting(to));
        true
    }

    fn launch_resets(&mut self, leader: i32, asked: Vec<Question<ResetTo>>, view: &MetadataView) {
        let call = Resets(ListOffsets {
            isolation_level: self.config.isolation_level.code(),
            timeout_ms: i32::try_from(self.config.client.request_timeout_ms).unwrap_or(i32::MAX),
        });
        let items = asked.iter().map(|(at, _, to)| {
            let spec = match to {
                ResetTo::Earliest => OffsetSpec::Earliest,
                ResetTo::Latest => OffsetSpec::Latest,
                ResetTo::Since(time) => OffsetSpec::At(*time),
            };
            (at.clone(), (spec, view.partition(at).and_then(|known| known.leader_epoch)))
        });
        let (items, cluster) = (items.collect(), self.cluster.clone());
        self.tasks.spawn(async move {
            let answers = ask_leader(&cluster, leader, &call, items).await;
            Event::Listed(ListedEnd { asked, answers })
        });
    }

    pub(super) fn on_listed(&mut self, end: ListedEnd) {
        let mut answers = end.answers;
        for (at, stamp, to) in end.asked {
            let Some(partition) = self.state.stamped(&at, stamp) else { continue };
            partition.asked = false;
            match (answers.remove(&at), to) {
                (Some(Ok(ListedOffset { offset: Some(offset), leader_epoch, .. })), _) => {
                    partition.phase = Phase::Fetching(Position { offset, epoch: leader_epoch });
                }
                (Some(Ok(ListedOffset { offset: None, .. })), ResetTo::Since(_)) => {
                    partition.phase = Phase::Resetting(ResetTo::Latest);
                }
                (Some(Err(error)), _) => self.ask_again(vec![(at, stamp)], error),
                (Some(Ok(_)) | None, _) => {
                    let error = ClientError::kafka(klamm_protocol::ErrorCode::LeaderNotAvailable);
                    self.ask_again(vec![(at, stamp)], error);
                }
            }
        }
    }

    fn launch_checks(&mut self, leader: i32, asked: Vec<Question<Check>>) {
        let items = asked.iter().filter_map(|(at, _, check)| {
            let epoch = check.position.epoch?;
            Some((at.clone(), EpochQuestion { epoch, leader_epoch: check.leader_epoch }))
        });
        let (items, cluster) = (items.collect(), self.cluster.clone());
        self.tasks.spawn(async move {
            let answers = ask_leader(&cluster, leader, &EndOfEpoch, items).await;
            Event::Validated(ValidatedEnd { asked, answers })
        });
    }

    pub(super) fn on_validated(&mut self, end: ValidatedEnd) {
        let mut answers = end.answers;
        let view = self.cluster.view();
        for (at, stamp, Check { position, leader_epoch }) in end.asked {
            let Some(partition) = self.state.stamped(&at, stamp) else { continue };
            partition.asked = false;
            let found = match answers.remove(&at) {
                Some(Ok(found)) => found,
                // A broker that cannot say is believed.
                Some(Err(ClientError::UnsupportedVersion { .. })) | None => {
                    LogEnd { epoch: position.epoch, end_offset: Some(position.offset) }
                }
                Some(Err(error)) => {
                    self.ask_again(vec![(at, stamp)], error);
                    continue;
                }
            };
            // Under the epoch that was asked for, not under one that came meanwhile.
            partition.checked_epoch = leader_epoch;
            partition.phase = Phase::Fetching(position);
            let has_place =
                found.epoch.is_some() && found.end_offset.is_some_and(|end| end >= position.offset);
            if !has_place {
                self.on_truncated(&at, position, found);
            }
            self.state.check_leader(&at, view.partition(&at).and_then(|known| known.leader_epoch));
        }
    }

    /// The log parts from what was read before the place.
    fn on_truncated(&mut self, at: &TopicPartition, position: Position, found: LogEnd) {
        let end = found.end_offset.filter(|_| found.epoch.is_some());
        tracing::info!(%at, position = %position.offset, end = ?end, "truncated");
        match (self.config.auto_offset_reset, end) {
            (AutoOffsetReset::To(_), Some(offset)) => {
                self.state.go_to(at, Phase::Fetching(Position { offset, epoch: found.epoch }));
            }
            (AutoOffsetReset::To(_), None) => {
                self.reset(at);
            }
            (AutoOffsetReset::None, _) => self.fail(ClientError::LogTruncated {
                partition: at.clone(),
                offset: position.offset.get(),
                end_offset: end.map(Offset::get),
            }),
        }
    }

    /// Lets questions be asked again after a while, or tells the caller where that does not help.
    fn ask_again(&mut self, asked: Asked, error: ClientError) {
        let retry_at = self.now().after(Duration::from_millis(self.config.client.retry_backoff_ms));
        let is_stale = error.is_connection_error()
            || error.code().is_some_and(klamm_protocol::ErrorCode::is_stale_metadata);
        for (at, stamp) in asked {
            if let Some(partition) = self.state.stamped(&at, stamp) {
                partition.asked = false;
                partition.retry_at = retry_at;
                partition.leaderless = error.code() == Some(klamm_protocol::ErrorCode::LeaderNotAvailable);
            }
        }
        if is_stale {
            self.metadata.want();
        }
        tracing::debug!(%error, "no position yet");
        if !error.is_retriable() {
            self.fail(error);
        }
    }
}

impl Phase {
    /// Reading from a place that was remembered: with an epoch it is checked first.
    pub(super) fn begin(position: Position) -> Phase {
        match position.epoch {
            Some(_) => Phase::Validating(position),
            None => Phase::Fetching(position),
        }
    }
}

fn before_now(age: Duration) -> Timestamp {
    let then = SystemTime::now().checked_sub(age).and_then(|then| then.duration_since(UNIX_EPOCH).ok());
    let millis = then.map_or(0, |since| since.as_millis());
    Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}

/// ListOffsets, as a consumer asks it: of a leader of that epoch and no other.
struct Resets(ListOffsets);

impl LeaderCall for Resets {
    type Item = (OffsetSpec, Option<LeaderEpoch>);
    type Out = ListedOffset;
    type Request = ListOffsetsRequest;

    fn request(&self, items: &BTreeMap<TopicPartition, Self::Item>) -> ListOffsetsRequest {
        let specs = items.iter().map(|(at, (spec, _))| (at.clone(), *spec)).collect();
        let mut request = self.0.request(&specs);
        for topic in &mut request.topics {
            for row in &mut topic.partitions {
                let at = TopicPartition::new(topic.name.as_str(), row.partition_index);
                let epoch = items.get(&at).and_then(|(_, epoch)| *epoch);
                row.current_leader_epoch = epoch.map_or(-1, LeaderEpoch::get);
            }
        }
        request
    }

    fn read(
        &self,
        response: ListOffsetsResponse,
    ) -> Vec<(TopicPartition, Result<ListedOffset, ClientError>)> {
        self.0.read(response)
    }
}

/// Where does `epoch` end in the log of the leader of `leader_epoch`?
#[derive(Clone, Copy, Debug)]
struct EpochQuestion {
    epoch: LeaderEpoch,
    /// A broker that leads under another epoch refuses.
    leader_epoch: Option<LeaderEpoch>,
}

/// OffsetForLeaderEpoch, as a consumer asks it.
struct EndOfEpoch;

/// The largest epoch of a log that is not above the asked one, and where it ends; nothing where the log has
/// none.
pub(super) struct LogEnd {
    epoch: Option<LeaderEpoch>,
    end_offset: Option<Offset>,
}

impl LeaderCall for EndOfEpoch {
    type Item = EpochQuestion;
    type Out = LogEnd;
    type Request = OffsetForLeaderEpochRequest;

    fn request(&self, items: &BTreeMap<TopicPartition, EpochQuestion>) -> OffsetForLeaderEpochRequest {
        let mut topics: BTreeMap<Str, Vec<OffsetForLeaderPartition>> = BTreeMap::new();
        for (at, EpochQuestion { epoch, leader_epoch }) in items {
            topics.entry(Str::from(&*at.topic)).or_default().push(OffsetForLeaderPartition {
                partition: at.partition,
                current_leader_epoch: leader_epoch.map_or(-1, LeaderEpoch::get),
                leader_epoch: epoch.get(),
                ..OffsetForLeaderPartition::default()
            });
        }
        let topics = topics.into_iter().map(|(topic, partitions)| OffsetForLeaderTopic {
            topic,
            partitions,
            ..OffsetForLeaderTopic::default()
        });
        OffsetForLeaderEpochRequest {
            replica_id: -1,
            topics: topics.collect(),
            ..OffsetForLeaderEpochRequest::default()
        }
    }

    fn read(
        &self,
        response: OffsetForLeaderEpochResponse,
    ) -> Vec<(TopicPartition, Result<LogEnd, ClientError>)> {
        let rows = response.topics.iter().flat_map(|topic| {
            topic.partitions.iter().map(|row| {
                let end = LogEnd {
                    epoch: LeaderEpoch::new(row.leader_epoch),
                    end_offset: Offset::new(row.end_offset),
                };
                let at = TopicPartition::new(topic.topic.as_str(), row.partition);
                (at, ClientError::check(row.error_code).map(|()| end))
            })
        });
        rows.collect()
    }
}

#[cfg(test)]
#[path = "positions_tests.rs"]
mod tests;
