//! `cargo xtask test`: everything CI runs, suite by suite, with the minutes of each and the counts
//! at the end.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

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

/// One suite: a name and the command lines it runs in order.
struct Suite {
    name: &'static str,
    long: bool,
    commands: &'static [&'static [&'static str]],
}

const SUITES: &[Suite] = &[
    Suite { name: "format", long: false, commands: &[&["fmt", "--all", "--check"]] },
    Suite { name: "tidy", long: false, commands: &[&["xtask", "tidy"], &["xtask", "codegen", "--check"]] },
    Suite {
        name: "clippy",
        long: false,
        commands: &[&["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]],
    },
    Suite { name: "unit", long: false, commands: &[&["test", "--workspace"]] },
];

struct Ended {
    name: &'static str,
    took: Duration,
    passed: bool,
}

/// Runs the suites; all of them, also after a failure, so that one run tells everything.
pub(crate) fn run(args: &Args) -> Result<()> {
    let mut ended = Vec::new();
    for suite in SUITES {
        let wanted = args.only.as_ref().is_none_or(|part| suite.name.contains(part.as_str()));
        if wanted && (args.full || !suite.long) {
            ended.push(run_suite(suite)?);
        }
    }
    if ended.is_empty() {
        bail!("no suite matches");
    }
    println!("\n{:<12} {:>8}  result", "suite", "minutes");
    for suite in &ended {
        let minutes = suite.took.as_secs_f64() / 60.0;
        let result = if suite.passed { "passed" } else { "FAILED" };
        println!("{:<12} {minutes:>8.1}  {result}", suite.name);
    }
    let failed = ended.iter().filter(|suite| !suite.passed).count();
    println!("\nsuites: {} passed, {failed} failed", ended.len() - failed);
    if failed > 0 {
        bail!("{failed} suites failed");
    }
    Ok(())
}

fn run_suite(suite: &'static Suite) -> Result<Ended> {
    let started = Instant::now();
    let mut passed = true;
    for arguments in suite.commands {
        println!("\n== {}: cargo {}", suite.name, arguments.join(" "));
        let status = Command::new(env!("CARGO")).args(*arguments).status()?;
        passed &= status.success();
        if !passed {
            break;
        }
    }
    Ok(Ended { name: suite.name, took: started.elapsed(), passed })
}
