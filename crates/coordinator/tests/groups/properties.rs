//! Random runs over two groups, with clients that repeat themselves, vanish and lie, a log that refuses
//! appends, and reloads. After every step the rules below must hold.

use std::collections::{BTreeMap, BTreeSet};

use klamm_coordinator::group::classic::{ClassicGroup, Member, Phase};
use klamm_coordinator::group::{
    Client, CommitDialect, FirstJoin, Group, GroupCommand, GroupMachine, GroupReply, GroupRequest,
    GroupTimer, JoinGroup, Settings, SkipAssignment, Stability,
};
use klamm_coordinator::machine::{ReplyTo, TransactionResult};
use klamm_model::ProducerId;
use klamm_protocol::messages::join_group_request::JoinGroupRequestProtocol;
use klamm_protocol::messages::leave_group_request::MemberIdentity;
use klamm_protocol::messages::offset_commit_request::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use klamm_protocol::messages::offset_delete_request::{
    OffsetDeleteRequestPartition, OffsetDeleteRequestTopic,
};
use klamm_protocol::messages::offset_fetch_request::OffsetFetchRequestGroup;
use klamm_protocol::messages::sync_group_request::SyncGroupRequestAssignment;
use klamm_protocol::messages::txn_offset_commit_request::{
    TxnOffsetCommitRequestPartition, TxnOffsetCommitRequestTopic,
};
use klamm_protocol::messages::{
    HeartbeatRequest, JoinGroupRequest, LeaveGroupRequest, OffsetCommitRequest, OffsetDeleteRequest,
    SyncGroupRequest, TxnOffsetCommitRequest,
};
use klamm_protocol::{ErrorCode, Str};
use proptest::prelude::*;

use super::script::subscription;
use super::stage::{Entry, Stage, Step, replay_entry};

/// What a client does; numbers pick from what it may know, taken modulo how much that is.
#[derive(Clone, Debug)]
enum Act {
    Join {
        group: u8,
        client: u8,
        instance: bool,
        member: Option<usize>,
        offers: u8,
        admits: bool,
        skips: bool,
    },
    Sync {
        group: u8,
        member: usize,
        stale: bool,
    },
    Heartbeat {
        group: u8,
        member: usize,
    },
    Leave {
        group: u8,
        members: Vec<usize>,
        by_instance: Option<u8>,
    },
    Commit {
        group: u8,
        member: Option<usize>,
        partition: i32,
        offset: i64,
    },
    TxnCommit {
        group: u8,
        producer: u8,
        partition: i32,
        offset: i64,
    },
    EndTransaction {
        producer: u8,
        commits: bool,
    },
    DeleteOffset {
        group: u8,
        partition: i32,
    },
    DeleteGroup {
        group: u8,
    },
    Wait(u64),
    RefuseNext,
    Reload,
}

fn act() -> impl Strategy<Value = Act> {
    let group = || 0..2u8;
    let member = || 0..12usize;
    let partition = || 0..3i32;
    prop_oneof![
        8 => (group(), 0..5u8, any::<bool>(), proptest::option::of(member()), 0..4u8, any::<bool>(), any::<bool>())
            .prop_map(|(group, client, instance, member, offers, admits, skips)| {
                Act::Join { group, client, instance, member, offers, admits, skips }
            }),
        8 => (group(), member(), proptest::bool::weighted(0.1))
            .prop_map(|(group, member, stale)| Act::Sync { group, member, stale }),
        3 => (group(), member()).prop_map(|(group, member)| Act::Heartbeat { group, member }),
        2 => (group(), proptest::collection::vec(member(), 0..3), proptest::option::of(0..5u8))
            .prop_map(|(group, members, by_instance)| Act::Leave { group, members, by_instance }),
        4 => (group(), proptest::option::of(member()), partition(), 0..100i64)
            .prop_map(|(group, member, partition, offset)| Act::Commit { group, member, partition, offset }),
        2 => (group(), 0..3u8, partition(), 0..100i64)
            .prop_map(|(group, producer, partition, offset)| Act::TxnCommit { group, producer, partition, offset }),
        2 => (0..3u8, any::<bool>()).prop_map(|(producer, commits)| Act::EndTransaction { producer, commits }),
        1 => (group(), partition()).prop_map(|(group, partition)| Act::DeleteOffset { group, partition }),
        1 => group().prop_map(|group| Act::DeleteGroup { group }),
        6 => prop_oneof![Just(0), 1..100u64, 100..5_000u64, 5_000..400_000u64].prop_map(Act::Wait),
        1 => Just(Act::RefuseNext),
        1 => Just(Act::Reload),
    ]
}

