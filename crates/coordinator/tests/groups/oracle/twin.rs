//! Runs a script on Kafka, then on our machine with the ids that Kafka made, and compares.
//!
//! Lines are those of the scenario texts, and: `label&: ...` does not wait for the answer, `await label`
//! does; `wait 1500` lets time pass on both; `end-transaction 1 commit` ends the transaction of producer 1.

use std::collections::BTreeMap;
use std::thread::sleep;
use std::time::Duration;

use klamm_coordinator::group::{
    CommitDialect, FirstJoin, GroupMachine, GroupReply, GroupRequest, Settings, SkipAssignment, Stability,
    UnknownGroup,
};
use klamm_coordinator::machine::{ReplyTo, TransactionResult};
use klamm_coordinator::partition_for;
use klamm_model::{ProducerId, Uuid};
use klamm_protocol::messages::{
    DeleteGroupsRequest, DescribeGroupsRequest, DescribeGroupsResponse, HeartbeatRequest, JoinGroupRequest,
    LeaveGroupRequest, ListGroupsRequest, ListGroupsResponse, OffsetCommitRequest, OffsetDeleteRequest,
    OffsetFetchRequest, OffsetFetchResponse, SyncGroupRequest, TxnOffsetCommitRequest,
};
use klamm_protocol::{ErrorCode, Message, Reader, Str, Writer};

use super::broker::{Broker, Producer, poll};
use super::offsets_log::{entries, timeless};
use super::wire::Wire;
use crate::script::Line;
use crate::stage::{Entry, Stage, replay_entry};

/// Set in the broker's properties, too.
const INITIAL_DELAY: Duration = Duration::from_millis(2_500);
/// Between requests on different connections, so that they arrive in order.
const APART: Duration = Duration::from_millis(150);

/// Groups of the golden script; they need not be in one partition, since each is in one.
const GOLDEN_GROUPS: [&str; 5] = ["g", "h", "emptied", "deleted", "handed"];

pub struct Twin {
    broker: Broker,
    name: String,
    topics: BTreeMap<String, Uuid>,
    producers: BTreeMap<String, Producer>,
}

/// What Kafka did with one section of a script.
#[derive(Default)]
struct Transcript {
    answers: BTreeMap<String, (GroupReply, i16)>,
    /// `a-1` and such to the ids that Kafka made.
    ids: BTreeMap<String, String>,
}

impl Twin {
    pub fn new(address: &str, name: &str) -> Twin {
        let mut broker = Broker::connect(address);
        broker.await_loaded();
        let topics = ["t", "u"].map(|topic| (topic.to_owned(), broker.topic(topic, 4)));
        let mut producers = BTreeMap::new();
        for number in ["1", "2"] {
            producers.insert(number.to_owned(), broker.init_producer(&format!("{name}-{number}")));
        }
        Twin { broker, name: name.to_owned(), topics: topics.into_iter().collect(), producers }
    }

    pub fn run(mut self, script: &str) {
        let mut sections: Vec<(String, Vec<String>)> = Vec::new();
        for line in script.lines() {
            if let Some(title) = line.strip_prefix("==") {
                sections.push((title.trim().to_owned(), Vec::new()));
            } else if let Some(input) = line.strip_prefix('>') {
                let prefix = format!("{}-{}", self.name, sections.len());
                sections.last_mut().unwrap().1.push(self.localize(input.trim(), &prefix));
            }
        }
        for (at, (title, lines)) in sections.into_iter().enumerate() {
            println!("{}: {title}", self.name);
            let prefix = format!("{}-{}", self.name, at + 1);
            let transcript = self.run_kafka(&lines, &prefix);
            let stage = self.run_machine(&lines, &transcript, &prefix);
            self.compare_logs(&stage, &prefix);
        }
    }

    /// Runs a script of one section on Kafka alone and returns all records of its groups, and the markers
    /// of its producers, partition by partition.
    pub fn record(mut self, script: &str) -> Vec<Entry> {
        let lines: Vec<String> = script
            .lines()
            .filter_map(|line| line.strip_prefix('>'))
            .map(|line| line.trim().to_owned())
            .collect();
        self.run_kafka(&lines, "g");
        let producers: Vec<i64> = self.producers.values().map(|producer| producer.id).collect();
        let own = |entry: &Entry| match entry {
            Entry::Marker { producer, .. } => producers.contains(&producer.get()),
            Entry::Record { .. } => GOLDEN_GROUPS.contains(&timeless(entry).0.as_str()),
        };
        let entries = self.kafka_log().into_values().flatten().map(|(_, entry)| entry);
        entries.filter(own).collect()
    }

