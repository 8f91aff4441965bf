//! `klamm up -f FILE`: the KafkaCluster of a manifest as processes on this machine. Observes, plans
//! with the planner that the operator uses, carries out, and follows edits of the manifest until it is
//! interrupted.

mod clock;
mod hints;
mod layout;
mod local;
mod manifest_file;
mod ports;
mod processes;
mod session;

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

/// Run the KafkaCluster of a manifest as local processes
#[derive(Args, Debug)]
pub struct UpArgs {
    /// Manifest with one KafkaCluster and its KafkaTopics
    #[arg(short = 'f', long = "file", value_name = "FILE")]
    file: PathBuf,
    /// Where nodes keep their data; .klamm/CLUSTER in the current folder if absent
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Print what would be done and do nothing
    #[arg(long)]
    plan: bool,
    /// End once the cluster is as the manifest says, and leave the nodes running
    #[arg(long)]
    detach: bool,
}

/// Runs until interrupted, or to the end of one round of planning.
pub fn run(args: &UpArgs) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(session::Session::open(args)?.run(args))
}
