//! Faults on purpose, for proving the checkers. Without the feature `planted-bugs` there are none.

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
    /// Every fault that histories find. Three more of the quorum's core take histories that are aimed at them; the
    /// core's own tests have those.
    pub fn all() -> Vec<Planted> {
        use klamm_raft::Bug;
        let is_aimed =
            |bug: &Bug| matches!(bug, Bug::ClaimUnsynced | Bug::ResumeLeadership | Bug::OverlapChanges);
        let raft = Bug::ALL.into_iter().filter(|bug| !is_aimed(bug)).map(Planted::Raft);
        let node = klamm_node::planted::Bug::ALL.iter().copied().map(Planted::Node);
        let storage = klamm_storage::planted::Bug::ALL.iter().copied().map(Planted::Storage);
        raft.chain(node).chain(storage).collect()
    }

    /// The scene it shows itself in soonest.
    pub(crate) fn scene(self) -> Scene {
        match self {
            Planted::Raft(_) => Scene::Quorum,
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
