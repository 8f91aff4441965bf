//! Outcomes as lines of a scenario text: every part of an outcome has its line.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bytes::Bytes;
use klamm_coordinator::group::classic::{ClassicGroup, Member};
use klamm_coordinator::group::{GroupRecord, GroupReply, GroupSoft, GroupTimer};
use klamm_coordinator::machine::{Append, ReplyTo, TimerChange};
use klamm_protocol::messages::{ConsumerProtocolSubscription, GroupMetadataValue};
use klamm_protocol::{ErrorCode, Message, Reader};

use super::script::shorten_ids;
use super::stage::Step;

/// All of a step.
pub fn step(step: &Step, labels: &BTreeMap<ReplyTo, String>) -> String {
    let mut text = String::new();
    if let Some(timer) = &step.timer {
        writeln!(text, "  {} fires at {}", timer_name(timer), step.at).unwrap();
    }
    if let Some(error) = step.refused {
        writeln!(text, "  append refused: {}", error.name()).unwrap();
    }
    let outcome = &step.outcome;
    for record in &outcome.records {
        writeln!(text, "  record {}", record_text(record)).unwrap();
    }
    match outcome.append {
        Append::OneBatch => {}
        Append::ManyBatches if outcome.records.len() < 2 => {}
        Append::ManyBatches => writeln!(text, "  in many batches").unwrap(),
        Append::Transactional(producer, epoch) => {
            writeln!(text, "  in a transaction of producer {producer} epoch {epoch}").unwrap();
        }
    }
    for soft in &outcome.soft {
        match soft {
            GroupSoft::Classic { group_id, group } => {
                writeln!(text, "  now {group_id} {}", group_text(group)).unwrap()
            }
            GroupSoft::ExpiryCursor(None) => {}
            GroupSoft::ExpiryCursor(Some(group)) => {
                writeln!(text, "  expiry goes on behind {group}").unwrap()
            }
        }
    }
    for change in &outcome.timers {
        match change {
            TimerChange::Set(timer, at) => {
                writeln!(text, "  set {} in {}", timer_name(timer), at.as_millis() - step.at).unwrap();
            }
            TimerChange::Cancel(timer) => writeln!(text, "  cancel {}", timer_name(timer)).unwrap(),
        }
    }
    for (to, reply) in &outcome.replies {
        writeln!(text, "  answer {} {}", labels[to], reply_text(reply)).unwrap();
    }
    for event in &outcome.events {
        writeln!(text, "  event {event:?}").unwrap();
    }
    shorten_ids(&text)
}

fn timer_name(timer: &GroupTimer) -> String {
    match timer {
        GroupTimer::Heartbeat { group, member } => format!("heartbeat {group} {member}"),
        GroupTimer::Join { group } => format!("join {group}"),
        GroupTimer::Sync { group } => format!("sync {group}"),
        GroupTimer::Expiry => "expiry".to_owned(),
    }
}

pub fn record_text(record: &GroupRecord) -> String {
    match record {
        GroupRecord::OffsetCommit { key, value } => {
            let place = format!("offset {} {}/{}", key.group, key.topic, key.partition);
            match value {
                None => format!("{place} deleted"),
                Some(value) => {
                    let mut text = format!("{place} = {} at {}", value.offset, value.commit_timestamp);
                    if value.leader_epoch != -1 {
                        write!(text, " epoch {}", value.leader_epoch).unwrap();
                    }
                    if value.expire_timestamp != -1 {
                        write!(text, " until {}", value.expire_timestamp).unwrap();
                    }
                    if !value.metadata.is_empty() {
                        write!(text, " {:?}", value.metadata).unwrap();
                    }
                    if !value.topic_id.is_zero() {
                        write!(text, " topic {}", value.topic_id.to_u128()).unwrap();
                    }
                    text
                }
            }
        }
        GroupRecord::GroupMetadata { key, value: None } => format!("group {} deleted", key.group),
        GroupRecord::GroupMetadata { key, value: Some(value) } => {
            format!("group {} {}", key.group, stored_group_text(value))
        }
        GroupRecord::Modern(record) => format!("{record:?}"),
    }
}

