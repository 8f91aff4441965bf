//! Tombstones of offsets: OffsetDelete, with their group, with their topic.

use klamm_model::Uuid;
use klamm_protocol::messages::OffsetDeleteRequest;
use klamm_protocol::messages::offset_delete_request::OffsetDeleteRequestTopic;
use klamm_protocol::messages::offset_delete_response::{
    OffsetDeleteResponsePartition, OffsetDeleteResponseTopic,
};
use klamm_protocol::{ErrorCode, Str};

use super::{ByPartition, CommittedOffset, Offsets};
use crate::group::record::GroupRecord;

/// A topic that is no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletedTopic {
    /// Which of that name.
    pub id: Uuid,
    /// Its name.
    pub name: Str,
}

impl Offsets {
    /// The answer for one topic of OffsetDelete, and the tombstones. `in_use` topics keep their offsets.
    pub(crate) fn delete_of_topic(
        &self,
        request: &OffsetDeleteRequest,
        topic: &OffsetDeleteRequestTopic,
        in_use: TopicUse,
        records: &mut Vec<GroupRecord>,
    ) -> OffsetDeleteResponseTopic {
        let group = &request.group_id;
        let mut answers = Vec::with_capacity(topic.partitions.len());
        for partition in topic.partitions.iter().map(|partition| partition.partition_index) {
            let error = match in_use {
                TopicUse::Subscribed => ErrorCode::GroupSubscribedToTopic,
                TopicUse::Free => ErrorCode::None,
            };
            let exists = self.get(group, &topic.name, partition).is_some()
                || self.is_pending(group, &topic.name, partition);
            if error == ErrorCode::None && exists {
                records.push(GroupRecord::offset_tombstone(group, &topic.name, partition));
            }
            answers
                .push(OffsetDeleteResponsePartition { partition_index: partition, error_code: error.code() });
        }
        OffsetDeleteResponseTopic { name: topic.name.clone(), partitions: answers }
    }

    /// Tombstones for all a group has, pending ones too. Returns how many.
    pub(crate) fn delete_of_group(&self, group: &Str, records: &mut Vec<GroupRecord>) -> usize {
        let before = records.len();
        for (topic, partitions) in self.of_group(group).into_iter().flatten() {
            for partition in partitions.keys() {
                records.push(GroupRecord::offset_tombstone(group, topic, *partition));
            }
        }
        for (topic, partitions) in self.open.get(group).into_iter().flatten() {
            for partition in partitions.keys() {
                if self.get(group, topic, *partition).is_none() {
                    records.push(GroupRecord::offset_tombstone(group, topic, *partition));
                }
            }
        }
        records.len() - before
    }

    /// Tombstones for all offsets of deleted topics, pending ones too. An offset of a later topic of the
    /// same name stays.
    pub(crate) fn delete_of_topics(&self, topics: &[DeletedTopic]) -> Vec<GroupRecord> {
        let mut records = Vec::new();
        for offsets in std::iter::once(&self.committed).chain(self.pending.values()) {
            for (group, by_topic) in offsets {
                for topic in topics {
                    delete_topic(group, by_topic, topic, &mut records);
                }
            }
        }
        records
    }
}

/// Whether the members of a group consume a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TopicUse {
    Subscribed,
    Free,
}

fn delete_topic(
    group: &Str,
    by_topic: &ByPartition<CommittedOffset>,
    topic: &DeletedTopic,
    records: &mut Vec<GroupRecord>,
) {
    for (partition, offset) in by_topic.get(&topic.name).into_iter().flatten() {
        if offset.topic_id.is_zero() || offset.topic_id == topic.id {
            records.push(GroupRecord::offset_tombstone(group, &topic.name, *partition));
        }
    }
}
