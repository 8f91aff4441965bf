//! `cargo xtask test`: everything CI runs, suite by suite; then the minutes of each and the counts.

use std::fmt::Write as _;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::process::{Command, ExitStatus};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use std::{env, iter, thread};

use anyhow::{Context as _, Result, bail, ensure};
use parking_lot::Mutex;

use crate::built::{self, Built, ORACLES, Which};
use crate::outcome::{LastWords, Outcome};

/// What to run.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Also the long runs, whose results stand in docs/
    #[arg(long)]
    full: bool,
    /// Only the suites whose name contains this
    #[arg(long)]
    only: Option<String>,
}

/// One suite. Its steps run in order, all of them, so that one run tells everything.
struct Suite {
    name: &'static str,
    long: bool,
    steps: &'static [Step],
}

enum Step {
    /// `cargo` with these arguments.
    Cargo(&'static [&'static str]),
    /// `cargo xtask compat` with these arguments; one comparison.
    Compat(&'static [&'static str]),
    /// `cargo xtask chaos` with these arguments.
    Chaos(&'static [&'static str]),
    /// `cargo xtask kube test`.
    Kube,
    /// Builds all test programs, and the node that the suites after it start.
    Build,
    /// Runs all test programs but the oracles'.
    Programs,
}

const SUITES: &[Suite] = &[
    Suite { name: "format", long: false, steps: &[Step::Cargo(&["fmt", "--all", "--check"])] },
    Suite {
        name: "tidy",
        long: false,
        steps: &[Step::Cargo(&["xtask", "tidy"]), Step::Cargo(&["xtask", "codegen", "--check"])],
    },
    Suite {
        name: "clippy",
        long: false,
        steps: &[Step::Cargo(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--features",
            ORACLES,
            "--",
            "--deny",
            "warnings",
        ])],
    },
    Suite { name: "build", long: false, steps: &[Step::Build] },
    Suite { name: "unit", long: false, steps: &[Step::Programs] },
    Suite { name: "sim", long: false, steps: &[Step::Cargo(&["xtask", "sim"])] },
    Suite {
        name: "sim-long",
        long: true,
        steps: &[
            Step::Cargo(&["xtask", "sim", "--only", "histories", "--first", "200", "--seeds", "2000"]),
            Step::Cargo(&["xtask", "sim", "--only", "scenarios", "--scenario-seeds", "1000"]),
        ],
    },
    Suite {
        name: "compat",
        long: false,
        steps: &[
            Step::Compat(&["directories"]),
            Step::Compat(&["protocol"]),
            Step::Compat(&["records"]),
            Step::Compat(&["config"]),
            Step::Compat(&["metadata"]),
            Step::Compat(&["coordinator"]),
            Step::Compat(&["poison"]),
            Step::Compat(&["unserved"]),
            Step::Compat(&["starting"]),
            Step::Compat(&["assignors"]),
        ],
    },
    Suite {
        name: "clients",
        long: false,
        steps: &[
            Step::Compat(&["clients"]),
            Step::Compat(&["client"]),
            Step::Compat(&["console"]),
            Step::Compat(&["tools"]),
            Step::Compat(&["shell"]),
        ],
    },
    Suite { name: "replication", long: true, steps: &[Step::Compat(&["replication"])] },
    Suite { name: "chaos", long: false, steps: &[Step::Chaos(&[])] },
    Suite { name: "chaos-long", long: true, steps: &[Step::Chaos(&["--full"])] },
    Suite { name: "quorum", long: true, steps: &[Step::Compat(&["quorum"])] },
    Suite { name: "kube", long: true, steps: &[Step::Kube] },
];

struct Ended {
    name: &'static str,
    took: Duration,
    outcome: Outcome,
}

/// Runs the suites; all of them, also after a failure.
pub(crate) fn run(args: &Args) -> Result<()> {
    let mut built = None;
    let mut ended = Vec::new();
    for suite in SUITES {
        let wanted = args.only.as_ref().is_none_or(|part| suite.name.contains(part.as_str()));
        if wanted && (args.full || !suite.long) {
            ended.push(run_suite(suite, &mut built));
        }
    }
    ensure!(!ended.is_empty(), "no suite matches");
    let mut all = Outcome::default();
    let mut table = format!("\n{:<12} {:>8} {:>8} {:>8}\n", "suite", "minutes", "passed", "failed");
    for Ended { name, took, outcome } in ended {
        let minutes = took.as_secs_f64() / 60.0;
        writeln!(table, "{name:<12} {minutes:>8.1} {:>8} {:>8}", outcome.passed, outcome.failed)?;
        all.add(outcome);
    }
    for failure in &all.failures {
        println!("\n== failed: {failure}");
    }
    println!("{table}\n{} passed, {} failed", all.passed, all.failed);
    if all.failed > 0 {
        bail!("{} failed", all.failed);
    }
    Ok(())
}