    /// Each section has groups of its own.
    fn localize(&self, line: &str, prefix: &str) -> String {
        let words = line.split_whitespace().map(|word| match word {
            "g" | "h" | "nobody" => format!("{prefix}-{word}"),
            other => other.to_owned(),
        });
        words.collect::<Vec<_>>().join(" ")
    }

    fn run_kafka(&mut self, lines: &[String], prefix: &str) -> Transcript {
        let mut transcript = Transcript::default();
        let mut open: BTreeMap<String, Sent> = BTreeMap::new();
        let mut joins = 0;
        self.broker.await_coordinator(&format!("{prefix}-g"), 0);
        for (number, text) in lines.iter().enumerate() {
            let (label, waits, input) = labelled(text, number);
            let input = with_ids(input, &transcript.ids);
            let line = Line::parse(&input);
            match line.verb {
                "await" => {
                    let sent = open.remove(line.words[0]).unwrap();
                    transcript.take(line.words[0], sent.receive());
                }
                "wait" => sleep(Duration::from_millis(line.words[0].parse().unwrap())),
                "end-transaction" => self.end_transaction(&line),
                _ => {
                    joins += usize::from(line.verb == "join");
                    let request = line.request(0).unwrap();
                    let alias = alias(&request, joins);
                    let sent = self.send(request, alias, &line);
                    if waits {
                        transcript.take(&label, sent.receive());
                    } else {
                        open.insert(label, sent);
                        sleep(APART);
                    }
                }
            }
        }
        transcript
    }

    fn end_transaction(&mut self, line: &Line<'_>) {
        let producer = self.producers[line.words[0]].clone();
        let markers = |twin: &mut Twin| {
            let entries = twin.kafka_log().into_values().flatten();
            let of_producer = |(_, entry): &(i64, Entry)| matches!(entry, Entry::Marker { producer: of, .. } if of.get() == producer.id);
            entries.filter(of_producer).count()
        };
        let before = markers(self);
        self.broker.end_transaction(&producer, line.words[1] == "commit");
        poll("a marker", || (markers(self) > before).then_some(()));
    }

    fn send(&mut self, request: GroupRequest, alias: Option<String>, line: &Line<'_>) -> Sent {
        let client_id = line.option("client").unwrap_or("oracle");
        let mut wire = self.broker.wire(client_id);
        let request = self.prepare(request, line, ForWhom::Kafka);
        let version = send(&mut wire, &request);
        Sent { wire, request, version, alias }
    }

    /// Fills in what script texts do not know: ids of topics and producers.
    fn prepare(&mut self, mut request: GroupRequest, line: &Line<'_>, whom: ForWhom) -> GroupRequest {
        match &mut request {
            GroupRequest::OffsetCommit(commit, _) => {
                for topic in &mut commit.topics {
                    topic.topic_id = self.topics[&*topic.name];
                }
            }
            GroupRequest::TxnOffsetCommit(commit, dialect) => {
                let producer = self.producers[line.option("producer").unwrap_or("1")].clone();
                commit.transactional_id = producer.transactional_id.clone();
                commit.producer_id = producer.id;
                commit.producer_epoch = producer.epoch;
                for topic in &mut commit.topics {
                    topic.topic_id = self.topics[&*topic.name];
                    // Version 6 has ids in place of names.
                    if whom == ForWhom::Kafka && *dialect == CommitDialect::MemberEpoch {
                        topic.name = Str::default();
                    }
                }
                if whom == ForWhom::Kafka {
                    self.broker.add_offsets(&producer, &commit.group_id);
                }
            }
            _ => {}
        }
        request
    }

