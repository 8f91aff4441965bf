//! Room left on a file system.

use std::io;
use std::path::Path;

/// Bytes of a file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiskSpace {
    /// All of it.
    pub total: u64,
    /// What this process may still use.
    pub usable: u64,
}

/// Asks the file system that holds `path`.
pub fn disk_space(path: &Path) -> io::Result<DiskSpace> {
    let stat = rustix::fs::statvfs(path)?;
    let block = stat.f_frsize;
    Ok(DiskSpace { total: stat.f_blocks.saturating_mul(block), usable: stat.f_bavail.saturating_mul(block) })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_file_system_has_no_more_free_than_in_all() {
        let space = disk_space(Path::new("/")).unwrap();
        assert!(space.total > 0 && space.usable <= space.total);
    }
}
