//! OffsetCommit and TxnOffsetCommit: the records of offsets whose committer was let through.

use klamm_model::{Timestamp, Uuid};
use klamm_protocol::messages::offset_commit_request::OffsetCommitRequestPartition;
use klamm_protocol::messages::offset_commit_response::{
    OffsetCommitResponsePartition, OffsetCommitResponseTopic,
};
use klamm_protocol::messages::txn_offset_commit_request::TxnOffsetCommitRequestPartition;
use klamm_protocol::messages::txn_offset_commit_response::{
    TxnOffsetCommitResponsePartition, TxnOffsetCommitResponseTopic,
};
use klamm_protocol::messages::{
    OffsetCommitRequest, OffsetCommitResponse, OffsetCommitValue, TxnOffsetCommitRequest,
    TxnOffsetCommitResponse,
};
use klamm_protocol::{ErrorCode, Str};

use crate::group::record::{GroupRecord, offset_key};

/// Makes the records of one commit.
pub(crate) struct Committer<'a> {
    /// Longest metadata, in UTF-16 units.
    pub metadata_max: usize,
    /// Now.
    pub wall: Timestamp,
    /// The group.
    pub group_id: &'a Str,
}

/// One partition's part of a commit, from either request.
struct Part<'a> {
    topic: &'a Str,
    topic_id: Uuid,
    partition: i32,
    offset: i64,
    leader_epoch: i32,
    metadata: Option<&'a Str>,
    expires_at: Option<Timestamp>,
}

impl Committer<'_> {
    /// The records of OffsetCommit and its answer.
    pub fn commit(&self, request: &OffsetCommitRequest) -> (Vec<GroupRecord>, OffsetCommitResponse) {
        let expires_at = match request.retention_time_ms {
            -1 => None,
            retention => Some(Timestamp::from_millis(self.wall.as_millis().saturating_add(retention))),
        };
        let mut records = Vec::new();
        let mut response = OffsetCommitResponse::default();
        for topic in &request.topics {
            let mut partitions = Vec::with_capacity(topic.partitions.len());
            for partition in &topic.partitions {
                let part = Part { expires_at, ..Part::of_commit(&topic.name, topic.topic_id, partition) };
                partitions.push(OffsetCommitResponsePartition {
                    partition_index: partition.partition_index,
                    error_code: self.write(part, &mut records).code(),
                    ..OffsetCommitResponsePartition::default()
                });
            }
            response.topics.push(OffsetCommitResponseTopic {
                name: topic.name.clone(),
                topic_id: topic.topic_id,
                partitions,
                ..OffsetCommitResponseTopic::default()
            });
        }
        (records, response)
    }

    /// The records of TxnOffsetCommit and its answer.
    pub fn commit_in_transaction(
        &self,
        request: &TxnOffsetCommitRequest,
    ) -> (Vec<GroupRecord>, TxnOffsetCommitResponse) {
        let mut records = Vec::new();
        let mut response = TxnOffsetCommitResponse::default();
        for topic in &request.topics {
            let mut partitions = Vec::with_capacity(topic.partitions.len());
            for partition in &topic.partitions {
                let part = Part::of_transaction(&topic.name, topic.topic_id, partition);
                partitions.push(TxnOffsetCommitResponsePartition {
                    partition_index: partition.partition_index,
                    error_code: self.write(part, &mut records).code(),
                    ..TxnOffsetCommitResponsePartition::default()
                });
            }
            response.topics.push(TxnOffsetCommitResponseTopic {
                name: topic.name.clone(),
                topic_id: topic.topic_id,
                partitions,
                ..TxnOffsetCommitResponseTopic::default()
            });
        }
        (records, response)
    }

    fn write(&self, part: Part<'_>, records: &mut Vec<GroupRecord>) -> ErrorCode {
        if part.metadata.is_some_and(|metadata| is_longer_than(metadata, self.metadata_max)) {
            return ErrorCode::OffsetMetadataTooLarge;
        }
        let value = OffsetCommitValue {
            offset: part.offset,
            leader_epoch: part.leader_epoch,
            metadata: part.metadata.cloned().unwrap_or_default(),
            commit_timestamp: self.wall.as_millis(),
            expire_timestamp: part.expires_at.map_or(-1, Timestamp::as_millis),
            topic_id: part.topic_id,
            ..OffsetCommitValue::default()
        };
        let key = offset_key(self.group_id, part.topic, part.partition);
        records.push(GroupRecord::OffsetCommit { key, value: Some(value) });
        ErrorCode::None
    }
}

impl<'a> Part<'a> {
    fn of_commit(topic: &'a Str, topic_id: Uuid, partition: &'a OffsetCommitRequestPartition) -> Part<'a> {
        Part {
            topic,
            topic_id,
            partition: partition.partition_index,
            offset: partition.committed_offset,
            leader_epoch: partition.committed_leader_epoch,
            metadata: partition.committed_metadata.as_ref(),
            expires_at: None,
        }
    }

    fn of_transaction(
        topic: &'a Str,
        topic_id: Uuid,
        partition: &'a TxnOffsetCommitRequestPartition,
    ) -> Part<'a> {
        Part {
            topic,
            topic_id,
            partition: partition.partition_index,
            offset: partition.committed_offset,
            leader_epoch: partition.committed_leader_epoch,
            metadata: partition.committed_metadata.as_ref(),
            expires_at: None,
        }
    }
}

/// Counts as Java does. A text has at most as many UTF-16 units as bytes, so most need no count.
fn is_longer_than(text: &str, max: usize) -> bool {
    text.len() > max && text.encode_utf16().count() > max
}
