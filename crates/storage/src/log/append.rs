//! Appending as the leader: several requests, one write.
//!
//! 1. Each request is checked against the producer state as it will be after those before it.
//! 2. Accepted, its batches get their offsets in place and join the group to be written.
//! 3. A request that asks for a new segment first has the group before it written.
//! 4. The group is written at once. Only then does anything change: indexes, epochs, producers, and
//!    the log end. A write that failed has changed nothing but the tail of the file, which is cut.

use std::io::{self, IoSlice};

use klamm_logstate::{AppendOrigin, BatchKind, ProducerBatch};
use klamm_model::{Offset, Timestamp};
use klamm_protocol::records::{Batch, BatchHeader, TimestampType, stamp};
use smallvec::SmallVec;

use super::Log;
use super::producers::producer_batch;
use super::types::{AppendInfo, AppendResult, LeaderAppend};
use crate::error::{AppendError, DiskFailure, StorageError, lacks_descriptors};
use crate::job::Job;
use crate::segment::BatchFacts;

/// Checked requests that are to be written together.
struct Group<'r> {
    parts: SmallVec<[IoSlice<'r>; 16]>,
    bytes: u64,
    batches: SmallVec<[BatchFacts; 8]>,
    /// Places of their results, and of duplicates of them.
    results: SmallVec<[usize; 16]>,
    /// Offset after them.
    end: Offset,
}

/// One request after its check.
struct Admitted {
    batches: SmallVec<[BatchFacts; 2]>,
    info: AppendInfo,
}

impl Log {
    /// Appends several requests with one write: checks each one's producers, gives offsets, stamps
    /// them and the leader epoch into the batches, rolls segments as needed. One result per request,
    /// in order; requests after a refused one go on. An error of the disk is the result of all that
    /// were not yet written, duplicates of those included. Returns before any fsync; `results` is cleared first.
    pub fn append(
        &mut self,
        requests: &mut [LeaderAppend<'_>],
        now: Timestamp,
        results: &mut Vec<AppendResult>,
    ) {
        results.clear();
        let mut group = Group {
            parts: SmallVec::new(),
            bytes: 0,
            batches: SmallVec::new(),
            results: SmallVec::new(),
            end: self.log_end,
        };
        for request in requests {
            let result = self.admit(request, now, &mut group, results);
            results.push(result);
        }
        // Its error is among the results.
        let _ = self.write_group(&mut group, results);
    }

    fn admit<'r>(
        &mut self,
        request: &'r mut LeaderAppend<'_>,
        now: Timestamp,
        group: &mut Group<'r>,
        results: &mut [AppendResult],
    ) -> AppendResult {
        self.check_writable()?;
        let size = (request.batches.len() + request.rest.len()) as u64;
        if size > u64::from(self.config.segment_bytes) {
            return Err(AppendError::TooLarge { size, segment_bytes: self.config.segment_bytes });
        }
        self.staged.begin_request();
        let admitted = match self.check(request, group.end) {
            Ok(admitted) => admitted,
            Err(refused) => {
                self.staged.roll_back_request();
                return Err(refused);
            }
        };
        if admitted.info.duplicate {
            self.staged.roll_back_request();
            if admitted.info.last_offset >= self.log_end {
                // Of a batch that waits to be written: it shares its fate.
                group.results.push(results.len());
            }
            return Ok(admitted.info);
        }
        self.make_room(&admitted.info, size, now, group, results)?;
        let mut position = 0;
        for batch in &admitted.batches {
            stamp(&mut request.batches[position..], batch.base_offset, request.leader_epoch);
            position += batch.size as usize;
        }
        group.parts.push(IoSlice::new(request.batches));
        if !request.rest.is_empty() {
            group.parts.push(IoSlice::new(request.rest));
        }
        group.bytes += size;
        group.batches.extend_from_slice(&admitted.batches);
        group.results.push(results.len());
        group.end = admitted.info.last_offset.next();
        Ok(admitted.info)
    }

