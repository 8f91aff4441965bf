//! Aborted transactions of a log and the search a read_committed fetch does in them (KIP-98;
//! Kafka's `TransactionIndex`). The file is `storage`'s; the rules are here.

use klamm_model::{Offset, ProducerId};

/// One aborted transaction: an entry of a `.txnindex` file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AbortedTransaction {
    /// Whose transaction.
    pub producer_id: ProducerId,
    /// Its first record.
    pub first_offset: Offset,
    /// Its ABORT marker. Grows strictly along a log.
    pub last_offset: Offset,
    /// Last stable offset of the log once this transaction is out of the way: no entry after this
    /// one can matter to a fetch that ends at or below it.
    pub last_stable_offset: Offset,
}

/// Whether the entries of later segments can still matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AbortedSearch {
    /// Nothing later can matter.
    Complete,
    /// Go on with the next segment.
    Continues,
}

/// Appends to `found` those of `entries` (one segment's, in file order) that touch the offsets
/// from `fetch_offset` up to `upper_bound` (exclusive).
pub fn collect_aborted(
    entries: impl IntoIterator<Item = AbortedTransaction>,
    fetch_offset: Offset,
    upper_bound: Offset,
    found: &mut Vec<AbortedTransaction>,
) -> AbortedSearch {
    for entry in entries {
        if entry.last_offset >= fetch_offset && entry.first_offset < upper_bound {
            found.push(entry);
        }
        if entry.last_stable_offset >= upper_bound {
            return AbortedSearch::Complete;
        }
    }
    AbortedSearch::Continues
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(pid: i64, first: i64, last: i64, lso: i64) -> AbortedTransaction {
        AbortedTransaction {
            producer_id: ProducerId::at(pid),
            first_offset: Offset::at(first),
            last_offset: Offset::at(last),
            last_stable_offset: Offset::at(lso),
        }
    }

    #[test]
    fn search_takes_overlaps_and_stops_once_nothing_later_can_matter() {
        let entries = [entry(1, 0, 10, 11), entry(2, 5, 15, 16), entry(3, 18, 35, 25), entry(4, 32, 50, 40)];
        let mut found = Vec::new();
        let search = |from, to, found: &mut Vec<_>| {
            found.clear();
            collect_aborted(entries, Offset::at(from), Offset::at(to), found)
        };
        assert_eq!(search(0, 100, &mut found), AbortedSearch::Continues);
        assert_eq!(found.len(), 4);
        assert_eq!(search(12, 16, &mut found), AbortedSearch::Complete);
        assert_eq!(found, [entries[1]]);
        assert_eq!(search(16, 20, &mut found), AbortedSearch::Complete);
        assert_eq!(found, [entries[2]]);
    }
}