/// What an offset should be, by the order of the log alone.
#[derive(Default)]
struct OffsetModel {
    committed: ModelOffsets,
    pending: BTreeMap<ProducerId, ModelOffsets>,
}

/// By group and partition: where the record stands, and the offset in it.
type ModelOffsets = BTreeMap<(String, i32), (usize, i64)>;

struct World {
    stage: Stage,
    random: u128,
    waiting: BTreeSet<ReplyTo>,
    /// Ids handed out per group, also dead ones.
    ids: [Vec<Str>; 2],
    /// The last generation seen per group since the last reload or deletion.
    generations: BTreeMap<Str, i32>,
    offsets: OffsetModel,
    /// A machine that only reads the log.
    follower: GroupMachine,
    /// How much of the log model and follower have taken in.
    followed: usize,
}

fn settings() -> Settings {
    Settings {
        max_size: 4,
        initial_rebalance_delay: std::time::Duration::from_secs(3),
        offsets_retention: std::time::Duration::from_secs(3_600),
        ..Settings::default()
    }
}

fn group_name(group: u8) -> Str {
    Str::from(format!("g{group}"))
}

impl World {
    fn new() -> World {
        World {
            stage: Stage::new(settings()),
            random: 0,
            waiting: BTreeSet::new(),
            ids: Default::default(),
            generations: BTreeMap::new(),
            offsets: OffsetModel::default(),
            follower: GroupMachine::new(settings()),
            followed: 0,
        }
    }

    fn id(&self, group: u8, member: usize) -> Str {
        let ids = &self.ids[usize::from(group)];
        if ids.is_empty() {
            Str::from("nobody")
        } else {
            ids[ids.len() - 1 - member % ids.len().min(6)].clone()
        }
    }

    fn classic(&self, group: u8) -> Option<&ClassicGroup> {
        match self.stage.machine.group(&group_name(group))? {
            Group::Classic(group) => Some(group),
            Group::Modern(_) => None,
        }
    }

    fn generation(&self, group: u8) -> i32 {
        self.classic(group).map_or(0, |group| group.generation)
    }

    fn perform(&mut self, act: &Act) {
        match act {
            Act::Wait(millis) => {
                let until = self.stage.clock + millis;
                while let Some(step) = self.stage.fire_next(until) {
                    self.after(step);
                }
            }
            Act::RefuseNext => self.stage.refuse_next = Some(ErrorCode::NotEnoughReplicas),
            Act::Reload => self.reload(),
            Act::EndTransaction { producer, commits } => {
                let result = if *commits { TransactionResult::Commit } else { TransactionResult::Abort };
                self.stage.end_transaction(ProducerId::at((*producer).into()), result);
                self.check();
            }
            request => {
                let request = self.request(request);
                let (to, step) = self.stage.request(request);
                self.waiting.insert(to);
                self.after(step);
            }
        }
    }

    fn reload(&mut self) {
        let unloaded = self.stage.run(GroupCommand::Unloaded);
        self.release(&unloaded);
        assert!(self.waiting.is_empty(), "whoever waits is answered when the leadership ends");
        self.generations.clear();
        let step = self.stage.reload();
        self.after(step);
    }