    /// Checks one request; its producers' changes are staged.
    fn check(&mut self, request: &LeaderAppend<'_>, base_offset: Offset) -> Result<Admitted, AppendError> {
        let mut batches = SmallVec::<[BatchFacts; 2]>::new();
        let (mut position, mut next) = (0, base_offset);
        let (mut max_timestamp, mut log_append_time) = (None, None);
        let total = request.batches.len() + request.rest.len();
        while position < total {
            let malformed = |reason: String| AppendError::Malformed { position, reason };
            let bytes = request.batches.get(position..).unwrap_or_default();
            let header = BatchHeader::parse(bytes).map_err(|error| malformed(error.to_string()))?;
            let size = header.size();
            if size > total - position {
                return Err(malformed("it is cut".into()));
            }
            // `None` where its records lie in the rest.
            let bytes = bytes.get(..size);
            if request.origin == AppendOrigin::RaftLeader && header.base_offset() != next {
                return Err(malformed(format!("offset {}, expected {next}", header.base_offset())));
            }
            if let Some(duplicate) = self.check_producer(request, &header, bytes, next)? {
                return Ok(Admitted { batches, info: duplicate });
            }
            if header.timestamp_type() == TimestampType::LogAppendTime {
                log_append_time = header.max_timestamp();
            }
            max_timestamp = max_timestamp.max(header.max_timestamp());
            let last_offset = next.plus(i64::from(header.last_offset_delta()));
            let leader_epoch = Some(request.leader_epoch);
            let max_timestamp = header.max_timestamp();
            batches.push(BatchFacts {
                base_offset: next,
                last_offset,
                size: size as u32,
                max_timestamp,
                leader_epoch,
            });
            next = last_offset.next();
            position += size;
        }
        let Some(last) = batches.last() else {
            return Err(AppendError::Malformed { position: 0, reason: "there is no batch".into() });
        };
        let info = AppendInfo {
            first_offset: base_offset,
            last_offset: last.last_offset,
            log_append_time,
            log_start_offset: self.log_start,
            max_timestamp,
            duplicate: false,
        };
        Ok(Admitted { batches, info })
    }

    /// Checks the producer of one batch; the answer for a batch that is in the log already.
    fn check_producer(
        &mut self,
        request: &LeaderAppend<'_>,
        header: &BatchHeader,
        bytes: Option<&[u8]>,
        base_offset: Offset,
    ) -> Result<Option<AppendInfo>, AppendError> {
        if header.producer_id().is_none() {
            return Ok(None);
        }
        let batch = match (header.is_control(), bytes) {
            (false, _) => None,
            (true, Some(bytes)) => Some(Batch::from_parts(*header, bytes)),
            (true, None) => {
                let reason = "a control batch comes in one piece".into();
                return Err(AppendError::Malformed { position: 0, reason });
            }
        };
        let version = request.transaction_version;
        let Some(batch) = producer_batch(header, base_offset, batch.as_ref(), version) else {
            return Ok(None);
        };
        if request.origin == AppendOrigin::Client
            && let Some(kept) = self.producers.find_duplicate(&self.staged, &batch)
        {
            return Ok(Some(AppendInfo {
                first_offset: kept.first_offset(),
                last_offset: kept.last_offset,
                log_append_time: Some(kept.timestamp),
                log_start_offset: self.log_start,
                max_timestamp: Some(kept.timestamp),
                duplicate: true,
            }));
        }
        if self.needs_verification(request.origin, &batch) {
            self.producers.check_verified(&self.staged, &batch, request.verification)?;
        }
        self.producers.check(&mut self.staged, &batch, request.origin)?;
        Ok(None)
    }

