//! The one place where a partition's ISR, ELR, leader and reassignment change: what is wanted goes
//! in, a change record comes out. Kafka's `PartitionChangeBuilder`.
//!
//! 1. A reassignment whose target ISR is whole ends: removed replicas go, and only then.
//! 2. With ELR (KIP-966), replicas that leave an ISR now below min.insync.replicas become eligible
//!    leaders, except those that stopped uncleanly and those that are no replicas any more, or were
//!    none until now (`docs/decisions/0035-eligible-replicas.md`); an ISR that is whole again empties the ELR.
//! 3. A leader is elected, from the ISR, or from the ELR if the ISR is empty.
//! 4. Only if both are empty and exactly one last known leader is named and alive, it is elected
//!    without election being clean; then, if allowed, any live replica. Both set "recovering".
//! 5. Leaving replicas start a new leader epoch; a smaller ISR does so below metadata.version 12.

use std::collections::BTreeMap;

use klamm_model::{BrokerId, TopicIdPartition, Uuid};
use klamm_protocol::messages::PartitionChangeRecord;

use super::reassignment::Reassignment;
use crate::VersionedRecord;
use crate::delta::{NO_LEADER, NO_LEADER_CHANGE};
use crate::image::{LeaderRecoveryState, Partition};
use crate::java_order::{Table, hash_map_order};
use crate::snapshot::{Elr, SnapshotOptions, broker_numbers, leader_number};

/// How far an election may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Election {
    /// The first replica if it can, else as `Online`.
    Preferred,
    /// The present leader if it can stay, else another in-sync replica.
    Online,
    /// As `Online`, else any live replica.
    Unclean,
}

/// What a partition is to become. Starts as what it is.
pub(crate) struct PartitionChange<'a> {
    id: TopicIdPartition,
    partition: &'a Partition,
    /// Whether the replica on a broker could lead: the broker is active, its directory online.
    can_lead: &'a dyn Fn(BrokerId) -> bool,
    /// The directory of a replica that has none yet.
    default_directory: &'a dyn Fn(BrokerId) -> Uuid,
    options: SnapshotOptions,
    /// `min.insync.replicas`, at most the replication factor.
    min_isr: usize,
    pub(crate) election: Election,
    pub(crate) isr: Vec<BrokerId>,
    pub(crate) replicas: Vec<BrokerId>,
    pub(crate) removing: Vec<BrokerId>,
    pub(crate) adding: Vec<BrokerId>,
    pub(crate) recovery: LeaderRecoveryState,
    /// Replicas whose broker restarted without having stopped cleanly.
    pub(crate) unclean: Vec<BrokerId>,
    elr: Vec<BrokerId>,
    directories: BTreeMap<BrokerId, Uuid>,
}

/// Where a partition change is made.
#[derive(Clone, Copy)]
pub(crate) struct ChangeContext<'a> {
    pub(crate) can_lead: &'a dyn Fn(BrokerId) -> bool,
    pub(crate) default_directory: &'a dyn Fn(BrokerId) -> Uuid,
    pub(crate) options: SnapshotOptions,
    pub(crate) min_isr: usize,
}

struct Elected {
    leader: Option<BrokerId>,
    unclean: bool,
}

impl Elected {
    const fn clean(leader: Option<BrokerId>) -> Elected {
        Elected { leader, unclean: false }
    }

    const fn unclean(leader: BrokerId) -> Elected {
        Elected { leader: Some(leader), unclean: true }
    }
}

