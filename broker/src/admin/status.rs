//! What a node tells of itself, and whether it is ready.

use std::sync::Arc;
use std::time::Duration;

use klamm_admin_api::v1::{GetNodeStatusResponse, LogDirectory, NodeState};
use klamm_metadata::MetadataImage;
use klamm_model::{NodeId, Uuid};
use klamm_raft::QuorumView;
use klamm_storage::DirectoryState;

use super::certificates::sha256;
use super::progress::{Progress, Stage};
use crate::directories::Directories;
use crate::node::Node;
use crate::pumps::disk_pool::Urgency;

/// A node that is further behind with the metadata is not caught up, in records. An active controller
/// writes two idle records a second; bursts of topics write some thousand within moments.
const MOST_BEHIND: u64 = 10_000;
/// Longest wait for a directory's space: a disk that hangs must not hang its own report.
const DISK: Duration = Duration::from_secs(2);

/// What the service looks at.
#[derive(Clone)]
pub struct Watched {
    pub node: Arc<Node>,
    pub progress: Progress,
    /// Of the broker in this process.
    pub incarnation: Uuid,
}

/// What the controller has of this broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Registered {
    /// Nothing, or another process of it.
    No,
    Fenced,
    Stopping,
    Active,
}

/// What readiness follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Facts {
    stage: Stage,
    /// `None` for a node without the role.
    broker: Option<Registered>,
    is_voter: bool,
    leader: Option<NodeId>,
    /// `None` while unknown.
    lag: Option<u64>,
    logs_to_recover: u32,
}

impl Watched {
    /// Why the node is not ready; `None` if it is.
    pub fn not_ready(&self) -> Option<String> {
        not_ready(self.facts())
    }

    fn facts(&self) -> Facts {
        let (node, stage) = (&self.node, self.progress.stage());
        let quorum = node.controller.quorum();
        let image = node.image.load();
        let is_open = |handle: &klamm_node::partition::PartitionHandle| handle.view().is_some();
        let closed = || node.partitions.all().iter().filter(|handle| !is_open(handle)).count();
        Facts {
            stage,
            broker: node.settings.layers().effective().roles.is_broker().then(|| self.registered(&image)),
            is_voter: quorum.voters.ids().any(|id| id == node.id),
            leader: quorum.leader,
            lag: lag(&quorum, &image),
            logs_to_recover: if stage == Stage::Recovering {
                closed().try_into().unwrap_or(u32::MAX)
            } else {
                0
            },
        }
    }

    fn registered(&self, image: &MetadataImage) -> Registered {
        match image.cluster().broker(self.node.broker_id()) {
            Some(known) if known.incarnation != self.incarnation => Registered::No,
            Some(known) if known.fenced => Registered::Fenced,
            Some(known) if known.in_controlled_shutdown => Registered::Stopping,
            Some(_) => Registered::Active,
            None => Registered::No,
        }
    }

