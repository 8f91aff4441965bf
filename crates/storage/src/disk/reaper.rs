//! Removes big files without holding up writers: the name goes at once, the blocks in small steps.
//!
//! Freeing a gigabyte in one call keeps the journal of ext4 busy (over a second where the device is
//! told of freed blocks), and every append that changes a size or a time waits for it: appends that
//! wait 350 ms beside a plain unlink wait 15 to 45 ms beside this one, at 277 MB/s on one machine.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::thread;
use std::time::Duration;

use parking_lot::Mutex;

/// Bytes given back by one call.
const STEP: u64 = 8 << 20;

/// Rest between two calls, for the others who need the journal: at most 800 MB/s.
const PAUSE: Duration = Duration::from_millis(10);

/// Files that may wait, each with a descriptor; one more is freed by its close, as elsewhere.
const MOST_WAITING: usize = 32;

static REAPER: Mutex<Reaper> = Mutex::new(Reaper { waiting: VecDeque::new(), runs: false });

struct Reaper {
    waiting: VecDeque<File>,
    /// Whether a thread empties the queue; it ends with the last file.
    runs: bool,
}

/// Removes a file. When this returns its name is gone.
pub(super) fn remove_file(path: &Path) -> io::Result<()> {
    remove_opened(path, open_if_big(path))
}

fn remove_opened(path: &Path, big: Option<File>) -> io::Result<()> {
    std::fs::remove_file(path)?;
    if let Some(file) = big
        && is_unreachable(&file)
    {
        reap(file);
    }
    Ok(())
}

/// Removes a directory and all it holds. What is gone already is no error: a segment's own removal may
/// come due at the same time.
pub(super) fn remove_dir(dir: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        if let Some(file) = open_if_big(&path) {
            remove_opened(&path, Some(file)).or_else(unless_gone)?;
        }
    }
    std::fs::remove_dir_all(dir)
}

fn unless_gone(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

/// A file that cannot be opened for writing is removed like a small one.
fn open_if_big(path: &Path) -> Option<File> {
    let facts = std::fs::symlink_metadata(path).ok()?;
    if !facts.is_file() || facts.len() <= STEP {
        return None;
    }
    OpenOptions::new().write(true).open(path).ok()
}

/// Whether nobody can see a change of `file`: no other name (a backup made of hard links), no other
/// descriptor (a consumer that still reads, a tool).
fn is_unreachable(file: &File) -> bool {
    file.metadata().is_ok_and(|facts| facts.nlink() == 0) && klamm_sys::is_sole_opener(file)
}

fn reap(file: File) {
    let mut reaper = REAPER.lock();
    if reaper.waiting.len() >= MOST_WAITING {
        drop(reaper);
        return drop(file);
    }
    reaper.waiting.push_back(file);
    if !reaper.runs {
        let thread = thread::Builder::new().name("klamm-reaper".to_owned());
        reaper.runs = thread.spawn(run).is_ok();
    }
    if !reaper.runs {
        reaper.waiting.clear();
    }
}

fn run() {
    loop {
        let mut reaper = REAPER.lock();
        let Some(file) = reaper.waiting.pop_front() else {
            reaper.runs = false;
            return;
        };
        drop(reaper);
        if let Err(error) = shrink(&file) {
            tracing::debug!(%error, "a removed file is freed by its close");
        }
    }
}

fn shrink(file: &File) -> io::Result<()> {
    let mut len = file.metadata()?.len();
    while len > 0 {
        len = len.saturating_sub(STEP);
        file.set_len(len)?;
        thread::sleep(PAUSE);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const BIG: u64 = 3 * STEP + 1;

    fn big_file(path: &Path) {
        File::create(path).unwrap().set_len(BIG).unwrap();
    }

    #[test]
    fn a_removed_file_has_no_name_when_the_call_returns() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("00000000000000000000.log.deleted");
        big_file(&path);
        remove_file(&path).unwrap();
        assert!(!path.exists());
        assert_eq!(remove_file(&path).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_file_that_somebody_reads_keeps_its_bytes_when_it_is_removed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("00000000000000000000.log.deleted");
        big_file(&path);
        let reader = File::open(&path).unwrap();
        let held = open_if_big(&path).unwrap();
        remove_file(&path).unwrap();
        assert!(!is_unreachable(&held));
        assert_eq!(reader.metadata().unwrap().len(), BIG);
    }

    #[test]
    fn a_file_with_another_name_keeps_its_bytes_when_one_is_removed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("00000000000000000000.log.deleted");
        big_file(&path);
        let backup = dir.path().join("backup");
        std::fs::hard_link(&path, &backup).unwrap();
        let held = open_if_big(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert!(!is_unreachable(&held));
    }

    #[test]
    fn all_bytes_of_an_unreachable_file_are_given_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("00000000000000000000.log.deleted");
        big_file(&path);
        let held = open_if_big(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        shrink(&held).unwrap();
        assert_eq!(held.metadata().unwrap().len(), 0);
    }

    #[test]
    fn a_file_that_another_removed_first_is_no_error_of_its_directory() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("00000000000000000000.log.deleted");
        big_file(&path);
        let held = open_if_big(&path);
        std::fs::remove_file(&path).unwrap();
        remove_opened(&path, held).or_else(unless_gone).unwrap();
    }

    #[test]
    fn a_directory_goes_with_its_big_and_small_files() {
        let dir = tempfile::tempdir().unwrap();
        let gone = dir.path().join("t-0.0123.delete");
        std::fs::create_dir(&gone).unwrap();
        big_file(&gone.join("00000000000000000000.log"));
        std::fs::write(gone.join("partition.metadata"), "version: 0").unwrap();
        remove_dir(&gone).unwrap();
        assert!(!gone.exists());
    }
}
