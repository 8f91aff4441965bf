//! What is asked of a partition and what it answers.

use bytes::{Bytes, BytesMut};
use klamm_logstate::{AppendOrigin, TransactionVersion, VerificationGuard};
use klamm_model::{BrokerId, LeaderEpoch, Offset};
use klamm_storage::{AppendError, AppendInfo, OpenLogError};
use smallvec::SmallVec;

use crate::promise::Awaited;

/// When an append is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acks {
    /// In the leader's log: acks 0 and 1.
    Leader,
    /// On all in-sync replicas, at least `min.insync.replicas`: acks -1.
    All,
}

/// Appends that are written together; as many as one connection often has in flight fit in place.
pub type Appends = SmallVec<[Append; 4]>;

/// One request's records for one partition.
#[derive(Debug)]
pub struct Append {
    /// Validated batches, whole but for what is in `rest`.
    pub batches: BytesMut,
    /// The records of the last batch, where they are still in the request's frame: a copy less.
    pub rest: Bytes,
    /// When it is answered.
    pub acks: Acks,
    /// Who brings them.
    pub origin: AppendOrigin,
    /// Only in this leader epoch: coordinators, whose state belongs to one leadership.
    pub only_in_epoch: Option<LeaderEpoch>,
    /// Proof of verification, for the first batch of a transaction.
    pub verification: Option<VerificationGuard>,
    /// For markers: the rule their epochs follow.
    pub transaction_version: TransactionVersion,
}

impl Append {
    /// A client's plain or idempotent batch: its header as it is to be stored, and its records.
    pub fn of_client(header: BytesMut, records: Bytes, acks: Acks) -> Append {
        Append {
            batches: header,
            rest: records,
            acks,
            origin: AppendOrigin::Client,
            only_in_epoch: None,
            verification: None,
            transaction_version: TransactionVersion::default(),
        }
    }
}

/// The answer to an append.
pub type AppendAnswer = Result<AppendInfo, AppendRefusal>;

/// What became of an append within the call.
#[derive(Debug)]
pub enum Appended {
    /// Answered.
    Done(AppendAnswer),
    /// In the log, or queued for it: the answer comes later. Dropping this does not undo it.
    Waiting(Awaited<AppendAnswer>),
}

/// Why an append was refused, or not acknowledged.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AppendRefusal {
    /// NOT_LEADER_OR_FOLLOWER.
    #[error("this replica does not lead the partition")]
    NotLeader {
        /// Who does, as far as known here.
        leader: Option<BrokerId>,
        /// The newest epoch known here.
        epoch: Option<LeaderEpoch>,
    },
    /// NOT_ENOUGH_REPLICAS: nothing was appended.
    #[error("{in_sync} in-sync replicas, min.insync.replicas is {min_isr}")]
    NotEnoughReplicas {
        /// How many there are.
        in_sync: u32,
        /// How many are needed.
        min_isr: u32,
    },
    /// NOT_ENOUGH_REPLICAS_AFTER_APPEND: in the log, committed on too few.
    #[error("committed on fewer replicas than min.insync.replicas")]
    NotEnoughReplicasAfterAppend,
    /// Refused by the log.
    #[error(transparent)]
    Log(#[from] AppendError),
    /// The log has not been opened since the start: open it and try again.
    #[error("the log is not open")]
    NotOpen,
    /// The log cannot be opened.
    #[error(transparent)]
    CannotOpen(#[from] OpenLogError),
    /// The partition's queue is full: others write it faster than it goes.
    #[error("too many appends wait for the partition")]
    Busy,
}

/// Who leads, as published to handlers; changes with the controller's decisions only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadershipView {
    /// Newest leader epoch known here.
    pub epoch: LeaderEpoch,
    /// The leader of that epoch.
    pub leader: Option<BrokerId>,
    /// Whether this node is it.
    pub is_local: bool,
    /// First offset of this leadership; only where local.
    pub epoch_start: Option<Offset>,
}
