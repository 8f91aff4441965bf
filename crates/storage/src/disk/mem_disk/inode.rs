//! One file's content: as readers see it, and as the medium has it.

use super::Chance;

/// What a medium writes at once.
const SECTOR: usize = 512;

#[derive(Clone, Debug, Default)]
pub(super) struct Inode {
    content: Vec<u8>,
    durable: Vec<u8>,
    /// Changes since the last sync, in order.
    unsynced: Vec<Change>,
    modified: i64,
}

#[derive(Clone, Debug)]
enum Change {
    Write { position: usize, bytes: Vec<u8> },
    SetLen(usize),
}

impl Inode {
    pub(super) fn new(now: i64) -> Inode {
        Inode { modified: now, ..Inode::default() }
    }

    pub(super) fn content(&self) -> &[u8] {
        &self.content
    }

    pub(super) fn modified(&self) -> i64 {
        self.modified
    }

    pub(super) fn set_modified(&mut self, modified: i64) {
        self.modified = modified;
    }

    pub(super) fn read_at(&self, buffer: &mut [u8], position: u64) -> usize {
        let start = usize::try_from(position).unwrap_or(usize::MAX).min(self.content.len());
        let available = &self.content[start..];
        let count = available.len().min(buffer.len());
        buffer[..count].copy_from_slice(&available[..count]);
        count
    }

    /// By how much a write lets the file grow.
    pub(super) fn growth(&self, count: usize, position: u64) -> u64 {
        (position + count as u64).saturating_sub(self.content.len() as u64)
    }

    pub(super) fn write_at(&mut self, bytes: &[u8], position: u64, now: i64) {
        let position = usize::try_from(position).expect("files in memory fit memory");
        write(&mut self.content, bytes, position);
        self.unsynced.push(Change::Write { position, bytes: bytes.to_vec() });
        self.modified = now;
    }

    pub(super) fn set_len(&mut self, len: u64, now: i64) {
        let len = usize::try_from(len).expect("files in memory fit memory");
        self.content.resize(len, 0);
        self.unsynced.push(Change::SetLen(len));
        self.modified = now;
    }

    pub(super) fn sync(&mut self) {
        for change in self.unsynced.drain(..) {
            apply(&mut self.durable, &change);
        }
    }

    /// What was to be synced never reaches the medium, though readers still see it.
    pub(super) fn lose_unsynced(&mut self) {
        self.unsynced.clear();
    }

    pub(super) fn crash(&mut self, chance: &mut Chance) {
        let mut survived = std::mem::take(&mut self.durable);
        for change in self.unsynced.drain(..) {
            match (chance.below(3), change) {
                (0, _) => {}
                (1, change) => apply(&mut survived, &change),
                (_, Change::Write { position, bytes }) => tear(&mut survived, &bytes, position, chance),
                (_, change) => apply(&mut survived, &change),
            }
        }
        self.durable.clone_from(&survived);
        self.content = survived;
    }

    pub(super) fn corrupt(&mut self, change: impl FnOnce(&mut Vec<u8>)) {
        change(&mut self.content);
        self.durable.clone_from(&self.content);
        self.unsynced.clear();
    }
}

fn apply(content: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Write { position, bytes } => write(content, bytes, *position),
        Change::SetLen(len) => content.resize(*len, 0),
    }
}

fn write(content: &mut Vec<u8>, bytes: &[u8], position: usize) {
    let end = position + bytes.len();
    if content.len() < end {
        content.resize(end, 0);
    }
    content[position..end].copy_from_slice(bytes);
}

/// Some sectors of a write arrive, in any combination; the size may be ahead of the content.
fn tear(content: &mut Vec<u8>, bytes: &[u8], position: usize, chance: &mut Chance) {
    if chance.below(2) == 0 {
        let reached = chance.below(bytes.len() + 1);
        write(content, &bytes[..reached], position);
        return;
    }
    let mut start = 0;
    while start < bytes.len() {
        let end = bytes.len().min((position + start) / SECTOR * SECTOR + SECTOR - position);
        if chance.below(2) == 0 {
            write(content, &bytes[start..end], position + start);
        }
        start = end;
    }
}
