//! Apache Kafka's own clients as an administrator: one JVM, one command a line.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::oracle::jars::JarSet;
use crate::oracle::java::Program;

/// How long a condition may take to come true; the machine may be busy.
pub const PATIENCE: Duration = Duration::from_secs(300);
const POLL: Duration = Duration::from_millis(200);

/// The administrator.
pub struct Admin {
    child: Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// The quorum as its leader describes it.
#[derive(Clone, Debug)]
pub struct Quorum {
    pub leader: u32,
    pub voters: Vec<Replica>,
    pub observers: Vec<Replica>,
    pub high_watermark: i64,
}

/// A replica and the end of its log.
#[derive(Clone, Debug)]
pub struct Replica {
    pub id: u32,
    pub end: i64,
}

impl Admin {
    /// Starts a JVM whose clients know these brokers.
    pub fn start(brokers: &str) -> Result<Admin> {
        let program = Program::compile(JarSet::Kafka, &["tests/quorum-oracle/QuorumAdmin.java"])?;
        let mut command = program.command("QuorumAdmin");
        command.arg(brokers).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().context("start the administrator")?;
        let commands = child.stdin.take().context("its input")?;
        let answers = BufReader::new(child.stdout.take().context("its output")?);
        Ok(Admin { child, commands, answers })
    }

    /// The answer to one command.
    pub fn ask(&mut self, command: &str) -> Result<String> {
        writeln!(self.commands, "{command}")?;
        self.commands.flush()?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        match answer.trim().split_once(' ').unwrap_or((answer.trim(), "")) {
            ("ok", answer) => Ok(answer.to_owned()),
            (_, error) => bail!("{command}: {error}"),
        }
    }

    /// Asks until the answer is accepted.
    pub fn poll<T>(
        &mut self,
        (command, what): (&str, &str),
        accept: impl Fn(&str) -> Option<T>,
    ) -> Result<T> {
        let started = Instant::now();
        loop {
            let answer = self.ask(command);
            if let Ok(answer) = &answer
                && let Some(accepted) = accept(answer)
            {
                return Ok(accepted);
            }
            if started.elapsed() > PATIENCE {
                bail!("not in time: {what}; last answer: {answer:?}");
            }
            std::thread::sleep(POLL);
        }
    }

    /// The quorum, once `is_it` holds.
    pub fn quorum(&mut self, what: &str, is_it: impl Fn(&Quorum) -> bool) -> Result<Quorum> {
        self.poll(("quorum", what), |answer| parse(answer).filter(&is_it))
    }
}

impl Drop for Admin {
    fn drop(&mut self) {
        // It fails only where the process has already ended.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn parse(answer: &str) -> Option<Quorum> {
    let field = |name: &str| answer.split(' ').find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
    let replicas = |name: &str| {
        let listed = field(name)?.split(',').filter(|entry| !entry.is_empty());
        listed
            .map(|entry| {
                let (id, end) = entry.split_once(':')?;
                Some(Replica { id: id.parse().ok()?, end: end.parse().ok()? })
            })
            .collect::<Option<Vec<_>>>()
    };
    Some(Quorum {
        leader: field("leader")?.parse().ok()?,
        voters: replicas("voters")?,
        observers: replicas("observers")?,
        high_watermark: field("hw")?.parse().ok()?,
    })
}
