//! The language of scenario texts: one input per line, `verb group key=value ...`.

use std::collections::BTreeMap;

use bytes::Bytes;
use klamm_coordinator::group::{
    Client, CommitDialect, FirstJoin, GroupRequest, JoinGroup, SkipAssignment, Stability, UnknownGroup,
};
use klamm_protocol::messages::join_group_request::JoinGroupRequestProtocol;
use klamm_protocol::messages::leave_group_request::MemberIdentity;
use klamm_protocol::messages::offset_commit_request::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use klamm_protocol::messages::offset_delete_request::{
    OffsetDeleteRequestPartition, OffsetDeleteRequestTopic,
};
use klamm_protocol::messages::offset_fetch_request::{OffsetFetchRequestGroup, OffsetFetchRequestTopics};
use klamm_protocol::messages::sync_group_request::SyncGroupRequestAssignment;
use klamm_protocol::messages::txn_offset_commit_request::{
    TxnOffsetCommitRequestPartition, TxnOffsetCommitRequestTopic,
};
use klamm_protocol::messages::{
    ConsumerProtocolSubscription, HeartbeatRequest, JoinGroupRequest, LeaveGroupRequest, ListGroupsRequest,
    OffsetCommitRequest, OffsetDeleteRequest, SyncGroupRequest, TxnOffsetCommitRequest,
};
use klamm_protocol::{Message, Str, Writer};

/// One input line, taken apart.
pub struct Line<'a> {
    pub verb: &'a str,
    pub words: Vec<&'a str>,
    options: BTreeMap<&'a str, &'a str>,
}

impl<'a> Line<'a> {
    pub fn parse(text: &'a str) -> Line<'a> {
        let mut words = text.split_whitespace();
        let verb = words.next().unwrap();
        let (mut plain, mut options) = (Vec::new(), BTreeMap::new());
        for word in words {
            match word.split_once('=') {
                Some((key, value)) => assert!(options.insert(key, value).is_none(), "{key} twice in {text}"),
                None => plain.push(word),
            }
        }
        Line { verb, words: plain, options }
    }

    pub fn option(&self, key: &str) -> Option<&'a str> {
        self.options.get(key).copied()
    }

    pub fn number<T: std::str::FromStr<Err: std::fmt::Debug>>(&self, key: &str, default: T) -> T {
        self.option(key).map_or(default, |value| value.parse().unwrap())
    }

    fn text(&self, key: &str) -> Str {
        Str::from(self.option(key).unwrap_or_default())
    }

    fn optional(&self, key: &str) -> Option<Str> {
        self.option(key).map(Str::from)
    }

    fn group(&self) -> Str {
        Str::from(self.words[0])
    }

    /// Member ids are written `client-7` for the seventh random number of the run.
    fn member(&self) -> Str {
        Str::from(long_id(self.option("member").unwrap_or_default()))
    }

    /// The request, or `None` if the verb is none.
    pub fn request(&self, random: u128) -> Option<GroupRequest> {
        Some(match self.verb {
            "join" => GroupRequest::Join(self.join(random)),
            "sync" => GroupRequest::Sync(self.sync()),
            "heartbeat" => GroupRequest::Heartbeat(HeartbeatRequest {
                group_id: self.group(),
                generation_id: self.number("generation", 1),
                member_id: self.member(),
                group_instance_id: self.optional("instance"),
                ..Default::default()
            }),
            "leave" => GroupRequest::Leave(self.leave()),
            "commit" => GroupRequest::OffsetCommit(self.commit(), self.dialect()),
            "txn-commit" => GroupRequest::TxnOffsetCommit(self.txn_commit(), self.dialect()),
            "fetch" => GroupRequest::OffsetFetch(self.fetch(), self.stability()),
            "delete-offsets" => GroupRequest::OffsetDelete(self.delete_offsets()),
            "describe" => GroupRequest::Describe(
                self.words.iter().map(|id| Str::from(*id)).collect(),
                match self.option("unknown") {
                    Some("not-found") => UnknownGroup::IsNotFound,
                    _ => UnknownGroup::IsDead,
                },
            ),
            "list" => GroupRequest::List(ListGroupsRequest {
                states_filter: self.list("states"),
                types_filter: self.list("types"),
                ..Default::default()
            }),
            "delete" => GroupRequest::Delete(self.words.iter().map(|id| Str::from(*id)).collect()),
            _ => return None,
        })
    }

