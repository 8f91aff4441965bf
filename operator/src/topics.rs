//! KafkaTopics beside their cluster: who owns a topic name, which are planned for, and what each is
//! told. Pure.
//!
//! 1. The oldest resource owns a name (by creation, then uid); others conflict and change nothing.
//! 2. A topic that exists is adopted. One that was deleted and made anew by others is not touched until
//!    the annotation `klamm.dev/adopt-topic-id` names the new incarnation.
//! 3. A deleted resource takes the incarnation that it owned with it, if its policy is Delete.

use std::collections::BTreeMap;

use klamm_lifecycle::{ClusterView, ObservedTopic, Plan, TopicRemoval, topic_status};
use klamm_manifest::{
    Condition, ConditionStatus, DeletionPolicy, KafkaTopicSpec, KafkaTopicStatus, Resource, validate,
};
use klamm_model::TopicId;

use crate::objects::{KafkaTopic, Kind as _};

/// Keeps a resource until its topic is deleted.
pub const FINALIZER: &str = "klamm.dev/topic";
/// Names the incarnation of a topic that its resource may take over.
pub const ANNOTATION_ADOPT: &str = "klamm.dev/adopt-topic-id";

/// What a pass makes of one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is planned for.
    Owner,
    /// Its deletion was asked for, and its topic goes with it.
    Leaving {
        /// The incarnation that it owned; `None` if it never had one.
        topic_id: Option<TopicId>,
    },
    /// Its deletion was asked for, and nothing goes with it.
    Gone,
    /// Another resource owns the name.
    Conflict {
        /// Name of that one.
        owner: String,
    },
    /// It breaks a rule.
    Invalid(String),
    /// The topic was deleted and made anew by others.
    Replaced {
        /// The incarnation that was owned.
        owned: String,
        /// The one that is there.
        found: String,
    },
}

/// The verdict on each of a cluster's resources, by their place in `topics`.
pub fn judge(topics: &[KafkaTopic], view: &ClusterView) -> Vec<Verdict> {
    let mut owners: BTreeMap<&str, &KafkaTopic> = BTreeMap::new();
    for topic in topics {
        let owner = owners.entry(topic.spec.kafka_name(topic.name())).or_insert(topic);
        if age(topic) < age(owner) {
            *owner = topic;
        }
    }
    topics.iter().map(|topic| judge_one(topic, owners[topic.spec.kafka_name(topic.name())], view)).collect()
}

fn age(topic: &KafkaTopic) -> impl Ord + use<> {
    let created = topic.metadata.creation_timestamp.as_ref().map(|time| time.0);
    (created, topic.uid().to_owned())
}

fn judge_one(topic: &KafkaTopic, owner: &KafkaTopic, view: &ClusterView) -> Verdict {
    let is_owner = topic.uid() == owner.uid();
    let owned = topic.status.as_ref().and_then(|status| status.topic_id.as_deref());
    if topic.is_deleting() {
        let takes = is_owner && topic.spec.deletion_policy == DeletionPolicy::Delete;
        let topic_id = owned.and_then(|id| TopicId::new(id.parse().ok()?));
        return if takes { Verdict::Leaving { topic_id } } else { Verdict::Gone };
    }
    if !is_owner {
        return Verdict::Conflict { owner: owner.name().to_owned() };
    }
    let resource = format!("KafkaTopic/{}", topic.name());
    if let Some(broken) = validate::topic_violations(&resource, topic.name(), &topic.spec).first() {
        return Verdict::Invalid(format!("{}: {}", broken.field, broken.rule));
    }
    let found = seen(topic, view).map(|seen| seen.topic_id.to_string());
    let accepted = topic.metadata.annotations.as_ref().and_then(|all| all.get(ANNOTATION_ADOPT));
    match (owned, found) {
        (Some(owned), Some(found)) if owned != found && accepted != Some(&found) => {
            Verdict::Replaced { owned: owned.to_owned(), found }
        }
        (Some(_) | None, Some(_) | None) => Verdict::Owner,
    }
}

