//! Files that open when first used and a bound on how many stay open: a partition that rests
//! holds no descriptor.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Weak};

use klamm_model::Offset;
use parking_lot::{Mutex, RwLock};

use super::{Disk, DiskFile, OpenMode};
use crate::names::{FileKind, FileName, FileStage};

/// The disk, and which files of it are open. Shared by all logs of a node.
#[derive(Debug)]
pub struct DescriptorCache {
    disk: Arc<dyn Disk>,
    capacity: usize,
    /// Open files, longest in the ring first: a clock, where one use buys one more round.
    ring: Mutex<VecDeque<Weak<LazyFile>>>,
}

impl DescriptorCache {
    /// At most about `capacity` files of logs stay open; those in use do not count as idle and
    /// may exceed it.
    pub fn new(disk: Arc<dyn Disk>, capacity: usize) -> Arc<DescriptorCache> {
        Arc::new(DescriptorCache { disk, capacity: capacity.max(1), ring: Mutex::default() })
    }

    /// The disk.
    pub fn disk(&self) -> &Arc<dyn Disk> {
        &self.disk
    }

    /// Files open now.
    pub fn open_files(&self) -> usize {
        self.ring.lock().len()
    }

    fn admit(&self, file: &Arc<LazyFile>) {
        let mut ring = self.ring.lock();
        ring.push_back(Arc::downgrade(file));
        // Each file is looked at no more than twice: once for its second chance.
        let mut looks = ring.len() * 2;
        while ring.len() > self.capacity && looks > 0 {
            looks -= 1;
            let Some(oldest) = ring.pop_front() else { return };
            let Some(candidate) = oldest.upgrade() else { continue };
            if Arc::ptr_eq(&candidate, file) || !candidate.try_close() {
                ring.push_back(oldest);
            }
        }
    }
}

/// Where a partition's directory is; it moves when the partition is deleted or replaces another.
#[derive(Debug)]
pub struct PartitionPath {
    path: RwLock<PathBuf>,
    gone: AtomicBool,
    /// A name in it may not be durable.
    new_names: AtomicBool,
    syncing: Mutex<()>,
}

impl PartitionPath {
    /// The directory `path`.
    pub fn new(path: PathBuf) -> Arc<PartitionPath> {
        Arc::new(PartitionPath {
            path: RwLock::new(path),
            gone: AtomicBool::new(false),
            new_names: AtomicBool::new(true),
            syncing: Mutex::new(()),
        })
    }

    /// Where it is now.
    pub fn get(&self) -> PathBuf {
        self.path.read().clone()
    }

    /// A file in it.
    pub fn join(&self, name: impl std::fmt::Display) -> PathBuf {
        self.path.read().join(name.to_string())
    }

    pub(crate) fn set(&self, path: PathBuf) {
        *self.path.write() = path;
    }

    /// A name was made, moved or removed.
    fn note_names(&self) {
        self.new_names.store(true, Ordering::Release);
    }

    /// Makes the names in it durable, by `sync` unless they are. Returns once they are, also where
    /// another thread is at it.
    pub(crate) fn sync_names(&self, sync: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        let _syncing = self.syncing.lock();
        if !self.new_names.swap(false, Ordering::AcqRel) {
            return Ok(());
        }
        sync().inspect_err(|_| self.note_names())
    }

    /// The partition is deleted: its files may vanish at any time.
    pub(crate) fn set_gone(&self) {
        self.gone.store(true, Ordering::Release);
    }

    pub(crate) fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Acquire)
    }
}

/// A file of a segment that is opened when used. The handle it gives stays valid whatever happens
/// to the name: readers of a deleted segment finish.
#[derive(Debug)]
pub struct LazyFile {
    cache: Arc<DescriptorCache>,
    dir: Arc<PartitionPath>,
    offset: Offset,
    kind: FileKind,
    stage: AtomicU8,
    used: AtomicBool,
    handle: Mutex<Option<Arc<dyn DiskFile>>>,
}

