//! Rules on the tree: sizes, names, leftovers.

use std::path::PathBuf;

use super::Findings;

/// Larger files do not belong in a repository.
const MAX_FILE: u64 = 1024 * 1024;
/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 8] = ["util", "utils", "helper", "helpers", "common", "impls", "misc", "data"];
const LEFTOVERS: [&str; 6] = ["orig", "rej", "log", "tmp", "swp", "bak"];

pub(super) fn check(files: &[PathBuf], findings: &mut Findings) {
    for path in files {
        let shown = path.display();
        if path.metadata().is_ok_and(|meta| meta.len() > MAX_FILE) {
            findings.fail(format!("{shown}: larger than 1 MiB"));
        }
        let is_rust = path.extension().is_some_and(|ext| ext == "rs");
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        if is_rust && EMPTY_NAMES.contains(&stem.as_ref()) {
            findings.fail(format!("{shown}: the name says nothing about what the file owns"));
        }
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        if LEFTOVERS.contains(&ending.as_ref()) {
            findings.fail(format!("{shown}: looks like a leftover"));
        }
    }
}
