//! Positions in a log.

use std::fmt;

use crate::LeaderEpoch;

/// Position of a record in one partition's log: 0, 1, 2, ... A range of offsets is half-open;
/// an inclusive end is named `last_offset`. Never negative: wire sentinels end in `protocol`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Offset(i64);

impl Offset {
    /// The first offset of a log that was never trimmed.
    pub const ZERO: Offset = Offset(0);
    /// Larger than every offset a log can hold.
    pub const MAX: Offset = Offset(i64::MAX);

    /// The offset `value`, or `None` for a negative number.
    pub const fn new(value: i64) -> Option<Offset> {
        if value >= 0 { Some(Offset(value)) } else { None }
    }

    /// For values already known not to be negative: constants, counters, checked input.
    ///
    /// # Panics
    /// On a negative value.
    #[track_caller]
    pub const fn at(value: i64) -> Offset {
        assert!(value >= 0, "an offset is not negative");
        Offset(value)
    }

    /// The number, for the wire and for arithmetic.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The next offset.
    #[track_caller]
    pub const fn next(self) -> Offset {
        self.plus(1)
    }

    /// `self + count`.
    ///
    /// # Panics
    /// If the result leaves the range of offsets.
    #[track_caller]
    pub const fn plus(self, count: i64) -> Offset {
        match self.0.checked_add(count) {
            Some(sum) => Offset::at(sum),
            None => panic!("an offset fits 63 bits"),
        }
    }

    /// Records between `earlier` and `self`; negative if `self` is the earlier one.
    pub const fn distance_from(self, earlier: Offset) -> i64 {
        self.0 - earlier.0
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An offset with the leader epoch of the record before it (or at it, where a field says so).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OffsetAndEpoch {
    /// Compared after the epoch in elections: use `(epoch, offset)` there.
    pub offset: Offset,
    /// The leader epoch that goes with `offset`.
    pub epoch: LeaderEpoch,
}
