//! What travels between clients and nodes, and between the nodes beside the quorum's own requests.

use std::sync::Arc;

use bytes::Bytes;
use klamm_coordinator::group::{GroupReply, GroupRequest};
use klamm_metadata::controller::{Command, Reply};
use klamm_model::{LeaderEpoch, NodeId, Offset, TopicId, TopicIdPartition, Uuid};
use klamm_node::control::ControlAnswer;
use klamm_node::partition::{Acks, Asker};
use klamm_protocol::messages::fetch_response::PartitionData;
use klamm_protocol::messages::{FetchRequest, FetchResponse};
use klamm_protocol::{ErrorCode, Records};

/// Names a call for its caller.
pub(crate) type CallId = u64;

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Caller {
    /// A client, by its place in the world.
    Client(usize),
    /// A process of a node: answers to an earlier one find nobody.
    Process {
        /// The node.
        node: i32,
        /// Which of its processes.
        incarnation: u32,
    },
}

impl Caller {
    /// Where it is, for cuts of the network; clients are at 0.
    pub(crate) fn place(self) -> i32 {
        match self {
            Caller::Client(_) => 0,
            Caller::Process { node, .. } => node,
        }
    }
}

/// A request.
#[derive(Clone, Debug)]
pub(crate) enum Call {
    /// For the active controller.
    Control(Box<Command>),
    /// Who leads the partitions of a topic.
    Metadata(Arc<str>),
    /// Appends one batch.
    Produce {
        /// Where.
        partition: TopicIdPartition,
        /// A whole batch.
        batch: Bytes,
        /// When it is answered.
        acks: Acks,
    },
    /// Reads what is committed.
    Fetch {
        /// Where.
        partition: TopicIdPartition,
        /// Of a replica in this leader epoch.
        epoch: LeaderEpoch,
        /// Who asks: one that reads from leaders only, or also from followers.
        asker: Asker,
        /// From here on.
        offset: Offset,
    },
    /// A follower fetches.
    ReplicaFetch(Box<FetchRequest>),
    /// A follower asks where its leader's log begins and ends.
    Range {
        /// Of which log.
        partition: TopicIdPartition,
        /// The epoch it follows in.
        epoch: LeaderEpoch,
    },
    /// For a group's coordinator.
    Group {
        /// Its partition of `__consumer_offsets`.
        partition: i32,
        /// The request.
        request: Box<GroupRequest>,
    },
}

/// Who leads the partitions of a topic, as one node knows it.
#[derive(Clone, Debug)]
pub(crate) struct TopicLeaders {
    /// The topic.
    pub(crate) id: TopicId,
    /// By partition number: leader and its epoch.
    pub(crate) leaders: Vec<(Option<i32>, LeaderEpoch)>,
}

/// Records that a reader got.
#[derive(Clone, Debug)]
pub(crate) struct Fetched {
    /// Whole batches; the last may be cut.
    pub(crate) bytes: Bytes,
    /// First offset not committed.
    pub(crate) high_watermark: Offset,
}

/// Where a batch is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Produced {
    /// Offset of its first record.
    pub(crate) base: Offset,
    /// The leader epoch of the acknowledgement.
    pub(crate) epoch: LeaderEpoch,
    /// Of which partition.
    pub(crate) partition: TopicIdPartition,
    /// The offset after its last record.
    pub(crate) end: Offset,
}

impl Answer {
    /// For traces.
    pub(crate) fn brief(&self) -> String {
        match self {
            Answer::Fetch(Ok(fetched)) => {
                format!("{} bytes, high watermark {}", fetched.bytes.len(), fetched.high_watermark)
            }
            Answer::ReplicaFetch(response) => {
                let topics = response.responses.iter();
                let parts = topics.flat_map(|topic| topic.partitions.iter().map(|one| (topic.topic_id, one)));
                let parts: Vec<_> = parts.map(|(topic, one)| brief_of(topic, one)).collect();
                format!("error {}, session {}: {parts:?}", response.error_code, response.session_id)
            }
            Answer::Control(Ok(Reply::AlterPartition(response)), _) => {
                let topics = response.topics.iter();
                let parts = topics.flat_map(|topic| topic.partitions.iter().map(|one| (topic.topic_id, one)));
                let parts: Vec<_> = parts
                    .map(|(topic, one)| {
                        let (index, error) = (one.partition_index, one.error_code);
                        format!("{topic:?}-{index} error {error} isr {:?} {}", one.isr, one.partition_epoch)
                    })
                    .collect();
                format!("in-sync replicas, error {}: {parts:?}", response.error_code)
            }
            other => format!("{other:?}").chars().take(160).collect(),
        }
    }
}

fn brief_of(topic: Uuid, part: &PartitionData) -> String {
    let bytes = match &part.records {
        Some(Records::Bytes(bytes)) => bytes.len(),
        Some(_) | None => 0,
    };
    let diverging = Some(part.diverging_epoch.end_offset).filter(|end| *end >= 0);
    format!(
        "{topic:?}-{} error {} hw {} {bytes} bytes, diverging {diverging:?}",
        part.partition_index, part.error_code, part.high_watermark
    )
}

/// An answer.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "few are on their way at a time, and none is kept")]
pub(crate) enum Answer {
    /// The connection was lost, or the caller's patience is over: nobody knows what became of it.
    Lost,
    /// Of the controller, with who leads the quorum as far as is known there.
    Control(ControlAnswer, Option<NodeId>),
    /// `None` for an unknown topic.
    Metadata(Option<TopicLeaders>),
    /// To an append.
    Produce(Result<Produced, ErrorCode>),
    /// To a read.
    Fetch(Result<Fetched, ErrorCode>),
    /// To a follower's fetch.
    ReplicaFetch(Box<FetchResponse>),
    /// Where a log begins and ends.
    Range(Result<(Offset, Offset), ErrorCode>),
    /// Of a coordinator.
    Group(Box<GroupReply>),
}
