//! One pass: all lines with one set of tools against one node.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use super::line::Line;
use super::runner::Runner;

/// Whose tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tools {
    Kafka,
    Klamm,
}

impl Tools {
    pub(super) fn name(self) -> &'static str {
        match self {
            Tools::Kafka => "Kafka's tools",
            Tools::Klamm => "our tools",
        }
    }
}

/// How a line ended.
#[derive(Clone, Debug, Default)]
pub(super) struct Ran {
    pub(super) code: i32,
    pub(super) out: String,
    pub(super) err: String,
}

/// What the placeholders of lines stand for.
pub(super) struct Places {
    pub(super) server: String,
    pub(super) controller: String,
    pub(super) directory: PathBuf,
    /// Where the node's own files lie; only outcomes name it.
    pub(super) site: PathBuf,
}

impl Places {
    fn fill(&self, word: &str) -> String {
        word.replace("{server}", &self.server)
            .replace("{controller}", &self.controller)
            .replace("{dir}", &self.directory.display().to_string())
    }

    /// The placeholders again, so that passes can be compared.
    fn empty(&self, text: &str) -> String {
        let port = |address: &str| address.rsplit(':').next().unwrap_or_default().to_owned();
        let text = text
            .replace(&self.server, "{server}")
            .replace(&self.controller, "{controller}")
            .replace(&self.directory.display().to_string(), "{dir}")
            .replace(&self.site.display().to_string(), "{site}");
        let text = replace_number(&text, &port(&self.server), "{port}");
        replace_number(&text, &port(&self.controller), "{controller_port}")
    }
}

/// Replaces `number` where it stands alone: 21474 also begins the largest number of 32 bits.
fn replace_number(text: &str, number: &str, by: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(number) {
        let (before, after) = (&rest[..at], &rest[at + number.len()..]);
        let touches = before.ends_with(|c: char| c.is_ascii_digit())
            || replaced.ends_with(|c: char| c.is_ascii_digit()) && before.is_empty()
            || after.starts_with(|c: char| c.is_ascii_digit());
        replaced.push_str(before);
        replaced.push_str(if touches { number } else { by });
        rest = after;
    }
    replaced + rest
}

/// Runs `lines`; what sets the scene leaves an empty outcome.
pub(super) fn run(tools: Tools, binary: Option<&Path>, places: &Places, lines: &[Line]) -> Result<Vec<Ran>> {
    let mut runner = Runner::start(&places.server)?;
    let mut outcomes = Vec::with_capacity(lines.len());
    for line in lines {
        let (first, rest) = line.words().split_first().context("a line has words")?;
        let rest: Vec<String> = rest.iter().map(|word| places.fill(word)).collect();
        let ran = match (first.as_str(), tools) {
            ("+file", _) => {
                fs::write(places.directory.join(&rest[0]), format!("{}\n", rest[1]))?;
                Ran::default()
            }
            (verb, _) if line.is_scene() => {
                runner.act(verb, &rest)?;
                Ran::default()
            }
            (tool, Tools::Kafka) => runner.tool(tool, &rest)?,
            (tool, Tools::Klamm) => {
                let binary = binary.context("our tools are in a binary")?;
                run_ours(binary, &places.directory, tool, &rest)?
            }
        };
        outcomes.push(Ran { code: ran.code, out: places.empty(&ran.out), err: places.empty(&ran.err) });
    }
    Ok(outcomes)
}

/// Runs our tool through a link with the name of Kafka's script, as those do who replace Kafka's tools.
fn run_ours(binary: &Path, directory: &Path, tool: &str, arguments: &[String]) -> Result<Ran> {
    let link = directory.join(format!("kafka-{tool}.sh"));
    if !link.exists() {
        symlink(binary.canonicalize()?, &link)?;
    }
    let output = Command::new(&link)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("start {}", link.display()))?;
    Ok(Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}
