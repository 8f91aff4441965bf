//! Where the tasks of a workload note what they see.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Event;

/// A history being written; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    events: Arc<Mutex<Vec<Event>>>,
}

impl Recorder {
    /// Notes one observation, after all those noted before.
    pub fn note(&self, event: Event) {
        self.events().push(event);
    }

    /// How many observations of a kind there are.
    pub fn count(&self, is_of_kind: impl Fn(&Event) -> bool) -> usize {
        self.events().iter().filter(|event| is_of_kind(event)).count()
    }

    /// All of them, in their order.
    pub fn take(&self) -> Vec<Event> {
        std::mem::take(&mut *self.events())
    }

    /// A task that panicked while it held the lock has left a whole list.
    fn events(&self) -> MutexGuard<'_, Vec<Event>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
