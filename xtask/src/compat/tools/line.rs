//! A line of the script: its marks, and its words as a shell splits them.

use anyhow::{Context, Result, bail};

/// How outcomes of a line are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Lines of the output in any order.
    Sort,
    /// Words in any order.
    Words,
    /// Numbers do not count.
    Digits,
    /// The output's last line is JSON whose lists are in any order.
    Json,
    /// Only the exit code counts.
    Code,
    /// Systems may differ, tools may not.
    Own,
    /// Of the help only the options and what follows each.
    Options,
}

/// A command line, or a verb that sets the scene.
#[derive(Clone, Debug)]
pub(super) struct Line {
    text: String,
    marks: Vec<Mark>,
    words: Vec<String>,
}

impl Line {
    /// All lines of a script.
    pub(super) fn parse_all(text: &str) -> Result<Vec<Line>> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.map(|line| Line::parse(line).with_context(|| line.to_owned())).collect()
    }

    fn parse(line: &str) -> Result<Line> {
        let (marks, rest) = match line.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
            Some((marks, rest)) => (marks.split(',').map(mark).collect::<Result<_>>()?, rest),
            None => (Vec::new(), line),
        };
        // The text of a file is what follows its name, with all its quotes.
        let words = match rest.strip_prefix("+file ") {
            Some(file) => {
                let (name, content) = file.split_once(' ').context("a file has a name and a text")?;
                vec!["+file".to_owned(), name.to_owned(), content.to_owned()]
            }
            None => split(rest),
        };
        Ok(Line { text: line.to_owned(), marks, words })
    }

    /// As it is written.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether outcomes are compared as `mark` says.
    pub(super) fn has(&self, mark: Mark) -> bool {
        self.marks.contains(&mark)
    }

    /// Whether only the tools must agree.
    pub(super) fn may_systems_differ(&self) -> bool {
        self.has(Mark::Own)
    }

    /// Whether it is no command line.
    pub(super) fn is_scene(&self) -> bool {
        self.words[0].starts_with('+')
    }

    /// The tool or the verb, then what follows it.
    pub(super) fn words(&self) -> &[String] {
        &self.words
    }
}

fn mark(name: &str) -> Result<Mark> {
    Ok(match name {
        "sort" => Mark::Sort,
        "words" => Mark::Words,
        "digits" => Mark::Digits,
        "json" => Mark::Json,
        "code" => Mark::Code,
        "own" => Mark::Own,
        "options" => Mark::Options,
        other => bail!("no mark is called {other}"),
    })
}

/// Words between blanks; double quotes hold blanks.
fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut is_quoted = false;
    for letter in text.chars() {
        match letter {
            '"' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            ' ' if !is_quoted => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn marks_and_quoted_words_are_read() {
        let line = Line::parse(r#"[sort,own] topics --topic "a b" """#).unwrap();
        assert!(line.has(Mark::Sort) && line.may_systems_differ());
        assert_eq!(line.words(), ["topics", "--topic", "a b", ""]);
        let file = Line::parse(r#"+file x {"a": 1}"#).unwrap();
        assert_eq!(file.words(), ["+file", "x", r#"{"a": 1}"#]);
        assert!(Line::parse("[odd] topics").is_err());
    }
}
