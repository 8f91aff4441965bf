//! `server-start`: runs a node by its `server.properties`, in the foreground or as a daemon.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};
use klamm_config::{NodeConfig, Notice, Properties};

use crate::loggers;

/// Options of the command.
#[derive(clap::Args, Debug)]
pub struct ServerStart {
    /// Go on in the background; output goes to kafkaServer.out in $LOG_DIR, or in ./logs
    #[arg(long)]
    daemon: bool,
    /// This process is the daemon.
    #[arg(long, hide = true)]
    detached: bool,
    /// server.properties
    config: PathBuf,
    /// A setting on top of the file; may be repeated
    #[arg(long = "override", value_name = "KEY=VALUE")]
    overrides: Vec<String>,
}

impl ServerStart {
    /// Runs the node until it is told to stop, or starts the daemon.
    pub fn run(self) -> Result<()> {
        if self.daemon {
            return self.start_daemon();
        }
        if self.detached {
            rustix::process::setsid().context("the daemon cannot leave its session")?;
        }
        let levels = env::var("KLAMM_LOG").unwrap_or_else(|_| "info".to_owned());
        let colours = std::io::stdout().is_terminal() && env::var_os("NO_COLOR").is_none();
        let log = tracing_subscriber::fmt().with_env_filter(loggers::filter(&levels)).with_filter_reloading();
        loggers::register(levels, log.reload_handle());
        log.with_target(false).with_ansi(colours).init();
        crate::panics::end_process_on_panic();
        let properties = Properties::read_node(&self.config, &self.overrides)?;
        for notice in properties.notices() {
            match notice {
                Notice::WithoutEffect { .. } => tracing::info!("{notice}"),
                Notice::Unknown { .. } | Notice::Removed { .. } => tracing::warn!("{notice}"),
            }
        }
        crate::start::run(NodeConfig::parse(properties)?)
    }

    /// Starts this program anew, detached. What is wrong with the settings is told here and now.
    fn start_daemon(&self) -> Result<()> {
        NodeConfig::parse(Properties::read_node(&self.config, &self.overrides)?)?;
        let directory = env::var_os("LOG_DIR").map_or_else(|| PathBuf::from("logs"), PathBuf::from);
        let output = open_output(&directory)?;
        let mut command = Command::new(env::current_exe()?);
        command.args(["server-start", "--detached"]).arg(&self.config);
        for setting in &self.overrides {
            command.arg("--override").arg(setting);
        }
        let errors = output.try_clone()?;
        command.stdin(Stdio::null()).stdout(output).stderr(errors);
        command.spawn().context("the daemon cannot be started")?;
        Ok(())
    }
}

fn open_output(directory: &Path) -> Result<fs::File> {
    let path = directory.join("kafkaServer.out");
    let open = || {
        fs::create_dir_all(directory)?;
        OpenOptions::new().create(true).write(true).truncate(true).open(&path)
    };
    open().with_context(|| format!("{} cannot be written", path.display()))
}
