//! Group members, and groups seen from outside.

use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::{Offset, TopicPartitionList};

use crate::clients::{Clients, LIMIT, Setting};
use crate::records::{self, Record};
use crate::steps::{Failure, Outcome, until};

/// What is told of a member's assignment.
#[derive(Clone, Copy)]
pub enum Told {
    Partitions,
    Sizes,
}

/// One of a group; its name, as the client id, decides its place in the assignor's order.
pub struct Member {
    pub consumer: BaseConsumer,
    read: Vec<Record>,
}

impl Member {
    pub fn join(clients: &Clients, group: &str, name: &str, more: &[Setting]) -> Result<Member, Failure> {
        let group = clients.steps.topic(group);
        let own = [("group.id", group.as_str()), ("client.id", name)];
        let consumer = clients.consumer(&[&own, more].concat())?;
        consumer.subscribe(&[&clients.steps.topic("group")])?;
        Ok(Member { consumer, read: Vec::new() })
    }

    pub fn poll(&mut self) -> Result<(), Failure> {
        if let Some(polled) = self.consumer.poll(Duration::from_millis(20)) {
            self.read.push(Record::of_message(&polled?));
        }
        Ok(())
    }

    pub fn assigned(&self) -> Result<Vec<i32>, Failure> {
        let assignment = self.consumer.assignment()?;
        let mut partitions: Vec<i32> = assignment.elements().iter().map(|one| one.partition()).collect();
        partitions.sort_unstable();
        Ok(partitions)
    }

    /// Per partition what was read, once `count` records have come.
    pub fn take(&mut self, count: usize) -> Outcome {
        until(&format!("{count} records came"), || {
            self.poll()?;
            Ok(self.read.len() >= count)
        })?;
        Ok(records::by_partition(&self.read))
    }

    pub fn commit(&self, topic: &str, partition: i32, offset: i64, metadata: &str) -> Result<(), Failure> {
        let mut offsets = TopicPartitionList::new();
        let mut one = offsets.add_partition(topic, partition);
        one.set_offset(Offset::Offset(offset))?;
        one.set_metadata(metadata);
        Ok(self.consumer.commit(&offsets, CommitMode::Sync)?)
    }
}

/// Polls all members in turn until they own partitions in these numbers.
pub fn settle(sizes: &[usize], members: &mut [&mut Member]) -> Result<(), Failure> {
    until(&format!("assignments have the sizes {sizes:?}"), || {
        let mut owned = Vec::new();
        for member in members.iter_mut() {
            member.poll()?;
            owned.push(member.assigned()?.len());
        }
        Ok(owned == sizes)
    })
}

impl Clients<'_> {
    /// The offsets of a group, by partition.
    pub fn committed(&self, group: &str) -> Outcome {
        let group = self.steps.topic(group);
        let consumer = self.consumer(&[("group.id", &group)])?;
        let mut asked = TopicPartitionList::new();
        asked.add_partition_range(&self.steps.topic("group"), 0, 2);
        let found = consumer.committed_offsets(asked, LIMIT)?;
        let mut parts = Vec::new();
        for one in found.elements() {
            one.error()?;
            parts.push(
                format!("{}={:?} {}", one.partition(), one.offset(), one.metadata()).trim_end().to_owned(),
            );
        }
        Ok(format!("{{{}}}", parts.join(", ")))
    }

    /// State, assignor and members, without the ids that differ in each run.
    pub fn describe_group(&self, group: &str) -> Outcome {
        self.describe_members(group, Told::Partitions)
    }

    pub fn describe_members(&self, group: &str, told: Told) -> Outcome {
        let list = self.observer.fetch_group_list(Some(&self.steps.topic(group)), LIMIT)?;
        let Some(one) = list.groups().first() else { return Ok("no such group".to_owned()) };
        let mut members = Vec::new();
        for member in one.members() {
            let partitions = member.assignment().and_then(partitions).unwrap_or_default();
            let assigned = match told {
                Told::Partitions => format!("{partitions:?}"),
                Told::Sizes => format!("{} partitions", partitions.len()),
            };
            members.push(format!("{}@{}={assigned}", member.client_id(), member.client_host()));
        }
        members.sort();
        Ok(format!(
            "{} {} {} members={{{}}}",
            one.state(),
            one.protocol_type(),
            one.protocol(),
            members.join(" ")
        ))
    }
}

/// The partitions of the first topic of an assignment: version, topics, name, partitions, each with its count.
fn partitions(assignment: &[u8]) -> Option<Vec<i32>> {
    let number = |at: usize| Some(i32::from_be_bytes(assignment.get(at..at + 4)?.try_into().ok()?));
    if number(2)? == 0 {
        return Some(Vec::new());
    }
    let name = usize::from(u16::from_be_bytes(assignment.get(6..8)?.try_into().ok()?));
    let count = usize::try_from(number(8 + name)?).ok()?;
    let mut partitions: Vec<i32> =
        (0..count).map(|index| number(12 + name + 4 * index)).collect::<Option<_>>()?;
    partitions.sort_unstable();
    Some(partitions)
}
