//! Each `klamm` command line in the docs names a subcommand and options that exist.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::{env, fs};

use clap::Command;

use super::command_of_all;

/// Every page: those beside the README, of `docs` and of `docs/decisions`.
fn pages() -> Vec<PathBuf> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("..");
    let folders = [root.clone(), root.join("docs"), root.join("docs/decisions")];
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let files = files.map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect()
}

/// What stands between backticks, and each line of a block of code, if it begins with `klamm` or runs the node by cargo.
fn command_lines(text: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (index, block) in text.split("```").enumerate() {
        let pieces: Vec<&str> = match index % 2 {
            0 => block.split('`').skip(1).step_by(2).collect(),
            _ => block.lines().collect(),
        };
        for piece in pieces {
            let line = piece.replace("cargo run --release --", "klamm");
            let mut words = line.split_whitespace().map(|word| word.trim_matches('"').to_owned());
            if words.next().is_some_and(|first| first == "klamm") {
                found.push(words.collect());
            }
        }
    }
    found
}

/// The first word of `line` that `all` does not know.
fn unknown_word<'a>(all: &Command, line: &'a [String]) -> Option<&'a str> {
    let (mut known, mut is_subcommand) = (vec![all], true);
    for word in line {
        let last = *known.last().unwrap();
        if let Some(long) = word.strip_prefix("--") {
            let long = long.split('=').next().unwrap_or_default();
            let has = |command: &&Command| command.get_arguments().any(|one| one.get_long() == Some(long));
            if !["help", "version"].contains(&long) && !known.iter().any(has) {
                return Some(word);
            }
        } else if let Some(next) = last.find_subcommand(word) {
            known.push(next);
        } else if is_subcommand && word.chars().any(|letter| letter.is_ascii_lowercase()) {
            return Some(word);
        }
        is_subcommand = false;
    }
    None
}

#[test]
fn command_lines_in_the_docs_can_be_called() {
    let all = command_of_all();
    let mut lines = 0;
    for page in pages() {
        for line in command_lines(&fs::read_to_string(&page).unwrap()) {
            lines += 1;
            let unknown = unknown_word(&all, &line);
            assert_eq!(unknown, None, "{}: klamm {}", page.display(), line.join(" "));
        }
    }
    assert!(lines > 20, "{lines} command lines were found");
}

#[test]
fn a_subcommand_or_an_option_that_is_not_there_is_noticed() {
    let all = command_of_all();
    let line = |text: &str| command_lines(&format!("`klamm {text}`")).remove(0);
    assert_eq!(unknown_word(&all, &line("topics --list")), None);
    assert_eq!(unknown_word(&all, &line("topics --lists")), Some("--lists"));
    assert_eq!(unknown_word(&all, &line("topic --list")), Some("topic"));
    assert_eq!(unknown_word(&all, &line("storage format --standalone -t ID")), None);
    assert_eq!(unknown_word(&all, &line("storage info --standalone")), Some("--standalone"));
}
