//! Rules on functions: how long they are and how many arguments they take.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use regex::Regex;

use super::{Findings, is_generated, is_test};

/// Lines from `fn` to its closing brace. 70 is the aim; a few more are let through.
const MAX_LINES: usize = 80;
/// Arguments beside `self`.
const MAX_ARGUMENTS: usize = 6;

pub(super) fn check(files: &[PathBuf], findings: &mut Findings) -> Result<()> {
    let head = Regex::new(r"(?m)^( *)(?:pub(?:\([a-z :]+\))? )?(?:const )?(?:async )?(?:unsafe )?fn (\w+)")
        .context("heads of functions")?;
    for path in files {
        let is_code =
            path.extension().is_some_and(|ext| ext == "rs") && !is_generated(path) && !is_test(path);
        let Some(text) = is_code.then(|| fs::read_to_string(path).ok()).flatten() else { continue };
        // Tests stand at the end of a file and may be as long as their story.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for found in head.captures_iter(code) {
            check_one(path, code, &found, findings);
        }
    }
    Ok(())
}

fn check_one(path: &Path, code: &str, found: &regex::Captures, findings: &mut Findings) {
    let (whole, indent, name) = (found.get(0).expect("a match has its whole"), &found[1], &found[2]);
    let line = code[..whole.start()].lines().count() + 1;
    let rest = &code[whole.start()..];
    let end = rest.lines().position(|one| one.strip_prefix(indent) == Some("}"));
    let has_body = rest.find('{') < rest.find(';') || rest.find(';').is_none();
    if let Some(last) = end.filter(|last| has_body && last + 1 > MAX_LINES) {
        let lines = last + 1;
        findings.fail(format!("{}:{line}: {name} has {lines} lines; more than {MAX_LINES}", path.display()));
    }
    let arguments = arguments(&code[whole.end()..]);
    if arguments > MAX_ARGUMENTS {
        findings.fail(format!(
            "{}:{line}: {name} takes {arguments} arguments; more than {MAX_ARGUMENTS}: give them a type",
            path.display()
        ));
    }
}

/// Arguments beside `self` in the first parentheses of `text`, past the brackets of generic parameters.
fn arguments(text: &str) -> usize {
    let Some(open) = list_start(text) else { return 0 };
    let (mut depth, mut count, mut seen) = (0_usize, 0_usize, false);
    let mut first = String::new();
    for character in text[open..].chars() {
        match character {
            '(' | '[' | '<' | '{' => depth += 1,
            ')' | ']' | '>' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth == 1 && character == ',' {
            count += usize::from(seen);
            seen = false;
        } else if !character.is_whitespace() && character != '(' {
            seen = true;
        }
        if count == 0 {
            first.push(character);
        }
    }
    let of_self = first.trim_start_matches('(').trim_start().trim_start_matches(['&', ' ']);
    let of_self = of_self.trim_start_matches("mut ");
    count + usize::from(seen) - usize::from(of_self.starts_with("self"))
}

fn list_start(text: &str) -> Option<usize> {
    if !text.starts_with('<') {
        return text.find('(');
    }
    let mut depth = 0_usize;
    let mut before = ' ';
    for (at, character) in text.char_indices() {
        match character {
            '<' => depth += 1,
            // The arrow of a bound such as `Fn() -> T`.
            '>' if before != '-' => depth -= 1,
            '(' if depth == 0 => return Some(at),
            _ => {}
        }
        before = character;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_counted_without_self_and_not_inside_their_types() {
        assert_eq!(arguments("()"), 0);
        assert_eq!(arguments("(&mut self)"), 0);
        assert_eq!(arguments("(&self, a: BTreeMap<u8, u8>, (b, c): (u8, u8))"), 2);
        assert_eq!(arguments("<T: Into<String>, F: Fn(u8) -> T>(a: T,\n    b: F,\n)"), 2);
    }
}
