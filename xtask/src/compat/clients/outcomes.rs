//! What a run of all programs found, as a committed file: the page of clients is made from it and from nothing else.
//!
//! `client FAMILY NAME AND VERSION` begins a family; its steps follow, each `STEP<TAB>SIGN`, a skipped one with its
//! reason behind another tab.

use anyhow::{Context, Result, bail};

use super::family::Family;
use super::report::{Report, Verdict};

/// Where the file is committed.
pub(super) const PLACE: &str = "tests/compat/results.txt";

/// What became of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The same on both systems.
    Same,
    /// Another on purpose.
    Differs,
    /// Anything else.
    Failed,
    /// The client cannot take it: why.
    Skipped(String),
}

impl Outcome {
    /// As page and file show it.
    pub(super) fn sign(&self) -> &'static str {
        match self {
            Outcome::Same => "=",
            Outcome::Differs => "d",
            Outcome::Failed => "x",
            Outcome::Skipped(_) => "-",
        }
    }

    fn parse(sign: &str, reason: Option<&str>) -> Result<Outcome> {
        Ok(match (sign, reason) {
            ("=", None) => Outcome::Same,
            ("d", None) => Outcome::Differs,
            ("x", None) => Outcome::Failed,
            ("-", Some(reason)) => Outcome::Skipped(reason.to_owned()),
            (sign, reason) => bail!("no outcome is written {sign:?} {reason:?}"),
        })
    }
}

/// One family's steps in the order of its program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FamilyOutcomes {
    pub(super) family: Family,
    /// Name and version of the library.
    pub(super) client: String,
    pub(super) steps: Vec<(String, Outcome)>,
}

/// The outcomes of a run.
pub(super) fn of_report(report: &Report) -> Vec<FamilyOutcomes> {
    let outcome = |verdict: &Verdict| match verdict {
        Verdict::Passed(_) => Outcome::Same,
        Verdict::Differs(_) => Outcome::Differs,
        Verdict::Failed(_) => Outcome::Failed,
        Verdict::Skipped(reason) => Outcome::Skipped(reason.clone()),
    };
    let families = report.families.iter().map(|family| FamilyOutcomes {
        family: family.family,
        client: family.client.clone(),
        steps: family.steps.iter().map(|(name, verdict)| (name.clone(), outcome(verdict))).collect(),
    });
    families.collect()
}

/// The file of `families`.
pub(super) fn write(families: &[FamilyOutcomes]) -> String {
    let mut text = String::new();
    for family in families {
        text.push_str(&format!("client {} {}\n", family.family.name(), family.client));
        for (step, outcome) in &family.steps {
            let reason = match outcome {
                Outcome::Skipped(reason) => format!("\t{reason}"),
                Outcome::Same | Outcome::Differs | Outcome::Failed => String::new(),
            };
            text.push_str(&format!("{step}\t{}{reason}\n", outcome.sign()));
        }
    }
    text
}

/// Reads a file.
pub(super) fn parse(text: &str) -> Result<Vec<FamilyOutcomes>> {
    let mut families: Vec<FamilyOutcomes> = Vec::new();
    for line in text.lines() {
        if let Some(head) = line.strip_prefix("client ") {
            let (name, client) = head.split_once(' ').context("a family and its client")?;
            let family = Family::ALL.into_iter().find(|family| family.name() == name);
            let family = family.with_context(|| format!("there is no family {name}"))?;
            families.push(FamilyOutcomes { family, client: client.to_owned(), steps: Vec::new() });
            continue;
        }
        let mut words = line.splitn(3, '\t');
        let (step, sign) = words.next().zip(words.next()).with_context(|| format!("no step: {line}"))?;
        let outcome = Outcome::parse(sign, words.next()).with_context(|| line.to_owned())?;
        let family = families.last_mut().context("a family comes before its steps")?;
        family.steps.push((step.to_owned(), outcome));
    }
    Ok(families)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let steps = vec![
            ("a".to_owned(), Outcome::Same),
            ("b".to_owned(), Outcome::Differs),
            ("c".to_owned(), Outcome::Failed),
            ("d".to_owned(), Outcome::Skipped("no call, really".to_owned())),
        ];
        let families = vec![FamilyOutcomes { family: Family::Java, client: "some 1.2".to_owned(), steps }];
        assert_eq!(parse(&write(&families)).unwrap(), families);
        assert!(parse("a\t=").is_err(), "a step of no family");
        assert!(parse("client java x 1\na\t?").is_err());
        assert!(parse("client java x 1\na\t-").is_err(), "a skip without a reason");
    }
}
