//! Write-back, preallocation and page-cache hints of one file.

use std::io;
use std::os::fd::{AsFd, AsRawFd};

use rustix::fs::{Advice, FallocateFlags};

/// Bytes of a file, half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// First byte.
    pub start: u64,
    /// Number of bytes.
    pub len: u64,
}

/// How far [`start_write_back`] goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteBack {
    /// Hands dirty pages to the device and returns. May still wait where its queue is full.
    Start,
    /// Also waits until they have left: bounds the dirty bytes of a file. Not for a shard.
    Finish,
}

/// Starts writing the dirty pages of `region`. No promise of durability: neither metadata nor the
/// device's cache are flushed. It keeps a later fsync short and a writer off the dirty limit.
pub fn start_write_back(file: impl AsFd, region: Region, how: WriteBack) -> io::Result<()> {
    let flags = match how {
        WriteBack::Start => libc::SYNC_FILE_RANGE_WRITE,
        WriteBack::Finish => {
            libc::SYNC_FILE_RANGE_WAIT_BEFORE | libc::SYNC_FILE_RANGE_WRITE | libc::SYNC_FILE_RANGE_WAIT_AFTER
        }
    };
    let fd = file.as_fd().as_raw_fd();
    let (start, len) = (to_signed(region.start)?, to_signed(region.len)?);
    // SAFETY: the descriptor is open for the whole call (borrowed from `file`); the call takes
    // numbers only and touches no memory of this process.
    let result = unsafe { libc::sync_file_range(fd, start, len, flags) };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Reserves blocks for `region` without changing the file's size. Whatever is not written must be
/// given back by truncating to the size.
pub fn allocate_keep_size(file: impl AsFd, region: Region) -> io::Result<()> {
    Ok(rustix::fs::fallocate(file, FallocateFlags::KEEP_SIZE, region.start, region.len)?)
}

/// Tells the kernel that `region` will not be read again soon: a cold drain does not push the
/// tail of the logs out of the page cache. Dirty pages stay.
pub fn drop_cached(file: impl AsFd, region: Region) -> io::Result<()> {
    advise(file, region, Advice::DontNeed)
}

/// Tells the kernel that `region` will be read from start to end.
pub fn expect_sequential(file: impl AsFd, region: Region) -> io::Result<()> {
    advise(file, region, Advice::Sequential)
}

fn advise(file: impl AsFd, region: Region, advice: Advice) -> io::Result<()> {
    Ok(rustix::fs::fadvise(file, region.start, std::num::NonZeroU64::new(region.len), advice)?)
}

fn to_signed(value: u64) -> io::Result<i64> {
    i64::try_from(value).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Write;

    use super::*;

    #[test]
    fn hints_leave_content_and_size_alone() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&[7; 10_000]).unwrap();
        let region = Region { start: 0, len: 10_000 };
        start_write_back(&file, region, WriteBack::Start).unwrap();
        start_write_back(&file, region, WriteBack::Finish).unwrap();
        allocate_keep_size(&file, Region { start: 10_000, len: 1 << 20 }).unwrap();
        expect_sequential(&file, region).unwrap();
        drop_cached(&file, region).unwrap();
        assert_eq!(file.metadata().unwrap().len(), 10_000);
    }
}
