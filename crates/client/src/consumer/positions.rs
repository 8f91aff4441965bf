//! Where reading begins: committed offsets, resets by time, and whether a new leader still has the place.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use klamm_config::OffsetReset;
use klamm_model::{LeaderEpoch, Offset, Timestamp, TopicPartition};
use klamm_protocol::Str;
use klamm_protocol::messages::offset_for_leader_epoch_request::{
    OffsetForLeaderPartition, OffsetForLeaderTopic,
};
use klamm_protocol::messages::{OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse};

use super::Consumer;
use super::config::AutoOffsetReset;
use super::group::{Offsets, fetch_committed};
use super::poll::{Asked, Event};
use super::state::{Phase, Position, ResetTo};
use crate::admin::{Admin, LeaderCall, ListedOffset, OffsetSpec};
use crate::error::ClientError;

type PerPartition<T> = BTreeMap<TopicPartition, Result<T, ClientError>>;

/// Answers to resets.
pub(super) struct ListedEnd {
    asked: Vec<(TopicPartition, u64, ResetTo)>,
    answer: Result<PerPartition<ListedOffset>, ClientError>,
}

/// Answers to validations.
pub(super) struct ValidatedEnd {
    asked: Vec<(TopicPartition, u64, Position)>,
    answer: Result<PerPartition<LogEnd>, ClientError>,
}

impl Consumer {
    /// Asks what has to be known before partitions can be read.
    pub(super) fn launch_lookups(&mut self) {
        let now = self.now();
        let (mut unknown, mut resets, mut checks) = (Asked::new(), Vec::new(), Vec::new());
        for (at, partition) in self.state.partitions_mut().filter(|(_, partition)| partition.may_ask(now)) {
            match partition.phase {
                Phase::Unknown => unknown.push((at.clone(), partition.stamp)),
                Phase::Resetting(to) => resets.push((at.clone(), partition.stamp, to)),
                Phase::Validating(position) => checks.push((at.clone(), partition.stamp, position)),
                Phase::Fetching(_) => continue,
            }
            partition.asked = true;
        }
        if !unknown.is_empty() {
            self.launch_committed(unknown);
        }
        if !resets.is_empty() {
            self.launch_resets(resets);
        }
        if !checks.is_empty() {
            self.launch_checks(checks);
        }
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

    fn launch_resets(&mut self, asked: Vec<(TopicPartition, u64, ResetTo)>) {
        let admin = Admin::on(self.cluster.clone());
        let isolation = self.config.isolation_level.code();
        self.tasks.spawn(async move {
            let specs = asked.iter().map(|(at, _, to)| {
                let spec = match to {
                    ResetTo::Earliest => OffsetSpec::Earliest,
                    ResetTo::Latest => OffsetSpec::Latest,
                    ResetTo::Since(time) => OffsetSpec::At(*time),
                };
                (at.clone(), spec)
            });
            let answer = admin.list_offsets(specs.collect(), isolation).await;
            Event::Listed(ListedEnd { asked, answer })
        });
    }

    pub(super) fn on_listed(&mut self, end: ListedEnd) {
        let mut answers = match end.answer {
            Ok(answers) => answers,
            Err(error) => {
                let asked = end.asked.into_iter().map(|(at, stamp, _)| (at, stamp)).collect();
                return self.ask_again(asked, error);
            }
        };
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

    fn launch_checks(&mut self, asked: Vec<(TopicPartition, u64, Position)>) {
        let admin = Admin::on(self.cluster.clone());
        self.tasks.spawn(async move {
            let epochs = asked.iter().filter_map(|(at, _, position)| Some((at.clone(), position.epoch?)));
            let answer = admin.by_leader(&EndOfEpoch, epochs.collect()).await;
            Event::Validated(ValidatedEnd { asked, answer })
        });
    }

    pub(super) fn on_validated(&mut self, end: ValidatedEnd) {
        let mut answers = match end.answer {
            Ok(answers) => answers,
            Err(error) => {
                let asked = end.asked.into_iter().map(|(at, stamp, _)| (at, stamp)).collect();
                return self.ask_again(asked, error);
            }
        };
        let view = self.cluster.view();
        for (at, stamp, position) in end.asked {
            let leader_epoch = view.partition(&at).and_then(|known| known.leader_epoch);
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
            partition.checked_epoch = leader_epoch;
            partition.phase = Phase::Fetching(position);
            let has_place =
                found.epoch.is_some() && found.end_offset.is_some_and(|end| end >= position.offset);
            if !has_place {
                self.on_truncated(&at, position, found);
            }
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
        for (at, stamp) in asked {
            if let Some(partition) = self.state.stamped(&at, stamp) {
                partition.asked = false;
                partition.retry_at = retry_at;
            }
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

/// OffsetForLeaderEpoch, as a consumer asks it.
struct EndOfEpoch;

/// The largest epoch of a log that is not above the asked one, and where it ends; nothing where the log has
/// none.
pub(super) struct LogEnd {
    epoch: Option<LeaderEpoch>,
    end_offset: Option<Offset>,
}

impl LeaderCall for EndOfEpoch {
    type Item = LeaderEpoch;
    type Out = LogEnd;
    type Request = OffsetForLeaderEpochRequest;

    fn request(&self, items: &BTreeMap<TopicPartition, LeaderEpoch>) -> OffsetForLeaderEpochRequest {
        let mut topics: BTreeMap<Str, Vec<OffsetForLeaderPartition>> = BTreeMap::new();
        for (at, epoch) in items {
            topics.entry(Str::from(&*at.topic)).or_default().push(OffsetForLeaderPartition {
                partition: at.partition,
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
