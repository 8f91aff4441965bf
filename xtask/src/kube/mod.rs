//! `cargo xtask kube`: a real Kubernetes on this machine, with two nodes, for as long as the command runs; and the
//! stories of the operator on it. Everything is in namespaces and folders of its own. Parts come from Go modules and
//! packages, once (`docs/operator.md`).

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, io};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Subcommand;

use crate::built::{self, ORACLES};
use crate::oracle::cache;
use bed::{Bed, NODE_IMAGES, OPERATOR_IMAGE, Programs};
use parts::Parts;

mod audit;
mod bed;
mod confine;
mod control;
mod image;
mod kubectl;
mod node;
mod parts;
mod process;
mod requirements;
mod stories;
mod versions;

/// The node's binary, and the operator's; by default it lies beside the node's. The plugin lies beside the operator.
const PROGRAMS: [&str; 2] = ["KLAMM_BIN", "KLAMM_OPERATOR_BIN"];

/// What to do with a bed.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
    /// Where its files and logs lie, and stay; by default in a temporary folder that is removed at the end
    #[arg(long, global = true, value_name = "DIR")]
    folder: Option<PathBuf>,
}

#[derive(Subcommand)]
enum What {
    /// Build and fetch what a bed is made of, and end
    Parts,
    /// Run the stories
    Test {
        /// Only the stories whose name contains this
        #[arg(long)]
        only: Option<String>,
        /// Where no bed can be held, or its parts would have to be built first, say so and succeed
        #[arg(long)]
        if_possible: bool,
    },
    /// Start a bed with nodes and the operator, and hold it until the end of standard input
    Up,
    /// Start a bed with nodes and the operator, and open a shell in it, with kubectl and helm
    Shell,
}

/// Prepares outside what needs a network, and does the rest inside the bed's namespaces.
pub fn run(args: &Args) -> Result<()> {
    if let Some(folder) = confine::folder_inside() {
        return run_inside(args, &folder);
    }
    let is_optional = matches!(args.what, What::Test { if_possible: true, .. });
    if is_optional && let Some(reason) = hindrance()? {
        println!("== kube: skipped: {reason}");
        return Ok(());
    }
    possible(requirements::missing())?;
    let parts = Parts::obtain()?;
    if matches!(args.what, What::Parts) {
        return Ok(());
    }
    possible(requirements::directs_packets(&mut parts.system_command("iptables")))?;
    let programs = programs()?;
    let variables = [(PROGRAMS[0], programs.node), (PROGRAMS[1], programs.operator)];
    let status = confine::run_inside(args.folder.as_deref(), &variables)?;
    ensure!(status.success(), "kube: {status}");
    Ok(())
}

/// Why a bed cannot be held here at once.
fn hindrance() -> Result<Option<String>> {
    if let Some(reason) = requirements::missing() {
        return Ok(Some(reason));
    }
    if !Parts::are_cached()? {
        return Ok(Some(
            "its parts are not in the cache: `cargo xtask kube parts` builds them in minutes".to_owned(),
        ));
    }
    let iptables = &mut Parts::obtain()?.system_command("iptables");
    Ok(requirements::directs_packets(iptables))
}

fn possible(missing: Option<String>) -> Result<()> {
    let Some(reason) = missing else { return Ok(()) };
    bail!("the test bed cannot be held here: {reason}")
}

fn run_inside(args: &Args, folder: &Path) -> Result<()> {
    confine::furnish(folder)?;
    let mut bed = Bed::start(folder, Parts::obtain()?, programs()?)?;
    match &args.what {
        What::Test { only, .. } => stories::run(&mut bed, only.as_deref()),
        What::Up => {
            ready(&mut bed)?;
            println!("the bed is up until the end of standard input");
            io::copy(&mut io::stdin(), &mut io::sink()).map(|_| ()).context("standard input")
        }
        What::Shell => {
            ready(&mut bed)?;
            let admin = bed.admin().config().to_path_buf();
            let mut shell = Command::new(env::var_os("SHELL").unwrap_or_else(|| "sh".into()));
            let inherited = env::var_os("PATH").unwrap_or_default();
            let helm = bed.parts.helm();
            let own = [bed.parts.kubernetes.as_path(), helm.parent().context("helm lies in a folder")?];
            let all = own.into_iter().map(Path::to_path_buf).chain(env::split_paths(&inherited));
            shell.env("PATH", env::join_paths(all)?).env("KUBECONFIG", admin);
            // How the shell ends says nothing about the bed.
            shell.status().context("run the shell").map(|_| ())
        }
        What::Parts => bail!("parts are obtained outside"),
    }
}

/// A bed as people want it: nodes, and the operator from its chart.
fn ready(bed: &mut Bed) -> Result<()> {
    bed.start_nodes()?;
    let chart = cache::workspace().join("charts/klamm-operator").display().to_string();
    let mut arguments =
        vec!["install", "klamm-operator", &chart, "--namespace", "klamm", "--create-namespace"];
    let values = image_values();
    arguments.extend(["--wait", "--timeout", "5m"]);
    arguments.extend(values.iter().map(String::as_str));
    print!("{}", bed.admin().helm(&arguments)?);
    Ok(())
}

/// Helm's arguments that name the bed's images.
fn image_values() -> Vec<String> {
    let images = [("image", OPERATOR_IMAGE), ("nodeImage", NODE_IMAGES[0])];
    let values = images.into_iter().filter_map(|(value, image)| {
        let (repository, tag) = image.rsplit_once(':')?;
        Some(format!("--set-string={value}.repository={repository},{value}.tag={tag}"))
    });
    values.collect()
}

/// The product's programs: those that the environment names, else those that are built now, as the tests are.
fn programs() -> Result<Programs> {
    let [node, operator] = PROGRAMS.map(|name| env::var_os(name).map(PathBuf::from));
    let node = match node {
        Some(node) => node,
        None => build_programs()?,
    };
    let operator = operator.unwrap_or_else(|| node.with_file_name("klamm-operator"));
    let plugin = operator.with_file_name("kubectl-klamm");
    for program in [&node, &operator, &plugin] {
        ensure!(
            program.is_file(),
            "{} is not a file; see {} and {}",
            program.display(),
            PROGRAMS[0],
            PROGRAMS[1]
        );
    }
    Ok(Programs { node, operator, plugin })
}

fn build_programs() -> Result<PathBuf> {
    let workspace = cache::workspace();
    let mut cargo = built::cargo();
    // The features of the tests, so that what they need is built once.
    cargo.args(["build", "--workspace", "--bins", "--features", ORACLES]).current_dir(&workspace);
    let status = cargo.status().context("run cargo build")?;
    ensure!(status.success(), "cargo build: {status}");
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from);
    Ok(target.join("debug/klamm"))
}
