//! Classic groups: JoinGroup (11), Heartbeat (12), LeaveGroup (13), SyncGroup (14), DescribeGroups
//! (15), ListGroups (16), DeleteGroups (42). Each goes to the coordinator of the group's partition.

use std::collections::BTreeMap;

use klamm_coordinator::group::{
    Client, FirstJoin, GroupReply, GroupRequest, JoinGroup, SkipAssignment, UnknownGroup,
};
use klamm_model::Uuid;
use klamm_protocol::messages::leave_group_request::MemberIdentity;
use klamm_protocol::messages::{
    DeleteGroupsRequest, DeleteGroupsResponse, DescribeGroupsRequest, DescribeGroupsResponse,
    HeartbeatRequest, HeartbeatResponse, JoinGroupRequest, JoinGroupResponse, LeaveGroupRequest,
    LeaveGroupResponse, ListGroupsRequest, ListGroupsResponse, SyncGroupRequest, SyncGroupResponse,
};
use klamm_protocol::{ErrorCode, Str};

use super::call::Call;
use super::operations;

/// Checks what needs no group, then asks the coordinator.
pub(super) async fn ask(call: &Call, group: &str, request: GroupRequest) -> GroupReply {
    let groups = &call.node.groups;
    if let Some(refusal) = request.check(&groups.settings()) {
        return refusal;
    }
    let partition = groups.partition_of(&call.node.image.load(), group);
    groups.ask(partition, request).await
}

macro_rules! expect_reply {
    ($reply:expr, $variant:ident) => {
        match $reply {
            klamm_coordinator::group::GroupReply::$variant(response) => response,
            other => unreachable!("a coordinator answers each request in kind, not {other:?}"),
        }
    };
}
pub(super) use expect_reply;

/// Most bytes of one member's metadata over all its protocols. A member keeps it in memory, and no group
/// with more could ever be written: Kafka refuses its SyncGroup with the same error then.
const MEMBER_METADATA_MOST: usize = 8 << 20;

fn is_too_large(request: &JoinGroupRequest) -> bool {
    request.protocols.iter().map(|protocol| protocol.metadata.len()).sum::<usize>() > MEMBER_METADATA_MOST
}

/// JoinGroup, versions 0-9: 1 rebalance time-out, 4 member id required (KIP-394), 5 static members, 7
/// protocol type, 8 reason, 9 skip assignment (KIP-814).
pub async fn join(call: Call, mut request: JoinGroupRequest) -> JoinGroupResponse {
    if call.version < 1 {
        request.rebalance_timeout_ms = request.session_timeout_ms;
    }
    if is_too_large(&request) {
        return JoinGroupResponse {
            error_code: ErrorCode::UnknownServerError.code(),
            member_id: request.member_id,
            ..JoinGroupResponse::default()
        };
    }
    let group = request.group_id.clone();
    let remote = call.peer.peers.remote.ip().to_canonical();
    let join = JoinGroup {
        request,
        client: Client { id: call.client_id.clone(), host: Str::from(format!("/{remote}")) },
        random: random_uuid(),
        first_join: if call.version >= 4 { FirstJoin::HandsOutMemberId } else { FirstJoin::AdmitsAtOnce },
        skip_assignment: if call.version >= 9 { SkipAssignment::Understood } else { SkipAssignment::Unknown },
    };
    let mut response = expect_reply!(ask(&call, &group, GroupRequest::Join(join)).await, Join);
    // A member that was not admitted is told no protocol; before version 7 the name cannot be null.
    let name = response.protocol_name.take().filter(|name| !name.is_empty());
    response.protocol_name = if call.version < 7 { name.or(Some(Str::from(""))) } else { name };
    response
}

fn random_uuid() -> u128 {
    let uuid = (0..).find_map(|_: u32| Uuid::random_from(rand::random()));
    uuid.map_or(0, Uuid::to_u128)
}

/// SyncGroup, versions 0-5.
pub async fn sync(call: Call, request: SyncGroupRequest) -> SyncGroupResponse {
    if call.version >= 5 && (request.protocol_type.is_none() || request.protocol_name.is_none()) {
        let error_code = ErrorCode::InconsistentGroupProtocol.code();
        return SyncGroupResponse { error_code, ..SyncGroupResponse::default() };
    }
    let group = request.group_id.clone();
    expect_reply!(ask(&call, &group, GroupRequest::Sync(request)).await, Sync)
}

