//! What the parts of the node refuse, as Kafka's error codes: the one place of this mapping.

use klamm_logstate::ProducerError;
use klamm_node::partition::{AppendRefusal, DeleteRecordsRefusal};
use klamm_protocol::ErrorCode;
use klamm_storage::{AppendError, OpenLogError, ReadError, StorageError};

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
        StorageError::Offline { .. } | StorageError::Full { .. } | StorageError::Disk(_) => {
            ErrorCode::KafkaStorageError
        }
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
