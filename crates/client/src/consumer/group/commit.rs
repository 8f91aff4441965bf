//! Committed offsets: writing them as a member, and reading them.

use std::collections::BTreeMap;

use klamm_model::TopicPartition;
use klamm_protocol::messages::offset_fetch_request::{
    OffsetFetchRequestGroup, OffsetFetchRequestTopic, OffsetFetchRequestTopics,
};
use klamm_protocol::messages::{OffsetCommitRequest, OffsetFetchRequest, OffsetFetchResponse};
use klamm_protocol::{ErrorCode, Str};
use tokio::time::{Instant, timeout_at};

use super::Member;
use crate::admin::{GroupOffset, LAST_WITH_NAMES, commit_topics, offsets_of};
use crate::cluster::{Cluster, CoordinatorKind, Lane};
use crate::consumer::record::OffsetAndMetadata;
use crate::error::ClientError;

/// First version of OffsetFetch that asks for several groups.
const MANY_GROUPS_FROM: i16 = 8;

/// Offsets by partition.
pub(in crate::consumer) type Offsets = BTreeMap<TopicPartition, OffsetAndMetadata>;

/// What `done` brings, or that it took too long.
pub(in crate::consumer) async fn within<T>(
    deadline: Instant,
    what: &str,
    done: impl Future<Output = T>,
) -> Result<T, ClientError> {
    let since = Instant::now();
    timeout_at(deadline, done).await.map_err(|_| {
        let after_ms = since.elapsed().as_millis() as u64;
        ClientError::Timeout { what: what.to_owned(), after_ms }
    })
}

/// Commits once; ends by `deadline`, which bounds the search for the coordinator, too.
pub(in crate::consumer) async fn commit(
    cluster: &Cluster,
    (group, member): (&Str, &Member),
    instance_id: Option<&str>,
    offsets: &Offsets,
    deadline: Instant,
) -> Result<(), ClientError> {
    let offsets = offsets.iter().map(|(at, offset)| {
        let offset = GroupOffset {
            offset: offset.offset,
            leader_epoch: offset.leader_epoch,
            metadata: offset.metadata.clone(),
        };
        (at.clone(), offset)
    });
    let request = OffsetCommitRequest {
        group_id: group.clone(),
        generation_id_or_member_epoch: member.generation.unwrap_or(-1),
        member_id: member.id.clone(),
        group_instance_id: instance_id.map(Str::from),
        topics: commit_topics(&offsets.collect()),
        ..OffsetCommitRequest::default()
    };
    let kind = CoordinatorKind::Group;
    let answer = async {
        let found = cluster.coordinator_connection(kind, group, Lane::Group);
        let connection = within(deadline, "the search for the coordinator", found).await??;
        connection.call_at_most(&request, LAST_WITH_NAMES, cluster.limit(deadline)).await
    };
    let answer = answer.await.inspect_err(|_| cluster.forget_coordinator(kind, group))?;
    let codes = answer.topics.iter().flat_map(|topic| &topic.partitions).map(|row| row.error_code);
    for code in codes {
        ClientError::check(code).map_err(|error| explain(cluster, group, error))?;
    }
    Ok(())
}

/// An error of a commit, in the words of what it means.
fn explain(cluster: &Cluster, group: &Str, error: ClientError) -> ClientError {
    match error.code() {
        Some(ErrorCode::UnknownMemberId | ErrorCode::IllegalGeneration | ErrorCode::RebalanceInProgress) => {
            ClientError::CommitFailed { group: group.to_string(), reason: error.to_string() }
        }
        Some(code) if code.is_retriable() && code != ErrorCode::CoordinatorLoadInProgress => {
            cluster.forget_coordinator(CoordinatorKind::Group, group);
            error
        }
        Some(_) | None => error,
    }
}

/// Reads the offsets of `partitions`, once. Those without one are left out.
pub(in crate::consumer) async fn fetch_committed(
    cluster: &Cluster,
    group: &Str,
    partitions: &[TopicPartition],
    deadline: Instant,
) -> Result<Offsets, ClientError> {
    let kind = CoordinatorKind::Group;
    let answer = async {
        let found = cluster.coordinator_connection(kind, group, Lane::Group);
        let connection = within(deadline, "the search for the coordinator", found).await??;
        let version = connection.ready().await?.highest::<OffsetFetchRequest>(LAST_WITH_NAMES)?;
        let request = request(group, partitions, version);
        connection.call_at_most(&request, version, cluster.limit(deadline)).await
    };
    let answer = answer.await.inspect_err(|_| cluster.forget_coordinator(kind, group))?;
    let read = read(answer);
    read.inspect_err(|error| {
        if error.code().is_some_and(|code| code != ErrorCode::UnstableOffsetCommit) {
            cluster.forget_coordinator(kind, group);
        }
    })
}

fn request(group: &Str, partitions: &[TopicPartition], version: i16) -> OffsetFetchRequest {
    let mut topics: BTreeMap<Str, Vec<i32>> = BTreeMap::new();
    for at in partitions {
        topics.entry(Str::from(&*at.topic)).or_default().push(at.partition);
    }
    if version < MANY_GROUPS_FROM {
        let topics = topics.into_iter().map(|(name, partition_indexes)| OffsetFetchRequestTopic {
            name,
            partition_indexes,
            ..OffsetFetchRequestTopic::default()
        });
        return OffsetFetchRequest {
            group_id: group.clone(),
            topics: Some(topics.collect()),
            require_stable: version >= MANY_GROUPS_FROM - 1,
            ..OffsetFetchRequest::default()
        };
    }
    let topics = topics.into_iter().map(|(name, partition_indexes)| OffsetFetchRequestTopics {
        name,
        partition_indexes,
        ..OffsetFetchRequestTopics::default()
    });
    let group = OffsetFetchRequestGroup {
        group_id: group.clone(),
        topics: Some(topics.collect()),
        ..OffsetFetchRequestGroup::default()
    };
    OffsetFetchRequest { groups: vec![group], require_stable: true, ..OffsetFetchRequest::default() }
}

fn read(answer: OffsetFetchResponse) -> Result<Offsets, ClientError> {
    let mut offsets = Offsets::new();
    let mut take = |at: TopicPartition, found: Result<GroupOffset, ClientError>| {
        let GroupOffset { offset, leader_epoch, metadata } = found?;
        offsets.insert(at, OffsetAndMetadata { offset, leader_epoch, metadata });
        Ok::<_, ClientError>(())
    };
    ClientError::check(answer.error_code)?;
    for group in &answer.groups {
        ClientError::check(group.error_code)?;
        offsets_of(group).into_iter().try_for_each(|(at, found)| take(at, found))?;
    }
    for topic in &answer.topics {
        for row in &topic.partitions {
            ClientError::check(row.error_code)?;
            let Some(offset) = klamm_model::Offset::new(row.committed_offset) else { continue };
            let leader_epoch = klamm_model::LeaderEpoch::new(row.committed_leader_epoch);
            let metadata = row.metadata.as_ref().map(|text| text.to_string()).unwrap_or_default();
            let at = TopicPartition::new(topic.name.as_str(), row.partition_index);
            take(at, Ok(GroupOffset { offset, leader_epoch, metadata }))?;
        }
    }
    Ok(offsets)
}
