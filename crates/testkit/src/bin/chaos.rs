//! `klamm-chaos`: faults under load against nodes of the given binary. `cargo xtask chaos` runs it.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use clap::{Parser, Subcommand};
use klamm_testkit::chaos::{self, Plan, Schedule, WorkloadSpec, disk_full};
use klamm_testkit::cluster::{ClusterSpec, LocalCluster, Network};
use klamm_testkit::fuzz::{self, FuzzSpec};

#[derive(Parser)]
#[command(name = "klamm-chaos", about = "Faults under load, and the judgement over what clients saw")]
struct Cli {
    /// The `klamm` binary
    #[arg(long)]
    klamm: PathBuf,
    /// What the schedule is made from; printed with the result
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many nodes
    #[arg(long, default_value_t = 1)]
    nodes: i32,
    #[command(subcommand)]
    story: Story,
}

#[derive(Subcommand)]
enum Story {
    /// kill -9 of one node after the other
    Kill {
        /// How often
        #[arg(long, default_value_t = 20)]
        cycles: usize,
    },
    /// kill -9 of all nodes at once
    KillAll {
        /// How often
        #[arg(long, default_value_t = 20)]
        cycles: usize,
    },
    /// SIGSTOP and SIGCONT, and orderly restarts among them
    Pause {
        /// How often
        #[arg(long, default_value_t = 12)]
        cycles: usize,
        /// Longest pause in milliseconds
        #[arg(long, default_value_t = 2_000)]
        longest: u64,
    },
    /// Random and damaged requests of every API and version
    Fuzz {
        /// How many at most
        #[arg(long, default_value_t = 100_000)]
        frames: u64,
        /// For how many seconds at most
        #[arg(long, default_value_t = 45)]
        seconds: u64,
    },
    /// Nodes that do not hear each other for a while, in every way in turn
    Cut {
        /// How often
        #[arg(long, default_value_t = 12)]
        cycles: usize,
    },
    /// Each kind of cut, leader and controller paused, a restart in order, all killed
    Storm,
    /// A disk that fills up; run in a mount namespace with a small file system
    Full {
        /// How often
        #[arg(long, default_value_t = 2)]
        rounds: usize,
        /// Where the small file system is mounted
        #[arg(long)]
        disk: PathBuf,
    },
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let session = chaos::SESSION.as_millis();
    let mut cluster = ClusterSpec { nodes: cli.nodes, ..ClusterSpec::single(&cli.klamm) }
        .with_settings(&format!("broker.session.timeout.ms={session}\nbroker.heartbeat.interval.ms=300\n"));
    let mut load = WorkloadSpec::default();
    if cli.nodes > 1 {
        // A replica that is cut off leaves the ISR before anybody's patience ends; two of three have to have a write.
        cluster = cluster.with_settings("replica.lag.time.max.ms=3000\nmin.insync.replicas=2\n");
        load.rate = CLUSTER_RATE;
    }
    let schedule = match &cli.story {
        Story::Fuzz { frames, seconds } => {
            return fuzz(&cluster, cli.seed, *frames, Duration::from_secs(*seconds));
        }
        Story::Kill { cycles } => Schedule::kills(cli.seed, *cycles, cli.nodes),
        Story::KillAll { cycles } => Schedule::kills_of_all(cli.seed, *cycles),
        Story::Pause { cycles, longest } => {
            Schedule::pauses(cli.seed, *cycles, cli.nodes, Duration::from_millis(*longest))
        }
        Story::Cut { cycles } => {
            cluster.network = Network::Links;
            Schedule::cuts(cli.seed, *cycles, cli.nodes)
        }
        Story::Storm => {
            cluster.network = Network::Links;
            Schedule::storm(cli.seed, cli.nodes)
        }
        Story::Full { rounds, disk } => {
            let load = WorkloadSpec { rate: 200, ..load };
            let spec = cluster.with_settings("log.segment.bytes=1048576\n");
            let report = runtime.block_on(disk_full::run(&spec, disk, *rounds, load))?;
            println!("disk full: {} rounds, {} writes acknowledged", report.rounds, report.acknowledged);
            report.violations.iter().for_each(|violation| println!("  {violation}"));
            ensure!(report.violations.is_empty(), "{} violations", report.violations.len());
            return Ok(());
        }
    };
    println!("seed {}: {schedule}", schedule.seed);
    let plan = Plan { cluster, load, schedule };
    let report = runtime.block_on(chaos::run(&plan))?;
    println!("{report}");
    report.verdict()
}

/// Writes per second of each producer: several nodes share the processors.
const CLUSTER_RATE: u32 = 300;

/// Memory that a node may hold more than before whatever it is sent.
const GROWTH: u64 = 64 << 20;

fn fuzz(spec: &ClusterSpec, seed: u64, frames: u64, limit: Duration) -> Result<()> {
    let mut cluster = LocalCluster::format(spec)?;
    cluster.start()?;
    let node = cluster.node(1)?;
    let before = node.resident_bytes()?;
    println!("seed {seed}");
    for address in [node.address(), node.controller_address()] {
        let spec = FuzzSpec { address, seed, frames: frames / 2, limit: limit / 2, connections: 8 };
        println!("{address}: {}", fuzz::run(spec).with_context(|| node.log())?);
    }
    let growth = node.resident_bytes()?.saturating_sub(before);
    println!("memory grew by {} KiB", growth / 1024);
    ensure!(growth <= GROWTH, "memory grew by {} MiB", growth >> 20);
    node.stop()?;
    node.check_log(&[])
}
