//! Reading the partitions of one fetch: from memory on the shard, else on the disk pool.

use std::sync::Arc;

use bytes::Bytes;
use klamm_logstate::AbortedTransaction;
use klamm_metadata::MetadataImage;
use klamm_model::{BrokerId, Offset, OffsetAndEpoch};
use klamm_node::fetch_session::{SessionKey, Wanted};
use klamm_node::partition::{
    Admitted, Asker, FetchRefusal, PartitionHandle, ReadFound, ReadLimits, read_view,
};
use klamm_protocol::ErrorCode;
use klamm_replication::Candidate;
use klamm_storage::disk::Residency;
use klamm_storage::{FetchSlice, Isolation, LogView, MinOneBatch, OpenLogError, Patience, ReadError};

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
    pub(super) diverging: Option<OffsetAndEpoch>,
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
    let asker = bounds.limits.asker;
    let admitted = match handle.admit_fetch(asker, &target.wanted) {
        Ok(admitted) => admitted,
        Err(FetchRefusal::NotOpen) if bounds.patience == Patience::ResidentOnly => return None,
        Err(refusal) => return failed(errors::of_fetch(refusal)),
    };
    if admitted.leadership.is_local
        && let Some(nearest) = nearest(handle, &admitted, target, bounds.limits)
    {
        return Some(Part { nearest: Some(nearest), ..told_of(&admitted.view, target) });
    }
    let held = is_held_up(handle, bounds.limits);
    let bounds = if held { Bounds { left: 0, min_one_batch: MinOneBatch::No, ..bounds } } else { bounds };
    match read_found(&admitted.view, target, bounds) {
        Ok((part, found)) => match handle.note_fetched(&admitted, asker, &target.wanted, &found) {
            Ok(()) => {
                let is_replica = matches!(asker, Asker::Replica(..));
                Some(Part { is_throttled: is_replica && handle.is_throttled_as_leader(), ..part })
            }
            Err(refusal) => failed(errors::of_follower(refusal)),
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

/// Reads; the part, and what it was made from.
fn read_found(view: &LogView, target: &Target, bounds: Bounds<'_>) -> Result<(Part, ReadFound), ReadError> {
    let isolation = bounds.limits.isolation;
    let limits = ReadLimits {
        max_bytes: bounds.left,
        min_one_batch: bounds.min_one_batch,
        isolation,
        patience: bounds.patience,
    };
    let found = read_view(view, &target.wanted, limits)?;
    let mut part = told_of(view, target);
    match &found {
        ReadFound::Diverging(end) => part.diverging = Some(*end),
        ReadFound::Records(slice) => {
            if isolation == Isolation::LastStable {
                let offset = Offset::new(target.wanted.fetch_offset).unwrap_or_default();
                part.aborted = Some(match slice {
                    Some(slice) => view.aborted_transactions(offset, slice, bounds.patience)?,
                    None => Vec::new(),
                });
            }
            if let Some(slice) = slice.as_ref().filter(|slice| slice.len > 0) {
                part.data = data_of(slice, bounds.patience)?;
            }
        }
    }
    Ok((part, found))
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

/// The replica that the client should read from in place of this one.
fn nearest(
    handle: &PartitionHandle,
    Admitted { leadership, view }: &Admitted,
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
