//! Our decisions, images and placements against Apache Kafka's own classes: run by
//! `cargo xtask compat metadata`, which names the class path in `KLAMM_METADATA_ORACLE`.
#![allow(clippy::disallowed_methods)] // starts Kafka's classes beside ours
#![allow(clippy::unwrap_used)]

mod child;
mod commands;
mod decisions;
mod partition_changes;
mod placements;
mod replies;

use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};

/// A stream of random values.
#[derive(Clone, Debug)]
struct Random(SplitMix64);

impl Random {
    fn new(seed: u64) -> Random {
        Random(SplitMix64::seed_from_u64(seed))
    }

    fn next(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `bound`.
    fn below(&mut self, bound: i32) -> i32 {
        i32::try_from(self.next() % u64::from(bound.unsigned_abs())).unwrap()
    }

    /// True once in `times`.
    fn once_in(&mut self, times: i32) -> bool {
        self.below(times) == 0
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[usize::try_from(self.below(i32::try_from(from.len()).unwrap())).unwrap()]
    }

    /// Some of `from`, in random order, none twice.
    fn some(&mut self, from: &[i32], least: i32) -> Vec<i32> {
        let mut rest = from.to_vec();
        let count = least + self.below(i32::try_from(rest.len()).unwrap() + 1 - least);
        (0..count)
            .map(|_| rest.remove(usize::try_from(self.below(i32::try_from(rest.len()).unwrap())).unwrap()))
            .collect()
    }
}

/// How many random runs to make: `KLAMM_ORACLE_RUNS`, or `default`.
fn runs(default: u64) -> u64 {
    std::env::var("KLAMM_ORACLE_RUNS").map_or(default, |runs| runs.parse().unwrap())
}
