//! Where replicas lie: as many as the topics' resources say, none on leaving brokers, and spread over
//! brokers that are new. All of it by Kafka's own reassignments; progress is what the metadata shows.

use std::collections::{BTreeMap, BTreeSet};

use klamm_model::{BrokerId, NodeId};
use klamm_placement::{Assignment, DrainError, Move, UsableBroker, plan_drain, plan_resize, plan_spread};

use crate::scene::Scene;
use crate::sentence::counted;
use crate::{Action, ObservedPartition, Operation, PartitionMove, Plan};

use super::scale_down::Leaving;

/// Partitions that move at the same time.
const MOVES_AT_ONCE: usize = 100;

/// A partition by topic and number.
type At = (String, i32);

pub(super) fn plan_assignments(scene: &Scene<'_>, leaving: &Leaving, plan: &mut Plan) {
    let mut wish = Wish::of_targets(scene);
    let brokers = scene.usable_brokers();
    resize(scene, &mut wish, &brokers, plan);
    drain(leaving, &mut wish, &brokers, plan);
    let draining = leaving.blocked || leaving.brokers.iter().any(|id| scene.hosted(*id) > 0);
    if !draining {
        spread(scene, &mut wish, &brokers, plan);
    }
    submit(scene, &wish, plan);
}

/// The replicas each partition shall have.
struct Wish {
    assignments: Vec<Assignment<At>>,
    reasons: BTreeMap<At, &'static str>,
}

impl Wish {
    fn of_targets(scene: &Scene<'_>) -> Wish {
        let assignments = scene.partitions().map(|(topic, number, partition, _)| Assignment {
            partition: (topic.to_owned(), number),
            replicas: partition.target().into_iter().map(BrokerId::from).collect(),
        });
        Wish { assignments: assignments.collect(), reasons: BTreeMap::new() }
    }

    fn take(&mut self, moves: Vec<Move<At>>, reason: &'static str) {
        let mut moves: BTreeMap<At, Vec<BrokerId>> =
            moves.into_iter().map(|one| (one.partition, one.to)).collect();
        for assignment in &mut self.assignments {
            if let Some(to) = moves.remove(&assignment.partition) {
                assignment.replicas = to;
                self.reasons.entry(assignment.partition.clone()).or_insert(reason);
            }
        }
    }
}

/// The replication factors of the topics' resources.
fn resize(scene: &Scene<'_>, wish: &mut Wish, brokers: &[UsableBroker], plan: &mut Plan) {
    let wanted_brokers = scene.spec.brokers().count();
    let mut factors: BTreeMap<&str, usize> = BTreeMap::new();
    for topic in scene.spec.topics.iter().filter(|topic| !topic.suspended) {
        let factor = topic.replication_factor.and_then(|factor| usize::try_from(factor).ok());
        // More than there are brokers is refused where topics are planned.
        if let Some(factor) = factor.filter(|factor| *factor <= wanted_brokers) {
            factors.insert(&topic.name, factor);
        }
    }
    let present: BTreeMap<At, usize> =
        wish.assignments.iter().map(|one| (one.partition.clone(), one.replicas.len())).collect();
    let factor = |at: &At| factors.get(at.0.as_str()).copied().unwrap_or(present[at]);
    let behind: BTreeMap<At, Vec<BrokerId>> = scene
        .partitions()
        .filter(|(_, _, partition, _)| partition.is_under_replicated())
        .map(|(topic, number, partition, _)| ((topic.to_owned(), number), in_sync(partition)))
        .filter(|(at, _)| factor(at) < present[at])
        .collect();
    // Of a partition that gives up replicas, those in sync stay.
    let mut kept = Vec::new();
    for (at, in_sync) in &behind {
        let wanted = factor(at);
        if in_sync.len() < wanted {
            plan.wait(format!("partition {}-{} gives up replicas once {wanted} are in sync", at.0, at.1));
        } else {
            let to = in_sync[..wanted].to_vec();
            kept.push(Move { partition: at.clone(), from: Vec::new(), to });
        }
    }
    let wanted = |at: &At| if behind.contains_key(at) { present[at] } else { factor(at) };
    match plan_resize(&wish.assignments, brokers, wanted) {
        Ok(moves) => wish.take(moves, "the topic's replication factor changes"),
        Err(DrainError::TooFewBrokers { replicas, remaining }) => {
            plan.wait(format!("{replicas} replicas need as many brokers; {remaining} serve"));
        }
    }
    wish.take(kept, "the topic's replication factor changes");
}

