//! What the parts of the node refuse, as Kafka's error codes: the one place of this mapping.

use klamm_logstate::ProducerError;
use klamm_node::partition::{AppendRefusal, DeleteRecordsRefusal, FetchRefusal};
use klamm_protocol::ErrorCode;
use klamm_protocol::records::validate::ProduceRejection;
use klamm_raft::RaftError;
use klamm_replication::FollowerRefusal;
use klamm_storage::{AppendError, OpenLogError, ReadError, StorageError};

/// Of every transactional id, while no transactions are served (`docs/decisions/0022-transactional-ids.md`).
pub const REFUSED_TRANSACTIONAL_ID: ErrorCode = ErrorCode::TransactionalIdAuthorizationFailed;

/// Of an API that this version does not serve, where Apache Kafka has no error of its own for the feature that is off.
pub const UNSERVED: ErrorCode = ErrorCode::UnsupportedVersion;

/// Of an append.
pub fn of_append(refusal: &AppendRefusal) -> ErrorCode {
    match refusal {
        AppendRefusal::NotLeader { .. } | AppendRefusal::NotOpen => ErrorCode::NotLeaderOrFollower,
        AppendRefusal::NotEnoughReplicas { .. } => ErrorCode::NotEnoughReplicas,
        AppendRefusal::NotEnoughReplicasAfterAppend => ErrorCode::NotEnoughReplicasAfterAppend,
        AppendRefusal::Log(error) => of_log_append(error),
        AppendRefusal::CannotOpen(error) => of_open(error),
        // Retriable for every producer: the queue is shorter soon.
        AppendRefusal::Busy => ErrorCode::RequestTimedOut,
    }
}

fn of_log_append(error: &AppendError) -> ErrorCode {
    match error {
        AppendError::Producer(error) => of_producer(error),
        AppendError::TooLarge { .. } => ErrorCode::RecordListTooLarge,
        AppendError::Malformed { .. } => ErrorCode::InvalidRecord,
        AppendError::Storage(error) => of_storage(error),
    }
}

/// Of a batch that is refused before the log is asked.
pub fn of_rejection(rejection: &ProduceRejection) -> ErrorCode {
    match rejection {
        // Kafka compares it with the producer's last epoch, which is never below.
        ProduceRejection::BadProducer { producer_id: 0.., .. } => ErrorCode::InvalidProducerEpoch,
        other => other.error_code(),
    }
}

/// Of a producer's state.
pub fn of_producer(error: &ProducerError) -> ErrorCode {
    match error {
        ProducerError::OutOfOrderSequence { .. } => ErrorCode::OutOfOrderSequenceNumber,
        ProducerError::InvalidProducerEpoch { .. } => ErrorCode::InvalidProducerEpoch,
        ProducerError::InvalidTransactionState { .. } => ErrorCode::InvalidTxnState,
        ProducerError::CoordinatorFenced { .. } => ErrorCode::TransactionCoordinatorFenced,
    }
}

/// Of a log directory.
pub fn of_storage(error: &StorageError) -> ErrorCode {
    match error {
        StorageError::Offline { .. }
        | StorageError::Full { .. }
        | StorageError::Exhausted { .. }
        | StorageError::Disk(_) => ErrorCode::KafkaStorageError,
    }
}

/// Of a log that cannot be opened.
pub fn of_open(error: &OpenLogError) -> ErrorCode {
    match error {
        OpenLogError::TopicId { .. } => ErrorCode::InconsistentTopicId,
        OpenLogError::Damaged { .. } => ErrorCode::KafkaStorageError,
        OpenLogError::Storage(error) => of_storage(error),
    }
}

/// Of a read.
pub fn of_read(error: &ReadError) -> ErrorCode {
    match error {
        ReadError::OutOfRange { .. } => ErrorCode::OffsetOutOfRange,
        ReadError::NotResident | ReadError::Stale => ErrorCode::NotLeaderOrFollower,
        ReadError::Corrupt { .. } => ErrorCode::CorruptMessage,
        ReadError::Storage(error) => of_storage(error),
    }
}

/// Of DeleteRecords.
pub fn of_delete_records(refusal: DeleteRecordsRefusal) -> ErrorCode {
    match refusal {
        DeleteRecordsRefusal::NotLeader => ErrorCode::NotLeaderOrFollower,
        DeleteRecordsRefusal::OutOfRange => ErrorCode::OffsetOutOfRange,
    }
}

