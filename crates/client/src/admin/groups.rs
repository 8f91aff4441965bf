//! Groups: listing, describing, deleting, removing members.

use klamm_protocol::Str;
use klamm_protocol::messages::consumer_group_describe_response::DescribedGroup as DescribedConsumerGroup;
use klamm_protocol::messages::describe_groups_response::DescribedGroup;
use klamm_protocol::messages::leave_group_request::MemberIdentity;
use klamm_protocol::messages::list_groups_response::ListedGroup;
use klamm_protocol::messages::{
    ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse, DeleteGroupsRequest, DeleteGroupsResponse,
    DescribeGroupsRequest, DescribeGroupsResponse, LeaveGroupRequest, LeaveGroupResponse, ListGroupsRequest,
};

use super::Admin;
use super::by_group::{GroupCall, PerGroup};
use crate::cluster::CoordinatorKind;
use crate::error::ClientError;

impl Admin {
    /// ListGroups of all brokers, by group id.
    pub async fn list_groups(&self, request: &ListGroupsRequest) -> Result<Vec<ListedGroup>, ClientError> {
        let mut groups = Vec::new();
        for broker in self.broker_ids(self.cluster.default_deadline()).await? {
            let response = self.call_broker(broker, request).await?;
            ClientError::check(response.error_code)?;
            groups.extend(response.groups);
        }
        groups.sort_by(|a, b| a.group_id.cmp(&b.group_id));
        groups.dedup_by(|a, b| a.group_id == b.group_id);
        Ok(groups)
    }

    /// DescribeGroups: classic groups, with what their members sent.
    pub async fn describe_groups(&self, groups: &[Str]) -> Result<PerGroup<DescribedGroup>, ClientError> {
        self.by_group(&DescribeGroups, groups).await
    }

    /// ConsumerGroupDescribe: groups of the consumer protocol.
    pub async fn describe_consumer_groups(
        &self,
        groups: &[Str],
    ) -> Result<PerGroup<DescribedConsumerGroup>, ClientError> {
        self.by_group(&DescribeConsumerGroups, groups).await
    }

    /// DeleteGroups.
    pub async fn delete_groups(&self, groups: &[Str]) -> Result<PerGroup<()>, ClientError> {
        self.by_group(&DeleteGroups, groups).await
    }

    /// LeaveGroup on behalf of members.
    pub async fn remove_members(
        &self,
        group: &str,
        members: Vec<MemberIdentity>,
    ) -> Result<LeaveGroupResponse, ClientError> {
        let request = LeaveGroupRequest { group_id: group.into(), members, ..LeaveGroupRequest::default() };
        self.call_coordinator(CoordinatorKind::Group, group, &request).await
    }
}

struct DescribeGroups;

impl GroupCall for DescribeGroups {
    type Out = DescribedGroup;
    type Request = DescribeGroupsRequest;

    fn request(&self, groups: &[Str]) -> DescribeGroupsRequest {
        DescribeGroupsRequest { groups: groups.to_vec(), ..DescribeGroupsRequest::default() }
    }

    fn read(&self, response: DescribeGroupsResponse) -> Vec<(Str, Result<DescribedGroup, ClientError>)> {
        let groups = response.groups.into_iter().map(|group| {
            let checked = ClientError::check_with(group.error_code, group.error_message.as_deref());
            (group.group_id.clone(), checked.map(|()| group))
        });
        groups.collect()
    }
}

struct DescribeConsumerGroups;

impl GroupCall for DescribeConsumerGroups {
    type Out = DescribedConsumerGroup;
    type Request = ConsumerGroupDescribeRequest;

    fn request(&self, groups: &[Str]) -> ConsumerGroupDescribeRequest {
        ConsumerGroupDescribeRequest { group_ids: groups.to_vec(), ..ConsumerGroupDescribeRequest::default() }
    }

    fn read(
        &self,
        response: ConsumerGroupDescribeResponse,
    ) -> Vec<(Str, Result<DescribedConsumerGroup, ClientError>)> {
        let groups = response.groups.into_iter().map(|group| {
            let checked = ClientError::check_with(group.error_code, group.error_message.as_deref());
            (group.group_id.clone(), checked.map(|()| group))
        });
        groups.collect()
    }
}

struct DeleteGroups;

impl GroupCall for DeleteGroups {
    type Out = ();
    type Request = DeleteGroupsRequest;

    fn request(&self, groups: &[Str]) -> DeleteGroupsRequest {
        DeleteGroupsRequest { groups_names: groups.to_vec(), ..DeleteGroupsRequest::default() }
    }

    fn read(&self, response: DeleteGroupsResponse) -> Vec<(Str, Result<(), ClientError>)> {
        let results = response.results.into_iter().map(|result| {
            let checked = ClientError::check_with(result.error_code, result.error_message.as_deref());
            (result.group_id, checked)
        });
        results.collect()
    }
}
