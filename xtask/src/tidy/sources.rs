//! Rules on source text: the first line, the size, unfinished marks, paths of a machine, documents that are not in the
//! repository, who may know about API versions.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use regex::Regex;

use super::{Findings, is_generated, is_test};

const WARN_LINES: usize = 500;
const MAX_LINES: usize = 800;
/// Only these speak of API version numbers; all others see one model of each operation.
/// The manifest's `apiVersion` is Kubernetes's.
const KNOW_VERSIONS: [&str; 11] = [
    "crates/manifest/",
    "crates/protocol/",
    "crates/client/",
    "crates/tools/",
    "crates/testkit/",
    "crates/cluster-ops/",
    "broker/src/handlers/",
    "broker/src/node_request.rs",
    "broker/src/quorum/",
    "xtask/",
    "tests/",
];

pub(super) fn check(files: &[PathBuf], findings: &mut Findings) -> Result<()> {
    let rules = TextRules::new()?;
    for path in files {
        let Ok(text) = fs::read_to_string(path) else { continue };
        rules.check_any(path, &text, findings);
        if path.extension().is_some_and(|ext| ext == "rs") {
            rules.check_rust(path, &text, findings);
        }
    }
    Ok(())
}

struct TextRules {
    machine_path: Regex,
    registry: Regex,
    unfinished: Regex,
    api_version: Regex,
    baked_folder: Regex,
    outside: Regex,
}

impl TextRules {
    fn new() -> Result<TextRules> {
        // Spelled in pieces so that this file does not match itself.
        let machine_path = [r"(^|[^\w.])/(ro", r"ot|wo", r"rk|home/\w+)/"].concat();
        let registry = [
            r"(static\.|index\.)?crates\.",
            r"io/api|repo\d?\.maven|registry\.npm",
            r"js|files\.python",
            "hosted|proxy\\.gol",
            "ang|deb\\.deb",
            "ian",
        ]
        .concat();
        let unfinished = [
            r"\bTO",
            r"DO\b|\bFIX",
            r"ME\b|\bXX",
            r"X\b|#\[ign",
            r"ore|\btodo",
            r"!\(|\bunimplemented",
            r"!\(",
        ]
        .concat();
        // The plan that the project was built from, which readers of the repository have not.
        let outside = [r"\.\./sha", r"red\b|\bRELIA", r"BILITY\b"].concat();
        Ok(TextRules {
            machine_path: Regex::new(&machine_path).context("machine paths")?,
            registry: Regex::new(&registry).context("registry hosts")?,
            unfinished: Regex::new(&unfinished).context("unfinished marks")?,
            api_version: Regex::new(r"\bapi_version\b").context("API versions")?,
            baked_folder: Regex::new(r#"\benv!\("CARGO_MANIFEST_DIR"#).context("baked folders")?,
            outside: Regex::new(&outside).context("documents outside the repository")?,
        })
    }

    fn check_any(&self, path: &Path, text: &str, findings: &mut Findings) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(".lock") || name == "package-lock.json" || name == "go.sum" {
            return;
        }
        let is_program = path.extension().is_some_and(|ending| ending == "java" || ending == "go");
        if is_program && !text.starts_with("//") {
            findings.fail(format!("{}: the first line does not say the file's purpose (//)", path.display()));
        }
        for (number, line) in text.lines().enumerate() {
            let at = format!("{}:{}", path.display(), number + 1);
            if self.machine_path.is_match(line) {
                findings.fail(format!("{at}: names a path of a machine"));
            }
            if self.registry.is_match(line) {
                findings.fail(format!("{at}: names a package registry's host"));
            }
            if self.outside.is_match(line) {
                findings.fail(format!("{at}: names a document outside the repository: say it in words"));
            }
        }
    }

    fn check_rust(&self, path: &Path, text: &str, findings: &mut Findings) {
        let shown = path.display();
        if !text.starts_with("//!") {
            findings.fail(format!("{shown}: the first line does not say the file's purpose (//!)"));
        }
        let lines = text.lines().count();
        let exempt = is_generated(path) || is_test(path);
        if !exempt && lines > MAX_LINES {
            findings.fail(format!("{shown}: {lines} lines; split by purpose above {MAX_LINES}"));
        } else if !exempt && lines > WARN_LINES {
            findings.warn(format!("{shown}: {lines} lines"));
        }
        let knows_versions = KNOW_VERSIONS.iter().any(|place| path.starts_with(place));
        for (number, line) in text.lines().enumerate() {
            let at = format!("{shown}:{}", number + 1);
            if self.unfinished.is_match(line) {
                findings.fail(format!("{at}: unfinished mark"));
            }
            if self.baked_folder.is_match(line) {
                findings.fail(format!(
                    "{at}: checkouts share a target folder: ask for CARGO_MANIFEST_DIR at run time"
                ));
            }
            if !knows_versions && self.api_version.is_match(line) {
                findings.fail(format!("{at}: API versions belong to protocol, client and handlers"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the rules say of a file of this text.
    fn faults(path: &str, text: &str) -> Vec<String> {
        let mut findings = Findings::default();
        let rules = TextRules::new().expect("patterns");
        rules.check_any(Path::new(path), text, &mut findings);
        if path.ends_with(".rs") {
            rules.check_rust(Path::new(path), text, &mut findings);
        }
        findings.failures
    }

    #[test]
    fn a_file_of_rust_java_or_go_whose_first_line_says_no_purpose_is_found() {
        for (path, text, comment) in [
            ("xtask/src/a.rs", "use std::fs;\n//! Purpose.\n", "//!"),
            ("tests/compat/java/A.java", "package compat;\n// Purpose.\n", "//"),
            ("tests/compat/sarama/a.go", "package main\n// Purpose.\n", "//"),
        ] {
            let fault = format!("{path}: the first line does not say the file's purpose ({comment})");
            assert_eq!(faults(path, text), [fault]);
            assert_eq!(faults(path, &format!("{comment} Purpose.\n{text}")), Vec::<String>::new());
        }
    }

    #[test]
    fn what_names_a_document_outside_the_repository_is_found() {
        // Spelled in pieces so that the rule does not find this file.
        for planted in [["rule 52 of RELIA", "BILITY"], ["see ../../sha", "red/plan.md"]] {
            let planted = planted.concat();
            let here = "names a document outside the repository: say it in words";
            assert_eq!(
                faults("docs/page.md", &format!("# A page\n{planted}\n")),
                [format!("docs/page.md:2: {here}")]
            );
            assert_eq!(
                faults("xtask/src/a.rs", &format!("//! {planted}\n")),
                [format!("xtask/src/a.rs:1: {here}")]
            );
        }
        assert_eq!(
            faults("docs/page.md", "reliability, ../shared_state and klamm-shared\n"),
            Vec::<String>::new()
        );
    }
}
