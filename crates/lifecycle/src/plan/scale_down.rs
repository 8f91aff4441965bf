//! The preview of a scale-down: whether what the leaving brokers hold fits the rest. If it does not,
//! nothing is touched.

use std::collections::BTreeMap;

use klamm_model::NodeId;

use crate::scene::Scene;
use crate::sentence::{counted, listed};
use crate::{Operation, Plan};

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
