//! A member of a consumer group of the classic protocol, which commits ever higher offsets of the
//! partitions it is told.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use klamm_coordinator::group::{
    Client as GroupClient, CommitDialect, FirstJoin, GroupReply, GroupRequest, JoinGroup, SkipAssignment,
    Stability,
};
use klamm_coordinator::partition_for;
use klamm_model::Instant;
use klamm_protocol::messages::join_group_request::JoinGroupRequestProtocol;
use klamm_protocol::messages::offset_commit_request::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use klamm_protocol::messages::offset_fetch_request::{OffsetFetchRequestGroup, OffsetFetchRequestTopics};
use klamm_protocol::messages::sync_group_request::SyncGroupRequestAssignment;
use klamm_protocol::messages::{
    HeartbeatRequest, JoinGroupRequest, JoinGroupResponse, OffsetCommitRequest, SyncGroupRequest,
};
use klamm_protocol::{ErrorCode, Str};

use super::leaders::Leaders;
use super::{Client, Context};
use crate::broker::OFFSETS_TOPIC;
use crate::rpc::{Answer, Call, CallId};

/// Longest wait for most answers.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// Longest wait for the others to join.
const JOIN_PATIENCE: Duration = Duration::from_millis(8_000);
/// `session.timeout.ms`.
const SESSION: i32 = 4_000;
/// `rebalance.timeout.ms`.
const REBALANCE: i32 = 4_000;
const PROTOCOL: &str = "simple";

#[derive(Clone, Debug, PartialEq, Eq)]
enum Stage {
    Joining,
    /// With the members, if it leads.
    Syncing(Vec<Str>),
    /// Learns what is committed.
    Fetching,
    Stable,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Member {
    group: String,
    topic: String,
    /// Partitions of the topic, to be shared out.
    partitions: i32,
    member: Str,
    generation: i32,
    stage: Stage,
    /// Next offset to commit of each partition it has.
    owned: BTreeMap<i32, i64>,
    floors: BTreeMap<i32, i64>,
    /// Of `__consumer_offsets`: one of them coordinates the group.
    leaders: Leaders,
    asked: Option<CallId>,
    call: Option<CallId>,
    next_heartbeat: Instant,
    is_heartbeat: bool,
    is_finishing: bool,
}

impl Member {
    /// A member of `group`, which shares out the partitions of `topic`.
    pub(crate) fn new(group: &str, topic: &str, partitions: i32) -> Member {
        Member {
            group: group.to_owned(),
            topic: topic.to_owned(),
            partitions,
            member: Str::from(""),
            generation: -1,
            stage: Stage::Joining,
            owned: BTreeMap::new(),
            floors: BTreeMap::new(),
            leaders: Leaders::default(),
            asked: None,
            call: None,
            next_heartbeat: Instant::ZERO,
            is_heartbeat: false,
            is_finishing: false,
        }
    }

    /// The group's partition, and the node that coordinates it.
    fn coordinator(&self) -> Option<(i32, i32)> {
        let partition = partition_for(&self.group, self.leaders.count().max(1));
        self.leaders.of(partition).map(|(leader, _)| (partition, leader))
    }

    fn ask(&mut self, request: GroupRequest, context: &mut Context<'_>) {
        let Some((partition, node)) = self.coordinator() else { return };
        let patience = if self.stage == Stage::Joining { JOIN_PATIENCE } else { PATIENCE };
        let call = Call::Group { partition, request: Box::new(request) };
        self.call = Some(context.call(node, call, patience));
    }

    fn next_request(&mut self, context: &mut Context<'_>) -> GroupRequest {
        self.is_heartbeat = false;
        match &self.stage {
            Stage::Joining => self.join(context),
            Stage::Syncing(members) => self.sync(members),
            Stage::Fetching => self.fetch(context),
            Stage::Stable if context.now >= self.next_heartbeat => {
                self.is_heartbeat = true;
                self.next_heartbeat = context.now.after(Duration::from_millis(500));
                GroupRequest::Heartbeat(HeartbeatRequest {
                    group_id: Str::from(self.group.clone()),
                    generation_id: self.generation,
                    member_id: self.member.clone(),
                    ..HeartbeatRequest::default()
                })
            }
            Stage::Stable => self.commit(),
        }
    }

