//! CreatePartitions: more partitions for topics that exist.

use klamm_model::TopicIdPartition;
use klamm_placement::PlacementSpec;
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::CreatePartitionsResponse;
use klamm_protocol::messages::create_partitions_request::CreatePartitionsTopic;
use klamm_protocol::messages::create_partitions_response::CreatePartitionsTopicResult;

use super::budget::{Budget, check_batch, total_too_large};
use super::create_topics::duplicates;
use super::view::View;
use super::{Append, CreatePartitions, Entropy, Outcome};
use crate::api_error::error_fields;
use crate::image::{Partition, Topic};
use crate::snapshot::partition_record;
use crate::{ApiError, VersionedRecord};

impl View<'_> {
    pub(crate) fn create_partitions(
        &self,
        entropy: &mut dyn Entropy,
        command: &CreatePartitions,
    ) -> Outcome<CreatePartitionsResponse> {
        let request = &command.request;
        let duplicates = duplicates(request.topics.iter().map(|topic| &topic.name));
        let mut response = CreatePartitionsResponse::default();
        for name in &duplicates {
            let error = ApiError::new(ErrorCode::InvalidRequest, "Duplicate topic name.");
            response.results.push(answer(name, Some(&error)));
        }
        let single = request.topics.iter().filter(|topic| !duplicates.contains(topic.name.as_str()));
        let (allowed, denied): (Vec<_>, Vec<_>) =
            single.partition(|topic| command.alterable.contains(&topic.name));
        for topic in denied {
            let error = ApiError::bare(ErrorCode::TopicAuthorizationFailed);
            response.results.push(answer(&topic.name, Some(&error)));
        }
        if total_too_large(allowed.iter().map(|topic| self.additional(topic).unwrap_or(0).max(0))) {
            let text = "Excessively large number of additional partitions per request.";
            return Outcome::refuse(ApiError::new(ErrorCode::PolicyViolation, text));
        }
        let mut budget = Budget::new(command.quota);
        let mut records = Vec::new();
        for topic in allowed {
            let added = self.add_partitions(entropy, topic, &mut budget);
            response.results.push(answer(&topic.name, added.as_ref().err()));
            records.extend(added.unwrap_or_default());
        }
        if let Err(error) = check_batch(&records) {
            return Outcome::refuse(error);
        }
        let outcome = Outcome::of(records, Append::Atomic, response);
        let mut outcome = if request.validate_only { outcome.without_records() } else { outcome };
        outcome.charged_partitions = budget.charged();
        outcome
    }

    /// How many partitions more than it has; `None` if there is no such topic.
    fn additional(&self, asked: &CreatePartitionsTopic) -> Option<i64> {
        let present = self.image().topics.by_name(&asked.name)?.partition_count();
        Some(i64::from(asked.count) - i64::try_from(present).unwrap_or(i64::MAX))
    }

    fn add_partitions(
        &self,
        entropy: &mut dyn Entropy,
        asked: &CreatePartitionsTopic,
        budget: &mut Budget,
    ) -> Result<Vec<VersionedRecord>, ApiError> {
        let topic = self.image().topics.by_name(&asked.name);
        let topic = topic.ok_or(ApiError::bare(ErrorCode::UnknownTopicOrPartition))?;
        let additional = self.check_count(topic, asked)?;
        budget.take(additional)?;
        let first = i32::try_from(topic.partition_count()).expect("partitions are counted by 32 bits");
        let sample = topic.partitions().next().ok_or_else(|| {
            let text = format!("Invalid state: topic {} appears to have no partitions.", asked.name);
            ApiError::new(ErrorCode::UnknownServerError, text)
        })?;
        let replicas = sample.1.replicas().len();
        let partitions = if asked.assignments.is_some() {
            self.assigned(asked, first, replicas)?
        } else {
            self.placed(entropy, additional, replicas)?
        };
        let options = self.state.record_options();
        let numbered = (first..).zip(&partitions);
        Ok(numbered
            .map(|(partition, registration)| {
                let id = TopicIdPartition { topic_id: topic.id(), partition };
                partition_record(registration, (id.topic_id, id.partition), options)
            })
            .collect())
    }

    fn check_count(&self, topic: &Topic, asked: &CreatePartitionsTopic) -> Result<usize, ApiError> {
        let present = topic.partition_count();
        let invalid = |text: String| Err(ApiError::new(ErrorCode::InvalidPartitions, text));
        let additional = self.additional(asked).unwrap_or(0);
        if additional == 0 {
            return invalid(format!("Topic already has {present} partition(s)."));
        }
        let Some(additional) = usize::try_from(additional).ok() else {
            return invalid(format!(
                "The topic {} currently has {present} partition(s); {} would not be an increase.",
                asked.name, asked.count
            ));
        };
        match &asked.assignments {
            Some(assignments) if assignments.len() != additional => {
                let text = format!(
                    "Attempted to add {additional} additional partition(s), but only {} assignment(s) were \
                     specified.",
                    assignments.len()
                );
                Err(ApiError::new(ErrorCode::InvalidReplicaAssignment, text))
            }
            Some(_) | None => Ok(additional),
        }
    }

    fn assigned(
        &self,
        asked: &CreatePartitionsTopic,
        first: i32,
        replicas: usize,
    ) -> Result<Vec<Partition>, ApiError> {
        let assignments = asked.assignments.iter().flatten();
        let partition = |(index, assignment): (i32, &Vec<i32>)| {
            let assigned = self.check_assignment(assignment, Some(replicas))?;
            self.new_partition(assigned).ok_or_else(|| {
                let text = format!(
                    "All brokers specified in the manual partition assignment for partition {index} are fenced \
                     or in controlled shutdown."
                );
                ApiError::new(ErrorCode::InvalidReplicaAssignment, text)
            })
        };
        (first..).zip(assignments.map(|assignment| &assignment.broker_ids)).map(partition).collect()
    }

    fn placed(
        &self,
        entropy: &mut dyn Entropy,
        partitions: usize,
        replicas: usize,
    ) -> Result<Vec<Partition>, ApiError> {
        let invalid = |text: String| ApiError::new(ErrorCode::InvalidReplicationFactor, text);
        let replication_factor = i16::try_from(replicas).map_err(|_| {
            let text =
                format!("Invalid replication factor {replicas}: expected a number equal to less than 32767");
            ApiError::new(ErrorCode::UnknownServerError, text)
        })?;
        let placed = self.place(entropy, PlacementSpec { partitions, replication_factor });
        let partition = |assigned| {
            self.new_partition(assigned).ok_or_else(|| {
                invalid(format!(
                    "Unable to replicate the partition {replication_factor} time(s): All brokers are currently \
                     fenced or in controlled shutdown."
                ))
            })
        };
        placed.map_err(|error| invalid(error.to_string()))?.into_iter().map(partition).collect()
    }
}

fn answer(name: &str, error: Option<&ApiError>) -> CreatePartitionsTopicResult {
    let (error_code, error_message) = error_fields(error);
    CreatePartitionsTopicResult {
        name: name.into(),
        error_code,
        error_message,
        ..CreatePartitionsTopicResult::default()
    }
}
