//! Entries of the three index files, and searching them. All integers are big-endian.
//!
//! ```text
//! .index      offset of a batch's last record, less the segment's base u32 | its position u32
//! .timeindex  largest timestamp so far i64 | offset that has it, less the base u32
//! .txnindex   version i16 = 0 | producer id i64 | first, last, last stable offset i64 each
//! ```

mod offset;
mod search;
mod time;
mod transaction;

pub(crate) use offset::{OFFSET_ENTRY, OffsetEntry};
pub(crate) use search::IndexReader;
pub(crate) use time::{TIME_ENTRY, TimeEntry};
pub(crate) use transaction::{TRANSACTION_ENTRY, decode_aborted, encode_aborted};

use klamm_model::Offset;

/// The offset `relative` after `base`; wild values of a damaged file stay in range.
fn absolute(base: Offset, relative: u32) -> Offset {
    Offset::at(base.get().saturating_add(i64::from(relative)))
}

/// Whether `offset` can stand in an index of the segment at `base`: 31 bits after it.
pub(crate) fn is_representable(base: Offset, offset: Offset) -> bool {
    (0..=i64::from(i32::MAX)).contains(&offset.distance_from(base))
}

fn relative(base: Offset, offset: Offset) -> u32 {
    debug_assert!(is_representable(base, offset));
    offset.distance_from(base) as u32
}
