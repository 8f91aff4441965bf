//! Nodes as processes of this machine: started, watched, stopped in order. One that ends by itself is
//! started again after a pause that grows with each end; one that does not end when asked is killed at last.
//!
//! A node is found again by its command line, which names its server.properties, and held by a pidfd from
//! then on: no note on disk can be missing, or name a process that took a dead one's number. The `pid` file
//! is for people.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use klamm_lifecycle::Process;
use klamm_model::NodeId;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use super::layout::{Layout, SERVER_START};

/// First pause before a node that ended by itself is started again; it doubles ...
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// ... up to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A node that ran this long begins with the first pause again.
const STEADY: Duration = Duration::from_secs(60);

/// A node that was asked to stop is killed after this: it waits for the controller's leave for 30 s, then writes
/// what the page cache holds. What it has acknowledged outlives that.
const STOP_PATIENCE: Duration = Duration::from_secs(300);

/// The nodes' processes.
#[derive(Default)]
pub(super) struct Processes {
    live: BTreeMap<NodeId, Live>,
    ended: BTreeMap<NodeId, Ended>,
}

struct Live {
    pid: Pid,
    /// Stays with this one process, whatever becomes of its number.
    handle: OwnedFd,
    /// `None` for a process that an earlier run left behind.
    child: Option<Child>,
    since: Instant,
    answered: bool,
    /// When it was asked to stop.
    stopping: Option<Instant>,
}

struct Ended {
    how: String,
    at: Instant,
    pause: Duration,
    /// Ends in a row without an answer in between.
    silent_ends: u32,
}

impl Processes {
    /// The nodes that an earlier `klamm up` left behind.
    ///
    /// One that it was about to start when it was killed counts: between fork and exec the child holds
    /// the lock of the layout, so it has its command line by the time that the next `klamm up` looks.
    pub(super) fn adopt(layout: &Layout) -> Processes {
        let mut processes = Processes::default();
        let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
        for entry in entries {
            let pid = entry.file_name().to_str().and_then(|name| name.parse().ok()).and_then(Pid::from_raw);
            let Some((node, live)) = pid.and_then(|pid| adopt_process(layout, pid)) else { continue };
            processes.live.insert(node, live);
        }
        processes
    }

    /// Writes the pid files of all nodes that run.
    pub(super) fn note_pids(&self, layout: &Layout) {
        self.live.iter().for_each(|(node, live)| note_pid(layout, *node, live.pid));
    }

    /// State of a node's process.
    pub(super) fn observe(&mut self, layout: &Layout, node: NodeId) -> Process {
        let Some(live) = self.live.get_mut(&node) else {
            let Some(ended) = self.ended.get(&node) else { return Process::Absent };
            let rests = ended.at.elapsed() < ended.pause;
            return Process::Failed { how: ended.how.clone(), rests };
        };
        match (live.end(), live.stopping) {
            (None, Some(_)) => {
                live.press(node, STOP_PATIENCE);
                Process::Stopping
            }
            (None, None) => Process::Running {
                answers: live.answered,
                for_seconds: u32::try_from(live.since.elapsed().as_secs()).unwrap_or(u32::MAX),
            },
            (Some(status), stopping) => {
                let live = self.live.remove(&node).expect("it was found above");
                // What is left in the way of the next start is only a stale note.
                drop(fs::remove_file(layout.pid_file(node)));
                if stopping.is_some() {
                    self.ended.remove(&node);
                    return Process::Absent;
                }
                self.remember_end(layout, node, &live, status);
                self.observe(layout, node)
            }
        }
    }

