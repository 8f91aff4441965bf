//! What a fetch asks of a partition: who is served in which epoch, where the asker's log parts from ours, how far a
//! follower has got (Kafka: Partition.fetchRecords).

use std::sync::Arc;

use klamm_model::{BrokerEpoch, BrokerId, LeaderEpoch, Offset, OffsetAndEpoch};
use klamm_replication::{FollowerFetch, FollowerRefusal};
use klamm_storage::{FetchSlice, Isolation, LogView, MinOneBatch, Patience, ReadError, ReadRequest};

use super::handle::PartitionHandle;
use super::types::LeadershipView;
use crate::fetch_session::Wanted;
use crate::planted::{self, Bug};

/// Who fetches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// A client that reads from leaders only.
    OldConsumer,
    /// A client.
    Consumer,
    /// A broker that follows, by the incarnation it says it is of.
    Replica(BrokerId, Option<BrokerEpoch>),
}

/// One moment of a partition that a fetch may read.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// Who leads.
    pub leadership: Arc<LeadershipView>,
    /// The log.
    pub view: Arc<LogView>,
}

/// Why a fetch is not served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchRefusal {
    /// NOT_LEADER_OR_FOLLOWER.
    #[error("this replica does not serve the asker")]
    NotLeader,
    /// FENCED_LEADER_EPOCH.
    #[error("the asker has missed a newer leader epoch")]
    FencedEpoch,
    /// UNKNOWN_LEADER_EPOCH: the asker has news that have not arrived here.
    #[error("the asker knows a newer leader epoch")]
    UnknownEpoch,
    /// The log has not been opened since the start: open it and try again.
    #[error("the log is not open")]
    NotOpen,
}

/// Limits of a read.
#[derive(Clone, Copy, Debug)]
pub struct ReadLimits {
    /// Most bytes, beside [`Wanted::max_bytes`].
    pub max_bytes: u32,
    /// Whether one batch is given even if it is larger.
    pub min_one_batch: MinOneBatch,
    /// Up to where is read.
    pub isolation: Isolation,
    /// Whether the read may wait for the disk.
    pub patience: Patience,
}

/// What a read found.
#[derive(Clone, Debug)]
pub enum ReadFound {
    /// The asker's log parts from ours: of the largest epoch here that is not above its last one, where that ends.
    Diverging(OffsetAndEpoch),
    /// Records from the offset asked for; `None` where there are none yet.
    Records(Option<FetchSlice>),
}

impl PartitionHandle {
    /// Whether the fetch may be served, and of which moment. Consumers read from followers too (KIP-392), but not
    /// where nobody leads.
    pub fn admit_fetch(&self, asker: Asker, wanted: &Wanted) -> Result<Admitted, FetchRefusal> {
        let leadership = self.leadership().ok_or(FetchRefusal::NotLeader)?;
        let epoch = LeaderEpoch::new(wanted.current_leader_epoch);
        if let Some(epoch) = epoch.filter(|_| !planted::has(Bug::IgnoreEpoch)) {
            if epoch < leadership.epoch {
                return Err(FetchRefusal::FencedEpoch);
            }
            if epoch > leadership.epoch {
                return Err(FetchRefusal::UnknownEpoch);
            }
        }
        let serves = match asker {
            Asker::Consumer => leadership.is_local || leadership.leader.is_some(),
            Asker::OldConsumer | Asker::Replica(..) => leadership.is_local,
        };
        // After the epoch, as Kafka: with an old one a client is told of that, whoever it asks.
        if !serves {
            return Err(FetchRefusal::NotLeader);
        }
        let view = self.view().ok_or(FetchRefusal::NotOpen)?;
        if let Asker::Replica(id, _) = asker
            && !leadership.replicas.contains(&id)
        {
            // With the epoch we know the follower has news that have not arrived here: it tries again.
            return Err(if epoch.is_some() { FetchRefusal::UnknownEpoch } else { FetchRefusal::NotLeader });
        }
        Ok(Admitted { leadership, view })
    }

    /// Notes how far a follower has got; to be called only after it was read, without error, what the follower asked
    /// for, and by the view that was read. Nothing is noted where the logs part, nor of consumers.
    pub fn note_fetched(
        &self,
        admitted: &Admitted,
        asker: Asker,
        wanted: &Wanted,
        found: &ReadFound,
    ) -> Result<(), FollowerRefusal> {
        let Asker::Replica(follower, broker_epoch) = asker else { return Ok(()) };
        if matches!(found, ReadFound::Diverging(_)) && !planted::has(Bug::CountDiverging) {
            return Ok(());
        }
        let Some(offset) = Offset::new(wanted.fetch_offset) else { return Ok(()) };
        let leader_end = admitted.view.log_end_offset();
        let fetch = FollowerFetch {
            follower,
            broker_epoch: broker_epoch.filter(|_| !planted::has(Bug::IgnoreIncarnation)),
            // What was asked for proves the rest; what is being sent proves nothing.
            offset: if planted::has(Bug::CountSent) { leader_end } else { offset },
            log_start: Offset::new(wanted.log_start_offset),
            leader_end,
        };
        self.on_follower_fetched(admitted.leadership.epoch, fetch)
    }
}

/// Reads one moment of a log.
pub fn read_view(view: &LogView, wanted: &Wanted, limits: ReadLimits) -> Result<ReadFound, ReadError> {
    let out_of_range = || ReadError::OutOfRange {
        offset: Offset::new(wanted.fetch_offset).unwrap_or_default(),
        log_start_offset: view.log_start_offset(),
        log_end_offset: view.log_end_offset(),
    };
    let offset = Offset::new(wanted.fetch_offset).ok_or_else(out_of_range)?;
    if let Some(epoch) = LeaderEpoch::new(wanted.last_fetched_epoch) {
        if offset < view.log_start_offset() {
            return Err(out_of_range());
        }
        match view.epochs().end_offset_for(epoch, view.log_end_offset()) {
            // The asker's last epoch is unknown here, or ended before its offset.
            Some(end) if end.epoch < epoch || end.offset < offset => {
                if !(planted::has(Bug::IgnoreDivergence) && offset <= view.log_end_offset()) {
                    return Ok(ReadFound::Diverging(end));
                }
            }
            Some(_) => {}
            None => return Err(out_of_range()),
        }
    }
    let slice = view.read(&ReadRequest {
        offset,
        max_bytes: u32::try_from(wanted.max_bytes).unwrap_or(0).min(limits.max_bytes),
        isolation: limits.isolation,
        min_one_batch: limits.min_one_batch,
        patience: limits.patience,
    })?;
    Ok(ReadFound::Records(slice))
}
