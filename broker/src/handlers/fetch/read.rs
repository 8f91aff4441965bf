//! Reading the partitions of one fetch: from memory on the shard, else on the disk pool.

use bytes::Bytes;
use klamm_logstate::AbortedTransaction;
use klamm_model::{LeaderEpoch, Offset};
use klamm_node::fetch_session::{SessionKey, Wanted};
use klamm_node::partition::PartitionHandle;
use klamm_protocol::ErrorCode;
use klamm_storage::disk::{Residency, read_exact_at};
use klamm_storage::{
    FetchSlice, Isolation, LogView, MinOneBatch, OpenLogError, Patience, ReadError, ReadRequest,
};

use crate::handlers::errors;
use crate::net::region::FileRegion;
use crate::node::Node;
use crate::pumps::disk_pool::Urgency;

/// Smaller regions are copied into the reply: one write for all, where `sendfile` takes one each.
const COPY_UP_TO: u32 = 32 * 1024;
/// Bytes of one read that brings a cold region into memory.
const WARM_STEP: usize = 256 * 1024;

/// Limits of a whole fetch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) max_bytes: u32,
    pub(super) isolation: Isolation,
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
}

impl Part {
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
        }
    }
}

/// What a whole fetch gave.
#[derive(Debug, Default)]
pub(super) struct ReadBatch {
    pub(super) parts: Vec<Part>,
    pub(super) bytes: u64,
    /// An error or divergence: answered at once.
    pub(super) has_news: bool,
}

/// Reads what is in memory; `None` if anything is not (a page, an opened log).
pub(super) fn on_shard(targets: &[Target], limits: Limits) -> Option<ReadBatch> {
    read_all(targets, limits, Patience::ResidentOnly)
}

/// Opens logs and reads on the pool.
pub(super) async fn on_pool(node: &Node, targets: &[Target], limits: Limits) -> ReadBatch {
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
    let read = move || read_all(&targets, limits, Patience::Wait).unwrap_or_default();
    node.pool.run(Urgency::Waited, read).await.unwrap_or_default()
}

fn read_all(targets: &[Target], limits: Limits, patience: Patience) -> Option<ReadBatch> {
    let mut batch = ReadBatch { parts: Vec::with_capacity(targets.len()), ..ReadBatch::default() };
    let mut left = limits.max_bytes;
    let mut min_one_batch = MinOneBatch::Yes;
    for target in targets {
        let part = match &target.handle {
            Err(error) => Part::failed(target.key.clone(), *error),
            Ok(handle) => {
                let bounds = Bounds { left, min_one_batch, isolation: limits.isolation, patience };
                read_one(handle, target, bounds)?
            }
        };
        let len = part.data.len();
        if len > 0 {
            min_one_batch = MinOneBatch::No;
            left = left.saturating_sub(u32::try_from(len).unwrap_or(u32::MAX));
            batch.bytes += len as u64;
        }
        batch.has_news |= part.error != ErrorCode::None || part.diverging.is_some();
        batch.parts.push(part);
    }
    Some(batch)
}

#[derive(Clone, Copy)]
struct Bounds {
    left: u32,
    min_one_batch: MinOneBatch,
    isolation: Isolation,
    patience: Patience,
}

/// `None` if it has to be read on the pool.
fn read_one(handle: &PartitionHandle, target: &Target, bounds: Bounds) -> Option<Part> {
    let failed = |error| Some(Part::failed(target.key.clone(), error));
    let Some(leadership) = handle.leadership().filter(|known| known.is_local) else {
        return failed(ErrorCode::NotLeaderOrFollower);
    };
    let wanted = &target.wanted;
    if let Some(epoch) = LeaderEpoch::new(wanted.current_leader_epoch) {
        if epoch < leadership.epoch {
            return failed(ErrorCode::FencedLeaderEpoch);
        }
        if epoch > leadership.epoch {
            return failed(ErrorCode::UnknownLeaderEpoch);
        }
    }
    let view = match (handle.view(), bounds.patience) {
        (Some(view), _) => view,
        (None, Patience::ResidentOnly) => return None,
        (None, Patience::Wait) => return failed(ErrorCode::NotLeaderOrFollower),
    };
    match read_view(&view, target, bounds) {
        Ok(part) => Some(part),
        Err(ReadError::NotResident) => None,
        Err(ReadError::Stale) if bounds.patience == Patience::ResidentOnly => None,
        Err(error) => {
            if !matches!(error, ReadError::OutOfRange { .. }) {
                tracing::error!(partition = %handle.name(), %error, "read failed");
            }
            failed(errors::of_read(&error))
        }
    }
}

fn read_view(view: &LogView, target: &Target, bounds: Bounds) -> Result<Part, ReadError> {
    let wanted = &target.wanted;
    let mut part = Part {
        high_watermark: Some(view.high_watermark()),
        last_stable_offset: Some(view.last_stable_offset()),
        log_start_offset: Some(view.log_start_offset()),
        ..Part::failed(target.key.clone(), ErrorCode::None)
    };
    let out_of_range = || ReadError::OutOfRange {
        offset: Offset::new(wanted.fetch_offset).unwrap_or_default(),
        log_start_offset: view.log_start_offset(),
        log_end_offset: view.log_end_offset(),
    };
    let offset = Offset::new(wanted.fetch_offset).ok_or_else(out_of_range)?;
    if let Some(epoch) = LeaderEpoch::new(wanted.last_fetched_epoch) {
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
        isolation: bounds.isolation,
        min_one_batch: bounds.min_one_batch,
        patience: bounds.patience,
    })?;
    if bounds.isolation == Isolation::LastStable {
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

fn data_of(slice: &FetchSlice, patience: Patience) -> Result<Data, ReadError> {
    if slice.len <= COPY_UP_TO {
        let mut copied = vec![0; slice.len as usize];
        match patience {
            Patience::ResidentOnly => {
                let read = slice.file.read_if_resident(&mut copied, slice.position);
                if read.map_err(|error| cannot_read(slice, &error))? != Some(copied.len()) {
                    return Err(ReadError::NotResident);
                }
            }
            Patience::Wait => {
                let read = read_exact_at(slice.file.as_ref(), &mut copied, slice.position);
                read.map_err(|error| cannot_read(slice, &error))?;
            }
        }
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
        let read = read_exact_at(slice.file.as_ref(), &mut step[..len], position);
        read.map_err(|error| cannot_read(slice, &error))?;
        position += len as u64;
    }
    Ok(())
}

fn cannot_read(slice: &FetchSlice, error: &std::io::Error) -> ReadError {
    ReadError::Corrupt {
        path: format!("segment at offset {}", slice.base_offset).into(),
        position: slice.position,
        reason: error.to_string(),
    }
}
