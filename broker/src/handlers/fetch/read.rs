//! Reading the partitions of one fetch: from memory on the shard, else on the disk pool.

use std::sync::Arc;

use bytes::Bytes;
use klamm_logstate::AbortedTransaction;
use klamm_metadata::MetadataImage;
use klamm_model::{BrokerId, LeaderEpoch, Offset};
use klamm_node::fetch_session::{SessionKey, Wanted};
use klamm_node::partition::{LeadershipView, PartitionHandle};
use klamm_protocol::ErrorCode;
use klamm_replication::{Candidate, FollowerFetch};
use klamm_storage::disk::Residency;
use klamm_storage::{
    FetchSlice, Isolation, LogView, MinOneBatch, OpenLogError, Patience, ReadError, ReadRequest,
};

use super::Asker;
use crate::handlers::errors;
use crate::net::region::FileRegion;
use crate::node::Node;
use crate::pumps::disk_pool::Urgency;

/// Smaller regions are copied into the reply: one write for all, where `sendfile` takes one each.
const COPY_UP_TO: u32 = 32 * 1024;
/// Bytes of one read that brings a cold region into memory.
const WARM_STEP: usize = 256 * 1024;

/// Limits of a whole fetch.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    pub(super) max_bytes: u32,
    pub(super) isolation: Isolation,
    pub(super) asker: Asker,
    /// Whether the throttle of what is sent to followers is exceeded.
    pub(super) holds_up_laggards: bool,
    /// Where the client is told of a nearer replica.
    pub(super) nearness: Option<Nearness>,
}

/// What the choice of a nearer replica goes by.
#[derive(Clone, Debug)]
pub(super) struct Nearness {
    /// The client's.
    pub(super) rack: Arc<str>,
    /// Tells the brokers' racks.
    pub(super) image: Arc<MetadataImage>,
}

/// One partition to read.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) key: SessionKey,
    pub(super) wanted: Wanted,
    pub(super) handle: Result<PartitionHandle, ErrorCode>,
}

/// Bytes of one partition.
#[derive(Debug)]
pub(super) enum Data {
    None,
    Copied(Bytes),
    Region(FileRegion),
}

impl Data {
    pub(super) fn len(&self) -> usize {
        match self {
            Data::None => 0,
            Data::Copied(bytes) => bytes.len(),
            Data::Region(region) => region.len(),
        }
    }
}

/// What one partition gave.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) key: SessionKey,
    pub(super) error: ErrorCode,
    pub(super) high_watermark: Option<Offset>,
    pub(super) last_stable_offset: Option<Offset>,
    pub(super) log_start_offset: Option<Offset>,
    pub(super) diverging: Option<(LeaderEpoch, Offset)>,
    /// `None` for read_uncommitted.
    pub(super) aborted: Option<Vec<AbortedTransaction>>,
    pub(super) data: Data,
    /// A replica nearer to the client, which it should read from in place of this one.
    pub(super) nearest: Option<BrokerId>,
    /// Whether what is sent counts for the throttle.
    pub(super) is_throttled: bool,
}

impl Part {
    /// Whether it is told at once and in any case.
    pub(super) fn is_news(&self) -> bool {
        self.error != ErrorCode::None || self.diverging.is_some() || self.nearest.is_some()
    }

    fn failed(key: SessionKey, error: ErrorCode) -> Part {
        // What is not known at all is answered before the log is asked: with an empty list, not with none.
        let is_unknown = matches!(error, ErrorCode::UnknownTopicId | ErrorCode::UnknownTopicOrPartition);
        Part {
            key,
            error,
            high_watermark: None,
            last_stable_offset: None,
            log_start_offset: None,
            diverging: None,
            aborted: is_unknown.then(Vec::new),
            data: Data::None,
            nearest: None,
            is_throttled: false,
        }
    }
}

/// What a whole fetch gave.
#[derive(Debug, Default)]
pub(super) struct ReadBatch {
    pub(super) parts: Vec<Part>,
    pub(super) bytes: u64,
    /// An error, a divergence, a nearer replica: answered at once.
    pub(super) has_news: bool,
}

/// Reads what is in memory; `None` if anything is not (a page, an opened log).
pub(super) fn on_shard(targets: &[Target], limits: &Limits) -> Option<ReadBatch> {
    read_all(targets, limits, Patience::ResidentOnly)
}

/// Opens logs and reads on the pool.
pub(super) async fn on_pool(node: &Node, targets: &[Target], limits: &Limits) -> ReadBatch {
    let mut failed: Vec<(usize, OpenLogError)> = Vec::new();
    for (index, target) in targets.iter().enumerate() {
        if let Ok(handle) = &target.handle
            && let Err(error) = node.open(handle).await
        {
            failed.push((index, error));
        }
    }
    let mut targets = targets.to_vec();
    for (index, error) in failed {
        targets[index].handle = Err(errors::of_open(&error));
    }
    let limits = limits.clone();
    let read = move || read_all(&targets, &limits, Patience::Wait).unwrap_or_default();
    node.pool.run(Urgency::Waited, read).await.unwrap_or_default()
}

