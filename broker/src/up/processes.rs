//! Nodes as processes of this machine: started, watched, stopped in order. One that ends by itself is
//! started again after a pause that grows with each end.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use klamm_lifecycle::Process;
use klamm_model::NodeId;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use super::layout::Layout;

/// First pause before a node that ended by itself is started again; it doubles ...
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// ... up to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A node that ran this long begins with the first pause again.
const STEADY: Duration = Duration::from_secs(60);

/// The nodes' processes.
#[derive(Default)]
pub(super) struct Processes {
    live: BTreeMap<NodeId, Live>,
    ended: BTreeMap<NodeId, Ended>,
}

struct Live {
    pid: Pid,
    /// `None` for a process that an earlier run left behind.
    child: Option<Child>,
    since: Instant,
    answered: bool,
    stopping: bool,
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
            None if live.stopping => Process::Stopping,
            None => Process::Running {
                answers: live.answered,
                for_seconds: u32::try_from(live.since.elapsed().as_secs()).unwrap_or(u32::MAX),
            },
            Some(status) => {
                let live = self.live.remove(&node).expect("it was found above");
                // What is left in the way of the next start is only a stale note.
                drop(fs::remove_file(layout.pid_file(node)));
                if live.stopping {
                    self.ended.remove(&node);
                    return Process::Absent;
                }
                self.remember_end(layout, node, &live, status);
                self.observe(layout, node)
            }
        }
    }

    fn adopt(&mut self, layout: &Layout, node: NodeId) {
        if !self.live.contains_key(&node)
            && let Some(pid) = running_pid(layout, node)
        {
            let live = Live { pid, child: None, since: Instant::now(), answered: false, stopping: false };
            self.live.insert(node, live);
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
        let nodes = self.live.iter().filter(|(_, live)| live.answered == answered && !live.stopping);
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
            .arg("server-start")
            .arg(layout.properties(node))
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .process_group(0)
            .spawn()
            .context("the node's process cannot be started")?;
        fs::write(layout.pid_file(node), child.id().to_string())?;
        let live = Live {
            pid: Pid::from_child(&child),
            child: Some(child),
            since: Instant::now(),
            answered: false,
            stopping: false,
        };
        self.live.insert(node, live);
        Ok(())
    }

    /// Asks a node to stop in order.
    pub(super) fn stop(&mut self, node: NodeId) {
        if let Some(live) = self.live.get_mut(&node) {
            live.stopping = true;
            // A process that is gone by now has done what is asked.
            let _ = kill_process(live.pid, Signal::TERM);
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
    /// How the process ended, as far as known; `None` while it runs.
    fn end(&mut self) -> Option<Option<ExitStatus>> {
        match &mut self.child {
            Some(child) => child.try_wait().ok().flatten().map(Some),
            None => test_kill_process(self.pid).is_err().then_some(None),
        }
    }
}

/// The process named in a node's pid file, if it runs this program for this node.
fn running_pid(layout: &Layout, node: NodeId) -> Option<Pid> {
    let pid: i32 = fs::read_to_string(layout.pid_file(node)).ok()?.trim().parse().ok()?;
    let process = Pid::from_raw(pid)?;
    test_kill_process(process).ok()?;
    let command = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    let properties = layout.properties(node);
    let is_ours =
        command.split(|byte| *byte == 0).any(|word| word == properties.as_os_str().as_encoded_bytes());
    is_ours.then_some(process)
}

fn last_line(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().last().unwrap_or("no output").to_owned()
}