    fn request(&mut self, act: &Act) -> GroupRequest {
        match act {
            Act::Join { group, client, instance, member, offers, admits, skips } => {
                self.random += 1;
                let member = member.map(|member| self.id(*group, member)).unwrap_or_default();
                GroupRequest::Join(JoinGroup {
                    request: JoinGroupRequest {
                        group_id: group_name(*group),
                        session_timeout_ms: 10_000,
                        rebalance_timeout_ms: 20_000 * i32::from(*client),
                        member_id: member,
                        group_instance_id: instance.then(|| Str::from(format!("i{client}"))),
                        protocol_type: Str::from("consumer"),
                        protocols: offered(*offers),
                        ..Default::default()
                    },
                    client: Client { id: Str::from(format!("c{client}")), host: Str::from("/127.0.0.1") },
                    random: self.random,
                    first_join: if *admits { FirstJoin::AdmitsAtOnce } else { FirstJoin::HandsOutMemberId },
                    skip_assignment: if *skips {
                        SkipAssignment::Understood
                    } else {
                        SkipAssignment::Unknown
                    },
                })
            }
            Act::Sync { group, member, stale } => {
                let members = self.classic(*group).into_iter().flat_map(|group| group.members.iter());
                let assignments = members.map(|member| SyncGroupRequestAssignment {
                    member_id: member.id.clone(),
                    assignment: bytes::Bytes::copy_from_slice(member.id.as_bytes()),
                    ..Default::default()
                });
                GroupRequest::Sync(SyncGroupRequest {
                    group_id: group_name(*group),
                    generation_id: self.generation(*group) - i32::from(*stale),
                    member_id: self.id(*group, *member),
                    assignments: assignments.collect(),
                    ..Default::default()
                })
            }
            Act::Heartbeat { group, member } => GroupRequest::Heartbeat(HeartbeatRequest {
                group_id: group_name(*group),
                generation_id: self.generation(*group),
                member_id: self.id(*group, *member),
                ..Default::default()
            }),
            Act::Leave { group, members, by_instance } => {
                let by_id = members.iter().map(|member| (self.id(*group, *member), None));
                let by_instance =
                    by_instance.iter().map(|client| (Str::default(), Some(format!("i{client}"))));
                let members = by_id.chain(by_instance).map(|(member_id, instance)| MemberIdentity {
                    member_id,
                    group_instance_id: instance.map(Str::from),
                    ..Default::default()
                });
                GroupRequest::Leave(LeaveGroupRequest {
                    group_id: group_name(*group),
                    members: members.collect(),
                    ..Default::default()
                })
            }
            Act::Commit { group, member, partition, offset } => {
                let (member_id, generation) = match member {
                    Some(member) => (self.id(*group, *member), self.generation(*group)),
                    None => (Str::default(), -1),
                };
                GroupRequest::OffsetCommit(commit(*group, member_id, generation, (*partition, *offset)), {
                    CommitDialect::MemberEpoch
                })
            }
            Act::TxnCommit { group, producer, partition, offset } => {
                let partitions = vec![TxnOffsetCommitRequestPartition {
                    partition_index: *partition,
                    committed_offset: *offset,
                    ..Default::default()
                }];
                let topics = vec![TxnOffsetCommitRequestTopic {
                    name: Str::from("t"),
                    partitions,
                    ..Default::default()
                }];
                let request = TxnOffsetCommitRequest {
                    group_id: group_name(*group),
                    producer_id: i64::from(*producer),
                    topics,
                    ..Default::default()
                };
                GroupRequest::TxnOffsetCommit(request, CommitDialect::MemberEpoch)
            }
            Act::DeleteOffset { group, partition } => {
                let partitions = vec![OffsetDeleteRequestPartition { partition_index: *partition }];
                GroupRequest::OffsetDelete(OffsetDeleteRequest {
                    group_id: group_name(*group),
                    topics: vec![OffsetDeleteRequestTopic { name: Str::from("t"), partitions }],
                })
            }
            Act::DeleteGroup { group } => GroupRequest::Delete(vec![group_name(*group)]),
            Act::EndTransaction { .. } | Act::Wait(_) | Act::RefuseNext | Act::Reload => unreachable!(),
        }
    }

    /// Every answer is to someone who waits, and there is one for each.
    fn release(&mut self, step: &Step) {
        for (to, reply) in &step.outcome.replies {
            assert!(self.waiting.remove(to), "{to:?} is answered a second time, with {reply:?}");
            if let GroupReply::Join(response) = reply
                && !response.member_id.is_empty()
            {
                let group = usize::from(self.stage.machine.group("g1").is_some_and(|group| match group {
                    Group::Classic(group) => group.knows(&response.member_id),
                    Group::Modern(_) => false,
                }));
                self.ids[group].push(response.member_id.clone());
            }
        }
    }

    fn after(&mut self, step: Step) {
        self.release(&step);
        for group in 0..2 {
            let ids: Vec<Str> = self
                .classic(group)
                .into_iter()
                .flat_map(|group| group.members.iter())
                .map(|member| member.id.clone())
                .collect();
            let known = &mut self.ids[usize::from(group)];
            for id in ids {
                if !known.contains(&id) {
                    known.push(id);
                }
            }
        }
        self.check();
    }

    fn check(&mut self) {
        let mut waiting = BTreeSet::new();
        for (id, group) in self.stage.machine.groups() {
            let Group::Classic(group) = group else { panic!("no other groups here") };
            check_members(group, &mut waiting);
            self.check_timers(id, group);
            let before = self.generations.insert(id.clone(), group.generation);
            assert!(before.is_none_or(|before| before <= group.generation), "generation of {id} went back");
        }
        self.generations.retain(|id, _| self.stage.machine.group(id).is_some());
        assert_eq!(waiting, self.waiting, "every request is answered or waits in one place");
        self.check_no_stray_timers();
        self.follow();
        self.check_log();
        self.check_offsets();
    }

