//! What a group coordinator answers, and its refusals.

use klamm_protocol::messages::delete_groups_response::DeletableGroupResult;
use klamm_protocol::messages::describe_groups_response::DescribedGroup;
use klamm_protocol::messages::list_groups_response::ListedGroup;
use klamm_protocol::messages::offset_commit_response::{
    OffsetCommitResponsePartition, OffsetCommitResponseTopic,
};
use klamm_protocol::messages::offset_fetch_response::OffsetFetchResponseGroup;
use klamm_protocol::messages::txn_offset_commit_response::{
    TxnOffsetCommitResponsePartition, TxnOffsetCommitResponseTopic,
};
use klamm_protocol::messages::{
    HeartbeatResponse, JoinGroupResponse, LeaveGroupResponse, OffsetCommitRequest, OffsetCommitResponse,
    OffsetDeleteResponse, SyncGroupResponse, TxnOffsetCommitRequest, TxnOffsetCommitResponse,
};
use klamm_protocol::{ErrorCode, Str};

use super::classic::{join_error, sync_error};
use super::command::GroupRequest;
use super::settings::Settings;

/// An answer; each request has its own kind.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant)] // moved once, from the driver to the handler
pub enum GroupReply {
    /// To JoinGroup.
    Join(JoinGroupResponse),
    /// To SyncGroup.
    Sync(SyncGroupResponse),
    /// To Heartbeat.
    Heartbeat(HeartbeatResponse),
    /// To LeaveGroup, in the form of version 3 and later.
    Leave(LeaveGroupResponse),
    /// To OffsetCommit.
    OffsetCommit(OffsetCommitResponse),
    /// To TxnOffsetCommit.
    TxnOffsetCommit(TxnOffsetCommitResponse),
    /// To one group of OffsetFetch; an error stands in the group (old versions put it elsewhere).
    OffsetFetch(OffsetFetchResponseGroup),
    /// To OffsetDelete.
    OffsetDelete(OffsetDeleteResponse),
    /// To DescribeGroups.
    Describe(Vec<DescribedGroup>),
    /// To ListGroups: the groups, or why they cannot be listed. (A partition that is not led here has
    /// none; that is for who asks all partitions to say.)
    List(Result<Vec<ListedGroup>, ErrorCode>),
    /// To DeleteGroups.
    Delete(Vec<DeletableGroupResult>),
}

impl GroupRequest {
    /// The refusal that needs no group: bad ids and time-outs. Kafka gives it before it looks for the
    /// coordinator, so whoever routes requests asks first.
    pub fn check(&self, settings: &Settings) -> Option<GroupReply> {
        let error = match self {
            GroupRequest::Join(join) if join.request.group_id.is_empty() => ErrorCode::InvalidGroupId,
            GroupRequest::Join(join) => {
                let allowed = settings.min_session_timeout_ms..=settings.max_session_timeout_ms;
                match allowed.contains(&join.request.session_timeout_ms) {
                    true => return None,
                    false => ErrorCode::InvalidSessionTimeout,
                }
            }
            GroupRequest::Sync(request) if request.group_id.is_empty() => ErrorCode::InvalidGroupId,
            GroupRequest::Heartbeat(request) if request.group_id.is_empty() => ErrorCode::InvalidGroupId,
            GroupRequest::Leave(request) if request.group_id.is_empty() => ErrorCode::InvalidGroupId,
            GroupRequest::TxnOffsetCommit(request, _) if request.group_id.is_empty() => {
                ErrorCode::InvalidGroupId
            }
            GroupRequest::OffsetDelete(request) if request.group_id.is_empty() => ErrorCode::InvalidGroupId,
            GroupRequest::Sync(_)
            | GroupRequest::Heartbeat(_)
            | GroupRequest::Leave(_)
            | GroupRequest::OffsetCommit(..)
            | GroupRequest::TxnOffsetCommit(..)
            | GroupRequest::OffsetFetch(..)
            | GroupRequest::OffsetDelete(_)
            | GroupRequest::Describe(..)
            | GroupRequest::List(_)
            | GroupRequest::Delete(_) => return None,
        };
        Some(match self {
            GroupRequest::Join(join) => GroupReply::Join(join_error(&join.request.member_id, error)),
            other => other.refusal(error),
        })
    }

