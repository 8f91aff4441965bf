//! AlterPartition: a leader proposes another ISR.
//!
//! The proposal counts only for the registration it was made from: a newer leader or partition
//! epoch than ours means we are not the newest controller, an older one that the leader is behind.
//! Every proposed member must be registered, unfenced, not stopping, and of the incarnation the
//! leader has seen (KIP-841, KIP-903).

use klamm_model::{BrokerEpoch, BrokerId, TopicId, TopicIdPartition};
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::alter_partition_request::{BrokerState, PartitionData as Proposal};
use klamm_protocol::messages::alter_partition_response::{PartitionData, TopicData};
use klamm_protocol::messages::{AlterPartitionRequest, AlterPartitionResponse, MetadataRecord};

use super::partition_change::{Election, PartitionChange};
use super::view::View;
use super::{Append, Outcome};
use crate::VersionedRecord;
use crate::delta::{NO_LEADER_CHANGE, merge};
use crate::image::{LeaderRecoveryState, Partition, Topic};
use crate::snapshot::{broker_numbers, leader_number};

/// No broker epoch: the request is too old to tell.
const UNKNOWN_BROKER_EPOCH: i64 = -1;

impl View<'_> {
    pub(crate) fn alter_partition(&self, request: &AlterPartitionRequest) -> Outcome<AlterPartitionResponse> {
        if request.topics.is_empty() {
            return Outcome::reply(AlterPartitionResponse::default());
        }
        let leader = match self.check_broker_epoch(request.broker_id, request.broker_epoch) {
            Ok(registration) => registration.id,
            Err(error) => return Outcome::refuse(error),
        };
        let mut records = Vec::new();
        let mut response = AlterPartitionResponse::default();
        for asked in &request.topics {
            let topic = TopicId::new(asked.topic_id).and_then(|id| self.image().topics.by_id(id));
            let answers = asked.partitions.iter().map(|proposal| match topic {
                None => failure(proposal, ErrorCode::UnknownTopicId),
                Some(topic) => self.propose(leader, topic, proposal, &mut records),
            });
            response.topics.push(TopicData {
                topic_id: asked.topic_id,
                partitions: answers.collect(),
                ..TopicData::default()
            });
        }
        Outcome::of(records, Append::Splittable, response)
    }

    fn propose(
        &self,
        leader: BrokerId,
        topic: &Topic,
        proposal: &Proposal,
        records: &mut Vec<VersionedRecord>,
    ) -> PartitionData {
        let Some(partition) = topic.partition(proposal.partition_index) else {
            return failure(proposal, ErrorCode::UnknownTopicOrPartition);
        };
        let (isr, recovery) = match self.check_proposal(leader, partition, proposal) {
            Ok(checked) => checked,
            Err(code) => return failure(proposal, code),
        };
        let id = TopicIdPartition { topic_id: topic.id(), partition: proposal.partition_index };
        let can_lead = |id: BrokerId| self.can_lead(partition, id);
        let default_directory = |id: BrokerId| self.default_directory(id);
        let context = self.change_context(topic.name(), &can_lead, &default_directory);
        let mut change = PartitionChange::new(id, partition, context);
        if self.allows_unclean_election(topic.name()) {
            change.election = Election::Unclean;
        }
        change.isr = isr;
        change.recovery = recovery;
        let Some(record) = change.build() else { return success(proposal, partition) };
        let MetadataRecord::PartitionChange(made) = &record.record else {
            unreachable!("a partition change makes such a record");
        };
        let next = Partition::from(merge(partition, made).expect("our own record applies"));
        let other_leader = made.leader != NO_LEADER_CHANGE && made.leader != leader.get();
        records.push(record);
        if other_leader {
            return failure(proposal, ErrorCode::NewLeaderElected);
        }
        success(proposal, &next)
    }

    fn check_proposal(
        &self,
        leader: BrokerId,
        partition: &Partition,
        proposal: &Proposal,
    ) -> Result<(Vec<BrokerId>, LeaderRecoveryState), ErrorCode> {
        let (leader_epoch, partition_epoch) =
            (partition.leader_epoch().get(), partition.partition_epoch().get());
        if proposal.leader_epoch > leader_epoch || proposal.partition_epoch > partition_epoch {
            return Err(ErrorCode::NotController);
        }
        if proposal.leader_epoch < leader_epoch {
            return Err(ErrorCode::FencedLeaderEpoch);
        }
        if partition.leader() != Some(leader) {
            return Err(ErrorCode::InvalidRequest);
        }
        if proposal.partition_epoch < partition_epoch {
            return Err(ErrorCode::InvalidUpdateVersion);
        }
        let members = &proposal.new_isr_with_epochs;
        let isr: Option<Vec<BrokerId>> =
            members.iter().map(|member| BrokerId::new(member.broker_id)).collect();
        let isr = isr.filter(|isr| is_valid_isr(isr, partition)).ok_or(ErrorCode::InvalidRequest)?;
        if !isr.contains(&leader) {
            return Err(ErrorCode::InvalidRequest);
        }
        let recovery = LeaderRecoveryState::from_code(proposal.leader_recovery_state);
        let recovery = recovery.ok_or(ErrorCode::InvalidRequest)?;
        if recovery == LeaderRecoveryState::Recovering {
            // A leader that recovers is alone, and one that has recovered does not begin again.
            let began = partition.recovery() == LeaderRecoveryState::Recovered;
            if isr.len() > 1 || began {
                return Err(ErrorCode::InvalidRequest);
            }
        }
        if members.iter().any(|member| !self.is_eligible(member)) {
            return Err(ErrorCode::IneligibleReplica);
        }
        Ok((isr, recovery))
    }

    fn is_eligible(&self, member: &BrokerState) -> bool {
        let registration = BrokerId::new(member.broker_id).and_then(|id| self.cluster().broker(id));
        registration.is_some_and(|registration| {
            let same = BrokerEpoch::new(member.broker_epoch) == Some(registration.epoch);
            registration.is_active() && (same || member.broker_epoch == UNKNOWN_BROKER_EPOCH)
        })
    }
}

/// Whether all members are replicas, and none is named twice.
fn is_valid_isr(isr: &[BrokerId], partition: &Partition) -> bool {
    let mut sorted = isr.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.len() == isr.len() && isr.iter().all(|id| partition.replicas().contains(id))
}

fn failure(proposal: &Proposal, code: ErrorCode) -> PartitionData {
    PartitionData {
        partition_index: proposal.partition_index,
        error_code: code.code(),
        ..PartitionData::default()
    }
}

fn success(proposal: &Proposal, partition: &Partition) -> PartitionData {
    PartitionData {
        partition_index: proposal.partition_index,
        leader_id: leader_number(partition.leader()),
        leader_epoch: partition.leader_epoch().get(),
        isr: broker_numbers(partition.isr()),
        leader_recovery_state: partition.recovery().code(),
        partition_epoch: partition.partition_epoch().get(),
        ..PartitionData::default()
    }
}
