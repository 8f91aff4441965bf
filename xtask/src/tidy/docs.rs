//! Rules on pages: what they name is there, and the index of decisions is whole.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use regex::Regex;

use super::Findings;

const DECISIONS: &str = "docs/decisions";
/// Folders whose files pages name from the root.
const ROOTS: [&str; 8] =
    ["docs/", "crates/", "broker/", "xtask/", "tests/", "examples/", "charts/", "operator/"];
/// Written by a whole run of `cargo xtask compat clients --write-table` only.
const TABLE_OF_CLIENTS: &str = "docs/compatibility.md";

pub(super) fn check(files: &[PathBuf], findings: &mut Findings) -> Result<()> {
    let span = Regex::new(r"`([^`\s]+)`").context("spans of code")?;
    let link = Regex::new(r"\]\(([^)#\s]+)\)").context("links")?;
    for page in files.iter().filter(|path| path.extension().is_some_and(|ending| ending == "md")) {
        let text = fs::read_to_string(page).with_context(|| page.display().to_string())?;
        for found in span.captures_iter(&text).filter(|found| is_place(&found[1])) {
            check_place(page, Path::new(&found[1]), findings);
        }
        let beside = page.parent().unwrap_or(Path::new(""));
        for found in link.captures_iter(&text).filter(|found| !found[1].contains("://")) {
            check_place(page, &beside.join(&found[1]), findings);
        }
    }
    check_decisions(files, findings)
}

/// Whether `text` is a path from the root, and no pattern.
fn is_place(text: &str) -> bool {
    let is_pattern = text.contains(['*', '{', '<', ':']) || text.contains("NNNN");
    ROOTS.iter().any(|root| text.starts_with(root)) && !is_pattern
}

fn check_place(page: &Path, place: &Path, findings: &mut Findings) {
    if !place.exists() && place != Path::new(TABLE_OF_CLIENTS) {
        findings.fail(format!("{}: {} is not there", page.display(), place.display()));
    }
}

/// Each page has a number of its own, which its heading repeats, and a line in the index with the heading's words.
fn check_decisions(files: &[PathBuf], findings: &mut Findings) -> Result<()> {
    let index =
        fs::read_to_string(Path::new(DECISIONS).join("README.md")).context("the index of decisions")?;
    let mut numbers = Vec::new();
    for page in files.iter().filter(|path| path.starts_with(DECISIONS) && !path.ends_with("README.md")) {
        let name = page.file_name().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(page).with_context(|| page.display().to_string())?;
        let heading = text.lines().next().unwrap_or_default();
        let number = name.split('-').next().and_then(|digits| digits.parse::<u32>().ok());
        let title = number.and_then(|number| heading.strip_prefix(&format!("# {number}. ")));
        let (Some(number), Some(title)) = (number, title) else {
            findings.fail(format!("{}: the heading does not begin with the page's number", page.display()));
            continue;
        };
        if numbers.contains(&number) {
            findings.fail(format!("{}: another decision has this number", page.display()));
        }
        numbers.push(number);
        if !index.contains(&format!("| [{number}]({name}) | {title} |")) {
            findings.fail(format!("{DECISIONS}/README.md: no line `| [{number}]({name}) | {title} |`"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_names_what_is_not_there_is_found() {
        let mut findings = Findings::default();
        check_place(Path::new("README.md"), Path::new("docs/no-such-page.md"), &mut findings);
        assert_eq!(findings.failures, ["README.md: docs/no-such-page.md is not there"]);
    }

    #[test]
    fn patterns_and_words_are_no_places() {
        assert!(is_place("crates/config/src/effect.rs"));
        for text in ["docs/decisions/NNNN-name.md", "sim/src/{broker,lifecycle}.rs", "cargo", "/etc/kafka"] {
            assert!(!is_place(text), "{text}");
        }
    }
}
