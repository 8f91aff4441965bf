//! DescribeGroups and ListGroups.

use klamm_protocol::messages::ListGroupsRequest;
use klamm_protocol::messages::describe_groups_response::{DescribedGroup, DescribedGroupMember};
use klamm_protocol::messages::list_groups_response::ListedGroup;
use klamm_protocol::{ErrorCode, Str};

use super::classic::{ClassicGroup, Member, Phase};
use super::command::UnknownGroup;
use super::{Group, GroupMachine, GroupReply, GroupType};
use crate::machine::{Outcome, ReplyTo};

/// Kafka's name for the state of a group that does not exist.
const DEAD: &str = "Dead";

impl GroupMachine {
    pub(super) fn describe(&self, to: ReplyTo, ids: &[Str], unknown: UnknownGroup) -> Outcome<GroupMachine> {
        let describe = |id: &Str| match self.group(id) {
            Some(Group::Classic(group)) => describe_classic(id, group),
            Some(Group::Modern(_)) => not_found(id, unknown, format!("Group {id} is not a classic group.")),
            None => not_found(id, unknown, format!("Group {id} not found.")),
        };
        Outcome::reply(to, GroupReply::Describe(ids.iter().map(describe).collect()))
    }

    pub(super) fn list(&self, to: ReplyTo, request: &ListGroupsRequest) -> Outcome<GroupMachine> {
        let states: Vec<String> =
            request.states_filter.iter().map(|state| state.to_lowercase().trim().to_owned()).collect();
        let types: Vec<Option<GroupType>> =
            request.types_filter.iter().map(|name| GroupType::from_name(name)).collect();
        let wanted = |group: &Group| {
            let state = || states.iter().any(|state| group.state_name().eq_ignore_ascii_case(state));
            (states.is_empty() || state()) && (types.is_empty() || types.contains(&Some(group.group_type())))
        };
        let groups = self.groups().filter(|(_, group)| wanted(group));
        let listed = groups.map(|(id, group)| ListedGroup {
            group_id: id.clone(),
            protocol_type: group.protocol_type(),
            group_state: Str::from_static(group.state_name()),
            group_type: Str::from_static(group.group_type().name()),
            ..ListedGroup::default()
        });
        Outcome::reply(to, GroupReply::List(Ok(listed.collect())))
    }
}

impl Group {
    /// The protocol.
    pub fn group_type(&self) -> GroupType {
        match self {
            Group::Classic(_) => GroupType::Classic,
            Group::Modern(group) => group.group_type,
        }
    }

    /// Kafka's name of the state.
    pub fn state_name(&self) -> &'static str {
        match self {
            Group::Classic(group) => group.state_name(),
            Group::Modern(group) => group.state_name(),
        }
    }

    /// Whether it has no members.
    pub fn is_empty(&self) -> bool {
        match self {
            Group::Classic(group) => group.is_empty(),
            Group::Modern(group) => group.is_empty(),
        }
    }

    fn protocol_type(&self) -> Str {
        match self {
            Group::Classic(group) => group.protocol_type.clone().unwrap_or_default(),
            Group::Modern(group) => Str::from_static(group.group_type.protocol_type()),
        }
    }
}

fn describe_classic(id: &Str, group: &ClassicGroup) -> DescribedGroup {
    // Between generations there is no protocol that all members share.
    let protocol = group.protocol_name.as_ref().filter(|_| group.phase == Phase::Stable);
    let member = |member: &Member| DescribedGroupMember {
        member_id: member.id.clone(),
        group_instance_id: member.instance_id.clone(),
        client_id: member.client_id.clone(),
        client_host: member.client_host.clone(),
        member_metadata: protocol.map(|protocol| member.metadata(protocol)).unwrap_or_default(),
        member_assignment: member.assignment.clone(),
        ..DescribedGroupMember::default()
    };
    DescribedGroup {
        group_id: id.clone(),
        group_state: Str::from_static(group.state_name()),
        protocol_type: group.protocol_type.clone().unwrap_or_default(),
        protocol_data: protocol.cloned().unwrap_or_default(),
        members: group.members.in_kafka_order().into_iter().map(member).collect(),
        ..DescribedGroup::default()
    }
}

fn not_found(id: &Str, unknown: UnknownGroup, message: String) -> DescribedGroup {
    let dead = DescribedGroup {
        group_id: id.clone(),
        group_state: Str::from_static(DEAD),
        ..DescribedGroup::default()
    };
    match unknown {
        UnknownGroup::IsDead => dead,
        UnknownGroup::IsNotFound => DescribedGroup {
            error_code: ErrorCode::GroupIdNotFound.code(),
            error_message: Some(Str::from(message)),
            ..dead
        },
    }
}
