//! Whether the offsets a broker gave to batches follow each other without gap or overlap, whatever the
//! order in which several connections hear of them.

use std::collections::BTreeMap;

/// Offsets given so far in one partition.
#[derive(Debug, Default)]
pub(super) struct Tiling {
    /// First offset of the load, once known; batches before it belong to others.
    next: Option<i64>,
    /// Given beyond `next`: base offset to end.
    ahead: BTreeMap<i64, i64>,
}

impl Tiling {
    /// `count` records got the offsets from `base` on. An error is a sentence.
    pub(super) fn add(&mut self, base: i64, count: u32) -> Result<(), String> {
        let end = base + i64::from(count);
        let next = *self.next.get_or_insert(base);
        if base < next {
            return Err(format!("offset {base} was given again; the next is {next}"));
        }
        if self.ahead.insert(base, end).is_some() {
            return Err(format!("offset {base} was given to two batches"));
        }
        let mut next = next;
        while let Some(first) = self.ahead.first_entry() {
            if *first.key() > next {
                break;
            }
            if *first.key() < next {
                return Err(format!(
                    "offset {} lies within another batch, which ends at {next}",
                    first.key()
                ));
            }
            next = first.remove();
        }
        self.next = Some(next);
        Ok(())
    }

    /// Whether all given offsets form one range.
    pub(super) fn is_whole(&self) -> bool {
        self.ahead.is_empty()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn offsets_heard_out_of_order_are_whole_once_all_came() {
        let mut tiling = Tiling::default();
        tiling.add(10, 5).unwrap();
        tiling.add(20, 5).unwrap();
        assert!(!tiling.is_whole());
        tiling.add(15, 5).unwrap();
        assert!(tiling.is_whole());
    }

    #[test]
    fn an_offset_given_twice_is_told() {
        let mut tiling = Tiling::default();
        tiling.add(0, 5).unwrap();
        assert!(tiling.add(3, 1).is_err());
        tiling.add(5, 5).unwrap();
        tiling.add(12, 1).unwrap();
        assert!(tiling.add(12, 1).is_err());
    }
}
