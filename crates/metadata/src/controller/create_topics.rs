//! CreateTopics: names, partitions and replicas, configs; each topic succeeds or fails alone, and
//! those that succeed become one atomic batch.

use std::collections::{BTreeMap, BTreeSet};

use klamm_model::TopicId;
use klamm_placement::PlacementSpec;
use klamm_protocol::messages::create_topics_request::CreatableTopic;
use klamm_protocol::messages::create_topics_response::{CreatableTopicConfigs, CreatableTopicResult};
use klamm_protocol::messages::{CreateTopicsRequest, CreateTopicsResponse};
use klamm_protocol::{ErrorCode, Str};

use super::budget::{Budget, check_batch, total_too_large};
use super::configs::{ConfigOp, NewResource};
use super::rules::layers;
use super::view::View;
use super::{Append, CreateTopics, Entropy, Origin, Outcome};
use crate::image::{ConfigMap, ConfigResource, Partition};
use crate::snapshot::{partition_record, topic_record};
use crate::topic_name::{CLUSTER_METADATA_TOPIC, topic_name_error};
use crate::{ApiError, VersionedRecord};

/// What one topic would become.
struct NewTopic {
    id: TopicId,
    partitions: Vec<Partition>,
    config_records: Vec<VersionedRecord>,
}

