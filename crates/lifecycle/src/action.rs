//! What a plan asks its host to do. An action is so exact that carrying it out needs no choice.

use std::collections::BTreeMap;

use klamm_model::{DirectoryId, NodeId, TopicId, Uuid};

use crate::{Endpoint, NodeRole};

/// How an action disturbs what runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disruption {
    /// Nothing running is touched.
    None,
    /// A node goes, a voter changes, or data moves: at most one such action per pass.
    One,
}

/// How a node's directories are formatted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Founding {
    /// As the only voter of a new quorum.
    Alone,
    /// As one that finds the quorum by its bootstrap servers.
    Joins,
}

/// The replicas a partition shall have, the preferred leader first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionMove {
    /// Its topic.
    pub topic: String,
    /// Its number.
    pub partition: i32,
    /// Its replicas.
    pub replicas: Vec<NodeId>,
}

/// One act, safe to repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Draw and record the identity of a new cluster.
    ChooseClusterId,
    /// Format a node's directories.
    FormatNode {
        /// The node.
        node: NodeId,
        /// Its role.
        role: NodeRole,
        /// The cluster.
        cluster_id: Uuid,
        /// Whether it founds the quorum.
        founding: Founding,
    },
    /// Configure a node for its role and start its process.
    StartNode {
        /// The node.
        node: NodeId,
        /// Its role.
        role: NodeRole,
    },
    /// Ask a node's process to stop in order, to be started again with its new configuration.
    RestartNode {
        /// The node.
        node: NodeId,
    },
    /// Ask a node's process to stop in order. It is not wanted any more, or the cluster is suspended.
    StopNode {
        /// The node.
        node: NodeId,
    },
    /// Delete the volumes of a node that has left.
    DeleteVolumes {
        /// The node.
        node: NodeId,
    },
    /// Make an observer a voter.
    AddVoter {
        /// The node.
        node: NodeId,
        /// The directory of its metadata log.
        directory_id: DirectoryId,
        /// Where the others reach it.
        endpoint: Endpoint,
    },
    /// Take a voter's vote.
    RemoveVoter {
        /// The node.
        node: NodeId,
        /// The directory of its metadata log.
        directory_id: DirectoryId,
    },
    /// Let a broker take no new replicas.
    Cordon {
        /// The broker.
        broker: NodeId,
    },
    /// Let a broker take new replicas again.
    Uncordon {
        /// The broker.
        broker: NodeId,
    },
    /// Give partitions other replicas.
    Reassign {
        /// The partitions.
        moves: Vec<PartitionMove>,
    },
    /// Let the preferred replicas lead where they are in sync.
    ElectPreferredLeaders {
        /// Topic and number of the partitions led by another.
        partitions: Vec<(String, i32)>,
    },
    /// Make the cluster forget a dead broker.
    UnregisterBroker {
        /// The broker.
        broker: NodeId,
    },
    /// Make the cluster forget a controller that votes no more and does not run as one (KIP-1312).
    UnregisterController {
        /// The controller.
        controller: NodeId,
    },
    /// Finalize a higher level of `metadata.version`.
    FinalizeMetadataVersion {
        /// The level.
        level: i16,
    },
    /// Set and remove configs that are the default of all brokers.
    ConfigureBrokers {
        /// Keys to set.
        set: BTreeMap<String, String>,
        /// Keys that go back to their defaults.
        remove: Vec<String>,
    },
    /// Create a topic.
    CreateTopic {
        /// Name in Kafka.
        name: String,
        /// `None`: the broker's default.
        partitions: Option<i32>,
        /// `None`: the broker's default.
        replication_factor: Option<i16>,
        /// Topic configs.
        config: BTreeMap<String, String>,
    },
    /// Delete one incarnation of a topic; another one of the same name stays.
    DeleteTopic {
        /// Name in Kafka.
        name: String,
        /// The incarnation.
        topic_id: TopicId,
    },
    /// Raise a topic's partition count.
    GrowTopic {
        /// Name in Kafka.
        name: String,
        /// The new total.
        partitions: i32,
    },
    /// Set and remove topic configs.
    ConfigureTopic {
        /// Name in Kafka.
        name: String,
        /// Keys to set.
        set: BTreeMap<String, String>,
        /// Keys that go back to their defaults.
        remove: Vec<String>,
    },
}