/// Heartbeat, versions 0-4.
pub async fn heartbeat(call: Call, request: HeartbeatRequest) -> HeartbeatResponse {
    let group = request.group_id.clone();
    expect_reply!(ask(&call, &group, GroupRequest::Heartbeat(request)).await, Heartbeat)
}

/// LeaveGroup, versions 0-5: 3 batched.
pub async fn leave(call: Call, mut request: LeaveGroupRequest) -> LeaveGroupResponse {
    if call.version < 3 {
        let leaver = MemberIdentity { member_id: request.member_id.clone(), ..MemberIdentity::default() };
        request.members = vec![leaver];
    }
    let group = request.group_id.clone();
    let mut response = expect_reply!(ask(&call, &group, GroupRequest::Leave(request)).await, Leave);
    if call.version < 3 {
        // One member: its error is the answer's.
        if let Some(member) = response.members.first().filter(|_| response.error_code == 0) {
            response.error_code = member.error_code;
        }
        response.members.clear();
    }
    response
}

/// Group ids by the partition of their coordinator.
fn by_partition(call: &Call, groups: &[Str]) -> BTreeMap<i32, Vec<Str>> {
    let image = call.node.image.load();
    let mut split: BTreeMap<i32, Vec<Str>> = BTreeMap::new();
    for group in groups {
        split.entry(call.node.groups.partition_of(&image, group)).or_default().push(group.clone());
    }
    split
}

/// DescribeGroups, versions 0-6: 3 authorized operations, 4 static members, 6 GROUP_ID_NOT_FOUND.
pub async fn describe(call: Call, request: DescribeGroupsRequest) -> DescribeGroupsResponse {
    let unknown = if call.version >= 6 { UnknownGroup::IsNotFound } else { UnknownGroup::IsDead };
    let mut groups = Vec::new();
    for (partition, ids) in by_partition(&call, &request.groups) {
        let asked = GroupRequest::Describe(ids, unknown);
        groups.extend(expect_reply!(call.node.groups.ask(partition, asked).await, Describe));
    }
    for group in &mut groups {
        group.authorized_operations = if request.include_authorized_operations && group.error_code == 0 {
            operations::GROUP
        } else {
            operations::NOT_ASKED
        };
    }
    DescribeGroupsResponse { groups, ..DescribeGroupsResponse::default() }
}

/// ListGroups, versions 0-5: 4 states, 5 types.
pub async fn list(call: Call, request: ListGroupsRequest) -> ListGroupsResponse {
    let mut response = ListGroupsResponse::default();
    for (partition, _) in call.node.groups.all() {
        let asked = GroupRequest::List(request.clone());
        match expect_reply!(call.node.groups.ask(partition, asked).await, List) {
            Ok(groups) => response.groups.extend(groups),
            Err(ErrorCode::NotCoordinator) => {}
            Err(error) => {
                let error_code = error.code();
                return ListGroupsResponse { error_code, ..ListGroupsResponse::default() };
            }
        }
    }
    response
}

/// DeleteGroups, versions 0-3.
pub async fn delete(call: Call, request: DeleteGroupsRequest) -> DeleteGroupsResponse {
    let mut results = Vec::new();
    let mut ids = request.groups_names.clone();
    ids.sort();
    ids.dedup();
    for (partition, ids) in by_partition(&call, &ids) {
        let asked = GroupRequest::Delete(ids);
        results.extend(expect_reply!(call.node.groups.ask(partition, asked).await, Delete));
    }
    DeleteGroupsResponse { results, ..DeleteGroupsResponse::default() }
}

#[cfg(test)]
mod tests {
    use klamm_protocol::messages::join_group_request::JoinGroupRequestProtocol;

    use super::*;

    #[test]
    fn the_metadata_of_a_member_is_bounded_over_all_its_protocols() {
        let half = JoinGroupRequestProtocol {
            metadata: vec![0; MEMBER_METADATA_MOST / 2].into(),
            ..JoinGroupRequestProtocol::default()
        };
        let mut request =
            JoinGroupRequest { protocols: vec![half.clone(), half.clone()], ..Default::default() };
        assert!(!is_too_large(&request));
        request.protocols.push(half);
        assert!(is_too_large(&request));
    }
}
