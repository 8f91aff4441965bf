//! Leaving a group, so that it need not wait for the session to end.

use klamm_protocol::Str;
use klamm_protocol::messages::LeaveGroupRequest;
use klamm_protocol::messages::leave_group_request::MemberIdentity;
use tokio::time::timeout;

use super::Member;
use crate::cluster::{Cluster, CoordinatorKind, Lane};
use crate::consumer::config::ConsumerConfig;
use crate::error::ClientError;

/// First version with several members, which are told apart by instance ids, too.
const MANY_MEMBERS_FROM: i16 = 3;
/// First version that says why.
const REASON_FROM: i16 = 5;

/// Tells the coordinator that `member` goes. One try, within the time of one request.
pub(in crate::consumer) async fn leave(
    cluster: &Cluster,
    config: &ConsumerConfig,
    group: &Str,
    member: &Member,
    reason: &str,
) -> Result<(), ClientError> {
    let limit = config.client.request_timeout();
    let left = timeout(limit, async {
        // Not behind a join that waits for others.
        let kind = CoordinatorKind::Group;
        let connection = cluster.coordinator_connection(kind, group, Lane::Main).await?;
        let version = connection.ready().await?.highest::<LeaveGroupRequest>(i16::MAX)?;
        let identity = MemberIdentity {
            member_id: member.id.clone(),
            group_instance_id: config.group_instance_id.as_deref().map(Str::from),
            reason: (version >= REASON_FROM).then(|| Str::from(reason)),
            ..MemberIdentity::default()
        };
        let request = match version >= MANY_MEMBERS_FROM {
            true => LeaveGroupRequest {
                group_id: group.clone(),
                members: vec![identity],
                ..LeaveGroupRequest::default()
            },
            false => LeaveGroupRequest {
                group_id: group.clone(),
                member_id: member.id.clone(),
                ..LeaveGroupRequest::default()
            },
        };
        let answer = connection.call_at_most(&request, version, limit).await?;
        ClientError::check(answer.error_code)?;
        answer.members.iter().try_for_each(|member| ClientError::check(member.error_code))
    });
    left.await.unwrap_or_else(|_| {
        let after_ms = limit.as_millis() as u64;
        Err(ClientError::Timeout { what: format!("leaving group {group}"), after_ms })
    })
}