fn run_suite(suite: &'static Suite, built: &mut Option<Built>) -> Ended {
    let started = Instant::now();
    let mut outcome = Outcome::default();
    let mut steps = suite.steps;
    while let Some((step, rest)) = steps.split_first() {
        steps = rest;
        let ran = match step {
            Step::Cargo(arguments) => run_cargo(suite.name, arguments),
            Step::Compat(arguments) => {
                // The steps of a comparison wait for each other's systems more than they compute.
                let comparisons = iter::once(*arguments).chain(steps.iter().map_while(Step::comparison));
                let comparisons: Vec<_> = comparisons.collect();
                steps = &steps[comparisons.len() - 1..];
                once(built).map(|built| run_comparisons(&comparisons, built))
            }
            Step::Chaos(arguments) => {
                once(built).and_then(|built| run_with_node(&[&["chaos"], *arguments].concat(), built))
            }
            Step::Kube => once(built).and_then(|built| run_with_node(&["kube", "test"], built)),
            Step::Build => once(built).map(|_| Outcome::one()),
            Step::Programs => once(built).and_then(run_programs),
        };
        outcome.add(ran.unwrap_or_else(|error| Outcome::failure(format!("{}: {error:#}", suite.name))));
    }
    Ended { name: suite.name, took: started.elapsed(), outcome }
}

impl Step {
    fn comparison(&self) -> Option<&'static [&'static str]> {
        match self {
            Step::Compat(arguments) => Some(arguments),
            _ => None,
        }
    }
}

/// Runs comparisons, [`AT_A_TIME`] of them at once; the output of each is printed when it has ended.
fn run_comparisons(comparisons: &[&[&str]], built: &Built) -> Outcome {
    let next = AtomicUsize::new(0);
    let outcome = Mutex::new(Outcome::default());
    let work = || {
        while let Some(arguments) = comparisons.get(next.fetch_add(1, Ordering::Relaxed)) {
            let (text, ran) = run_comparison(arguments, built);
            let mut outcome = outcome.lock();
            print!("{text}");
            outcome.add(ran.unwrap_or_else(|error| Outcome::failure(format!("{error:#}"))));
        }
    };
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(work);
        }
    });
    outcome.into_inner()
}

fn run_comparison(arguments: &[&str], built: &Built) -> (String, Result<Outcome>) {
    let started = Instant::now();
    let arguments = [&["compat"], arguments].concat();
    let name = format!("cargo xtask {}", arguments.join(" "));
    let mut text = format!("\n== {name}\n");
    let ran = node_command(&arguments, built).and_then(|mut command| captured(&mut command));
    let ran = ran.map(|(output, status)| {
        text.push_str(&output);
        match status.success() {
            true => Outcome::one(),
            false => Outcome::failure(LastWords::of(&output).below(&format!("{name}: {status}"))),
        }
    });
    let _ = writeln!(text, "-- {} s", started.elapsed().as_secs());
    (text, ran)
}

/// Both outputs of a command in their order, and how it ended.
fn captured(command: &mut Command) -> Result<(String, ExitStatus)> {
    let mut output = tempfile::tempfile()?;
    let status = command.stdout(output.try_clone()?).stderr(output.try_clone()?).status()?;
    let mut bytes = Vec::new();
    output.seek(SeekFrom::Start(0))?;
    output.read_to_end(&mut bytes)?;
    Ok((String::from_utf8_lossy(&bytes).into_owned(), status))
}

/// Builds all test programs, unless an earlier suite has.
fn once(built: &mut Option<Built>) -> Result<&Built> {
    match built {
        Some(built) => Ok(built),
        None => Ok(built.insert(built::build(Which::All)?)),
    }
}

/// The environment variable that names the node to start.
const NODE: &str = "KLAMM_BIN";
/// Comparisons that run at once: as many as CI has cores.
const AT_A_TIME: usize = 2;

fn run_cargo(suite: &str, arguments: &[&str]) -> Result<Outcome> {
    println!("\n== {suite}: cargo {}", arguments.join(" "));
    let status = built::cargo().args(arguments).status()?;
    ensure!(status.success(), "cargo {}: {status}", arguments.join(" "));
    Ok(Outcome::one())
}

/// A process of its own, which is told to start the node that the tests were built with.
fn node_command(arguments: &[&str], built: &Built) -> Result<Command> {
    let mut command = Command::new(env::current_exe().context("the path of this program")?);
    command.args(arguments);
    if let (None, Some(node)) = (env::var_os(NODE), &built.node) {
        command.env(NODE, node);
    }
    Ok(command)
}

fn run_with_node(arguments: &[&str], built: &Built) -> Result<Outcome> {
    println!("\n== cargo xtask {}", arguments.join(" "));
    let status = node_command(arguments, built)?.status()?;
    ensure!(status.success(), "cargo xtask {}: {status}", arguments.join(" "));
    Ok(Outcome::one())
}

fn run_programs(built: &Built) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    for program in built.programs.iter().filter(|program| !program.is_oracle()) {
        outcome.add(program.run().unwrap_or_else(|error| Outcome::failure(format!("{error:#}"))));
    }
    Ok(outcome)
}