impl LazyFile {
    /// A file that may exist or not; nothing is touched yet.
    pub fn new(cache: &Arc<DescriptorCache>, dir: &Arc<PartitionPath>, name: FileName) -> Arc<LazyFile> {
        Arc::new(LazyFile {
            cache: Arc::clone(cache),
            dir: Arc::clone(dir),
            offset: name.offset,
            kind: name.kind,
            stage: AtomicU8::new(name.stage as u8),
            used: AtomicBool::new(false),
            handle: Mutex::new(None),
        })
    }

    /// Its name now.
    pub fn name(&self) -> FileName {
        let stage = match self.stage.load(Ordering::Acquire) {
            stage if stage == FileStage::Cleaned as u8 => FileStage::Cleaned,
            stage if stage == FileStage::Swap as u8 => FileStage::Swap,
            stage if stage == FileStage::Deleted as u8 => FileStage::Deleted,
            stage if stage == FileStage::Corrupt as u8 => FileStage::Corrupt,
            _ => FileStage::Live,
        };
        FileName { offset: self.offset, kind: self.kind, stage }
    }

    /// Where it is now.
    pub fn path(&self) -> PathBuf {
        self.dir.join(self.name())
    }

    /// The open file; opens it if it exists.
    pub fn get(self: &Arc<LazyFile>) -> io::Result<Arc<dyn DiskFile>> {
        self.open(OpenMode::Write)
    }

    /// The open file; makes it if it is missing.
    pub fn get_or_create(self: &Arc<LazyFile>) -> io::Result<Arc<dyn DiskFile>> {
        self.open(OpenMode::Create)
    }

    /// Makes it anew, without content.
    pub fn replace(self: &Arc<LazyFile>) -> io::Result<Arc<dyn DiskFile>> {
        *self.handle.lock() = None;
        self.open(OpenMode::Replace)
    }

    fn open(self: &Arc<LazyFile>, mode: OpenMode) -> io::Result<Arc<dyn DiskFile>> {
        self.used.store(true, Ordering::Relaxed);
        let mut handle = self.handle.lock();
        if let Some(file) = &*handle {
            return Ok(Arc::clone(file));
        }
        let file = self.open_under_any_name(mode)?;
        match mode {
            OpenMode::Create | OpenMode::Replace => self.dir.note_names(),
            OpenMode::Read | OpenMode::Write => {}
        }
        *handle = Some(Arc::clone(&file));
        drop(handle);
        self.cache.admit(self);
        Ok(file)
    }

    /// The name may change between looking it up and opening it: then look again.
    fn open_under_any_name(&self, mode: OpenMode) -> io::Result<Arc<dyn DiskFile>> {
        loop {
            let path = self.path();
            match self.cache.disk.open(&path, mode) {
                Err(error) if error.kind() == io::ErrorKind::NotFound && self.path() != path => {}
                result => return result,
            }
        }
    }

    /// Gives the file another stage; a missing file is renamed too (in memory only).
    pub(crate) fn rename(&self, stage: FileStage) -> io::Result<()> {
        let to = FileName { stage, ..self.name() };
        let result = self.cache.disk.rename(&self.path(), &self.dir.join(to));
        self.stage.store(stage as u8, Ordering::Release);
        self.dir.note_names();
        match result {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            result => result,
        }
    }

    /// Closes the file if nobody uses it; whether it is closed.
    fn try_close(&self) -> bool {
        if self.used.swap(false, Ordering::Relaxed) {
            return false;
        }
        let Some(mut handle) = self.handle.try_lock() else { return false };
        match &*handle {
            Some(file) if Arc::strong_count(file) > 1 => false,
            Some(_) | None => {
                *handle = None;
                true
            }
        }
    }

    /// Lets go of the descriptor.
    pub(crate) fn close(&self) {
        *self.handle.lock() = None;
    }

    /// Where its directory is.
    pub fn dir(&self) -> &Arc<PartitionPath> {
        &self.dir
    }

    pub(crate) fn cache(&self) -> &Arc<DescriptorCache> {
        &self.cache
    }

