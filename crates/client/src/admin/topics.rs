//! Topics: creating, deleting, describing, growing, trimming.

use std::collections::BTreeMap;
use std::sync::Arc;

use klamm_model::{Offset, TopicId, TopicPartition};
use klamm_protocol::messages::delete_topics_request::DeleteTopicState;
use klamm_protocol::messages::{
    AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse, CreatePartitionsRequest,
    CreatePartitionsResponse, CreateTopicsRequest, CreateTopicsResponse, DeleteTopicsRequest,
    DeleteTopicsResponse, DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse,
    ElectLeadersRequest, ElectLeadersResponse, ListPartitionReassignmentsRequest,
    ListPartitionReassignmentsResponse,
};
use klamm_protocol::{ErrorCode, Str};

use super::Admin;
use super::by_leader::{DeleteRecords, DescribeProducers, ProducersOfPartition};
use crate::cluster::{AutoCreate, TopicSelection, TopicView};
use crate::error::ClientError;

impl Admin {
    /// CreateTopics.
    pub async fn create_topics(
        &self,
        request: &CreateTopicsRequest,
    ) -> Result<CreateTopicsResponse, ClientError> {
        self.call(request).await
    }

    /// DeleteTopics, by name.
    pub async fn delete_topics(&self, names: &[Str]) -> Result<DeleteTopicsResponse, ClientError> {
        let topics = names
            .iter()
            .map(|name| DeleteTopicState { name: Some(name.clone()), ..DeleteTopicState::default() });
        let request = DeleteTopicsRequest {
            topics: topics.collect(),
            timeout_ms: self.timeout_ms(),
            ..DeleteTopicsRequest::default()
        };
        self.call(&request).await
    }

    /// DeleteTopics, one incarnation of one topic.
    pub async fn delete_topic_by_id(&self, id: TopicId) -> Result<DeleteTopicsResponse, ClientError> {
        let topic = DeleteTopicState { name: None, topic_id: id.get(), ..DeleteTopicState::default() };
        let request = DeleteTopicsRequest {
            topics: vec![topic],
            timeout_ms: self.timeout_ms(),
            ..DeleteTopicsRequest::default()
        };
        self.call(&request).await
    }

    /// CreatePartitions.
    pub async fn create_partitions(
        &self,
        request: &CreatePartitionsRequest,
    ) -> Result<CreatePartitionsResponse, ClientError> {
        self.call(request).await
    }

    /// All topics, by name.
    pub async fn list_topics(&self) -> Result<Vec<Arc<TopicView>>, ClientError> {
        let deadline = self.cluster.default_deadline();
        self.cluster.refresh_until(TopicSelection::All, deadline).await?;
        Ok(self.cluster.view().topics().cloned().collect())
    }

    /// The topics `names` from one broker's metadata; each is there, or its error is.
    pub async fn describe_topics(
        &self,
        names: &[Str],
    ) -> Result<BTreeMap<Str, Result<Arc<TopicView>, ErrorCode>>, ClientError> {
        let deadline = self.cluster.default_deadline();
        let selection = TopicSelection::Named(names.to_vec(), AutoCreate::Never);
        let errors = self.cluster.refresh_until(selection, deadline).await?;
        let view = self.cluster.view();
        let described = names.iter().map(|name| {
            let absent = || errors.get(name).copied().unwrap_or(ErrorCode::UnknownTopicOrPartition);
            (name.clone(), view.topic(name).cloned().ok_or_else(absent))
        });
        Ok(described.collect())
    }

    /// DescribeTopicPartitions: one page. `next_cursor` of the answer goes into the request for the next.
    pub async fn describe_topic_partitions(
        &self,
        request: &DescribeTopicPartitionsRequest,
    ) -> Result<DescribeTopicPartitionsResponse, ClientError> {
        self.call(request).await
    }

    /// DeleteRecords: trims each partition below the offset, or below the high watermark for `None`. Gives
    /// the new first offset.
    pub async fn delete_records(
        &self,
        before: BTreeMap<TopicPartition, Option<Offset>>,
    ) -> Result<BTreeMap<TopicPartition, Result<Offset, ClientError>>, ClientError> {
        let call = DeleteRecords { timeout_ms: self.timeout_ms() };
        self.by_leader(&call, before).await
    }

    /// DescribeProducers: who writes to each partition.
    pub async fn describe_producers(
        &self,
        partitions: &[TopicPartition],
    ) -> Result<BTreeMap<TopicPartition, Result<ProducersOfPartition, ClientError>>, ClientError> {
        let items = partitions.iter().map(|partition| (partition.clone(), ()));
        self.by_leader(&DescribeProducers, items.collect()).await
    }

    /// ElectLeaders.
    pub async fn elect_leaders(
        &self,
        request: &ElectLeadersRequest,
    ) -> Result<ElectLeadersResponse, ClientError> {
        self.call(request).await
    }

    /// AlterPartitionReassignments.
    pub async fn alter_partition_reassignments(
        &self,
        request: &AlterPartitionReassignmentsRequest,
    ) -> Result<AlterPartitionReassignmentsResponse, ClientError> {
        self.call(request).await
    }

    /// ListPartitionReassignments.
    pub async fn list_partition_reassignments(
        &self,
        request: &ListPartitionReassignmentsRequest,
    ) -> Result<ListPartitionReassignmentsResponse, ClientError> {
        self.call(request).await
    }
}
