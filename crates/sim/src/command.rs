//! The command line: which histories to run, and what became of them.

use std::cell::{Cell, RefCell};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::Parser;

use crate::aimed::Aimed;
use crate::history::{Scene, Summary, run as run_history};
use crate::planted::Planted;
use crate::scenario::{SCENARIOS, Scenario};

/// What part of the seeds of Kafka's scenarios, which are short, aimed histories get.
const AIMED_PART: u64 = 20;
/// Histories a planted fault may hide in.
const PLANTED_SEEDS: u64 = 400;

/// What to run.
#[derive(Debug, Parser)]
#[command(name = "klamm-sim", about = "Deterministic simulation of whole clusters")]
struct Args {
    /// Histories
    #[arg(long, default_value_t = 20)]
    seeds: u64,
    /// The first of them
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// Minutes of trouble in each, in the world's time
    #[arg(long, default_value_t = 1.0)]
    minutes: f64,
    /// Only this history, with its panic shown; KLAMM_SIM_TRACE=1 tells every step
    #[arg(long)]
    seed: Option<u64>,
    /// In which worlds
    #[arg(long, value_enum, default_value = "any")]
    scene: Scene,
    /// Adds the seeds of histories that fail to `regressions.txt`; for `cargo run`
    #[arg(long)]
    keep: bool,
    /// Threads; as many as there are cores
    #[arg(long)]
    jobs: Option<usize>,
    /// Runs Kafka's raft scenarios instead, each with this many seeds, and the aimed histories, with fewer
    #[arg(long)]
    scenarios: Option<u64>,
    /// Finds each planted fault instead
    #[arg(long)]
    planted: bool,
    /// Only planted faults or scenarios whose name contains this; with `--seed`, the history with the first of them
    #[arg(long)]
    only: Option<String>,
}

thread_local! {
    /// Failures of this thread are kept, not printed.
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// What became of a history.
type Outcome = Result<Summary, String>;

/// Runs what the command line says.
pub fn run() -> Result<()> {
    let args = Args::parse();
    keep_panics();
    let length = Duration::from_secs_f64(args.minutes * 60.0);
    if let Some(seed) = args.seed {
        let planted = if args.planted { wanted_bugs(&args).first().copied() } else { None };
        let play = if args.scenarios.is_some() { plays(&args).into_iter().next() } else { None };
        let summary = match (planted, play) {
            (Some(bug), _) => run_planted(bug, seed, length),
            (None, Some((_, play))) => play.run(seed),
            (None, None) => run_history(seed, (args.scene, length), None),
        };
        println!("seed {seed}: {summary:?}");
        return Ok(());
    }
    if let Some(seeds) = args.scenarios {
        return play_scenarios(&args, seeds);
    }
    if args.planted {
        return find_planted(&args, length);
    }
    let jobs = jobs(&args);
    let started = Instant::now();
    let known = known_seeds();
    println!("{} seeds that failed once, then {} from {} on", known.len(), args.seeds, args.first);
    let all: Vec<u64> = known.into_iter().chain(args.first..args.first + args.seeds).collect();
    let outcomes = on_threads(jobs, (0, all.len() as u64), |index| {
        let seed = all[index as usize];
        let outcome = quietly(|| run_history(seed, (args.scene, length), None));
        if let Err(words) = &outcome {
            println!("seed {seed} failed: {words}");
        }
        (seed, outcome)
    });
    let outcomes: Vec<_> = outcomes.into_iter().map(|(_, outcome)| outcome).collect();
    if args.keep && args.scene == Scene::Any {
        keep(&outcomes)?;
    }
    report(&outcomes, started.elapsed(), jobs)
}

/// Adds seeds that failed and are not known yet.
fn keep(outcomes: &[(u64, Outcome)]) -> Result<()> {
    let known = known_seeds();
    let line = |(seed, outcome): &(u64, Outcome)| {
        let words = outcome.as_ref().err().filter(|_| !known.contains(seed))?;
        Some(format!("{seed:<4} {}\n", words.lines().next().unwrap_or_default()))
    };
    let lines: String = outcomes.iter().filter_map(line).collect();
    if !lines.is_empty() {
        let crate_folder = std::env::var_os("CARGO_MANIFEST_DIR").context("not started by cargo")?;
        let file = PathBuf::from(crate_folder).join("regressions.txt");
        OpenOptions::new().append(true).open(file)?.write_all(lines.as_bytes())?;
    }
    Ok(())
}

/// Seeds of `regressions.txt`: each has found a fault once.
fn known_seeds() -> Vec<u64> {
    let lines = include_str!("../regressions.txt").lines();
    lines.filter_map(|line| line.split_whitespace().next()?.parse().ok()).collect()
}

fn jobs(args: &Args) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    args.jobs.unwrap_or(cores).max(1)
}

