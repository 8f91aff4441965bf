//! The real file system.

use std::fs::{File, OpenOptions};
use std::io::{self, IoSlice};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use klamm_model::Timestamp;
use klamm_sys::{DiskSpace, Region, Residency, WriteBack};
use parking_lot::Mutex;

use super::{DirEntry, Disk, DiskFile, EntryKind, FileFacts, Hint, OpenMode, not_durable, reaper};

/// The real file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct StdDisk;

impl Disk for StdDisk {
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Arc<dyn DiskFile>> {
        let mut options = OpenOptions::new();
        options.read(true);
        match mode {
            OpenMode::Read => &mut options,
            OpenMode::Write => options.write(true),
            OpenMode::Create => options.write(true).create(true).truncate(false),
            OpenMode::Replace => options.write(true).create(true).truncate(true),
        };
        let file = options.open(path)?;
        // Others may have written it without a sync.
        Ok(Arc::new(StdFile { file, unsynced: AtomicBool::new(true), syncing: Mutex::new(()) }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        match reaper::remove_file(path) {
            Err(error) if error.kind() == io::ErrorKind::IsADirectory => reaper::remove_dir(path),
            result => result,
        }
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<DirEntry>> {
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(dir)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let is_dir = entry.file_type()?.is_dir();
            entries
                .push(DirEntry { name, kind: if is_dir { EntryKind::Directory } else { EntryKind::File } });
        }
        entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    fn facts(&self, path: &Path) -> io::Result<FileFacts> {
        let metadata = std::fs::metadata(path)?;
        Ok(FileFacts { len: metadata.len(), modified: to_timestamp(metadata.modified()?) })
    }

    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        std::fs::create_dir_all(dir)
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        File::open(dir)?.sync_all().map_err(not_durable)
    }

    fn space(&self, path: &Path) -> io::Result<DiskSpace> {
        klamm_sys::disk_space(path)
    }
}

fn to_timestamp(time: SystemTime) -> Timestamp {
    let since = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(match time.duration_since(UNIX_EPOCH) {
        Ok(after) => since(after),
        Err(before) => -since(before.duration()),
    })
}

#[derive(Debug)]
struct StdFile {
    file: File,
    /// Changed since the last sync began. A sync of a file without changes would still make the device
    /// empty its cache: most index files of a flush have none.
    unsynced: AtomicBool,
    /// Who finds nothing to sync must not be ahead of who is still at it.
    syncing: Mutex<()>,
}

impl StdFile {
    /// After the change: a sync that began before it does not cover it.
    fn note_change(&self) {
        self.unsynced.store(true, Ordering::Release);
    }
}

impl DiskFile for StdFile {
    fn read_at(&self, buffer: &mut [u8], position: u64) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.file.read_at(&mut buffer[filled..], position + filled as u64) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    fn read_if_resident(&self, buffer: &mut [u8], position: u64) -> io::Result<Option<usize>> {
        klamm_sys::read_if_resident(&self.file, buffer, position)
    }

    fn write_at(&self, parts: &[IoSlice<'_>], position: u64) -> io::Result<()> {
        let total: usize = parts.iter().map(|part| part.len()).sum();
        let mut result = write_some(&self.file, parts, position);
        if let Ok(written) = result
            && written < total
        {
            result = write_rest(&self.file, parts, position, written).map(|()| total);
        }
        self.note_change();
        result.map(|_| ())
    }

    fn sync(&self) -> io::Result<()> {
        let _syncing = self.syncing.lock();
        if !self.unsynced.swap(false, Ordering::AcqRel) {
            return Ok(());
        }
        self.file.sync_data().inspect_err(|_| self.note_change()).map_err(not_durable)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let result = self.file.set_len(len);
        self.note_change();
        result
    }

    fn set_modified(&self, modified: Timestamp) -> io::Result<()> {
        let since = Duration::from_millis(modified.as_millis().unsigned_abs());
        let time = if modified.as_millis() < 0 { UNIX_EPOCH - since } else { UNIX_EPOCH + since };
        self.file.set_modified(time)
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    fn residency(&self, region: Region) -> Residency {
        klamm_sys::residency(&self.file, region)
    }

    fn hint(&self, region: Region, hint: Hint) {
        let result = match hint {
            Hint::WriteBack => klamm_sys::start_write_back(&self.file, region, WriteBack::Start),
            Hint::Allocate => klamm_sys::allocate_keep_size(&self.file, region),
            Hint::Sequential => klamm_sys::expect_sequential(&self.file, region),
            Hint::DropCached => klamm_sys::drop_cached(&self.file, region),
            Hint::ReadOnly => self.file.set_permissions(std::fs::Permissions::from_mode(0o400)),
        };
        if let Err(error) = result {
            tracing::debug!(?hint, %error, "the file system does not take the hint");
        }
    }

    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        Some(self.file.as_fd())
    }
}

/// One pwrite or pwritev, repeated only while a signal interrupts it.
fn write_some(file: &File, parts: &[IoSlice<'_>], position: u64) -> io::Result<usize> {
    loop {
        let result = match parts {
            [one] => rustix::io::pwrite(file, one, position),
            many => rustix::io::pwritev(file, &many[..many.len().min(MAX_PARTS)], position),
        };
        match result {
            Err(rustix::io::Errno::INTR) => {}
            other => return Ok(other?),
        }
    }
}

/// Parts that one pwritev takes (IOV_MAX).
const MAX_PARTS: usize = 1024;

/// What a short write left: more than 1024 parts, a signal, or a disk that is nearly full.
fn write_rest(file: &File, parts: &[IoSlice<'_>], position: u64, mut written: usize) -> io::Result<()> {
    let mut skip = written;
    let mut position = position + written as u64;
    for part in parts {
        if skip >= part.len() {
            skip -= part.len();
            continue;
        }
        let rest = &part[std::mem::take(&mut skip)..];
        file.write_all_at(rest, position)?;
        position += rest.len() as u64;
        written += rest.len();
    }
    debug_assert_eq!(written, parts.iter().map(|part| part.len()).sum::<usize>());
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn parts_are_written_one_after_the_other() {
        let dir = tempfile::tempdir().unwrap();
        let file = StdDisk.open(&dir.path().join("a"), OpenMode::Create).unwrap();
        let words: Vec<String> = (0..3000).map(|n| format!("{n},")).collect();
        let parts: Vec<IoSlice<'_>> = words.iter().map(|word| IoSlice::new(word.as_bytes())).collect();
        file.write_at(&parts, 5).unwrap();
        let expected = words.concat();
        let mut read = vec![0; expected.len() + 100];
        let count = file.read_at(&mut read, 5).unwrap();
        assert_eq!(&read[..count], expected.as_bytes());
    }

    #[test]
    fn a_directory_is_removed_with_its_content() {
        let dir = tempfile::tempdir().unwrap();
        let inner = dir.path().join("x");
        StdDisk.create_dir(&inner.join("y")).unwrap();
        StdDisk.open(&inner.join("f"), OpenMode::Create).unwrap();
        let names: Vec<_> = StdDisk.list(&inner).unwrap().into_iter().map(|e| (e.name, e.kind)).collect();
        assert_eq!(names, [("f".into(), EntryKind::File), ("y".into(), EntryKind::Directory)]);
        StdDisk.remove(&inner).unwrap();
        assert!(StdDisk.list(&inner).is_err());
    }
}