fn stored_group_text(value: &GroupMetadataValue) -> String {
    let mut text = format!("generation {} since {}", value.generation, value.current_state_timestamp);
    for (name, value) in [
        ("type", Some(&value.protocol_type)),
        ("protocol", value.protocol.as_ref()),
        ("leader", value.leader.as_ref()),
    ] {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            write!(text, " {name} {value}").unwrap();
        }
    }
    for member in &value.members {
        write!(text, "\n    {}", member.member_id).unwrap();
        if let Some(instance) = &member.group_instance_id {
            write!(text, "@{instance}").unwrap();
        }
        write!(text, " {}{}", member.client_id, member.client_host).unwrap();
        write!(text, " session {} rebalance {}", member.session_timeout, member.rebalance_timeout).unwrap();
        write!(text, " wants {} has {}", metadata_text(&member.subscription), bytes_text(&member.assignment))
            .unwrap();
    }
    text
}

pub fn group_text(group: &ClassicGroup) -> String {
    let mut text = format!("{:?} generation {}", group.phase, group.generation);
    if let Some(leader) = &group.leader {
        write!(text, " leader {leader}").unwrap();
    }
    for member in group.members.iter() {
        write!(text, "\n    {}", member_text(member)).unwrap();
    }
    for pending in &group.pending_join {
        write!(text, "\n    {pending} to come back").unwrap();
    }
    for pending in &group.pending_sync {
        write!(text, "\n    {pending} to sync").unwrap();
    }
    text
}

fn member_text(member: &Member) -> String {
    let mut text = member.id.to_string();
    if let Some(instance) = &member.instance_id {
        write!(text, "@{instance}").unwrap();
    }
    let offers: Vec<String> = member
        .protocols
        .iter()
        .map(|offer| format!("{}:{}", offer.name, metadata_text(&offer.metadata)))
        .collect();
    write!(text, " offers {}", offers.join("|")).unwrap();
    if !member.assignment.is_empty() {
        write!(text, " has {}", bytes_text(&member.assignment)).unwrap();
    }
    for (waits, what) in [
        (member.is_new, "new"),
        (member.awaiting_join.is_some(), "awaits join"),
        (member.awaiting_sync.is_some(), "awaits sync"),
    ] {
        if waits {
            write!(text, ", {what}").unwrap();
        }
    }
    text
}