fn read_all(targets: &[Target], limits: &Limits, patience: Patience) -> Option<ReadBatch> {
    let mut batch = ReadBatch { parts: Vec::with_capacity(targets.len()), ..ReadBatch::default() };
    let mut left = limits.max_bytes;
    let mut min_one_batch = MinOneBatch::Yes;
    for target in targets {
        let part = match &target.handle {
            Err(error) => Part::failed(target.key.clone(), *error),
            Ok(handle) => {
                let bounds = Bounds { left, min_one_batch, limits, patience };
                read_one(handle, target, bounds)?
            }
        };
        let len = part.data.len();
        if len > 0 {
            min_one_batch = MinOneBatch::No;
            left = left.saturating_sub(u32::try_from(len).unwrap_or(u32::MAX));
            batch.bytes += len as u64;
        }
        batch.has_news |= part.is_news();
        batch.parts.push(part);
    }
    Some(batch)
}

#[derive(Clone, Copy)]
struct Bounds<'a> {
    left: u32,
    min_one_batch: MinOneBatch,
    limits: &'a Limits,
    patience: Patience,
}

/// `None` if it has to be read on the pool.
fn read_one(handle: &PartitionHandle, target: &Target, bounds: Bounds<'_>) -> Option<Part> {
    let failed = |error| Some(Part::failed(target.key.clone(), error));
    // Consumers read from followers too (KIP-392), but not where nobody leads.
    let serves = |known: &LeadershipView| match bounds.limits.asker {
        Asker::Consumer => known.is_local || known.leader.is_some(),
        Asker::OldConsumer | Asker::Replica(..) => known.is_local,
    };
    let Some(leadership) = handle.leadership() else { return failed(ErrorCode::NotLeaderOrFollower) };
    let wanted = &target.wanted;
    if let Some(epoch) = LeaderEpoch::new(wanted.current_leader_epoch) {
        if epoch < leadership.epoch {
            return failed(ErrorCode::FencedLeaderEpoch);
        }
        if epoch > leadership.epoch {
            return failed(ErrorCode::UnknownLeaderEpoch);
        }
    }
    // After the epoch, as Kafka: with an old one a client is told of that, whoever it asks.
    if !serves(&leadership) {
        return failed(ErrorCode::NotLeaderOrFollower);
    }
    let view = match (handle.view(), bounds.patience) {
        (Some(view), _) => view,
        (None, Patience::ResidentOnly) => return None,
        (None, Patience::Wait) => return failed(ErrorCode::NotLeaderOrFollower),
    };
    if let Asker::Replica(id, _) = bounds.limits.asker
        && !leadership.replicas.contains(&id)
    {
        // With the epoch we know the follower has news that have not arrived here: it tries again.
        let knows_epoch = LeaderEpoch::new(wanted.current_leader_epoch).is_some();
        return failed(if knows_epoch {
            ErrorCode::UnknownLeaderEpoch
        } else {
            ErrorCode::NotLeaderOrFollower
        });
    }
    if leadership.is_local
        && let Some(nearest) = nearest(handle, (&leadership, &view), target, bounds.limits)
    {
        return Some(Part { nearest: Some(nearest), ..told_of(&view, target) });
    }
    let held = is_held_up(handle, bounds.limits);
    let bounds = if held { Bounds { left: 0, min_one_batch: MinOneBatch::No, ..bounds } } else { bounds };
    match read_view(&view, target, bounds) {
        Ok(part) => match note_progress(handle, (&leadership, &view), &part, bounds.limits, target) {
            Ok(()) => {
                let is_replica = matches!(bounds.limits.asker, Asker::Replica(..));
                Some(Part { is_throttled: is_replica && handle.is_throttled_as_leader(), ..part })
            }
            Err(error) => failed(error),
        },
        Err(ReadError::NotResident) => None,
        Err(ReadError::Stale) if bounds.patience == Patience::ResidentOnly => None,
        Err(error) => {
            match error {
                ReadError::OutOfRange { .. } => {}
                // The client asks again; what is missing was told where it was missed.
                _ if error.is_passing() => {
                    tracing::debug!(partition = %handle.name(), %error, "read refused")
                }
                _ => tracing::error!(partition = %handle.name(), %error, "read failed"),
            }
            failed(errors::of_read(&error))
        }
    }
}

/// Whether the throttle holds the follower up: then its progress counts, but nothing is sent (Kafka:
/// `ReplicaManager.shouldLeaderThrottle`).
fn is_held_up(handle: &PartitionHandle, limits: &Limits) -> bool {
    let Asker::Replica(follower, _) = limits.asker else { return false };
    limits.holds_up_laggards && handle.is_throttled_as_leader() && !handle.is_in_sync(follower)
}

