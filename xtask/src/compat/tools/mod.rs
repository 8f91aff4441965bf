//! `compat tools`: the same command lines with Kafka's own tools and with ours, on fresh nodes of both systems.
//!
//! Four passes over `tests/compat/tools/lines.txt`: Kafka's tools (in one JVM) and ours, each on Apache Kafka and
//! on Klamm. What Kafka's tools say to Apache Kafka is right; whatever differs from it is a failure.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;

use crate::oracle::broker::{Site, System, klamm_binary};
use crate::oracle::cache;
use line::Line;
use pass::{Ran, Tools};

mod help;
mod json;
mod line;
mod normal;
mod pass;
mod runner;

const LINES: &str = "tests/compat/tools/lines.txt";

/// What to compare.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Passes to compare with that of Kafka's tools on Apache Kafka
    #[arg(long, value_enum, default_value_t = Against::All)]
    against: Against,
    /// Print each line's outcomes
    #[arg(long, short)]
    verbose: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Against {
    /// Our tools on Apache Kafka: differences are those of the tools alone
    OurTools,
    /// Kafka's tools on Klamm: differences are those of the node alone
    OurNode,
    /// Both, and our tools on Klamm
    All,
}

/// Runs the passes, prints the differences and fails where there is one.
pub(crate) fn run(args: &Args) -> Result<()> {
    let text = std::fs::read_to_string(cache::workspace().join(LINES))?;
    let lines = Line::parse_all(&text).context(LINES)?;
    let right = pass(Tools::Kafka, System::Kafka, &lines)?;
    let passes: &[(Tools, System)] = match args.against {
        Against::OurTools => &[(Tools::Klamm, System::Kafka)],
        Against::OurNode => &[(Tools::Kafka, System::Klamm)],
        Against::All => {
            &[(Tools::Klamm, System::Kafka), (Tools::Kafka, System::Klamm), (Tools::Klamm, System::Klamm)]
        }
    };
    let mut differences = 0;
    let mut kafkas_tools_on_klamm = None;
    for (tools, system) in passes {
        let ran = pass(*tools, *system, &lines)?;
        // Where systems may differ, tools may not: both are compared on the same one.
        let right_of_system = match system {
            System::Kafka => Some(&right),
            System::Klamm => kafkas_tools_on_klamm.as_ref(),
        };
        let title = format!("{} on {}", tools.name(), system.name());
        let pairs = lines.iter().zip(&right).zip(&ran).enumerate();
        for (at, ((line, right), ran)) in pairs {
            let expected = if line.may_systems_differ() {
                let Some(of_system) = right_of_system else { continue };
                &of_system[at]
            } else {
                right
            };
            differences += usize::from(report(&title, line, expected, ran, args.verbose));
        }
        if *tools == Tools::Kafka {
            kafkas_tools_on_klamm = Some(ran);
        }
    }
    let compared = lines.iter().filter(|line| !line.is_scene()).count();
    println!("{compared} command lines, {} passes, {differences} differences", passes.len() + 1);
    ensure!(differences == 0, "{differences} differences");
    Ok(())
}

/// Shows a line whose outcomes differ; whether they do.
fn report(title: &str, line: &Line, right: &Ran, ran: &Ran, verbose: bool) -> bool {
    let (expected, found) = (normal::of(line, right), normal::of(line, ran));
    let differs = expected != found;
    if differs {
        println!("\n{title}: {}\n--- expected\n{expected}\n+++ found\n{found}", line.text());
    } else if verbose {
        println!("\n{title}: {}\n{found}", line.text());
    }
    differs
}

fn pass(tools: Tools, system: System, lines: &[Line]) -> Result<Vec<Ran>> {
    let site = Site::create(&["log.retention.ms=-1"])?;
    site.format(system)?;
    let broker = site.start(system)?;
    let directory = tempfile::tempdir()?;
    let binary: Option<PathBuf> = match tools {
        Tools::Klamm => Some(klamm_binary()?),
        Tools::Kafka => None,
    };
    let places = pass::Places {
        server: site.bootstrap(),
        controller: site.controller(),
        directory: directory.path().to_path_buf(),
        site: site.dir().to_path_buf(),
    };
    let ran = pass::run(tools, binary.as_deref(), &places, lines);
    let ran = ran.with_context(|| format!("{} on {}", tools.name(), system.name()))?;
    if let (Some(binary), System::Klamm) = (&binary, system) {
        json::check(binary, &places.server)?;
    }
    broker.stop()?;
    Ok(ran)
}