impl<'a> PartitionChange<'a> {
    pub(crate) fn new(
        id: TopicIdPartition,
        partition: &'a Partition,
        context: ChangeContext<'a>,
    ) -> PartitionChange<'a> {
        let directories = partition.replicas().iter().copied().zip(partition.directories().iter().copied());
        PartitionChange {
            id,
            partition,
            can_lead: context.can_lead,
            default_directory: context.default_directory,
            options: context.options,
            min_isr: context.min_isr,
            election: Election::Online,
            isr: partition.isr().to_vec(),
            replicas: partition.replicas().to_vec(),
            removing: partition.removing().to_vec(),
            adding: partition.adding().to_vec(),
            recovery: partition.recovery(),
            unclean: Vec::new(),
            elr: partition.elr().to_vec(),
            directories: directories.collect(),
        }
    }

    /// Says in which directory the replica on `broker` is.
    pub(crate) fn set_directory(&mut self, broker: BrokerId, directory: Uuid) {
        self.directories.insert(broker, directory);
    }

    /// The record that makes the change; `None` if nothing changes.
    pub(crate) fn build(mut self) -> Option<VersionedRecord> {
        let mut record = PartitionChangeRecord {
            topic_id: self.id.topic_id.get(),
            partition_id: self.id.partition,
            ..PartitionChangeRecord::default()
        };
        let unchanged = record.clone();
        self.complete_reassignment();
        self.fill_elr();
        self.elect(&mut record);
        self.start_epoch_if_replicas_leave(&mut record);
        self.record_elr(&mut record);
        let may_be_empty = self.elr_enabled() || !self.isr.is_empty();
        if record.isr.is_none() && may_be_empty && self.isr != self.partition.isr() {
            record.isr = Some(broker_numbers(&self.isr));
        }
        self.start_epoch_if_isr_shrinks(&mut record);
        self.record_last_known_leader(&mut record);
        self.record_assignment(&mut record);
        if self.recovery != self.partition.recovery() {
            record.leader_recovery_state = self.recovery.code();
        }
        let version = self.options.metadata_version.partition_record_version();
        (record != unchanged).then(|| VersionedRecord::new(record, version))
    }

    fn elr_enabled(&self) -> bool {
        self.options.elr == Elr::Kept
    }

    /// Rule 1.
    fn complete_reassignment(&mut self) {
        let running =
            Reassignment { replicas: &self.replicas, removing: &self.removing, adding: &self.adding };
        if let Some((replicas, isr)) = running.completed_by(&self.isr) {
            self.replicas = replicas;
            self.isr = isr;
            self.removing.clear();
            self.adding.clear();
        }
    }

    /// Rule 2.
    fn fill_elr(&mut self) {
        if !self.elr_enabled() {
            return;
        }
        if self.isr.len() >= self.min_isr {
            self.elr.clear();
            return;
        }
        // Kafka lists them as its hash set does; equal buckets in the order of arrival.
        let mut eligible: Vec<BrokerId> = Vec::new();
        for id in self.elr.iter().chain(self.partition.isr()) {
            if !eligible.contains(id) {
                eligible.push(*id);
            }
        }
        hash_map_order(&mut eligible, Table::Default, |id| id.get());
        let has_all = |id: &BrokerId| self.partition.replicas().contains(id) && self.replicas.contains(id);
        eligible.retain(|id| has_all(id) && !self.isr.contains(id) && !self.unclean.contains(id));
        self.elr = eligible;
    }

    /// Rules 3 and 4.
    fn elect(&mut self, record: &mut PartitionChangeRecord) {
        let elected = match self.election {
            Election::Preferred => self.elect_preferred(),
            Election::Online | Election::Unclean => self.elect_any(),
        };
        if elected.leader == self.partition.leader() {
            return;
        }
        if let Some(leader) = elected.leader.filter(|leader| self.elr.contains(leader)) {
            self.isr = vec![leader];
            self.elr.retain(|id| *id != leader);
        }
        record.leader = leader_number(elected.leader);
        if let Some(leader) = elected.leader.filter(|_| elected.unclean) {
            record.isr = Some(vec![leader.get()]);
            if self.partition.recovery() != LeaderRecoveryState::Recovering {
                record.leader_recovery_state = LeaderRecoveryState::Recovering.code();
            }
        }
    }

    fn elect_preferred(&self) -> Elected {
        let preferred = self.replicas.first().copied();
        let others = self.replicas.iter().skip(1).copied();
        let in_order = preferred.into_iter().chain(self.partition.leader()).chain(others);
        match in_order.into_iter().find(|id| self.is_valid_leader(*id)) {
            Some(leader) => Elected::clean(Some(leader)),
            None => self.last_known_leader().map_or(Elected::clean(None), Elected::unclean),
        }
    }

    fn elect_any(&self) -> Elected {
        let in_order = self.partition.leader().into_iter().chain(self.replicas.iter().copied());
        if let Some(leader) = in_order.into_iter().find(|id| self.is_valid_leader(*id)) {
            return Elected::clean(Some(leader));
        }
        if let Some(leader) = self.last_known_leader() {
            return Elected::unclean(leader);
        }
        let live = self.replicas.iter().copied().find(|id| (self.can_lead)(*id));
        match live.filter(|_| self.election == Election::Unclean) {
            Some(leader) => Elected::unclean(leader),
            None => Elected::clean(None),
        }
    }

    fn is_valid_leader(&self, id: BrokerId) -> bool {
        let has_all = self.isr.contains(&id) || (self.isr.is_empty() && self.elr.contains(&id));
        has_all && (self.can_lead)(id)
    }

    /// Rule 4: the one leader known last, if it is still a replica and nobody else may have all records.
    fn last_known_leader(&self) -> Option<BrokerId> {
        if !self.elr_enabled() || !self.elr.is_empty() || !self.isr.is_empty() {
            return None;
        }
        match self.partition.last_known_elr() {
            [only] if self.replicas.contains(only) && (self.can_lead)(*only) => Some(*only),
            _ => None,
        }
    }

    /// Rule 5: a replica that leaves must learn that it has to stop.
    fn start_epoch_if_replicas_leave(&self, record: &mut PartitionChangeRecord) {
        let leaves = self.partition.replicas().iter().any(|id| !self.replicas.contains(id));
        if record.leader == NO_LEADER_CHANGE && leaves {
            record.leader = leader_number(self.partition.leader());
        }
    }

    /// Rule 5.
    fn start_epoch_if_isr_shrinks(&self, record: &mut PartitionChangeRecord) {
        let Some(isr) = &record.isr else { return };
        let shrinks = self.partition.isr().iter().any(|id| !isr.contains(&id.get()));
        let version = self.options.metadata_version;
        if version.bumps_leader_epoch_on_isr_shrink() && record.leader == NO_LEADER_CHANGE && shrinks {
            record.leader = leader_number(self.partition.leader());
        }
    }

    fn record_elr(&mut self, record: &mut PartitionChangeRecord) {
        // An ISR already set is that of an unclean election: nobody else counts any more.
        if record.isr.is_some() || !self.elr_enabled() {
            self.elr.clear();
        }
        if self.elr != self.partition.elr() {
            record.eligible_leader_replicas = Some(broker_numbers(&self.elr));
        }
    }

    /// With nobody left who surely has all records, the last leader is the best guess.
    fn record_last_known_leader(&self, record: &mut PartitionChangeRecord) {
        if !self.elr_enabled() {
            return;
        }
        let known = self.partition.last_known_elr();
        if record.leader == NO_LEADER && known.is_empty() {
            record.last_known_elr = self.partition.leader().map(|leader| vec![leader.get()]);
        } else if record.leader >= 0 && !known.is_empty() {
            record.last_known_elr = Some(Vec::new());
        }
    }

    fn record_assignment(&self, record: &mut PartitionChangeRecord) {
        if !self.replicas.is_empty() {
            if self.options.metadata_version.supports_directory_assignment() {
                let directory = |id: &BrokerId| {
                    self.directories.get(id).copied().unwrap_or_else(|| (self.default_directory)(*id))
                };
                let directories: Vec<Uuid> = self.replicas.iter().map(directory).collect();
                if directories != self.partition.directories() {
                    record.directories = Some(directories);
                }
            }
            if self.replicas != self.partition.replicas() {
                record.replicas = Some(broker_numbers(&self.replicas));
            }
        }
        if self.removing != self.partition.removing() {
            record.removing_replicas = Some(broker_numbers(&self.removing));
        }
        if self.adding != self.partition.adding() {
            record.adding_replicas = Some(broker_numbers(&self.adding));
        }
    }
}
