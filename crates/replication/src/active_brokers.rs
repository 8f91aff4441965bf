//! The brokers that may be in an ISR: registered, unfenced, not stopping (KIP-841), each with the epoch of its
//! registration (KIP-903).

use std::collections::BTreeMap;

use klamm_model::{BrokerEpoch, BrokerId};

/// A snapshot of one metadata image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActiveBrokers(BTreeMap<BrokerId, BrokerEpoch>);

impl ActiveBrokers {
    /// Whether a broker is active.
    pub fn contains(&self, id: BrokerId) -> bool {
        self.0.contains_key(&id)
    }

    /// The epoch of an active broker's registration.
    pub fn epoch_of(&self, id: BrokerId) -> Option<BrokerEpoch> {
        self.0.get(&id).copied()
    }

    /// Whether a follower that says it is of `epoch` may join an ISR. One of an older incarnation may not: it may
    /// have lost what it once acknowledged. One that tells no epoch is too old to be checked (Kafka:
    /// `Partition.isReplicaIsrEligible`).
    pub fn may_join(&self, id: BrokerId, epoch: Option<BrokerEpoch>) -> bool {
        self.0.get(&id).is_some_and(|registered| epoch.is_none_or(|epoch| epoch == *registered))
    }
}

impl FromIterator<(BrokerId, BrokerEpoch)> for ActiveBrokers {
    fn from_iter<I: IntoIterator<Item = (BrokerId, BrokerEpoch)>>(brokers: I) -> ActiveBrokers {
        ActiveBrokers(brokers.into_iter().collect())
    }
}
