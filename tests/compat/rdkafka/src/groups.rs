//! Members that come, share, commit and go; groups reset and deleted.

use futures_executor::block_on;
use rdkafka::consumer::{CommitMode, Consumer};

use crate::clients::{Clients, LIMIT, Setting};
use crate::member::{Member, Told, settle};
use crate::raw;
use crate::records;
use crate::steps::{Failure, Outcome, code_of, refused, until};

pub fn run(clients: &Clients) {
    commits(clients);
    rebalances(clients);
    static_members(clients);
    views(clients);
    resets(clients);
    deletion(clients);
}

fn send_to_each(clients: &Clients, count: usize) -> Result<(), Failure> {
    for partition in 0..3 {
        clients.send(&clients.steps.topic("group"), &records::standard(partition, count), &[])?;
    }
    Ok(())
}

/// With a member that owns all three partitions and leaves at the end.
fn joined(clients: &Clients, group: &str, body: impl FnOnce(&mut Member) -> Outcome) -> Outcome {
    let mut member = Member::join(clients, group, "a", &[])?;
    settle(&[3], &mut [&mut member])?;
    body(&mut member)
}

fn commits(clients: &Clients) {
    let steps = clients.steps;
    steps.step("group-consume", || {
        clients.create("group", 3, &[("retention.ms", "-1")])?;
        send_to_each(clients, 10)?;
        joined(clients, "readers", |member| {
            let read = member.take(30)?;
            member.consumer.commit_consumer_state(CommitMode::Sync)?;
            Ok(format!("{read} committed={}", clients.committed("readers")?))
        })
    });
    steps.step("group-resume", || {
        send_to_each(clients, 1)?;
        joined(clients, "readers", |member| member.take(3))
    });
    steps.step("group-commit-metadata", || {
        joined(clients, "readers", |member| {
            member.commit(&steps.topic("group"), 0, 5, "a note")?;
            clients.committed("readers")
        })
    });
    steps.step("group-auto-commit", || {
        let mut member = Member::join(clients, "auto-committed", "a", &[("enable.auto.commit", "true")])?;
        member.take(33)?;
        drop(member);
        clients.committed("auto-committed")
    });
    steps.skip("group-commit-removed-member", "the client has no call to remove a member");
    steps.step("stale-member", || {
        joined(clients, "stale", |member| {
            raw::stale(steps, &steps.topic("stale"), &steps.topic("group"), || member.poll())
        })
    });
}

fn rebalances(clients: &Clients) {
    let steps = clients.steps;
    let rebalance = |group: &str, assignor: &str, told: Told| {
        let more = [("partition.assignment.strategy", assignor)];
        let mut a = Member::join(clients, group, "a", &more)?;
        settle(&[3], &mut [&mut a])?;
        let mut b = Member::join(clients, group, "b", &more)?;
        settle(&[2, 1], &mut [&mut a, &mut b])?;
        let both = clients.describe_members(group, told)?;
        drop(b);
        settle(&[3], &mut [&mut a])?;
        Ok(format!("{both}, then {}", clients.describe_members(group, told)?))
    };
    steps.step("group-rebalance", || rebalance("rebalanced", "range", Told::Partitions));
    // A sticky assignor may choose any.
    steps.step("group-cooperative", || rebalance("cooperative", "cooperative-sticky", Told::Sizes));
}

fn static_members(clients: &Clients) {
    let steps = clients.steps;
    let instance = |id: &'static str| -> [Setting; 1] { [("group.instance.id", id)] };
    steps.step("group-static", || {
        let mut b = Member::join(clients, "static", "b", &instance("i2"))?;
        let mut a = Member::join(clients, "static", "a", &instance("i1"))?;
        settle(&[2, 1], &mut [&mut a, &mut b])?;
        let before = clients.describe_group("static")?;
        // A static member does not leave when it closes.
        drop(a);
        let away = clients.describe_group("static")?;
        let mut a = Member::join(clients, "static", "a", &instance("i1"))?;
        settle(&[2, 1], &mut [&mut a, &mut b])?;
        Ok(format!("{before}, away: {away}, back: {}", clients.describe_group("static")?))
    });
    steps.refuse("group-static-fenced", "FENCED_INSTANCE_ID", || {
        let mut first = Member::join(clients, "fenced", "a", &instance("i3"))?;
        settle(&[3], &mut [&mut first])?;
        let mut twin = Member::join(clients, "fenced", "twin", &instance("i3"))?;
        until("the first is fenced", || {
            twin.poll()?;
            first.poll().map(|()| false)
        })?;
        Ok("both live".to_owned())
    });
}

fn views(clients: &Clients) {
    let steps = clients.steps;
    steps.step("group-describe", || joined(clients, "readers", |_| clients.describe_group("readers")));
    steps.step("group-describe-empty", || clients.describe_group("readers"));
    steps.step("group-describe-unknown", || Ok(code_of(clients.describe_group("nobody"))));
    steps.step("group-list", || {
        let list = clients.observer.fetch_group_list(None, LIMIT)?;
        let shown = |name: &str, kind: &str, state: &str| format!("{name} {kind} {state}");
        let own = list
            .groups()
            .iter()
            .filter_map(|one| Some(shown(steps.own(one.name())?, one.protocol_type(), one.state())));
        let mut groups: Vec<String> = own.collect();
        groups.sort();
        Ok(groups.join(", "))
    });
}

/// Commits from outside the group.
fn reset(clients: &Clients, partition: i32, offset: i64) -> Outcome {
    let group = clients.steps.topic("readers");
    let consumer = clients.consumer(&[("group.id", &group)])?;
    let mut offsets = rdkafka::TopicPartitionList::new();
    offsets.add_partition_offset(
        &clients.steps.topic("group"),
        partition,
        rdkafka::Offset::Offset(offset),
    )?;
    consumer.commit(&offsets, CommitMode::Sync)?;
    Ok("ok".to_owned())
}

fn resets(clients: &Clients) {
    let steps = clients.steps;
    steps.step("group-reset-offsets", || {
        for partition in 0..3 {
            reset(clients, partition, 5)?;
        }
        joined(clients, "readers", |member| member.take(18))
    });
    steps.step("group-reset-active", || {
        joined(clients, "readers", |_| refused("UNKNOWN_MEMBER_ID", reset(clients, 0, 1)))
    });
    steps.refuse("group-commit-unknown-partition", "UNKNOWN_TOPIC_OR_PARTITION", || reset(clients, 9, 1));
    steps.skip("group-delete-offsets", "the client has no such call");
    steps.step("group-offsets-unknown", || clients.committed("nobody"));
}

fn deletion(clients: &Clients) {
    let steps = clients.steps;
    let delete = |group: &str| {
        let name = steps.topic(group);
        match block_on(clients.admin.delete_groups(&[&name], &Clients::options()))?.into_iter().next() {
            Some(Ok(_)) => Ok("ok".to_owned()),
            Some(Err((_, code))) => Err(Failure::of_code(code)),
            None => Err(Failure::of_rule("the answer tells of the group".to_owned())),
        }
    };
    steps.step("group-delete-active", || {
        joined(clients, "readers", |_| refused("NON_EMPTY_GROUP", delete("readers")))
    });
    steps.step("group-delete", || {
        delete("readers")?;
        Ok(format!("ok, then {}", code_of(clients.describe_group("readers"))))
    });
    steps.refuse("group-delete-unknown", "GROUP_ID_NOT_FOUND", || delete("nobody"));
}
