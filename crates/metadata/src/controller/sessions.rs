//! Soft state: which brokers were heard of when, and how far each has read the metadata. Only the
//! active controller has it; a new one gives every unfenced broker a full session.

use std::collections::BTreeMap;
use std::time::Duration;

use klamm_model::{BrokerEpoch, BrokerId, Instant, Offset};

use super::SoftChange;
use crate::image::{BrokerRegistration, ClusterImage};

/// What is known of one broker that was heard of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    epoch: BrokerEpoch,
    heard: Instant,
    metadata_offset: Option<Offset>,
    /// Set while in controlled shutdown: the broker may stop once all others have read so far.
    shutdown_offset: Option<Offset>,
}

/// The sessions of all brokers.
#[derive(Clone, Debug)]
pub(crate) struct Sessions {
    timeout: Duration,
    by_broker: BTreeMap<BrokerId, Session>,
}

impl Sessions {
    pub(crate) const fn new(timeout: Duration) -> Sessions {
        Sessions { timeout, by_broker: BTreeMap::new() }
    }

    /// Starts over, as a controller does that became active at `now`. Brokers whose process `is_gone` get no session.
    pub(crate) fn restart(
        &mut self,
        cluster: &ClusterImage,
        now: Instant,
        is_gone: impl Fn(&BrokerRegistration) -> bool,
    ) {
        let unfenced = cluster.brokers().filter(|broker| !broker.fenced && !is_gone(broker));
        let fresh = |epoch| Session { epoch, heard: now, metadata_offset: None, shutdown_offset: None };
        self.by_broker = unfenced.map(|broker| (broker.id, fresh(broker.epoch))).collect();
    }

    pub(crate) fn clear(&mut self) {
        self.by_broker.clear();
    }

    /// Applies a change of a decision whose last record has offset `last`.
    pub(crate) fn apply(&mut self, change: SoftChange, last: Offset) {
        match change {
            SoftChange::Heard { broker, epoch, at, metadata_offset } => {
                let present = self.by_broker.get(&broker).filter(|session| session.epoch == epoch);
                let shutdown_offset = present.and_then(|session| session.shutdown_offset);
                self.by_broker.insert(broker, Session { epoch, heard: at, metadata_offset, shutdown_offset });
            }
            SoftChange::StartedShutdown(broker) => {
                if let Some(session) = self.by_broker.get_mut(&broker) {
                    session.shutdown_offset.get_or_insert(last);
                }
            }
            SoftChange::EndedShutdown(broker) => {
                if let Some(session) = self.by_broker.get_mut(&broker) {
                    session.shutdown_offset = None;
                }
            }
            SoftChange::Amended(broker) => {
                if let Some(session) = self.by_broker.get_mut(&broker) {
                    session.metadata_offset = None;
                    session.shutdown_offset = None;
                }
            }
            SoftChange::Forget(broker) => {
                self.by_broker.remove(&broker);
            }
        }
    }

    /// Whether this registration of the broker was heard of recently.
    pub(crate) fn is_valid(&self, broker: BrokerId, epoch: BrokerEpoch, now: Instant) -> bool {
        let session = self.by_broker.get(&broker);
        session.is_some_and(|s| s.epoch == epoch && !self.is_expired(s, now))
    }

    /// Whether the broker was heard of after `moment`.
    pub(crate) fn is_heard_after(&self, broker: BrokerId, moment: Instant) -> bool {
        self.by_broker.get(&broker).is_some_and(|session| session.heard > moment)
    }

    /// The offset all others must have read before the broker may stop; `None` if it is not in
    /// controlled shutdown.
    pub(crate) fn shutdown_offset(&self, broker: BrokerId) -> Option<Offset> {
        self.by_broker.get(&broker)?.shutdown_offset
    }

    /// Whether every broker that is unfenced and not stopping has read up to `offset`.
    pub(crate) fn all_active_have_read(&self, cluster: &ClusterImage, offset: Offset) -> bool {
        cluster.brokers().filter(|broker| !broker.fenced).all(|broker| {
            let session = self.by_broker.get(&broker.id);
            let stopping = session.is_some_and(|session| session.shutdown_offset.is_some());
            stopping || session.and_then(|session| session.metadata_offset) >= Some(offset)
        })
    }

    /// Brokers whose session is over, the longest silent first.
    pub(crate) fn expired(&self, now: Instant) -> Vec<(BrokerId, BrokerEpoch)> {
        let silent = self.by_broker.iter().filter(|(_, session)| self.is_expired(session, now));
        let mut silent: Vec<_> = silent.map(|(id, session)| (session.heard, *id, session.epoch)).collect();
        silent.sort_unstable();
        silent.into_iter().map(|(_, id, epoch)| (id, epoch)).collect()
    }

    /// When the next session is over unless the broker is heard of.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        let first = self.by_broker.values().map(|session| session.heard).min()?;
        Some(first.after(self.timeout + Duration::from_nanos(1)))
    }

    fn is_expired(&self, session: &Session, now: Instant) -> bool {
        now > session.heard.after(self.timeout)
    }
}