    /// All but the certificates.
    pub async fn status(&self) -> GetNodeStatusResponse {
        let (node, facts) = (&self.node, self.facts());
        let quorum = node.controller.quorum();
        let layers = node.settings.layers();
        let config = layers.effective();
        let roles = [(config.roles.is_broker(), "broker"), (config.roles.is_controller(), "controller")];
        GetNodeStatusResponse {
            node_id: node.id.get(),
            cluster_id: node.cluster_id.to_string(),
            roles: roles.into_iter().filter(|(has, _)| *has).map(|(_, role)| role.to_owned()).collect(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            state: state(facts).into(),
            not_ready: not_ready(facts),
            logs_to_recover: facts.logs_to_recover,
            directories: self.directories().await,
            rack: config.broker.rack.clone(),
            config_sha256: self.config_sha256(),
            certificates: None,
            metadata_offset: node.image.load().last_offset().map(|offset| offset.get()),
            metadata_lag: facts.lag,
            leader_id: facts.leader.map(NodeId::get),
            leader_epoch: quorum.epoch.get(),
            is_voter: facts.is_voter,
        }
    }

    fn config_sha256(&self) -> String {
        let layers = self.node.settings.layers();
        let mut text = Vec::new();
        for (key, value) in layers.file().originals().iter() {
            for part in [key, value] {
                text.extend_from_slice(part.as_bytes());
                text.push(0);
            }
        }
        sha256(&text)
    }

    async fn directories(&self) -> Vec<LogDirectory> {
        let directories = self.node.directories.clone();
        let job = move || spaces(&directories);
        let asked = tokio::time::timeout(DISK, self.node.pool.run(Urgency::Waited, job)).await;
        let spaces = asked.ok().and_then(Result::ok).unwrap_or_default();
        let all = self.node.directories.data.iter().enumerate();
        let all = all.map(|(index, directory)| {
            let space = spaces.get(index).copied().flatten();
            let is_offline = directory.dir.state() == DirectoryState::Offline;
            let failure =
                || directory.dir.failure().map_or("it is offline".to_owned(), |why| why.to_string());
            LogDirectory {
                path: directory.dir.path().display().to_string(),
                id: directory.id.to_string(),
                failure: is_offline.then(failure),
                total_bytes: space.map(|(total, _)| total),
                free_bytes: space.map(|(_, free)| free),
                partitions: directory.dir.partitions().len().try_into().unwrap_or(u32::MAX),
            }
        });
        all.collect()
    }
}

/// Total and free bytes of each directory, in the order of `log.dirs`.
fn spaces(directories: &Directories) -> Vec<Option<(u64, u64)>> {
    let space = |directory: &crate::directories::Directory| directory.dir.sample_space().ok();
    directories.data.iter().map(|one| space(one).map(|space| (space.total, space.usable))).collect()
}

/// Committed records that are not in force here yet.
fn lag(quorum: &QuorumView, image: &MetadataImage) -> Option<u64> {
    let committed = quorum.high_watermark?.get();
    let applied = image.last_offset().map_or(0, |offset| offset.get() + 1);
    Some(u64::try_from(committed - applied).unwrap_or(0))
}

/// The rules, in the order in which they are told:
/// 1. it is neither starting nor stopping;
/// 2. a broker is registered by this process and unfenced;
/// 3. it is caught up with the metadata;
/// 4. a controller that does not vote has found the leader.
///
/// That the quorum has no leader makes no node unready: all would be, and nobody could find them any more.
fn not_ready(facts: Facts) -> Option<String> {
    match facts.stage {
        Stage::Starting => return Some("it is starting".to_owned()),
        Stage::Recovering => {
            return Some(format!(
                "it recovers after an unclean stop; {} logs are left",
                facts.logs_to_recover
            ));
        }
        Stage::Stopping => return Some("it is stopping".to_owned()),
        Stage::Serving => {}
    }
    match facts.broker {
        Some(Registered::No) => return Some("the controller does not know this process".to_owned()),
        Some(Registered::Fenced) => return Some("the controller has fenced it".to_owned()),
        Some(Registered::Stopping) => return Some("it is in a controlled shutdown".to_owned()),
        Some(Registered::Active) | None => {}
    }
    if let Some(lag) = facts.lag.filter(|lag| *lag > MOST_BEHIND) {
        return Some(format!("it is {lag} records behind with the metadata"));
    }
    let is_lost = facts.broker.is_none() && !facts.is_voter && facts.leader.is_none();
    is_lost.then(|| "it does not vote and has not found the active controller".to_owned())
}

fn state(facts: Facts) -> NodeState {
    match (facts.stage, facts.broker) {
        (Stage::Starting, _) => NodeState::Starting,
        (Stage::Recovering, _) => NodeState::Recovering,
        (Stage::Stopping, _) | (Stage::Serving, Some(Registered::Stopping)) => NodeState::Stopping,
        (Stage::Serving, Some(Registered::No | Registered::Fenced)) => NodeState::Fenced,
        (Stage::Serving, Some(Registered::Active) | None) => NodeState::Running,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVING: Facts = Facts {
        stage: Stage::Serving,
        broker: Some(Registered::Active),
        is_voter: false,
        leader: Some(NodeId::at(1)),
        lag: Some(3),
        logs_to_recover: 0,
    };

    #[test]
    fn a_broker_is_ready_once_it_serves_unfenced_and_caught_up() {
        assert_eq!(not_ready(SERVING), None);
        let unready = |facts: Facts, word: &str| {
            let why = not_ready(facts).unwrap_or_default();
            assert!(why.contains(word), "{facts:?}: {why}");
        };
        unready(Facts { stage: Stage::Starting, ..SERVING }, "starting");
        unready(Facts { stage: Stage::Recovering, logs_to_recover: 7, ..SERVING }, "7 logs");
        unready(Facts { stage: Stage::Stopping, ..SERVING }, "stopping");
        unready(Facts { broker: Some(Registered::No), ..SERVING }, "does not know");
        unready(Facts { broker: Some(Registered::Fenced), ..SERVING }, "fenced");
        unready(Facts { broker: Some(Registered::Stopping), ..SERVING }, "controlled shutdown");
        unready(Facts { lag: Some(MOST_BEHIND + 1), ..SERVING }, "behind");
    }

    #[test]
    fn a_quorum_without_a_leader_makes_no_broker_and_no_voter_unready() {
        assert_eq!(not_ready(Facts { leader: None, lag: None, ..SERVING }), None);
        let voter = Facts { broker: None, is_voter: true, leader: None, lag: None, ..SERVING };
        assert_eq!(not_ready(voter), None);
    }

    #[test]
    fn an_observer_is_ready_once_it_has_found_the_leader_and_caught_up() {
        let observer = Facts { broker: None, ..SERVING };
        assert_eq!(not_ready(observer), None);
        assert!(not_ready(Facts { leader: None, ..observer }).is_some());
        assert!(not_ready(Facts { lag: Some(MOST_BEHIND + 1), ..observer }).is_some());
    }

    #[test]
    fn the_state_is_that_of_the_start_then_that_of_the_registration() {
        assert_eq!(state(SERVING), NodeState::Running);
        assert_eq!(state(Facts { broker: Some(Registered::Fenced), ..SERVING }), NodeState::Fenced);
        assert_eq!(state(Facts { broker: Some(Registered::Stopping), ..SERVING }), NodeState::Stopping);
        assert_eq!(state(Facts { stage: Stage::Recovering, ..SERVING }), NodeState::Recovering);
        assert_eq!(state(Facts { broker: None, ..SERVING }), NodeState::Running);
    }
}
