//! Which faults, when: a function of the seed.

use std::fmt;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

/// What befalls a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// SIGKILL, then a new start.
    Kill {
        /// Which node.
        node: i32,
    },
    /// SIGKILL for all, then new starts.
    KillAll,
    /// SIGTERM, then a new start.
    Restart {
        /// Which node.
        node: i32,
    },
    /// SIGSTOP, later SIGCONT.
    Pause {
        /// Which node.
        node: i32,
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

impl Schedule {
    /// `cycles` kills, each of one of `nodes`.
    pub fn kills(seed: u64, cycles: usize, nodes: i32) -> Schedule {
        Schedule::random(seed, cycles, |random| Fault::Kill { node: random.random_range(1..=nodes) })
    }

    /// `cycles` times SIGKILL for all nodes.
    pub fn kills_of_all(seed: u64, cycles: usize) -> Schedule {
        Schedule::random(seed, cycles, |_| Fault::KillAll)
    }

    /// Pauses of 50 ms up to `longest`, and among them restarts in order.
    pub fn pauses(seed: u64, cycles: usize, nodes: i32, longest: Duration) -> Schedule {
        let longest = u64::try_from(longest.as_millis()).unwrap_or(u64::MAX).max(51);
        Schedule::random(seed, cycles, |random| {
            let node = random.random_range(1..=nodes);
            match random.random_range(0..4) {
                0 => Fault::Restart { node },
                _ => Fault::Pause { node, millis: random.random_range(50..longest) },
            }
        })
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

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |is_it: fn(&Fault) -> bool| self.steps.iter().filter(|step| is_it(&step.fault)).count();
        let kinds = [
            ("kills", count(|fault| matches!(fault, Fault::Kill { .. }))),
            ("kills of all", count(|fault| matches!(fault, Fault::KillAll))),
            ("restarts", count(|fault| matches!(fault, Fault::Restart { .. }))),
            ("pauses", count(|fault| matches!(fault, Fault::Pause { .. }))),
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
    }
}