impl View<'_> {
    pub(crate) fn create_topics(
        &self,
        entropy: &mut dyn Entropy,
        command: &CreateTopics,
    ) -> Outcome<CreateTopicsResponse> {
        let request = &command.request;
        let duplicates = duplicates(request.topics.iter().map(|topic| &topic.name));
        let wanted = |topic: &&CreatableTopic| {
            let name = topic.name.as_str();
            !duplicates.contains(name) && name != CLUSTER_METADATA_TOPIC && command.creatable.contains(name)
        };
        let topics: Vec<&CreatableTopic> = request.topics.iter().filter(wanted).collect();
        if total_too_large(topics.iter().map(|topic| self.partitions_asked(topic))) {
            let text = "Excessively large number of partitions per request.";
            return Outcome::refuse(ApiError::new(ErrorCode::PolicyViolation, text));
        }
        let mut budget = Budget::new(command.quota);
        let mut records = Vec::new();
        let mut response = CreateTopicsResponse::default();
        for topic in topics {
            let created = self.create_topic(entropy, topic, command.origin, &mut budget);
            response.topics.push(match created {
                Ok(new) => {
                    let result = self.success(topic, &new, command);
                    self.add_records(&mut records, topic, new);
                    result
                }
                Err(error) => failure(&topic.name, &error),
            });
        }
        response.topics.extend(refused(request, &duplicates, command));
        if let Err(error) = check_batch(&records) {
            return Outcome::refuse(error);
        }
        let outcome = Outcome::of(records, Append::Atomic, response);
        let mut outcome = if request.validate_only { outcome.without_records() } else { outcome };
        outcome.charged_partitions = budget.charged();
        outcome
    }

    fn partitions_asked(&self, topic: &CreatableTopic) -> i64 {
        match (topic.assignments.len(), topic.num_partitions) {
            (0, -1) => self.settings.default_partitions.into(),
            (0, asked) => asked.max(0).into(),
            (assigned, _) => i64::try_from(assigned).unwrap_or(i64::MAX),
        }
    }

    fn create_topic(
        &self,
        entropy: &mut dyn Entropy,
        topic: &CreatableTopic,
        origin: Origin,
        budget: &mut Budget,
    ) -> Result<NewTopic, ApiError> {
        self.check_new_name(&topic.name)?;
        let config_records = self.creation_configs(topic, origin)?;
        let partitions = if topic.assignments.is_empty() {
            self.placed_partitions(entropy, topic)?
        } else {
            self.assigned_partitions(topic)?
        };
        budget.take(partitions.len())?;
        let id = self.new_topic_id(entropy);
        Ok(NewTopic { id, partitions, config_records })
    }

    fn check_new_name(&self, name: &Str) -> Result<(), ApiError> {
        let exists = self.image().topics.id_of(name).is_some();
        if exists {
            let text = format!("Topic '{name}' already exists.");
            return Err(ApiError::new(ErrorCode::TopicAlreadyExists, text));
        }
        let illegal = topic_name_error(name);
        let colliding = || {
            let other = self.state.colliding_with(name)?;
            Some(format!("Topic '{name}' collides with existing topic: {other}"))
        };
        match illegal.or_else(colliding) {
            Some(text) => Err(ApiError::new(ErrorCode::InvalidTopicException, text)),
            None => Ok(()),
        }
    }

    fn creation_configs(
        &self,
        topic: &CreatableTopic,
        origin: Origin,
    ) -> Result<Vec<VersionedRecord>, ApiError> {
        let nulls = topic.configs.iter().filter(|config| config.value.is_none());
        let nulls: Vec<&str> = nulls.map(|config| config.name.as_str()).collect();
        if !nulls.is_empty() {
            let text = format!("Null value not supported for topic configs: {}", nulls.join(","));
            return Err(ApiError::new(ErrorCode::InvalidConfig, text));
        }
        let mut changes: BTreeMap<&str, ConfigOp<'_>> = BTreeMap::new();
        for config in &topic.configs {
            changes.insert(&config.name, ConfigOp::Set(config.value.as_deref()));
        }
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let resource = ConfigResource::topic(topic.name.as_str());
        let mut records = self.incremental_change(&resource, &changes, NewResource::Yes, origin)?;
        records.extend(self.clear_elr_records(&records));
        Ok(records)
    }

    fn placed_partitions(
        &self,
        entropy: &mut dyn Entropy,
        topic: &CreatableTopic,
    ) -> Result<Vec<Partition>, ApiError> {
        if topic.replication_factor < -1 || topic.replication_factor == 0 {
            let text = "Replication factor must be larger than 0, or -1 to use the default value.";
            return Err(ApiError::new(ErrorCode::InvalidReplicationFactor, text));
        }
        if topic.num_partitions < -1 || topic.num_partitions == 0 {
            let text = "Number of partitions was set to an invalid non-positive value.";
            return Err(ApiError::new(ErrorCode::InvalidPartitions, text));
        }
        let replication_factor = match topic.replication_factor {
            -1 => self.settings.default_replication_factor,
            asked => asked,
        };
        let unable = |why: &str| {
            let text = format!("Unable to replicate the partition {replication_factor} time(s): {why}");
            ApiError::new(ErrorCode::InvalidReplicationFactor, text)
        };
        let count = usize::try_from(self.partitions_asked(topic)).expect("checked to be positive");
        let placed = self.place(entropy, PlacementSpec { partitions: count, replication_factor });
        let placed = placed.map_err(|error| unable(&error.to_string()))?;
        let partition = |replicas| {
            let none = || unable("All brokers are currently fenced or in controlled shutdown.");
            self.new_partition(replicas).ok_or_else(none)
        };
        placed.into_iter().map(partition).collect()
    }

    fn assigned_partitions(&self, topic: &CreatableTopic) -> Result<Vec<Partition>, ApiError> {
        let both = |field: &str| {
            let text = format!("A manual partition assignment was specified, but {field} was not set to -1.");
            Err(ApiError::new(ErrorCode::InvalidRequest, text))
        };
        if topic.replication_factor != -1 {
            return both("replication factor");
        }
        if topic.num_partitions != -1 {
            return both("numPartitions");
        }
        let invalid = |text: String| ApiError::new(ErrorCode::InvalidReplicaAssignment, text);
        let mut partitions = BTreeMap::new();
        let mut like = None;
        for assignment in &topic.assignments {
            let index = assignment.partition_index;
            if partitions.contains_key(&index) {
                return Err(invalid(format!(
                    "Found multiple manual partition assignments for partition {index}"
                )));
            }
            let replicas = self.check_assignment(&assignment.broker_ids, like)?;
            like = Some(replicas.len());
            let partition = self.new_partition(replicas).ok_or_else(|| {
                invalid(format!(
                    "All brokers specified in the manual partition assignment for partition {index} are fenced \
                     or in controlled shutdown."
                ))
            })?;
            partitions.insert(index, partition);
        }
        if !(0..).zip(partitions.keys()).all(|(expected, index)| expected == *index) {
            return Err(invalid("partitions should be a consecutive 0-based integer sequence".to_owned()));
        }
        Ok(partitions.into_values().collect())
    }

    fn new_topic_id(&self, entropy: &mut dyn Entropy) -> TopicId {
        let drawn = self.new_uuid(entropy, |uuid| {
            TopicId::new(uuid).is_none_or(|id| self.image().topics.by_id(id).is_some())
        });
        TopicId::new(drawn).expect("drawn ids are not zero")
    }

    fn add_records(&self, records: &mut Vec<VersionedRecord>, topic: &CreatableTopic, new: NewTopic) {
        records.push(topic_record(&topic.name, new.id));
        records.extend(new.config_records);
        let options = self.state.record_options();
        for (index, partition) in (0..).zip(&new.partitions) {
            records.push(partition_record(partition, (new.id, index), options));
        }
    }

    fn success(
        &self,
        topic: &CreatableTopic,
        new: &NewTopic,
        command: &CreateTopics,
    ) -> CreatableTopicResult {
        let mut result = CreatableTopicResult {
            name: topic.name.clone(),
            topic_id: new.id.get(),
            error_message: None,
            ..CreatableTopicResult::default()
        };
        if !command.describable.contains(&topic.name) {
            result.topic_config_error_code = ErrorCode::TopicAuthorizationFailed.code();
            return result;
        }
        let replicas = new.partitions.first().map_or(0, |partition| partition.replicas().len());
        result.num_partitions = i32::try_from(new.partitions.len()).expect("bounded by the request's limit");
        result.replication_factor = i16::try_from(replicas).expect("bounded by the number of brokers");
        result.configs = Some(self.effective_configs(topic));
        result
    }

    fn effective_configs(&self, topic: &CreatableTopic) -> Vec<CreatableTopicConfigs> {
        let own = topic.configs.iter();
        let own: ConfigMap =
            own.filter_map(|c| Some((c.name.as_str().into(), c.value.as_deref()?.into()))).collect();
        let mut layers = layers(&self.image().configs, self.settings.node_id.get(), &topic.name);
        layers.topic = Some(&own);
        let shown = self.rules.topic_configs(layers).into_iter();
        shown
            .map(|config| CreatableTopicConfigs {
                name: config.name.into(),
                value: config.value.filter(|_| !config.sensitive).map(Str::from),
                read_only: false,
                config_source: config.source.code(),
                is_sensitive: config.sensitive,
                ..CreatableTopicConfigs::default()
            })
            .collect()
    }
}

