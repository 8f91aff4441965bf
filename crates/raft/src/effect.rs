//! What the core asks of its driver, in order.

use std::fmt;

use bytes::Bytes;
use klamm_model::{LeaderEpoch, NodeId, Offset, OffsetAndEpoch};

use crate::control_record::ControlRecord;
use crate::message::{RaftError, Request, Response};
use crate::replica::{Endpoints, HostPort};
use crate::stored_election::StoredElection;

macro_rules! counter {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

counter! {
    /// Orders writes of `quorum-state`: confirming one confirms those before it.
    PersistToken
}
counter! {
    /// Orders flushes of the log: confirming one confirms those before it.
    FlushToken
}
counter! {
    /// The driver's name for a request from a peer or client that awaits its reply.
    RequestId
}
counter! {
    /// The core's name for a request it sent.
    CorrelationId
}

/// Whom a request is sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeerId {
    /// A replica with a known id.
    Node(NodeId),
    /// The n-th bootstrap server: an address whose id is not known.
    Bootstrap(usize),
}

/// Whom a request is sent to, and where. The name is resolved at each dial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The peer.
    pub peer: PeerId,
    /// Its address.
    pub address: HostPort,
}

/// Records of the state machine, encoded as one batch (v2) with offsets from 0; the log stamps base
/// offset and epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataBatch {
    /// Number of records, at least one.
    pub records: u32,
    /// The encoded batch.
    pub bytes: Bytes,
}

/// A cut of the log. Only a follower can make one, and never below its high watermark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Truncation {
    log_end: Offset,
}

impl Truncation {
    /// For the follower role alone.
    pub(crate) const fn of_follower(log_end: Offset) -> Truncation {
        Truncation { log_end }
    }

    /// The log end after the cut.
    pub const fn log_end(self) -> Offset {
        self.log_end
    }
}

/// How a graceful shutdown ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShutdownOutcome {
    /// Another leader is known, or none is needed.
    HandedOver,
    /// The time was up first.
    TimedOut,
}

/// A peer broke the protocol, or refused what it should not; its message changed nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Violation {
    /// It names another leader for an epoch whose leader is known.
    SecondLeader {
        /// The epoch.
        epoch: LeaderEpoch,
        /// The leader known here.
        known: Option<NodeId>,
        /// The leader it names.
        claimed: NodeId,
    },
    /// It names an epoch that elections do not reach; with the last of all numbers there would be no election after it.
    UnbelievableEpoch {
        /// The epoch.
        epoch: LeaderEpoch,
    },
    /// The leader wants the log cut, or replaced by a snapshot that ends, below the high watermark:
    /// a majority has lost committed records. This replica refuses and stands still.
    CutOfCommitted {
        /// What the leader asked for.
        asked: OffsetAndEpoch,
        /// The high watermark.
        committed: Offset,
    },
    /// The leader sent another piece of a snapshot than was asked for.
    WrongSlice {
        /// The leader.
        peer: PeerId,
        /// The snapshot asked for.
        id: OffsetAndEpoch,
    },
    /// An error that is not part of normal operation, such as a failed authorization.
    UnexpectedError {
        /// Who.
        peer: PeerId,
        /// The error.
        error: RaftError,
    },
}

/// One thing for the driver to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Write and fsync `quorum-state`, then call `on_persisted`. May finish later; what must not be
    /// seen before it is held back by the core.
    PersistQuorumState {
        /// To be given back.
        token: PersistToken,
        /// The contents.
        state: StoredElection,
    },
    /// Append one control batch as the leader of `epoch`.
    AppendControlBatch {
        /// Offset of the first record: the present log end.
        base_offset: Offset,
        /// Leader epoch of the batch.
        epoch: LeaderEpoch,
        /// The records.
        records: Vec<ControlRecord>,
    },
    /// Append data batches as the leader of `epoch`.
    AppendDataBatches {
        /// Offset of the first record: the present log end.
        base_offset: Offset,
        /// Leader epoch of the batches.
        epoch: LeaderEpoch,
        /// The batches, in order.
        batches: Vec<DataBatch>,
    },
    /// Append fetched batches as a follower (checked: CRC, contiguous offsets, batch epoch not above
    /// `epoch`; stop at the first bad one), then call `on_appended`.
    AppendFetched {
        /// Current epoch.
        epoch: LeaderEpoch,
        /// Batches as received.
        records: Bytes,
    },
    /// Cut the log, epochs included.
    TruncateTo(Truncation),
    /// Make the log durable up to its present end, then call `on_flushed`. May finish later.
    FlushLog {
        /// To be given back.
        token: FlushToken,
    },
    /// Send a request; its answer or failure comes back by `on_response`.
    SendRequest {
        /// Whom to.
        to: Destination,
        /// To be given back with the answer.
        correlation: CorrelationId,
        /// The request.
        request: Request,
    },
    /// Answer a request that came in by `on_request`.
    Reply {
        /// Which.
        request: RequestId,
        /// The answer.
        response: Response,
    },
    /// Records below `offset` are committed.
    AdvanceHighWatermark {
        /// The new high watermark.
        offset: Offset,
    },
    /// This replica leads `epoch`. Its state machine is current once it has applied the record at
    /// `epoch_start`, which commits all before it.
    BecameLeader {
        /// The epoch.
        epoch: LeaderEpoch,
        /// Offset of the leader change record.
        epoch_start: Offset,
    },
    /// This replica no longer leads `epoch`; appends of that epoch are refused and may be lost.
    ResignedLeader {
        /// The epoch it led.
        epoch: LeaderEpoch,
    },
    /// The epoch or its leader changed.
    LeaderChanged {
        /// Current epoch.
        epoch: LeaderEpoch,
        /// Its leader, once known.
        leader: Option<NodeId>,
        /// Where the leader listens.
        endpoints: Endpoints,
    },
    /// Write a piece of a snapshot being fetched, in a `.part` file.
    WriteSnapshotSlice {
        /// The snapshot.
        id: OffsetAndEpoch,
        /// Where in the file: always its present end.
        position: u64,
        /// The piece.
        bytes: Bytes,
    },
    /// The fetched snapshot is whole: make it durable, let it replace the log, then call
    /// `on_snapshot_installed`.
    InstallSnapshot {
        /// The snapshot.
        id: OffsetAndEpoch,
    },
    /// Forget the pieces fetched so far.
    DiscardSnapshot {
        /// The snapshot.
        id: OffsetAndEpoch,
    },
    /// The state machine must be loaded anew from this snapshot.
    LoadSnapshot {
        /// The snapshot.
        id: OffsetAndEpoch,
    },
    /// The graceful shutdown is over.
    ShutdownComplete {
        /// How.
        outcome: ShutdownOutcome,
    },
    /// A peer broke the protocol: to be logged.
    Report(Violation),
}

/// Effects in the order they must be carried out.
pub type Effects = Vec<Effect>;
