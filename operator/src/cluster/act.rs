//! Carries out the steps of a plan: those for nodes on Kubernetes' objects, the others over the wire.
//! Each is safe to repeat, and each that takes something away names exactly what was seen.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{ObjectReference, PersistentVolumeClaim, Pod};
use klamm_lifecycle::{Action, Founding as Asked, NodeRole, Plan, Process};
use klamm_model::{NodeId, Uuid};
use kube::api::DeleteParams;
use kube::{Api, ResourceExt as _};

use super::apply::{apply, apply_set, delete_exactly};
use super::pass::PassError;
use super::{Context, EventType};
use crate::observe::{Children, covered};
use crate::resources::{Founding, NodeFile, Site, StatefulRole, config_map};
use crate::topics::only_topic;
use crate::wire::Target;

/// A pass in which steps are carried out.
pub(super) struct Acting<'a> {
    pub(super) context: &'a Context,
    pub(super) site: &'a Site<'a>,
    pub(super) target: &'a Target,
    /// The resource, as events have it.
    pub(super) about: ObjectReference,
    pub(super) children: Children,
    pub(super) files: BTreeMap<NodeId, NodeFile>,
    /// Processes as they were seen.
    pub(super) processes: BTreeMap<NodeId, Process>,
    /// Nodes of the plan that are to stop.
    pub(super) stops: Vec<NodeId>,
}

/// What became of a plan's steps.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// Whether anything changed.
    pub(super) acted: bool,
    /// What the cluster answered to steps for single topics, by the topic's name.
    pub(super) refused: BTreeMap<String, String>,
    /// The step that ended the pass, with the cluster's answer.
    pub(super) failed: Option<String>,
}

