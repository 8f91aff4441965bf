//! Placement of a new topic's replicas, as Kafka's `StripedReplicaPlacer` does it.
//!
//! 1. Racks are visited round robin, the start moving on by one with each partition.
//! 2. Within a rack, brokers are visited round robin, the start moving on with each partition.
//! 3. Unfenced brokers of a rack come first, fenced ones are its last resort; a partition's first
//!    replica (its preferred leader) is always unfenced.
//! 4. After as many partitions as there are unfenced brokers all orders are shuffled, so that
//!    neighbours do not always fail over to the same broker.

use std::collections::BTreeMap;

use klamm_model::BrokerId;

use crate::{Rack, SeededRandom, UsableBroker};

/// How many replicas of how many partitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlacementSpec {
    /// Partitions to place.
    pub partitions: usize,
    /// Replicas of each; from the wire, hence signed.
    pub replication_factor: i16,
}

/// Why nothing was placed. The texts are Kafka's: clients show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlacementError {
    /// Zero or negative replicas were asked for.
    #[error("Invalid replication factor {0}: the replication factor must be positive.")]
    NotPositive(i16),
    /// There is no broker that could lead.
    #[error("All brokers are currently fenced, or have all their log directories cordoned.")]
    NoUnfencedBroker,
    /// Fewer brokers than replicas.
    #[error(
        "The target replication factor of {wanted} cannot be reached because only {brokers} broker(s) are \
         registered or some brokers have all their log directories cordoned."
    )]
    TooFewBrokers {
        /// Replicas asked for.
        wanted: i16,
        /// Usable brokers, fenced ones included.
        brokers: usize,
    },
}

/// The replicas of each partition, the preferred leader first.
pub fn place(
    spec: PlacementSpec,
    brokers: &[UsableBroker],
    random: &mut SeededRandom,
) -> Result<Vec<Vec<BrokerId>>, PlacementError> {
    let mut racks = RackList::new(brokers, random);
    let wanted = spec.replication_factor;
    if wanted <= 0 {
        return Err(PlacementError::NotPositive(wanted));
    }
    if racks.unfenced == 0 {
        return Err(PlacementError::NoUnfencedBroker);
    }
    let replicas = usize::from(wanted.unsigned_abs());
    if replicas > brokers.len() {
        return Err(PlacementError::TooFewBrokers { wanted, brokers: brokers.len() });
    }
    Ok((0..spec.partitions).map(|_| racks.place(replicas, random)).collect())
}

/// Racks in their present order, with the round-robin state of rules 1 to 4.
struct RackList {
    racks: Vec<RackBrokers>,
    unfenced: usize,
    /// Partitions placed since the last shuffle.
    epoch: usize,
    /// The rack the next partition starts at; may be one past the end.
    offset: usize,
}

impl RackList {
    fn new(brokers: &[UsableBroker], random: &mut SeededRandom) -> RackList {
        let mut by_rack: BTreeMap<&Rack, RackBrokers> = BTreeMap::new();
        for broker in brokers {
            let rack = by_rack.entry(&broker.rack).or_default();
            let list = if broker.fenced { &mut rack.fenced } else { &mut rack.unfenced };
            list.brokers.push(broker.id);
        }
        let mut racks: Vec<RackBrokers> = by_rack.into_values().collect();
        for rack in &mut racks {
            rack.fenced.start(random);
            rack.unfenced.start(random);
        }
        let offset = if racks.is_empty() { 0 } else { random.below(racks.len()) };
        let unfenced = brokers.iter().filter(|b| !b.fenced).count();
        RackList { racks, unfenced, epoch: 0, offset }
    }

    /// Places one partition. The caller has checked that there are `replicas` brokers and that one
    /// is unfenced, so both searches end.
    fn place(&mut self, replicas: usize, random: &mut SeededRandom) -> Vec<BrokerId> {
        if self.epoch == self.unfenced && self.unfenced > 1 {
            self.shuffle(random);
            self.epoch = 0;
        }
        if self.offset == self.racks.len() {
            self.offset = 0;
        }
        let (leader, leader_rack) = self.first_unfenced();
        let mut placed = Vec::with_capacity(replicas);
        placed.push(leader);
        let mut rack = self.offset;
        // The leader's rack is passed over once: it has its replica.
        let mut skip = Some(leader_rack);
        while placed.len() < replicas {
            if skip == Some(rack) {
                skip = None;
            } else if let Some(broker) = self.racks[rack].next(self.epoch) {
                placed.push(broker);
            }
            rack = (rack + 1) % self.racks.len();
        }
        self.epoch += 1;
        self.offset += 1;
        placed
    }

    fn first_unfenced(&mut self) -> (BrokerId, usize) {
        let mut rack = self.offset;
        loop {
            if let Some(broker) = self.racks[rack].unfenced.next(self.epoch) {
                return (broker, rack);
            }
            rack = (rack + 1) % self.racks.len();
        }
    }

    fn shuffle(&mut self, random: &mut SeededRandom) {
        random.shuffle(&mut self.racks);
        for rack in &mut self.racks {
            random.shuffle(&mut rack.fenced.brokers);
            random.shuffle(&mut rack.unfenced.brokers);
        }
    }
}

#[derive(Default)]
struct RackBrokers {
    fenced: BrokerList,
    unfenced: BrokerList,
}

impl RackBrokers {
    fn next(&mut self, epoch: usize) -> Option<BrokerId> {
        self.unfenced.next(epoch).or_else(|| self.fenced.next(epoch))
    }
}

/// Brokers of one rack and kind: each at most once per epoch, starting one further each epoch.
#[derive(Default)]
struct BrokerList {
    brokers: Vec<BrokerId>,
    epoch: usize,
    index: usize,
    offset: usize,
}

impl BrokerList {
    fn start(&mut self, random: &mut SeededRandom) {
        if !self.brokers.is_empty() {
            self.brokers.sort_unstable();
            self.offset = random.below(self.brokers.len());
        }
    }

    fn next(&mut self, epoch: usize) -> Option<BrokerId> {
        let count = self.brokers.len();
        if count == 0 {
            return None;
        }
        if self.epoch != epoch {
            self.epoch = epoch;
            self.index = 0;
            self.offset = (self.offset + 1) % count;
        }
        if self.index >= count {
            return None;
        }
        let broker = self.brokers[(self.index + self.offset) % count];
        self.index += 1;
        Some(broker)
    }
}

#[cfg(test)]
mod tests;
