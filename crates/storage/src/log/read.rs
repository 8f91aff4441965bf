//! Reading a view: which region of which file answers a fetch. A read is contiguous within one
//! segment, or it stops.

use klamm_logstate::{AbortedSearch, AbortedTransaction};
use klamm_model::Offset;

use super::view::{FetchSlice, LogView, MinOneBatch, Patience, ReadRequest};
use crate::error::ReadError;
use crate::reader::Reader;
use crate::segment::Place;

impl LogView {
    /// Finds the bytes for a fetch. `Ok(None)`: nothing there yet below the upper bound.
    pub fn read(&self, request: &ReadRequest) -> Result<Option<FetchSlice>, ReadError> {
        let &ReadRequest { offset, isolation, patience, .. } = request;
        self.check_range(offset)?;
        let upper = self.upper_bound(isolation);
        if offset >= upper {
            return Ok(None);
        }
        for at in self.segment_at(offset)..self.segments.len() {
            let segment = &self.segments[at];
            if segment.base_offset() >= upper {
                return Ok(None);
            }
            let end = self.segment_len(at);
            if end == 0 {
                continue;
            }
            let log = segment.log_reader(patience)?;
            // No such batch: the offset lies in the gap that compaction or truncation left at the
            // end of this segment.
            let Some(first) = segment.find_batch(&log, offset, end, patience)? else { continue };
            let limit = self.position_of_bound(at, &log, upper, patience)?;
            return Ok(slice(request, (&log, segment.base_offset()), first, limit));
        }
        Ok(None)
    }

    fn check_range(&self, offset: Offset) -> Result<(), ReadError> {
        let (log_start_offset, log_end_offset) = (self.log_start_offset(), self.log_end_offset());
        if offset < log_start_offset || offset > log_end_offset {
            return Err(ReadError::OutOfRange { offset, log_start_offset, log_end_offset });
        }
        Ok(())
    }

    /// First byte of a segment that a reader bounded by `upper` must not see: that of the batch
    /// which holds `upper`.
    fn position_of_bound(
        &self,
        at: usize,
        log: &Reader,
        upper: Offset,
        patience: Patience,
    ) -> Result<u64, ReadError> {
        let end = self.segment_len(at);
        if upper >= self.segment_end_offset(at) {
            return Ok(end);
        }
        let place = self.segments[at].find_batch(log, upper, end, patience)?;
        Ok(place.map_or(end, |place| place.position))
    }

    /// Aborted transactions that a read_committed reader of `slice`, read at `offset`, must skip.
    pub fn aborted_transactions(
        &self,
        offset: Offset,
        slice: &FetchSlice,
        patience: Patience,
    ) -> Result<Vec<AbortedTransaction>, ReadError> {
        let first = self.segment_at(slice.segment_base);
        let end = slice.position + u64::from(slice.len);
        let bound = self.segments[first].offset_bound_at(end, patience)?;
        let upper = bound.unwrap_or_else(|| self.segment_end_offset(first));
        let mut found = Vec::new();
        for segment in &self.segments[first..] {
            match segment.collect_aborted((offset, upper), &mut found)? {
                AbortedSearch::Complete => break,
                AbortedSearch::Continues => {}
            }
        }
        Ok(found)
    }
}

fn slice(request: &ReadRequest, source: (&Reader, Offset), first: Place, limit: u64) -> Option<FetchSlice> {
    let (log, segment_base) = source;
    let available = limit.checked_sub(first.position).filter(|&bytes| bytes > 0)?;
    let most = match request.min_one_batch {
        MinOneBatch::Yes => request.max_bytes.max(first.size),
        MinOneBatch::No => request.max_bytes,
    };
    let len = u32::try_from(available).unwrap_or(u32::MAX).min(most);
    if len == 0 {
        return None;
    }
    Some(FetchSlice {
        file: log.file().clone(),
        position: first.position,
        len,
        base_offset: first.base_offset,
        first_batch_cut: len < first.size,
        segment_base,
        reader: log.clone(),
    })
}
