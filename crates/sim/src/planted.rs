//! Faults on purpose, for proving the checkers. Without the feature `planted-bugs` there are none.

use crate::aimed::Aimed;
use crate::history::Scene;
use crate::world::World;

/// A fault in the code of all nodes of a world.
#[cfg(feature = "planted-bugs")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planted {
    /// In the core of the quorum.
    Raft(klamm_raft::Bug),
    /// In the drivers.
    Node(klamm_node::planted::Bug),
    /// In the files.
    Storage(klamm_storage::planted::Bug),
}

/// A fault in the code of all nodes of a world.
#[cfg(not(feature = "planted-bugs"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planted {}

#[cfg(feature = "planted-bugs")]
impl Planted {
    /// Every fault.
    pub fn all() -> Vec<Planted> {
        let raft = klamm_raft::Bug::ALL.into_iter().map(Planted::Raft);
        let node = klamm_node::planted::Bug::ALL.iter().copied().map(Planted::Node);
        let storage = klamm_storage::planted::Bug::ALL.iter().copied().map(Planted::Storage);
        raft.chain(node).chain(storage).collect()
    }

    /// The history that is aimed at it.
    pub(crate) fn aimed(self) -> Option<Aimed> {
        use klamm_node::planted::Bug as NodeBug;
        use klamm_raft::Bug;
        match self {
            Planted::Node(NodeBug::IgnoreIncarnation) => Some(Aimed::ReplicaForgets),
            Planted::Node(NodeBug::IgnoreEpoch) => Some(Aimed::FetchComesLate),
            Planted::Raft(Bug::ClaimUnsynced) => Some(Aimed::CandidateLosesItsTail),
            Planted::Raft(Bug::ResumeLeadership) => Some(Aimed::LeaderForgets),
            Planted::Raft(Bug::OverlapChanges) => Some(Aimed::VotersAtOnce),
            Planted::Raft(_) | Planted::Node(_) | Planted::Storage(_) => None,
        }
    }

    /// The scene it shows itself in soonest.
    pub(crate) fn scene(self) -> Scene {
        use klamm_node::planted::Bug;
        match self {
            Planted::Raft(_) | Planted::Node(Bug::KeepOutdatedSnapshots) => Scene::Quorum,
            Planted::Node(
                Bug::CountDiverging
                | Bug::CountSent
                | Bug::IgnoreDivergence
                | Bug::IgnoreEpoch
                | Bug::IgnoreIncarnation
                | Bug::CommitAtElection
                | Bug::AcknowledgeUnreplicated
                | Bug::IgnoreMinIsr
                | Bug::CutToHighWatermark
                | Bug::SkipTruncation,
            ) => Scene::Replication,
            Planted::Node(_) | Planted::Storage(_) => Scene::Any,
        }
    }

    /// Lets the code of this thread have the fault, or none.
    pub(crate) fn arm(planted: Option<Planted>) {
        klamm_node::planted::plant(match planted {
            Some(Planted::Node(bug)) => Some(bug),
            _ => None,
        });
        klamm_storage::planted::plant(match planted {
            Some(Planted::Storage(bug)) => Some(bug),
            _ => None,
        });
    }
}

#[cfg(not(feature = "planted-bugs"))]
impl Planted {
    /// None.
    pub fn all() -> Vec<Planted> {
        Vec::new()
    }

    pub(crate) fn aimed(self) -> Option<Aimed> {
        match self {}
    }

    pub(crate) fn scene(self) -> Scene {
        match self {}
    }

    pub(crate) fn arm(_: Option<Planted>) {}
}

impl World {
    /// A world whose nodes have a fault.
    #[must_use]
    pub fn with_planted(mut self, planted: Option<Planted>) -> World {
        Planted::arm(planted);
        self.planted = planted;
        self
    }

    /// Plants the world's fault in a process that is about to start.
    #[cfg(feature = "planted-bugs")]
    pub(crate) fn plant(&mut self, id: i32) {
        if let (Some(Planted::Raft(bug)), Some(process)) = (self.planted, self.process_mut(id)) {
            process.control.plant(bug);
        }
    }

    #[cfg(not(feature = "planted-bugs"))]
    pub(crate) fn plant(&mut self, _: i32) {}
}
