//! AlterPartitionReassignments and ListPartitionReassignments.

use klamm_model::{BrokerId, TopicIdPartition};
use klamm_protocol::messages::alter_partition_reassignments_request::ReassignablePartition;
use klamm_protocol::messages::alter_partition_reassignments_response::{
    ReassignablePartitionResponse, ReassignableTopicResponse,
};
use klamm_protocol::messages::list_partition_reassignments_response::{
    OngoingPartitionReassignment, OngoingTopicReassignment,
};
use klamm_protocol::messages::{
    AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse,
    ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse,
};
use klamm_protocol::{ErrorCode, Str};

use super::budget::check_batch;
use super::partition_change::{Election, PartitionChange};
use super::reassignment::{Reverted, Target};
use super::view::View;
use super::{Append, Outcome};
use crate::api_error::error_fields;
use crate::image::{Partition, Topic};
use crate::snapshot::broker_numbers;
use crate::{ApiError, VersionedRecord};

/// Whether a reassignment may change how many replicas a partition has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FactorChange {
    Allowed,
    Refused,
}

impl View<'_> {
    pub(crate) fn alter_partition_reassignments(
        &self,
        request: &AlterPartitionReassignmentsRequest,
    ) -> Outcome<AlterPartitionReassignmentsResponse> {
        let factor = if request.allow_replication_factor_change {
            FactorChange::Allowed
        } else {
            FactorChange::Refused
        };
        let mut records = Vec::new();
        let mut response = AlterPartitionReassignmentsResponse {
            allow_replication_factor_change: request.allow_replication_factor_change,
            error_message: None,
            ..AlterPartitionReassignmentsResponse::default()
        };
        for topic in &request.topics {
            let mut answers = Vec::new();
            for asked in &topic.partitions {
                let result = self.reassign(&topic.name, asked, factor);
                let (error_code, error_message) = error_fields(result.as_ref().err());
                answers.push(ReassignablePartitionResponse {
                    partition_index: asked.partition_index,
                    error_code,
                    error_message,
                    ..ReassignablePartitionResponse::default()
                });
                records.extend(result.unwrap_or_default());
            }
            response.responses.push(ReassignableTopicResponse {
                name: topic.name.clone(),
                partitions: answers,
                ..ReassignableTopicResponse::default()
            });
        }
        if let Err(error) = check_batch(&records) {
            return Outcome::refuse(error);
        }
        Outcome::of(records, Append::Atomic, response)
    }

    fn reassign(
        &self,
        name: &Str,
        asked: &ReassignablePartition,
        factor: FactorChange,
    ) -> Result<Option<VersionedRecord>, ApiError> {
        let unknown = |text: String| ApiError::new(ErrorCode::UnknownTopicOrPartition, text);
        let topic = self.image().topics.by_name(name);
        let topic = topic.ok_or_else(|| unknown(format!("Unable to find a topic named {name}.")))?;
        let index = asked.partition_index;
        let partition = topic.partition(index);
        let partition =
            partition.ok_or_else(|| unknown(format!("Unable to find partition {name}:{index}.")))?;
        match &asked.replicas {
            None => self.cancel(topic, (index, partition)),
            Some(target) => {
                let target = self.check_assignment(target, None)?;
                if factor == FactorChange::Refused {
                    check_factor(partition, &target)?;
                }
                Ok(self.retarget(topic, (index, partition), &target))
            }
        }
    }

    fn cancel(
        &self,
        topic: &Topic,
        (index, partition): (i32, &Partition),
    ) -> Result<Option<VersionedRecord>, ApiError> {
        if !partition.is_reassigning() {
            return Err(ApiError::bare(ErrorCode::NoReassignmentInProgress));
        }
        let reverted = Reverted::new(partition)?;
        let may_be_unclean = self.allows_unclean_election(topic.name());
        if reverted.unclean && !may_be_unclean {
            let text = format!(
                "Unable to revert partition assignment for {}:{index} because it would require an unclean leader \
                 election.",
                topic.name()
            );
            return Err(ApiError::new(ErrorCode::InvalidReplicaAssignment, text));
        }
        Ok(self.reassignment_record(topic, (index, partition), |change| {
            if may_be_unclean {
                change.election = Election::Unclean;
            }
            change.isr = reverted.isr;
            change.replicas = reverted.replicas;
            change.removing.clear();
            change.adding.clear();
        }))
    }

    fn retarget(
        &self,
        topic: &Topic,
        partition: (i32, &Partition),
        target: &[BrokerId],
    ) -> Option<VersionedRecord> {
        let target = Target::new(partition.1.replicas(), target);
        self.reassignment_record(topic, partition, |change| {
            change.replicas = target.replicas;
            // An empty list leaves what a running reassignment already has.
            if !target.removing.is_empty() {
                change.removing = target.removing;
            }
            if !target.adding.is_empty() {
                change.adding = target.adding;
            }
        })
    }

    fn reassignment_record(
        &self,
        topic: &Topic,
        (index, partition): (i32, &Partition),
        set: impl FnOnce(&mut PartitionChange<'_>),
    ) -> Option<VersionedRecord> {
        let id = TopicIdPartition { topic_id: topic.id(), partition: index };
        let can_lead = |id: BrokerId| self.can_lead(partition, id);
        let default_directory = |id: BrokerId| self.default_directory(id);
        let context = self.change_context(topic.name(), &can_lead, &default_directory);
        let mut change = PartitionChange::new(id, partition, context);
        set(&mut change);
        change.build()
    }

    pub(crate) fn list_partition_reassignments(
        &self,
        request: &ListPartitionReassignmentsRequest,
    ) -> Outcome<ListPartitionReassignmentsResponse> {
        let mut response = ListPartitionReassignmentsResponse { error_message: None, ..Default::default() };
        match &request.topics {
            Some(topics) => {
                for asked in topics {
                    let topic = self.image().topics.by_name(&asked.name);
                    let indexes = asked.partition_indexes.iter().copied();
                    response.topics.extend(topic.and_then(|topic| running(topic, indexes)));
                }
            }
            None => {
                let mut ids: Vec<_> = self.image().topics.reassigning().map(|id| id.topic_id).collect();
                ids.dedup();
                let topics = ids.into_iter().filter_map(|id| self.image().topics.by_id(id));
                let indexes = |topic: &Topic| topic.partitions().map(|(index, _)| index).collect::<Vec<_>>();
                response.topics.extend(topics.filter_map(|topic| running(topic, indexes(topic).into_iter())));
            }
        }
        Outcome::reply(response)
    }
}

fn running(topic: &Topic, indexes: impl Iterator<Item = i32>) -> Option<OngoingTopicReassignment> {
    let partitions: Vec<_> = indexes
        .filter_map(|index| {
            let partition = topic.partition(index).filter(|partition| partition.is_reassigning())?;
            Some(OngoingPartitionReassignment {
                partition_index: index,
                replicas: broker_numbers(partition.replicas()),
                adding_replicas: broker_numbers(partition.adding()),
                removing_replicas: broker_numbers(partition.removing()),
                ..OngoingPartitionReassignment::default()
            })
        })
        .collect();
    let name = Str::from(&**topic.name());
    (!partitions.is_empty()).then(|| OngoingTopicReassignment { name, partitions, ..Default::default() })
}

fn check_factor(partition: &Partition, target: &[BrokerId]) -> Result<(), ApiError> {
    // While a reassignment runs, the partition has more replicas than it is meant to have.
    let present = partition.replicas().iter().filter(|id| !partition.removing().contains(id)).count();
    if present == target.len() {
        return Ok(());
    }
    let text = format!("The replication factor is changed from {present} to {}", target.len());
    Err(ApiError::new(ErrorCode::InvalidReplicationFactor, text))
}
