//! The last offset of each key, in a bounded table (Kafka's `SkimpyOffsetMap`): keys are kept as
//! 128-bit hashes only. Kafka hashes by MD5, for which a client can make two keys collide; this
//! table uses SipHash under a secret of its own.

use klamm_model::Offset;
use siphasher::sip128::SipHasher13;

/// Bytes of memory for one key, as Kafka counts them: a 16-byte hash and an offset.
pub const BYTES_PER_KEY: u64 = 24;

/// A table of fixed size with open addressing.
#[derive(Debug)]
pub(super) struct OffsetMap {
    /// Hash and offset plus one; a slot of zeros is free. Untouched pages cost no memory.
    slots: Vec<[u64; 3]>,
    secret: (u64, u64),
    len: usize,
    /// Keys it takes.
    most: usize,
    latest_offset: Option<Offset>,
}

/// The table takes no more keys.
#[derive(Debug)]
pub(super) struct MapFull;

impl OffsetMap {
    /// A table of `bytes`, filled to `load_factor` at most, with no more slots than `records` need.
    pub(super) fn new(bytes: u64, load_factor: f64, records: u64, secret: (u64, u64)) -> OffsetMap {
        let most_slots = (bytes / BYTES_PER_KEY).max(2);
        let most = (most_slots as f64 * load_factor.clamp(0.0, 1.0)) as u64;
        let needed = (records as f64 / load_factor.clamp(0.1, 0.9)) as u64;
        let slots = most_slots.min(needed.saturating_add(16));
        let slots = usize::try_from(slots).unwrap_or(usize::MAX);
        let most = usize::try_from(most.max(1)).unwrap_or(usize::MAX).min(slots - 1);
        OffsetMap { slots: vec![[0; 3]; slots], secret, len: 0, most, latest_offset: None }
    }

    /// Notes that `key` was written at `offset`, after all offsets noted before. As in Kafka, a full
    /// table refuses even keys it holds.
    pub(super) fn put(&mut self, key: &[u8], offset: Offset) -> Result<(), MapFull> {
        if self.len >= self.most {
            return Err(MapFull);
        }
        let (hash, at) = self.find(key);
        self.len += usize::from(self.slots[at][2] == 0);
        self.slots[at] = [hash[0], hash[1], offset.get() as u64 + 1];
        Ok(())
    }

    /// The last offset of `key`, if it was noted.
    pub(super) fn get(&self, key: &[u8]) -> Option<Offset> {
        let (_, at) = self.find(key);
        self.slots[at][2].checked_sub(1).and_then(|offset| Offset::new(offset as i64))
    }

    /// All records up to `offset` are in the table.
    pub(super) fn reached(&mut self, offset: Offset) {
        self.latest_offset = self.latest_offset.max(Some(offset));
    }

    /// The last offset up to which all records are in the table.
    pub(super) fn latest_offset(&self) -> Option<Offset> {
        self.latest_offset
    }

    /// The slot of a key, or the free one where it belongs. One slot is always free, so this ends.
    fn find(&self, key: &[u8]) -> ([u64; 2], usize) {
        let hash = SipHasher13::new_with_keys(self.secret.0, self.secret.1).hash(key);
        let hash = [hash.h1, hash.h2];
        let mut at = (hash[0] % self.slots.len() as u64) as usize;
        loop {
            let slot = &self.slots[at];
            if slot[2] == 0 || slot[..2] == hash {
                return (hash, at);
            }
            at = if at + 1 == self.slots.len() { 0 } else { at + 1 };
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn the_last_offset_of_each_key_is_found() {
        let mut map = OffsetMap::new(24 * 1000, 0.9, 1000, (1, 2));
        let mut model = HashMap::new();
        for n in 0..5000_i64 {
            let key = (n * n % 700).to_be_bytes();
            map.put(&key, Offset::at(n)).unwrap();
            model.insert(key, Offset::at(n));
        }
        for n in 0..1000_i64 {
            assert_eq!(map.get(&n.to_be_bytes()), model.get(&n.to_be_bytes()).copied());
        }
    }

    #[test]
    fn a_full_table_refuses_and_keeps_what_it_has() {
        let mut map = OffsetMap::new(24 * 10, 0.5, u64::MAX, (1, 2));
        let taken = (0..100_i64).take_while(|n| map.put(&n.to_be_bytes(), Offset::at(*n)).is_ok()).count();
        assert_eq!(taken, 5);
        assert_eq!(map.get(&4_i64.to_be_bytes()), Some(Offset::at(4)));
        assert_eq!(map.get(&5_i64.to_be_bytes()), None);
    }

    #[test]
    fn the_table_is_no_larger_than_its_records_need() {
        assert!(OffsetMap::new(128 << 20, 0.9, 10, (1, 2)).slots.len() < 40);
        assert_eq!(OffsetMap::new(0, 0.9, 10, (1, 2)).most, 1);
    }
}
