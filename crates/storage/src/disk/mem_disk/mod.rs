//! A file system in memory that loses what was not synced, tears writes, fills up and fails on
//! demand: for the fault tests and the simulation. Deterministic: all chance comes from seeds.
//!
//! What a crash leaves: each sector of a file, and its size, as at its last sync or at any moment since; names a directory
//! had at its last sync plus a prefix of the later changes (as journaling file systems keep their order).

mod inode;
mod tree;

use std::io::{self, IoSlice};
use std::os::fd::BorrowedFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use klamm_model::Timestamp;
use parking_lot::Mutex;
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};

use super::{DirEntry, Disk, DiskFile, DiskSpace, FileFacts, Hint, OpenMode, Region, Residency, not_durable};
use inode::Inode;
use tree::Tree;

/// Kinds of operations that faults and counters tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Opening or making a file.
    Open,
    /// Reading.
    Read,
    /// Writing.
    Write,
    /// fsync of a file or a directory.
    Sync,
    /// Changing the size of a file.
    SetLen,
    /// Renaming.
    Rename,
    /// Removing.
    Remove,
    /// Listing, sizes, free space, making directories.
    Other,
}

/// How an operation fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// EIO; a write may have done a part, an fsync leaves the content unknown.
    Io,
    /// ENOSPC; a write does half.
    Full,
    /// EMFILE.
    Exhausted,
    /// The process dies here: this and every later operation fails, then [`MemDisk::crash`].
    Kill,
}

/// A planned failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which operation: the n-th from now, counting from 0 those of [`Fault::on`].
    pub after: u64,
    /// Only operations of this kind count; `None` for all.
    pub on: Option<Operation>,
    /// How it fails.
    pub kind: FaultKind,
}

/// A file system in memory; clones share it.
#[derive(Clone, Debug, Default)]
pub struct MemDisk {
    state: Arc<Mutex<State>>,
}

#[derive(Clone, Debug, Default)]
struct State {
    tree: Tree,
    /// Grows with each crash: handles of before are dead.
    generation: u64,
    now: i64,
    capacity: Option<u64>,
    resident: bool,
    faults: Vec<Fault>,
    dead: bool,
    operations: u64,
    syncs: u64,
}

impl MemDisk {
    /// An empty file system without limit.
    pub fn new() -> MemDisk {
        let disk = MemDisk::default();
        disk.state.lock().resident = true;
        disk
    }

    /// A separate copy of this moment.
    pub fn fork(&self) -> MemDisk {
        MemDisk { state: Arc::new(Mutex::new(self.state.lock().clone())) }
    }

    /// Plans a failure.
    pub fn inject(&self, fault: Fault) {
        self.state.lock().faults.push(fault);
    }

    /// Forgets planned failures.
    pub fn heal(&self) {
        self.state.lock().faults.clear();
    }

    /// Bounds the bytes of all files; `None` for no bound.
    pub fn set_capacity(&self, bytes: Option<u64>) {
        self.state.lock().capacity = bytes;
    }

    /// Whether reads find their pages in memory.
    pub fn set_resident(&self, resident: bool) {
        self.state.lock().resident = resident;
    }

    /// Sets the clock that modification times come from.
    pub fn set_time(&self, now: Timestamp) {
        self.state.lock().now = now.as_millis();
    }

    /// Operations so far.
    pub fn operations(&self) -> u64 {
        self.state.lock().operations
    }

    /// fsyncs so far.
    pub fn syncs(&self) -> u64 {
        self.state.lock().syncs
    }

    /// Power cut: unsynced bytes and names survive in part, as `seed` says. Open files are dead.
    pub fn crash(&self, seed: u64) {
        let mut state = self.state.lock();
        let mut chance = Chance::new(seed);
        state.tree.crash(&mut chance);
        state.reborn();
    }

    /// The process was killed: everything written stays. Open files are dead.
    pub fn kill(&self) {
        self.state.lock().reborn();
    }

    /// Changes bytes of a file behind everyone's back, on the medium too.
    pub fn corrupt(&self, path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
        let mut state = self.state.lock();
        let inode = state.tree.find_file(path).expect("the file to corrupt exists");
        state.tree.inode_mut(inode).corrupt(change);
    }