impl Acting<'_> {
    /// Carries out the steps in order. What fails for one topic holds back nothing else.
    pub(super) async fn carry_out(&mut self, plan: &Plan) -> Result<Outcome, PassError> {
        let mut outcome = Outcome::default();
        for step in &plan.steps {
            tracing::info!(cluster = self.site.name(), namespace = self.site.namespace, %step, "step");
            match self.execute(&step.action).await? {
                Done::Changed => {
                    outcome.acted = true;
                    let reason = event_reason(&step.action);
                    self.context.tell(&self.about, EventType::Normal, reason, step.to_string()).await;
                }
                Done::Nothing => {}
                Done::Refused(answer) => {
                    tracing::warn!(cluster = self.site.name(), %step, answer, "a step was refused");
                    if let Some(topic) = only_topic(&step.action) {
                        outcome.refused.insert(topic.to_owned(), answer);
                        continue;
                    }
                    outcome.failed = Some(format!("{}: {answer}", step.action));
                    break;
                }
            }
        }
        Ok(outcome)
    }

    async fn execute(&mut self, action: &Action) -> Result<Done, PassError> {
        match action {
            // The status with the identity was written before the steps.
            Action::ChooseClusterId => Ok(Done::Changed),
            Action::FormatNode { node, role, cluster_id, founding } => {
                let founding = match founding {
                    Asked::Alone => Founding::Alone,
                    Asked::Joins => Founding::Joins,
                };
                self.tell_node(*node, (*cluster_id, *role, founding)).await
            }
            Action::StartNode { node, role } => self.start(*node, *role).await,
            Action::RestartNode { node } => self.restart(*node).await,
            Action::StopNode { node } => self.stop(*node).await,
            Action::DeleteVolumes { node } => self.delete_volumes(*node).await,
            Action::AddVoter { .. }
            | Action::RemoveVoter { .. }
            | Action::Cordon { .. }
            | Action::Uncordon { .. }
            | Action::Reassign { .. }
            | Action::ElectPreferredLeaders { .. }
            | Action::UnregisterBroker { .. }
            | Action::UnregisterController { .. }
            | Action::FinalizeMetadataVersion { .. }
            | Action::ConfigureBrokers { .. }
            | Action::CreateTopic { .. }
            | Action::DeleteTopic { .. }
            | Action::GrowTopic { .. }
            | Action::ConfigureTopic { .. } => match self.context.wire.execute(self.target, action).await {
                Ok(()) => Ok(Done::Changed),
                Err(answer) => Ok(Done::Refused(answer)),
            },
        }
    }

    /// Takes back the leave to format of nodes that have done so.
    pub(super) async fn take_back_leaves(&mut self, formatted: &[NodeId]) -> Result<(), PassError> {
        for id in formatted {
            let Some(file) = self.files.get_mut(id) else { continue };
            file.instruction.founding = Founding::Never;
            self.write_files(self.site.role_of(*id)).await?;
        }
        Ok(())
    }

    async fn tell_node(&mut self, id: NodeId, told: (Uuid, NodeRole, Founding)) -> Result<Done, PassError> {
        let file = NodeFile::new(self.site, id, told);
        if self.files.get(&id) == Some(&file) {
            return Ok(Done::Nothing);
        }
        self.files.insert(id, file);
        self.write_files(self.site.role_of(id)).await?;
        Ok(Done::Changed)
    }

    /// The new settings of a node; its leave to format stays.
    async fn renew(&mut self, id: NodeId, role: NodeRole) -> Result<Done, PassError> {
        let Some(cluster_id) = self.site.cluster_id else { return Ok(Done::Nothing) };
        let founding = self.files.get(&id).map_or(Founding::Never, |file| file.instruction.founding);
        self.tell_node(id, (cluster_id, role, founding)).await
    }

    /// Writes a role's ConfigMap, if nobody else has changed it since it was read.
    async fn write_files(&mut self, role: StatefulRole) -> Result<(), PassError> {
        let mut map = config_map(self.site, role, &self.files);
        map.metadata.resource_version = self.children.maps.get(&role).and_then(|map| map.resource_version());
        let written = apply(&self.context.client, &map).await?;
        self.children.maps.insert(role, written);
        Ok(())
    }

    /// Lets the StatefulSet have the node's pod; one that failed is replaced by a fresh one.
    async fn start(&mut self, id: NodeId, role: NodeRole) -> Result<Done, PassError> {
        let told = self.renew(id, role).await?;
        if let (Some(Process::Failed { .. }), Some(pod)) =
            (self.processes.get(&id), self.children.pods.get(&id))
        {
            if self.children.stranded.contains_key(&id) {
                // What is to be made anew elsewhere; protected until the pod is gone.
                self.delete_claims(id).await?;
            }
            self.delete_pod(pod).await?;
            return Ok(Done::Changed);
        }
        let set = self.site.role_of(id);
        let needed = id.get() - self.site.first_id(set) + 1;
        if self.children.sets.contains_key(&set) && self.children.replicas(self.site, set) >= needed {
            return Ok(told);
        }
        apply_set(&self.context.client, self.site, (set, needed), &mut self.children).await?;
        Ok(Done::Changed)
    }

    /// Deletes the node's pod, so that its StatefulSet makes it anew.
    async fn restart(&mut self, id: NodeId) -> Result<Done, PassError> {
        self.renew(id, self.site.wanted_role(id)).await?;
        let Some(pod) = self.children.pods.get(&id) else { return Ok(Done::Nothing) };
        self.delete_pod(pod).await?;
        Ok(Done::Changed)
    }

    async fn delete_pod(&self, pod: &Pod) -> Result<(), PassError> {
        let api: Api<Pod> = Api::namespaced(self.context.client.clone(), self.site.namespace);
        Ok(delete_exactly(&api, pod, &DeleteParams::default()).await?)
    }

    /// Takes the node's pod from its StatefulSet. Only the highest can go; a lower one waits for those
    /// above it.
    async fn stop(&mut self, id: NodeId) -> Result<Done, PassError> {
        let set = self.site.role_of(id);
        let replicas = self.children.replicas(self.site, set);
        let above = covered(self.site, set, replicas).filter(|one| *one > id);
        let blocks =
            |one: &NodeId| !self.stops.contains(one) && self.processes.get(one).is_some_and(Process::lives);
        if let Some(higher) = above.filter(|one| blocks(one)).last() {
            tracing::info!(node = id.get(), higher = higher.get(), "a node waits for a higher one to leave");
            return Ok(Done::Nothing);
        }
        let rest = id.get() - self.site.first_id(set);
        if rest >= replicas {
            return Ok(Done::Nothing);
        }
        apply_set(&self.context.client, self.site, (set, rest), &mut self.children).await?;
        Ok(Done::Changed)
    }

    /// Deletes the claims of a node that has left, once its pod is gone.
    async fn delete_volumes(&mut self, id: NodeId) -> Result<Done, PassError> {
        if self.children.pods.contains_key(&id) {
            return Ok(Done::Nothing);
        }
        self.delete_claims(id).await?;
        if self.files.remove(&id).is_some() {
            self.write_files(self.site.role_of(id)).await?;
        }
        Ok(Done::Changed)
    }

    async fn delete_claims(&self, id: NodeId) -> Result<(), PassError> {
        let api: Api<PersistentVolumeClaim> =
            Api::namespaced(self.context.client.clone(), self.site.namespace);
        for name in self.site.claim_names(id) {
            if let Some(claim) = self.children.claims.get(&name) {
                delete_exactly(&api, claim, &DeleteParams::default()).await?;
            }
        }
        Ok(())
    }
}

/// What became of one step.
enum Done {
    /// It was carried out.
    Changed,
    /// It was done already, or has to wait.
    Nothing,
    /// The cluster did not do it.
    Refused(String),
}

fn event_reason(action: &Action) -> &'static str {
    match action {
        Action::ChooseClusterId => "ClusterFounded",
        Action::FormatNode { .. } => "NodeFormatted",
        Action::StartNode { .. } => "NodeStarted",
        Action::RestartNode { .. } => "NodeRestarted",
        Action::StopNode { .. } => "NodeStopped",
        Action::DeleteVolumes { .. } => "VolumesDeleted",
        Action::AddVoter { .. } => "VoterAdded",
        Action::RemoveVoter { .. } => "VoterRemoved",
        Action::Cordon { .. } => "DrainStarted",
        Action::Uncordon { .. } => "DrainCancelled",
        Action::Reassign { .. } => "ReplicasMoved",
        Action::ElectPreferredLeaders { .. } => "LeadersElected",
        Action::UnregisterBroker { .. } => "BrokerUnregistered",
        Action::UnregisterController { .. } => "ControllerUnregistered",
        Action::FinalizeMetadataVersion { .. } => "UpgradeFinalized",
        Action::ConfigureBrokers { .. } => "BrokersConfigured",
        Action::CreateTopic { .. } => "TopicCreated",
        Action::DeleteTopic { .. } => "TopicDeleted",
        Action::GrowTopic { .. } => "TopicGrown",
        Action::ConfigureTopic { .. } => "TopicConfigured",
    }
}
