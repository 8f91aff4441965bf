//! A node's process that an earlier `klamm up` left behind: found by its command line, and held by a pidfd, which is never
//! another process's, as its number may be one day.

use std::ffi::OsStr;
use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

/// See the module.
#[derive(Debug)]
pub(super) struct LeftBehind {
    pid: Pid,
    process: OwnedFd,
}

impl LeftBehind {
    /// The process of this machine that runs a node with these settings. Its pid file is not asked: whoever wrote it may
    /// have ended between the start and that.
    pub(super) fn find(properties: &Path) -> Option<LeftBehind> {
        let properties = fs::canonicalize(properties).ok()?;
        let processes = fs::read_dir("/proc").ok()?.flatten();
        let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        numbers.filter_map(Pid::from_raw).find_map(|pid| LeftBehind::open(pid, &properties))
    }

    fn open(pid: Pid, properties: &Path) -> Option<LeftBehind> {
        // Held first and looked at then: the number cannot become another's in between.
        let process = pidfd_open(pid, PidfdFlags::empty()).ok()?;
        let place = Path::new("/proc").join(pid.as_raw_nonzero().to_string());
        let line = fs::read(place.join("cmdline")).ok()?;
        let words = || line.split(|byte| *byte == 0).map(OsStr::from_bytes);
        let names = |word: &OsStr| {
            let path = place.join("cwd").join(word);
            fs::canonicalize(path).is_ok_and(|path| path == properties)
        };
        (words().any(|word| word == "server-start") && words().any(names))
            .then_some(LeftBehind { pid, process })
    }

    pub(super) fn pid(&self) -> Pid {
        self.pid
    }

    /// Also where nobody has taken note of its end.
    pub(super) fn has_ended(&self) -> bool {
        let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
        let mut asked = [PollFd::new(&self.process, PollFlags::IN)];
        poll(&mut asked, Some(&at_once)).is_ok_and(|ready| ready > 0)
    }

    pub(super) fn signal(&self, signal: Signal) {
        // A process that is gone by now has done what is asked.
        let _ = pidfd_send_signal(&self.process, signal);
    }
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn a_node_is_found_by_its_settings_and_is_over_once_it_is_dead_whoever_takes_note() {
        let dir = tempfile::tempdir().expect("a folder");
        let properties = dir.path().join("server.properties");
        assert!(LeftBehind::find(&properties).is_none(), "there are no such settings");
        fs::write(&properties, "").expect("a file");
        assert!(LeftBehind::find(&properties).is_none());
        // Waits for its input; the words behind are the arguments of a node. The path is relative, as it may be there.
        let mut process = Command::new("sh")
            .args(["-c", "read line", "server-start", "server.properties"])
            .current_dir(dir.path())
            .stdin(Stdio::piped())
            .spawn()
            .expect("a process");
        let begun = Instant::now();
        let found = loop {
            // Until it has become the shell.
            match LeftBehind::find(&properties) {
                Some(found) => break found,
                None => assert!(begun.elapsed() < Duration::from_secs(60), "it is not found"),
            }
        };
        assert_eq!(found.pid(), Pid::from_child(&process));
        assert!(!found.has_ended());
        found.signal(Signal::KILL);
        while !found.has_ended() {
            assert!(begun.elapsed() < Duration::from_secs(60), "a zombie is taken for alive");
        }
        assert!(LeftBehind::find(&properties).is_none(), "a zombie is no node");
        process.wait().expect("its end");
    }
}