    fn run_machine(&mut self, lines: &[String], transcript: &Transcript, prefix: &str) -> Stage {
        let settings = Settings {
            initial_rebalance_delay: INITIAL_DELAY,
            min_session_timeout_ms: 1_000,
            ..Settings::default()
        };
        let mut stage = Stage::new(settings);
        let mut asked: BTreeMap<ReplyTo, String> = BTreeMap::new();
        let mut answers: BTreeMap<String, GroupReply> = BTreeMap::new();
        let mut joins = 0;
        for (number, text) in lines.iter().enumerate() {
            let (label, _, input) = labelled(text, number);
            let input = with_ids(input, &transcript.ids);
            let line = Line::parse(&input);
            let mut steps = Vec::new();
            match line.verb {
                "await" => {
                    while !answers.contains_key(line.words[0]) {
                        let step = stage.fire_next(u64::MAX / 2).unwrap();
                        collect(&asked, &mut answers, &[step]);
                    }
                }
                "wait" => steps = stage.advance_to(stage.clock + line.words[0].parse::<u64>().unwrap()),
                "end-transaction" => {
                    let producer = ProducerId::at(self.producers[line.words[0]].id);
                    let result = match line.words[1] {
                        "commit" => TransactionResult::Commit,
                        _ => TransactionResult::Abort,
                    };
                    stage.end_transaction(producer, result);
                }
                _ => {
                    joins += usize::from(line.verb == "join");
                    let request = line.request(0).unwrap();
                    let random = alias(&request, joins)
                        .and_then(|alias| transcript.ids.get(&alias))
                        .map_or(0, |id| random_of(id));
                    let request = self.prepare(line.request(random).unwrap(), &line, ForWhom::Machine);
                    let (to, step) = stage.request(request);
                    asked.insert(to, label);
                    steps.push(step);
                }
            }
            collect(&asked, &mut answers, &steps);
        }
        for (label, (kafkas, version)) in &transcript.answers {
            let ours = answers.remove(label).unwrap_or_else(|| panic!("{prefix}: {label} was not answered"));
            let ours = at_version(own_groups(ours, prefix), *version);
            assert_eq!(&ours, &own_groups(kafkas.clone(), prefix), "{prefix}: answer {label}; ours left");
        }
        assert!(answers.is_empty(), "{prefix}: answered by us alone: {answers:?}");
        stage
    }

    fn kafka_log(&mut self) -> BTreeMap<i32, Vec<(i64, Entry)>> {
        let partitions = self.broker.offsets_partitions();
        (0..partitions).map(|partition| (partition, entries(&self.broker.offsets_log(partition)))).collect()
    }

    /// Per group the same records in the same order; and a machine that loads Kafka's log has the same
    /// offsets.
    fn compare_logs(&mut self, stage: &Stage, prefix: &str) {
        let log = self.kafka_log();
        let partitions = i32::try_from(log.len()).unwrap();
        let mut kafkas: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut loaded = GroupMachine::default();
        for (partition, entries) in &log {
            for (offset, entry) in entries {
                replay_entry(&mut loaded, usize::try_from(*offset).unwrap(), entry);
                if let Entry::Record { .. } = entry {
                    let (group, record) = timeless(entry);
                    assert_eq!(partition_for(&group, partitions), *partition);
                    if group.starts_with(prefix) {
                        kafkas.entry(group).or_default().push(record);
                    }
                }
            }
        }
        let mut ours: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for entry in stage.log.iter().filter(|entry| matches!(entry, Entry::Record { .. })) {
            let (group, record) = timeless(entry);
            ours.entry(group).or_default().push(record);
        }
        assert_eq!(ours, kafkas, "{prefix}: records; ours left");
        for (id, group) in stage.machine.groups() {
            assert!(loaded.group(id).is_some_and(|loaded| loaded.group_type() == group.group_type()));
            for partition in 0..4 {
                for topic in ["t", "u"] {
                    let offset = |machine: &GroupMachine| {
                        machine
                            .offsets()
                            .get(id, topic, partition)
                            .map(|found| (found.offset, found.metadata.clone()))
                    };
                    assert_eq!(offset(&stage.machine), offset(&loaded), "{prefix}: {id} {topic} {partition}");
                }
            }
        }
    }
}

