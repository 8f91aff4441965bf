//! What a group coordinator is asked. No API versions: what differs between them is said by enums.

use klamm_model::ProducerId;
use klamm_protocol::Str;
use klamm_protocol::messages::offset_fetch_request::OffsetFetchRequestGroup;
use klamm_protocol::messages::{
    HeartbeatRequest, JoinGroupRequest, LeaveGroupRequest, ListGroupsRequest, OffsetCommitRequest,
    OffsetDeleteRequest, SyncGroupRequest, TxnOffsetCommitRequest,
};

use super::offsets::DeletedTopic;
use crate::machine::ReplyTo;

/// An input of [`super::GroupMachine`].
#[derive(Clone, Debug, PartialEq)]
pub enum GroupCommand {
    /// A client asks.
    Request(ReplyTo, Box<GroupRequest>),
    /// A timer fired; it is no longer set.
    TimerFired(GroupTimer),
    /// Topics are gone from the metadata.
    TopicsDeleted(Vec<DeletedTopic>),
    /// The log was replayed to its end; this node leads.
    Loaded,
    /// This node no longer leads; the replies of this outcome need no commit.
    Unloaded,
}

/// What a client asks. Group ids in requests of several groups are those of this partition only.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant)] // moved once, from the handler to the driver
pub enum GroupRequest {
    /// JoinGroup.
    Join(JoinGroup),
    /// SyncGroup.
    Sync(SyncGroupRequest),
    /// Heartbeat.
    Heartbeat(HeartbeatRequest),
    /// LeaveGroup in the form of version 3 and later: leavers in `members`.
    Leave(LeaveGroupRequest),
    /// OffsetCommit, topics with names and, where known, ids.
    OffsetCommit(OffsetCommitRequest, CommitDialect),
    /// TxnOffsetCommit, likewise. The driver has verified the transaction.
    TxnOffsetCommit(TxnOffsetCommitRequest, CommitDialect),
    /// One group of OffsetFetch, topics with names.
    OffsetFetch(OffsetFetchRequestGroup, Stability),
    /// OffsetDelete.
    OffsetDelete(OffsetDeleteRequest),
    /// DescribeGroups.
    Describe(Vec<Str>, UnknownGroup),
    /// ListGroups; answered by every partition's coordinator.
    List(ListGroupsRequest),
    /// DeleteGroups.
    Delete(Vec<Str>),
}

/// JoinGroup and what the coordinator cannot know by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct JoinGroup {
    /// The request; `rebalance_timeout_ms` set also where the version has none (Kafka takes the session
    /// time-out).
    pub request: JoinGroupRequest,
    /// Who sent it.
    pub client: Client,
    /// 122 random bits and the version of a random uuid, for a member id if one is needed.
    pub random: u128,
    /// What a dynamic member without an id expects.
    pub first_join: FirstJoin,
    /// Whether the client knows `SkipAssignment`.
    pub skip_assignment: SkipAssignment,
}

impl JoinGroup {
    /// The member id that this request would be given: by instance or client, and unique.
    pub(crate) fn new_member_id(&self) -> Str {
        let prefix = self.request.group_instance_id.as_ref().unwrap_or(&self.client.id);
        let hex = format!("{:032x}", self.random);
        let uuid = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-");
        Str::from(format!("{prefix}-{uuid}"))
    }
}

/// Who sent a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// `client.id` of its header; empty if it has none.
    pub id: Str,
    /// Its address as Java prints one: `/127.0.0.1`.
    pub host: Str,
}

/// What a dynamic member without an id expects (KIP-394).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstJoin {
    /// To be in the group: JoinGroup 0-3.
    AdmitsAtOnce,
    /// To be told to come back with an id: JoinGroup 4 and later.
    HandsOutMemberId,
}

/// Whether a returning static leader can be told not to assign (KIP-814).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkipAssignment {
    /// It would assign whenever it is told that it leads: JoinGroup 0-8.
    Unknown,
    /// JoinGroup 9 and later.
    Understood,
}

/// What a committer means by a generation, and which errors it knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitDialect {
    /// A generation; an unknown group is an illegal generation: OffsetCommit to 8, TxnOffsetCommit to 5.
    Generation,
    /// A generation or a member epoch; later versions.
    MemberEpoch,
}

/// Whether OffsetFetch may answer while a transaction decides about an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stability {
    /// The offset as it is committed.
    AsCommitted,
    /// UNSTABLE_OFFSET_COMMIT as long as a transaction is open.
    RequireStable,
}

/// What DescribeGroups says of a group that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownGroup {
    /// A dead group, without an error: versions 0-5.
    IsDead,
    /// GROUP_ID_NOT_FOUND: version 6 and later.
    IsNotFound,
}

/// A deadline of a group coordinator.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupTimer {
    /// A classic member, or one that was given an id, has been silent for its session time-out.
    Heartbeat {
        /// The group.
        group: Str,
        /// The member.
        member: Str,
    },
    /// The join phase of a classic group ends.
    Join {
        /// The group.
        group: Str,
    },
    /// The members of a classic group's new generation must all have synced.
    Sync {
        /// The group.
        group: Str,
    },
    /// Offsets and groups that nobody needs are to be looked for.
    Expiry,
}

impl GroupRequest {
    /// The transactional producer whose batch the records of this request form.
    pub fn producer(&self) -> Option<ProducerId> {
        match self {
            GroupRequest::TxnOffsetCommit(request, _) => ProducerId::new(request.producer_id),
            GroupRequest::Join(_)
            | GroupRequest::Sync(_)
            | GroupRequest::Heartbeat(_)
            | GroupRequest::Leave(_)
            | GroupRequest::OffsetCommit(..)
            | GroupRequest::OffsetFetch(..)
            | GroupRequest::OffsetDelete(_)
            | GroupRequest::Describe(..)
            | GroupRequest::List(_)
            | GroupRequest::Delete(_) => None,
        }
    }
}