fn in_sync(partition: &ObservedPartition) -> Vec<BrokerId> {
    let target = partition.target().into_iter();
    target.filter(|id| partition.isr.contains(id)).map(BrokerId::from).collect()
}

fn drain(leaving: &Leaving, wish: &mut Wish, brokers: &[UsableBroker], plan: &mut Plan) {
    let drained: BTreeSet<BrokerId> = leaving.brokers.iter().copied().map(BrokerId::from).collect();
    if drained.is_empty() {
        return;
    }
    match plan_drain(&wish.assignments, brokers, &drained) {
        Ok(moves) => wish.take(moves, "brokers leave"),
        Err(DrainError::TooFewBrokers { replicas, remaining }) => plan.wait(format!(
            "brokers leave once {replicas} of those that stay serve, to take their replicas; {remaining} do now"
        )),
    }
}

/// Replicas for brokers that are new: those with none at all, until the spread has ended.
fn spread(scene: &Scene<'_>, wish: &mut Wish, brokers: &[UsableBroker], plan: &mut Plan) {
    let wanted = scene.spec.brokers().count();
    let all_serve = brokers.len() == wanted && brokers.iter().all(|broker| !broker.fenced);
    if !scene.spec.resource.rebalance.on_scale_up {
        plan.spread_due = false;
        return;
    }
    let hosts = |broker: &UsableBroker| wish.assignments.iter().any(|one| one.replicas.contains(&broker.id));
    if !all_serve || !(plan.spread_due || brokers.iter().any(|broker| !hosts(broker))) {
        return;
    }
    let moves = plan_spread(&wish.assignments, brokers);
    if !moves.is_empty() {
        plan.spread_due = true;
        plan.is_about(Operation::ScaleUp);
        return wish.take(moves, "replicas spread over new brokers");
    }
    if !plan.spread_due {
        return;
    }
    plan.is_about(Operation::ScaleUp);
    let moving = scene.partitions().filter(|(_, _, partition, _)| partition.is_moving()).count();
    if moving > 0 {
        return plan.wait(format!("{} move to new brokers", counted(moving, "partition")));
    }
    plan.spread_due = false;
    let led_by_another = scene.partitions().filter(|(_, _, partition, _)| {
        let preferred = partition.replicas.first();
        preferred.is_some_and(|first| partition.leader != Some(*first) && partition.isr.contains(first))
    });
    let partitions: Vec<At> =
        led_by_another.map(|(topic, number, _, _)| (topic.to_owned(), number)).collect();
    if !partitions.is_empty() {
        plan.step(Action::ElectPreferredLeaders { partitions }, "replicas are spread over all brokers");
    }
}

/// Submits what differs from the present targets, so that no more than so many move at once.
fn submit(scene: &Scene<'_>, wish: &Wish, plan: &mut Plan) {
    let present: BTreeMap<At, (Vec<NodeId>, bool)> = scene
        .partitions()
        .map(|(topic, number, partition, _)| {
            ((topic.to_owned(), number), (partition.target(), partition.is_moving()))
        })
        .collect();
    let mut moving = present.values().filter(|(_, moving)| *moving).count();
    let mut moves = Vec::new();
    let mut reason = None;
    for assignment in &wish.assignments {
        let (target, is_moving) = &present[&assignment.partition];
        let replicas: Vec<NodeId> = assignment.replicas.iter().copied().map(NodeId::from).collect();
        if *target == replicas || (!is_moving && moving >= MOVES_AT_ONCE) {
            continue;
        }
        moving += usize::from(!is_moving);
        reason = reason.or(wish.reasons.get(&assignment.partition).copied());
        let (topic, partition) = assignment.partition.clone();
        moves.push(PartitionMove { topic, partition, replicas });
    }
    if !super::may_disrupt(scene, plan) {
        moves.clear();
    }
    super::throttle::plan_throttle(scene, &moves, plan);
    if !moves.is_empty() {
        plan.step(Action::Reassign { moves }, reason.unwrap_or("replicas move"));
    }
}