    fn remember_end(&mut self, layout: &Layout, node: NodeId, live: &Live, status: Option<ExitStatus>) {
        let before = self.ended.get(&node).filter(|_| live.since.elapsed() < STEADY);
        let pause = before.map_or(FIRST_PAUSE, |before| (before.pause * 2).min(LONGEST_PAUSE));
        let silent_ends =
            if live.answered { 0 } else { self.ended.get(&node).map_or(0, |ended| ended.silent_ends) + 1 };
        let status = status.map_or_else(|| "it is gone".to_owned(), |status| status.to_string());
        let how = format!("{status}; {}", last_line(&layout.log_file(node)));
        self.ended.insert(node, Ended { how, at: Instant::now(), pause, silent_ends });
    }

    /// Notes that the process of `node` answers.
    pub(super) fn note_answer(&mut self, node: NodeId) {
        if let Some(live) = self.live.get_mut(&node) {
            live.answered = true;
        }
    }

    /// Nodes whose process answered, or has yet to.
    pub(super) fn running(&self, answered: bool) -> Vec<NodeId> {
        let nodes = self.live.iter().filter(|(_, live)| live.answered == answered && live.stopping.is_none());
        nodes.map(|(node, _)| *node).collect()
    }

    /// How a node ended that has done so `ends` times without ever answering.
    pub(super) fn hopeless(&self, ends: u32) -> Option<(NodeId, &str)> {
        let ended = self.ended.iter().find(|(_, ended)| ended.silent_ends >= ends);
        ended.map(|(node, ended)| (*node, ended.how.as_str()))
    }

    /// Whether the program that the node runs was replaced since it was started.
    pub(super) fn is_replaced(&self, node: NodeId) -> bool {
        let Some(live) = self.live.get(&node) else { return false };
        let program = fs::read_link(format!("/proc/{}/exe", live.pid.as_raw_nonzero()));
        program.is_ok_and(|path| path.as_os_str().as_encoded_bytes().ends_with(b" (deleted)"))
    }

    /// Starts a node; its output goes to its log file.
    pub(super) fn start(&mut self, layout: &Layout, node: NodeId) -> Result<()> {
        let log = layout.log_file(node);
        let output = File::options().create(true).append(true).open(&log);
        let output = output.with_context(|| log.display().to_string())?;
        // A group of its own: Ctrl-C reaches `klamm up` alone, which stops the nodes in order.
        let child = Command::new(std::env::current_exe()?)
            .arg(SERVER_START)
            .arg(layout.properties(node))
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .process_group(0)
            .spawn()
            .context("the node's process cannot be started")?;
        let live = Live::started(child)?;
        note_pid(layout, node, live.pid);
        self.live.insert(node, live);
        Ok(())
    }

    /// Asks a node to stop in order.
    pub(super) fn stop(&mut self, node: NodeId) {
        if let Some(live) = self.live.get_mut(&node) {
            live.stop();
        }
    }

    /// Ends a node at once.
    pub(super) fn kill(&mut self, node: NodeId) {
        if let Some(live) = self.live.get_mut(&node) {
            live.stopping.get_or_insert_with(Instant::now);
            live.signal(Signal::KILL);
        }
    }
}

impl Live {
    fn started(child: Child) -> Result<Live> {
        let pid = Pid::from_child(&child);
        // The child is not waited for yet, so the number is its own still.
        let handle = pidfd_open(pid, PidfdFlags::empty()).context("the node's process cannot be held")?;
        Ok(Live { child: Some(child), ..Live::adopted(pid, handle) })
    }

    fn adopted(pid: Pid, handle: OwnedFd) -> Live {
        Live { pid, handle, child: None, since: Instant::now(), answered: false, stopping: None }
    }

    /// How the process ended, as far as known; `None` while it runs.
    fn end(&mut self) -> Option<Option<ExitStatus>> {
        match &mut self.child {
            Some(child) => child.try_wait().ok().flatten().map(Some),
            None => has_ended(&self.handle).then_some(None),
        }
    }

    /// Asks it to stop.
    fn stop(&mut self) {
        self.stopping.get_or_insert_with(Instant::now);
        self.signal(Signal::TERM);
    }

