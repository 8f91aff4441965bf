//! Programs of the bed that run beside the tests: each has a log, and ends with its owner.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};

/// How often a state is asked for.
pub(super) const POLL: Duration = Duration::from_millis(200);
/// How long a program may take to end when it is told to.
const STOP_LIMIT: Duration = Duration::from_secs(30);

/// A running program.
#[derive(Debug)]
pub(super) struct Process {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts `command`; both its outputs go to `NAME.log` in `folder`, after what is there.
    pub(super) fn start(name: &str, command: &mut Command, folder: &Path) -> Result<Process> {
        let log = folder.join(format!("{name}.log"));
        let file = File::options().create(true).append(true).open(&log)?;
        let child = command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file).spawn();
        let child = child.with_context(|| format!("start {name}: {}", command.get_program().display()))?;
        Ok(Process { name: name.to_owned(), child, log })
    }

    /// Fails if the program has ended.
    pub(super) fn ensure_alive(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            Some(status) => bail!("{} ended: {status}\n{}", self.name, self.last_lines(20)),
            None => Ok(()),
        }
    }

    /// What it printed so far.
    pub(super) fn output(&self) -> String {
        fs::read(&self.log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// The end of what it printed.
    pub(super) fn last_lines(&self, count: usize) -> String {
        let output = self.output();
        let lines: Vec<&str> = output.lines().collect();
        lines[lines.len().saturating_sub(count)..].join("\n")
    }

    /// Sends a signal.
    pub(super) fn signal(&self, signal: Signal) -> Result<()> {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).context("a process id")?;
        kill_process(pid, signal).with_context(|| format!("signal {}", self.name))
    }

    /// Ends it in order, and waits until it has.
    pub(super) fn stop(mut self) -> Result<()> {
        self.signal(Signal::TERM)?;
        let deadline = Instant::now() + STOP_LIMIT;
        while self.child.try_wait()?.is_none() {
            ensure!(Instant::now() < deadline, "{} does not end", self.name);
            thread::sleep(POLL);
        }
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only where it has ended already.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Runs a command that has to succeed. What it prints.
pub(super) fn output(command: &mut Command) -> Result<String> {
    let (succeeded, out, err) = outputs(command)?;
    ensure!(succeeded, "{}: {}{}", shown(command), out.trim(), err.trim());
    Ok(out)
}

/// Runs a command. Whether it succeeded, and both its outputs.
pub(super) fn outputs(command: &mut Command) -> Result<(bool, String, String)> {
    let ended = command.output().with_context(|| format!("run {}", command.get_program().display()))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok((ended.status.success(), text(&ended.stdout), text(&ended.stderr)))
}

/// A command as one would type it.
fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.display().to_string()).collect::<Vec<_>>().join(" ")
}

/// Polls until `state` has a value. `what` is told where it has none in time, with the last reason.
pub(super) fn await_some<T>(
    what: &str,
    limit: Duration,
    mut state: impl FnMut() -> Result<Result<T, String>>,
) -> Result<T> {
    let deadline = Instant::now() + limit;
    loop {
        match state()? {
            Ok(value) => return Ok(value),
            Err(reason) => ensure!(Instant::now() < deadline, "{what}: not within {limit:?}: {reason}"),
        }
        thread::sleep(POLL);
    }
}
