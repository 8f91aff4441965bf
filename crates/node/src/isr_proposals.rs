//! What this broker's partitions propose to the controller about their in-sync replicas: one request for all, what its
//! answer means for each (Kafka: AlterPartitionManager, Partition.handleAlterPartitionError).

use std::collections::BTreeMap;

use klamm_model::{BrokerEpoch, BrokerId, LeaderEpoch, PartitionEpoch, TopicId, TopicIdPartition};
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::alter_partition_request::{BrokerState, PartitionData, TopicData};
use klamm_protocol::messages::alter_partition_response::PartitionData as Answered;
use klamm_protocol::messages::{AlterPartitionRequest, AlterPartitionResponse};
use klamm_replication::{AcceptedIsr, IsrAnswer, IsrMember, IsrProposal};

use crate::partition::PartitionHandle;

/// A proposal and whose it is.
pub type Proposed = (PartitionHandle, IsrProposal);

/// Proposals without an answer, the newest of each partition. One request is under way at a time; what is proposed
/// meanwhile waits for the next.
#[derive(Debug, Default)]
pub struct IsrProposals {
    waiting: BTreeMap<TopicIdPartition, Proposed>,
    asked: BTreeMap<TopicIdPartition, Proposed>,
}

impl IsrProposals {
    /// A partition proposes.
    pub fn add(&mut self, proposed: Proposed) {
        self.waiting.insert(proposed.0.id(), proposed);
    }

    /// Whether there is something to ask for.
    pub fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Asks for all that waits, in the name of this broker's registration. [`Self::on_answer`] has to follow before the
    /// next.
    pub fn request(&mut self, broker: BrokerId, epoch: BrokerEpoch) -> AlterPartitionRequest {
        self.asked = std::mem::take(&mut self.waiting);
        let mut topics: Vec<TopicData> = Vec::new();
        for (id, (_, proposal)) in &self.asked {
            let topic_id = id.topic_id.get();
            if topics.last().is_none_or(|topic| topic.topic_id != topic_id) {
                topics.push(TopicData { topic_id, ..TopicData::default() });
            }
            let member = |member: &IsrMember| BrokerState {
                broker_id: member.id.get(),
                broker_epoch: if member.id == broker {
                    epoch.get()
                } else {
                    member.epoch.map_or(-1, BrokerEpoch::get)
                },
                ..BrokerState::default()
            };
            let partition = PartitionData {
                partition_index: id.partition,
                leader_epoch: proposal.epoch.get(),
                new_isr_with_epochs: proposal.members.iter().map(member).collect(),
                leader_recovery_state: 0,
                partition_epoch: proposal.partition_epoch.get(),
                ..PartitionData::default()
            };
            topics.last_mut().expect("pushed above").partitions.push(partition);
        }
        AlterPartitionRequest {
            broker_id: broker.get(),
            broker_epoch: epoch.get(),
            topics,
            ..AlterPartitionRequest::default()
        }
    }

    /// Gives the answers to the partitions. What is not among them, or has to be proposed again, waits once more, unless
    /// there is something newer to propose; whether there is anything such. `None` if no answer came.
    pub fn on_answer(&mut self, response: Option<&AlterPartitionResponse>) -> bool {
        match response {
            Some(response) if response.error_code == 0 => self.give(response),
            Some(response) => {
                tracing::warn!(code = response.error_code, "proposals of in-sync replicas are refused");
            }
            None => {}
        }
        let is_left = !self.asked.is_empty();
        for (id, proposed) in std::mem::take(&mut self.asked) {
            self.waiting.entry(id).or_insert(proposed);
        }
        is_left
    }

    fn give(&mut self, response: &AlterPartitionResponse) {
        for topic in &response.topics {
            let Some(topic_id) = TopicId::new(topic.topic_id) else { continue };
            for answered in &topic.partitions {
                let id = TopicIdPartition { topic_id, partition: answered.partition_index };
                let Some((handle, proposal)) = self.asked.get(&id) else { continue };
                if let Some(answer) = meaning(handle, proposal, answered) {
                    handle.on_isr_answer(proposal, answer);
                    self.asked.remove(&id);
                }
            }
        }
    }
}

/// What the controller's answer means; `None` for what has to be proposed again (Kafka:
/// Partition.handleAlterPartitionError).
pub fn meaning(handle: &PartitionHandle, proposal: &IsrProposal, answered: &Answered) -> Option<IsrAnswer> {
    let code = ErrorCode::from_i16(answered.error_code).unwrap_or(ErrorCode::UnknownServerError);
    let partition = handle.name();
    match code {
        ErrorCode::None => {
            let epochs =
                LeaderEpoch::new(answered.leader_epoch).zip(PartitionEpoch::new(answered.partition_epoch));
            let (epoch, partition_epoch) = epochs?;
            let isr = answered.isr.iter().filter_map(|id| BrokerId::new(*id)).collect();
            tracing::info!(%partition, %epoch, %partition_epoch, ?isr, "in-sync replicas");
            Some(IsrAnswer::Accepted(AcceptedIsr { epoch, partition_epoch, isr }))
        }
        ErrorCode::OperationNotAttempted | ErrorCode::IneligibleReplica => {
            tracing::info!(%partition, ?proposal, ?code, "proposed in-sync replicas are not taken");
            Some(IsrAnswer::Dropped)
        }
        ErrorCode::UnknownTopicId
        | ErrorCode::UnknownTopicOrPartition
        | ErrorCode::FencedLeaderEpoch
        | ErrorCode::InvalidUpdateVersion
        | ErrorCode::InvalidRequest
        | ErrorCode::NewLeaderElected => {
            tracing::debug!(%partition, ?code, "proposed in-sync replicas are outdated");
            Some(IsrAnswer::Outdated)
        }
        _ => {
            tracing::warn!(%partition, ?code, "in-sync replicas will be proposed again");
            None
        }
    }
}
