//! The only randomness of the quorum: seeded jitter, so that equal seeds make equal histories.

use std::time::Duration;

use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};

/// A stream of chance from a seed.
#[derive(Clone, Debug)]
pub(crate) struct Jitter(SplitMix64);

impl Jitter {
    pub(crate) fn new(seed: u64) -> Jitter {
        Jitter(SplitMix64::seed_from_u64(seed))
    }

    /// A number below `bound`; 0 if `bound` is 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        if bound == 0 {
            return 0;
        }
        // The bias of the remainder is below 2^-40 for every bound used here.
        usize::try_from(self.0.next_u64() % bound as u64).expect("a remainder is below its bound")
    }

    /// Between `base` and twice `base`. Never zero: a wait of nothing would be a busy loop.
    pub(crate) fn election_timeout(&mut self, base: Duration) -> Duration {
        let base_nanos = u64::try_from(base.as_nanos()).unwrap_or(u64::MAX).max(1_000_000);
        Duration::from_nanos(base_nanos.saturating_add(self.0.next_u64() % base_nanos))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn election_timeouts_lie_between_once_and_twice_the_base() {
        let mut jitter = Jitter::new(1);
        let base = Duration::from_millis(1_000);
        for _ in 0..1_000 {
            let timeout = jitter.election_timeout(base);
            assert!(timeout >= base && timeout < 2 * base, "{timeout:?}");
        }
        assert!(jitter.election_timeout(Duration::ZERO) >= Duration::from_millis(1));
    }

    #[test]
    fn equal_seeds_give_equal_numbers() {
        let (mut one, mut two) = (Jitter::new(7), Jitter::new(7));
        assert!((0..100).all(|_| one.below(1_000) == two.below(1_000)));
    }
}
