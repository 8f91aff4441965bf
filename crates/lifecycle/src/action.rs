//! What a plan asks its host to do. An action is so exact that carrying it out needs no choice.

use std::collections::BTreeMap;

use klamm_model::{NodeId, Uuid};

/// How an action disturbs what runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disruption {
    /// Nothing running is touched.
    None,
    /// A node is away, or data moves: at most one such action per pass.
    One,
}

/// One act, safe to repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Draw and record the identity of a new cluster.
    ChooseClusterId,
    /// Format a node's directories as the first voter of a new quorum, or (`first_voter` another
    /// node) as one that joins it.
    FormatNode {
        /// The node.
        node: NodeId,
        /// The cluster.
        cluster_id: Uuid,
        /// The node that forms the quorum alone at first.
        first_voter: NodeId,
    },
    /// Start a node's process.
    StartNode {
        /// The node.
        node: NodeId,
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
            Action::ChooseClusterId
            | Action::FormatNode { .. }
            | Action::StartNode { .. }
            | Action::CreateTopic { .. }
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

/// What a pass decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
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

    pub(crate) fn step(&mut self, action: Action, reason: impl Into<String>) {
        self.steps.push(Step { action, reason: reason.into() });
    }

    pub(crate) fn wait(&mut self, sentence: impl Into<String>) {
        self.waits.push(sentence.into());
    }

    pub(crate) fn block(&mut self, sentence: impl Into<String>) {
        self.blocked.push(sentence.into());
    }
}
