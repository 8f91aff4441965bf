//! What producer state needs to know of a batch, and who brought it.

use klamm_model::{Offset, ProducerEpoch, ProducerId, Timestamp};

/// Who brings a batch: decides which rules are errors (Kafka's `AppendOrigin`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppendOrigin {
    /// A Produce request: all rules, duplicates included.
    Client,
    /// A group, share or transaction coordinator of this node: epochs are checked, sequences not.
    Coordinator,
    /// The leader of the metadata quorum: offsets and epochs are already in the batches.
    RaftLeader,
    /// A follower's fetch or a recovery scan: the leader has decided, nothing is refused.
    Replication,
}

impl AppendOrigin {
    /// Whether a broken rule refuses the batch; what the leader accepted is taken as it is.
    pub const fn refuses(self) -> bool {
        match self {
            AppendOrigin::Client | AppendOrigin::Coordinator | AppendOrigin::RaftLeader => true,
            AppendOrigin::Replication => false,
        }
    }
}

/// Finalized `transaction.version` a marker was written under (KIP-890, KIP-1228).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum TransactionVersion {
    /// Markers carry the epoch of their transaction.
    #[default]
    V0,
    /// As V0; the coordinator's log has flexible records.
    V1,
    /// Each end of a transaction bumps the epoch: a marker's epoch is above that of its records.
    V2,
}

/// How a transaction ended, as its marker says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndMarker {
    /// Its records count.
    Commit,
    /// Its records are skipped by read_committed readers.
    Abort,
}

/// A batch with a producer id: the facts of its header, and of its record if it is a marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProducerBatch {
    /// Who wrote it.
    pub producer_id: ProducerId,
    /// Incarnation of the producer (for markers see [`TransactionVersion`]).
    pub producer_epoch: ProducerEpoch,
    /// Offset of its first record.
    pub base_offset: Offset,
    /// Offset of its last record.
    pub last_offset: Offset,
    /// Largest timestamp of its records; of a marker its own.
    pub max_timestamp: Timestamp,
    /// Whether it is part of a transaction (markers are).
    pub transactional: bool,
    /// Records or a marker.
    pub kind: BatchKind,
}

/// Records or a marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchKind {
    /// Records. Coordinators write theirs without sequences.
    Data {
        /// Sequence of the first and the last record, wrapping after `i32::MAX` to 0.
        sequences: Option<(i32, i32)>,
    },
    /// End of a transaction.
    Marker {
        /// How it ended.
        outcome: EndMarker,
        /// Epoch of the coordinator's partition.
        coordinator_epoch: i32,
        /// The rule its epoch follows; [`TransactionVersion::V0`] where the log is replayed.
        version: TransactionVersion,
    },
    /// A control batch without records: compaction leaves such.
    EmptyControl,
}

/// A transaction whose marker has been written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompletedTransaction {
    /// Whose.
    pub producer_id: ProducerId,
    /// Its first record.
    pub first_offset: Offset,
    /// Its marker.
    pub last_offset: Offset,
    /// How it ended.
    pub outcome: EndMarker,
}
