//! Whether bytes of a file are in the page cache: a shard must not wait for a disk.

use std::io;
use std::os::fd::{AsFd, AsRawFd};
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::io::{Errno, ReadWriteFlags};

use crate::Region;

/// What the kernel says of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Residency {
    /// Every page is in memory.
    Resident,
    /// At least one page is not: reading it waits for the disk.
    Missing,
    /// This kernel or file system does not say; treat it as missing unless probed otherwise.
    Unknown,
}

/// cachestat(2) came with Linux 6.5; once refused, it is not asked again.
static NO_CACHESTAT: AtomicBool = AtomicBool::new(false);

#[repr(C)]
struct CachestatRange {
    off: u64,
    len: u64,
}

#[repr(C)]
#[derive(Default)]
struct Cachestat {
    nr_cache: u64,
    nr_dirty: u64,
    nr_writeback: u64,
    nr_evicted: u64,
    nr_recently_evicted: u64,
}

/// Whether all pages of `region` are in the page cache.
pub fn residency(file: impl AsFd, region: Region) -> Residency {
    if region.len == 0 {
        return Residency::Resident;
    }
    if NO_CACHESTAT.load(Ordering::Relaxed) {
        return Residency::Unknown;
    }
    let range = CachestatRange { off: region.start, len: region.len };
    let mut stat = Cachestat::default();
    let fd = file.as_fd().as_raw_fd();
    // SAFETY: `range` and `stat` are live, aligned and laid out as the kernel's structs (checked
    // against include/uapi/linux/mman.h); the kernel reads the one and fills the other; the
    // descriptor is borrowed for the call.
    let result = unsafe { libc::syscall(SYS_CACHESTAT, fd, &raw const range, &raw mut stat, 0) };
    if result != 0 {
        let refused = io::Error::last_os_error();
        if matches!(refused.raw_os_error(), Some(libc::ENOSYS | libc::EPERM)) {
            NO_CACHESTAT.store(true, Ordering::Relaxed);
        }
        return Residency::Unknown;
    }
    let page = rustix::param::page_size() as u64;
    let pages = (region.start + region.len).div_ceil(page) - region.start / page;
    if stat.nr_cache >= pages { Residency::Resident } else { Residency::Missing }
}

/// The same number on all architectures with the unified table.
const SYS_CACHESTAT: libc::c_long = 451;

/// Reads at `position` only what is in the page cache: `None` if not even the first byte is, or if
/// the file system cannot tell. A short count means the rest is not resident (or the file ends).
pub fn read_if_resident(file: impl AsFd, buffer: &mut [u8], position: u64) -> io::Result<Option<usize>> {
    let mut parts = [io::IoSliceMut::new(buffer)];
    match rustix::io::preadv2(file, &mut parts, position, ReadWriteFlags::NOWAIT) {
        Ok(count) => Ok(Some(count)),
        Err(Errno::AGAIN | Errno::OPNOTSUPP) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Write;

    use super::*;

    #[test]
    fn freshly_written_bytes_are_resident() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&[7; 100_000]).unwrap();
        let all = Region { start: 0, len: 100_000 };
        assert_ne!(residency(&file, all), Residency::Missing);
        let mut buffer = [0; 64];
        if let Some(count) = read_if_resident(&file, &mut buffer, 99_990).unwrap() {
            assert_eq!(&buffer[..count], &[7; 10]);
        }
    }

    #[test]
    fn bytes_beyond_the_end_are_not_resident() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&[7; 10]).unwrap();
        assert_ne!(residency(&file, Region { start: 1 << 20, len: 8192 }), Residency::Resident);
    }
}
