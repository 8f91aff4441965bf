//! `cargo xtask bench`: Klamm and Apache Kafka in turns on fresh directories in one run, the bare loop beside them;
//! medians, ranges and ratios are printed, and kept in `docs/benchmarks.md` with `--write`.

mod conditions;
mod node;
mod page;
mod restarts;
mod rows;
mod session;
mod statistics;
mod steady;
mod testkit;
mod trio;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Result, ensure};
use clap::Args as ClapArgs;

use node::System;
use page::Page;
use rows::Group;
use session::{Plan, Samples};

/// What to measure.
#[derive(ClapArgs)]
pub struct Args {
    /// Rounds; in each, both systems have their turn. As many as the page asks for if not given
    #[arg(long)]
    rounds: Option<usize>,
    /// Measure these rows only; may be repeated
    #[arg(long, value_enum, value_name = "ROW")]
    only: Vec<Group>,
    /// A third of the time for each row: to look, not to publish
    #[arg(long)]
    short: bool,
    /// Leave Apache Kafka out: to compare two builds of Klamm
    #[arg(long)]
    without_kafka: bool,
    /// The rows of three nodes in place of those of one
    #[arg(long)]
    cluster: bool,
    /// Write docs/benchmarks.md (with --cluster, docs/benchmarks-cluster.md); only a whole run with as many rounds as the page asks for may
    #[arg(long)]
    write: bool,
    /// Where the directories of the nodes are made; the temporary directory if not given
    #[arg(long)]
    dir: Option<PathBuf>,
}

/// Runs the benchmark.
pub fn run(args: &Args) -> Result<()> {
    let page = if args.cluster { Page::Cluster } else { Page::Node };
    let rounds_wanted = args.rounds.unwrap_or(page.least_rounds());
    ensure!(rounds_wanted > 0, "at least one round is needed");
    let is_whole = args.only.is_empty() && !args.short && !args.without_kafka;
    ensure!(
        is_whole && rounds_wanted >= page.least_rounds() || !args.write,
        "only a whole run may write the page: all rows, both systems, at least {} rounds",
        page.least_rounds()
    );
    let other = args.only.iter().find(|group| group.is_of_cluster() != args.cluster);
    ensure!(
        other.is_none(),
        "{other:?} is a row of {} nodes",
        if args.cluster { "fewer" } else { "more (--cluster)" }
    );
    let begun = Instant::now();
    let place = tempfile::Builder::new().prefix("klamm-bench-").tempdir_in(place_of(args))?;
    let plan = Plan::new(args.only.clone(), args.short, place.path().to_path_buf())?;
    let conditions = conditions::observe(place.path(), rounds_wanted)?;
    print!("{}", conditions.text());
    let mut rounds = Vec::new();
    for round in 0..rounds_wanted {
        let mut samples = Samples::default();
        for system in turns(round, args.without_kafka) {
            eprintln!("round {} of {}: {}", round + 1, rounds_wanted, system.name());
            match page {
                Page::Node => session::measure(&plan, system, &mut samples)?,
                Page::Cluster => trio::measure(&plan, system, &mut samples)?,
            }
        }
        if page == Page::Node {
            session::measure_bare(&plan, &mut samples)?;
            session::measure_binary(&plan, &mut samples)?;
        }
        rounds.push(samples);
        print!("{}", page::table(page, &rounds));
    }
    println!("{} s", begun.elapsed().as_secs());
    if args.write {
        page::write(page, &conditions, &rounds)?;
    }
    Ok(())
}

fn place_of(args: &Args) -> PathBuf {
    args.dir.clone().unwrap_or_else(std::env::temp_dir)
}

/// Who goes first changes with each round: neither always gets the cleaner disk.
fn turns(round: usize, without_kafka: bool) -> Vec<System> {
    match (without_kafka, round.is_multiple_of(2)) {
        (true, _) => vec![System::Klamm],
        (false, true) => vec![System::Klamm, System::Kafka],
        (false, false) => vec![System::Kafka, System::Klamm],
    }
}
