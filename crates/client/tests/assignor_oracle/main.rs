//! Our assignors against Kafka's own, on random groups over several rebalances. `cargo xtask compat assignors`
//! starts the oracle.
//!
//! Members have one-letter ids: a Java hash map lists them in their order, so that results are equal even where
//! Kafka's classes follow that order.
#![allow(clippy::unwrap_used)]

mod oracle;

use std::collections::BTreeSet;
use std::sync::Arc;

use klamm_client::consumer::assignor::{
    Assignments, Assignor, CooperativeSticky, LastAssignment, MemberSubscription, Range, RebalanceProtocol,
    RoundRobin, Sticky, Subscriptions, TopicLayout,
};
use klamm_model::TopicPartition;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use oracle::Oracle;

/// Random groups per assignor.
const GROUPS: u64 = 400;
/// Rebalances of each group.
const REBALANCES: i32 = 4;
/// Letters whose bucket in a hash map of up to 16 or 32 places grows with them.
const LETTERS: u8 = 12;

/// How subscriptions of one group differ.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Topics {
    Same,
    Different,
}

fn layout(random: &mut StdRng, racks: bool) -> TopicLayout {
    let topics = (0..random.random_range(1..5)).map(|topic| {
        let partitions = (0..random.random_range(1..9)).map(|_| {
            let count = if racks { random.random_range(1..3) } else { 0 };
            (0..count).map(|_| Arc::from(format!("rack{}", random.random_range(0..3)))).collect()
        });
        (Arc::from(format!("topic{topic}")), partitions.collect())
    });
    topics.collect()
}

fn member(random: &mut StdRng, layout: &TopicLayout, topics: Topics, racks: bool) -> MemberSubscription {
    let all: Vec<Arc<str>> = layout.keys().cloned().collect();
    let wanted: BTreeSet<Arc<str>> = match topics {
        Topics::Same => all.into_iter().collect(),
        Topics::Different => {
            let some: BTreeSet<_> = all.iter().filter(|_| random.random_bool(0.6)).cloned().collect();
            if some.is_empty() { all.into_iter().take(1).collect() } else { some }
        }
    };
    let rack = racks.then(|| Arc::from(format!("rack{}", random.random_range(0..3))));
    let instance_id =
        random.random_bool(0.2).then(|| Arc::from(format!("i{}", random.random_range(0..1_000_000))));
    MemberSubscription { topics: wanted, rack, instance_id, ..MemberSubscription::default() }
}

/// Members come and go, and tell what they had.
fn next(
    random: &mut StdRng,
    group: &mut Subscriptions,
    (layout, topics, racks): (&TopicLayout, Topics, bool),
    assignor: &dyn Assignor,
    (assigned, generation): (&Assignments, i32),
) {
    for (id, member) in group.iter_mut() {
        // Some missed the last rebalance.
        let Some(partitions) = assigned.get(id).filter(|_| random.random_bool(0.9)).cloned() else {
            continue;
        };
        member.user_data =
            assignor.user_data(Some(&LastAssignment { partitions: partitions.clone(), generation }));
        member.generation = Some(generation);
        member.owned = match assignor.protocol() {
            RebalanceProtocol::Eager => Vec::new(),
            RebalanceProtocol::Cooperative => partitions,
        };
    }
    if group.len() > 1 && random.random_bool(0.5) {
        let gone = group.keys().nth(random.random_range(0..group.len())).cloned().unwrap();
        group.remove(&gone);
    }
    if random.random_bool(0.6) {
        let id: Arc<str> = Arc::from(char::from(b'A' + random.random_range(0..LETTERS)).to_string());
        let fresh = member(random, layout, topics, racks);
        group.entry(id).or_insert(fresh);
    }
}

fn normal(assignments: &Assignments) -> Vec<(Arc<str>, BTreeSet<TopicPartition>)> {
    assignments.iter().map(|(id, list)| (Arc::clone(id), list.iter().cloned().collect())).collect()
}

/// Asks both about random groups over several rebalances; how many questions that were.
fn compare(assignor: &dyn Assignor, topics: Topics, racks: bool) -> u64 {
    let mut oracle = Oracle::start();
    let mut asked = 0;
    for seed in 0..GROUPS {
        let mut random = StdRng::seed_from_u64(seed);
        let layout = layout(&mut random, racks);
        let mut group = Subscriptions::new();
        for letter in 0..random.random_range(1..LETTERS) {
            let id = Arc::from(char::from(b'A' + letter).to_string());
            group.insert(id, member(&mut random, &layout, topics, racks));
        }
        for generation in 1..=REBALANCES {
            let mut known = layout.clone();
            known.retain(|topic, _| group.values().any(|member| member.topics.contains(topic)));
            let ours = assignor.assign(&known, &group);
            let theirs = oracle.assign(assignor.name(), &known, &group);
            let name = assignor.name();
            assert_eq!(
                normal(&ours),
                normal(&theirs),
                "{name} seed {seed} generation {generation}: {group:#?}"
            );
            asked += 1;
            next(&mut random, &mut group, (&layout, topics, racks), assignor, (&theirs, generation));
        }
    }
    asked
}

#[test]
fn results_are_equal_with_equal_and_different_subscriptions_with_and_without_racks() {
    for assignor in [&Range as &dyn Assignor, &RoundRobin, &Sticky, &CooperativeSticky] {
        let mut asked = 0;
        for topics in [Topics::Same, Topics::Different] {
            for racks in [false, true] {
                asked += compare(assignor, topics, racks);
            }
        }
        println!("{}: {asked} assignments are equal", assignor.name());
    }
}
