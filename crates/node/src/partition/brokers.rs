//! The active brokers of the newest image, shared by all partitions: leaders look at them at each input.

use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};
use klamm_replication::ActiveBrokers;

/// A cheap clone; written by whoever publishes images.
#[derive(Clone, Debug, Default)]
pub struct BrokerActivity(Arc<ArcSwap<ActiveBrokers>>);

impl BrokerActivity {
    /// Takes the brokers of a new image.
    pub fn store(&self, brokers: ActiveBrokers) {
        self.0.store(Arc::new(brokers));
    }

    pub(super) fn load(&self) -> Guard<Arc<ActiveBrokers>> {
        self.0.load()
    }
}