    /// Its content as one vector; a missing file has none.
    pub(crate) fn read_all(self: &Arc<LazyFile>) -> io::Result<Vec<u8>> {
        let file = match self.get() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            result => result?,
        };
        let mut content = vec![0; usize::try_from(file.len()?).map_err(|_| io::ErrorKind::InvalidData)?];
        let count = file.read_at(&mut content, 0)?;
        content.truncate(count);
        Ok(content)
    }

    /// Removes the file; no error if it is gone.
    pub(crate) fn remove(&self) -> io::Result<()> {
        self.close();
        let removed = remove_if_present(&*self.cache.disk, &self.path());
        self.dir.note_names();
        removed
    }
}

/// Removes a file; no error if it is gone.
pub(crate) fn remove_if_present(disk: &dyn Disk, path: &Path) -> io::Result<()> {
    match disk.remove(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::IoSlice;

    use super::*;
    use crate::disk::StdDisk;

    fn file(cache: &Arc<DescriptorCache>, dir: &Arc<PartitionPath>, offset: i64) -> Arc<LazyFile> {
        LazyFile::new(cache, dir, FileName::live(Offset::at(offset), FileKind::Log))
    }

    #[test]
    fn idle_files_are_closed_beyond_the_capacity_and_open_again_when_used() {
        let temp = tempfile::tempdir().unwrap();
        let cache = DescriptorCache::new(Arc::new(StdDisk), 3);
        let dir = PartitionPath::new(temp.path().to_owned());
        let files: Vec<_> = (0..10).map(|n| file(&cache, &dir, n)).collect();
        for (n, file) in files.iter().enumerate() {
            file.get_or_create().unwrap().write_at(&[IoSlice::new(&[n as u8])], 0).unwrap();
        }
        assert!(cache.open_files() <= 3);
        let mut byte = [0];
        files[0].get().unwrap().read_at(&mut byte, 0).unwrap();
        assert_eq!(byte, [0]);
    }

    #[test]
    fn names_are_synced_once_after_each_change() {
        let temp = tempfile::tempdir().unwrap();
        let cache = DescriptorCache::new(Arc::new(StdDisk), 1);
        let dir = PartitionPath::new(temp.path().to_owned());
        let syncs = std::cell::Cell::new(0);
        let sync = || {
            dir.sync_names(|| {
                syncs.set(syncs.get() + 1);
                Ok(())
            })
        };
        sync().unwrap();
        sync().unwrap();
        assert_eq!(syncs.get(), 1, "names found at the start may not be durable");
        file(&cache, &dir, 1).get_or_create().unwrap();
        sync().unwrap();
        assert_eq!(syncs.get(), 2);
        file(&cache, &dir, 1).remove().unwrap();
        assert!(dir.sync_names(|| Err(io::ErrorKind::Other.into())).is_err());
        sync().unwrap();
        assert_eq!(syncs.get(), 3, "what failed is done again");
    }

    #[test]
    fn a_file_in_use_is_not_closed() {
        let temp = tempfile::tempdir().unwrap();
        let cache = DescriptorCache::new(Arc::new(StdDisk), 1);
        let dir = PartitionPath::new(temp.path().to_owned());
        let (a, b) = (file(&cache, &dir, 1), file(&cache, &dir, 2));
        let held = a.get_or_create().unwrap();
        b.get_or_create().unwrap();
        assert!(Arc::ptr_eq(&held, &a.get().unwrap()));
    }

    #[test]
    fn a_renamed_file_is_found_under_its_new_name() {
        let temp = tempfile::tempdir().unwrap();
        let cache = DescriptorCache::new(Arc::new(StdDisk), 1);
        let dir = PartitionPath::new(temp.path().to_owned());
        let a = file(&cache, &dir, 1);
        a.get_or_create().unwrap();
        a.rename(FileStage::Deleted).unwrap();
        a.close();
        a.get().unwrap();
        assert!(a.path().to_str().unwrap().ends_with(".log.deleted"));
        a.remove().unwrap();
        a.remove().unwrap();
    }
}
