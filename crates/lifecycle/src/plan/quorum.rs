//! The voters follow the spec, one change at a time (KIP-853), and only while a majority of what
//! remains is caught up. Nobody else changes membership.

use klamm_model::NodeId;

use crate::rules::Rule;
use crate::scene::Scene;
use crate::sentence::listed;
use crate::{Action, NodeRole, ObservedQuorum, ObservedReplica, Operation, Plan};

/// Nothing is known of the cluster: the nodes are started, all else waits.
pub(super) fn plan_silence(scene: &Scene<'_>, plan: &mut Plan) {
    plan.wait(format!("cluster {} does not answer yet", scene.spec.name));
}

/// The cluster answers, and no controller leads.
pub(super) fn plan_leaderless(scene: &Scene<'_>, plan: &mut Plan) {
    let silent: Vec<NodeId> =
        scene.spec.controllers().map(|node| node.id).filter(|id| !scene.answers(*id)).collect();
    let wanted = scene.spec.controllers().count();
    if silent.len() * 2 > wanted {
        plan.block(format!(
            "the metadata quorum has no leader: of {wanted} controllers, {} do not answer; nothing changes until a \
             majority is back",
            listed(&silent)
        ));
    } else {
        plan.wait("the metadata quorum has no leader yet");
    }
}

/// Voters that must go and controllers that must join, one at a time.
pub(super) fn plan_voters(scene: &Scene<'_>, plan: &mut Plan) {
    let Some(quorum) = scene.quorum() else { return };
    let stale = quorum.voters.iter().find(|voter| scene.is_stale(voter) && wants(scene, voter.id));
    if let Some(stale) = stale {
        plan.is_about(Operation::Repair);
        let reason = format!("node {} votes with a directory that is lost", stale.id);
        return remove(scene, (quorum, stale), reason, plan);
    }
    let is_voter = |id: NodeId| quorum.voters.iter().any(|voter| voter.id == id);
    let missing: Vec<NodeId> =
        scene.spec.controllers().map(|node| node.id).filter(|id| !is_voter(*id)).collect();
    if !missing.is_empty() {
        plan.is_about(Operation::VoterChange);
        return add_first_ready(scene, quorum, &missing, plan);
    }
    let mut extra: Vec<&ObservedReplica> =
        quorum.voters.iter().filter(|voter| !wants(scene, voter.id)).collect();
    // Those that are away first, the leader last, else the newest first.
    extra.sort_by_key(|voter| {
        (scene.is_current(voter), voter.id == quorum.leader, std::cmp::Reverse(voter.id))
    });
    if let Some(first) = extra.first() {
        plan.is_about(Operation::VoterChange);
        let reason = format!("node {} is not to vote any more", first.id);
        remove(scene, (quorum, first), reason, plan);
    }
}

fn wants(scene: &Scene<'_>, id: NodeId) -> bool {
    scene.spec.wants_controller(id)
}

fn add_first_ready(scene: &Scene<'_>, quorum: &ObservedQuorum, missing: &[NodeId], plan: &mut Plan) {
    let observer =
        |id: NodeId| quorum.observers.iter().find(|observer| observer.id == id && !scene.is_stale(observer));
    let runs_as_controller = |id: &&NodeId| scene.role(**id).is_some_and(NodeRole::is_controller);
    let ready = missing.iter().filter(runs_as_controller).find_map(|id| {
        let observer = observer(*id)?;
        let late = !scene.is_current(observer);
        (!scene.rules.forbid(Rule::JoinCaughtUp, late)).then_some(observer)
    });
    let Some(ready) = ready else {
        return plan
            .wait(format!("node {} has to catch up with the quorum before it votes", listed(missing)));
    };
    let current = quorum.voters.iter().filter(|voter| scene.is_current(voter)).count();
    let short = current + 1 < quorum.voters.len().div_ceil(2) + 1;
    if scene.rules.forbid(Rule::KeepMajority, short) {
        return plan.wait(format!(
            "node {} joins the voters once a majority of them is caught up (now {current} of {})",
            ready.id,
            quorum.voters.len()
        ));
    }
    let endpoint = scene.node(ready.id).and_then(|node| node.controller_endpoint.clone());
    let (Some(directory_id), Some(endpoint)) = (ready.directory_id, endpoint) else {
        return plan.block(format!(
            "node {} cannot join the voters: the quorum is static, or the node has no controller listener",
            ready.id
        ));
    };
    if super::may_disrupt(scene, plan) {
        let action = Action::AddVoter { node: ready.id, directory_id, endpoint };
        plan.step(action, format!("node {} is to vote and has caught up", ready.id));
    }
}

fn remove(
    scene: &Scene<'_>,
    (quorum, voter): (&ObservedQuorum, &ObservedReplica),
    reason: String,
    plan: &mut Plan,
) {
    let rest: Vec<&ObservedReplica> = quorum.voters.iter().filter(|other| *other != voter).collect();
    let current = rest.iter().filter(|other| scene.is_current(other)).count();
    if scene.rules.forbid(Rule::KeepMajority, current < rest.len() / 2 + 1) {
        return plan.wait(format!(
            "node {} keeps its vote until a majority of the {} other voters is caught up (now {current})",
            voter.id,
            rest.len()
        ));
    }
    let Some(directory_id) = voter.directory_id else {
        return plan.block(format!("node {} keeps its vote: the quorum is static", voter.id));
    };
    if super::may_disrupt(scene, plan) {
        plan.step(Action::RemoveVoter { node: voter.id, directory_id }, reason);
    }
}