impl Action {
    /// How it disturbs what runs.
    pub fn disruption(&self) -> Disruption {
        match self {
            Action::RestartNode { .. }
            | Action::StopNode { .. }
            | Action::AddVoter { .. }
            | Action::RemoveVoter { .. }
            | Action::Reassign { .. } => Disruption::One,
            Action::ChooseClusterId
            | Action::FormatNode { .. }
            | Action::StartNode { .. }
            | Action::DeleteVolumes { .. }
            | Action::Cordon { .. }
            | Action::Uncordon { .. }
            | Action::ElectPreferredLeaders { .. }
            | Action::UnregisterBroker { .. }
            | Action::UnregisterController { .. }
            | Action::FinalizeMetadataVersion { .. }
            | Action::ConfigureBrokers { .. }
            | Action::CreateTopic { .. }
            | Action::DeleteTopic { .. }
            | Action::GrowTopic { .. }
            | Action::ConfigureTopic { .. } => Disruption::None,
        }
    }
}

/// An action with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What to do.
    pub action: Action,
    /// Why, for people.
    pub reason: String,
}

/// What a plan is about as a whole; kept in the status while it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// From nothing to a running cluster.
    Bootstrap,
    /// A lost node or volume is replaced.
    Repair,
    /// Voters join or leave.
    VoterChange,
    /// Brokers leave.
    ScaleDown,
    /// Brokers join, and replicas spread over them.
    ScaleUp,
    /// Nodes are restarted one by one.
    Roll,
    /// A higher `metadata.version` is finalized.
    Upgrade,
}

impl Operation {
    /// The word in the status.
    pub fn name(self) -> &'static str {
        match self {
            Operation::Bootstrap => "Bootstrap",
            Operation::Repair => "Repair",
            Operation::VoterChange => "VoterChange",
            Operation::ScaleDown => "ScaleDown",
            Operation::ScaleUp => "ScaleUp",
            Operation::Roll => "Roll",
            Operation::Upgrade => "Upgrade",
        }
    }
}

/// What a pass decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// What it is about, first concern first. The host records it before it acts.
    pub operation: Option<Operation>,
    /// Whether replicas are still to be spread over new brokers. The host records it before it acts
    /// and gives it back with the next observation.
    pub spread_due: bool,
    /// To be carried out in order; after a failure the rest is dropped and planned afresh.
    pub steps: Vec<Step>,
    /// What is awaited before more can be planned.
    pub waits: Vec<String>,
    /// What cannot be done until the spec or the world changes.
    pub blocked: Vec<String>,
}

impl Plan {
    /// Whether the cluster is as the spec wants it.
    pub fn is_settled(&self) -> bool {
        self.steps.is_empty() && self.waits.is_empty() && self.blocked.is_empty()
    }

    /// Whether a step of this plan disturbs what runs.
    pub fn disrupts(&self) -> bool {
        self.steps.iter().any(|step| step.action.disruption() == Disruption::One)
    }

    pub(crate) fn step(&mut self, action: Action, reason: impl Into<String>) {
        self.steps.push(Step { action, reason: reason.into() });
    }

    pub(crate) fn wait(&mut self, sentence: impl Into<String>) {
        push_once(&mut self.waits, sentence.into());
    }

    pub(crate) fn block(&mut self, sentence: impl Into<String>) {
        push_once(&mut self.blocked, sentence.into());
    }

    /// The first concern names the operation.
    pub(crate) fn is_about(&mut self, operation: Operation) {
        self.operation.get_or_insert(operation);
    }
}

fn push_once(list: &mut Vec<String>, sentence: String) {
    if !list.contains(&sentence) {
        list.push(sentence);
    }
}
