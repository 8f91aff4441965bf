//! The `klamm` binary: node and tools by subcommand.

mod handlers;
mod net;
mod node;
mod pumps;
mod settings;
mod start;
mod up;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};
use klamm_config::{NodeConfig, Properties};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(name = "klamm", version, about = "Apache Kafka's broker, controller and tools in one binary")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run a node
    ServerStart {
        /// server.properties
        config: PathBuf,
        /// Settings on top of the file: key=value
        #[arg(long = "override", value_name = "KEY=VALUE")]
        overrides: Vec<String>,
    },
    Up(up::UpArgs),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match cli.command {
        Command::ServerStart { config, overrides } => server_start(&config, &overrides),
        Command::Up(args) => up::run(&args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("klamm: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn server_start(path: &std::path::Path, overrides: &[String]) -> Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_from_env("KLAMM_LOG");
    let filter = filter.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_target(false).init();
    let file = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut properties = Properties::from_file(&file).with_context(|| path.display().to_string())?;
    properties.apply_environment(std::env::vars())?;
    for setting in overrides {
        properties.apply_override(setting);
    }
    for notice in properties.notices() {
        tracing::warn!("{notice}");
    }
    start::run(NodeConfig::parse(properties)?)
}
