//! Which batches belong to aborted transactions and which markers no longer mark anything, while the
//! batches of a log pass by in order (Kafka's `CleanedTransactionMetadata`).

use std::collections::{BTreeMap, BTreeSet};

use klamm_logstate::AbortedTransaction;
use klamm_model::{Offset, ProducerId};
use klamm_protocol::records::BatchHeader;
use klamm_protocol::records::control::ControlType;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Transactions {
    /// Aborted ones still to come, by first offset.
    coming: BTreeSet<(Offset, ProducerId, Offset, Offset)>,
    /// Aborted ones that have begun, and whether a batch of theirs was seen.
    aborted: BTreeMap<ProducerId, (AbortedTransaction, bool)>,
    /// Producers with batches of a transaction that will be committed.
    committed: BTreeSet<ProducerId>,
    /// Aborted ones whose marker and batches stay: the transaction index of the output.
    kept: Vec<AbortedTransaction>,
}

impl Transactions {
    /// Takes aborted transactions that touch what comes next; those known already count once.
    pub(super) fn add(&mut self, aborted: &[AbortedTransaction]) {
        for entry in aborted {
            self.coming.insert((
                entry.first_offset,
                entry.producer_id,
                entry.last_offset,
                entry.last_stable_offset,
            ));
        }
    }

    /// Aborted transactions for the index of the output so far.
    pub(super) fn take_kept(&mut self) -> Vec<AbortedTransaction> {
        std::mem::take(&mut self.kept)
    }

    /// A batch of records passes by; whether its transaction is aborted.
    pub(super) fn on_data(&mut self, last_offset: Offset, header: Option<&BatchHeader>) -> bool {
        self.begin_up_to(last_offset);
        let Some(header) = header.filter(|header| header.is_transactional()) else { return false };
        let Some(producer_id) = header.producer_id() else { return false };
        match self.aborted.get_mut(&producer_id) {
            Some((_, is_seen)) => {
                *is_seen = true;
                true
            }
            None => {
                self.committed.insert(producer_id);
                false
            }
        }
    }

    /// A control batch passes by; whether all records of its transaction are gone. `kind` is that of
    /// its record, `None` if it has none (left) or one of a later version.
    pub(super) fn on_control(&mut self, header: &BatchHeader, kind: Option<ControlType>) -> bool {
        self.begin_up_to(header.last_offset());
        if header.record_count() == 0 {
            return true;
        }
        let Some(producer_id) = header.producer_id() else { return false };
        match kind {
            Some(ControlType::Abort) => match self.aborted.remove(&producer_id) {
                Some((entry, true)) => {
                    self.kept.push(entry);
                    false
                }
                Some((_, false)) | None => true,
            },
            Some(ControlType::Commit) => !self.committed.remove(&producer_id),
            Some(
                ControlType::LeaderChange
                | ControlType::SnapshotHeader
                | ControlType::SnapshotFooter
                | ControlType::KraftVersion
                | ControlType::KraftVoters,
            )
            | None => false,
        }
    }

    fn begin_up_to(&mut self, offset: Offset) {
        while let Some(&(first_offset, producer_id, last_offset, last_stable_offset)) = self.coming.first() {
            if first_offset > offset {
                break;
            }
            self.coming.pop_first();
            let entry = AbortedTransaction { producer_id, first_offset, last_offset, last_stable_offset };
            self.aborted.entry(producer_id).or_insert((entry, false));
        }
    }
}
