//! A range of a log file on its way to a socket.

use std::io;
use std::os::fd::AsFd;
use std::sync::Arc;

use klamm_storage::FetchSlice;
use klamm_storage::disk::DiskFile;

/// Bytes of an open file; the file stays readable when its segment is deleted.
#[derive(Clone, Debug)]
pub struct FileRegion {
    file: Arc<dyn DiskFile>,
    position: u64,
    len: usize,
}

impl FileRegion {
    /// The region a read found.
    pub fn of_slice(slice: &FetchSlice) -> FileRegion {
        FileRegion { file: slice.file.clone(), position: slice.position, len: slice.len as usize }
    }

    /// Bytes left; a region that is sent is never empty.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Drops the first `count` bytes.
    pub fn advance(&mut self, count: usize) {
        self.position += count as u64;
        self.len -= count;
    }

    /// Sends at most `most` bytes to a non-blocking socket; 0 if the file ends early.
    pub fn send_to(&self, socket: impl AsFd, most: usize) -> io::Result<usize> {
        let Some(file) = self.file.descriptor() else {
            return Err(io::ErrorKind::Unsupported.into());
        };
        let mut position = self.position;
        klamm_sys::send_file(socket, file, &mut position, self.len.min(most))
    }
}