    fn join(&self, context: &mut Context<'_>) -> GroupRequest {
        let protocol = JoinGroupRequestProtocol {
            name: Str::from(PROTOCOL),
            metadata: Bytes::new(),
            ..JoinGroupRequestProtocol::default()
        };
        GroupRequest::Join(JoinGroup {
            request: JoinGroupRequest {
                group_id: Str::from(self.group.clone()),
                session_timeout_ms: SESSION,
                rebalance_timeout_ms: REBALANCE,
                member_id: self.member.clone(),
                protocol_type: Str::from("consumer"),
                protocols: vec![protocol],
                ..JoinGroupRequest::default()
            },
            client: GroupClient { id: Str::from("simulated"), host: Str::from("/127.0.0.1") },
            random: u128::from(context.random.draw()) << 64 | u128::from(context.random.draw()),
            first_join: FirstJoin::HandsOutMemberId,
            skip_assignment: SkipAssignment::Understood,
        })
    }

    fn sync(&self, members: &[Str]) -> GroupRequest {
        let share = |place: usize| -> Vec<i32> {
            (0..self.partitions).filter(|partition| *partition as usize % members.len() == place).collect()
        };
        let assignment = |(place, member): (usize, &Str)| SyncGroupRequestAssignment {
            member_id: member.clone(),
            assignment: share(place).iter().flat_map(|partition| partition.to_be_bytes()).collect(),
            ..SyncGroupRequestAssignment::default()
        };
        GroupRequest::Sync(SyncGroupRequest {
            group_id: Str::from(self.group.clone()),
            generation_id: self.generation,
            member_id: self.member.clone(),
            protocol_type: Some(Str::from("consumer")),
            protocol_name: Some(Str::from(PROTOCOL)),
            assignments: members.iter().enumerate().map(assignment).collect(),
            ..SyncGroupRequest::default()
        })
    }

    fn fetch(&mut self, context: &mut Context<'_>) -> GroupRequest {
        let groups = &context.checkers.groups;
        let owned = self.owned.keys();
        self.floors = owned.map(|partition| (*partition, groups.floor(&self.group, *partition))).collect();
        let topics = OffsetFetchRequestTopics {
            name: Str::from(self.topic.clone()),
            partition_indexes: self.owned.keys().copied().collect(),
            ..OffsetFetchRequestTopics::default()
        };
        let group = OffsetFetchRequestGroup {
            group_id: Str::from(self.group.clone()),
            topics: Some(vec![topics]),
            member_epoch: -1,
            ..OffsetFetchRequestGroup::default()
        };
        GroupRequest::OffsetFetch(group, Stability::RequireStable)
    }

    fn commit(&mut self) -> GroupRequest {
        let partition = |(partition, offset): (&i32, &i64)| OffsetCommitRequestPartition {
            partition_index: *partition,
            committed_offset: *offset,
            committed_leader_epoch: -1,
            ..OffsetCommitRequestPartition::default()
        };
        self.owned.values_mut().for_each(|offset| *offset += 1);
        let request = OffsetCommitRequest {
            group_id: Str::from(self.group.clone()),
            generation_id_or_member_epoch: self.generation,
            member_id: self.member.clone(),
            retention_time_ms: -1,
            topics: vec![OffsetCommitRequestTopic {
                name: Str::from(self.topic.clone()),
                partitions: self.owned.iter().map(partition).collect(),
                ..OffsetCommitRequestTopic::default()
            }],
            ..OffsetCommitRequest::default()
        };
        GroupRequest::OffsetCommit(request, CommitDialect::Generation)
    }

    /// Takes an error of the coordinator.
    fn on_error(&mut self, code: i16) {
        match ErrorCode::from_i16(code) {
            Some(ErrorCode::UnknownMemberId | ErrorCode::FencedInstanceId) => {
                self.member = Str::from("");
                self.rejoin();
            }
            Some(ErrorCode::IllegalGeneration | ErrorCode::RebalanceInProgress) => self.rejoin(),
            Some(
                ErrorCode::NotCoordinator
                | ErrorCode::CoordinatorNotAvailable
                | ErrorCode::CoordinatorLoadInProgress,
            ) => self.leaders.doubt(),
            _ => {}
        }
    }

