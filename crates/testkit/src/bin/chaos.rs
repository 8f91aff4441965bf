//! `klamm-chaos`: faults under load against nodes of the given binary. `cargo xtask chaos` runs it.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use clap::{Parser, Subcommand};
use klamm_testkit::chaos::{self, Plan, Schedule, WorkloadSpec, disk_full};
use klamm_testkit::cluster::{ClusterSpec, LocalCluster};
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
    // A broker that was killed is taken for alive until its session ends, as in Kafka: a short one saves time.
    let cluster = ClusterSpec { nodes: cli.nodes, ..ClusterSpec::single(&cli.klamm) }
        .with_settings("broker.session.timeout.ms=1500\nbroker.heartbeat.interval.ms=300\n");
    let schedule = match &cli.story {
        Story::Fuzz { frames, seconds } => {
            return fuzz(&cluster, cli.seed, *frames, Duration::from_secs(*seconds));
        }
        Story::Kill { cycles } => Schedule::kills(cli.seed, *cycles, cli.nodes),
        Story::KillAll { cycles } => Schedule::kills_of_all(cli.seed, *cycles),
        Story::Pause { cycles, longest } => {
            Schedule::pauses(cli.seed, *cycles, cli.nodes, Duration::from_millis(*longest))
        }
        Story::Full { rounds, disk } => {
            let spec = ClusterSpec { parent: Some(disk.clone()), ..cluster };
            let spec = spec.with_settings("log.segment.bytes=1048576\n");
            let report = runtime.block_on(disk_full::run(&spec, *rounds))?;
            println!("disk full: {} rounds, {} writes acknowledged", report.rounds, report.acknowledged);
            report.violations.iter().for_each(|violation| println!("  {violation}"));
            ensure!(report.violations.is_empty(), "{} violations", report.violations.len());
            return Ok(());
        }
    };
    println!("seed {}: {schedule}", schedule.seed);
    let plan = Plan { cluster, load: WorkloadSpec::default(), schedule };
    let report = runtime.block_on(chaos::run(&plan))?;
    println!("{report}");
    report.verdict()
}

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
