//! An entry of `.timeindex`: the largest timestamp up to a batch.

use klamm_model::{Offset, Timestamp};

/// Bytes of an entry.
pub(crate) const TIME_ENTRY: usize = 12;

/// No record before the batch that ends with `offset` has a timestamp above `timestamp`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeEntry {
    pub(crate) timestamp: Timestamp,
    pub(crate) offset: Offset,
}

impl TimeEntry {
    pub(crate) fn encode(self, base: Offset) -> [u8; TIME_ENTRY] {
        let mut bytes = [0; TIME_ENTRY];
        bytes[..8].copy_from_slice(&self.timestamp.as_millis().to_be_bytes());
        bytes[8..].copy_from_slice(&super::relative(base, self.offset).to_be_bytes());
        bytes
    }

    pub(crate) fn decode(bytes: [u8; TIME_ENTRY], base: Offset) -> TimeEntry {
        let (timestamp, relative) = bytes.split_at(8);
        let timestamp = i64::from_be_bytes(timestamp.try_into().expect("eight bytes"));
        let relative = u32::from_be_bytes(relative.try_into().expect("four bytes"));
        let offset = super::absolute(base, relative);
        TimeEntry { timestamp: Timestamp::from_millis(timestamp), offset }
    }
}