/// The topic of a resource, if the cluster told of it.
pub fn seen<'a>(topic: &KafkaTopic, view: &'a ClusterView) -> Option<&'a ObservedTopic> {
    match view {
        ClusterView::Known(cluster) => cluster.topics.get(topic.spec.kafka_name(topic.name())),
        ClusterView::Unknown => None,
    }
}

/// The resource as a manifest has it.
pub fn as_manifest(topic: &KafkaTopic) -> Resource<KafkaTopicSpec, KafkaTopicStatus> {
    Resource::new(KafkaTopicSpec::KIND, topic.name(), topic.spec.clone())
}

/// The removals of a pass. A paused resource keeps its topic until it is not paused any more.
pub fn removals(topics: &[KafkaTopic], verdicts: &[Verdict]) -> Vec<TopicRemoval> {
    let leaving = topics.iter().zip(verdicts).filter_map(|(topic, verdict)| match verdict {
        Verdict::Leaving { topic_id: Some(topic_id) } if !topic.spec.suspend => Some(TopicRemoval {
            resource: topic.name().to_owned(),
            name: topic.spec.kafka_name(topic.name()).to_owned(),
            topic_id: *topic_id,
        }),
        Verdict::Leaving { .. }
        | Verdict::Owner
        | Verdict::Gone
        | Verdict::Conflict { .. }
        | Verdict::Invalid(_)
        | Verdict::Replaced { .. } => None,
    });
    leaving.collect()
}

/// Whether the resource is to bear the finalizer.
pub fn wants_finalizer(topic: &KafkaTopic, verdict: &Verdict, view: &ClusterView) -> bool {
    match verdict {
        Verdict::Owner | Verdict::Replaced { .. } => topic.spec.deletion_policy == DeletionPolicy::Delete,
        Verdict::Leaving { topic_id: None }
        | Verdict::Gone
        | Verdict::Conflict { .. }
        | Verdict::Invalid(_) => false,
        Verdict::Leaving { topic_id: Some(topic_id) } => match view {
            ClusterView::Unknown => true,
            ClusterView::Known(cluster) if cluster.quorum.is_none() => true,
            ClusterView::Known(_) => seen(topic, view).is_some_and(|seen| seen.topic_id == topic_id.get()),
        },
    }
}

/// A resource's new status. `refused` is what the cluster answered to a step for its topic.
pub fn status_of(
    (topic, verdict): (&KafkaTopic, &Verdict),
    (view, plan): (&ClusterView, &Plan),
    refused: Option<&str>,
    now: &str,
) -> KafkaTopicStatus {
    let before = topic.status.clone().unwrap_or_default();
    let observed = seen(topic, view);
    let mut status = match (verdict, observed) {
        (Verdict::Owner, Some(observed)) => topic_status(observed, plan, now),
        // It is made anew by the plan, which is no replacement by others.
        (Verdict::Owner, None) if matches!(view, ClusterView::Known(cluster) if cluster.quorum.is_some()) => {
            KafkaTopicStatus::default()
        }
        (_, _) => before.clone(),
    };
    let (holds, reason, message) = judge_ready((topic, verdict), (view, plan), refused);
    let word = |holds| if holds { ConditionStatus::True } else { ConditionStatus::False };
    let condition = |kind: &str, holds, reason: &str, message: &str| Condition {
        kind: kind.to_owned(),
        status: word(holds),
        reason: reason.to_owned(),
        message: message.to_owned(),
        last_transition_time: now.to_owned(),
        observed_generation: topic.metadata.generation,
    };
    status.conditions = vec![condition("Ready", holds, reason, &message)];
    if let Verdict::Conflict { .. } = verdict {
        status.conditions.push(condition("Conflict", true, "OwnedByAnother", &message));
    }
    if let Verdict::Replaced { .. } = verdict {
        status.conditions.push(condition("Degraded", true, reason, &message));
    }
    keep_times(&mut status.conditions, &before.conditions);
    status.observed_generation = topic.metadata.generation;
    status
}

