//! Whether a file is open elsewhere: what the kernel grants a lease for, it has looked at.

use std::os::fd::{AsFd, AsRawFd};

/// Whether no other descriptor of `file` exists, in this process or another (fcntl(2), F_SETLEASE).
/// "No" also where the file system grants no leases.
///
/// Ask only of a file that has no name any more: whoever opens a leased file makes the kernel send
/// this process a signal.
pub fn is_sole_opener(file: impl AsFd) -> bool {
    let fd = file.as_fd().as_raw_fd();
    // SAFETY: the descriptor is open for the whole call (borrowed from `file`); the call takes
    // numbers only and touches no memory of this process.
    let granted = unsafe { libc::fcntl(fd, libc::F_SETLEASE, libc::F_WRLCK) } == 0;
    if granted {
        // SAFETY: as above.
        unsafe { libc::fcntl(fd, libc::F_SETLEASE, libc::F_UNLCK) };
    }
    granted
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs::{File, OpenOptions};

    use super::*;

    #[test]
    fn a_file_that_is_open_twice_has_no_sole_opener() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("file");
        File::create(&path).unwrap();
        let writer = OpenOptions::new().write(true).open(&path).unwrap();
        let _reader = File::open(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert!(!is_sole_opener(&writer));
    }
}
