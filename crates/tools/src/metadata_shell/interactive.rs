//! The interactive shell: a prompt, lines, words with quotes, a history (Kafka: InteractiveShell, which
//! reads lines by JLine).

use std::io::{self, BufRead, IsTerminal, Write};

use super::commands::{self, Parsed};
use super::{Shell, Then};
use crate::tool::ToolResult;

const PROMPT: &str = ">> ";

/// Where commands come from.
pub(super) struct Lines {
    input: Box<dyn BufRead>,
    /// Whether a person types them, so that a screen limits what is shown.
    is_typed: bool,
}

impl Lines {
    pub(super) fn of_stdin() -> Lines {
        let stdin = io::stdin();
        let is_typed = stdin.is_terminal() && io::stdout().is_terminal();
        Lines { input: Box::new(io::BufReader::new(stdin)), is_typed }
    }

    #[cfg(test)]
    pub(super) fn of_text(text: &'static str) -> Lines {
        Lines { input: Box::new(text.as_bytes()), is_typed: false }
    }

    fn next(&mut self) -> io::Result<Option<String>> {
        let mut line = String::new();
        Ok((self.input.read_line(&mut line)? > 0).then_some(line))
    }

    fn width(&self) -> Option<usize> {
        let (width, _) = self.is_typed.then(terminal_size::terminal_size).flatten()?;
        Some(usize::from(width.0))
    }
}

impl Shell<'_> {
    /// Runs lines until one says exit or they end.
    pub(super) fn run_lines(&mut self, lines: &mut Lines, out: &mut dyn Write) -> ToolResult {
        writeln!(out, "[ Kafka Metadata Shell ]")?;
        loop {
            write!(out, "{PROMPT}")?;
            out.flush()?;
            let Some(line) = lines.next()? else { return Ok(()) };
            self.remember(&line);
            self.width = lines.width();
            match commands::parse(&words(&line), true) {
                Parsed::Nothing => {}
                Parsed::Wrong(text) => writeln!(out, "{text}")?,
                Parsed::Command(kind, arguments) => {
                    if self.act(kind, &arguments, out)? == Then::Exit {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// JLine's habits: no blanks around a line, none that begins with a blank, none twice in a row.
    fn remember(&mut self, line: &str) {
        let trimmed = line.trim();
        let repeats = self.history.last().is_some_and(|last| last == trimmed);
        if !trimmed.is_empty() && !line.starts_with(' ') && !repeats {
            self.history.push(trimmed.to_owned());
        }
    }

    /// The last so many lines, all without a number.
    pub(super) fn print_history(&self, arguments: &[String], out: &mut dyn Write) -> io::Result<()> {
        let most = arguments.first().and_then(|text| text.parse::<i32>().ok());
        let most = most.map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(0));
        let first = self.history.len().saturating_sub(most);
        let mut numbered = self.history.iter().enumerate().skip(first);
        numbered.try_for_each(|(number, line)| writeln!(out, "{number:>5}  {line}"))
    }
}

/// The words of a line: parted by blanks, unless these are quoted or behind a backslash.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => word.get_or_insert_default().extend(letters.next()),
            _ if quote == Some(letter) => quote = None,
            '\'' | '"' if quote.is_none() => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            _ if letter.is_whitespace() && quote.is_none() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_parted_by_blanks_that_are_not_quoted() {
        assert_eq!(words("  ls  '/a b' \"c\"d e\\ f \n"), ["ls", "/a b", "cd", "e f"]);
        assert!(words(" \n").is_empty());
    }
}
