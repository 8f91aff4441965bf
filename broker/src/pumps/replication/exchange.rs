//! Questions to a leader, in the versions that the cluster's metadata.version allows.

use std::sync::Arc;
use std::time::Duration;

use klamm_client::ClientError;
use klamm_client::net::Connection;
use klamm_metadata::MetadataImage;
use klamm_model::{BrokerId, LeaderEpoch, Offset, TopicPartition};
use klamm_protocol::messages::fetch_request::ReplicaState;
use klamm_protocol::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use klamm_protocol::messages::{FetchRequest, FetchResponse, ListOffsetsRequest};
use klamm_protocol::{ErrorCode, Str};

/// The first Fetch that tells the incarnation of the replica (KIP-903).
const FETCH_WITH_REPLICA_STATE: i16 = 15;
/// The newest ListOffsets whose additions a follower has no use for.
const LIST_OFFSETS: i16 = 7;
const LATEST: i64 = -1;
const EARLIEST: i64 = -2;

/// The Fetch of followers at each metadata.version, from this level on (Kafka: MetadataVersion.fetchRequestVersion).
const FETCH_VERSIONS: [(i16, i16); 5] = [(27, 18), (21, 17), (19, 16), (10, 15), (9, 14)];
/// Fetch by topic id.
const OLDEST_FETCH: i16 = 13;

/// The Fetch that followers may send.
pub(super) fn fetch_version(image: &MetadataImage) -> i16 {
    let level = image.features().metadata_version().map_or(0, |version| version.level());
    let found = FETCH_VERSIONS.iter().find(|(since, _)| level >= *since);
    found.map_or(OLDEST_FETCH, |(_, version)| *version)
}

/// Fetches at `most` or below.
pub(super) async fn fetch(
    connection: Connection,
    mut request: FetchRequest,
    (most, limit): (i16, Duration),
) -> Result<FetchResponse, ClientError> {
    let version = connection.ready().await?.highest::<FetchRequest>(most)?;
    if version < FETCH_WITH_REPLICA_STATE {
        request.replica_id = std::mem::take(&mut request.replica_state).replica_id;
        request.replica_state = ReplicaState::default();
    }
    connection.call_at_most(&request, version, limit).await
}

/// Why a leader's range is not known.
#[derive(Debug, thiserror::Error)]
pub(super) enum RangeError {
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("the leader refuses to tell its offsets: {0:?}")]
    Refused(ErrorCode),
    #[error("the leader tells no offset")]
    NoOffset,
}

/// Where a leader's log begins and ends.
pub(super) async fn range(
    connection: &Connection,
    (broker, limit): (BrokerId, Duration),
    (partition, epoch): (&TopicPartition, LeaderEpoch),
) -> Result<(Offset, Offset), RangeError> {
    let mut found = [Offset::ZERO; 2];
    // The end last: it only grows.
    for (timestamp, found) in [EARLIEST, LATEST].into_iter().zip(&mut found) {
        let asked = ListOffsetsPartition {
            partition_index: partition.partition,
            current_leader_epoch: epoch.get(),
            timestamp,
            ..ListOffsetsPartition::default()
        };
        let topic = ListOffsetsTopic {
            name: Str::from(partition.topic.to_string()),
            partitions: vec![asked],
            ..ListOffsetsTopic::default()
        };
        let request = ListOffsetsRequest {
            replica_id: broker.get(),
            topics: vec![topic],
            ..ListOffsetsRequest::default()
        };
        let response = connection.call_at_most(&request, LIST_OFFSETS, limit).await?;
        let answer = response.topics.first().and_then(|topic| topic.partitions.first());
        let answer = answer.ok_or(RangeError::NoOffset)?;
        match ErrorCode::from_i16(answer.error_code) {
            Some(ErrorCode::None) => *found = Offset::new(answer.offset).ok_or(RangeError::NoOffset)?,
            code => return Err(RangeError::Refused(code.unwrap_or(ErrorCode::UnknownServerError))),
        }
    }
    Ok(found.into())
}

/// How leaders are reached.
pub(super) type Client = Arc<klamm_client::ClientConfig>;