    /// The answer if the request cannot be decided (NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS, ...) or
    /// its records cannot be appended (the error of the append, in words of a coordinator).
    pub fn refusal(&self, error: ErrorCode) -> GroupReply {
        let error = as_coordinator_error(error);
        match self {
            GroupRequest::Join(_) => GroupReply::Join(join_error("", error)),
            GroupRequest::Sync(_) => GroupReply::Sync(sync_error(error)),
            // While the log is loaded nobody's session ends, so a heartbeat has done its work.
            GroupRequest::Heartbeat(_) if error == ErrorCode::CoordinatorLoadInProgress => {
                GroupReply::Heartbeat(HeartbeatResponse::default())
            }
            GroupRequest::Heartbeat(_) => {
                GroupReply::Heartbeat(HeartbeatResponse { error_code: error.code(), ..Default::default() })
            }
            GroupRequest::Leave(_) => {
                GroupReply::Leave(LeaveGroupResponse { error_code: error.code(), ..Default::default() })
            }
            GroupRequest::OffsetCommit(request, _) => GroupReply::OffsetCommit(commit_error(request, error)),
            GroupRequest::TxnOffsetCommit(request, _) => {
                GroupReply::TxnOffsetCommit(txn_commit_error(request, error))
            }
            GroupRequest::OffsetFetch(request, _) => {
                GroupReply::OffsetFetch(fetch_error(&request.group_id, error))
            }
            GroupRequest::OffsetDelete(_) => GroupReply::OffsetDelete(OffsetDeleteResponse {
                error_code: error.code(),
                ..Default::default()
            }),
            GroupRequest::Describe(groups, _) => {
                GroupReply::Describe(groups.iter().map(|group| describe_error(group, error)).collect())
            }
            GroupRequest::List(_) => GroupReply::List(Err(error)),
            GroupRequest::Delete(groups) => {
                GroupReply::Delete(groups.iter().map(|group| delete_result(group, error)).collect())
            }
        }
    }
}

/// What an error of the log means to a client of a coordinator.
pub fn as_coordinator_error(error: ErrorCode) -> ErrorCode {
    match error {
        ErrorCode::NetworkException => ErrorCode::CoordinatorLoadInProgress,
        ErrorCode::UnknownTopicOrPartition | ErrorCode::NotEnoughReplicas | ErrorCode::RequestTimedOut => {
            ErrorCode::CoordinatorNotAvailable
        }
        ErrorCode::NotLeaderOrFollower | ErrorCode::KafkaStorageError => ErrorCode::NotCoordinator,
        ErrorCode::MessageTooLarge | ErrorCode::RecordListTooLarge | ErrorCode::InvalidFetchSize => {
            ErrorCode::UnknownServerError
        }
        other => other,
    }
}

/// The same error for all partitions.
pub(crate) fn commit_error(request: &OffsetCommitRequest, error: ErrorCode) -> OffsetCommitResponse {
    let topics = request.topics.iter().map(|topic| OffsetCommitResponseTopic {
        name: topic.name.clone(),
        topic_id: topic.topic_id,
        partitions: topic
            .partitions
            .iter()
            .map(|partition| OffsetCommitResponsePartition {
                partition_index: partition.partition_index,
                error_code: error.code(),
                ..Default::default()
            })
            .collect(),
        ..Default::default()
    });
    OffsetCommitResponse { topics: topics.collect(), ..Default::default() }
}

/// The same error for all partitions.
pub(crate) fn txn_commit_error(
    request: &TxnOffsetCommitRequest,
    error: ErrorCode,
) -> TxnOffsetCommitResponse {
    let topics = request.topics.iter().map(|topic| TxnOffsetCommitResponseTopic {
        name: topic.name.clone(),
        topic_id: topic.topic_id,
        partitions: topic
            .partitions
            .iter()
            .map(|partition| TxnOffsetCommitResponsePartition {
                partition_index: partition.partition_index,
                error_code: error.code(),
                ..Default::default()
            })
            .collect(),
        ..Default::default()
    });
    TxnOffsetCommitResponse { topics: topics.collect(), ..Default::default() }
}

pub(crate) fn fetch_error(group_id: &Str, error: ErrorCode) -> OffsetFetchResponseGroup {
    OffsetFetchResponseGroup { group_id: group_id.clone(), error_code: error.code(), ..Default::default() }
}

fn describe_error(group_id: &Str, error: ErrorCode) -> DescribedGroup {
    DescribedGroup { group_id: group_id.clone(), error_code: error.code(), ..Default::default() }
}

pub(crate) fn delete_result(group_id: &Str, error: ErrorCode) -> DeletableGroupResult {
    DeletableGroupResult { group_id: group_id.clone(), error_code: error.code(), ..Default::default() }
}