    /// No state without a timer that ends it.
    fn check_timers(&self, id: &Str, group: &ClassicGroup) {
        let is_set = |timer: GroupTimer| self.stage.timers.deadline(&timer).is_some();
        let joins = is_set(GroupTimer::Join { group: id.clone() });
        let syncs = is_set(GroupTimer::Sync { group: id.clone() });
        assert_eq!(joins, matches!(group.phase, Phase::Preparing(_)), "join timer of {id}: {group:?}");
        assert_eq!(syncs, !group.pending_sync.is_empty(), "sync timer of {id}: {group:?}");
        for member in group.members.iter() {
            let lives = is_set(GroupTimer::Heartbeat { group: id.clone(), member: member.id.clone() });
            let covered = member.is_excused() && (joins || syncs);
            assert!(lives || covered, "nothing ends {member:?} of {group:?}");
        }
        for member in &group.pending_join {
            assert!(is_set(GroupTimer::Heartbeat { group: id.clone(), member: member.clone() }));
        }
    }

    fn check_no_stray_timers(&self) {
        for (timer, deadline) in self.stage.timers.iter() {
            assert!(deadline.as_millis() >= self.stage.clock, "{timer:?} is overdue");
            let (group, member) = match timer {
                GroupTimer::Expiry => continue,
                GroupTimer::Join { group } | GroupTimer::Sync { group } => (group, None),
                GroupTimer::Heartbeat { group, member } => (group, Some(member)),
            };
            match self.stage.machine.group(group) {
                Some(Group::Classic(group)) => {
                    assert!(member.is_none_or(|member| group.knows(member)), "{timer:?} is for nobody");
                }
                Some(Group::Modern(_)) | None => panic!("{timer:?} is for no group"),
            }
        }
    }

    fn follow(&mut self) {
        for at in self.followed..self.stage.log.len() {
            self.offsets.take(at, &self.stage.log[at]);
            replay_entry(&mut self.follower, at, &self.stage.log[at]);
        }
        self.followed = self.stage.log.len();
    }

    /// A machine that reads the log knows the same offsets, and the same groups as far as they were written.
    fn check_log(&self) {
        let read = &self.follower;
        assert_eq!(read.offsets(), self.stage.machine.offsets());
        assert!(read.groups().map(|(id, _)| id).eq(self.stage.machine.groups().map(|(id, _)| id)));
        for (id, group) in self.stage.machine.groups() {
            let (Group::Classic(live), Some(Group::Classic(read))) = (group, read.group(id)) else {
                panic!()
            };
            match live.phase {
                Phase::Stable => assert_eq!(written(live), written(read)),
                Phase::Empty if live.generation > 0 => assert_eq!(written(live), written(read)),
                Phase::Empty | Phase::Preparing(_) | Phase::Completing => {
                    assert!(read.generation <= live.generation);
                }
            }
        }
    }

    /// Offsets are what the order of the log says.
    fn check_offsets(&self) {
        for group in 0..2 {
            for partition in 0..3 {
                let name = group_name(group);
                let stored =
                    self.stage.machine.offsets().get(&name, "t", partition).map(|found| found.offset);
                let expected =
                    self.offsets.committed.get(&(name.to_string(), partition)).map(|(_, offset)| *offset);
                assert_eq!(stored, expected, "offset of partition {partition} in {name}");
            }
        }
    }
}

impl OffsetModel {
    fn take(&mut self, at: usize, entry: &Entry) {
        use klamm_coordinator::group::GroupRecord;
        match entry {
            Entry::Marker { producer, result } => {
                for (partition, (at, offset)) in self.pending.remove(producer).unwrap_or_default() {
                    let later = self.committed.get(&partition).is_some_and(|(existing, _)| *existing > at);
                    if *result == TransactionResult::Commit && !later {
                        self.committed.insert(partition, (at, offset));
                    }
                }
            }
            Entry::Record { producer, key, value } => {
                let record = GroupRecord::decode(Some(key.clone()), value.clone()).unwrap().unwrap();
                let GroupRecord::OffsetCommit { key, value } = record else { return };
                let partition = (key.group.to_string(), key.partition);
                match (value, producer) {
                    (Some(value), None) => {
                        self.committed.insert(partition, (at, value.offset));
                    }
                    (Some(value), Some(producer)) => {
                        self.pending.entry(*producer).or_default().insert(partition, (at, value.offset));
                    }
                    (None, _) => {
                        self.committed.remove(&partition);
                        for pending in self.pending.values_mut() {
                            pending.remove(&partition);
                        }
                    }
                }
            }
        }
    }
}

