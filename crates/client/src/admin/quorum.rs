//! The metadata quorum and the cluster's features.

use klamm_protocol::messages::describe_quorum_request::{PartitionData, TopicData};
use klamm_protocol::messages::{
    AddRaftVoterRequest, AddRaftVoterResponse, DescribeQuorumRequest, DescribeQuorumResponse,
    RemoveRaftVoterRequest, RemoveRaftVoterResponse, UpdateFeaturesRequest, UpdateFeaturesResponse,
};

use super::Admin;
use crate::error::ClientError;

impl Admin {
    /// DescribeQuorum of the metadata log.
    pub async fn describe_quorum(&self) -> Result<DescribeQuorumResponse, ClientError> {
        let topic = TopicData {
            topic_name: "__cluster_metadata".into(),
            partitions: vec![PartitionData::default()],
            ..TopicData::default()
        };
        let request = DescribeQuorumRequest { topics: vec![topic], ..DescribeQuorumRequest::default() };
        let response = self.call(&request).await?;
        ClientError::check_with(response.error_code, response.error_message.as_deref())?;
        Ok(response)
    }

    /// UpdateFeatures.
    pub async fn update_features(
        &self,
        request: &UpdateFeaturesRequest,
    ) -> Result<UpdateFeaturesResponse, ClientError> {
        self.call(request).await
    }

    /// AddRaftVoter.
    pub async fn add_raft_voter(
        &self,
        request: &AddRaftVoterRequest,
    ) -> Result<AddRaftVoterResponse, ClientError> {
        self.call(request).await
    }

    /// RemoveRaftVoter.
    pub async fn remove_raft_voter(
        &self,
        request: &RemoveRaftVoterRequest,
    ) -> Result<RemoveRaftVoterResponse, ClientError> {
        self.call(request).await
    }
}
