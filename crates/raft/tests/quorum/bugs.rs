//! The checks are checked: each planted fault is found by an invariant of the world within a few
//! histories.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::time::Duration;

use klamm_model::NodeId;
use klamm_raft::Bug;

use crate::chaos::{self, Kind};
use crate::sim::{Build, World};

/// Histories a fault may hide in.
const SEEDS: u64 = 400;

thread_local! {
    /// Failures on this thread are wanted, and not printed.
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

/// What the checks of the world say when they fail.
const VERDICTS: [&str; 8] = [
    "has two leaders",
    "went back",
    "two records at offset",
    "lacks committed records",
    "committed offset",
    "hold everything below the high watermark",
    "holds something else",
    "cuts to",
];

/// A voter whose log syncs slowly appends a record that the others commit, stands for election,
/// gets a vote, and crashes. It comes back as the same candidate, without the record; the voter that
/// has given it its vote repeats it.
fn candidate_loses_its_tail(seed: u64, bug: Option<Bug>) {
    const PATIENCE: Duration = Duration::from_secs(60);
    let mut world = World::new(Build::new(3, 0), seed);
    world.planted = bug;
    world.start_all();
    world.run_until("agreement", PATIENCE, World::has_consistent_leader);
    world.appends = false;
    world.run_for(Duration::from_secs(1));
    let leader = world.leader().unwrap();
    let others: Vec<_> = world.ids().into_iter().filter(|id| *id != leader).collect();
    let (voter, candidate) = (others[0], others[1]);
    world.slow_logs.insert(candidate, Duration::from_secs(3_600));
    world.append_once();
    let end = world.nodes[&leader].disk.log_end();
    world.run_until("a commit", PATIENCE, |world| world.all_reached(end, &[leader]));
    world.run_for(Duration::from_millis(200));
    world.kill(leader);
    world.kill(voter);
    world.start(voter);
    let key = world.quorum(candidate).view().voters.get(NodeId::at(candidate)).map(|voter| voter.key);
    let has_voted = |world: &World| world.quorum(voter).view().voted == key;
    let limit = world.now.after(Duration::from_secs(20));
    while !has_voted(&world) && world.now < limit {
        world.run_one();
    }
    world.kill(candidate);
    world.start(candidate);
    world.run_for(Duration::from_secs(10));
    world.start(leader);
    world.run_until("agreement", PATIENCE, World::has_consistent_leader);
}

#[test]
fn a_candidate_that_loses_its_tail_does_not_win_with_it() {
    (0..50).for_each(|seed| candidate_loses_its_tail(seed, None));
}

/// The first seed whose history `bug` spoils, and the words of the check.
fn find(bug: Bug) -> Option<(u64, String)> {
    let history = |seed| match bug {
        Bug::ClaimUnsynced => candidate_loses_its_tail(seed, Some(bug)),
        Bug::OverlapChanges => chaos::run(seed, Kind::Changing, Some(bug)),
        Bug::AnswerBeforePersist => chaos::run(seed, Kind::Slow, Some(bug)),
        _ => chaos::run(seed, Kind::Fixed, Some(bug)),
    };
    (0..SEEDS).find_map(|seed| {
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| history(seed)));
        let words = outcome.err().map(|panic| {
            let text = panic.downcast_ref::<String>().cloned();
            text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
        })?;
        VERDICTS.iter().any(|verdict| words.contains(verdict)).then_some((seed, words))
    })
}

#[test]
fn every_planted_fault_is_found_by_a_check() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !IS_QUIET.get() {
            usual(info);
        }
    }));
    IS_QUIET.set(true);
    let found: Vec<_> = Bug::ALL.into_iter().map(|bug| (bug, find(bug))).collect();
    IS_QUIET.set(false);
    for (bug, verdict) in &found {
        println!("{bug:?}: {verdict:?}");
    }
    let hidden: Vec<_> = found.iter().filter(|(_, verdict)| verdict.is_none()).map(|(bug, _)| bug).collect();
    assert!(hidden.is_empty(), "not found within {SEEDS} histories: {hidden:?}");
}
