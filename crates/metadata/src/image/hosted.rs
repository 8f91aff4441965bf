//! Which partitions a broker has to do with, kept up to date with every partition change: what a
//! broker hosts, leads and may lead is never searched for in all partitions.

use std::collections::BTreeMap;

use imbl::{OrdMap, OrdSet};
use klamm_model::{BrokerId, TopicIdPartition};

use super::partition::Partition;

/// What one partition's registration says of one broker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Membership(u8);

impl Membership {
    const REPLICA: Membership = Membership(1);
    const IN_ISR: Membership = Membership(2);
    const IN_ELR: Membership = Membership(4);
    const LEADER: Membership = Membership(8);

    const fn has(self, other: Membership) -> bool {
        self.0 & other.0 != 0
    }

    const fn with(self, other: Membership) -> Membership {
        Membership(self.0 | other.0)
    }

    /// It has a replica.
    pub const fn is_replica(self) -> bool {
        self.has(Self::REPLICA)
    }

    /// Its replica is in sync.
    pub const fn is_in_isr(self) -> bool {
        self.has(Self::IN_ISR)
    }

    /// Its replica is eligible to lead though out of sync.
    pub const fn is_in_elr(self) -> bool {
        self.has(Self::IN_ELR)
    }

    /// It leads.
    pub const fn is_leader(self) -> bool {
        self.has(Self::LEADER)
    }

    fn by_broker(partition: &Partition) -> BTreeMap<BrokerId, Membership> {
        let mut members: BTreeMap<BrokerId, Membership> = BTreeMap::new();
        let mut mark = |brokers: &[BrokerId], flag: Membership| {
            for broker in brokers {
                let member = members.entry(*broker).or_default();
                *member = member.with(flag);
            }
        };
        mark(partition.replicas(), Self::REPLICA);
        mark(partition.isr(), Self::IN_ISR);
        mark(partition.elr(), Self::IN_ELR);
        mark(partition.leader().as_slice(), Self::LEADER);
        members
    }
}

/// The partitions of one broker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostedPartitions {
    members: OrdMap<TopicIdPartition, Membership>,
    leaders: usize,
}

impl HostedPartitions {
    /// Its partitions, ordered by topic id and index.
    pub fn iter(&self) -> impl Iterator<Item = (TopicIdPartition, Membership)> + '_ {
        self.members.iter().map(|(partition, member)| (*partition, *member))
    }

    /// How many partitions it leads.
    pub const fn leader_count(&self) -> usize {
        self.leaders
    }

    /// How many partitions mention it.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether no partition mentions it.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    fn set(&mut self, partition: TopicIdPartition, member: Option<Membership>) {
        let previous = match member {
            Some(member) => self.members.insert(partition, member),
            None => self.members.remove(&partition),
        };
        self.leaders -= usize::from(previous.is_some_and(Membership::is_leader));
        self.leaders += usize::from(member.is_some_and(Membership::is_leader));
    }
}

/// Partitions by broker, and the sets of partitions that the controller has to look after.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PartitionIndex {
    pub(crate) by_broker: OrdMap<BrokerId, HostedPartitions>,
    pub(crate) leaderless: OrdSet<TopicIdPartition>,
    pub(crate) not_led_as_preferred: OrdSet<TopicIdPartition>,
    pub(crate) reassigning: OrdSet<TopicIdPartition>,
}

impl PartitionIndex {
    /// Follows one partition from one registration to the next; `None` before it exists and after
    /// its topic is deleted.
    pub(crate) fn update(&mut self, id: TopicIdPartition, old: Option<&Partition>, new: Option<&Partition>) {
        let before = old.map(Membership::by_broker).unwrap_or_default();
        let after = new.map(Membership::by_broker).unwrap_or_default();
        for broker in before.keys().filter(|broker| !after.contains_key(broker)) {
            self.set_member(*broker, id, None);
        }
        for (broker, member) in &after {
            if before.get(broker) != Some(member) {
                self.set_member(*broker, id, Some(*member));
            }
        }
        let was = |test: fn(&Partition) -> bool| (old.is_some_and(test), new.is_some_and(test));
        toggle(&mut self.leaderless, id, was(|p| p.leader().is_none()));
        toggle(&mut self.not_led_as_preferred, id, was(|p| !p.is_led_as_preferred()));
        toggle(&mut self.reassigning, id, was(Partition::is_reassigning));
    }

    fn set_member(&mut self, broker: BrokerId, id: TopicIdPartition, member: Option<Membership>) {
        let hosted = self.by_broker.entry(broker).or_default();
        hosted.set(id, member);
        if hosted.is_empty() {
            self.by_broker.remove(&broker);
        }
    }
}

fn toggle(set: &mut OrdSet<TopicIdPartition>, id: TopicIdPartition, (before, after): (bool, bool)) {
    match (before, after) {
        (false, true) => {
            set.insert(id);
        }
        (true, false) => {
            set.remove(&id);
        }
        (false, false) | (true, true) => {}
    }
}