    fn needs_verification(&self, origin: AppendOrigin, batch: &ProducerBatch) -> bool {
        let is_data = matches!(batch.kind, BatchKind::Data { .. });
        let may_open = match origin {
            AppendOrigin::Client | AppendOrigin::Coordinator => true,
            AppendOrigin::RaftLeader | AppendOrigin::Replication => false,
        };
        is_data && may_open && batch.transactional && self.dir.config().transaction_verification
    }

    /// Rolls if the request asks for a new segment; what waits is written before.
    fn make_room(
        &mut self,
        info: &AppendInfo,
        size: u64,
        now: Timestamp,
        group: &mut Group<'_>,
        results: &mut [AppendResult],
    ) -> Result<(), StorageError> {
        let append = (group.bytes + size, info.last_offset, info.max_timestamp);
        let Some(reason) = self.active.should_roll(&self.config, append, now) else { return Ok(()) };
        // The request's own changes stay staged while those before it are applied.
        let request = self.staged.split_request();
        let written = self.write_group(group, results);
        let rolled = written.and_then(|()| self.roll_to(info.first_offset, Some(reason), now));
        match rolled {
            Ok(()) => {
                self.staged.rejoin(request);
                Ok(())
            }
            Err(error) => {
                self.staged.clear();
                Err(error)
            }
        }
    }

    /// Writes what waits; on an error all of it is refused with that.
    fn write_group(
        &mut self,
        group: &mut Group<'_>,
        results: &mut [AppendResult],
    ) -> Result<(), StorageError> {
        if group.parts.is_empty() {
            return Ok(());
        }
        let written = self.write_batches(&group.parts, &group.batches, group.end);
        if let Err(error) = &written {
            for &at in &group.results {
                results[at] = Err(error.clone().into());
            }
            group.end = self.log_end;
        }
        group.parts.clear();
        group.batches.clear();
        group.results.clear();
        group.bytes = 0;
        written
    }

    /// Writes batches at the end and takes them into everything derived from them.
    pub(super) fn write_batches(
        &mut self,
        parts: &[IoSlice<'_>],
        batches: &[BatchFacts],
        end: Offset,
    ) -> Result<(), StorageError> {
        if let Err(error) = self.active.write(parts) {
            self.staged.clear();
            return Err(self.undo_write(error));
        }
        self.active.note_batches(batches, &self.config);
        for batch in batches {
            if let Some(epoch) = batch.leader_epoch {
                self.epochs.assign(epoch, batch.base_offset);
            }
        }
        self.producers.advance_end_offset(end);
        if !self.staged.is_empty() {
            let mut aborted = Vec::new();
            self.producers.apply(&mut self.staged, &mut aborted);
            self.active.note_aborted(&aborted);
        }
        self.log_end = end;
        self.unpublished = true;
        self.checkpoint_epochs();
        self.write_behind();
        Ok(())
    }

    /// Index pages, write-back and preallocation after an append. The bytes are in the log: what
    /// fails here is the directory's failure and not the append's, and entries stay pending.
    fn write_behind(&mut self) {
        let config = self.dir.config();
        let (write_back, allocation) = (config.write_back_step, config.allocation_step);
        if let Some(region) = self.active.take_write_back(write_back) {
            let log = self.active.segment().files().log.clone();
            self.jobs.push(Job::write_back(self.dir.health(), log, region));
        }
        let behind = self.active.write_index_pages().and_then(|()| self.active.allocate_ahead(allocation));
        if let Err(error) = behind {
            self.failed("write the index of", error);
        }
    }

    /// Cuts what a failed write left and says how it failed. A full disk costs only the append; if
    /// even the cut fails, the directory is offline.
    fn undo_write(&mut self, error: io::Error) -> StorageError {
        let path = self.active.segment().files().log.path();
        // Without a descriptor nothing was written; without memory, maybe a part.
        if !lacks_descriptors(&error)
            && let Err(cut) = self.active.drop_partial_write()
        {
            return self.health().go_offline(DiskFailure::new("cut", path, cut));
        }
        self.health().fail("write to", path, error)
    }
}
