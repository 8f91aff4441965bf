//! Whether the offsets a broker gave to batches follow each other without gap or overlap, whatever the
//! order in which several connections hear of them.

use std::collections::BTreeMap;

/// Offsets given so far in one partition.
#[derive(Debug, Default)]
pub(super) struct Tiling {
    /// Ranges that do not touch, start to end; one, once all answers are in. The first answer heard
    /// need not have the lowest offset.
    ranges: BTreeMap<i64, i64>,
}

impl Tiling {
    /// `count` records got the offsets from `base` on. An error is a sentence.
    pub(super) fn add(&mut self, base: i64, count: u32) -> Result<(), String> {
        let (mut start, mut end) = (base, base + i64::from(count));
        if let Some((&before, &until)) = self.ranges.range(..=base).next_back() {
            if until > base {
                return Err(format!("offset {base} was given again, within {before} to {until}"));
            }
            if until == base {
                start = before;
            }
        }
        if let Some((&after, &until)) = self.ranges.range(base..).next() {
            if after < end {
                return Err(format!("a batch at {base} reaches into {after} to {until}, given before"));
            }
            if after == end {
                self.ranges.remove(&after);
                end = until;
            }
        }
        self.ranges.insert(start, end);
        Ok(())
    }

    /// Whether all given offsets form one range.
    pub(super) fn is_whole(&self) -> bool {
        self.ranges.len() <= 1
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn offsets_heard_out_of_order_are_whole_once_all_came() {
        let mut tiling = Tiling::default();
        for base in [15, 25, 10, 30] {
            tiling.add(base, 5).unwrap();
        }
        assert!(!tiling.is_whole());
        tiling.add(20, 5).unwrap();
        assert!(tiling.is_whole());
    }

    #[test]
    fn an_offset_given_twice_is_told() {
        let mut tiling = Tiling::default();
        tiling.add(0, 5).unwrap();
        assert!(tiling.add(3, 1).is_err());
        assert!(tiling.add(0, 1).is_err());
        tiling.add(12, 2).unwrap();
        assert!(tiling.add(8, 5).is_err());
        assert!(tiling.add(13, 1).is_err());
        tiling.add(5, 7).unwrap();
        assert!(tiling.is_whole());
    }
}
