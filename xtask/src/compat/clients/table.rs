//! `docs/compatibility.md`: what each client can do against Klamm exactly as against Apache Kafka.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result};

use super::catalog;
use super::outcomes::{self, FamilyOutcomes, Outcome};
use super::report::Report;
use crate::oracle::cache;

const PLACE: &str = "docs/compatibility.md";
/// Steps that speak the protocol without a client library; told by area, not one by one.
const WIRE: &str = "wire-";
const HEAD: &str = "\
# Compatibility

Written by `cargo xtask compat clients --write-table`; do not edit. Each program of `tests/compat` ran the same
steps against Apache Kafka 4.4.0 and against Klamm. The run's results are kept in `tests/compat/results.txt`.

`=` the same results and error codes on both; `d` a difference that a decision page explains; `x` any other; `-` the client
cannot take the step, for the reason below. A step without a sign is of other families only.
";

/// Writes the results and the page anew.
pub(super) fn write(report: &Report) -> Result<()> {
    let families = outcomes::of_report(report);
    for (place, text) in [(outcomes::PLACE, outcomes::write(&families)), (PLACE, render(&families))] {
        let path = cache::workspace().join(place);
        fs::write(&path, text).with_context(|| format!("write {}", path.display()))?;
    }
    Ok(())
}

/// Writes the page anew from the results that are kept.
pub(super) fn render_again() -> Result<()> {
    let kept = cache::workspace().join(outcomes::PLACE);
    let text = fs::read_to_string(&kept).with_context(|| format!("read {}", kept.display()))?;
    let page = cache::workspace().join(PLACE);
    fs::write(&page, render(&outcomes::parse(&text)?)).with_context(|| format!("write {}", page.display()))
}

fn render(families: &[FamilyOutcomes]) -> String {
    let mut text = HEAD.to_owned();
    text.push_str("\n| client | version | steps | same |\n|---|---|---|---|\n");
    for family in families {
        let (steps, same) = counts(family.steps.iter());
        let _ = writeln!(text, "| {} | {} | {steps} | {same} |", family.family.name(), family.client);
    }
    text.push_str("\n| step |");
    families.iter().for_each(|family| {
        let _ = write!(text, " {} |", family.family.name());
    });
    let _ = writeln!(text, "\n|---|{}", "---|".repeat(families.len()));
    for step in step_names(families) {
        let _ = write!(text, "| {step} |");
        for family in families {
            let outcome = family.steps.iter().find(|(name, _)| name == step).map(|(_, outcome)| outcome);
            let _ = write!(text, " {} |", outcome.map_or("", Outcome::sign));
        }
        text.push('\n');
    }
    wire(families, &mut text);
    differences(&mut text);
    reasons(families, &mut text);
    text
}

/// The required steps in the catalog's order, others after the step they follow in their family.
fn step_names(families: &[FamilyOutcomes]) -> Vec<&str> {
    let mut names: Vec<&str> = catalog::required().collect();
    for family in families {
        let mut place = 0;
        for (name, _) in family.steps.iter().filter(|(name, _)| !name.starts_with(WIRE)) {
            match names.iter().position(|known| known == name) {
                Some(found) => place = found + 1,
                None => {
                    names.insert(place.min(names.len()), name);
                    place += 1;
                }
            }
        }
    }
    names
}

fn counts<'a>(steps: impl Iterator<Item = &'a (String, Outcome)>) -> (usize, usize) {
    let taken = steps.filter(|(_, outcome)| !matches!(outcome, Outcome::Skipped(_)));
    taken.fold((0, 0), |(steps, same), (_, outcome)| {
        (steps + 1, same + usize::from(*outcome == Outcome::Same))
    })
}

