//! `docs/compatibility.md`: what each client can do against Klamm exactly as against Apache Kafka.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result};

use super::catalog;
use super::report::{FamilyReport, Report, Verdict};
use crate::oracle::cache;

const PLACE: &str = "docs/compatibility.md";
/// Steps that speak the protocol without a client library; told by area, not one by one.
const WIRE: &str = "wire-";
const HEAD: &str = "\
# Compatibility

Written by `cargo xtask compat clients --write-table`; do not edit. Each program of `tests/compat` ran the same
steps against Apache Kafka 4.4.0 and against Klamm.

`=` the same results and error codes on both; `d` a difference that a decision page explains; `x` any other; `-` the client
cannot take the step, for the reason below. A step without a sign is of other families only.
";

/// Writes the table anew.
pub(super) fn write(report: &Report) -> Result<()> {
    let path = cache::workspace().join(PLACE);
    fs::write(&path, render(report)).with_context(|| format!("write {}", path.display()))
}

fn render(report: &Report) -> String {
    let mut text = HEAD.to_owned();
    let families = &report.families;
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
            let verdict = family.steps.iter().find(|(name, _)| name == step).map(|(_, verdict)| verdict);
            let _ = write!(text, " {} |", sign(verdict));
        }
        text.push('\n');
    }
    wire(families, &mut text);
    differences(&mut text);
    reasons(families, &mut text);
    text
}

/// The required steps in the catalog's order, others after the step they follow in their family.
fn step_names(families: &[FamilyReport]) -> Vec<&str> {
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

fn sign(verdict: Option<&Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::Passed(_)) => "=",
        Some(Verdict::Differs(_)) => "d",
        Some(Verdict::Failed(_)) => "x",
        Some(Verdict::Skipped(_)) => "-",
        None => "",
    }
}

fn counts<'a>(steps: impl Iterator<Item = &'a (String, Verdict)>) -> (usize, usize) {
    let taken = steps.filter(|(_, verdict)| !matches!(verdict, Verdict::Skipped(_)));
    taken.fold((0, 0), |(steps, same), (_, verdict)| {
        (steps + 1, same + usize::from(matches!(verdict, Verdict::Passed(_))))
    })
}

fn wire(families: &[FamilyReport], text: &mut String) {
    let mut areas: BTreeMap<&str, Vec<&(String, Verdict)>> = BTreeMap::new();
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

fn reasons(families: &[FamilyReport], text: &mut String) {
    text.push_str("\n## What a client cannot do\n\n");
    for family in families {
        let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, verdict) in &family.steps {
            if let Verdict::Skipped(reason) = verdict {
                by_reason.entry(reason).or_default().push(name);
            }
        }
        for (reason, steps) in by_reason {
            let _ = writeln!(text, "- {}: {} ({reason})", family.family.name(), steps.join(", "));
        }
    }
}
