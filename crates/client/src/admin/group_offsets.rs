//! The offsets groups have committed: reading, setting, deleting.

use std::collections::BTreeMap;

use klamm_model::{LeaderEpoch, Offset, TopicPartition};
use klamm_protocol::Str;
use klamm_protocol::messages::offset_commit_request::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use klamm_protocol::messages::offset_delete_request::{
    OffsetDeleteRequestPartition, OffsetDeleteRequestTopic,
};
use klamm_protocol::messages::offset_fetch_request::OffsetFetchRequestGroup;
use klamm_protocol::messages::offset_fetch_response::OffsetFetchResponseGroup;
use klamm_protocol::messages::{
    OffsetCommitRequest, OffsetDeleteRequest, OffsetFetchRequest, OffsetFetchResponse,
};

use super::Admin;
use super::by_group::{GroupCall, PerGroup};
use crate::cluster::CoordinatorKind;
use crate::error::ClientError;

/// The last version of offset requests that names topics; later ones give their ids.
pub(crate) const LAST_WITH_NAMES: i16 = 9;

/// An offset a group has committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupOffset {
    /// The next offset to read.
    pub offset: Offset,
    /// The leader epoch of the record before.
    pub leader_epoch: Option<LeaderEpoch>,
    /// What the committer added.
    pub metadata: String,
}

/// Per partition, what became of it.
type PerPartition<T> = BTreeMap<TopicPartition, Result<T, ClientError>>;

impl Admin {
    /// OffsetFetch: all committed offsets of each group. Partitions without one are left out.
    pub async fn group_offsets(
        &self,
        groups: &[Str],
    ) -> Result<PerGroup<PerPartition<GroupOffset>>, ClientError> {
        self.by_group(&FetchOffsets, groups).await
    }

    /// OffsetCommit: sets offsets of a group that has no members.
    pub async fn alter_group_offsets(
        &self,
        group: &str,
        offsets: &BTreeMap<TopicPartition, GroupOffset>,
    ) -> Result<PerPartition<()>, ClientError> {
        let request = OffsetCommitRequest {
            group_id: group.into(),
            topics: commit_topics(offsets),
            ..OffsetCommitRequest::default()
        };
        let deadline = self.cluster.default_deadline();
        let mut retries = self.cluster.retries(deadline);
        let key = Str::from(group);
        loop {
            let tried = async {
                let lane = crate::cluster::Lane::Main;
                let kind = CoordinatorKind::Group;
                let connection = self.cluster.coordinator_connection(kind, &key, lane).await?;
                connection.call_at_most(&request, LAST_WITH_NAMES, self.cluster.limit(deadline)).await
            };
            let error = match super::checked(tried.await) {
                Ok(response) => {
                    let rows = response.topics.iter().flat_map(|topic| {
                        topic.partitions.iter().map(|row| {
                            let at = TopicPartition::new(topic.name.as_str(), row.partition_index);
                            (at, ClientError::check(row.error_code))
                        })
                    });
                    return Ok(rows.collect());
                }
                Err(error) => error,
            };
            self.cluster.forget_coordinator(CoordinatorKind::Group, &key);
            retries.after(error).await?;
        }
    }

    /// OffsetDelete: forgets offsets of a group that does not subscribe to the topics any more.
    pub async fn delete_group_offsets(
        &self,
        group: &str,
        partitions: &[TopicPartition],
    ) -> Result<PerPartition<()>, ClientError> {
        let mut topics: BTreeMap<Str, Vec<OffsetDeleteRequestPartition>> = BTreeMap::new();
        for at in partitions {
            let row = OffsetDeleteRequestPartition { partition_index: at.partition };
            topics.entry(Str::from(&*at.topic)).or_default().push(row);
        }
        let topics =
            topics.into_iter().map(|(name, partitions)| OffsetDeleteRequestTopic { name, partitions });
        let request = OffsetDeleteRequest { group_id: group.into(), topics: topics.collect() };
        let response = self.call_coordinator(CoordinatorKind::Group, group, &request).await?;
        ClientError::check(response.error_code)?;
        let rows = response.topics.iter().flat_map(|topic| {
            topic.partitions.iter().map(|row| {
                let at = TopicPartition::new(topic.name.as_str(), row.partition_index);
                (at, ClientError::check(row.error_code))
            })
        });
        Ok(rows.collect())
    }
}

/// Offsets as a commit carries them.
pub(crate) fn commit_topics(
    offsets: &BTreeMap<TopicPartition, GroupOffset>,
) -> Vec<OffsetCommitRequestTopic> {
    let mut topics: BTreeMap<Str, Vec<OffsetCommitRequestPartition>> = BTreeMap::new();
    for (at, committed) in offsets {
        let row = OffsetCommitRequestPartition {
            partition_index: at.partition,
            committed_offset: committed.offset.get(),
            committed_leader_epoch: committed.leader_epoch.map_or(-1, LeaderEpoch::get),
            committed_metadata: Some(committed.metadata.as_str().into()),
            ..OffsetCommitRequestPartition::default()
        };
        topics.entry(Str::from(&*at.topic)).or_default().push(row);
    }
    let topics = topics.into_iter().map(|(name, partitions)| OffsetCommitRequestTopic {
        name,
        partitions,
        ..OffsetCommitRequestTopic::default()
    });
    topics.collect()
}

struct FetchOffsets;

impl GroupCall for FetchOffsets {
    type Out = PerPartition<GroupOffset>;
    type Request = OffsetFetchRequest;
    const MOST: i16 = LAST_WITH_NAMES;

    fn request(&self, groups: &[Str]) -> OffsetFetchRequest {
        let groups = groups.iter().map(|group| OffsetFetchRequestGroup {
            group_id: group.clone(),
            topics: None,
            ..OffsetFetchRequestGroup::default()
        });
        OffsetFetchRequest { groups: groups.collect(), ..OffsetFetchRequest::default() }
    }

    fn read(
        &self,
        response: OffsetFetchResponse,
    ) -> Vec<(Str, Result<PerPartition<GroupOffset>, ClientError>)> {
        let groups = response.groups.into_iter().map(|group| {
            let checked = ClientError::check(group.error_code);
            (group.group_id.clone(), checked.map(|()| offsets_of(&group)))
        });
        groups.collect()
    }
}

/// The committed offsets in an answer; -1 says that there is none.
pub(crate) fn offsets_of(group: &OffsetFetchResponseGroup) -> PerPartition<GroupOffset> {
    let mut offsets = BTreeMap::new();
    for topic in &group.topics {
        for row in &topic.partitions {
            let at = TopicPartition::new(topic.name.as_str(), row.partition_index);
            let committed = match (ClientError::check(row.error_code), Offset::new(row.committed_offset)) {
                (Err(error), _) => Err(error),
                (Ok(()), None) => continue,
                (Ok(()), Some(offset)) => Ok(GroupOffset {
                    offset,
                    leader_epoch: LeaderEpoch::new(row.committed_leader_epoch),
                    metadata: row.metadata.as_ref().map(|text| text.to_string()).unwrap_or_default(),
                }),
            };
            offsets.insert(at, committed);
        }
    }
    offsets
}