    /// Content of a file as readers see it; `None` if there is none.
    pub fn content(&self, path: &Path) -> Option<Vec<u8>> {
        let state = self.state.lock();
        let inode = state.tree.find_file(path)?;
        Some(state.tree.inode(inode).content().to_vec())
    }

    /// All files, by path.
    pub fn files(&self) -> Vec<PathBuf> {
        self.state.lock().tree.files()
    }
}

impl State {
    fn reborn(&mut self) {
        self.generation += 1;
        self.faults.clear();
        self.dead = false;
    }

    /// Counts the operation and fails it if that is planned.
    fn begin(&mut self, operation: Operation) -> Result<(), FaultKind> {
        if self.dead {
            return Err(FaultKind::Kill);
        }
        self.operations += 1;
        if operation == Operation::Sync {
            self.syncs += 1;
        }
        let mut hit = None;
        self.faults.retain_mut(|fault| {
            if fault.on.is_some_and(|on| on != operation) {
                return true;
            }
            if fault.after == 0 {
                hit = Some(fault.kind);
                return false;
            }
            fault.after -= 1;
            true
        });
        match hit {
            None => Ok(()),
            Some(kind) => {
                self.dead |= kind == FaultKind::Kill;
                Err(kind)
            }
        }
    }

    fn begin_io(&mut self, operation: Operation) -> io::Result<()> {
        self.begin(operation).map_err(to_error)
    }
}

fn to_error(kind: FaultKind) -> io::Error {
    match kind {
        FaultKind::Io => io::Error::other("injected I/O error"),
        FaultKind::Full => io::ErrorKind::StorageFull.into(),
        FaultKind::Exhausted => rustix::io::Errno::MFILE.into(),
        FaultKind::Kill => io::Error::other("the process is dead"),
    }
}