fn read_view(view: &LogView, target: &Target, bounds: Bounds<'_>) -> Result<Part, ReadError> {
    let wanted = &target.wanted;
    let isolation = bounds.limits.isolation;
    let mut part = told_of(view, target);
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
            // The client's last epoch is unknown here, or ended before its offset: the logs part.
            Some(end) if end.epoch < epoch || end.offset < offset => {
                part.diverging = Some((end.epoch, end.offset));
                return Ok(part);
            }
            Some(_) => {}
            None => return Err(out_of_range()),
        }
    }
    let max_bytes = u32::try_from(wanted.max_bytes).unwrap_or(0).min(bounds.left);
    let slice = view.read(&ReadRequest {
        offset,
        max_bytes,
        isolation,
        min_one_batch: bounds.min_one_batch,
        patience: bounds.patience,
    })?;
    if isolation == Isolation::LastStable {
        part.aborted = Some(match &slice {
            Some(slice) => view.aborted_transactions(offset, slice, bounds.patience)?,
            None => Vec::new(),
        });
    }
    if let Some(slice) = slice.filter(|slice| slice.len > 0) {
        part.data = data_of(&slice, bounds.patience)?;
    }
    Ok(part)
}

/// The offsets of a log, without records.
fn told_of(view: &LogView, target: &Target) -> Part {
    Part {
        high_watermark: Some(view.high_watermark()),
        last_stable_offset: Some(view.last_stable_offset()),
        log_start_offset: Some(view.log_start_offset()),
        ..Part::failed(target.key.clone(), ErrorCode::None)
    }
}

/// Notes how far a follower has got: only after a read without error and without divergence, and by the view that was
/// read.
fn note_progress(
    handle: &PartitionHandle,
    (leadership, view): (&LeadershipView, &LogView),
    part: &Part,
    limits: &Limits,
    target: &Target,
) -> Result<(), ErrorCode> {
    let (Asker::Replica(follower, broker_epoch), None) = (limits.asker, part.diverging) else {
        return Ok(());
    };
    let Some(offset) = Offset::new(target.wanted.fetch_offset) else { return Ok(()) };
    let fetch = FollowerFetch {
        follower,
        broker_epoch,
        offset,
        log_start: Offset::new(target.wanted.log_start_offset),
        leader_end: view.log_end_offset(),
    };
    handle.on_follower_fetched(leadership.epoch, fetch).map_err(errors::of_follower)
}

/// The replica that the client should read from in place of this one.
fn nearest(
    handle: &PartitionHandle,
    (leadership, view): (&LeadershipView, &LogView),
    target: &Target,
    limits: &Limits,
) -> Option<BrokerId> {
    let Nearness { rack, image } = limits.nearness.as_ref()?;
    if leadership.replicas.len() < 2 {
        return None;
    }
    let offset = Offset::new(target.wanted.fetch_offset)?;
    let rack_of = |id: BrokerId| image.cluster().broker(id).and_then(|broker| broker.rack.as_deref());
    let leader = leadership.leader?;
    let leader =
        Candidate { id: leader, rack: rack_of(leader), log_end: view.log_end_offset(), last_caught_up: None };
    let mut followers: Vec<Candidate<'_>> = handle.readable_followers(offset);
    followers.retain(|one| image.cluster().is_active(one.id));
    for one in &mut followers {
        one.rack = rack_of(one.id);
    }
    klamm_replication::nearest(&leader, &followers, rack)
}

fn data_of(slice: &FetchSlice, patience: Patience) -> Result<Data, ReadError> {
    if slice.len <= COPY_UP_TO {
        let mut copied = vec![0; slice.len as usize];
        slice.read(&mut copied, slice.position, patience)?;
        return Ok(Data::Copied(copied.into()));
    }
    match (slice.residency(), patience) {
        (Residency::Resident, _) => {}
        (Residency::Missing | Residency::Unknown, Patience::ResidentOnly) => {
            return Err(ReadError::NotResident);
        }
        (Residency::Missing | Residency::Unknown, Patience::Wait) => warm(slice)?,
    }
    Ok(Data::Region(FileRegion::of_slice(slice)))
}

/// Brings a cold region into the page cache in bounded steps; `sendfile` then finds it there.
fn warm(slice: &FetchSlice) -> Result<(), ReadError> {
    let mut step = vec![0; WARM_STEP.min(slice.len as usize)];
    let end = slice.position + u64::from(slice.len);
    let mut position = slice.position;
    while position < end {
        let len = step.len().min(usize::try_from(end - position).unwrap_or(usize::MAX));
        slice.read(&mut step[..len], position, Patience::Wait)?;
        position += len as u64;
    }
    Ok(())
}
