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
    /// Only the stories whose name contains this: fuzz, kill, kill-all, pause, full
    #[arg(long)]
    only: Option<String>,
    /// How many nodes
    #[arg(long, default_value_t = 1)]
    nodes: u32,
    /// Kills
    #[arg(long, default_value_t = 20)]
    cycles: u32,
    /// Frames of the fuzzer at most
    #[arg(long, default_value_t = 100_000)]
    frames: u64,
    /// Seconds of the fuzzer at most
    #[arg(long, default_value_t = 45)]
    seconds: u64,
}

/// Runs the stories; all of them, also after a failure.
pub fn run(args: &Args) -> Result<()> {
    let klamm = klamm_binary()?;
    let chaos = chaos_binary()?;
    let seed = args.seed.unwrap_or_else(of_the_clock);
    let (cycles, frames, seconds) =
        (args.cycles.to_string(), args.frames.to_string(), args.seconds.to_string());
    let stories: [(&str, &[&str]); 5] = [
        ("fuzz", &["fuzz", "--frames", &frames, "--seconds", &seconds]),
        ("kill", &["kill", "--cycles", &cycles]),
        ("kill-all", &["kill-all", "--cycles", "6"]),
        ("pause", &["pause", "--cycles", "6"]),
        ("full", &["full"]),
    ];
    let mut failed = Vec::new();
    for (name, arguments) in stories {
        if args.only.as_ref().is_some_and(|part| !name.contains(part.as_str())) {
            continue;
        }
        println!("== chaos {name}");
        let begun = Instant::now();
        let mut command = if name == "full" { on_small_disk(&chaos)? } else { OnDisk::of(&chaos) };
        command.common(&klamm, seed, args.nodes);
        command.command.args(arguments).args(&command.tail);
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
