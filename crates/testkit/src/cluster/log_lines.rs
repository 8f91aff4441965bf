//! The lines a node logs, and those that nobody expected.

/// How grave a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// DEBUG, TRACE, INFO, and lines without a level.
    Ordinary,
    /// WARN.
    Warning,
    /// ERROR.
    Error,
    /// A panic's own words.
    Panic,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine<'a> {
    /// Its gravity.
    pub severity: Severity,
    /// The whole line.
    pub text: &'a str,
}

impl<'a> LogLine<'a> {
    /// Reads a line: its level is the second word, behind the time.
    pub fn parse(text: &'a str) -> LogLine<'a> {
        let severity = match text.split_whitespace().nth(1) {
            _ if text.contains("panicked at") => Severity::Panic,
            Some("WARN") => Severity::Warning,
            Some("ERROR") => Severity::Error,
            Some(_) | None => Severity::Ordinary,
        };
        LogLine { severity, text }
    }
}

/// Lines of `log` that warn or worse and contain none of `expected`.
pub(super) fn unexpected(log: &str, expected: &[&str]) -> Vec<String> {
    log.lines()
        .map(LogLine::parse)
        .filter(|line| line.severity > Severity::Ordinary)
        .filter(|line| !expected.iter().any(|part| line.text.contains(part)))
        .map(|line| line.text.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_that_nobody_expected_is_told() {
        let log =
            "2026-01-01T00:00:00Z  INFO a\n2026-01-01T00:00:00Z  WARN b\n2026-01-01T00:00:00Z ERROR c\n";
        assert_eq!(unexpected(log, &["WARN b"]), ["2026-01-01T00:00:00Z ERROR c"]);
    }

    #[test]
    fn a_panic_counts_whatever_is_printed_around_it() {
        let log = "thread 'klamm-shard-0' (7) panicked at broker/src/x.rs:1:2:\n";
        assert_eq!(unexpected(log, &[]).len(), 1);
    }
}
