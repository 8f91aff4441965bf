//! `.snapshot` files: producer state at the offset of their name, so that a start replays only
//! what follows (Kafka's `ProducerStateManager`).
//!
//! ```text
//! version i16 = 1 | crc u32: CRC-32C of what follows | entries i32, then per producer:
//! id i64 | epoch i16 | last sequence i32 | last offset i64 | offset delta i32 | timestamp i64
//! | coordinator epoch i32 | first offset of the open transaction i64, -1 for none
//! ```

use std::collections::BTreeMap;
use std::io::{self, IoSlice};
use std::sync::Arc;

use klamm_logstate::{BatchRange, ProducerEntry, ProducerState};
use klamm_model::{Offset, ProducerEpoch, ProducerId, Timestamp};
use klamm_protocol::records::crc32c;

use crate::disk::{DescriptorCache, LazyFile, PartitionPath};
use crate::names::{FileKind, FileName, FileStage};

const VERSION: i16 = 1;
const HEADER: usize = 10;
const CRC_FROM: usize = 6;
const ENTRY: usize = 46;

/// Content of a snapshot file; producers by id (Kafka's order is that of a hash map).
pub(crate) fn encode_snapshot(state: &ProducerState) -> Vec<u8> {
    let producers = state.producers();
    let mut content = Vec::with_capacity(HEADER + producers.len() * ENTRY);
    content.extend_from_slice(&VERSION.to_be_bytes());
    content.extend_from_slice(&[0; 4]);
    content.extend_from_slice(&(producers.len() as i32).to_be_bytes());
    for entry in producers {
        encode_entry(entry, &mut content);
    }
    let crc = crc32c(&content[CRC_FROM..]);
    content[2..CRC_FROM].copy_from_slice(&crc.to_be_bytes());
    content
}

fn encode_entry(entry: &ProducerEntry, content: &mut Vec<u8>) {
    let last = entry.last_batch();
    content.extend_from_slice(&entry.producer_id().get().to_be_bytes());
    content.extend_from_slice(&entry.epoch().map_or(-1, ProducerEpoch::get).to_be_bytes());
    content.extend_from_slice(&entry.last_sequence().unwrap_or(-1).to_be_bytes());
    content.extend_from_slice(&last.map_or(-1, |batch| batch.last_offset.get()).to_be_bytes());
    content.extend_from_slice(&last.map_or(0, |batch| batch.offset_delta).to_be_bytes());
    content.extend_from_slice(&entry.last_timestamp().as_millis().to_be_bytes());
    content.extend_from_slice(&entry.coordinator_epoch().unwrap_or(-1).to_be_bytes());
    content.extend_from_slice(&entry.transaction_start().map_or(-1, Offset::get).to_be_bytes());
}

/// Producers of a snapshot file, or what is wrong with it.
pub(crate) fn decode_snapshot(content: &[u8]) -> Result<Vec<ProducerEntry>, &'static str> {
    let Some((header, body)) = content.split_first_chunk::<HEADER>() else { return Err("it is too short") };
    if i16::from_be_bytes([header[0], header[1]]) != VERSION {
        return Err("its version is unknown");
    }
    let crc = u32::from_be_bytes([header[2], header[3], header[4], header[5]]);
    if crc != crc32c(&content[CRC_FROM..]) {
        return Err("its checksum is wrong");
    }
    let count = i32::from_be_bytes([header[6], header[7], header[8], header[9]]);
    let (entries, rest) = body.as_chunks::<ENTRY>();
    if usize::try_from(count) != Ok(entries.len()) || !rest.is_empty() {
        return Err("its size does not fit its count");
    }
    entries.iter().map(|entry| decode_entry(entry).ok_or("an entry has negative numbers")).collect()
}

fn decode_entry(bytes: &[u8; ENTRY]) -> Option<ProducerEntry> {
    let long = |at: usize| i64::from_be_bytes(bytes[at..at + 8].try_into().expect("eight bytes"));
    let int = |at: usize| i32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
    let epoch = ProducerEpoch::new(i16::from_be_bytes([bytes[8], bytes[9]]));
    let timestamp = Timestamp::from_millis(long(26));
    let coordinator_epoch = Some(int(34)).filter(|&epoch| epoch >= 0);
    let entry = ProducerEntry::restored(
        ProducerId::new(long(0))?,
        epoch,
        coordinator_epoch,
        timestamp,
        Offset::new(long(38)),
    );
    let Some(last_offset) = Offset::new(long(14)) else { return Some(entry) };
    let offset_delta = int(22);
    let in_range = (0..=last_offset.get()).contains(&i64::from(offset_delta));
    let last_sequence = Some(int(10)).filter(|&sequence| sequence >= 0);
    in_range
        .then(|| entry.with_last_batch(BatchRange { last_sequence, last_offset, offset_delta, timestamp }))
}