fn reply_text(reply: &GroupReply) -> String {
    match reply {
        GroupReply::Join(response) => {
            let mut text = format!("{} member {:?}", error(response.error_code), response.member_id);
            if response.generation_id != -1 {
                write!(text, " generation {}", response.generation_id).unwrap();
                let name = |name: &Option<_>| format!("{name:?}");
                write!(text, " type {}", name(&response.protocol_type)).unwrap();
                write!(text, " protocol {} leader {}", name(&response.protocol_name), response.leader)
                    .unwrap();
            }
            if response.skip_assignment {
                text += " skip assignment";
            }
            for member in &response.members {
                write!(text, "\n    {}", member.member_id).unwrap();
                if let Some(instance) = &member.group_instance_id {
                    write!(text, "@{instance}").unwrap();
                }
                write!(text, " wants {}", metadata_text(&member.metadata)).unwrap();
            }
            text
        }
        GroupReply::Sync(response) => {
            let mut text = error(response.error_code);
            if response.error_code == 0 {
                write!(text, " type {:?} protocol {:?}", response.protocol_type, response.protocol_name)
                    .unwrap();
                write!(text, " assignment {}", bytes_text(&response.assignment)).unwrap();
            }
            text
        }
        GroupReply::Heartbeat(response) => error(response.error_code),
        GroupReply::Leave(response) => {
            let mut text = error(response.error_code);
            for member in &response.members {
                let instance = member.group_instance_id.as_deref().unwrap_or_default();
                write!(text, "\n    {}@{instance} {}", member.member_id, error(member.error_code)).unwrap();
            }
            text
        }
        GroupReply::OffsetCommit(response) => partitions_text(response.topics.iter().flat_map(|topic| {
            topic
                .partitions
                .iter()
                .map(|at| format!("{}/{} {}", topic.name, at.partition_index, error(at.error_code)))
        })),
        GroupReply::TxnOffsetCommit(response) => partitions_text(response.topics.iter().flat_map(|topic| {
            topic
                .partitions
                .iter()
                .map(|at| format!("{}/{} {}", topic.name, at.partition_index, error(at.error_code)))
        })),
        GroupReply::OffsetFetch(group) => {
            let partitions = group.topics.iter().flat_map(|topic| {
                topic.partitions.iter().map(|at| {
                    let metadata = at.metadata.as_deref().unwrap_or("null");
                    format!(
                        "{}/{} {} offset {} epoch {} {metadata:?}",
                        topic.name,
                        at.partition_index,
                        error(at.error_code),
                        at.committed_offset,
                        at.committed_leader_epoch
                    )
                })
            });
            format!("{} {}", error(group.error_code), partitions_text(partitions))
        }
        GroupReply::OffsetDelete(response) => {
            let partitions = response.topics.iter().flat_map(|topic| {
                topic
                    .partitions
                    .iter()
                    .map(|at| format!("{}/{} {}", topic.name, at.partition_index, error(at.error_code)))
            });
            format!("{} {}", error(response.error_code), partitions_text(partitions))
        }
        GroupReply::Describe(groups) => partitions_text(groups.iter().map(|group| {
            let mut text = format!(
                "{} {} {} type {:?} protocol {:?}",
                group.group_id,
                error(group.error_code),
                group.group_state,
                group.protocol_type,
                group.protocol_data
            );
            if let Some(message) = &group.error_message {
                write!(text, " {message:?}").unwrap();
            }
            for member in &group.members {
                let instance = member.group_instance_id.as_deref().unwrap_or_default();
                write!(
                    text,
                    "\n      {}@{instance} {}{}",
                    member.member_id, member.client_id, member.client_host
                )
                .unwrap();
                let (wants, has) =
                    (metadata_text(&member.member_metadata), bytes_text(&member.member_assignment));
                write!(text, " wants {wants} has {has}").unwrap();
            }
            text
        })),
        GroupReply::List(Err(error)) => error.name().to_owned(),
        GroupReply::List(Ok(groups)) => partitions_text(groups.iter().map(|group| {
            format!("{} {} {} {:?}", group.group_id, group.group_type, group.group_state, group.protocol_type)
        })),
        GroupReply::Delete(results) => partitions_text(
            results.iter().map(|result| format!("{} {}", result.group_id, error(result.error_code))),
        ),
    }
}

fn partitions_text(parts: impl Iterator<Item = String>) -> String {
    parts.map(|part| format!("\n    {part}")).collect()
}

fn error(code: i16) -> String {
    ErrorCode::all().find(|error| error.code() == code).unwrap().name().to_owned()
}

/// A subscription by its topics, anything else as text.
fn metadata_text(metadata: &Bytes) -> String {
    let mut reader = Reader::new(metadata.clone());
    match (reader.i16(), ConsumerProtocolSubscription::decode(&mut reader, 0)) {
        (Ok(0), Ok(subscription)) => {
            let topics: Vec<&str> = subscription.topics.iter().map(|topic| &**topic).collect();
            format!("({})", topics.join("+"))
        }
        _ => bytes_text(metadata),
    }
}

fn bytes_text(bytes: &[u8]) -> String {
    format!("{:?}", String::from_utf8_lossy(bytes))
}
