//! Which faults, when: a function of the seed.

use std::fmt;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::cut::Cut;

/// Whom a fault befalls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// This node.
    Node(i32),
    /// Whoever leads this partition of the load's topic when the fault comes.
    Leader(i32),
    /// Whoever is the active controller when the fault comes.
    Controller,
}

/// What befalls nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// SIGKILL, then a new start.
    Kill {
        /// Which node.
        whom: Whom,
        /// Milliseconds until the new start.
        millis: u64,
    },
    /// SIGKILL for all, then new starts.
    KillAll,
    /// SIGTERM, then a new start.
    Restart {
        /// Which node.
        whom: Whom,
    },
    /// SIGSTOP, later SIGCONT.
    Pause {
        /// Which node.
        whom: Whom,
        /// How long.
        millis: u64,
    },
    /// Nodes that do not hear each other, for a while.
    Cut {
        /// Which of them.
        cut: Cut,
        /// How long.
        millis: u64,
    },
}

/// A fault, and how long the load goes on before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Time after the last fault was got over.
    pub after: Duration,
    /// The fault.
    pub fault: Fault,
}

/// Faults in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// What it was made from.
    pub seed: u64,
    /// The faults.
    pub steps: Vec<Step>,
}

/// Longest absence of a killed node before its new start: as often shorter as longer than a session of
/// [`super::SESSION`].
const LONGEST_ABSENCE: u64 = 3_000;
/// Lengths of what a cluster's sessions outlast, and of what they do not.
const SHORT_OR_LONG: std::ops::Range<u64> = 500..6_000;

impl Schedule {
    /// `cycles` kills, each of one of `nodes`. A cluster's nodes stay away for a while.
    pub fn kills(seed: u64, cycles: usize, nodes: i32) -> Schedule {
        Schedule::random(seed, cycles, |random| Fault::Kill {
            whom: whom(random, nodes),
            millis: if nodes > 1 { random.random_range(0..LONGEST_ABSENCE) } else { 0 },
        })
    }

    /// `cycles` times SIGKILL for all nodes.
    pub fn kills_of_all(seed: u64, cycles: usize) -> Schedule {
        Schedule::random(seed, cycles, |_| Fault::KillAll)
    }

    /// Pauses of 50 ms up to `longest`, and among them restarts in order.
    pub fn pauses(seed: u64, cycles: usize, nodes: i32, longest: Duration) -> Schedule {
        let longest = u64::try_from(longest.as_millis()).unwrap_or(u64::MAX).max(51);
        Schedule::random(seed, cycles, |random| {
            let whom = whom(random, nodes);
            match random.random_range(0..4) {
                0 => Fault::Restart { whom },
                _ => Fault::Pause { whom, millis: random.random_range(50..longest) },
            }
        })
    }

    /// Every kind of cut in turn, each from anew chosen nodes.
    pub fn cuts(seed: u64, cycles: usize, nodes: i32) -> Schedule {
        let mut turn = 0;
        Schedule::random(seed, cycles, |random| {
            turn += 1;
            let cut = Cut::kind(turn - 1, whom(random, nodes), nodes);
            Fault::Cut { cut, millis: random.random_range(SHORT_OR_LONG) }
        })
    }

    /// One of each: a cut of each kind, leader and controller paused for longer than their sessions, a restart in
    /// order, all killed; in an order of the seed.
    pub fn storm(seed: u64, nodes: i32) -> Schedule {
        let mut random = StdRng::seed_from_u64(seed);
        let mut left: Vec<Fault> = (0..Cut::kinds(nodes))
            .map(|kind| Fault::Cut {
                cut: Cut::kind(kind, whom(&mut random, nodes), nodes),
                millis: random.random_range(SHORT_OR_LONG),
            })
            .collect();
        let leader = Whom::Leader(random.random_range(0..4));
        left.push(Fault::Pause { whom: leader, millis: random.random_range(3_000..6_000) });
        left.push(Fault::Pause { whom: Whom::Controller, millis: random.random_range(3_000..6_000) });
        left.push(Fault::Restart { whom: leader });
        left.push(Fault::KillAll);
        let cycles = left.len();
        Schedule::random(seed, cycles, |random| left.swap_remove(random.random_range(0..left.len())))
    }

    fn random(seed: u64, cycles: usize, mut fault: impl FnMut(&mut StdRng) -> Fault) -> Schedule {
        let mut random = StdRng::seed_from_u64(seed);
        let steps = (0..cycles).map(|_| Step {
            after: Duration::from_millis(random.random_range(0..400)),
            fault: fault(&mut random),
        });
        Schedule { seed, steps: steps.collect() }
    }
}

/// Of one node only that; in a cluster anyone, and one time in three whoever has an office.
fn whom(random: &mut StdRng, nodes: i32) -> Whom {
    let node = Whom::Node(random.random_range(1..=nodes));
    if nodes == 1 {
        return node;
    }
    match random.random_range(0..6) {
        0 => Whom::Leader(random.random_range(0..4)),
        1 => Whom::Controller,
        _ => node,
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |is_it: fn(&Fault) -> bool| self.steps.iter().filter(|step| is_it(&step.fault)).count();
        let kinds = [
            ("kills", count(|fault| matches!(fault, Fault::Kill { .. }))),
            ("kills of all", count(|fault| matches!(fault, Fault::KillAll))),
            ("restarts", count(|fault| matches!(fault, Fault::Restart { .. }))),
            ("pauses", count(|fault| matches!(fault, Fault::Pause { .. }))),
            ("cuts", count(|fault| matches!(fault, Fault::Cut { .. }))),
        ];
        let told: Vec<String> = kinds
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|(kind, count)| format!("{count} {kind}"))
            .collect();
        f.write_str(&told.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_faults_again() {
        assert_eq!(Schedule::kills(7, 20, 3), Schedule::kills(7, 20, 3));
        assert_ne!(Schedule::kills(7, 20, 3), Schedule::kills(8, 20, 3));
        assert_eq!(Schedule::kills(7, 20, 3).to_string(), "20 kills");
        assert_eq!(Schedule::storm(7, 3), Schedule::storm(7, 3));
    }

    #[test]
    fn a_storm_has_each_fault_once() {
        let storm = Schedule::storm(3, 5);
        assert_eq!(
            storm.to_string(),
            format!("1 kills of all, 1 restarts, 2 pauses, {} cuts", Cut::kinds(5))
        );
        let paused = |is_it: fn(&Whom) -> bool| {
            storm.steps.iter().any(|step| matches!(&step.fault, Fault::Pause { whom, .. } if is_it(whom)))
        };
        assert!(paused(|whom| *whom == Whom::Controller));
        assert!(paused(|whom| matches!(whom, Whom::Leader(_))));
    }
}
