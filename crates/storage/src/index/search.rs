//! Binary search in an index file of which nothing is in memory: by single entries first, then in
//! one block.

use crate::error::ReadError;
use crate::reader::Reader;

/// A block is read whole once the search is down to it: one page.
const BLOCK: usize = 4096;

/// An index file with entries of `N` bytes, sorted by a key.
pub(crate) struct IndexReader<'a, const N: usize> {
    pub(crate) reader: &'a Reader,
    pub(crate) entries: u32,
}

/// What a search found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Searched<const N: usize> {
    /// The last entry whose key is at most the target.
    pub(crate) floor: Option<[u8; N]>,
    /// The entry after it.
    pub(crate) next: Option<[u8; N]>,
}

impl<const N: usize> IndexReader<'_, N> {
    /// Finds where `target` would stand.
    pub(crate) fn search(
        &self,
        target: i64,
        key: impl Fn(&[u8; N]) -> i64,
    ) -> Result<Searched<N>, ReadError> {
        // Entries below `low` have keys at most the target, those from `high` on have not.
        let (mut low, mut high) = (0, self.entries as usize);
        while (high - low + 1) * N > BLOCK {
            let middle = low + (high - low) / 2;
            if key(&self.entry(middle)?) <= target {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let from = low.saturating_sub(1);
        let to = (high + 1).min(self.entries as usize);
        let mut buffer = [0; BLOCK + 2 * 64];
        let block = &mut buffer[..(to - from) * N];
        self.reader.read(block, (from * N) as u64, block.len())?;
        let (block, _) = block.as_chunks::<N>();
        let after = block.partition_point(|entry| key(entry) <= target);
        Ok(Searched { floor: after.checked_sub(1).map(|at| block[at]), next: block.get(after).copied() })
    }

    /// The last entry.
    pub(crate) fn last(&self) -> Result<Option<[u8; N]>, ReadError> {
        match (self.entries as usize).checked_sub(1) {
            None => Ok(None),
            Some(last) => self.entry(last).map(Some),
        }
    }

    /// One entry.
    pub(crate) fn entry(&self, at: usize) -> Result<[u8; N], ReadError> {
        let mut entry = [0; N];
        self.reader.read(&mut entry, (at * N) as u64, N)?;
        Ok(entry)
    }
}