fn check_members(group: &ClassicGroup, waiting: &mut BTreeSet<ReplyTo>) {
    assert_eq!(group.members.is_empty(), group.phase == Phase::Empty || group.members.is_empty());
    if group.phase == Phase::Empty {
        assert!(group.members.is_empty() && group.pending_sync.is_empty());
    }
    match &group.leader {
        Some(leader) => assert!(group.members.contains(leader), "the leader is a member: {group:?}"),
        None => assert!(group.members.is_empty(), "members have a leader: {group:?}"),
    }
    let awaiting_join = group.members.iter().filter(|member| member.awaiting_join.is_some()).count();
    assert_eq!(awaiting_join, group.members.awaiting_join());
    for name in ["range", "sticky", "own"] {
        let offers = |member: &Member| member.protocols.iter().any(|offer| offer.name == name);
        let by_all = group.members.iter().all(offers);
        assert_eq!(group.members.all_support_one_of([name].into_iter()), by_all, "{name}: {group:?}");
    }
    for member in group.members.iter() {
        assert!(!group.pending_join.contains(&member.id));
        assert!(member.awaiting_join.is_none() || matches!(group.phase, Phase::Preparing(_)), "{group:?}");
        assert!(member.awaiting_sync.is_none() || group.phase == Phase::Completing, "{group:?}");
        if let Some(instance_id) = &member.instance_id {
            assert_eq!(group.members.static_member(instance_id), Some(&member.id));
        }
        for to in [member.awaiting_join, member.awaiting_sync].into_iter().flatten() {
            assert!(waiting.insert(to), "{to:?} waits twice");
        }
    }
    for id in &group.pending_sync {
        assert!(group.members.contains(id));
    }
}

/// What a record says of a group, as far as it is not the time.
fn written(group: &ClassicGroup) -> String {
    let mut text = format!("{} {:?} {:?}", group.generation, group.leader, group.protocol_name);
    for member in group.members.iter() {
        text += &format!(" {} {:?} {:?}", member.id, member.instance_id, member.assignment);
    }
    text
}

fn offered(offers: u8) -> Vec<JoinGroupRequestProtocol> {
    let names: &[&str] = match offers {
        0 => &["range", "sticky"],
        1 => &["sticky", "range"],
        2 => &["range"],
        _ => &["own", "range", "range"],
    };
    let offer = |name: &&str| JoinGroupRequestProtocol {
        name: Str::from(*name),
        metadata: subscription(vec![Str::from(format!("topic{offers}"))]),
        ..Default::default()
    };
    names.iter().map(offer).collect()
}

fn commit(group: u8, member_id: Str, generation: i32, at: (i32, i64)) -> OffsetCommitRequest {
    let partitions = vec![OffsetCommitRequestPartition {
        partition_index: at.0,
        committed_offset: at.1,
        ..Default::default()
    }];
    OffsetCommitRequest {
        group_id: group_name(group),
        member_id,
        generation_id_or_member_epoch: generation,
        topics: vec![OffsetCommitRequestTopic { name: Str::from("t"), partitions, ..Default::default() }],
        ..Default::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn rules_hold_in_every_run(acts in proptest::collection::vec(act(), 1..120)) {
        let mut world = World::new();
        for act in &acts {
            world.perform(act);
        }
        // After an hour and a bit without clients everyone has been answered and nobody is left.
        world.stage.refuse_next = None;
        for _ in 0..12 {
            world.perform(&Act::Wait(400_000));
        }
        prop_assert!(world.waiting.is_empty(), "{:?} still wait", world.waiting);
        for (id, group) in world.stage.machine.groups() {
            prop_assert!(group.is_empty(), "{id} still has members");
        }
    }

    #[test]
    fn a_fetch_gives_what_is_committed(offsets in proptest::collection::vec((0..3i32, 0..100i64), 1..20)) {
        let mut world = World::new();
        for (partition, offset) in &offsets {
            world.perform(&Act::Commit { group: 0, member: None, partition: *partition, offset: *offset });
        }
        let request = OffsetFetchRequestGroup { group_id: group_name(0), topics: None, ..Default::default() };
        let fetch = GroupRequest::OffsetFetch(request, Stability::RequireStable);
        let (_, step) = world.stage.request(fetch);
        let GroupReply::OffsetFetch(reply) = &step.outcome.replies[0].1 else { panic!() };
        let fetched: BTreeMap<i32, i64> =
            reply.topics[0].partitions.iter().map(|found| (found.partition_index, found.committed_offset)).collect();
        prop_assert_eq!(fetched, offsets.into_iter().collect::<BTreeMap<_, _>>());
    }
}
