//! `cargo xtask sim`: builds the simulation with all assertions on, and runs histories of whole clusters, Kafka's
//! raft scenarios over the real driver, and the search for planted faults.

use anyhow::{Result, ensure};

use crate::built;

/// What to run; without `--only` all three.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Histories
    #[arg(long, default_value_t = 200)]
    seeds: u64,
    /// The first of them
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// Minutes of trouble in each history, in the world's time
    #[arg(long, default_value_t = 1.0)]
    minutes: f64,
    /// Seeds of each of Kafka's raft scenarios; aimed histories get a twentieth
    #[arg(long, default_value_t = 100)]
    scenario_seeds: u64,
    /// Only `histories`, `scenarios` or `planted`
    #[arg(long)]
    only: Option<String>,
    /// Only the history of this seed, with its panic shown; KLAMM_SIM_TRACE=1 tells every step
    #[arg(long)]
    seed: Option<u64>,
}

/// Runs what is asked for; all of it, also after a failure.
pub(crate) fn run(args: &Args) -> Result<()> {
    let text = |number: &dyn ToString| number.to_string();
    let minutes = text(&args.minutes);
    if let Some(seed) = args.seed {
        return simulate(&["--minutes", &minutes, "--seed", &text(&seed)]);
    }
    let (first, seeds, scenario_seeds) = (text(&args.first), text(&args.seeds), text(&args.scenario_seeds));
    let parts: [(&str, &[&str]); 3] = [
        ("histories", &["--minutes", &minutes, "--first", &first, "--seeds", &seeds, "--keep"]),
        ("scenarios", &["--first", &first, "--scenarios", &scenario_seeds]),
        ("planted", &["--planted"]),
    ];
    let wanted = |name: &str| args.only.as_ref().is_none_or(|only| name == only);
    ensure!(parts.iter().any(|(name, _)| wanted(name)), "--only histories, scenarios or planted");
    let mut failed = Vec::new();
    for (name, arguments) in parts.into_iter().filter(|(name, _)| wanted(name)) {
        println!("== sim {name}");
        if let Err(error) = simulate(arguments) {
            println!("{name}: {error:#}");
            failed.push(name);
        }
    }
    ensure!(failed.is_empty(), "failed: {}", failed.join(", "));
    Ok(())
}

fn simulate(arguments: &[&str]) -> Result<()> {
    let mut command = built::cargo();
    command.args(["run", "--quiet", "--profile", "sim", "--package", "klamm-sim"]);
    command.args(["--features", "klamm-sim/planted-bugs", "--"]).args(arguments);
    let status = command.status()?;
    ensure!(status.success(), "klamm-sim {}: {status}", arguments.join(" "));
    Ok(())
}
