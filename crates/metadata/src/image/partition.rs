//! One partition as the controller registered it, packed: a cluster may have 100,000 of them.

use klamm_model::{BrokerId, LeaderEpoch, PartitionEpoch, Uuid};

/// Whether the leader still recovers from an unclean election.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LeaderRecoveryState {
    /// Elected from the ISR, or recovered since.
    #[default]
    Recovered,
    /// Elected uncleanly and not yet recovered; its ISR may not grow.
    Recovering,
}

impl LeaderRecoveryState {
    /// From the number in a record or request.
    pub const fn from_code(code: i8) -> Option<LeaderRecoveryState> {
        match code {
            0 => Some(LeaderRecoveryState::Recovered),
            1 => Some(LeaderRecoveryState::Recovering),
            _ => None,
        }
    }

    /// The number in records and requests.
    pub const fn code(self) -> i8 {
        match self {
            LeaderRecoveryState::Recovered => 0,
            LeaderRecoveryState::Recovering => 1,
        }
    }
}

/// A partition's registration, loose: what [`Partition`] packs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartitionParts {
    /// Replicas, the preferred leader first.
    pub replicas: Vec<BrokerId>,
    /// Log directory of each replica, in the order of `replicas`; may hold the reserved uuids.
    pub directories: Vec<Uuid>,
    /// In-sync replicas.
    pub isr: Vec<BrokerId>,
    /// Replicas that a running reassignment takes away.
    pub removing: Vec<BrokerId>,
    /// Replicas that a running reassignment adds.
    pub adding: Vec<BrokerId>,
    /// Eligible leader replicas (KIP-966): out of the ISR, but known to have all committed records.
    pub elr: Vec<BrokerId>,
    /// The last leader before the partition lost its last eligible one.
    pub last_known_elr: Vec<BrokerId>,
    /// The leader, if one is elected.
    pub leader: Option<BrokerId>,
    /// Whether that leader recovers from an unclean election.
    pub recovery: LeaderRecoveryState,
    /// Counts leaderships.
    pub leader_epoch: LeaderEpoch,
    /// Counts changes of this registration.
    pub partition_epoch: PartitionEpoch,
}

/// A partition's registration. Immutable; shared by all images that agree on it.
#[derive(Clone, PartialEq, Eq)]
pub struct Partition {
    leader: Option<BrokerId>,
    leader_epoch: LeaderEpoch,
    partition_epoch: PartitionEpoch,
    recovery: LeaderRecoveryState,
    /// Ends of replicas, isr, removing, adding and elr in `brokers`; the rest is last_known_elr.
    ends: [u32; 5],
    brokers: Box<[BrokerId]>,
    directories: Box<[Uuid]>,
}

impl Partition {
    /// Replicas, the preferred leader first.
    pub fn replicas(&self) -> &[BrokerId] {
        self.list(0)
    }

    /// In-sync replicas.
    pub fn isr(&self) -> &[BrokerId] {
        self.list(1)
    }

    /// Replicas that a running reassignment takes away.
    pub fn removing(&self) -> &[BrokerId] {
        self.list(2)
    }

    /// Replicas that a running reassignment adds.
    pub fn adding(&self) -> &[BrokerId] {
        self.list(3)
    }

    /// Eligible leader replicas.
    pub fn elr(&self) -> &[BrokerId] {
        self.list(4)
    }

    /// The last leader before the partition lost its last eligible one.
    pub fn last_known_elr(&self) -> &[BrokerId] {
        self.list(5)
    }

    /// Log directory of each replica, in the order of the replicas.
    pub fn directories(&self) -> &[Uuid] {
        &self.directories
    }

    /// Log directory of the replica on `broker`; `None` if it has none.
    pub fn directory(&self, broker: BrokerId) -> Option<Uuid> {
        let position = self.replicas().iter().position(|replica| *replica == broker)?;
        self.directories.get(position).copied()
    }

    /// The leader, if one is elected.
    pub const fn leader(&self) -> Option<BrokerId> {
        self.leader
    }

