//! One path: the conditions that all its connections follow, changed from outside.

use tokio::sync::watch;

use super::Conditions;

/// What pipes follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Orders {
    pub(super) conditions: Conditions,
    /// Connections of an older generation are reset.
    pub(super) generation: u64,
}

/// A handle to a path; clones are the same one.
#[derive(Clone, Debug, Default)]
pub struct Path(watch::Sender<Orders>);

impl Path {
    /// Changes the path, for bytes already under way, too.
    pub fn set(&self, conditions: Conditions) {
        self.0.send_modify(|orders| orders.conditions = conditions);
    }

    /// Resets all connections; new ones are taken.
    pub fn reset(&self) {
        self.0.send_modify(|orders| orders.generation += 1);
    }

    pub(super) fn follow(&self) -> watch::Receiver<Orders> {
        self.0.subscribe()
    }
}
