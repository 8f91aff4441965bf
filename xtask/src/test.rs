//! `cargo xtask test`: everything CI runs, suite by suite; then the minutes of each and the counts.

use std::env;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use crate::built::{self, Built, Counts, ORACLES, Which};

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
    /// `cargo xtask chaos`.
    Chaos,
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
    Suite {
        name: "compat",
        long: false,
        steps: &[
            Step::Compat(&["protocol"]),
            Step::Compat(&["records"]),
            Step::Compat(&["config"]),
            Step::Compat(&["metadata"]),
            Step::Compat(&["coordinator"]),
        ],
    },
    Suite {
        name: "clients",
        long: true,
        steps: &[
            Step::Compat(&["client"]),
            Step::Compat(&["clients"]),
            Step::Compat(&["poison"]),
            Step::Compat(&["starting"]),
        ],
    },
    Suite { name: "chaos", long: true, steps: &[Step::Chaos] },
    Suite { name: "quorum", long: true, steps: &[Step::Compat(&["quorum"])] },
    Suite { name: "directories", long: true, steps: &[Step::Compat(&["directories"])] },
];

struct Ended {
    name: &'static str,
    took: Duration,
    counts: Counts,
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
    println!("\n{:<12} {:>8} {:>8} {:>8}", "suite", "minutes", "passed", "failed");
    let mut all = Counts::default();
    for Ended { name, took, counts } in &ended {
        all.add(*counts);
        let minutes = took.as_secs_f64() / 60.0;
        println!("{name:<12} {minutes:>8.1} {:>8} {:>8}", counts.passed, counts.failed);
    }
    println!("\n{} passed, {} failed", all.passed, all.failed);
    if all.failed > 0 {
        bail!("{} failed", all.failed);
    }
    Ok(())
}

fn run_suite(suite: &'static Suite, built: &mut Option<Built>) -> Ended {
    let started = Instant::now();
    let mut counts = Counts::default();
    for step in suite.steps {
        let ran = match step {
            Step::Cargo(arguments) => run_cargo(suite.name, arguments),
            Step::Compat(arguments) => {
                let arguments = [&["compat"], *arguments].concat();
                once(built).and_then(|built| run_with_node(&arguments, built))
            }
            Step::Chaos => once(built).and_then(|built| run_with_node(&["chaos"], built)),
            Step::Build => once(built).map(|_| ONE),
            Step::Programs => once(built).and_then(run_programs),
        };
        counts.add(ran.unwrap_or_else(|error| {
            println!("{}: {error:#}", suite.name);
            Counts { passed: 0, failed: 1 }
        }));
    }
    Ended { name: suite.name, took: started.elapsed(), counts }
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
const ONE: Counts = Counts { passed: 1, failed: 0 };

fn run_cargo(suite: &str, arguments: &[&str]) -> Result<Counts> {
    println!("\n== {suite}: cargo {}", arguments.join(" "));
    let status = built::cargo().args(arguments).status()?;
    ensure!(status.success(), "cargo {}: {status}", arguments.join(" "));
    Ok(ONE)
}

/// A process of its own, which is told to start the node that the tests were built with.
fn run_with_node(arguments: &[&str], built: &Built) -> Result<Counts> {
    println!("\n== cargo xtask {}", arguments.join(" "));
    let mut command = Command::new(env::current_exe().context("the path of this program")?);
    command.args(arguments);
    if let (None, Some(node)) = (env::var_os(NODE), &built.node) {
        command.env(NODE, node);
    }
    let status = command.status()?;
    ensure!(status.success(), "cargo xtask {}: {status}", arguments.join(" "));
    Ok(ONE)
}

fn run_programs(built: &Built) -> Result<Counts> {
    let mut counts = Counts::default();
    for program in built.programs.iter().filter(|program| !program.is_oracle()) {
        counts.add(program.run().unwrap_or_else(|error| {
            println!("{error:#}");
            Counts { passed: 0, failed: 1 }
        }));
    }
    Ok(counts)
}