    fn list(&self, key: &str) -> Vec<Str> {
        self.option(key).into_iter().flat_map(|value| value.split(',')).map(Str::from).collect()
    }

    fn dialect(&self) -> CommitDialect {
        match self.option("dialect") {
            Some("epoch") => CommitDialect::MemberEpoch,
            _ => CommitDialect::Generation,
        }
    }

    fn stability(&self) -> Stability {
        match self.option("stable") {
            Some("required") => Stability::RequireStable,
            _ => Stability::AsCommitted,
        }
    }

    fn join(&self, random: u128) -> JoinGroup {
        let protocol_type = self.option("type").unwrap_or("consumer");
        let offers = self.option("offers").unwrap_or("range:t");
        JoinGroup {
            request: JoinGroupRequest {
                group_id: self.group(),
                session_timeout_ms: self.number("session", 10_000),
                rebalance_timeout_ms: self.number("rebalance", 60_000),
                member_id: self.member(),
                group_instance_id: self.optional("instance"),
                protocol_type: Str::from(protocol_type),
                protocols: offers.split('|').filter(|offer| !offer.is_empty()).map(offer).collect(),
                ..Default::default()
            },
            client: Client { id: self.text("client"), host: Str::from("/127.0.0.1") },
            random,
            first_join: match self.option("first") {
                Some("admit") => FirstJoin::AdmitsAtOnce,
                _ => FirstJoin::HandsOutMemberId,
            },
            skip_assignment: match self.option("skip") {
                Some("known") => SkipAssignment::Understood,
                _ => SkipAssignment::Unknown,
            },
        }
    }

    fn sync(&self) -> SyncGroupRequest {
        let assignments = self.option("assign").into_iter().flat_map(|all| all.split(','));
        let assignment = |text: &str| {
            let (member, given) = text.split_once(':').unwrap();
            SyncGroupRequestAssignment {
                member_id: Str::from(long_id(member)),
                assignment: Bytes::copy_from_slice(given.as_bytes()),
                ..Default::default()
            }
        };
        SyncGroupRequest {
            group_id: self.group(),
            generation_id: self.number("generation", 1),
            member_id: self.member(),
            group_instance_id: self.optional("instance"),
            protocol_type: self.optional("type"),
            protocol_name: self.optional("protocol"),
            assignments: assignments.map(assignment).collect(),
            ..Default::default()
        }
    }

    /// `leave g a-1 @instance a-2@instance`.
    fn leave(&self) -> LeaveGroupRequest {
        let leaver = |text: &&str| {
            let (member, instance) = text.split_once('@').map_or((*text, None), |(id, at)| (id, Some(at)));
            MemberIdentity {
                member_id: Str::from(long_id(member)),
                group_instance_id: instance.map(Str::from),
                ..Default::default()
            }
        };
        LeaveGroupRequest {
            group_id: self.group(),
            members: self.words[1..].iter().map(leaver).collect(),
            ..Default::default()
        }
    }

    /// `commit g t/0:5 t/1:7:note`.
    fn commit(&self) -> OffsetCommitRequest {
        let topic = |text: &&str| {
            let (name, partition, offset, metadata) = commit_of(text);
            OffsetCommitRequestTopic {
                name,
                topic_id: self.topic_id(),
                partitions: vec![OffsetCommitRequestPartition {
                    partition_index: partition,
                    committed_offset: offset,
                    committed_metadata: metadata,
                    committed_leader_epoch: self.number("epoch", -1),
                    ..Default::default()
                }],
                ..Default::default()
            }
        };
        OffsetCommitRequest {
            group_id: self.group(),
            generation_id_or_member_epoch: self.number("generation", -1),
            member_id: self.member(),
            group_instance_id: self.optional("instance"),
            retention_time_ms: self.number("retention", -1),
            topics: self.words[1..].iter().map(topic).collect(),
            ..Default::default()
        }
    }

