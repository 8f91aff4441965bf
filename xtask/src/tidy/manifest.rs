//! Rules on the root manifest: each outside dependency says why it is there.

use std::fs;

use anyhow::{Context as _, Result};

use super::Findings;

pub(super) fn check(findings: &mut Findings) -> Result<()> {
    let text = fs::read_to_string("Cargo.toml").context("the root manifest is in the current folder")?;
    let mut in_dependencies = false;
    for (number, line) in text.lines().enumerate() {
        if line.starts_with('[') {
            in_dependencies = line == "[workspace.dependencies]";
        }
        let names_one = in_dependencies && line.contains('=') && !line.starts_with('#');
        let is_ours = line.starts_with("klamm-");
        if names_one && !is_ours && !line.contains(" # ") {
            findings.fail(format!("Cargo.toml:{}: a dependency without its reason", number + 1));
        }
    }
    Ok(())
}
