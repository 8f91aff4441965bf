//! The metadata log as the quorum needs it: stamped batches in, control records out, snapshots
//! beside it. The only writer of `__cluster_metadata-0`.

use bytes::{Bytes, BytesMut};
use klamm_logstate::{AppendOrigin, TransactionVersion};
use klamm_model::{LeaderEpoch, Offset, OffsetAndEpoch, Timestamp};
use klamm_protocol::records::batch::stamp;
use klamm_protocol::records::compression::Limits;
use klamm_protocol::records::control::{ControlType, control_batch};
use klamm_protocol::records::errors::{BatchError, RecordError};
use klamm_protocol::records::{Batch, Batches, BuildError};
use klamm_raft::{
    Appended, ControlRecord, ControlRecordError, DataBatch, FetchOutcome, FetchedBytes, LogFacts, RaftError,
    Response, SnapshotFacts, SnapshotSlice,
};
use klamm_storage::disk::read_exact_at;
use klamm_storage::state::{MetadataSnapshotStore, MetadataSnapshotWriter};
use klamm_storage::{
    AppendError, DiskFailure, Isolation, Job, LeaderAppend, Log, LogStartReason, MinOneBatch, Patience,
    ReadError, ReadRequest, StorageError,
};

use super::retention::{DatedSnapshot, MetadataRetention};
use super::snapshot_check::{SnapshotDamage, check_snapshot};
use crate::planted::{self, Bug};

/// Bytes of one read of the log.
const READ_STEP: u32 = 1 << 20;
/// Most bytes of log or snapshot in one answer, whatever a peer asks for (Kafka's MAX_FETCH_SIZE).
const MOST_ANSWERED: u32 = 8 << 20;
/// Bytes at the start of a snapshot that hold its first batch.
const SNAPSHOT_HEAD: u64 = 64 << 10;

