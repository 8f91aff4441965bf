//! Pure structures that are functions of a log: leader-epoch history, producer state, aborted
//! transactions. `state(log) == fold(batches)` on every replica; no files, no clock.

mod aborted_transactions;
mod epoch_history;
mod producer_batch;
mod producer_entry;
mod producer_error;
mod producer_state;
mod verification;

pub use aborted_transactions::{AbortedSearch, AbortedTransaction, collect_aborted};
pub use epoch_history::{EpochEntry, EpochHistory};
pub use producer_batch::{
    AppendOrigin, BatchKind, CompletedTransaction, EndMarker, ProducerBatch, TransactionVersion,
};
pub use producer_entry::{BatchRange, PRODUCER_WINDOW, ProducerEntry};
pub use producer_error::ProducerError;
pub use producer_state::{ProducerState, StagedProducers};
pub use verification::{VerificationEntry, VerificationGuard};
