//! Rule on dependencies: what a manifest names, its crate uses, and what the workspace offers, some crate takes. What
//! only tests use is a development dependency.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use cargo_metadata::{DependencyKind, Metadata, Package};
use regex::Regex;

use super::{Findings, is_test};

pub(super) fn check(metadata: &Metadata, findings: &mut Findings) -> Result<()> {
    let mut taken = BTreeSet::new();
    for package in metadata.workspace_packages() {
        check_package(package, findings)?;
        taken.extend(package.dependencies.iter().map(|dependency| dependency.name.clone()));
    }
    let text = fs::read_to_string("Cargo.toml").context("the root manifest is in the current folder")?;
    let offered = text.split("[workspace.dependencies]").nth(1).unwrap_or_default();
    let offered = offered.split("\n[").next().unwrap_or_default();
    let name = Regex::new(r"(?m)^([a-z0-9_-]+) = ").context("names of dependencies")?;
    let ours = |name: &str| name.starts_with("klamm-");
    for found in name.captures_iter(offered).filter(|found| !ours(&found[1]) && !taken.contains(&found[1])) {
        findings.fail(format!("Cargo.toml: no crate takes {}", &found[1]));
    }
    Ok(())
}

fn check_package(package: &Package, findings: &mut Findings) -> Result<()> {
    let root = package.manifest_path.parent().context("a manifest lies in a folder")?;
    let mut code = Code::default();
    for folder in ["src", "tests", "examples", "benches", "fuzz"] {
        code.read(root.as_std_path(), &root.join(folder).into_std_path_buf())?;
    }
    for dependency in &package.dependencies {
        let called = dependency.rename.as_deref().unwrap_or(&dependency.name).replace('-', "_");
        let used = Regex::new(&format!(r"\b{called}\b")).context("a crate's name")?;
        let of_tests = used.is_match(&code.of_tests);
        if dependency.kind == DependencyKind::Normal && of_tests && !used.is_match(&code.shipped) {
            findings
                .fail(format!("crate {}: only tests use its dependency {}", package.name, dependency.name));
        } else if !of_tests && !used.is_match(&code.shipped) {
            findings.fail(format!("crate {}: nothing uses its dependency {}", package.name, dependency.name));
        }
    }
    Ok(())
}

/// The sources of one crate.
#[derive(Default)]
struct Code {
    shipped: String,
    of_tests: String,
}

impl Code {
    fn read(&mut self, root: &Path, folder: &Path) -> Result<()> {
        let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
        for entry in entries {
            let path: PathBuf = entry?.path();
            if path.is_dir() {
                self.read(root, &path)?;
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
                self.add(path.strip_prefix(root).unwrap_or(&path), &text);
            }
        }
        Ok(())
    }

    /// Tests stand at the end of a file that has some.
    fn add(&mut self, path: &Path, text: &str) {
        let (shipped, tests) = match text.find("\n#[cfg(test)]\nmod tests {") {
            _ if is_test(path) || path.components().any(|part| part.as_os_str() == "examples") => ("", text),
            Some(tests) => text.split_at(tests),
            None => (text, ""),
        };
        self.shipped.push_str(shipped);
        self.of_tests.push_str(tests);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_of_tests_is_told_from_what_is_shipped() {
        let mut code = Code::default();
        code.add(
            Path::new("src/a.rs"),
            "use bytes::Bytes;\n\n#[cfg(test)]\nmod tests {\n    use rand::rng;\n}\n",
        );
        code.add(Path::new("src/a/tests.rs"), "use proptest::prelude;\n");
        assert!(code.shipped.contains("bytes") && !code.shipped.contains("rand"));
        assert!(code.of_tests.contains("rand") && code.of_tests.contains("proptest"));
    }
}
