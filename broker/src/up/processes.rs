//! Nodes as processes of this machine: started, watched, stopped in order. One that ends by itself is
//! started again after a pause that grows with each end; one that does not end when asked is killed at last.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use klamm_lifecycle::Process;
use klamm_model::NodeId;
use rustix::process::{Pid, Signal, kill_process};

use super::layout::Layout;
use super::left_behind::LeftBehind;

/// First pause before a node that ended by itself is started again; it doubles ...
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// ... up to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A node that ran this long begins with the first pause again.
const STEADY: Duration = Duration::from_secs(60);
/// A node that was asked to stop is killed after this: it waits for the controller's leave for 30 s, then writes what the
/// page cache holds. What it has acknowledged outlives that.
const STOP_PATIENCE: Duration = Duration::from_secs(300);

/// The nodes' processes.
#[derive(Default)]
pub(super) struct Processes {
    live: BTreeMap<NodeId, Live>,
    ended: BTreeMap<NodeId, Ended>,
    /// Nodes of which a process of an earlier run was looked for.
    looked_for: BTreeSet<NodeId>,
}

struct Live {
    process: Running,
    since: Instant,
    answered: bool,
    /// Since when it is asked to stop.
    stopping: Option<Instant>,
}

enum Running {
    Child(Child),
    LeftBehind(LeftBehind),
}

struct Ended {
    how: String,
    at: Instant,
    pause: Duration,
    /// Ends in a row without an answer in between.
    silent_ends: u32,
}

impl Processes {
    /// State of a node's process. Whether it answers is known from [`Processes::has_answered`].
    pub(super) fn observe(&mut self, layout: &Layout, node: NodeId) -> Process {
        self.adopt(layout, node);
        let Some(live) = self.live.get_mut(&node) else {
            let Some(ended) = self.ended.get(&node) else { return Process::Absent };
            let rests = ended.at.elapsed() < ended.pause;
            return Process::Failed { how: ended.how.clone(), rests };
        };
        match live.end() {
            None if live.stopping.is_some() => {
                live.press(node, STOP_PATIENCE);
                Process::Stopping
            }
            None => Process::Running {
                answers: live.answered,
                for_seconds: u32::try_from(live.since.elapsed().as_secs()).unwrap_or(u32::MAX),
            },
            Some(status) => {
                let live = self.live.remove(&node).expect("it was found above");
                // What is left in the way of the next start is only a stale note.
                drop(fs::remove_file(layout.pid_file(node)));
                if live.stopping.is_some() {
                    self.ended.remove(&node);
                    return Process::Absent;
                }
                self.remember_end(layout, node, &live, status);
                self.observe(layout, node)
            }
        }
    }

    /// Once for each node: this run starts all later ones itself, and no other run does meanwhile.
    fn adopt(&mut self, layout: &Layout, node: NodeId) {
        if self.looked_for.insert(node)
            && let Some(process) = LeftBehind::find(&layout.properties(node))
        {
            note_pid(layout, node, process.pid());
            self.live.insert(node, Live::new(Running::LeftBehind(process)));
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
        let program = fs::read_link(format!("/proc/{}/exe", live.process.pid().as_raw_nonzero()));
        program.is_ok_and(|path| path.as_os_str().as_encoded_bytes().ends_with(b" (deleted)"))
    }

    /// Starts a node; its output goes to its log file.
    pub(super) fn start(&mut self, layout: &Layout, node: NodeId) -> Result<()> {
        let log = layout.log_file(node);
        let output = File::options().create(true).append(true).open(&log);
        let output = output.with_context(|| log.display().to_string())?;
        // A group of its own: Ctrl-C reaches `klamm up` alone, which stops the nodes in order.
        let child = Command::new(std::env::current_exe()?)
            .arg("server-start")
            .arg(std::path::absolute(layout.properties(node))?)
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .process_group(0)
            .spawn()
            .context("the node's process cannot be started")?;
        let process = Running::Child(child);
        note_pid(layout, node, process.pid());
        self.live.insert(node, Live::new(process));
        Ok(())
    }

    /// Asks a node to stop in order.
    pub(super) fn stop(&mut self, node: NodeId) {
        if let Some(live) = self.live.get_mut(&node) {
            live.stop();
        }
    }

    /// Asks these nodes to stop, and waits for their ends.
    pub(super) fn stop_and_wait(&mut self, layout: &Layout, nodes: &[NodeId]) {
        for node in nodes {
            self.stop(*node);
        }
        while nodes.iter().any(|node| self.observe(layout, *node).lives()) {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Live {
    fn new(process: Running) -> Live {
        Live { process, since: Instant::now(), answered: false, stopping: None }
    }

    /// How the process ended, as far as known; `None` while it runs.
    fn end(&mut self) -> Option<Option<ExitStatus>> {
        match &mut self.process {
            Running::Child(child) => child.try_wait().ok().flatten().map(Some),
            Running::LeftBehind(process) => process.has_ended().then_some(None),
        }
    }

    /// Asks it to stop.
    fn stop(&mut self) {
        self.stopping.get_or_insert(Instant::now());
        self.process.signal(Signal::TERM);
    }

    /// Kills it if it was asked to stop longer than `patience` ago.
    fn press(&mut self, node: NodeId, patience: Duration) {
        if self.stopping.is_some_and(|since| since.elapsed() >= patience) {
            println!("node {node} does not stop within {} s and is killed", patience.as_secs());
            self.process.signal(Signal::KILL);
            // Said once in each patience.
            self.stopping = Some(Instant::now());
        }
    }
}

impl Running {
    fn pid(&self) -> Pid {
        match self {
            Running::Child(child) => Pid::from_child(child),
            Running::LeftBehind(process) => process.pid(),
        }
    }

    fn signal(&self, signal: Signal) {
        match self {
            // Its number is its own until its end is taken note of. One that is gone by now has done what is asked.
            Running::Child(child) => {
                let _ = kill_process(Pid::from_child(child), signal);
            }
            Running::LeftBehind(process) => process.signal(signal),
        }
    }
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
        let mut live = Live::new(Running::Child(deaf));
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
}