impl Disk for MemDisk {
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Arc<dyn DiskFile>> {
        let mut state = self.state.lock();
        state.begin_io(Operation::Open)?;
        let now = state.now;
        let inode = match (state.tree.find_file(path), mode) {
            (Some(inode), OpenMode::Read | OpenMode::Write | OpenMode::Create) => inode,
            (Some(inode), OpenMode::Replace) => {
                state.tree.inode_mut(inode).set_len(0, now);
                inode
            }
            (None, OpenMode::Create | OpenMode::Replace) => state.tree.create_file(path, Inode::new(now))?,
            (None, OpenMode::Read | OpenMode::Write) => return Err(io::ErrorKind::NotFound.into()),
        };
        let generation = state.generation;
        Ok(Arc::new(MemFile { state: Arc::clone(&self.state), inode, generation }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state.lock();
        state.begin_io(Operation::Rename)?;
        state.tree.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state.lock();
        state.begin_io(Operation::Remove)?;
        state.tree.remove(path)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<DirEntry>> {
        let mut state = self.state.lock();
        state.begin_io(Operation::Other)?;
        state.tree.list(dir)
    }

    fn facts(&self, path: &Path) -> io::Result<FileFacts> {
        let mut state = self.state.lock();
        state.begin_io(Operation::Other)?;
        let inode = state.tree.find_file(path).ok_or(io::ErrorKind::NotFound)?;
        let inode = state.tree.inode(inode);
        let modified = Timestamp::from_millis(inode.modified());
        Ok(FileFacts { len: inode.content().len() as u64, modified })
    }

    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        let mut state = self.state.lock();
        state.begin_io(Operation::Other)?;
        state.tree.create_dir(dir);
        Ok(())
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        let mut state = self.state.lock();
        state.begin_io(Operation::Sync).map_err(not_durable)?;
        state.tree.sync_dir(dir)
    }

    fn is_simulated(&self) -> bool {
        true
    }

    fn space(&self, _path: &Path) -> io::Result<DiskSpace> {
        let mut state = self.state.lock();
        state.begin_io(Operation::Other)?;
        let total = state.capacity.unwrap_or(1 << 50);
        Ok(DiskSpace { total, usable: total.saturating_sub(state.tree.used_bytes()) })
    }
}

#[derive(Debug)]
struct MemFile {
    state: Arc<Mutex<State>>,
    inode: u64,
    generation: u64,
}

impl MemFile {
    fn with<T>(
        &self,
        operation: Operation,
        body: impl FnOnce(&mut State, Result<(), FaultKind>) -> io::Result<T>,
    ) -> io::Result<T> {
        let mut state = self.state.lock();
        if state.generation != self.generation {
            return Err(io::Error::other("a handle from before the crash"));
        }
        let begun = state.begin(operation);
        body(&mut state, begun)
    }
}

impl DiskFile for MemFile {
    fn read_at(&self, buffer: &mut [u8], position: u64) -> io::Result<usize> {
        self.with(Operation::Read, |state, begun| {
            begun.map_err(to_error)?;
            Ok(state.tree.inode(self.inode).read_at(buffer, position))
        })
    }

    fn read_if_resident(&self, buffer: &mut [u8], position: u64) -> io::Result<Option<usize>> {
        self.with(Operation::Read, |state, begun| {
            begun.map_err(to_error)?;
            if !state.resident {
                return Ok(None);
            }
            Ok(Some(state.tree.inode(self.inode).read_at(buffer, position)))
        })
    }

    fn write_at(&self, parts: &[IoSlice<'_>], position: u64) -> io::Result<()> {
        let bytes: Vec<u8> = parts.iter().flat_map(|part| part.iter().copied()).collect();
        self.with(Operation::Write, |state, begun| {
            let grows_by = state.tree.inode(self.inode).growth(bytes.len(), position);
            let room = state.capacity.map_or(u64::MAX, |most| most.saturating_sub(state.tree.used_bytes()));
            let (keep, result) = match begun {
                Err(kind) => (bytes.len() / 2, Err(to_error(kind))),
                Ok(()) if grows_by > room => {
                    let cut = usize::try_from(grows_by - room).unwrap_or(usize::MAX);
                    (bytes.len().saturating_sub(cut), Err(io::ErrorKind::StorageFull.into()))
                }
                Ok(()) => (bytes.len(), Ok(())),
            };
            let now = state.now;
            state.tree.inode_mut(self.inode).write_at(&bytes[..keep], position, now);
            result
        })
    }

    fn sync(&self) -> io::Result<()> {
        self.with(Operation::Sync, |state, begun| {
            let inode = state.tree.inode_mut(self.inode);
            match begun {
                Ok(()) => {
                    inode.sync();
                    Ok(())
                }
                Err(kind) => {
                    // Linux marks the pages clean: a later sync succeeds without them.
                    inode.lose_unsynced();
                    Err(not_durable(to_error(kind)))
                }
            }
        })
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.with(Operation::SetLen, |state, begun| {
            begun.map_err(to_error)?;
            let now = state.now;
            state.tree.inode_mut(self.inode).set_len(len, now);
            Ok(())
        })
    }

    fn set_modified(&self, modified: Timestamp) -> io::Result<()> {
        self.with(Operation::Other, |state, begun| {
            begun.map_err(to_error)?;
            state.tree.inode_mut(self.inode).set_modified(modified.as_millis());
            Ok(())
        })
    }

    fn len(&self) -> io::Result<u64> {
        self.with(Operation::Other, |state, begun| {
            begun.map_err(to_error)?;
            Ok(state.tree.inode(self.inode).content().len() as u64)
        })
    }

    fn residency(&self, _region: Region) -> Residency {
        if self.state.lock().resident { Residency::Resident } else { Residency::Missing }
    }

    fn hint(&self, _region: Region, _hint: Hint) {}

    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        None
    }
}

/// A stream of chance from a seed.
#[derive(Debug)]
pub(super) struct Chance(SplitMix64);

impl Chance {
    fn new(seed: u64) -> Chance {
        Chance(SplitMix64::seed_from_u64(seed))
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.0.next_u64() % bound.max(1) as u64) as usize
    }
}

#[cfg(test)]
mod tests;
