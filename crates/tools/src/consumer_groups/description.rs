//! A group as any of the protocols describes it (Kafka: DescribeConsumerGroupsHandler).

use std::collections::BTreeMap;

use klamm_client::cluster::CoordinatorKind;
use klamm_client::{Admin, ClientError};
use klamm_config::HostPort;
use klamm_model::TopicPartition;
use klamm_protocol::messages::ConsumerProtocolAssignment;
use klamm_protocol::messages::consumer_group_describe_response::{
    Assignment, DescribedGroup as DescribedConsumerGroup,
};
use klamm_protocol::messages::describe_groups_response::DescribedGroup;
use klamm_protocol::{ErrorCode, Message, Reader, Str};

use crate::tool::ToolError;

/// A member and what it was given.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) id: String,
    pub(super) instance_id: String,
    pub(super) client_id: String,
    pub(super) host: String,
    pub(super) assignment: Vec<TopicPartition>,
    pub(super) target: Vec<TopicPartition>,
    pub(super) epoch: Option<i32>,
    /// Whether it speaks the consumer protocol; classic groups do not tell.
    pub(super) is_upgraded: Option<bool>,
}

/// A group.
#[derive(Clone, Debug)]
pub(super) struct Description {
    pub(super) state: String,
    pub(super) assignor: String,
    pub(super) epoch: Option<i32>,
    pub(super) target_epoch: Option<i32>,
    pub(super) members: Vec<Member>,
    pub(super) coordinator: Option<(i32, HostPort)>,
}

/// By group, what is known of it or why nothing is.
pub(super) type Descriptions = BTreeMap<Str, Result<Description, ClientError>>;

/// Describes `groups`: as those of the consumer protocol, and as classic ones where they are none.
pub(super) async fn describe(admin: &Admin, groups: &[Str]) -> Result<Descriptions, ToolError> {
    let whole = |error: &ClientError| super::shown(error);
    let mut described: Descriptions = BTreeMap::new();
    let mut classic = Vec::new();
    for (group, found) in admin.describe_consumer_groups(groups).await.map_err(|error| whole(&error))? {
        match found {
            Ok(found) => {
                described.insert(group, Ok(of_consumer_group(found)));
            }
            Err(error) if is_other_kind(&error) => classic.push(group),
            Err(error) => {
                described.insert(group, Err(error));
            }
        }
    }
    if !classic.is_empty() {
        for (group, found) in admin.describe_groups(&classic).await.map_err(|error| whole(&error))? {
            let found = match found {
                Ok(found) if !matches!(found.protocol_type.as_str(), "" | "consumer") => {
                    return Err(ToolError::Usage(format!(
                        "GroupId {group} is not a consumer group ({}).",
                        found.protocol_type
                    )));
                }
                found => found.map(of_classic_group),
            };
            described.insert(group, found);
        }
    }
    for (group, description) in &mut described {
        if let Ok(description) = description {
            description.coordinator = coordinator(admin, group).await;
        }
    }
    Ok(described)
}

fn is_other_kind(error: &ClientError) -> bool {
    let code = error.code();
    matches!(error, ClientError::UnsupportedVersion { .. })
        || code == Some(ErrorCode::GroupIdNotFound)
        || code == Some(ErrorCode::UnsupportedVersion)
}

async fn coordinator(admin: &Admin, group: &Str) -> Option<(i32, HostPort)> {
    let id = admin.cluster().coordinator(CoordinatorKind::Group, group).await.ok()?;
    let view = admin.cluster().view();
    view.broker(id).map(|broker| (id, broker.endpoint.clone()))
}

fn of_consumer_group(group: DescribedConsumerGroup) -> Description {
    let members = group.members.iter().map(|member| Member {
        id: member.member_id.to_string(),
        instance_id: member.instance_id.as_ref().map(Str::to_string).unwrap_or_default(),
        client_id: member.client_id.to_string(),
        host: member.client_host.to_string(),
        assignment: partitions(&member.assignment),
        target: partitions(&member.target_assignment),
        epoch: Some(member.member_epoch),
        is_upgraded: (member.member_type >= 0).then_some(member.member_type == 1),
    });
    Description {
        state: group.group_state.to_string(),
        assignor: group.assignor_name.to_string(),
        epoch: Some(group.group_epoch),
        target_epoch: Some(group.assignment_epoch),
        members: members.collect(),
        coordinator: None,
    }
}

fn partitions(assignment: &Assignment) -> Vec<TopicPartition> {
    let topics = assignment.topic_partitions.iter();
    let of_topics = topics.flat_map(|topic| {
        topic.partitions.iter().map(|partition| TopicPartition::new(topic.topic_name.as_str(), *partition))
    });
    of_topics.collect()
}

fn of_classic_group(group: DescribedGroup) -> Description {
    let members = group.members.iter().map(|member| Member {
        id: member.member_id.to_string(),
        instance_id: member.group_instance_id.as_ref().map(Str::to_string).unwrap_or_default(),
        client_id: member.client_id.to_string(),
        host: member.client_host.to_string(),
        assignment: classic_assignment(member.member_assignment.clone()),
        target: Vec::new(),
        epoch: None,
        is_upgraded: None,
    });
    Description {
        state: group.group_state.to_string(),
        assignor: group.protocol_data.to_string(),
        epoch: None,
        target_epoch: None,
        members: members.collect(),
        coordinator: None,
    }
}

/// What a member of a classic group was given by its leader; nothing where that cannot be read.
fn classic_assignment(bytes: bytes::Bytes) -> Vec<TopicPartition> {
    let mut reader = Reader::new(bytes);
    let Ok(version) = reader.i16() else { return Vec::new() };
    let version = version
        .clamp(*ConsumerProtocolAssignment::VERSIONS.start(), *ConsumerProtocolAssignment::VERSIONS.end());
    let Ok(assignment) = ConsumerProtocolAssignment::decode(&mut reader, version) else { return Vec::new() };
    let topics = assignment.assigned_partitions.iter();
    let of_topics = topics.flat_map(|topic| {
        topic.partitions.iter().map(|partition| TopicPartition::new(topic.topic.as_str(), *partition))
    });
    of_topics.collect()
}