/// The snapshot files of one partition.
#[derive(Debug)]
pub(crate) struct SnapshotFiles {
    cache: Arc<DescriptorCache>,
    dir: Arc<PartitionPath>,
    files: BTreeMap<Offset, Arc<LazyFile>>,
}

impl SnapshotFiles {
    pub(crate) fn new(
        cache: &Arc<DescriptorCache>,
        dir: &Arc<PartitionPath>,
        offsets: impl IntoIterator<Item = Offset>,
    ) -> SnapshotFiles {
        let mut snapshots =
            SnapshotFiles { cache: Arc::clone(cache), dir: Arc::clone(dir), files: BTreeMap::new() };
        for offset in offsets {
            snapshots.add(offset);
        }
        snapshots
    }

    fn add(&mut self, offset: Offset) -> Arc<LazyFile> {
        let name = FileName::live(offset, FileKind::ProducerSnapshot);
        let file = self.files.entry(offset).or_insert_with(|| LazyFile::new(&self.cache, &self.dir, name));
        Arc::clone(file)
    }

    /// Offset of the newest.
    pub(crate) fn latest(&self) -> Option<Offset> {
        self.files.last_key_value().map(|(&offset, _)| offset)
    }

    /// Offsets of all, oldest first.
    pub(crate) fn offsets(&self) -> impl DoubleEndedIterator<Item = Offset> {
        self.files.keys().copied()
    }

    /// Writes the state at its end offset; not durable yet.
    pub(crate) fn write(&mut self, state: &ProducerState) -> io::Result<Arc<LazyFile>> {
        let content = encode_snapshot(state);
        let file = self.add(state.end_offset());
        let written = file.replace().and_then(|open| open.write_at(&[IoSlice::new(&content)], 0));
        if let Err(error) = written {
            self.files.remove(&state.end_offset());
            return Err(error);
        }
        Ok(file)
    }

    /// Content of one; `None` if it is gone.
    pub(crate) fn read(&self, offset: Offset) -> io::Result<Option<Vec<u8>>> {
        let Some(file) = self.files.get(&offset) else { return Ok(None) };
        let content = file.read_all()?;
        Ok((!content.is_empty()).then_some(content))
    }

    /// Takes those out of use that `gone` names; their files have the stage `Deleted` then.
    pub(crate) fn take(&mut self, gone: impl Fn(Offset) -> bool) -> io::Result<Vec<Arc<LazyFile>>> {
        let offsets: Vec<_> = self.offsets().filter(|&offset| gone(offset)).collect();
        let mut taken = Vec::new();
        for offset in offsets {
            if let Some(file) = self.files.remove(&offset) {
                file.rename(FileStage::Deleted)?;
                taken.push(file);
            }
        }
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Duration;

    use super::*;

    fn state() -> ProducerState {
        let entry = |id: i64, transaction: Option<i64>| {
            let start = transaction.map(Offset::at);
            ProducerEntry::restored(
                ProducerId::at(id),
                ProducerEpoch::new(3),
                Some(7),
                Timestamp::from_millis(1000),
                start,
            )
        };
        let last = BatchRange {
            last_sequence: Some(9),
            last_offset: Offset::at(40),
            offset_delta: 4,
            timestamp: Timestamp::from_millis(1000),
        };
        let entries = [entry(1, None).with_last_batch(last), entry(2, Some(17))];
        ProducerState::restored(Offset::at(41), entries, Timestamp::from_millis(1000), Duration::from_secs(1))
    }

    #[test]
    fn a_snapshot_round_trips() {
        let content = encode_snapshot(&state());
        assert_eq!(content.len(), HEADER + 2 * ENTRY);
        let entries = decode_snapshot(&content).unwrap();
        let restored = ProducerState::restored(
            Offset::at(41),
            entries,
            Timestamp::from_millis(0),
            Duration::from_secs(1),
        );
        assert_eq!(restored, state());
        assert_eq!(restored.first_unstable_offset(), Some(Offset::at(17)));
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let content = encode_snapshot(&state());
        for at in 0..content.len() {
            let mut damaged = content.clone();
            damaged[at] ^= 0x10;
            decode_snapshot(&damaged).unwrap_err();
        }
        for len in 0..content.len() {
            decode_snapshot(&content[..len]).unwrap_err();
        }
    }

    #[test]
    fn an_empty_snapshot_has_kafkas_bytes() {
        let content = encode_snapshot(&ProducerState::new(Offset::at(5)));
        assert_eq!(content, [0, 1, 0x48, 0x67, 0x4b, 0xc7, 0, 0, 0, 0]);
    }
}
