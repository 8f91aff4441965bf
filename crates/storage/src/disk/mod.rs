//! The file system as logs see it: two small traits, so that the simulation and the fault tests
//! replace it whole. The append path pays one virtual call per write, two nanoseconds beside a
//! microsecond of system call.

mod descriptors;
#[cfg(any(test, feature = "testing"))]
mod mem_disk;

mod reaper;
mod std_disk;

use std::fmt;
use std::io::{self, IoSlice};
use std::os::fd::BorrowedFd;
use std::path::Path;
use std::sync::Arc;

use klamm_model::Timestamp;
pub use klamm_sys::{DiskSpace, Region, Residency};

pub(crate) use descriptors::remove_if_present;
pub use descriptors::{DescriptorCache, LazyFile, PartitionPath};

#[cfg(any(test, feature = "testing"))]
pub use mem_disk::{Fault, FaultKind, MemDisk, Operation};
pub use std_disk::StdDisk;

use crate::planted::{self, Bug};

/// What [`Disk::open`] does where the file is missing or present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenMode {
    /// It must exist; reads only.
    Read,
    /// It must exist; reads and writes.
    Write,
    /// Made if missing, else as it is; reads and writes.
    Create,
    /// Made if missing, emptied if present; reads and writes.
    Replace,
}

/// An entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirEntry {
    /// Its name. Names that are not UTF-8 are no names of ours and are left out.
    pub name: String,
    /// File or directory.
    pub kind: EntryKind,
}

/// File or directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file, or anything else that is not a directory.
    File,
    /// A directory.
    Directory,
}

/// Size and age of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileFacts {
    /// Bytes.
    pub len: u64,
    /// When its content last changed.
    pub modified: Timestamp,
}

/// A file system. Blocking; an error is the operation's, never remembered here.
pub trait Disk: Send + Sync + fmt::Debug + 'static {
    /// Opens or makes a file.
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Arc<dyn DiskFile>>;
    /// Renames a file or directory, replacing a file of that name at once. Durable after
    /// [`Disk::sync_dir`] of the directory.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file, or a directory with all it holds.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Entries of a directory, by name.
    fn list(&self, dir: &Path) -> io::Result<Vec<DirEntry>>;
    /// Size and age of a file, without opening it.
    fn facts(&self, path: &Path) -> io::Result<FileFacts>;
    /// Makes a directory and its parents; no error if it is there.
    fn create_dir(&self, dir: &Path) -> io::Result<()>;
    /// Makes the names in `dir` durable; a failed sync is [`not_durable`], as that of a file.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;
    /// Room on the file system that holds `path`.
    fn space(&self, path: &Path) -> io::Result<DiskSpace>;

    /// Whether no other process can see these files: then there is nothing to lock.
    fn is_simulated(&self) -> bool {
        false
    }
}

/// What [`DiskFile::hint`] asks for. Hints change no content, and their failure means nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Start writing back dirty pages.
    WriteBack,
    /// Reserve blocks beyond the end without changing the size.
    Allocate,
    /// Will be read from start to end.
    Sequential,
    /// Will not be read again soon.
    DropCached,
    /// Will never be written again: take the permission away (of the whole file).
    ReadOnly,
}

/// An open file. Positions are bytes from its start; there is no cursor.
pub trait DiskFile: Send + Sync + fmt::Debug + 'static {
    /// Reads up to the length of `buffer`; short only at the end of the file.
    fn read_at(&self, buffer: &mut [u8], position: u64) -> io::Result<usize>;
    /// As `read_at` with what is in memory; `None` if not even the first byte is.
    fn read_if_resident(&self, buffer: &mut [u8], position: u64) -> io::Result<Option<usize>>;
    /// Writes all parts one after the other. On an error some bytes may have been written.
    fn write_at(&self, parts: &[IoSlice<'_>], position: u64) -> io::Result<()>;
    /// Makes content and size durable. After an error the content is unknown: never call it again.
    /// It is [`not_durable`].
    fn sync(&self) -> io::Result<()>;
    /// Sets the size; bytes beyond the old end read as zero.
    fn set_len(&self, len: u64) -> io::Result<()>;
    /// Sets the time of the last change: a compacted segment keeps that of what it replaces.
    fn set_modified(&self, modified: Timestamp) -> io::Result<()>;
    /// Size.
    fn len(&self) -> io::Result<u64>;
    /// Whether a region is in memory.
    fn residency(&self, region: Region) -> Residency;
    /// Advice about a region.
    fn hint(&self, region: Region, hint: Hint);
    /// The descriptor, for `sendfile`; a simulated disk has none.
    fn descriptor(&self) -> Option<BorrowedFd<'_>>;

    /// Whether the file has no bytes.
    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }
}

/// The error of a failed sync, whatever its cause: never one of a full disk, which would be forgiven
/// once there is room. Linux takes the pages for clean after any error (also ENOSPC and EDQUOT of a
/// late allocation), so that a second fsync succeeds with the bytes gone (KAFKA-10778).
pub fn not_durable(error: io::Error) -> io::Error {
    io::Error::other(NotDurable(error))
}

#[derive(Debug, thiserror::Error)]
#[error("what was written is not durable: {0}")]
struct NotDurable(#[source] io::Error);

/// Reads exactly `buffer.len()` bytes; an early end of the file is `UnexpectedEof`.
pub fn read_exact_at(file: &dyn DiskFile, buffer: &mut [u8], position: u64) -> io::Result<()> {
    match file.read_at(buffer, position)? {
        count if count == buffer.len() => Ok(()),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// The whole content of a file that is known to be small; `InvalidData` above `most` bytes.
pub fn read_small(disk: &dyn Disk, path: &Path, most: usize) -> io::Result<Vec<u8>> {
    let file = disk.open(path, OpenMode::Read)?;
    let len = usize::try_from(file.len()?).unwrap_or(usize::MAX);
    if len > most {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("{len} bytes, at most {most} expected"),
        ));
    }
    let mut content = vec![0; len];
    let count = file.read_at(&mut content, 0)?;
    content.truncate(count);
    Ok(content)
}

/// Replaces the file `path` by `content` so that a crash leaves the old or the new one: writes
/// `path.tmp`, syncs it, renames it over `path`, syncs the directory.
pub fn replace_file(disk: &dyn Disk, path: &Path, content: &[u8]) -> io::Result<()> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".tmp");
    let temporary = Path::new(&temporary);
    let file = disk.open(temporary, OpenMode::Replace)?;
    file.write_at(&[IoSlice::new(content)], 0)?;
    if !planted::has(Bug::RenameUnsynced) {
        file.sync()?;
    }
    disk.rename(temporary, path)?;
    disk.sync_dir(path.parent().unwrap_or(Path::new(".")))
}
