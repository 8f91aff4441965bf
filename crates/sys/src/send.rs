//! File to socket without a copy through this process.

use std::io;
use std::os::fd::AsFd;

/// Sends up to `max` bytes of `file` from `*position` into `socket` and moves `position` along.
/// `Ok(0)` means the file ends at `*position`: the caller promised more, so it closes the
/// connection. A full socket is `WouldBlock`; page-cache misses wait for the disk.
pub fn send_file(socket: impl AsFd, file: impl AsFd, position: &mut u64, max: usize) -> io::Result<usize> {
    Ok(rustix::fs::sendfile(socket, file, Some(position), max)?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::{Read, Write};
    use std::os::unix::net::UnixStream;

    use super::*;

    #[test]
    fn partial_sends_move_the_position() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"0123456789").unwrap();
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        let mut position = 2;
        assert_eq!(send_file(&ours, &file, &mut position, 3).unwrap(), 3);
        assert_eq!(position, 5);
        let mut got = [0; 3];
        theirs.read_exact(&mut got).unwrap();
        assert_eq!(&got, b"234");
        position = 10;
        assert_eq!(send_file(&ours, &file, &mut position, 3).unwrap(), 0);
    }

    #[test]
    fn a_full_socket_would_block() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&[1; 1 << 20]).unwrap();
        let (ours, _theirs) = UnixStream::pair().unwrap();
        ours.set_nonblocking(true).unwrap();
        let mut position = 0;
        let refused = loop {
            match send_file(&ours, &file, &mut position, 1 << 20) {
                Ok(count) if count > 0 && position < 1 << 20 => {}
                Ok(_) => position = 0,
                Err(error) => break error,
            }
        };
        assert_eq!(refused.kind(), io::ErrorKind::WouldBlock);
    }
}
