//! Rule on settings: each one that a node parses is read somewhere, or named as one without effect.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use regex::Regex;

use super::{Findings, is_generated, is_test};

/// Where fields name their keys, and the file of keys that change nothing.
const FIELDS: &str = "crates/config/src/node/settings/";
const WITHOUT_EFFECT: &str = "crates/config/src/effect.rs";
/// Where a node reads its settings, or what it made of them.
const OF_NODES: [&str; 7] = [
    "broker/src/",
    "crates/coordinator/",
    "crates/metadata/",
    "crates/node/",
    "crates/raft/",
    "crates/replication/",
    "crates/storage/",
];

pub(super) fn check(files: &[PathBuf], findings: &mut Findings) -> Result<()> {
    let read = fields_read(files)?;
    let marked = marks()?;
    let field = Regex::new(r#"(?m)^        (\w+): [^=\n]+ = "([^"]+)","#).context("fields of settings")?;
    for path in files.iter().filter(|path| path.starts_with(FIELDS)) {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        for found in field.captures_iter(&text) {
            let (name, key) = (&found[1], &found[2]);
            let is_marked = marked.iter().any(|mark| key.starts_with(mark.as_str()));
            if !read.contains(name) && !is_marked {
                findings.fail(format!(
                    "{}: nothing reads {name} ({key}): give it its effect, or its reason in {WITHOUT_EFFECT}",
                    path.display()
                ));
            }
        }
    }
    Ok(())
}

/// Every name that follows a dot in the code of nodes. A field of another type by the same name hides that a setting is
/// not read: a new setting needs a look.
fn fields_read(files: &[PathBuf]) -> Result<BTreeSet<String>> {
    let read = Regex::new(r"\.\s*([a-z_][a-z0-9_]*)\b").context("fields")?;
    let is_code = |path: &Path| {
        path.extension().is_some_and(|ext| ext == "rs")
            && OF_NODES.iter().any(|place| path.starts_with(place))
            && !is_generated(path)
            && !is_test(path)
    };
    let mut names = BTreeSet::new();
    for path in files.iter().filter(|path| is_code(path)) {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        names.extend(read.captures_iter(&text).map(|found| found[1].to_owned()));
    }
    Ok(names)
}

/// Keys, and beginnings of keys, that stand in the file of those without effect.
fn marks() -> Result<Vec<String>> {
    let text = fs::read_to_string(WITHOUT_EFFECT).context(WITHOUT_EFFECT)?;
    let key = Regex::new(r#""([a-z][a-z0-9]*\.[a-z0-9.]*)""#).context("keys")?;
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    Ok(key.captures_iter(code).map(|found| found[1].to_owned()).collect())
}
