//! AssignReplicasToDirs: a broker tells in which log directory each of its replicas is.

use klamm_model::{BrokerId, TopicId, TopicIdPartition, Uuid};
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::assign_replicas_to_dirs_response::{DirectoryData, PartitionData, TopicData};
use klamm_protocol::messages::{AssignReplicasToDirsRequest, AssignReplicasToDirsResponse};

use super::leadership::BrokerEvent;
use super::partition_change::PartitionChange;
use super::view::View;
use super::{Append, Outcome};
use crate::{ApiError, VersionedRecord};

impl View<'_> {
    pub(crate) fn assign_replicas_to_dirs(
        &self,
        request: &AssignReplicasToDirsRequest,
    ) -> Outcome<AssignReplicasToDirsResponse> {
        if !self.state.metadata_version().supports_directory_assignment() {
            let text = "Directory assignment is not supported yet.";
            return Outcome::refuse(ApiError::new(ErrorCode::UnsupportedVersion, text));
        }
        let registration = match self.check_broker_epoch(request.broker_id, request.broker_epoch) {
            Ok(registration) => registration,
            Err(error) => return Outcome::refuse(error),
        };
        let mut records = Vec::new();
        let mut offline = Vec::new();
        let mut response = AssignReplicasToDirsResponse::default();
        for directory in &request.directories {
            let is_online = registration.has_online(directory.id);
            let mut told = DirectoryData { id: directory.id, ..DirectoryData::default() };
            for topic in &directory.topics {
                let mut answers = TopicData { topic_id: topic.topic_id, ..TopicData::default() };
                for partition in &topic.partitions {
                    let index = partition.partition_index;
                    let place = (registration.id, directory.id);
                    let assigned = self.assign(topic.topic_id, index, place, &mut records);
                    if !is_online {
                        offline.extend(assigned.as_ref().ok());
                    }
                    answers.partitions.push(PartitionData {
                        partition_index: index,
                        error_code: assigned.err().unwrap_or(ErrorCode::None).code(),
                        ..PartitionData::default()
                    });
                }
                told.topics.push(answers);
            }
            response.directories.push(told);
        }
        offline.sort_unstable();
        offline.dedup();
        self.follow_broker(BrokerEvent::Leaves(registration.id), &offline, &mut records);
        Outcome::of(records, Append::Splittable, response)
    }

    fn assign(
        &self,
        topic_id: Uuid,
        index: i32,
        (broker, directory): (BrokerId, Uuid),
        records: &mut Vec<VersionedRecord>,
    ) -> Result<TopicIdPartition, ErrorCode> {
        let topic = TopicId::new(topic_id).and_then(|id| self.image().topics.by_id(id));
        let topic = topic.ok_or(ErrorCode::UnknownTopicId)?;
        let partition = topic.partition(index).ok_or(ErrorCode::UnknownTopicOrPartition)?;
        if !partition.replicas().contains(&broker) {
            return Err(ErrorCode::NotLeaderOrFollower);
        }
        let id = TopicIdPartition { topic_id: topic.id(), partition: index };
        let can_lead = |id: BrokerId| self.can_lead(partition, id);
        let default_directory = |id: BrokerId| self.default_directory(id);
        let context = self.change_context(topic.name(), &can_lead, &default_directory);
        let mut change = PartitionChange::new(id, partition, context);
        change.set_directory(broker, directory);
        records.extend(change.build());
        Ok(id)
    }
}