/// The names that occur more than once.
pub(crate) fn duplicates<'a>(names: impl Iterator<Item = &'a Str>) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    names.map(Str::as_str).filter(|name| !seen.insert(*name)).collect()
}

fn failure(name: &Str, error: &ApiError) -> CreatableTopicResult {
    CreatableTopicResult {
        name: name.clone(),
        error_code: error.code.code(),
        error_message: error.text(),
        ..CreatableTopicResult::default()
    }
}

/// Answers for the topics that were not even tried: each duplicate name once, then the others.
fn refused<'a>(
    request: &'a CreateTopicsRequest,
    duplicates: &'a BTreeSet<&str>,
    command: &'a CreateTopics,
) -> impl Iterator<Item = CreatableTopicResult> + 'a {
    let twice = duplicates.iter().map(|name| {
        let error = ApiError::new(ErrorCode::InvalidRequest, "Duplicate topic name.");
        failure(&Str::from(*name), &error)
    });
    let others = request.topics.iter().filter(|topic| !duplicates.contains(topic.name.as_str()));
    twice.chain(others.filter_map(|topic| {
        let error = if topic.name == CLUSTER_METADATA_TOPIC {
            let text = "Creation of internal topic __cluster_metadata is prohibited.";
            ApiError::new(ErrorCode::InvalidRequest, text)
        } else if !command.creatable.contains(&topic.name) {
            ApiError::new(ErrorCode::TopicAuthorizationFailed, "Authorization failed.")
        } else {
            return None;
        };
        Some(failure(&topic.name, &error))
    }))
}

#[cfg(test)]
mod tests;
