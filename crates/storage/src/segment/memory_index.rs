//! The indexes of the active segment, in memory: every reader of the tail finds its batch without
//! touching a file. Their files follow behind; see `active`.

use klamm_logstate::AbortedTransaction;
use klamm_model::Offset;

use crate::index::{OffsetEntry, TimeEntry};
use crate::segment::Entry;

/// Batches at the end of which the exact place is remembered.
const RECENT: usize = 64;

/// Index entries of the active segment.
#[derive(Debug, Default)]
pub(crate) struct MemoryIndex {
    pub(crate) offsets: Vec<OffsetEntry>,
    pub(crate) times: Vec<TimeEntry>,
    pub(crate) aborted: Vec<AbortedTransaction>,
    /// Largest timestamp so far; the time entries may lag behind it.
    pub(crate) max_timestamp: Option<TimeEntry>,
    recent: Recent,
}

/// The newest batches, oldest first, in a ring.
#[derive(Debug, Default)]
struct Recent {
    ring: Vec<Place>,
    oldest: usize,
}

/// Where a batch lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) base_offset: Offset,
    pub(crate) last_offset: Offset,
    pub(crate) position: u64,
    pub(crate) size: u32,
}

impl From<&Entry> for Place {
    fn from(entry: &Entry) -> Place {
        let &Entry { base_offset, last_offset, position, size, .. } = entry;
        Place { base_offset, last_offset, position, size }
    }
}

/// What an index knows of the batch that holds an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// It is this one.
    Exact(Place),
    /// It begins at or after this position.
    From(u64),
}

impl MemoryIndex {
    /// The indexes of a segment that was closed, as its files hold them.
    pub(crate) fn of_closed(
        offsets: Vec<OffsetEntry>,
        times: Vec<TimeEntry>,
        aborted: Vec<AbortedTransaction>,
    ) -> MemoryIndex {
        let max_timestamp = times.last().copied();
        MemoryIndex { offsets, times, aborted, max_timestamp, recent: Recent::default() }
    }

    /// Remembers the newest batch.
    pub(crate) fn note_batch(&mut self, place: Place) {
        self.recent.push(place);
    }

    /// The first batch whose last offset is at least `offset`, or where to begin looking for it.
    pub(crate) fn find(&self, offset: Offset) -> Found {
        if let Some(place) = self.recent.find(offset) {
            return Found::Exact(place);
        }
        let after = self.offsets.partition_point(|entry| entry.offset <= offset);
        Found::From(after.checked_sub(1).map_or(0, |floor| u64::from(self.offsets[floor].position)))
    }

    /// The offset of the first index entry at or after `position`.
    pub(crate) fn offset_at_or_after(&self, position: u64) -> Option<Offset> {
        let at = self.offsets.partition_point(|entry| u64::from(entry.position) < position);
        self.offsets.get(at).map(|entry| entry.offset)
    }

    /// The last time entry whose timestamp is at most `timestamp` milliseconds.
    pub(crate) fn time_floor(&self, timestamp: i64) -> Option<TimeEntry> {
        let after = self.times.partition_point(|entry| entry.timestamp.as_millis() <= timestamp);
        after.checked_sub(1).map(|floor| self.times[floor])
    }

    /// Forgets what concerns offsets from `offset` on; the numbers of entries that are left.
    pub(crate) fn truncate_to(&mut self, offset: Offset) {
        self.offsets.truncate(self.offsets.partition_point(|entry| entry.offset < offset));
        self.times.truncate(self.times.partition_point(|entry| entry.offset < offset));
        self.aborted.truncate(self.aborted.partition_point(|entry| entry.last_offset < offset));
        self.recent = Recent::default();
    }
}

impl Recent {
    fn push(&mut self, place: Place) {
        if self.ring.len() < RECENT {
            self.ring.push(place);
        } else {
            self.ring[self.oldest] = place;
            self.oldest = (self.oldest + 1) % RECENT;
        }
    }

    /// `None` where the batch is older than the ring, or does not exist.
    fn find(&self, offset: Offset) -> Option<Place> {
        let (newer, older) = self.ring.split_at(self.oldest);
        if older.first()?.base_offset > offset {
            return None;
        }
        let half = if older.last().is_some_and(|place| place.last_offset >= offset) { older } else { newer };
        let at = half.partition_point(|place| place.last_offset < offset);
        half.get(at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(base: i64, count: i64) -> Place {
        let (base_offset, last_offset) = (Offset::at(base), Offset::at(base + count - 1));
        Place { base_offset, last_offset, position: base as u64 * 10, size: count as u32 * 10 }
    }

    #[test]
    fn recent_batches_are_found_exactly_and_older_ones_by_the_index() {
        let mut index = MemoryIndex::default();
        for n in 0..200 {
            let place = place(n * 5, 5);
            if n % 10 == 3 {
                let position = u32::try_from(place.position).unwrap_or(0);
                index.offsets.push(OffsetEntry { offset: place.last_offset, position });
            }
            index.note_batch(place);
        }
        for offset in 0..1000 {
            let batch = place(offset / 5 * 5, 5);
            match index.find(Offset::at(offset)) {
                Found::Exact(found) => assert_eq!(found, batch),
                Found::From(position) => {
                    assert!(offset < (200 - 64) * 5, "a recent batch is known exactly");
                    assert!(position <= batch.position && batch.position - position <= 11 * 50);
                }
            }
        }
        assert_eq!(index.find(Offset::at(1000)), Found::From(9650), "beyond the end: the last entry");
        assert_eq!(index.offset_at_or_after(151), Some(Offset::at(69)));
    }

    #[test]
    fn truncation_forgets_entries_from_the_offset_on() {
        let mut index = MemoryIndex::default();
        for n in 0..10 {
            index.offsets.push(OffsetEntry { offset: Offset::at(n * 10 + 9), position: n as u32 });
            index.note_batch(place(n * 10, 10));
        }
        index.truncate_to(Offset::at(49));
        assert_eq!(index.offsets.len(), 4);
        assert_eq!(index.find(Offset::at(45)), Found::From(3));
    }
}