/// Conditions that say what they said before keep their times.
pub fn keep_times(conditions: &mut [Condition], before: &[Condition]) {
    for condition in conditions {
        let same = before.iter().find(|old| old.kind == condition.kind && old.status == condition.status);
        if let Some(same) = same {
            condition.last_transition_time.clone_from(&same.last_transition_time);
        }
    }
}

fn judge_ready(
    (topic, verdict): (&KafkaTopic, &Verdict),
    (view, plan): (&ClusterView, &Plan),
    refused: Option<&str>,
) -> (bool, &'static str, String) {
    let name = topic.spec.kafka_name(topic.name());
    match verdict {
        Verdict::Leaving { .. } | Verdict::Gone => {
            return (false, "Deleting", format!("topic {name} is being deleted"));
        }
        Verdict::Conflict { owner } => {
            let message =
                format!("topic {name} belongs to KafkaTopic/{owner}, which is older; nothing is changed");
            return (false, "Conflict", message);
        }
        Verdict::Invalid(sentence) => return (false, "InvalidSpec", sentence.clone()),
        Verdict::Replaced { owned, found } => {
            let message = format!(
                "topic {name} was deleted and made anew by others: it was {owned} and is {found}; nothing is changed \
                 until the annotation {ANNOTATION_ADOPT} is {found}"
            );
            return (false, "TopicReplaced", message);
        }
        Verdict::Owner => {}
    }
    if let Some(refused) = refused {
        return (false, "Refused", refused.to_owned());
    }
    let prefix = format!("KafkaTopic/{}: ", topic.name());
    if let Some(blocked) = plan.blocked.iter().find_map(|sentence| sentence.strip_prefix(&prefix)) {
        return (false, "Blocked", blocked.to_owned());
    }
    if topic.spec.suspend {
        return (false, "Suspended", "changes are paused by spec.suspend".to_owned());
    }
    let Some(seen) = seen(topic, view) else {
        let reason = if matches!(view, ClusterView::Unknown) { "ClusterUnknown" } else { "Creating" };
        return (false, reason, format!("topic {name} was not seen in the cluster yet"));
    };
    if let Some(step) = plan.steps.iter().find(|step| concerns(&step.action, name)) {
        return (false, "Progressing", step.to_string());
    }
    let moving = seen.partitions.iter().filter(|partition| partition.is_moving()).count();
    if moving > 0 {
        return (false, "Progressing", format!("{moving} of its partitions move"));
    }
    (true, "AsSpecified", format!("topic {name} is as its spec wants it"))
}

/// Whether an action is about a topic.
pub fn concerns(action: &klamm_lifecycle::Action, topic: &str) -> bool {
    use klamm_lifecycle::Action;
    match action {
        Action::Reassign { moves } => moves.iter().any(|one| one.topic == topic),
        other => only_topic(other) == Some(topic),
    }
}

/// The topic that an action is about, where it is about one alone: its failure holds nothing else back.
pub fn only_topic(action: &klamm_lifecycle::Action) -> Option<&str> {
    use klamm_lifecycle::Action;
    match action {
        Action::CreateTopic { name, .. }
        | Action::DeleteTopic { name, .. }
        | Action::GrowTopic { name, .. }
        | Action::ConfigureTopic { name, .. } => Some(name),
        Action::Reassign { .. }
        | Action::ChooseClusterId
        | Action::FormatNode { .. }
        | Action::StartNode { .. }
        | Action::RestartNode { .. }
        | Action::StopNode { .. }
        | Action::DeleteVolumes { .. }
        | Action::AddVoter { .. }
        | Action::RemoveVoter { .. }
        | Action::Cordon { .. }
        | Action::Uncordon { .. }
        | Action::ElectPreferredLeaders { .. }
        | Action::UnregisterBroker { .. }
        | Action::UnregisterController { .. }
        | Action::FinalizeMetadataVersion { .. }
        | Action::ConfigureBrokers { .. } => None,
    }
}
