//! Why an append is refused because of its producer. Each variant is one Kafka error code.

use klamm_model::{Offset, ProducerEpoch, ProducerId};

/// An append that the producer state does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProducerError {
    /// OUT_OF_ORDER_SEQUENCE_NUMBER: records before this batch are missing.
    #[error("producer {producer_id}: sequence {got} at offset {offset}, expected {expected}")]
    OutOfOrderSequence {
        /// Who.
        producer_id: ProducerId,
        /// Where the batch would have gone.
        offset: Offset,
        /// First sequence of the batch.
        got: i32,
        /// The sequence that would have been accepted.
        expected: i32,
    },
    /// INVALID_PRODUCER_EPOCH: a newer incarnation of this producer is known.
    #[error("producer {producer_id}: epoch {got} at offset {offset} is fenced by epoch {current}")]
    InvalidProducerEpoch {
        /// Who.
        producer_id: ProducerId,
        /// Where the batch would have gone.
        offset: Offset,
        /// Epoch of the batch.
        got: ProducerEpoch,
        /// Newest epoch seen.
        current: ProducerEpoch,
    },
    /// INVALID_TXN_STATE: a plain batch inside an open transaction, or a transactional batch of a
    /// transaction that was not verified.
    #[error("producer {producer_id}: batch at offset {offset} does not fit the state of its transaction")]
    InvalidTransactionState {
        /// Who.
        producer_id: ProducerId,
        /// Where the batch would have gone.
        offset: Offset,
    },
    /// TRANSACTION_COORDINATOR_FENCED: a marker from a coordinator that has lost its partition.
    #[error(
        "producer {producer_id}: marker of coordinator epoch {got} at offset {offset}, newest is {current}"
    )]
    CoordinatorFenced {
        /// Who.
        producer_id: ProducerId,
        /// Where the marker would have gone.
        offset: Offset,
        /// Coordinator epoch of the marker.
        got: i32,
        /// Newest coordinator epoch seen.
        current: i32,
    },
}