fn wire(families: &[FamilyOutcomes], text: &mut String) {
    let mut areas: BTreeMap<&str, Vec<&(String, Outcome)>> = BTreeMap::new();
    for step in families.iter().flat_map(|family| &family.steps) {
        if let Some(rest) = step.0.strip_prefix(WIRE) {
            areas.entry(rest.split('-').next().unwrap_or(rest)).or_default().push(step);
        }
    }
    text.push_str(
        "\n## Raw requests\n\nRequests in all their versions, right and wrong, without a client library; whole \
         answers compared.\n\n| area | steps | same |\n|---|---|---|\n",
    );
    for (area, steps) in areas {
        let (taken, same) = counts(steps.into_iter());
        let _ = writeln!(text, "| {area} | {taken} | {same} |");
    }
}

fn differences(text: &mut String) {
    text.push_str("\n## What differs on purpose\n\n");
    for one in catalog::DIFFERENCES {
        let _ = writeln!(text, "- {}: Klamm answers `{}...` ([why]({}))", one.step, one.ours, one.page);
    }
}

fn reasons(families: &[FamilyOutcomes], text: &mut String) {
    text.push_str("\n## What a client cannot do\n\n");
    for family in families {
        let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, outcome) in &family.steps {
            if let Outcome::Skipped(reason) = outcome {
                by_reason.entry(reason).or_default().push(name);
            }
        }
        for (reason, steps) in by_reason {
            let _ = writeln!(text, "- {}: {} ({reason})", family.family.name(), steps.join(", "));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::compat::clients::family::Family;

    fn committed(place: &str) -> String {
        let path = cache::workspace().join(place);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    #[test]
    fn the_page_of_clients_is_that_of_the_last_written_run() {
        let families = outcomes::parse(&committed(outcomes::PLACE)).unwrap();
        let stale = "stale or edited: cargo xtask compat clients --write-table";
        assert!(committed(PLACE) == render(&families), "{PLACE} is {stale}");
    }

    #[test]
    fn the_last_written_run_has_every_family_with_every_step_and_no_failure() {
        let families = outcomes::parse(&committed(outcomes::PLACE)).unwrap();
        let names: Vec<Family> = families.iter().map(|family| family.family).collect();
        assert_eq!(names, Family::ALL);
        for FamilyOutcomes { family, steps, .. } in &families {
            for step in catalog::required() {
                let outcome = steps.iter().find(|(name, _)| name == step).map(|(_, outcome)| outcome);
                let declared = catalog::difference(step).is_some();
                let is_right = match outcome {
                    Some(Outcome::Same) => !declared,
                    Some(Outcome::Differs) => declared,
                    Some(Outcome::Skipped(_)) => true,
                    Some(Outcome::Failed) | None => false,
                };
                assert!(is_right, "{} {step}: {outcome:?}", family.name());
            }
            let failed = steps.iter().find(|(_, outcome)| *outcome == Outcome::Failed);
            assert_eq!(failed, None, "{}", family.name());
        }
    }

    /// A pinned library that changes makes the run stale.
    #[test]
    fn the_last_written_run_was_of_the_pinned_libraries() {
        let families = outcomes::parse(&committed(outcomes::PLACE)).unwrap();
        let pins = [
            (Family::Confluent, "tests/compat/python/requirements.txt", "confluent-kafka=="),
            (Family::KafkaPython, "tests/compat/python/requirements.txt", "kafka-python=="),
            (Family::Aiokafka, "tests/compat/python/requirements.txt", "aiokafka=="),
            (Family::Kafkajs, "tests/compat/kafkajs/package.json", "\"kafkajs\": \""),
            (Family::FranzGo, "tests/compat/franz-go/go.mod", "github.com/twmb/franz-go v"),
            (Family::Sarama, "tests/compat/sarama/go.mod", "github.com/IBM/sarama v"),
        ];
        for (family, place, mark) in pins {
            let text = committed(place);
            let at = text.find(mark).unwrap_or_else(|| panic!("{place} does not pin {}", family.name()));
            let version: String = text[at + mark.len()..]
                .chars()
                .take_while(|letter| letter.is_ascii_digit() || *letter == '.')
                .collect();
            let client = &families.iter().find(|one| one.family == family).unwrap().client;
            assert!(client.contains(&version), "{}: {client} ran, {version} is pinned", family.name());
        }
    }
}