/// Of a fetch that a partition does not serve. What cannot be opened is told when it is tried.
pub fn of_fetch(refusal: FetchRefusal) -> ErrorCode {
    match refusal {
        FetchRefusal::NotLeader | FetchRefusal::NotOpen => ErrorCode::NotLeaderOrFollower,
        FetchRefusal::FencedEpoch => ErrorCode::FencedLeaderEpoch,
        FetchRefusal::UnknownEpoch => ErrorCode::UnknownLeaderEpoch,
    }
}

/// Of a follower's fetch.
pub fn of_follower(refusal: FollowerRefusal) -> ErrorCode {
    match refusal {
        FollowerRefusal::NotLeader | FollowerRefusal::StaleBrokerEpoch => ErrorCode::NotLeaderOrFollower,
        FollowerRefusal::UnknownReplica | FollowerRefusal::UnknownIncarnation => {
            ErrorCode::UnknownLeaderEpoch
        }
    }
}

/// Of the quorum.
pub fn of_quorum(error: RaftError) -> ErrorCode {
    match error {
        RaftError::UnknownServerError => ErrorCode::UnknownServerError,
        RaftError::UnknownTopicOrPartition => ErrorCode::UnknownTopicOrPartition,
        RaftError::NotLeaderOrFollower => ErrorCode::NotLeaderOrFollower,
        RaftError::RequestTimedOut => ErrorCode::RequestTimedOut,
        RaftError::BrokerNotAvailable | RaftError::PeerGone => ErrorCode::BrokerNotAvailable,
        RaftError::ClusterAuthorizationFailed => ErrorCode::ClusterAuthorizationFailed,
        RaftError::UnsupportedVersion => ErrorCode::UnsupportedVersion,
        RaftError::InvalidRequest => ErrorCode::InvalidRequest,
        RaftError::FencedLeaderEpoch => ErrorCode::FencedLeaderEpoch,
        RaftError::UnknownLeaderEpoch => ErrorCode::UnknownLeaderEpoch,
        RaftError::SnapshotNotFound => ErrorCode::SnapshotNotFound,
        RaftError::PositionOutOfRange => ErrorCode::PositionOutOfRange,
        RaftError::InconsistentClusterId => ErrorCode::InconsistentClusterId,
        RaftError::InvalidVoterKey => ErrorCode::InvalidVoterKey,
        RaftError::DuplicateVoter => ErrorCode::DuplicateVoter,
        RaftError::VoterNotFound => ErrorCode::VoterNotFound,
        RaftError::Other(code) => ErrorCode::from_i16(code).unwrap_or(ErrorCode::UnknownServerError),
    }
}

/// What the code in a peer's answer means to the quorum; `None` for no error.
pub fn quorum_error(code: i16) -> Option<RaftError> {
    Some(match ErrorCode::from_i16(code) {
        Some(ErrorCode::None) => return None,
        Some(ErrorCode::UnknownServerError) => RaftError::UnknownServerError,
        Some(ErrorCode::UnknownTopicOrPartition) => RaftError::UnknownTopicOrPartition,
        Some(ErrorCode::NotLeaderOrFollower) => RaftError::NotLeaderOrFollower,
        Some(ErrorCode::RequestTimedOut) => RaftError::RequestTimedOut,
        Some(ErrorCode::BrokerNotAvailable) => RaftError::BrokerNotAvailable,
        Some(ErrorCode::ClusterAuthorizationFailed) => RaftError::ClusterAuthorizationFailed,
        Some(ErrorCode::UnsupportedVersion) => RaftError::UnsupportedVersion,
        Some(ErrorCode::InvalidRequest) => RaftError::InvalidRequest,
        Some(ErrorCode::FencedLeaderEpoch) => RaftError::FencedLeaderEpoch,
        Some(ErrorCode::UnknownLeaderEpoch) => RaftError::UnknownLeaderEpoch,
        Some(ErrorCode::SnapshotNotFound) => RaftError::SnapshotNotFound,
        Some(ErrorCode::PositionOutOfRange) => RaftError::PositionOutOfRange,
        Some(ErrorCode::InconsistentClusterId) => RaftError::InconsistentClusterId,
        Some(ErrorCode::InvalidVoterKey) => RaftError::InvalidVoterKey,
        Some(ErrorCode::DuplicateVoter) => RaftError::DuplicateVoter,
        Some(ErrorCode::VoterNotFound) => RaftError::VoterNotFound,
        Some(_) | None => RaftError::Other(code),
    })
}
