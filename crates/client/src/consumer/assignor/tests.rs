//! Rules of the assignors that hold for any input, and small cases by name.
#![allow(clippy::unwrap_used)]

use super::*;

fn topics(counts: &[(&str, usize)]) -> TopicLayout {
    counts.iter().map(|(name, count)| (Arc::from(*name), vec![ReplicaRacks::new(); *count])).collect()
}

fn member(topics: &[&str]) -> MemberSubscription {
    MemberSubscription {
        topics: topics.iter().map(|topic| Arc::from(*topic)).collect(),
        ..MemberSubscription::default()
    }
}

fn members(list: &[(&str, &[&str])]) -> Subscriptions {
    list.iter().map(|(id, topics)| (Arc::from(*id), member(topics))).collect()
}

fn shown(assignments: &Assignments) -> Vec<String> {
    let shown = assignments.iter().map(|(id, partitions)| {
        let mut names: Vec<String> = partitions.iter().map(TopicPartition::to_string).collect();
        names.sort();
        format!("{id}: {}", names.join(" "))
    });
    shown.collect()
}

#[test]
fn range_gives_the_first_members_one_more_of_each_topic() {
    let assigned =
        Range.assign(&topics(&[("t", 3), ("u", 3)]), &members(&[("a", &["t", "u"]), ("b", &["t", "u"])]));
    assert_eq!(shown(&assigned), ["a: t-0 t-1 u-0 u-1", "b: t-2 u-2"]);
}

#[test]
fn static_members_come_first_in_the_order_of_their_instance_ids() {
    let mut group = members(&[("a", &["t"]), ("b", &["t"]), ("c", &["t"])]);
    group.get_mut("c").unwrap().instance_id = Some(Arc::from("1"));
    group.get_mut("b").unwrap().instance_id = Some(Arc::from("2"));
    assert_eq!(shown(&Range.assign(&topics(&[("t", 3)]), &group)), ["a: t-2", "b: t-1", "c: t-0"]);
    assert_eq!(shown(&RoundRobin.assign(&topics(&[("t", 4)]), &group)), ["a: t-2", "b: t-1", "c: t-0 t-3"]);
}

#[test]
fn round_robin_passes_over_who_does_not_subscribe() {
    let group = members(&[("a", &["t"]), ("b", &["t", "u"]), ("c", &["u"])]);
    let assigned = RoundRobin.assign(&topics(&[("t", 3), ("u", 2)]), &group);
    assert_eq!(shown(&assigned), ["a: t-0 t-2", "b: t-1 u-0", "c: u-1"]);
}

#[test]
fn near_partitions_go_to_near_members_where_racks_matter() {
    let rack = |name: &str| ReplicaRacks::from([Arc::from(name)]);
    let layout = TopicLayout::from([(Arc::from("t"), vec![rack("y"), rack("x"), rack("x"), rack("y")])]);
    let mut group = members(&[("a", &["t"]), ("b", &["t"])]);
    group.get_mut("a").unwrap().rack = Some(Arc::from("x"));
    group.get_mut("b").unwrap().rack = Some(Arc::from("y"));
    for assignor in [&Range as &dyn Assignor, &Sticky, &CooperativeSticky] {
        assert_eq!(
            shown(&assignor.assign(&layout, &group)),
            ["a: t-1 t-2", "b: t-0 t-3"],
            "{}",
            assignor.name()
        );
    }
}

/// What each member has, told again in the next rebalance.
fn tell(group: &mut Subscriptions, assignor: &dyn Assignor, assigned: &Assignments, generation: i32) {
    for (id, member) in group.iter_mut() {
        let Some(partitions) = assigned.get(id).cloned() else { continue };
        let last = LastAssignment { partitions: partitions.clone(), generation };
        member.user_data = assignor.user_data(Some(&last));
        member.generation = Some(generation);
        if assignor.protocol() == RebalanceProtocol::Cooperative {
            member.owned = partitions;
        }
    }
}

#[test]
fn sticky_moves_only_what_the_newcomer_gets() {
    let layout = topics(&[("t", 6)]);
    let mut group = members(&[("a", &["t"]), ("b", &["t"])]);
    let before = Sticky.assign(&layout, &group);
    assert_eq!(shown(&before), ["a: t-0 t-2 t-4", "b: t-1 t-3 t-5"]);
    tell(&mut group, &Sticky, &before, 1);
    group.insert(Arc::from("c"), member(&["t"]));
    assert_eq!(shown(&Sticky.assign(&layout, &group)), ["a: t-0 t-2", "b: t-1 t-3", "c: t-4 t-5"]);
}

#[test]
fn cooperative_takes_away_in_one_rebalance_and_gives_in_the_next() {
    let layout = topics(&[("t", 4)]);
    let mut group = members(&[("a", &["t"])]);
    let alone = CooperativeSticky.assign(&layout, &group);
    tell(&mut group, &CooperativeSticky, &alone, 1);
    group.insert(Arc::from("b"), member(&["t"]));
    let between = CooperativeSticky.assign(&layout, &group);
    assert_eq!(shown(&between), ["a: t-0 t-1", "b: "]);
    tell(&mut group, &CooperativeSticky, &between, 2);
    assert_eq!(shown(&CooperativeSticky.assign(&layout, &group)), ["a: t-0 t-1", "b: t-2 t-3"]);
}

#[test]
fn what_two_members_claim_of_the_same_generation_belongs_to_neither() {
    let layout = topics(&[("t", 2)]);
    let mut group = members(&[("a", &["t"]), ("b", &["t"])]);
    let claim = vec![TopicPartition::new("t", 0), TopicPartition::new("t", 1)];
    for member in group.values_mut() {
        member.owned = claim.clone();
        member.generation = Some(3);
    }
    let assigned = CooperativeSticky.assign(&layout, &group);
    assert_eq!(shown(&assigned), ["a: ", "b: "], "first both give up what they claim");
}

#[test]
fn subscriptions_and_assignments_come_back_from_their_bytes() {
    let subscription = MemberSubscription {
        user_data: Some(Bytes::from_static(b"x")),
        owned: vec![TopicPartition::new("t", 1), TopicPartition::new("u", 0)],
        generation: Some(4),
        rack: Some(Arc::from("r")),
        ..member(&["t", "u"])
    };
    let bytes = encode_subscription(&subscription).unwrap();
    assert_eq!(decode_subscription(&bytes).unwrap(), subscription);
    let assignment = encode_assignment(&subscription.owned).unwrap();
    assert_eq!(decode_assignment(&assignment).unwrap(), subscription.owned);
    assert!(decode_assignment(&Bytes::new()).unwrap().is_empty());
    assert!(decode_subscription(&Bytes::from_static(&[0, 3, 0])).is_err());
}