    fn txn_commit(&self) -> TxnOffsetCommitRequest {
        let topic = |text: &&str| {
            let (name, partition, offset, metadata) = commit_of(text);
            TxnOffsetCommitRequestTopic {
                name,
                topic_id: self.topic_id(),
                partitions: vec![TxnOffsetCommitRequestPartition {
                    partition_index: partition,
                    committed_offset: offset,
                    committed_metadata: metadata,
                    ..Default::default()
                }],
                ..Default::default()
            }
        };
        TxnOffsetCommitRequest {
            transactional_id: Str::from("txn"),
            group_id: self.group(),
            producer_id: self.number("producer", 1),
            producer_epoch: 0,
            generation_id_or_member_epoch: self.number("generation", -1),
            member_id: self.member(),
            group_instance_id: self.optional("instance"),
            topics: self.words[1..].iter().map(topic).collect(),
            ..Default::default()
        }
    }

    pub fn topic_id(&self) -> klamm_model::Uuid {
        klamm_model::Uuid::from_u128(self.number("topic-id", 0))
    }

    /// `fetch g t/0 t/1`, or `fetch g all`.
    fn fetch(&self) -> OffsetFetchRequestGroup {
        let topic = |text: &&str| {
            let (name, partition) = partition_of(text);
            OffsetFetchRequestTopics {
                name,
                topic_id: self.topic_id(),
                partition_indexes: vec![partition],
                ..Default::default()
            }
        };
        let topics = (self.words[1..] != ["all"]).then(|| self.words[1..].iter().map(topic).collect());
        OffsetFetchRequestGroup { group_id: self.group(), topics, ..Default::default() }
    }

    fn delete_offsets(&self) -> OffsetDeleteRequest {
        let topic = |text: &&str| {
            let (name, partition) = partition_of(text);
            let partitions = vec![OffsetDeleteRequestPartition { partition_index: partition }];
            OffsetDeleteRequestTopic { name, partitions }
        };
        OffsetDeleteRequest { group_id: self.group(), topics: self.words[1..].iter().map(topic).collect() }
    }
}

fn partition_of(text: &str) -> (Str, i32) {
    let (topic, partition) = text.split_once('/').unwrap();
    (Str::from(topic), partition.parse().unwrap())
}

fn commit_of(text: &str) -> (Str, i32, i64, Option<Str>) {
    let mut parts = text.splitn(3, ':');
    let (topic, partition) = partition_of(parts.next().unwrap());
    (topic, partition, parts.next().unwrap().parse().unwrap(), parts.next().map(Str::from))
}

/// `range:t1+t2` offers a subscription to two topics, `raw!bytes` offers bytes.
fn offer(text: &str) -> JoinGroupRequestProtocol {
    if let Some((name, bytes)) = text.split_once('!') {
        let metadata = Bytes::copy_from_slice(bytes.as_bytes());
        return JoinGroupRequestProtocol { name: Str::from(name), metadata, ..Default::default() };
    }
    let (name, topics) = text.split_once(':').unwrap();
    let topics = topics.split('+').filter(|topic| !topic.is_empty()).map(Str::from).collect();
    JoinGroupRequestProtocol { name: Str::from(name), metadata: subscription(topics), ..Default::default() }
}

pub fn subscription(topics: Vec<Str>) -> Bytes {
    let mut writer = Writer::new();
    writer.i16(0);
    ConsumerProtocolSubscription { topics, ..Default::default() }.encode(&mut writer, 0).unwrap();
    writer.into_bytes()
}

const NO_RANDOM: &str = "00000000-0000-0000-0000-";

/// `a-7` as the coordinator makes it of client `a` and random number 7.
pub fn long_id(short: &str) -> String {
    match short.rsplit_once('-').map(|(name, number)| (name, number.parse::<u64>())) {
        Some((name, Ok(number))) if number < 1_000 => format!("{name}-{NO_RANDOM}{number:012x}"),
        _ => short.to_owned(),
    }
}

/// The other way round, wherever such ids stand in `text`.
pub fn shorten_ids(text: &str) -> String {
    let mut short = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(NO_RANDOM) {
        let (before, long) = (&rest[..at], &rest[at + NO_RANDOM.len()..]);
        let number = u64::from_str_radix(&long[..12], 16).unwrap();
        short += &format!("{before}{number}");
        rest = &long[12..];
    }
    short + rest
}
