//! The keyed timers of one coordinator: one deadline per key, the earliest first.
//!
//! Owned by the driver, which arms one real timer for [`Timers::next_deadline`]. A fired key is taken out
//! before its command is decided. If the append of that command is refused, the driver sets the key again
//! [`RETRY_AFTER`] later, so that no state loses its deadline.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use klamm_model::Instant;

use crate::machine::TimerChange;

/// How long after a refused append the timer that led to it fires again.
pub const RETRY_AFTER: Duration = Duration::from_millis(500);

/// Deadlines by key and keys by deadline; both always hold the same pairs.
#[derive(Clone, Debug)]
pub struct Timers<K> {
    by_key: BTreeMap<K, Instant>,
    by_deadline: BTreeSet<(Instant, K)>,
}

impl<K: Clone + Ord> Default for Timers<K> {
    fn default() -> Timers<K> {
        Timers { by_key: BTreeMap::new(), by_deadline: BTreeSet::new() }
    }
}

impl<K: Clone + Ord> Timers<K> {
    /// Carries out one change.
    pub fn apply(&mut self, change: TimerChange<K>) {
        match change {
            TimerChange::Set(key, deadline) => {
                self.cancel(&key);
                self.by_deadline.insert((deadline, key.clone()));
                self.by_key.insert(key, deadline);
            }
            TimerChange::Cancel(key) => self.cancel(&key),
        }
    }

    /// When the driver must call [`Timers::pop_due`] next.
    pub fn next_deadline(&self) -> Option<Instant> {
        self.by_deadline.first().map(|(deadline, _)| *deadline)
    }

    /// Takes out the earliest timer that is due at `now`.
    pub fn pop_due(&mut self, now: Instant) -> Option<K> {
        let (deadline, _) = self.by_deadline.first()?;
        if *deadline > now {
            return None;
        }
        let (_, key) = self.by_deadline.pop_first()?;
        self.by_key.remove(&key);
        Some(key)
    }

    /// The deadline of `key`, if it is set.
    pub fn deadline(&self, key: &K) -> Option<Instant> {
        self.by_key.get(key).copied()
    }

    /// All timers, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&K, Instant)> {
        self.by_key.iter().map(|(key, deadline)| (key, *deadline))
    }

    fn cancel(&mut self, key: &K) {
        if let Some(deadline) = self.by_key.remove(key) {
            self.by_deadline.remove(&(deadline, key.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Instant {
        Instant::from_millis(millis)
    }

    #[test]
    fn setting_a_key_again_moves_its_only_deadline() {
        let mut timers = Timers::default();
        timers.apply(TimerChange::Set("a", at(5)));
        timers.apply(TimerChange::Set("a", at(9)));
        assert_eq!(timers.next_deadline(), Some(at(9)));
        assert_eq!(timers.pop_due(at(8)), None);
        assert_eq!(timers.pop_due(at(9)), Some("a"));
        assert_eq!(timers.next_deadline(), None);
    }

    #[test]
    fn due_timers_leave_in_order_of_deadline_and_a_cancelled_one_never() {
        let mut timers = Timers::default();
        timers.apply(TimerChange::Set("late", at(7)));
        timers.apply(TimerChange::Set("early", at(3)));
        timers.apply(TimerChange::Set("gone", at(1)));
        timers.apply(TimerChange::Cancel("gone"));
        assert_eq!(timers.pop_due(at(10)), Some("early"));
        assert_eq!(timers.pop_due(at(10)), Some("late"));
        assert_eq!(timers.pop_due(at(10)), None);
    }
}