    fn rejoin(&mut self) {
        self.stage = Stage::Joining;
        self.owned.clear();
    }

    fn on_joined(&mut self, response: &JoinGroupResponse) {
        if response.error_code == ErrorCode::MemberIdRequired.code() {
            self.member = response.member_id.clone();
            return;
        }
        if response.error_code != 0 {
            self.on_error(response.error_code);
            return;
        }
        self.member = response.member_id.clone();
        self.generation = response.generation_id;
        let mut members: Vec<_> = response.members.iter().map(|member| member.member_id.clone()).collect();
        members.sort_by(|a, b| a.as_bytes().cmp(b.as_bytes()));
        self.stage = Stage::Syncing(members);
    }

    fn on_reply(&mut self, reply: GroupReply, context: &mut Context<'_>) {
        let groups = &mut context.checkers.groups;
        match reply {
            GroupReply::Join(response) => self.on_joined(&response),
            GroupReply::Sync(response) if response.error_code == 0 => {
                let number = |bytes: &[u8]| bytes.try_into().map_or(-1, i32::from_be_bytes);
                let told: Vec<i32> = response.assignment.chunks_exact(4).map(number).collect();
                groups.assigned(&self.group, self.generation, &self.member, &told);
                self.owned = told.into_iter().map(|partition| (partition, 0)).collect();
                self.stage = if self.owned.is_empty() { Stage::Stable } else { Stage::Fetching };
            }
            GroupReply::Sync(response) => self.on_error(response.error_code),
            GroupReply::Heartbeat(response) => self.on_error(response.error_code),
            GroupReply::OffsetFetch(response) if response.error_code == 0 => {
                for found in response.topics.iter().flat_map(|topic| &topic.partitions) {
                    let partition = found.partition_index;
                    let floor = self.floors.get(&partition).copied().unwrap_or(-1);
                    groups.found(&self.group, partition, found.committed_offset, floor);
                    self.owned.insert(partition, found.committed_offset.max(0));
                }
                self.stage = Stage::Stable;
            }
            GroupReply::OffsetFetch(response) => self.on_error(response.error_code),
            GroupReply::OffsetCommit(response) => {
                let partitions = response.topics.iter().flat_map(|topic| &topic.partitions);
                for answer in partitions.clone() {
                    if let (0, Some(offset)) = (answer.error_code, self.owned.get(&answer.partition_index)) {
                        groups.committed(&self.group, answer.partition_index, *offset);
                    }
                }
                if let Some(refused) = partitions.clone().find(|answer| answer.error_code != 0) {
                    self.on_error(refused.error_code);
                }
            }
            _ => {}
        }
    }
}

impl Client for Member {
    fn on_timer(&mut self, context: &mut Context<'_>) {
        if self.coordinator().is_none() && self.asked.is_none() {
            let broker = context.any_broker();
            let call = Call::Metadata(OFFSETS_TOPIC.into());
            self.asked = Some(context.call(broker, call, PATIENCE));
        }
        // Now and then a client is gone without a word.
        if self.stage == Stage::Stable && !self.is_finishing && context.random.chance(1) {
            self.member = Str::from("");
            self.rejoin();
            self.call = None;
        }
        let is_idle = self.stage == Stage::Stable && (self.owned.is_empty() || self.is_finishing);
        if self.call.is_none()
            && self.coordinator().is_some()
            && (!is_idle || context.now >= self.next_heartbeat)
        {
            let request = self.next_request(context);
            self.ask(request, context);
        }
        context.wake_in(50, 250);
    }

    fn on_answer(&mut self, id: CallId, answer: Answer, _by: Option<i32>, context: &mut Context<'_>) {
        if self.asked == Some(id) {
            self.asked = None;
            if let Answer::Metadata(Some(topic)) = answer {
                self.leaders.learn(topic);
            }
            return;
        }
        if self.call != Some(id) {
            return;
        }
        self.call = None;
        match answer {
            Answer::Group(reply) => self.on_reply(*reply, context),
            _ => self.leaders.doubt(),
        }
    }

    fn finish(&mut self) {
        self.is_finishing = true;
    }

    fn is_done(&self) -> bool {
        self.stage == Stage::Stable
    }
}