impl Transcript {
    fn take(&mut self, label: &str, (reply, version, alias): (GroupReply, i16, Option<String>)) {
        if let (GroupReply::Join(response), Some(alias)) = (&reply, alias) {
            self.ids.insert(alias, response.member_id.to_string());
        }
        let before = self.answers.insert(label.to_owned(), (reply, version));
        assert!(before.is_none(), "label {label} is used twice");
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ForWhom {
    Kafka,
    Machine,
}

/// A request whose answer is still to come.
struct Sent {
    wire: Wire,
    request: GroupRequest,
    version: i16,
    alias: Option<String>,
}

impl Sent {
    fn receive(mut self) -> (GroupReply, i16, Option<String>) {
        (receive(&mut self.wire, &self.request, self.version), self.version, self.alias)
    }
}

/// `label&: input`, `label: input` or `input`.
fn labelled(text: &str, number: usize) -> (String, bool, &str) {
    match text.split_once(": ") {
        Some((label, input)) => match label.strip_suffix('&') {
            Some(label) => (label.to_owned(), false, input),
            None => (label.to_owned(), true, input),
        },
        None => (format!("line {number}"), true, text),
    }
}

/// The name that the script has for the id that a join is given, if it may be given one.
fn alias(request: &GroupRequest, joins: usize) -> Option<String> {
    let GroupRequest::Join(join) = request else { return None };
    let name = join.request.group_instance_id.as_ref().unwrap_or(&join.client.id);
    join.request.member_id.is_empty().then(|| format!("{name}-{joins}"))
}

/// `line` with ids in place of their aliases. One pass: an id may begin like another id's alias.
fn with_ids(line: &str, ids: &BTreeMap<String, String>) -> String {
    let mut replaced = String::new();
    for piece in line.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
        let word = piece.trim_end_matches(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        match ids.get(word).filter(|id| !id.is_empty()) {
            Some(id) => replaced.extend([id.as_str(), &piece[word.len()..]]),
            None => replaced.push_str(piece),
        }
    }
    replaced
}

/// The random part of a member id.
fn random_of(id: &str) -> u128 {
    let uuid: String = id.chars().rev().filter(|c| *c != '-').take(32).collect();
    let uuid: String = uuid.chars().rev().collect();
    u128::from_str_radix(&uuid, 16).unwrap_or(0)
}

fn collect(
    asked: &BTreeMap<ReplyTo, String>,
    answers: &mut BTreeMap<String, GroupReply>,
    steps: &[crate::stage::Step],
) {
    for (to, reply) in steps.iter().flat_map(|step| &step.outcome.replies) {
        answers.insert(asked[to].clone(), reply.clone());
    }
}

/// Lists in the order of group ids, without groups of other tests.
fn own_groups(mut reply: GroupReply, prefix: &str) -> GroupReply {
    match &mut reply {
        GroupReply::List(Ok(groups)) => {
            groups.retain(|group| group.group_id.starts_with(prefix));
            groups.sort_by(|one, other| one.group_id.cmp(&other.group_id));
        }
        GroupReply::Describe(groups) => groups.sort_by(|one, other| one.group_id.cmp(&other.group_id)),
        GroupReply::Delete(groups) => groups.sort_by(|one, other| one.group_id.cmp(&other.group_id)),
        GroupReply::OffsetFetch(group) => {
            group.topics.sort_by(|one, other| one.name.cmp(&other.name));
            for topic in &mut group.topics {
                topic.partitions.sort_by_key(|partition| partition.partition_index);
            }
        }
        _ => {}
    }
    reply
}

/// What is left of our answer when it was sent at `version`.
fn at_version(reply: GroupReply, version: i16) -> GroupReply {
    match reply {
        GroupReply::Join(mut response) => {
            if version < 7 {
                response.protocol_name.get_or_insert_default();
            }
            GroupReply::Join(sent(&response, version))
        }
        GroupReply::Sync(response) => GroupReply::Sync(sent(&response, version)),
        GroupReply::Heartbeat(response) => GroupReply::Heartbeat(sent(&response, version)),
        GroupReply::Leave(response) => GroupReply::Leave(sent(&response, version)),
        GroupReply::OffsetCommit(response) => GroupReply::OffsetCommit(sent(&response, version)),
        GroupReply::TxnOffsetCommit(response) => GroupReply::TxnOffsetCommit(sent(&response, version)),
        GroupReply::OffsetDelete(response) => GroupReply::OffsetDelete(sent(&response, version)),
        GroupReply::OffsetFetch(group) => {
            let response = OffsetFetchResponse { groups: vec![group], ..Default::default() };
            GroupReply::OffsetFetch(sent(&response, version).groups.swap_remove(0))
        }
        GroupReply::Describe(groups) => {
            let response = DescribeGroupsResponse { groups, ..Default::default() };
            GroupReply::Describe(sent(&response, version).groups)
        }
        GroupReply::List(groups) => {
            let response = ListGroupsResponse { groups: groups.unwrap(), ..Default::default() };
            GroupReply::List(Ok(sent(&response, version).groups))
        }
        GroupReply::Delete(results) => GroupReply::Delete(results),
    }
}

fn sent<M: Message>(message: &M, version: i16) -> M {
    let mut writer = Writer::new();
    message.encode(&mut writer, version).unwrap();
    M::decode(&mut Reader::new(writer.into_bytes()), version).unwrap()
}

fn version_of(request: &GroupRequest) -> i16 {
    match request {
        GroupRequest::Join(join) => match (join.first_join, join.skip_assignment) {
            (FirstJoin::AdmitsAtOnce, _) => 3,
            (FirstJoin::HandsOutMemberId, SkipAssignment::Unknown) => 5,
            (FirstJoin::HandsOutMemberId, SkipAssignment::Understood) => 9,
        },
        GroupRequest::Sync(request) if request.protocol_type.is_some() => 5,
        GroupRequest::Sync(_) => 4,
        GroupRequest::Heartbeat(_) => 4,
        GroupRequest::Leave(_) => 5,
        GroupRequest::OffsetCommit(request, _) if request.retention_time_ms != -1 => 4,
        GroupRequest::OffsetCommit(_, CommitDialect::Generation) => 8,
        GroupRequest::OffsetCommit(_, CommitDialect::MemberEpoch) => 9,
        GroupRequest::TxnOffsetCommit(_, CommitDialect::Generation) => 3,
        GroupRequest::TxnOffsetCommit(_, CommitDialect::MemberEpoch) => 6,
        GroupRequest::OffsetFetch(..) => 9,
        GroupRequest::OffsetDelete(_) => 0,
        GroupRequest::Describe(_, UnknownGroup::IsDead) => 5,
        GroupRequest::Describe(_, UnknownGroup::IsNotFound) => 6,
        GroupRequest::List(_) => 5,
        GroupRequest::Delete(_) => 2,
    }
}

fn send(wire: &mut Wire, request: &GroupRequest) -> i16 {
    let version = version_of(request);
    match request.clone() {
        GroupRequest::Join(join) => wire.send(&join.request, version),
        GroupRequest::Sync(request) => wire.send(&request, version),
        GroupRequest::Heartbeat(request) => wire.send(&request, version),
        GroupRequest::Leave(request) => wire.send(&request, version),
        GroupRequest::OffsetCommit(request, _) => wire.send(&request, version),
        GroupRequest::TxnOffsetCommit(request, _) => wire.send(&request, version),
        GroupRequest::OffsetFetch(group, stability) => {
            let request = OffsetFetchRequest {
                groups: vec![group],
                require_stable: stability == Stability::RequireStable,
                ..Default::default()
            };
            wire.send(&request, version);
        }
        GroupRequest::OffsetDelete(request) => wire.send(&request, version),
        GroupRequest::Describe(groups, _) => {
            wire.send(&DescribeGroupsRequest { groups, ..Default::default() }, version);
        }
        GroupRequest::List(request) => wire.send(&request, version),
        GroupRequest::Delete(groups_names) => {
            wire.send(&DeleteGroupsRequest { groups_names, ..Default::default() }, version);
        }
    }
    version
}

fn receive(wire: &mut Wire, request: &GroupRequest, version: i16) -> GroupReply {
    match request {
        GroupRequest::Join(_) => GroupReply::Join(wire.receive::<JoinGroupRequest>(version)),
        GroupRequest::Sync(_) => GroupReply::Sync(wire.receive::<SyncGroupRequest>(version)),
        GroupRequest::Heartbeat(_) => GroupReply::Heartbeat(wire.receive::<HeartbeatRequest>(version)),
        GroupRequest::Leave(_) => GroupReply::Leave(wire.receive::<LeaveGroupRequest>(version)),
        GroupRequest::OffsetCommit(..) => {
            GroupReply::OffsetCommit(wire.receive::<OffsetCommitRequest>(version))
        }
        GroupRequest::TxnOffsetCommit(..) => {
            GroupReply::TxnOffsetCommit(wire.receive::<TxnOffsetCommitRequest>(version))
        }
        GroupRequest::OffsetFetch(..) => {
            GroupReply::OffsetFetch(wire.receive::<OffsetFetchRequest>(version).groups.swap_remove(0))
        }
        GroupRequest::OffsetDelete(_) => {
            GroupReply::OffsetDelete(wire.receive::<OffsetDeleteRequest>(version))
        }
        GroupRequest::Describe(..) => {
            GroupReply::Describe(wire.receive::<DescribeGroupsRequest>(version).groups)
        }
        GroupRequest::List(_) => {
            let response = wire.receive::<ListGroupsRequest>(version);
            assert_eq!(response.error_code, ErrorCode::None.code());
            GroupReply::List(Ok(response.groups))
        }
        GroupRequest::Delete(_) => GroupReply::Delete(wire.receive::<DeleteGroupsRequest>(version).results),
    }
}