/// The metadata log failed; the node cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum MetadataLogError {
    /// A write was refused or failed.
    #[error("metadata log: {0}")]
    Append(#[from] AppendError),
    /// The disk failed.
    #[error("metadata log: {0}")]
    Storage(#[from] StorageError),
    /// A snapshot file failed.
    #[error("metadata snapshot: {0}")]
    Snapshot(#[from] DiskFailure),
    /// A read failed.
    #[error("metadata log: {0}")]
    Read(#[from] ReadError),
    /// A batch is damaged.
    #[error("metadata log at offset {at}: {source}")]
    Batch {
        /// Where reading began.
        at: Offset,
        /// What is wrong.
        source: BatchError,
    },
    /// A record is damaged.
    #[error("metadata log at offset {at}: {source}")]
    Record {
        /// Base offset of its batch.
        at: Offset,
        /// What is wrong.
        source: RecordError,
    },
    /// A control record is not readable.
    #[error("metadata log at offset {at}: {source}")]
    Control {
        /// Base offset of its batch.
        at: Offset,
        /// What is wrong.
        source: ControlRecordError,
    },
    /// A snapshot is not whole.
    #[error("metadata snapshot {}-{} is damaged: {source}", id.offset, id.epoch.get())]
    DamagedSnapshot {
        /// Which.
        id: OffsetAndEpoch,
        /// What is wrong.
        source: SnapshotDamage,
    },
    /// A control batch cannot be built.
    #[error("control batch: {0}")]
    Build(#[from] BuildError),
}

impl MetadataLogError {
    /// Whether the same read may succeed a moment later. A file that has become shorter is damaged: only this log's owner
    /// cuts it.
    pub fn is_passing(&self) -> bool {
        match self {
            MetadataLogError::Read(ReadError::Storage(error)) | MetadataLogError::Storage(error) => {
                error.is_passing()
            }
            MetadataLogError::Snapshot(failure) => failure.is_exhausted(),
            MetadataLogError::Read(_)
            | MetadataLogError::Append(_)
            | MetadataLogError::Batch { .. }
            | MetadataLogError::Record { .. }
            | MetadataLogError::Control { .. }
            | MetadataLogError::DamagedSnapshot { .. }
            | MetadataLogError::Build(_) => false,
        }
    }
}

/// See the module.
#[derive(Debug)]
pub struct MetadataLog {
    log: Log,
    snapshots: MetadataSnapshotStore,
    fetched: Option<MetadataSnapshotWriter>,
    /// Where a leader's batch was refused last, and the leader's epoch: it is fetched again and again, and told once.
    refused_at: Option<(LeaderEpoch, Offset)>,
}

impl MetadataLog {
    /// Takes over an opened log and its snapshots.
    pub fn new(log: Log, snapshots: MetadataSnapshotStore) -> MetadataLog {
        MetadataLog { log, snapshots, fetched: None, refused_at: None }
    }

    /// The log itself, for flush jobs, views and closing.
    pub fn log_mut(&mut self) -> &mut Log {
        &mut self.log
    }

    /// What makes all of the log durable; `None` if all is. The quorum counts what was flushed, so a
    /// flush that cannot be made ends it (KAFKA-10527).
    pub fn flush_job(&mut self, now: Timestamp) -> Result<Option<Job>, MetadataLogError> {
        Ok(self.log.flush_job(now)?)
    }

    /// Gives the log back, to be closed.
    pub fn into_log(self) -> Log {
        self.log
    }

    /// The log, for reading.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The snapshots.
    pub fn snapshots(&self) -> &MetadataSnapshotStore {
        &self.snapshots
    }

    /// Bounds, epochs and snapshots, as the core wants to know them at the start. A snapshot that ends before the log
    /// begins tells nothing of it any more: the first of those that count ends where the log begins.
    pub fn facts(&self) -> Result<LogFacts, MetadataLogError> {
        let mut snapshots = Vec::new();
        for id in self.snapshots.list()?.into_iter().filter(|id| !self.is_outdated(*id)) {
            let size = match self.snapshots.open(id)? {
                Some(file) => file.len().map_err(|source| io_failure(source, "snapshot"))?,
                None => continue,
            };
            snapshots.push(SnapshotFacts { id, size });
        }
        Ok(LogFacts {
            log_start: self.log.log_start_offset(),
            log_end: self.log.log_end_offset(),
            epochs: self.log.epochs().clone(),
            snapshots,
        })
    }

    /// Appends control records as the leader of `epoch`.
    pub fn append_control(
        &mut self,
        at: (Offset, LeaderEpoch),
        records: &[ControlRecord],
        now: Timestamp,
    ) -> Result<(), MetadataLogError> {
        let encoded: Vec<(ControlType, Bytes)> =
            records.iter().map(|record| (record.control_type(), record.encode())).collect();
        let borrowed: Vec<_> = encoded.iter().map(|(kind, value)| (*kind, value.as_ref())).collect();
        let batch = control_batch(at.1, now, &borrowed)?;
        self.append_stamped(at, &[batch], now)
    }

    /// Appends data batches as the leader of `epoch`.
    pub fn append_data(
        &mut self,
        at: (Offset, LeaderEpoch),
        batches: &[DataBatch],
        now: Timestamp,
    ) -> Result<(), MetadataLogError> {
        let batches: Vec<_> = batches.iter().map(|batch| batch.bytes.clone()).collect();
        self.append_stamped(at, &batches, now)
    }

    fn append_stamped(
        &mut self,
        (mut base, epoch): (Offset, LeaderEpoch),
        batches: &[Bytes],
        now: Timestamp,
    ) -> Result<(), MetadataLogError> {
        let mut stamped = BytesMut::with_capacity(batches.iter().map(Bytes::len).sum());
        for batch in batches {
            let start = stamped.len();
            stamped.extend_from_slice(batch);
            stamp(&mut stamped[start..], base, epoch);
            let header = Batch::parse(&stamped[start..]);
            let header = header.map_err(|source| MetadataLogError::Batch { at: base, source })?;
            base = header.header().next_offset();
        }
        let append = LeaderAppend {
            batches: &mut stamped,
            rest: &[],
            origin: AppendOrigin::RaftLeader,
            leader_epoch: epoch,
            verification: None,
            transaction_version: TransactionVersion::default(),
        };
        let mut results = Vec::with_capacity(1);
        self.log.append(&mut [append], now, &mut results);
        self.log.publish();
        let result = results.pop().expect("one result per request");
        result?;
        assert_eq!(self.log.log_end_offset(), base, "the log takes the offsets the quorum gave");
        Ok(())
    }

    /// Appends what a leader sent, up to the first bad batch.
    pub fn append_fetched(
        &mut self,
        epoch: LeaderEpoch,
        records: &Bytes,
        now: Timestamp,
    ) -> Result<Appended, MetadataLogError> {
        let before = self.log.log_end_offset();
        let appended = self.log.append_as_follower(records, epoch, now)?;
        if let Some(stopped) = &appended.stopped
            && self.refused_at.replace((epoch, appended.log_end_offset))
                != Some((epoch, appended.log_end_offset))
        {
            tracing::error!(?stopped, "the leader of the quorum sent a batch that cannot be appended");
        }
        self.log.publish();
        let entries = self.log.epochs().entries().iter();
        let epochs = entries.filter(|entry| entry.start_offset >= before).copied().collect();
        let controls = self.controls_between(before, appended.log_end_offset)?;
        Ok(Appended { log_end: appended.log_end_offset, epochs, controls })
    }

    /// Control records of a range of the log, with their offsets.
    pub fn controls_between(
        &self,
        from: Offset,
        to: Offset,
    ) -> Result<Vec<(Offset, ControlRecord)>, MetadataLogError> {
        let mut controls = Vec::new();
        let mut next = from;
        while next < to {
            let bytes = self.read(next, Isolation::LogEnd)?;
            if bytes.is_empty() {
                break;
            }
            next = collect_controls(&bytes, next, &mut controls)?;
        }
        Ok(controls)
    }

    /// Whole batches from `offset` on, at least one if there is one; empty at the end.
    pub fn read(&self, offset: Offset, isolation: Isolation) -> Result<Bytes, MetadataLogError> {
        read_batches(&self.log.view().load(), offset, isolation)
    }

    /// Reads what an answer names of the log or of a snapshot.
    pub fn fill(&self, mut response: Response) -> Result<Response, MetadataLogError> {
        match &mut response {
            Response::Fetch(fetch) => {
                if let FetchOutcome::Records { from, bytes } = &mut fetch.outcome
                    && let FetchedBytes::Read { max_bytes } = *bytes
                {
                    let view = self.log.view().load();
                    let read = read_up_to(&view, *from, (Isolation::LogEnd, max_bytes.min(MOST_ANSWERED)))?;
                    *bytes = FetchedBytes::Received(read);
                }
            }
            Response::FetchSnapshot(fetch) => {
                if let Some(mut slice) = fetch.slice.take() {
                    if self.fill_slice(&mut slice)? {
                        fetch.slice = Some(slice);
                    } else {
                        fetch.error = Some(RaftError::SnapshotNotFound);
                    }
                }
            }
            Response::Failed(..)
            | Response::Vote(_)
            | Response::BeginQuorumEpoch(_)
            | Response::EndQuorumEpoch(_)
            | Response::DescribeQuorum(_)
            | Response::AddVoter(_)
            | Response::RemoveVoter(_)
            | Response::UpdateVoter(_)
            | Response::ApiVersions(_) => {}
        }
        Ok(response)
    }

    /// Whether the snapshot is there.
    fn fill_slice(&self, slice: &mut SnapshotSlice) -> Result<bool, MetadataLogError> {
        let FetchedBytes::Read { max_bytes } = slice.bytes else { return Ok(true) };
        let Some(file) = self.snapshots.open(slice.id)? else { return Ok(false) };
        let len = slice.size.saturating_sub(slice.position).min(u64::from(max_bytes.min(MOST_ANSWERED)));
        let mut content = vec![0; usize::try_from(len).unwrap_or(usize::MAX)];
        read_exact_at(file.as_ref(), &mut content, slice.position)
            .map_err(|source| io_failure(source, "snapshot"))?;
        slice.bytes = FetchedBytes::Received(content.into());
        Ok(true)
    }

    /// Cuts the log.
    pub fn truncate_to(&mut self, end: Offset, now: Timestamp) -> Result<(), MetadataLogError> {
        self.log.truncate_to(end, now)?;
        self.log.publish();
        Ok(())
    }

    /// Content of a snapshot, after the check that it is whole.
    pub fn read_snapshot(&self, id: OffsetAndEpoch) -> Result<Option<Bytes>, MetadataLogError> {
        let Some(content) = self.read_snapshot_start(id, u64::MAX)? else { return Ok(None) };
        check_snapshot(&content).map_err(|source| MetadataLogError::DamagedSnapshot { id, source })?;
        Ok(Some(content))
    }

    fn read_snapshot_start(&self, id: OffsetAndEpoch, most: u64) -> Result<Option<Bytes>, MetadataLogError> {
        let Some(file) = self.snapshots.open(id)? else { return Ok(None) };
        let len = file.len().map_err(|source| io_failure(source, "snapshot"))?.min(most);
        let mut content = vec![0; usize::try_from(len).unwrap_or(usize::MAX)];
        read_exact_at(file.as_ref(), &mut content, 0).map_err(|source| io_failure(source, "snapshot"))?;
        Ok(Some(content.into()))
    }

    /// Writes a piece of a snapshot being fetched.
    pub fn write_fetched(
        &mut self,
        id: OffsetAndEpoch,
        position: u64,
        bytes: &[u8],
    ) -> Result<(), MetadataLogError> {
        if position == 0 || self.fetched.as_ref().is_none_or(|writer| writer.id() != id) {
            self.fetched = Some(self.snapshots.begin(id, position)?);
        }
        if let Some(writer) = &mut self.fetched {
            assert_eq!(writer.len(), position, "pieces of a snapshot are fetched in order");
            writer.append(bytes)?;
        }
        Ok(())
    }

    /// A snapshot is whole, fetched or found here: it replaces the log. `None` if it came damaged; then it is
    /// gone and nothing has changed.
    pub fn install_fetched(
        &mut self,
        id: OffsetAndEpoch,
        now: Timestamp,
    ) -> Result<Option<SnapshotFacts>, MetadataLogError> {
        let size = match self.fetched.take() {
            Some(writer) if writer.id() == id => {
                if let Err(damage) = check_snapshot(&writer.content()?) {
                    tracing::error!(offset = %id.offset, %damage, "the fetched metadata snapshot is dropped");
                    return Ok(None);
                }
                let size = writer.len();
                writer.finish()?;
                size
            }
            // The quorum found it among the snapshots that are here already.
            Some(_) | None => match self.read_snapshot(id)? {
                Some(content) => content.len() as u64,
                None => {
                    return Err(MetadataLogError::DamagedSnapshot { id, source: SnapshotDamage::Missing });
                }
            },
        };
        self.log.truncate_fully_and_start_at(id.offset, None, now)?;
        self.log.publish();
        self.remove_outdated_snapshots()?;
        Ok(Some(SnapshotFacts { id, size }))
    }

    /// A process that ended between the end of a fetched snapshot and the renewal of the log left a
    /// log that ends before its snapshot: the log begins anew behind it.
    pub(super) fn catch_up_with_snapshot(&mut self, now: Timestamp) -> Result<(), MetadataLogError> {
        let newest = self.snapshots.list()?.into_iter().max_by_key(|id| id.offset);
        if let Some(id) = newest.filter(|id| id.offset > self.log.log_end_offset()) {
            // Before the log goes: only what is whole may take its place.
            self.read_snapshot(id)?;
            self.log.truncate_fully_and_start_at(id.offset, None, now)?;
            self.log.publish();
        }
        Ok(())
    }

    /// Removes snapshots that end before the log begins, as Kafka does when it takes a snapshot and when it starts: a
    /// process may have ended before it got to it.
    pub(super) fn remove_outdated_snapshots(&self) -> Result<(), MetadataLogError> {
        let outdated = self.snapshots.list()?.into_iter().filter(|id| self.is_outdated(*id));
        outdated.into_iter().try_for_each(|id| Ok(self.snapshots.remove(id)?))
    }

    /// Whether a snapshot ends before the log begins.
    fn is_outdated(&self, id: OffsetAndEpoch) -> bool {
        id.offset < self.log.log_start_offset() && !planted::has(Bug::KeepOutdatedSnapshots)
    }

    /// Syncs what recovery found: a killed process may have left it in the page cache only, and the quorum counts
    /// what it finds as durable. Blocks.
    pub(super) fn make_durable(&mut self, now: Timestamp) -> Result<(), MetadataLogError> {
        if let Some(job) = self.flush_job(now)? {
            let report = job.run();
            if let Some(failure) = report.failure() {
                return Err(MetadataLogError::Storage(failure.clone()));
            }
            self.log.on_job(report);
        }
        Ok(())
    }

    /// Forgets the pieces of a snapshot.
    pub fn discard_fetched(&mut self) {
        self.fetched = None;
    }

    /// Deletes old snapshots, and the log before the first one that stays, beyond `retention`. The
    /// end of that snapshot, if anything went.
    pub fn clean(
        &mut self,
        retention: MetadataRetention,
        now: Timestamp,
    ) -> Result<Option<Offset>, MetadataLogError> {
        let mut dated = Vec::new();
        for facts in self.facts()?.snapshots {
            dated.push(DatedSnapshot { facts, written: self.snapshot_timestamp(facts.id)? });
        }
        let going = retention.plan(&dated, self.log.size(), now);
        if going == 0 {
            return Ok(None);
        }
        let start = dated[going].facts.id.offset;
        self.log.advance_log_start(start, LogStartReason::Snapshot);
        self.log.apply_retention(now)?;
        self.log.publish();
        for old in &dated[..going] {
            self.snapshots.remove(old.facts.id)?;
        }
        Ok(Some(start))
    }

    fn snapshot_timestamp(&self, id: OffsetAndEpoch) -> Result<Option<Timestamp>, MetadataLogError> {
        let Some(content) = self.read_snapshot_start(id, SNAPSHOT_HEAD)? else { return Ok(None) };
        let Some(Ok(first)) = Batches::new(&content).next() else { return Ok(None) };
        let mut controls = Vec::new();
        collect_controls(&content[..first.header().size()], Offset::ZERO, &mut controls)?;
        Ok(controls.into_iter().find_map(|(_, control)| match control {
            ControlRecord::SnapshotHeader { last_contained_log_timestamp } => {
                Some(last_contained_log_timestamp)
            }
            _ => None,
        }))
    }
}

/// Whole batches of a log from `offset` on; empty at the end of what `isolation` sees.
pub(crate) fn read_batches(
    view: &klamm_storage::LogView,
    offset: Offset,
    isolation: Isolation,
) -> Result<Bytes, MetadataLogError> {
    read_up_to(view, offset, (isolation, READ_STEP))
}

fn read_up_to(
    view: &klamm_storage::LogView,
    offset: Offset,
    (isolation, max_bytes): (Isolation, u32),
) -> Result<Bytes, MetadataLogError> {
    let request = ReadRequest {
        offset,
        max_bytes,
        isolation,
        min_one_batch: MinOneBatch::Yes,
        patience: Patience::Wait,
    };
    let Some(slice) = view.read(&request)? else { return Ok(Bytes::new()) };
    let mut bytes = vec![0; slice.len as usize];
    slice.read(&mut bytes, slice.position, Patience::Wait)?;
    Ok(bytes.into())
}

fn io_failure(source: std::io::Error, what: &'static str) -> MetadataLogError {
    MetadataLogError::Read(ReadError::Corrupt {
        path: klamm_storage::names::METADATA_TOPIC.into(),
        position: 0,
        reason: format!("{what}: {source}"),
    })
}

/// Adds the control records of `bytes` at or after `from`; the offset after the last whole batch.
pub(crate) fn collect_controls(
    bytes: &[u8],
    from: Offset,
    controls: &mut Vec<(Offset, ControlRecord)>,
) -> Result<Offset, MetadataLogError> {
    let mut next = from;
    for batch in Batches::new(bytes) {
        let batch = match batch {
            Ok(batch) => batch,
            Err(error) if error.is_incomplete() => break,
            Err(source) => return Err(MetadataLogError::Batch { at: next, source }),
        };
        let header = batch.header();
        next = header.next_offset();
        if !header.is_control() {
            continue;
        }
        let at = header.base_offset();
        let mut records =
            batch.records(Limits::NONE).map_err(|source| MetadataLogError::Record { at, source })?;
        while let Some(record) = records.next() {
            let record = record.map_err(|source| MetadataLogError::Record { at, source })?;
            let value = record.value.map(Bytes::copy_from_slice);
            let decoded = ControlRecord::decode(record.key, value.as_ref());
            let decoded = decoded.map_err(|source| MetadataLogError::Control { at, source })?;
            let offset = record.offset(header).unwrap_or(at);
            if let Some(control) = decoded.filter(|_| offset >= from) {
                controls.push((offset, control));
            }
        }
    }
    Ok(next)
}
