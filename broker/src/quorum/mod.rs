//! The quorum's requests and answers on Kafka's wire: values of the core to messages and back. Here
//! the wire's sentinels, versions and the choice of one listener's endpoint end.

pub mod answer;
pub mod ask;
mod receive;
pub mod received;

use std::sync::Arc;

use klamm_model::{DirectoryId, LeaderEpoch, NodeId, Offset, OffsetAndEpoch, TopicId, Uuid};
use klamm_protocol::Str;
use klamm_raft::{ApiKind, Endpoints, HostPort, ListenerName, ReplicaKey, Request, RequestBody};

pub use receive::FromWire;

/// The one topic of the quorum.
pub const TOPIC: &str = "__cluster_metadata";
/// Its one partition.
pub const PARTITION: i32 = 0;
/// The id of the topic.
pub const TOPIC_ID: Uuid = TopicId::METADATA.get();

fn key(id: i32, directory: Uuid) -> Option<ReplicaKey> {
    NodeId::new(id).map(|id| ReplicaKey { id, directory: DirectoryId::new(directory) })
}

fn directory(key: Option<ReplicaKey>) -> Uuid {
    key.and_then(|key| key.directory).map_or(Uuid::ZERO, DirectoryId::get)
}

fn id(key: Option<ReplicaKey>) -> i32 {
    node(key.map(|key| key.id))
}

fn node(id: Option<NodeId>) -> i32 {
    id.map_or(-1, NodeId::get)
}

fn epoch(epoch: Option<LeaderEpoch>) -> i32 {
    epoch.map_or(-1, LeaderEpoch::get)
}

fn position(offset: i64, epoch: i32) -> Option<OffsetAndEpoch> {
    Some(OffsetAndEpoch { offset: Offset::new(offset)?, epoch: LeaderEpoch::new(epoch)? })
}

fn offset_of(position: Option<OffsetAndEpoch>) -> i64 {
    position.map_or(-1, |position| position.offset.get())
}

fn epoch_of(position: Option<OffsetAndEpoch>) -> i32 {
    position.map_or(-1, |position| position.epoch.get())
}

fn text(text: &str) -> Str {
    Str::from(text.to_owned())
}

fn host(at: &HostPort) -> Str {
    text(&at.host)
}

fn endpoint(name: &str, host: &str, port: u16) -> (ListenerName, HostPort) {
    (ListenerName::new(name), HostPort::new(host.to_owned(), port))
}

fn only_endpoint(listener: &ListenerName, host: &str, port: u16) -> Endpoints {
    Endpoints::single(listener.clone(), HostPort::new(host.to_owned(), port))
}

fn request(cluster_id: Option<&Str>, body: RequestBody) -> Request {
    Request { cluster_id: cluster_id.map(|id| Arc::from(&**id)), body }
}

fn malformed(cluster_id: Option<&Str>, kind: ApiKind) -> Request {
    request(cluster_id, RequestBody::Malformed(kind))
}
