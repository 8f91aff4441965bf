//! `cargo xtask crds`: the custom resource definitions from the operator's types. A test of the operator
//! fails while they are stale.

use anyhow::{Context as _, Result, ensure};

use crate::built::cargo;

/// Where they are committed: for `kubectl apply`, and in the chart.
const FOLDERS: [&str; 2] = ["crds", "charts/klamm-operator/crds"];

/// Writes them.
pub(crate) fn run() -> Result<()> {
    let mut command = cargo();
    command.args(["run", "--package", "klamm-operator", "--", "crds"]);
    for folder in FOLDERS {
        command.args(["--to", folder]);
    }
    let status = command.status().context("run cargo")?;
    ensure!(status.success(), "the operator does not write its definitions: {status}");
    Ok(())
}
