//! Calls about partitions: spread over their leaders, and repeated for the partitions whose leader moved.

use std::collections::{BTreeMap, BTreeSet};

use klamm_model::{LeaderEpoch, Offset, Timestamp, TopicPartition};
use klamm_protocol::messages::delete_records_request::{DeleteRecordsPartition, DeleteRecordsTopic};
use klamm_protocol::messages::describe_producers_request::TopicRequest;
use klamm_protocol::messages::describe_producers_response::PartitionResponse;
use klamm_protocol::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use klamm_protocol::messages::{
    DeleteRecordsRequest, DeleteRecordsResponse, DescribeProducersRequest, DescribeProducersResponse,
    ListOffsetsRequest, ListOffsetsResponse,
};
use klamm_protocol::{Request, Str};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::Admin;
use crate::cluster::{AutoCreate, Cluster, TopicSelection};
use crate::error::ClientError;

/// DescribeProducers' answer about one partition.
pub(crate) type ProducersOfPartition = PartitionResponse;

/// What each partition's leader said.
pub(crate) type PerPartition<T> = BTreeMap<TopicPartition, Result<T, ClientError>>;

/// A request about partitions.
pub(crate) trait LeaderCall {
    /// What is said of each partition.
    type Item: Clone + Send + 'static;
    /// What comes back for it.
    type Out;
    /// The request.
    type Request: Request<Response: Send> + Send + Sync + 'static;

    /// The request about `items`, which all have the same leader.
    fn request(&self, items: &BTreeMap<TopicPartition, Self::Item>) -> Self::Request;

    /// The parts of the answer.
    fn read(
        &self,
        response: <Self::Request as Request>::Response,
    ) -> Vec<(TopicPartition, Result<Self::Out, ClientError>)>;
}

impl Admin {
    /// ListOffsets: where in each partition `specs` points to.
    pub async fn list_offsets(
        &self,
        specs: BTreeMap<TopicPartition, OffsetSpec>,
        isolation_level: i8,
    ) -> Result<PerPartition<ListedOffset>, ClientError> {
        let call = ListOffsets { isolation_level, timeout_ms: self.timeout_ms() };
        self.by_leader(&call, specs).await
    }

    /// Asks the leader of each partition until each has answered or time is up.
    pub(crate) async fn by_leader<C: LeaderCall>(
        &self,
        call: &C,
        items: BTreeMap<TopicPartition, C::Item>,
    ) -> Result<PerPartition<C::Out>, ClientError> {
        let deadline = self.cluster.default_deadline();
        let mut retries = self.cluster.retries(deadline);
        let mut pending = items;
        let mut done = BTreeMap::new();
        while !pending.is_empty() {
            let answers = self.ask_leaders(call, &pending, deadline).await?;
            let mut again = None;
            for (partition, answer) in answers {
                match answer {
                    Err(error) if error.is_retriable() => again = Some(error),
                    settled => {
                        pending.remove(&partition);
                        done.insert(partition, settled);
                    }
                }
            }
            let Some(error) = again else { break };
            if let Err(error) = retries.after(error).await {
                let failed = std::mem::take(&mut pending).into_keys();
                done.extend(failed.map(|partition| (partition, Err(error.clone()))));
            }
        }
        Ok(done)
    }

