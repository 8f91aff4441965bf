//! The workspace's test programs: built once, with the features of all oracles, and run by as many suites as need
//! them. One set of features for all means that no crate is compiled twice.

use std::collections::BTreeMap;
use std::env;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use cargo_metadata::{Message, TargetKind};

use crate::oracle::cache;
use crate::outcome::{LastWords, Outcome};

/// The features of tests that ask Apache Kafka's classes or nodes.
pub(crate) const ORACLES: &str = "klamm-client/live,klamm-config/oracle,klamm-coordinator/oracle,klamm-metadata/oracle,klamm-protocol/oracle";
/// Modules and programs of such tests; they have suites of their own.
const ORACLE_TESTS: [&str; 2] = ["oracle", "live"];

/// Which programs to build.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Which<'a> {
    /// All of them.
    All,
    /// The unit tests of all libraries.
    Libraries,
    /// The integration tests of this name.
    Named(&'a str),
}

/// One built test program.
#[derive(Clone, Debug)]
pub(crate) struct TestProgram {
    /// The crate.
    pub(crate) package: String,
    /// The library, binary or integration test.
    pub(crate) target: String,
    executable: PathBuf,
    /// Where `cargo test` would run it.
    folder: PathBuf,
}

/// `cargo`, the one that runs this program.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// What a build made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Built {
    /// Those of libraries first.
    pub(crate) programs: Vec<TestProgram>,
    /// The node's binary, where its integration tests needed it.
    pub(crate) node: Option<PathBuf>,
}

/// Builds test programs.
pub(crate) fn build(which: Which<'_>) -> Result<Built> {
    let mut command = cargo();
    command.args(["test", "--workspace", "--no-run", "--features", ORACLES]);
    command.arg("--message-format=json-render-diagnostics");
    match which {
        Which::All => {}
        Which::Libraries => {
            command.arg("--lib");
        }
        Which::Named(name) => {
            command.args(["--test", name]);
        }
    }
    let mut child = command.stdout(Stdio::piped()).spawn().context("run cargo test")?;
    let output = child.stdout.take().context("cargo's messages")?;
    let (mut programs, mut node) = (BTreeMap::new(), None);
    for message in Message::parse_stream(BufReader::new(output)) {
        let Message::CompilerArtifact(artifact) = message.context("read cargo's messages")? else { continue };
        let Some(executable) = artifact.executable else { continue };
        if !artifact.profile.test {
            node = (artifact.target.name == "klamm").then(|| executable.into()).or(node);
            continue;
        }
        let folder = artifact.manifest_path.parent().context("a manifest lies in a folder")?;
        let is_library = artifact.target.kind.contains(&TargetKind::Lib);
        let package = folder.file_name().unwrap_or_default().to_owned();
        programs.insert(
            (!is_library, package.clone(), artifact.target.name.clone()),
            TestProgram {
                package,
                target: artifact.target.name,
                executable: executable.into(),
                folder: folder.into(),
            },
        );
    }
    let status = child.wait()?;
    ensure!(status.success(), "the tests do not build: {status}");
    Ok(Built { programs: programs.into_values().collect(), node })
}

impl TestProgram {
    /// A command as `cargo test` would run it, with the arguments of Rust's test harness still to add.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.executable);
        command.current_dir(&self.folder).env("CARGO_MANIFEST_DIR", &self.folder);
        // Of a shared target folder: it may have been built in another checkout, where its snapshots would be looked for.
        command.env("INSTA_WORKSPACE_ROOT", cache::workspace());
        command
    }

    /// Whether all of it asks an oracle.
    pub(crate) fn is_oracle(&self) -> bool {
        self.target.ends_with(ORACLE_TESTS[0]) || self.target == ORACLE_TESTS[1]
    }

    /// Runs its tests but those of oracles, with their lines passed on.
    pub(crate) fn run(&self) -> Result<Outcome> {
        println!("\n-- {} {}", self.package, self.target);
        run_counted(self.command().args(["--skip", "oracle::"]))
    }
}

/// Runs the oracle tests of one program one at a time, for each holds a JVM or shares a broker. `environment` says
/// where the oracle is.
pub(crate) fn run_oracle(
    (package, which, filter): (&str, Which<'_>, Option<&str>),
    environment: &[(&str, &str)],
) -> Result<Outcome> {
    let built = build(which)?;
    let found = built.programs.iter().find(|program| program.package == package);
    let program = found.with_context(|| format!("{package} has no such tests"))?;
    let mut command = program.command();
    command.args(filter).args(["--test-threads=1", "--nocapture"]);
    command.envs(environment.iter().copied());
    let outcome = run_counted(&mut command)?;
    ensure!(outcome.failed == 0, "{} comparisons of {package} failed", outcome.failed);
    ensure!(outcome.passed > 0, "no comparison of {package} ran");
    Ok(outcome)
}

/// Runs a program of Rust's test harness and reads its counts.
fn run_counted(command: &mut Command) -> Result<Outcome> {
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("run {command:?}"))?;
    let output = BufReader::new(child.stdout.take().context("the tests' output")?);
    let (mut counts, mut last_words) = (None, LastWords::default());
    for line in output.lines() {
        let line = line?;
        println!("{line}");
        counts = parse_counts(&line).or(counts);
        last_words.hear(line);
    }
    let status = child.wait()?;
    let heading = format!("{command:?}: {status}");
    match counts {
        Some((passed, 0)) if status.success() => Ok(Outcome { passed, ..Outcome::default() }),
        Some((passed, failed)) if failed > 0 => {
            Ok(Outcome { passed, failed, failures: vec![last_words.below(&heading)] })
        }
        Some(_) | None => bail!("{}", last_words.below(&heading)),
    }
}

/// How many passed and failed, of `test result: ok. 3 passed; 0 failed; ...`.
fn parse_counts(line: &str) -> Option<(u64, u64)> {
    let rest = line.trim().strip_prefix("test result: ")?;
    let number = |word: &str| {
        let at = rest.find(word)?;
        rest[..at].split_whitespace().next_back()?.parse().ok()
    };
    Some((number(" passed;")?, number(" failed;")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_from_the_harness_last_line() {
        let line =
            "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 1 filtered out; finished in 0.1s";
        assert_eq!(parse_counts(line), Some((12, 0)));
        let line = "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(parse_counts(line), Some((1, 2)));
        assert_eq!(parse_counts("test a::b ... ok"), None);
    }
}
