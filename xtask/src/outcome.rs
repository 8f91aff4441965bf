//! How tests ended: their counts, and the last words of those that failed, told again where a reader looks first.

use std::collections::VecDeque;

/// Lines of a failure that are told again.
const LAST_WORDS: usize = 60;

/// Tests that ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// How many hold.
    pub(crate) passed: u64,
    /// How many do not.
    pub(crate) failed: u64,
    /// What those that do not said at last, a text for each program.
    pub(crate) failures: Vec<String>,
}

impl Outcome {
    /// One test that holds.
    pub(crate) fn one() -> Self {
        Self { passed: 1, ..Self::default() }
    }

    /// One test that does not, and what it said.
    pub(crate) fn failure(said: String) -> Self {
        Self { failed: 1, failures: vec![said], ..Self::default() }
    }

    /// Adds that of another run.
    pub(crate) fn add(&mut self, other: Outcome) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.failures.extend(other.failures);
    }
}

/// The last lines of an output.
#[derive(Debug, Default)]
pub(crate) struct LastWords(VecDeque<String>);

impl LastWords {
    /// Those of a whole text.
    pub(crate) fn of(text: &str) -> Self {
        let mut words = Self::default();
        text.lines().for_each(|line| words.hear(line.to_owned()));
        words
    }

    /// Takes the next line.
    pub(crate) fn hear(&mut self, line: String) {
        if self.0.len() == LAST_WORDS {
            self.0.pop_front();
        }
        self.0.push_back(line);
    }

    /// The lines as one text, below a heading.
    pub(crate) fn below(self, heading: &str) -> String {
        [vec![heading.to_owned()], Vec::from(self.0)].concat().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_of_a_long_text_are_kept_in_order() {
        let text = (0..100).map(|line| format!("line {line}\n")).collect::<String>();
        let told = LastWords::of(&text).below("heading");
        assert!(told.starts_with("heading\nline 40\nline 41\n"), "{told}");
        assert!(told.ends_with("\nline 99"), "{told}");
    }

    #[test]
    fn failures_of_added_runs_are_all_kept() {
        let mut all = Outcome::one();
        all.add(Outcome::failure("first".to_owned()));
        all.add(Outcome::failure("second".to_owned()));
        let failures = vec!["first".to_owned(), "second".to_owned()];
        assert_eq!(all, Outcome { passed: 1, failed: 2, failures });
    }
}