    /// One round: fresh metadata, then one request per leader.
    async fn ask_leaders<C: LeaderCall>(
        &self,
        call: &C,
        items: &BTreeMap<TopicPartition, C::Item>,
        deadline: Instant,
    ) -> Result<Vec<(TopicPartition, Result<C::Out, ClientError>)>, ClientError> {
        let topics: BTreeSet<Str> = items.keys().map(|at| Str::from(&*at.topic)).collect();
        let selection = TopicSelection::Named(topics.into_iter().collect(), AutoCreate::Never);
        self.cluster.refresh_until(selection, deadline).await?;
        let view = self.cluster.view();
        let mut answers = Vec::with_capacity(items.len());
        let mut by_leader: BTreeMap<i32, BTreeMap<TopicPartition, C::Item>> = BTreeMap::new();
        for (partition, item) in items {
            match view.leader(partition) {
                Ok(leader) => {
                    by_leader.entry(leader).or_default().insert(partition.clone(), item.clone());
                }
                Err(error) => answers.push((partition.clone(), Err(ClientError::kafka(error)))),
            }
        }
        // All at once: a leader that is silent holds back its own partitions only.
        let mut asked = JoinSet::new();
        for (leader, items) in by_leader {
            let (request, cluster) = (call.request(&items), self.cluster.clone());
            asked.spawn(async move {
                let answer = cluster.call_broker(leader, &request, deadline).await;
                (items.into_keys().collect::<Vec<_>>(), answer)
            });
        }
        while let Some(ended) = asked.join_next().await {
            let (partitions, answer) = ended.expect("calls do not panic, and only we abort them");
            match answer {
                Ok(response) => answers.extend(call.read(response)),
                Err(error) => {
                    answers.extend(partitions.into_iter().map(|partition| (partition, Err(error.clone()))));
                }
            }
        }
        Ok(answers)
    }
}

/// Asks one leader, once. Where it does not answer, that is the answer about each partition.
pub(crate) async fn ask_leader<C: LeaderCall>(
    cluster: &Cluster,
    leader: i32,
    call: &C,
    items: BTreeMap<TopicPartition, C::Item>,
) -> PerPartition<C::Out> {
    let deadline = Instant::now() + cluster.config().request_timeout();
    match cluster.call_broker(leader, &call.request(&items), deadline).await {
        Ok(response) => call.read(response).into_iter().collect(),
        Err(error) => items.into_keys().map(|partition| (partition, Err(error.clone()))).collect(),
    }
}

/// `items` by topic, each partition as `row` writes it.
fn rows<T, R>(items: &BTreeMap<TopicPartition, T>, row: impl Fn(i32, &T) -> R) -> BTreeMap<Str, Vec<R>> {
    let mut topics: BTreeMap<Str, Vec<R>> = BTreeMap::new();
    for (at, item) in items {
        topics.entry(Str::from(&*at.topic)).or_default().push(row(at.partition, item));
    }
    topics
}

/// A place in a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OffsetSpec {
    /// The first offset.
    Earliest,
    /// The next offset to be read: the high watermark, or the last stable offset by isolation level.
    Latest,
    /// The offset of the record with the largest timestamp.
    MaxTimestamp,
    /// The first offset on the broker's own disk.
    EarliestLocal,
    /// The last offset in the remote tier.
    LatestTiered,
    /// The first offset that waits for its upload to the remote tier.
    EarliestPendingUpload,
    /// The first offset with this timestamp or a later one.
    At(Timestamp),
}

impl OffsetSpec {
    /// As the request carries it.
    pub const fn code(self) -> i64 {
        match self {
            OffsetSpec::Latest => -1,
            OffsetSpec::Earliest => -2,
            OffsetSpec::MaxTimestamp => -3,
            OffsetSpec::EarliestLocal => -4,
            OffsetSpec::LatestTiered => -5,
            OffsetSpec::EarliestPendingUpload => -6,
            OffsetSpec::At(timestamp) => timestamp.as_millis(),
        }
    }
}

/// A place that was found. A timestamp that no record reaches has no offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedOffset {
    /// Where.
    pub offset: Option<Offset>,
    /// The record's timestamp, where it was asked for by time.
    pub timestamp: Option<Timestamp>,
    /// The epoch of the leader that appended it.
    pub leader_epoch: Option<LeaderEpoch>,
}

/// ListOffsets.
pub(crate) struct ListOffsets {
    pub(crate) isolation_level: i8,
    pub(crate) timeout_ms: i32,
}

impl LeaderCall for ListOffsets {
    type Item = OffsetSpec;
    type Out = ListedOffset;
    type Request = ListOffsetsRequest;

