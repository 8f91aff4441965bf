//! The preview of a scale-down: whether what the leaving brokers hold fits the rest. If it does not,
//! nothing is touched.

use std::collections::{BTreeMap, BTreeSet};

use klamm_model::{BrokerId, NodeId};
use klamm_placement::{Assignment, plan_drain};

use crate::scene::Scene;
use crate::sentence::{counted, listed, size};
use crate::{Operation, Plan};

/// The part of a disk's free bytes that a drain leaves free: one of so many.
const SPARE: u64 = 10;

/// Brokers on their way out.
pub(super) struct Leaving {
    /// Those that may go, by ascending id.
    pub(super) brokers: Vec<NodeId>,
    /// Whether others would have to go and cannot.
    pub(super) blocked: bool,
}

pub(super) fn plan_leaving(scene: &Scene<'_>, plan: &mut Plan) -> Leaving {
    let brokers = scene.leaving_brokers();
    if brokers.is_empty() {
        return Leaving { brokers, blocked: false };
    }
    let remaining = scene.spec.brokers().count();
    let holds = brokers.iter().any(|id| scene.hosted(*id) > 0);
    let too_wide = too_wide(scene, remaining);
    if holds && !too_wide.is_empty() {
        for (topic, factor) in &too_wide {
            plan.block(format!(
                "spec.brokers.replicas: {remaining} is blocked: topic {topic} keeps {factor} replicas of each partition, \
                 more than the {} that would remain; lower its replication factor first",
                counted(remaining, "broker")
            ));
        }
        return Leaving { brokers: Vec::new(), blocked: true };
    }
    let too_full = too_full(scene, &brokers);
    if !too_full.is_empty() {
        for sentence in too_full {
            plan.block(format!("spec.brokers.replicas: {remaining} is blocked: {sentence}"));
        }
        return Leaving { brokers: Vec::new(), blocked: true };
    }
    let stranded = stranded(scene, &brokers);
    for sentence in &stranded {
        plan.block(sentence.clone());
    }
    plan.is_about(Operation::ScaleDown);
    let left: usize = brokers.iter().map(|id| scene.hosted(*id)).sum();
    if left > 0 {
        let what = counted(left, "replica");
        plan.wait(format!("{what} to move off broker {}", listed(&brokers)));
    }
    Leaving { brokers, blocked: false }
}

/// Topics with more replicas than brokers would remain, which their resources do not lower.
fn too_wide(scene: &Scene<'_>, remaining: usize) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    let wanted: BTreeMap<&str, usize> = scene
        .spec
        .topics
        .iter()
        .filter(|topic| !topic.suspended)
        .filter_map(|topic| {
            let factor = usize::try_from(topic.replication_factor?).ok()?;
            Some((topic.name.as_str(), factor))
        })
        .collect();
    for (topic, _, partition, _) in scene.partitions() {
        let factor = wanted.get(topic).copied().unwrap_or(partition.target().len());
        if factor > remaining {
            let most = found.entry(topic.to_owned()).or_insert(factor);
            *most = factor.max(*most);
        }
    }
    found
}

/// Brokers whose disks cannot take what the drain would put on them and keep `SPARE` of what is free
/// now. Nothing is said of brokers whose disks are unknown.
fn too_full(scene: &Scene<'_>, leaving: &[NodeId]) -> Vec<String> {
    let Some(cluster) = scene.cluster() else { return Vec::new() };
    let disks = |id: BrokerId| cluster.brokers.get(&NodeId::from(id))?.disks.as_ref();
    let assignments: Vec<_> = scene
        .partitions()
        .map(|(topic, number, partition, _)| Assignment {
            partition: (topic.to_owned(), number),
            replicas: of_nodes(&partition.target()),
        })
        .collect();
    let drained: BTreeSet<BrokerId> = leaving.iter().copied().map(BrokerId::from).collect();
    // Too few brokers is told where the drain is planned.
    let Ok(moves) = plan_drain(&assignments, &scene.usable_brokers(), &drained) else { return Vec::new() };
    let moves: BTreeMap<(String, i32), Vec<BrokerId>> =
        moves.into_iter().map(|one| (one.partition, one.to)).collect();
    let bytes = |id: BrokerId, at: &(String, i32)| disks(id)?.replicas.get(at).copied();
    let mut needed: BTreeMap<BrokerId, u64> = BTreeMap::new();
    for (topic, number, partition, _) in scene.partitions() {
        let at = (topic.to_owned(), number);
        let is_new = |id: &BrokerId| {
            !partition.replicas.contains(&NodeId::from(*id)) || partition.adding.contains(&NodeId::from(*id))
        };
        let target = moves.get(&at).cloned().unwrap_or_else(|| of_nodes(&partition.target()));
        let whole =
            of_nodes(&partition.replicas).into_iter().filter_map(|id| bytes(id, &at)).max().unwrap_or(0);
        for id in target.into_iter().filter(is_new) {
            // A move under way has brought a part already.
            *needed.entry(id).or_default() += whole.saturating_sub(bytes(id, &at).unwrap_or(0));
        }
    }
    let overfull = needed.into_iter().filter_map(|(id, needed)| {
        let free = disks(id)?.free;
        (needed > free - free / SPARE).then(|| {
            format!(
                "broker {id} would take {} of the leaving brokers' replicas and has {} free",
                size(needed),
                size(free)
            )
        })
    });
    overfull.collect()
}

fn of_nodes(ids: &[NodeId]) -> Vec<BrokerId> {
    ids.iter().copied().map(BrokerId::from).collect()
}

/// Partitions whose only in-sync copies are on leaving brokers that will not come back.
fn stranded(scene: &Scene<'_>, brokers: &[NodeId]) -> Vec<String> {
    let gone = |id: &NodeId| {
        brokers.contains(id) && scene.node(*id).is_none_or(|node| !node.directory.is_formatted())
    };
    let lost = scene.partitions().filter(|(_, _, partition, _)| {
        partition.replicas.iter().any(gone) && partition.isr.iter().all(gone) && !partition.isr.is_empty()
    });
    lost.map(|(topic, number, partition, _)| {
        format!(
            "the only in-sync copy of partition {topic}-{number} was on broker {}, whose volume is gone; delete the \
             topic, or bring the volume back",
            listed(&partition.isr)
        )
    })
    .collect()
}
