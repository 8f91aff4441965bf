//! ElectLeaders, and the elections the controller holds by itself from time to time.

use klamm_model::{BrokerId, TopicIdPartition};
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::elect_leaders_response::{PartitionResult, ReplicaElectionResult};
use klamm_protocol::messages::{ElectLeadersRequest, ElectLeadersResponse};

use super::budget::check_batch;
use super::partition_change::{Election, PartitionChange};
use super::view::View;
use super::{Append, MoreToDo, Outcome};
use crate::api_error::error_fields;
use crate::image::{Partition, Topic};
use crate::{ApiError, VersionedRecord};

/// Most elections of one round that the controller holds by itself.
const MAX_ELECTIONS_PER_ROUND: usize = 1000;

impl View<'_> {
    pub(crate) fn elect_leaders(&self, request: &ElectLeadersRequest) -> Outcome<ElectLeadersResponse> {
        if request.topic_partitions.as_ref().is_some_and(Vec::is_empty) {
            return Outcome::reply(ElectLeadersResponse::default());
        }
        let election = match request.election_type {
            0 => Election::Preferred,
            1 => Election::Unclean,
            other => {
                let text = format!("Unknown election type {other}");
                return Outcome::refuse(ApiError::new(ErrorCode::InvalidRequest, text));
            }
        };
        let mut records = Vec::new();
        let mut response = ElectLeadersResponse::default();
        match &request.topic_partitions {
            None => self.elect_everywhere(election, &mut response, &mut records),
            Some(topics) => {
                for asked in topics {
                    let mut result =
                        ReplicaElectionResult { topic: asked.topic.clone(), ..Default::default() };
                    for partition in &asked.partitions {
                        let elected = self.elect_named(&asked.topic, *partition, election, &mut records);
                        result.partition_result.push(answer(*partition, elected.err().as_ref()));
                    }
                    response.replica_election_results.push(result);
                }
            }
        }
        if let Err(error) = check_batch(&records) {
            return Outcome::refuse(error);
        }
        Outcome::of(records, Append::Splittable, response)
    }

    /// Tells only of partitions that needed an election.
    fn elect_everywhere(
        &self,
        election: Election,
        response: &mut ElectLeadersResponse,
        records: &mut Vec<VersionedRecord>,
    ) {
        for topic in self.image().topics.iter_by_name() {
            let mut result = ReplicaElectionResult { topic: (&**topic.name()).into(), ..Default::default() };
            for (index, partition) in topic.partitions() {
                let elected = self.elect(topic, (index, partition), election, records);
                match elected.err() {
                    Some(error) if error.code == ErrorCode::ElectionNotNeeded => {}
                    error => result.partition_result.push(answer(index, error.as_ref())),
                }
            }
            response.replica_election_results.push(result);
        }
    }

    fn elect_named(
        &self,
        name: &str,
        index: i32,
        election: Election,
        records: &mut Vec<VersionedRecord>,
    ) -> Result<(), ApiError> {
        let unknown = |text: String| ApiError::new(ErrorCode::UnknownTopicOrPartition, text);
        let topic = self.image().topics.by_name(name);
        let topic = topic.ok_or_else(|| unknown(format!("No such topic as {name}")))?;
        let partition = topic.partition(index);
        let partition = partition.ok_or_else(|| unknown(format!("No such partition as {name}-{index}")))?;
        self.elect(topic, (index, partition), election, records)
    }

    fn elect(
        &self,
        topic: &Topic,
        (index, partition): (i32, &Partition),
        election: Election,
        records: &mut Vec<VersionedRecord>,
    ) -> Result<(), ApiError> {
        let (needless, none) = match election {
            Election::Unclean => (partition.leader().is_some(), ErrorCode::EligibleLeadersNotAvailable),
            Election::Preferred | Election::Online => {
                (partition.is_led_as_preferred(), ErrorCode::PreferredLeaderNotAvailable)
            }
        };
        if needless {
            return Err(ApiError::plain(ErrorCode::ElectionNotNeeded));
        }
        let record = self.election_record(topic, (index, partition), election);
        records.push(record.ok_or_else(|| ApiError::plain(none))?);
        Ok(())
    }

    fn election_record(
        &self,
        topic: &Topic,
        (index, partition): (i32, &Partition),
        election: Election,
    ) -> Option<VersionedRecord> {
        let id = TopicIdPartition { topic_id: topic.id(), partition: index };
        let can_lead = |id: BrokerId| self.can_lead(partition, id);
        let default_directory = |id: BrokerId| self.default_directory(id);
        let context = self.change_context(topic.name(), &can_lead, &default_directory);
        let mut change = PartitionChange::new(id, partition, context);
        change.election = election;
        change.build()
    }

    /// Gives preferred leaders their partitions back (`auto.leader.rebalance.enable`).
    pub(crate) fn balance_leaders(&self) -> Outcome<MoreToDo> {
        let imbalanced = self.image().topics.not_led_as_preferred();
        let records = imbalanced.filter_map(|id| {
            let (topic, partition) = self.state.partition(id)?;
            self.election_record(topic, (id.partition, partition), Election::Preferred)
        });
        round(records.take(MAX_ELECTIONS_PER_ROUND).collect())
    }

    /// Elects any live replica where no better one is left and the topic allows it.
    pub(crate) fn elect_unclean_leaders(&self) -> Outcome<MoreToDo> {
        let records = self.image().topics.leaderless().filter_map(|id| {
            let (topic, partition) = self.state.partition(id)?;
            let allowed = self.allows_unclean_election(topic.name());
            let record = || self.election_record(topic, (id.partition, partition), Election::Unclean);
            allowed.then(record).flatten()
        });
        round(records.take(MAX_ELECTIONS_PER_ROUND).collect())
    }
}

fn round(records: Vec<VersionedRecord>) -> Outcome<MoreToDo> {
    let more = if records.len() >= MAX_ELECTIONS_PER_ROUND { MoreToDo::Yes } else { MoreToDo::No };
    Outcome::of(records, Append::Splittable, more)
}

fn answer(partition_id: i32, error: Option<&ApiError>) -> PartitionResult {
    let (error_code, error_message) = error_fields(error);
    PartitionResult { partition_id, error_code, error_message, ..PartitionResult::default() }
}
