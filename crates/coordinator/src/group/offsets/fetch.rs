//! OffsetFetch: what a group has committed.

use klamm_model::Uuid;
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::offset_fetch_request::OffsetFetchRequestGroup;
use klamm_protocol::messages::offset_fetch_response::{
    OffsetFetchResponseGroup, OffsetFetchResponsePartitions, OffsetFetchResponseTopics,
};

use super::{CommittedOffset, Offsets};
use crate::group::Stability;

impl Offsets {
    /// The offsets the request names, or all of the group if it names none.
    pub(crate) fn fetch(
        &self,
        request: &OffsetFetchRequestGroup,
        stability: Stability,
    ) -> OffsetFetchResponseGroup {
        let topics = match &request.topics {
            Some(topics) => topics
                .iter()
                .map(|topic| {
                    let fetch = |partition: &i32| {
                        let found = self.get(&request.group_id, &topic.name, *partition);
                        let found = found.filter(|found| same_topic(found.topic_id, topic.topic_id));
                        self.answer(request, &topic.name, *partition, found, stability)
                    };
                    OffsetFetchResponseTopics {
                        name: topic.name.clone(),
                        topic_id: topic.topic_id,
                        partitions: topic.partition_indexes.iter().map(fetch).collect(),
                        ..OffsetFetchResponseTopics::default()
                    }
                })
                .collect(),
            None => self.fetch_all(request, stability),
        };
        OffsetFetchResponseGroup {
            group_id: request.group_id.clone(),
            topics,
            ..OffsetFetchResponseGroup::default()
        }
    }

    fn fetch_all(
        &self,
        request: &OffsetFetchRequestGroup,
        stability: Stability,
    ) -> Vec<OffsetFetchResponseTopics> {
        let topics = self.of_group(&request.group_id).into_iter().flatten();
        topics
            .map(|(topic, partitions)| {
                let answer = |(partition, found): (&i32, &CommittedOffset)| {
                    self.answer(request, topic, *partition, Some(found), stability)
                };
                OffsetFetchResponseTopics {
                    name: topic.clone(),
                    partitions: partitions.iter().map(answer).collect(),
                    ..OffsetFetchResponseTopics::default()
                }
            })
            .collect()
    }

    fn answer(
        &self,
        request: &OffsetFetchRequestGroup,
        topic: &str,
        partition: i32,
        found: Option<&CommittedOffset>,
        stability: Stability,
    ) -> OffsetFetchResponsePartitions {
        let unstable = match stability {
            Stability::RequireStable => self.is_pending(&request.group_id, topic, partition),
            Stability::AsCommitted => false,
        };
        match found {
            Some(found) if !unstable => OffsetFetchResponsePartitions {
                partition_index: partition,
                committed_offset: found.offset,
                committed_leader_epoch: found.leader_epoch.unwrap_or(-1),
                metadata: Some(found.metadata.clone()),
                ..OffsetFetchResponsePartitions::default()
            },
            Some(_) | None => {
                let error = if unstable { ErrorCode::UnstableOffsetCommit } else { ErrorCode::None };
                OffsetFetchResponsePartitions { error_code: error.code(), ..no_offset(partition) }
            }
        }
    }
}

/// The answer for a partition without an offset.
pub(crate) fn no_offset(partition: i32) -> OffsetFetchResponsePartitions {
    OffsetFetchResponsePartitions {
        partition_index: partition,
        committed_offset: -1,
        committed_leader_epoch: -1,
        metadata: Some(klamm_protocol::Str::default()),
        ..OffsetFetchResponsePartitions::default()
    }
}

/// The answer for a group that does not exist: nothing is committed.
pub(crate) fn no_offsets(request: &OffsetFetchRequestGroup) -> OffsetFetchResponseGroup {
    let topics = request.topics.iter().flatten().map(|topic| OffsetFetchResponseTopics {
        name: topic.name.clone(),
        topic_id: topic.topic_id,
        partitions: topic.partition_indexes.iter().map(|partition| no_offset(*partition)).collect(),
        ..OffsetFetchResponseTopics::default()
    });
    OffsetFetchResponseGroup {
        group_id: request.group_id.clone(),
        topics: topics.collect(),
        ..OffsetFetchResponseGroup::default()
    }
}

/// An offset of an earlier topic of the same name is none. Unknown ids match.
fn same_topic(stored: Uuid, wanted: Uuid) -> bool {
    stored.is_zero() || wanted.is_zero() || stored == wanted
}
