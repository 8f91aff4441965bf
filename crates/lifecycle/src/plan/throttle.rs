//! `spec.scaleDown.throttleBytes`: replica moves within so many bytes per second and broker (KIP-73).
//!
//! 1. The rates are set as the default of all brokers before the first move and removed after the last:
//!    while they stand there, the lists on the topics are the planner's too. Kafka's tool sets rates on
//!    single brokers, so what it throttles is left alone.
//! 2. A topic names the replicas that move: its present ones as senders, its new ones as receivers. The
//!    lists grow while partitions of it move and go as a whole, so that the end of one move changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use klamm_model::NodeId;

use crate::rules::Rule;
use crate::scene::Scene;
use crate::{Action, ObservedPartition, PartitionMove, Plan};

const LEADER_RATE: &str = "leader.replication.throttled.rate";
const FOLLOWER_RATE: &str = "follower.replication.throttled.rate";
const LEADER_REPLICAS: &str = "leader.replication.throttled.replicas";
const FOLLOWER_REPLICAS: &str = "follower.replication.throttled.replicas";
/// In a list: every replica of the topic.
const ALL: &str = "*";

/// `partition:broker`, as the lists have it.
type Entries = BTreeSet<(i32, NodeId)>;

/// The replicas of one topic that move.
#[derive(Default)]
struct Moving {
    senders: Entries,
    receivers: Entries,
}

impl Moving {
    fn note(&mut self, number: i32, partition: &ObservedPartition, target: Option<&[NodeId]>) {
        let present: Vec<NodeId> =
            partition.replicas.iter().copied().filter(|id| !partition.adding.contains(id)).collect();
        let target = target.unwrap_or(&partition.adding);
        self.receivers.extend(target.iter().filter(|id| !present.contains(id)).map(|id| (number, *id)));
        self.senders.extend(present.into_iter().map(|id| (number, id)));
    }
}

/// What moves or is about to, by topic.
fn moving<'a>(scene: &Scene<'a>, moves: &[PartitionMove]) -> BTreeMap<&'a str, Moving> {
    let planned: BTreeMap<(&str, i32), &[NodeId]> =
        moves.iter().map(|one| ((one.topic.as_str(), one.partition), one.replicas.as_slice())).collect();
    let mut topics: BTreeMap<&str, Moving> = BTreeMap::new();
    for (topic, number, partition, _) in scene.partitions() {
        let target = planned.get(&(topic, number)).copied();
        if target.is_some() || partition.is_moving() {
            topics.entry(topic).or_default().note(number, partition, target);
        }
    }
    topics
}

/// Throttles what moves and what `moves` will, ahead of the step that begins them.
pub(super) fn plan_throttle(scene: &Scene<'_>, moves: &[PartitionMove], plan: &mut Plan) {
    let Some(cluster) = scene.cluster() else { return };
    let moving = moving(scene, moves);
    match scene.spec.resource.scale_down.throttle_bytes {
        Some(rate) if scene.rules.forbid(Rule::ThrottleMoves, !moving.is_empty()) => {
            let wanted =
                BTreeMap::from([LEADER_RATE, FOLLOWER_RATE].map(|key| (key.to_owned(), rate.to_string())));
            let differs = wanted.iter().any(|(key, value)| cluster.broker_config.get(key) != Some(value));
            if differs {
                let action = Action::ConfigureBrokers { set: wanted, remove: Vec::new() };
                plan.step(action, format!("replicas move within {rate} bytes per second and broker"));
            }
            for (topic, moving) in &moving {
                plan_topic(scene, topic, moving, plan);
            }
        }
        Some(_) | None => plan_lift(scene, plan),
    }
}

fn plan_topic(scene: &Scene<'_>, topic: &str, moving: &Moving, plan: &mut Plan) {
    let Some(seen) = scene.cluster().and_then(|cluster| cluster.topics.get(topic)) else { return };
    let mut set = BTreeMap::new();
    for (key, wanted) in [(LEADER_REPLICAS, &moving.senders), (FOLLOWER_REPLICAS, &moving.receivers)] {
        let present = seen.config.get(key).map_or("", String::as_str);
        let known = entries(present);
        if present.trim() != ALL && !wanted.is_subset(&known) {
            set.insert(key.to_owned(), written(&known.union(wanted).copied().collect()));
        }
    }
    if !set.is_empty() {
        let action = Action::ConfigureTopic { name: topic.to_owned(), set, remove: Vec::new() };
        plan.step(action, format!("the moves of topic {topic} are throttled"));
    }
}

/// Takes back what rule 1 says is the planner's: the lists first, since the rates tell whose they are.
fn plan_lift(scene: &Scene<'_>, plan: &mut Plan) {
    let Some(cluster) = scene.cluster() else { return };
    let present = |config: &BTreeMap<String, String>, keys: [&str; 2]| -> Vec<String> {
        keys.into_iter().filter(|key| config.contains_key(*key)).map(str::to_owned).collect()
    };
    let rates = present(&cluster.broker_config, [FOLLOWER_RATE, LEADER_RATE]);
    if rates.is_empty() {
        return;
    }
    for (name, topic) in &cluster.topics {
        let remove = present(&topic.config, [FOLLOWER_REPLICAS, LEADER_REPLICAS]);
        if !remove.is_empty() {
            let action = Action::ConfigureTopic { name: name.clone(), set: BTreeMap::new(), remove };
            plan.step(action, format!("the moves of topic {name} are throttled no more"));
        }
    }
    let action = Action::ConfigureBrokers { set: BTreeMap::new(), remove: rates };
    plan.step(action, "replica moves are throttled no more");
}

fn entries(list: &str) -> Entries {
    let pair = |text: &str| {
        let (partition, broker) = text.trim().split_once(':')?;
        Some((partition.parse().ok()?, NodeId::new(broker.parse().ok()?)?))
    };
    list.split(',').filter_map(pair).collect()
}

fn written(entries: &Entries) -> String {
    entries.iter().map(|(partition, broker)| format!("{partition}:{broker}")).collect::<Vec<_>>().join(",")
}
