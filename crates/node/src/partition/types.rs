//! What is asked of a partition and what it answers.

use std::sync::{Arc, OnceLock};

use bytes::{Bytes, BytesMut};
use klamm_logstate::{AppendOrigin, TransactionVersion, VerificationGuard};
use klamm_model::{BrokerId, LeaderEpoch, Offset};
use klamm_storage::{AppendError, AppendInfo, FollowerStop, OpenLogError, StorageError};
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
    Waiting(Awaited<AppendAnswer>, Placed),
}

/// Where an append lies in the log that is not answered yet; nothing while it is queued.
#[derive(Clone, Debug, Default)]
pub struct Placed(Arc<OnceLock<AppendInfo>>);

impl Placed {
    pub(super) fn at(info: AppendInfo) -> Placed {
        Placed(Arc::new(OnceLock::from(info)))
    }

    pub(super) fn set(&self, info: AppendInfo) {
        // An append is written once.
        let _ = self.0.set(info);
    }

    /// Its place, once it is in the log.
    pub fn get(&self) -> Option<AppendInfo> {
        self.0.get().copied()
    }
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
    /// Brokers with a replica.
    pub replicas: Arc<[BrokerId]>,
}

/// The controller's word on a partition that another replica leads, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Following {
    /// Epoch of that leadership.
    pub epoch: LeaderEpoch,
    /// The leader, if one is elected.
    pub leader: Option<BrokerId>,
    /// Brokers with a replica.
    pub replicas: Arc<[BrokerId]>,
}

/// Where a follower goes on to fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FetchPosition {
    /// The epoch it follows in.
    pub epoch: LeaderEpoch,
    /// Its log end.
    pub offset: Offset,
    /// Epoch of its last record; `None` where it has none.
    pub last_epoch: Option<LeaderEpoch>,
    /// Its log start.
    pub log_start: Offset,
}

/// What a leader answered for one partition, without error and without divergence.
#[derive(Clone, Copy, Debug)]
pub struct Fetched<'a> {
    /// The epoch the fetch was sent in.
    pub epoch: LeaderEpoch,
    /// The offset it asked for.
    pub offset: Offset,
    /// Batches; may be empty, the last may be cut.
    pub records: &'a [u8],
    /// The leader's high watermark.
    pub high_watermark: Option<Offset>,
    /// The leader's log start.
    pub log_start: Option<Offset>,
}

/// Why what was fetched changes nothing (any more).
#[derive(Clone, Debug, thiserror::Error)]
pub enum FollowRefusal {
    /// The partition is not followed in that epoch, or not from that offset: the answer is to an older question.
    #[error("the partition is not followed there any more")]
    Superseded,
    /// The log is not open.
    #[error("the log is not open")]
    NotOpen,
    /// A batch is not what a sound leader sends; what came before it is appended.
    #[error("the leader sent what cannot be appended: {0:?}")]
    BadBatch(FollowerStop),
    /// The log has records of a later epoch than the leader's.
    #[error("the log has records of epoch {newest:?}, later than the leader's")]
    OlderLeader {
        /// The newest epoch of the log.
        newest: Option<LeaderEpoch>,
    },
    /// The disk failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
