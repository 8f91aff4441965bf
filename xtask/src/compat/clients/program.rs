//! One client program: how it is started, how long it may take, what it printed.

use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result};

use super::family::Family;
use super::transcript::Transcript;

/// A run that takes longer hangs.
const LIMIT: Duration = Duration::from_secs(900);
const POLL: Duration = Duration::from_millis(20);
/// As much of a failed program's standard error as is shown.
const ERROR_TAIL: usize = 4000;

/// A program ready to run: everything it needs is fetched and built.
pub(super) struct Program {
    family: Family,
    line: Vec<OsString>,
}

impl Program {
    /// A program that is started by `line`, to which the bootstrap address and a prefix are added.
    pub(super) fn new(family: Family, line: Vec<OsString>) -> Program {
        Program { family, line }
    }

    /// A program that is one file.
    pub(super) fn of_file(family: Family, file: PathBuf) -> Program {
        Program::new(family, vec![file.into()])
    }

    pub(super) fn family(&self) -> Family {
        self.family
    }

    /// Runs to the end; whatever goes wrong is the transcript's fault.
    pub(super) fn run(&self, bootstrap: &str) -> Transcript {
        let prefix = prefix();
        match self.attempt(bootstrap, &prefix) {
            Ok((output, errors, status)) => {
                let mut transcript = Transcript::parse(self.family, &output, &prefix);
                // A program says by its exit status that a step failed, and the step says which.
                let told = transcript.steps.iter().any(super::transcript::Step::has_failed);
                if !status.is_some_and(|status| status.success()) && !told {
                    let end = status.map_or("did not end in time".to_owned(), |status| status.to_string());
                    transcript.fault = Some(format!("{end}\n{errors}"));
                } else if told {
                    eprintln!("{}: {errors}", self.family.name());
                }
                transcript
            }
            Err(error) => {
                let mut transcript = Transcript::parse(self.family, "", &prefix);
                transcript.fault = Some(format!("{error:#}"));
                transcript
            }
        }
    }

    fn attempt(&self, bootstrap: &str, prefix: &str) -> Result<(String, String, Option<ExitStatus>)> {
        let mut output = tempfile::tempfile()?;
        let mut errors = tempfile::tempfile()?;
        let (first, rest) = self.line.split_first().context("a program has a name")?;
        let mut child = Command::new(first)
            .args(rest)
            .args([bootstrap, prefix])
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(errors.try_clone()?)
            .spawn()
            .with_context(|| format!("start {}", first.display()))?;
        let status = await_end(&mut child)?;
        let errors = text(&mut errors)?;
        let start = errors.char_indices().rev().nth(ERROR_TAIL).map_or(0, |(index, _)| index);
        Ok((text(&mut output)?, errors[start..].to_owned(), status))
    }
}

/// The status of a process that ends in time; none of one that had to be killed.
fn await_end(child: &mut Child) -> Result<Option<ExitStatus>> {
    let deadline = Instant::now() + LIMIT;
    while Instant::now() < deadline {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        thread::sleep(POLL);
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

fn text(file: &mut File) -> Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Names of topics and groups that no former run has used, nor one that begins at the same time.
fn prefix() -> String {
    static RUNS: AtomicU8 = AtomicU8::new(0);
    let run = RUNS.fetch_add(1, Ordering::Relaxed);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    // One width for all runs: sizes of stored records must not depend on it.
    format!("x{:08x}{run:02x}", now.as_millis() & 0xffff_ffff)
}
