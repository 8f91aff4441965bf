//! The seeded source of randomness of placements: the generator that Java documents for
//! `java.util.Random`, so that one seed gives Kafka's placement.

const MULTIPLIER: u64 = 0x5_DEEC_E66D;
const MASK: u64 = (1 << 48) - 1;

/// A linear congruential generator of 48 bits. Not for secrets.
#[derive(Clone, Debug)]
pub struct SeededRandom {
    state: u64,
}

impl SeededRandom {
    /// A generator whose draws depend on `seed` alone.
    pub const fn new(seed: u64) -> SeededRandom {
        SeededRandom { state: (seed ^ MULTIPLIER) & MASK }
    }

    fn next_31(&mut self) -> u32 {
        self.state = self.state.wrapping_mul(MULTIPLIER).wrapping_add(0xB) & MASK;
        u32::try_from(self.state >> 17).expect("48 - 17 bits fit 31")
    }

    /// A number below `bound`, all equally likely.
    ///
    /// # Panics
    /// If `bound` is 0 or does not fit 31 bits.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u32::try_from(bound).ok().filter(|b| (1..=i32::MAX.unsigned_abs()).contains(b));
        let bound = bound.expect("a bound is positive and fits 31 bits");
        let mut draw = self.next_31();
        let result = if bound.is_power_of_two() {
            u32::try_from((u64::from(bound) * u64::from(draw)) >> 31).expect("below a 31-bit bound")
        } else {
            // Draws of the last, incomplete run of `bound` numbers are drawn again.
            while draw - draw % bound > i32::MAX.unsigned_abs() - (bound - 1) {
                draw = self.next_31();
            }
            draw % bound
        };
        result as usize
    }

    /// Permutes `items`, all orders equally likely (as far as 48 bits of state go).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (2..=items.len()).rev() {
            let with = self.below(end);
            items.swap(end - 1, with);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_those_of_javas_generator() {
        // new java.util.Random(42): nextInt(10) x 5, then nextInt(16) x 3.
        let mut random = SeededRandom::new(42);
        let tens: Vec<usize> = (0..5).map(|_| random.below(10)).collect();
        assert_eq!(tens, [0, 3, 8, 4, 0]);
    }

    #[test]
    fn a_shuffle_keeps_every_item() {
        let mut items: Vec<u32> = (0..100).collect();
        SeededRandom::new(7).shuffle(&mut items);
        assert_ne!(items, (0..100).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..100).collect::<Vec<_>>());
    }
}