    /// Counts leaderships: changes with every new one.
    pub const fn leader_epoch(&self) -> LeaderEpoch {
        self.leader_epoch
    }

    /// Counts changes of this registration.
    pub const fn partition_epoch(&self) -> PartitionEpoch {
        self.partition_epoch
    }

    /// Whether the leader recovers from an unclean election.
    pub const fn recovery(&self) -> LeaderRecoveryState {
        self.recovery
    }

    /// The first replica: the one that should lead.
    pub fn preferred_leader(&self) -> Option<BrokerId> {
        self.replicas().first().copied()
    }

    /// Whether the first replica leads.
    pub fn is_led_as_preferred(&self) -> bool {
        self.leader == self.preferred_leader()
    }

    /// Whether a reassignment is running.
    pub fn is_reassigning(&self) -> bool {
        !self.removing().is_empty() || !self.adding().is_empty()
    }

    /// Unpacked, to make the next registration from.
    pub fn to_parts(&self) -> PartitionParts {
        PartitionParts {
            replicas: self.replicas().to_vec(),
            directories: self.directories.to_vec(),
            isr: self.isr().to_vec(),
            removing: self.removing().to_vec(),
            adding: self.adding().to_vec(),
            elr: self.elr().to_vec(),
            last_known_elr: self.last_known_elr().to_vec(),
            leader: self.leader,
            recovery: self.recovery,
            leader_epoch: self.leader_epoch,
            partition_epoch: self.partition_epoch,
        }
    }

    fn list(&self, index: usize) -> &[BrokerId] {
        let at = |end: u32| usize::try_from(end).expect("32 bits fit");
        let start = if index == 0 { 0 } else { at(self.ends[index - 1]) };
        let end = self.ends.get(index).map_or(self.brokers.len(), |end| at(*end));
        &self.brokers[start..end]
    }
}

impl From<PartitionParts> for Partition {
    /// # Panics
    /// If the lists hold more than 2^32 brokers together.
    fn from(parts: PartitionParts) -> Partition {
        let lists = [&parts.replicas, &parts.isr, &parts.removing, &parts.adding, &parts.elr];
        let mut brokers: Vec<BrokerId> = Vec::new();
        let mut ends = [0; 5];
        for (list, end) in lists.into_iter().zip(&mut ends) {
            brokers.extend_from_slice(list);
            *end = u32::try_from(brokers.len()).expect("lists of a record are short");
        }
        brokers.extend_from_slice(&parts.last_known_elr);
        Partition {
            leader: parts.leader,
            leader_epoch: parts.leader_epoch,
            partition_epoch: parts.partition_epoch,
            recovery: parts.recovery,
            ends,
            brokers: brokers.into_boxed_slice(),
            directories: parts.directories.into_boxed_slice(),
        }
    }
}

impl std::fmt::Debug for Partition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.to_parts().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_keeps_every_list_apart() {
        let ids = |list: &[i32]| list.iter().map(|id| BrokerId::at(*id)).collect::<Vec<_>>();
        let parts = PartitionParts {
            replicas: ids(&[1, 2, 3]),
            directories: vec![Uuid::from_u128(101), Uuid::from_u128(102), Uuid::ZERO],
            isr: ids(&[1]),
            removing: ids(&[3]),
            adding: vec![],
            elr: ids(&[2]),
            last_known_elr: ids(&[9, 8]),
            leader: Some(BrokerId::at(1)),
            recovery: LeaderRecoveryState::Recovering,
            leader_epoch: LeaderEpoch::at(4),
            partition_epoch: PartitionEpoch::at(5),
        };
        let packed = Partition::from(parts.clone());
        assert_eq!(packed.to_parts(), parts);
        assert_eq!(packed.directory(BrokerId::at(2)), Some(Uuid::from_u128(102)));
        assert_eq!(packed.directory(BrokerId::at(9)), None);
        assert!(packed.is_led_as_preferred() && packed.is_reassigning());
    }

    #[test]
    fn a_partition_of_one_replica_is_small() {
        assert!(size_of::<Partition>() <= 80, "{}", size_of::<Partition>());
    }
}
