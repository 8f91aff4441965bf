//! `compat clients`: the programs of eight client families against Apache Kafka and against Klamm, step by step.
//!
//! The programs lie in `tests/compat`, whose README names the steps. Each is run with the same arguments against
//! a fresh node of each system; a step whose results differ, or whose own assertions fail, is a failure.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;

use crate::oracle::broker::{Site, System};
use family::Family;
use program::Program;
use report::Report;
use transcript::Transcript;

mod catalog;
mod difference;
mod family;
mod outcomes;
mod program;
mod report;
mod table;
mod transcript;

/// Which families run, and against what.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only these families (their folder's or client's name); all where none is named
    #[arg(long)]
    only: Vec<String>,
    /// The systems to run against
    #[arg(long, value_enum, default_value_t = Against::Both)]
    against: Against,
    /// A running node to test in the place of a Klamm that is started for the run
    #[arg(long, value_name = "ADDRESS")]
    bootstrap: Option<String>,
    /// Keep the results in tests/compat/results.txt, and write docs/compatibility.md from them
    #[arg(long)]
    write_table: bool,
    /// Only write docs/compatibility.md from the results that are kept
    #[arg(long, conflicts_with = "write_table")]
    render_table: bool,
    /// Families that run at the same time
    #[arg(long, default_value_t = 2)]
    jobs: usize,
    /// Only fetch and build what the programs need
    #[arg(long)]
    prepare: bool,
    /// Print each step's whole results
    #[arg(long, short)]
    verbose: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Against {
    /// Apache Kafka alone: the programs' own assertions
    Kafka,
    /// Klamm alone: the programs' own assertions
    Klamm,
    /// Apache Kafka twice: shows that no step's result depends on chance
    KafkaTwice,
    /// Apache Kafka, then Klamm
    Both,
}

/// One pass of all programs over one system.
struct Pass {
    name: &'static str,
    transcripts: Vec<Transcript>,
}

/// Runs the programs, prints what came and fails where anything differs.
pub(crate) fn run(args: &Args) -> Result<()> {
    if args.render_table {
        return table::render_again();
    }
    let families = chosen(&args.only)?;
    let programs = families.into_iter().map(Family::prepare).collect::<Result<Vec<_>>>()?;
    if args.prepare {
        return Ok(());
    }
    let passes = match args.against {
        Against::Kafka => vec![pass(System::Kafka, &programs, args)?],
        Against::Klamm => vec![pass(System::Klamm, &programs, args)?],
        Against::KafkaTwice => {
            vec![pass(System::Kafka, &programs, args)?, pass(System::Kafka, &programs, args)?]
        }
        Against::Both => vec![pass(System::Kafka, &programs, args)?, pass(System::Klamm, &programs, args)?],
    };
    let report = Report::compare(&passes);
    report.print(args.verbose);
    if args.write_table {
        ensure!(
            args.against == Against::Both && args.only.is_empty(),
            "the table needs all families and both systems"
        );
        table::write(&report)?;
    }
    println!("{} passed, {} failed", report.passed(), report.failed());
    ensure!(report.failed() == 0, "{} steps failed", report.failed());
    Ok(())
}

fn chosen(only: &[String]) -> Result<Vec<Family>> {
    let chosen: Vec<Family> = Family::ALL
        .into_iter()
        .filter(|family| only.is_empty() || only.iter().any(|name| name == family.name()))
        .collect();
    let known = Family::ALL.map(Family::name).join(", ");
    ensure!(!chosen.is_empty(), "no such family; there are {known}");
    Ok(chosen)
}

/// Starts a fresh node and lets all programs run against it.
fn pass(system: System, programs: &[Program], args: &Args) -> Result<Pass> {
    let running = args.bootstrap.as_ref().filter(|_| system == System::Klamm);
    let transcripts = match running {
        Some(address) => run_all(programs, address, args.jobs),
        None => {
            let site = Site::create(&[])?;
            site.format(system)?;
            let broker = site.start(system)?;
            let transcripts = run_all(programs, broker.bootstrap(), args.jobs);
            let output = broker.output();
            broker.stop().with_context(|| format!("{} printed:\n{output}", system.name()))?;
            transcripts
        }
    };
    Ok(Pass { name: system.name(), transcripts })
}

/// Runs those that need the node for themselves first, then the others `jobs` at a time; results keep the order.
fn run_all(programs: &[Program], bootstrap: &str, jobs: usize) -> Vec<Transcript> {
    let results = Mutex::new(programs.iter().map(|_| None).collect::<Vec<Option<Transcript>>>());
    let run_one = |index: usize| {
        let program = &programs[index];
        let started = Instant::now();
        let transcript = program.run(bootstrap);
        println!("ran {:<16} {:>5.1} s", program.family().name(), started.elapsed().as_secs_f64());
        results.lock().unwrap_or_else(PoisonError::into_inner)[index] = Some(transcript);
    };
    let (alone, shared): (Vec<usize>, VecDeque<usize>) = {
        let (alone, shared): (Vec<usize>, Vec<usize>) =
            (0..programs.len()).partition(|index| programs[*index].family().runs_alone());
        (alone, shared.into())
    };
    alone.into_iter().for_each(run_one);
    let queue = Mutex::new(shared);
    thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                    let Some(index) = next else { break };
                    run_one(index);
                }
            });
        }
    });
    results.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().flatten().collect()
}
