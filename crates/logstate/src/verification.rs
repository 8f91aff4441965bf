//! Transactions under verification with their coordinator (KIP-890): between AddPartitionsToTxn's
//! answer and the first batch no marker may slip in.

use klamm_model::{ProducerEpoch, Timestamp};

/// Proof that the coordinator was asked since this entry was made. Compared by identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VerificationGuard(pub(crate) u64);

/// A verification under way for one producer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerificationEntry {
    pub(crate) guard: VerificationGuard,
    pub(crate) started: Timestamp,
    pub(crate) lowest_sequence: i32,
    pub(crate) epoch: ProducerEpoch,
    pub(crate) supports_epoch_bump: bool,
}

impl VerificationEntry {
    /// What an append must show.
    pub const fn guard(&self) -> VerificationGuard {
        self.guard
    }

    /// Keeps the lowest sequence seen: a later batch must not overtake the one that waits
    /// (KAFKA-14920).
    pub(crate) fn observe(&mut self, sequence: i32, epoch: ProducerEpoch) {
        if epoch > self.epoch {
            self.epoch = epoch;
            self.lowest_sequence = sequence;
        } else if epoch == self.epoch && sequence < self.lowest_sequence {
            self.lowest_sequence = sequence;
        }
    }
}