    fn request(&self, items: &BTreeMap<TopicPartition, OffsetSpec>) -> ListOffsetsRequest {
        let topics = rows(items, |partition_index, spec| ListOffsetsPartition {
            partition_index,
            timestamp: spec.code(),
            ..ListOffsetsPartition::default()
        });
        let topics = topics.into_iter().map(|(name, partitions)| ListOffsetsTopic {
            name,
            partitions,
            ..ListOffsetsTopic::default()
        });
        ListOffsetsRequest {
            replica_id: -1,
            isolation_level: self.isolation_level,
            topics: topics.collect(),
            timeout_ms: self.timeout_ms,
            ..ListOffsetsRequest::default()
        }
    }

    fn read(
        &self,
        response: ListOffsetsResponse,
    ) -> Vec<(TopicPartition, Result<ListedOffset, ClientError>)> {
        let topics = response.topics.iter();
        let rows = topics.flat_map(|topic| topic.partitions.iter().map(move |row| (&topic.name, row)));
        rows.map(|(name, row)| {
            let listed = ListedOffset {
                offset: Offset::new(row.offset),
                timestamp: Some(Timestamp::from_millis(row.timestamp)).filter(|_| row.timestamp >= 0),
                leader_epoch: LeaderEpoch::new(row.leader_epoch),
            };
            let answer = ClientError::check(row.error_code).map(|()| listed);
            (TopicPartition::new(name.as_str(), row.partition_index), answer)
        })
        .collect()
    }
}

/// DeleteRecords.
pub(super) struct DeleteRecords {
    pub(super) timeout_ms: i32,
}

impl LeaderCall for DeleteRecords {
    type Item = Option<Offset>;
    type Out = Offset;
    type Request = DeleteRecordsRequest;

    fn request(&self, items: &BTreeMap<TopicPartition, Option<Offset>>) -> DeleteRecordsRequest {
        let topics = rows(items, |partition_index, before| DeleteRecordsPartition {
            partition_index,
            offset: before.map_or(-1, Offset::get),
            ..DeleteRecordsPartition::default()
        });
        let topics = topics.into_iter().map(|(name, partitions)| DeleteRecordsTopic {
            name,
            partitions,
            ..DeleteRecordsTopic::default()
        });
        DeleteRecordsRequest {
            topics: topics.collect(),
            timeout_ms: self.timeout_ms,
            ..DeleteRecordsRequest::default()
        }
    }

    fn read(&self, response: DeleteRecordsResponse) -> Vec<(TopicPartition, Result<Offset, ClientError>)> {
        let topics = response.topics.iter();
        let rows = topics.flat_map(|topic| topic.partitions.iter().map(move |row| (&topic.name, row)));
        rows.map(|(name, row)| {
            let low = Offset::new(row.low_watermark).unwrap_or_default();
            let answer = ClientError::check(row.error_code).map(|()| low);
            (TopicPartition::new(name.as_str(), row.partition_index), answer)
        })
        .collect()
    }
}

/// DescribeProducers.
pub(super) struct DescribeProducers;

impl LeaderCall for DescribeProducers {
    type Item = ();
    type Out = ProducersOfPartition;
    type Request = DescribeProducersRequest;

    fn request(&self, items: &BTreeMap<TopicPartition, ()>) -> DescribeProducersRequest {
        let topics = rows(items, |partition, ()| partition);
        let topics = topics.into_iter().map(|(name, partition_indexes)| TopicRequest {
            name,
            partition_indexes,
            ..TopicRequest::default()
        });
        DescribeProducersRequest { topics: topics.collect(), ..DescribeProducersRequest::default() }
    }

    fn read(
        &self,
        response: DescribeProducersResponse,
    ) -> Vec<(TopicPartition, Result<ProducersOfPartition, ClientError>)> {
        let topics = response.topics.into_iter();
        let rows = topics.flat_map(|topic| {
            let name = topic.name;
            topic
                .partitions
                .into_iter()
                .map(move |row| (TopicPartition::new(name.as_str(), row.partition_index), row))
        });
        rows.map(|(at, row)| {
            let checked = ClientError::check_with(row.error_code, row.error_message.as_deref());
            (at, checked.map(|()| row))
        })
        .collect()
    }
}