/// Runs `each` for all seeds of a range; the results in their order.
fn on_threads<T: Send>(
    jobs: usize,
    (first, count): (u64, u64),
    each: impl Fn(u64) -> T + Sync,
) -> Vec<(u64, T)> {
    let next = AtomicU64::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                return done;
            }
            done.push((first + index, each(first + index)));
        }
    };
    let mut all: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..jobs).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
    });
    all.sort_by_key(|(seed, _)| *seed);
    all
}

fn report(outcomes: &[(u64, Outcome)], took: Duration, jobs: usize) -> Result<()> {
    let mut all = Summary::default();
    for summary in outcomes.iter().filter_map(|(_, outcome)| outcome.as_ref().ok()) {
        all.add(summary);
    }
    let failed: Vec<_> =
        outcomes.iter().filter(|(_, outcome)| outcome.is_err()).map(|(seed, _)| *seed).collect();
    let speed = all.time.as_secs_f64() / (took.as_secs_f64() * jobs as f64);
    println!(
        "{} histories, {:.1} simulated hours in {:.0} s ({speed:.0} x real time per thread): {} events, {} records \
         acknowledged, {} read, {} group commits, {} promises of the controllers",
        outcomes.len(),
        all.time.as_secs_f64() / 3_600.0,
        took.as_secs_f64(),
        all.steps,
        all.acknowledged,
        all.read,
        all.commits,
        all.promises
    );
    if !failed.is_empty() {
        bail!("{} histories failed: {failed:?}", failed.len());
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Play {
    Scenario(Scenario),
    Aimed(Aimed),
}

impl Play {
    fn run(self, seed: u64) -> Summary {
        let time = match self {
            Play::Scenario(scenario) => scenario.play(seed, None),
            Play::Aimed(aimed) => aimed.play(seed, None),
        };
        Summary { time, ..Summary::default() }
    }
}

/// The scenarios that are wanted, by their names.
fn plays(args: &Args) -> Vec<(String, Play)> {
    let kafkas = SCENARIOS.iter().map(|scenario| (scenario.name.to_owned(), Play::Scenario(*scenario)));
    let aimed = Aimed::ALL.iter().map(|aimed| (format!("{aimed:?}"), Play::Aimed(*aimed)));
    kafkas.chain(aimed).filter(|(name, _)| is_wanted(args, name)).collect()
}

fn is_wanted(args: &Args, name: &str) -> bool {
    args.only.as_ref().is_none_or(|only| name.to_lowercase().contains(&only.to_lowercase()))
}

fn play_scenarios(args: &Args, seeds: u64) -> Result<()> {
    let mut failed = 0;
    for (name, play) in plays(args) {
        let started = Instant::now();
        let seeds = match play {
            Play::Scenario(_) => seeds,
            Play::Aimed(_) => seeds.div_ceil(AIMED_PART),
        };
        let played = on_threads(jobs(args), (args.first, seeds), |seed| {
            let outcome = quietly(|| play.run(seed));
            if let Err(words) = &outcome {
                println!("{name} failed with seed {seed}: {words}");
            }
            outcome
        });
        let time: Duration =
            played.iter().filter_map(|(_, outcome)| outcome.as_ref().ok()).map(|done| done.time).sum();
        let took = started.elapsed().as_secs_f64();
        println!("{name}: {seeds} seeds, {:.1} simulated hours in {took:.0} s", time.as_secs_f64() / 3_600.0);
        failed += played.iter().filter(|(_, outcome)| outcome.is_err()).count();
    }
    if failed > 0 {
        bail!("{failed} runs of scenarios failed");
    }
    Ok(())
}

/// A line of `planted.txt`: who has to find a fault, and the seed whose history showed it last.
#[derive(Clone, Copy)]
struct Known {
    seed: u64,
    checker: &'static str,
}

/// What `planted.txt` says of a fault.
fn known_of(bug: Planted) -> Option<Known> {
    let name = format!("{bug:?}");
    include_str!("../planted.txt").lines().find_map(|line| {
        let mut words = line.split_whitespace();
        (words.next()? == name).then_some(())?;
        Some(Known { seed: words.next()?.parse().ok()?, checker: words.next()? })
    })
}

/// The history that shows a fault, and what its checker says: first the one that did last time, then one after the other.
fn find(bug: Planted, length: Duration) -> Option<(u64, String)> {
    let known = known_of(bug);
    let seeds = known.map(|known| known.seed).into_iter().chain(0..PLANTED_SEEDS);
    let is_its = |words: &str| {
        let by = words.strip_prefix("checker ").and_then(|rest| rest.split(':').next());
        by.is_some_and(|by| known.is_none_or(|known| known.checker.split(',').any(|one| one == by)))
    };
    seeds.into_iter().find_map(|seed| {
        let words = quietly(|| run_planted(bug, seed, length)).err()?;
        is_its(&words).then_some((seed, words))
    })
}

/// A history of nodes with a fault: the one that is aimed at it, or a random one.
fn run_planted(bug: Planted, seed: u64, length: Duration) -> Summary {
    match bug.aimed() {
        Some(aimed) => Summary { time: aimed.play(seed, Some(bug)), ..Summary::default() },
        None => run_history(seed, (bug.scene(), length), Some(bug)),
    }
}

fn wanted_bugs(args: &Args) -> Vec<Planted> {
    Planted::all().into_iter().filter(|bug| is_wanted(args, &format!("{bug:?}"))).collect()
}

fn find_planted(args: &Args, length: Duration) -> Result<()> {
    let bugs = wanted_bugs(args);
    let found = on_threads(jobs(args), (0, bugs.len() as u64), |index| {
        let (bug, started) = (bugs[index as usize], Instant::now());
        let verdict = find(bug, length);
        let took = started.elapsed().as_secs();
        match &verdict {
            Some((seed, words)) => {
                let line = words.lines().next().unwrap_or_default();
                println!("{bug:?}: found with seed {seed} in {took} s by {line}");
            }
            None => println!("{bug:?}: NOT FOUND within {PLANTED_SEEDS} histories, {took} s"),
        }
        verdict.is_some()
    });
    let hidden = found.iter().filter(|(_, is_found)| !is_found).count();
    println!("{} faults planted, {} found", found.len(), found.len() - hidden);
    if hidden > 0 {
        bail!("{hidden} planted faults were not found");
    }
    Ok(())
}

/// Runs a history; what it says if it panics.
fn quietly(history: impl FnOnce() -> Summary) -> Outcome {
    IS_QUIET.set(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(history));
    IS_QUIET.set(false);
    outcome.map_err(|_| LAST_PANIC.with_borrow(String::clone))
}

fn keep_panics() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if IS_QUIET.get() {
            let words = info.payload_as_str().unwrap_or("a panic without words");
            let place =
                info.location().map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
            LAST_PANIC.set(format!("{words}{place}"));
        } else {
            usual(info);
        }
    }));
}
