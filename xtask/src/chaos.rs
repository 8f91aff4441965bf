//! `cargo xtask chaos`: faults under load against real processes, story by story. The seed is printed; `--seed` runs
//! the same faults again.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail, ensure};

use crate::oracle::broker::klamm_binary;
use crate::oracle::cache;

/// Size of the disk that is filled: the load's few MiB, and the node's low-water mark of 64 MiB.
const SMALL_DISK: &str = "size=192m";

/// What to run.
#[derive(clap::Args)]
pub struct Args {
    /// What schedules and frames are made from; by default another one each time
    #[arg(long)]
    seed: Option<u64>,
    /// Only the stories whose name contains this: fuzz, kill, kill-all, pause, full, and with "cluster-" before it those
    /// of several nodes, cluster-cut and cluster-storm among them
    #[arg(long)]
    only: Option<String>,
    /// Also the long runs
    #[arg(long)]
    full: bool,
    /// How many nodes a cluster has; by default three, and five in some of the long runs
    #[arg(long)]
    nodes: Option<u32>,
    /// Faults of each story; by default as many as each has in CI, or with --full
    #[arg(long)]
    cycles: Option<u32>,
    /// Frames of the fuzzer at most
    #[arg(long, default_value_t = 100_000)]
    frames: u64,
    /// Seconds of the fuzzer at most
    #[arg(long, default_value_t = 20)]
    seconds: u64,
}

/// One run of the harness.
struct Story {
    name: &'static str,
    nodes: u32,
    /// Its word for the story.
    word: &'static str,
    /// Faults in CI; none means that the story is of the long runs only.
    ci: u32,
    /// Faults of the long runs; none means that one run in CI is enough.
    full: u32,
}

/// Kills in CI: 50, of which twenty are of a node that is alone. Most of those of clusters run with --full only.
const STORIES: &[Story] = &[
    Story { name: "fuzz", nodes: 1, word: "fuzz", ci: 1, full: 1 },
    Story { name: "kill", nodes: 1, word: "kill", ci: 20, full: 50 },
    Story { name: "pause", nodes: 1, word: "pause", ci: 3, full: 12 },
    Story { name: "full", nodes: 1, word: "full", ci: 1, full: 3 },
    Story { name: "cluster-kill", nodes: 3, word: "kill", ci: 30, full: 200 },
    Story { name: "cluster-storm", nodes: 3, word: "storm", ci: 0, full: 1 },
    Story { name: "cluster-full", nodes: 3, word: "full", ci: 0, full: 3 },
    Story { name: "kill-all", nodes: 1, word: "kill-all", ci: 0, full: 20 },
    Story { name: "cluster-kill-all", nodes: 3, word: "kill-all", ci: 0, full: 20 },
    Story { name: "cluster-pause", nodes: 3, word: "pause", ci: 0, full: 20 },
    Story { name: "cluster-cut", nodes: 3, word: "cut", ci: 0, full: 18 },
    Story { name: "cluster-five-kill", nodes: 5, word: "kill", ci: 0, full: 50 },
    Story { name: "cluster-five-storm", nodes: 5, word: "storm", ci: 0, full: 1 },
];

impl Story {
    fn cycles(&self, args: &Args) -> u32 {
        args.cycles.unwrap_or(if args.full || self.ci == 0 { self.full } else { self.ci })
    }

    fn is_wanted(&self, args: &Args) -> bool {
        match &args.only {
            Some(part) => self.name.contains(part.as_str()),
            None => args.full || self.ci > 0,
        }
    }

    fn arguments(&self, args: &Args) -> Vec<String> {
        let cycles = self.cycles(args).to_string();
        let (frames, seconds) = (args.frames.to_string(), args.seconds.to_string());
        let words = match self.word {
            "fuzz" => vec!["fuzz", "--frames", &frames, "--seconds", &seconds],
            "full" => vec!["full", "--rounds", &cycles],
            "storm" => vec!["storm"],
            "pause" if self.nodes > 1 => vec!["pause", "--cycles", &cycles, "--longest", "6000"],
            word => vec![word, "--cycles", &cycles],
        };
        words.into_iter().map(str::to_owned).collect()
    }
}

/// Runs the stories; all of them, also after a failure.
pub fn run(args: &Args) -> Result<()> {
    let klamm = klamm_binary()?;
    let chaos = chaos_binary()?;
    let seed = args.seed.unwrap_or_else(of_the_clock);
    let mut failed = Vec::new();
    for story in STORIES.iter().filter(|story| story.is_wanted(args)) {
        let name = story.name;
        println!("== chaos {name}");
        let begun = Instant::now();
        let mut command = if story.word == "full" { on_small_disk(&chaos)? } else { OnDisk::of(&chaos) };
        let nodes = if story.nodes == 1 { 1 } else { args.nodes.unwrap_or(story.nodes) };
        command.common(&klamm, seed, nodes);
        command.command.args(story.arguments(args)).args(&command.tail);
        let status = command.command.status().with_context(|| format!("run {}", chaos.display()))?;
        println!("== chaos {name}: {status} after {:.1} s", begun.elapsed().as_secs_f64());
        if !status.success() {
            failed.push(name);
        }
    }
    ensure!(failed.is_empty(), "chaos: {} failed with seed {seed}", failed.join(", "));
    Ok(())
}

/// A command of the harness, and the folder it needs.
struct OnDisk {
    command: Command,
    /// Arguments of the story.
    tail: Vec<String>,
    // Removed at the end.
    _folder: Option<tempfile::TempDir>,
}

impl OnDisk {
    fn of(chaos: &Path) -> OnDisk {
        OnDisk { command: Command::new(chaos), tail: Vec::new(), _folder: None }
    }

    fn common(&mut self, klamm: &Path, seed: u64, nodes: u32) {
        self.command.arg("--klamm").arg(klamm);
        self.command.args(["--seed", &seed.to_string(), "--nodes", &nodes.to_string()]);
    }
}

/// The harness in a mount namespace of its own, where a small file system is mounted on a new folder. Needs no
/// privileges but user namespaces.
fn on_small_disk(chaos: &Path) -> Result<OnDisk> {
    let folder = tempfile::Builder::new().prefix("klamm-chaos-").tempdir()?;
    let path = folder.path().display().to_string();
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c"]);
    command.arg(format!("mount -t tmpfs -o {SMALL_DISK} tmpfs \"$0\" && exec \"$@\"")).arg(&path).arg(chaos);
    Ok(OnDisk { command, tail: vec!["--disk".to_owned(), path], _folder: Some(folder) })
}

fn of_the_clock() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_secs() ^ u64::from(since.subsec_nanos()) << 20
}

fn chaos_binary() -> Result<PathBuf> {
    testkit_binary("klamm-chaos")
}

/// A binary of the test kit: the one beside `$KLAMM_BIN`, which was built with it, else one that is built now.
pub fn testkit_binary(name: &str) -> Result<PathBuf> {
    let beside = std::env::var_os("KLAMM_BIN").map(|node| Path::new(&node).with_file_name(name));
    if let Some(beside) = beside.filter(|beside| beside.is_file()) {
        return Ok(beside);
    }
    let workspace = cache::workspace();
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let status = cargo
        .args(["build", "--package", "klamm-testkit", "--bin", name])
        .current_dir(&workspace)
        .status()
        .context("run cargo build")?;
    if !status.success() {
        bail!("cargo build --bin {name}: {status}");
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from);
    Ok(target.join("debug").join(name))
}
