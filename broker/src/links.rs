//! `klamm make-links DIR`: links with the names of Kafka's scripts to this program, for images that have
//! no shell to make them.

use std::io::ErrorKind;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;
use klamm_tools::TOOLS;

/// Make links with the names of Kafka's scripts
#[derive(Args, Debug)]
pub struct MakeLinks {
    /// Folder that gets them
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

impl MakeLinks {
    /// Makes those that are not there.
    pub fn run(self) -> Result<()> {
        let program = std::env::current_exe().context("this program's own path")?;
        let names = TOOLS.iter().map(|tool| tool.name).chain(["server-start", "server-stop", "run-class"]);
        for name in names {
            let link = self.folder.join(format!("kafka-{name}.sh"));
            match symlink(&program, &link) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error).with_context(|| link.display().to_string()),
            }
        }
        Ok(())
    }
}
