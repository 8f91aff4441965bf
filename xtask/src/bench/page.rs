//! The table of a run, and `docs/benchmarks.md`.

use std::fmt::Write as _;
use std::fs;

use anyhow::Result;

use super::conditions::Conditions;
use super::node::System;
use super::rows::{CLUSTER_ROWS, Goal, ROWS, Row};
use super::session::Samples;
use super::statistics::Summary;
use crate::oracle::cache;

/// A page of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// Of one node.
    Node,
    /// Of three.
    Cluster,
}

impl Page {
    fn path(self) -> &'static str {
        match self {
            Page::Node => "docs/benchmarks.md",
            Page::Cluster => "docs/benchmarks-cluster.md",
        }
    }

    /// Of how many rounds the medians must be. Those of three nodes take four times as long.
    pub fn least_rounds(self) -> usize {
        match self {
            Page::Node => 5,
            Page::Cluster => 3,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Page::Node => "# Benchmarks\n\nWritten by `cargo xtask bench --write`,",
            Page::Cluster => {
                "# Benchmarks of three nodes\n\nWritten by `cargo xtask bench --cluster --write`,"
            }
        }
    }

    fn rows(self) -> &'static [Row] {
        match self {
            Page::Node => ROWS,
            Page::Cluster => CLUSTER_ROWS,
        }
    }
}

const INTRODUCTION: &str = "by a whole run only. Median of the rounds, smallest and largest in brackets;
ratios are Klamm to Apache Kafka within one round. \"CPU\" is user and system time of the broker's process. Memory is
anonymous memory: the page cache is not counted. A row that falls short says so.
";

/// All rows with at least one value.
pub fn table(page: Page, rounds: &[Samples]) -> String {
    let mut text = String::from(
        "\n| | unit | Klamm | Apache Kafka | ratio | bare loop | to bare loop | must reach | |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    for row in page.rows() {
        let line = Line::of(row, rounds);
        if line.klamm.is_some() || line.kafka.is_some() {
            line.write(row, &mut text);
        }
    }
    text
}

struct Line {
    klamm: Option<Summary>,
    kafka: Option<Summary>,
    ratio: Option<Summary>,
    bare: Option<Summary>,
    to_bare: Option<Summary>,
}

impl Line {
    fn of(row: &Row, rounds: &[Samples]) -> Line {
        let values = |system| Summary::of(rounds.iter().filter_map(|round| round.get(system, row.key)));
        let ratio_to = |other| {
            Summary::of(rounds.iter().filter_map(|round| {
                let ratio = round.get(System::Klamm, row.key)? / round.get(other, row.key)?;
                ratio.is_finite().then_some(ratio)
            }))
        };
        Line {
            klamm: values(System::Klamm),
            kafka: values(System::Kafka),
            ratio: ratio_to(System::Kafka),
            bare: values(System::Bare),
            to_bare: ratio_to(System::Bare),
        }
    }

    fn write(&self, row: &Row, text: &mut String) {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            row.name,
            row.unit,
            shown(self.klamm),
            shown(self.kafka),
            shown(self.ratio),
            shown(self.bare),
            shown(self.to_bare),
            asked(row),
            self.verdict(row),
        );
    }

    fn verdict(&self, row: &Row) -> &'static str {
        let reached = match row.goal {
            Goal::Told => return "",
            Goal::Ratio(goal) => self.ratio.map(|ratio| row.better.reaches(ratio.median, goal)),
            Goal::Absolute(goal) => self.klamm.map(|klamm| row.better.reaches(klamm.median, goal)),
        };
        let near_bare = match (row.bare, self.to_bare) {
            (Some(most), Some(ratio)) => ratio.median <= most,
            (Some(_), None) | (None, _) => true,
        };
        match reached {
            None => "not measured",
            Some(reached) if reached && near_bare => "reached",
            Some(_) => "**falls short**",
        }
    }
}

fn asked(row: &Row) -> String {
    let sign = row.better.sign();
    let goal = match row.goal {
        Goal::Told => return String::new(),
        Goal::Ratio(goal) => format!("{sign} {goal}x"),
        Goal::Absolute(goal) => format!("{sign} {goal} {}", row.unit).trim_end().to_owned(),
    };
    match row.bare {
        Some(most) => format!("{goal}; {sign} {most}x of the bare loop"),
        None => goal,
    }
}

fn shown(summary: Option<Summary>) -> String {
    let Some(Summary { median, least, most }) = summary else { return String::new() };
    if least == most {
        return number(median);
    }
    format!("{} ({}-{})", number(median), number(least), number(most))
}

/// Three digits that mean something.
fn number(value: f64) -> String {
    let decimals = match value.abs() {
        0.0 => 0,
        value if value < 1.0 => 3,
        value if value < 10.0 => 2,
        value if value < 100.0 => 1,
        _ => 0,
    };
    format!("{value:.decimals$}")
}

/// Writes the page whole or not at all.
pub fn write(page: Page, conditions: &Conditions, rounds: &[Samples]) -> Result<()> {
    let path = cache::workspace().join(page.path());
    let text = format!("{} {INTRODUCTION}{}\n{}", page.title(), table(page, rounds), conditions.text());
    let draft = path.with_extension("md.new");
    fs::write(&draft, text)?;
    fs::rename(&draft, &path)?;
    println!("wrote {}", page.path());
    Ok(())
}