    /// Kills it if it was asked to stop longer than `patience` ago.
    fn press(&mut self, node: NodeId, patience: Duration) {
        if self.stopping.is_some_and(|since| since.elapsed() >= patience) {
            println!("node {node} does not stop within {} s and is killed", patience.as_secs());
            self.signal(Signal::KILL);
            // Said once in each patience.
            self.stopping = Some(Instant::now());
        }
    }

    /// A process that is gone by now has done what is asked.
    fn signal(&self, signal: Signal) {
        let _ = pidfd_send_signal(&self.handle, signal);
    }
}

/// Whether the process of a pidfd has ended, waited for by its parent or not.
fn has_ended(handle: &OwnedFd) -> bool {
    let mut ended = [PollFd::new(handle, PollFlags::IN)];
    poll(&mut ended, Some(&Timespec::default())).is_ok_and(|count| count > 0)
}

/// The process `pid` and its node, if it runs a node of this layout.
fn adopt_process(layout: &Layout, pid: Pid) -> Option<(NodeId, Live)> {
    let command = || fs::read(format!("/proc/{}/cmdline", pid.as_raw_nonzero())).ok();
    let node = layout.node_of_command(&command()?)?;
    let handle = pidfd_open(pid, PidfdFlags::empty()).ok()?;
    // Read again: the number is this very process's if it has not ended since.
    let is_same = layout.node_of_command(&command()?) == Some(node) && !has_ended(&handle);
    is_same.then(|| (node, Live::adopted(pid, handle)))
}

/// For people: a node is found again without it.
fn note_pid(layout: &Layout, node: NodeId, pid: Pid) {
    drop(fs::write(layout.pid_file(node), pid.as_raw_nonzero().to_string()));
}

fn last_line(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().last().unwrap_or("no output").to_owned()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn a_node_that_does_not_end_when_asked_is_killed_after_a_patience() {
        let mut deaf = Command::new("sh")
            .args(["-c", "trap '' TERM; echo ready; while :; do read line; done"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process");
        let mut ready = [0; 5];
        deaf.stdout.as_mut().expect("its output").read_exact(&mut ready).expect("it is ready");
        let mut live = Live::started(deaf).expect("it is held");
        let node = NodeId::at(1);
        live.press(node, Duration::ZERO);
        assert!(live.end().is_none(), "it was not asked");
        live.stop();
        live.press(node, Duration::from_secs(3600));
        assert!(live.end().is_none(), "it has time");
        live.press(node, Duration::ZERO);
        let begun = Instant::now();
        while live.end().is_none() {
            assert!(begun.elapsed() < Duration::from_secs(60), "it does not end");
        }
    }

    #[test]
    fn a_node_is_found_by_its_settings_and_is_over_once_it_is_dead_whoever_takes_note() {
        let dir = tempfile::tempdir().expect("a folder");
        let layout = Layout::new(dir.path());
        let node = NodeId::at(7);
        fs::create_dir(layout.node_dir(node)).expect("a folder");
        // Waits for its input; the words behind are the arguments of a node.
        let mut process = Command::new("sh")
            .args(["-c", "read line", SERVER_START])
            .arg(layout.properties(node))
            .stdin(Stdio::piped())
            .spawn()
            .expect("a process");
        let begun = Instant::now();
        let mut found = loop {
            // Until it has become the shell.
            match Processes::adopt(&layout).live.remove(&node) {
                Some(found) => break found,
                None => assert!(begun.elapsed() < Duration::from_secs(60), "it is not found"),
            }
        };
        assert_eq!(found.pid, Pid::from_child(&process));
        assert!(found.end().is_none());
        found.signal(Signal::KILL);
        while found.end().is_none() {
            assert!(begun.elapsed() < Duration::from_secs(60), "a zombie is taken for alive");
        }
        assert!(Processes::adopt(&layout).live.is_empty(), "a zombie is no node");
        process.wait().expect("its end");
    }
}
