//! The stories: a table of names and what each needs. All run, also after a failure.

use std::time::Instant;

use anyhow::{Result, ensure};

use super::bed::Bed;

mod charts;
mod definitions;
mod pods;
mod reconcile;
mod refusals;

/// What of a bed a story needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    /// The API server.
    ApiServer,
    /// Nodes, and the operator on them.
    Operator,
}

struct Story {
    name: &'static str,
    needs: Needs,
    run: fn(&mut Bed) -> Result<()>,
}

const STORIES: &[Story] = &[
    Story { name: "definitions", needs: Needs::ApiServer, run: definitions::run },
    Story { name: "refusals", needs: Needs::ApiServer, run: refusals::run },
    Story { name: "charts", needs: Needs::ApiServer, run: charts::run },
    Story { name: "reconcile", needs: Needs::ApiServer, run: reconcile::run },
    Story { name: "operator", needs: Needs::Operator, run: pods::operator::run },
    Story { name: "combined", needs: Needs::Operator, run: pods::combined::run },
    Story { name: "dedicated", needs: Needs::Operator, run: pods::dedicated::run },
    Story { name: "pace", needs: Needs::Operator, run: pods::pace::run },
    Story { name: "idle", needs: Needs::Operator, run: pods::idle::run },
];

/// Runs the stories whose name contains `only`.
pub(super) fn run(bed: &mut Bed, only: Option<&str>) -> Result<()> {
    let wanted: Vec<&Story> =
        STORIES.iter().filter(|story| only.is_none_or(|part| story.name.contains(part))).collect();
    ensure!(!wanted.is_empty(), "no story matches");
    let mut failed = Vec::new();
    for story in wanted {
        println!("== kube {}", story.name);
        let began = Instant::now();
        let outcome = prepare(bed, story.needs).and_then(|()| (story.run)(bed));
        let seconds = began.elapsed().as_secs_f64();
        match outcome.and_then(|()| bed.ensure_alive()) {
            Ok(()) => println!("== kube {}: holds, after {seconds:.1} s", story.name),
            Err(error) => {
                println!("== kube {}: FAILED after {seconds:.1} s: {error:#}", story.name);
                failed.push(story.name);
            }
        }
    }
    ensure!(failed.is_empty(), "kube: {} failed", failed.join(", "));
    Ok(())
}

fn prepare(bed: &mut Bed, needs: Needs) -> Result<()> {
    match needs {
        // The definitions are there from the first story on, whichever it is.
        Needs::ApiServer => definitions::apply(bed),
        Needs::Operator => {
            definitions::apply(bed)?;
            bed.start_nodes()?;
            pods::operator::installed(bed)
        }
    }
}
