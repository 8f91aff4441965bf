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

/// How many of the changes since the last sync each sector and the size have seen when the power goes.
struct Moments {
    sectors: Vec<usize>,
    size: usize,
}

impl Moments {
    fn draw(changes: usize, sectors: usize, chance: &mut Chance) -> Moments {
        match chance.below(4) {
            0 => Moments { sectors: vec![0; sectors], size: 0 },
            1 => {
                let size = chance.below(changes + 1);
                Moments { sectors: vec![size; sectors], size }
            }
            _ => {
                let sectors = (0..sectors).map(|_| chance.below(changes + 1)).collect();
                Moments { sectors, size: chance.below(changes + 1) }
            }
        }
    }
}

impl Change {
    /// The last byte it touches, or the size it sets.
    fn end(&self) -> usize {
        match self {
            Change::Write { position, bytes } => position + bytes.len(),
            Change::SetLen(len) => *len,
        }
    }

    fn len_after(&self, len: usize) -> usize {
        match self {
            Change::Write { .. } => self.end().max(len),
            Change::SetLen(len) => *len,
        }
    }

    /// Does it to the sectors that have seen it. What is behind the end of a file is zero.
    fn apply_where(&self, content: &mut [u8], has_seen: impl Fn(usize) -> bool) {
        let (mut start, end) = match self {
            Change::Write { position, .. } => (*position, self.end()),
            Change::SetLen(len) => (*len, content.len()),
        };
        while start < end {
            let sector = start / SECTOR;
            let next = end.min((sector + 1) * SECTOR);
            if has_seen(sector) {
                match self {
                    Change::Write { position, bytes } => {
                        content[start..next].copy_from_slice(&bytes[start - position..next - position]);
                    }
                    Change::SetLen(_) => content[start..next].fill(0),
                }
            }
            start = next;
        }
    }
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

    /// Leaves each sector as it was at some moment since the last sync, and the size as of such a moment too: what a
    /// medium writes is the page cache of then, a sector at a time and in any order.
    pub(super) fn crash(&mut self, chance: &mut Chance) {
        let changes = std::mem::take(&mut self.unsynced);
        let mut survived = std::mem::take(&mut self.durable);
        if !changes.is_empty() {
            let most = changes.iter().map(Change::end).max().unwrap_or_default().max(survived.len());
            let moments = Moments::draw(changes.len(), most.div_ceil(SECTOR), chance);
            let mut len = survived.len();
            survived.resize(most, 0);
            for (index, change) in changes.iter().enumerate() {
                change.apply_where(&mut survived, |sector| moments.sectors[sector] > index);
                if moments.size > index {
                    len = change.len_after(len);
                }
            }
            survived.truncate(len);
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
