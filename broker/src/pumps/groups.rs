//! The group coordinators of this node: starts and ends them with the leaderships of
//! `__consumer_offsets`, fires their timers, carries out their effects.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use klamm_coordinator::group::{DeletedTopic, GroupEvent, GroupReply, GroupRequest, Settings};
use klamm_coordinator::partition_for;
use klamm_metadata::{MetadataDelta, MetadataImage};
use klamm_model::{BrokerId, LeaderEpoch, Offset, TopicId};
use klamm_node::clock::Clock;
use klamm_node::coordinators::{CoordinatorPhase, GroupCoordinator, GroupEffects, LoadError};
use klamm_node::partition::{AppendAnswer, OnDamage, Partitions};
use klamm_node::promise::Awaited;
use klamm_protocol::{ErrorCode, Str};
use klamm_storage::OpenLogError;
use parking_lot::RwLock;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;

use super::disk_pool::{DiskPool, Urgency};
use super::publisher::OnImage;
use crate::settings::SettingsSource;

/// The topic whose partitions are coordinators.
pub const OFFSETS_TOPIC: &str = "__consumer_offsets";
/// Pause between attempts to open or read a log for which room, descriptors or memory are missing.
const LOAD_AGAIN: Duration = Duration::from_secs(1);

struct Commit {
    coordinator: Arc<GroupCoordinator>,
    effects: GroupEffects,
}

struct Shared {
    coordinators: RwLock<BTreeMap<i32, Arc<GroupCoordinator>>>,
    /// An earlier deadline may be set, or a coordinator came.
    changed: Notify,
    /// Holds no more than the appends that wait for their commit, of which each belongs to a request that
    /// waits or a timer of a group.
    commits: mpsc::UnboundedSender<Commit>,
}

/// A cheap clone to reach the coordinators.
#[derive(Clone)]
pub struct Groups {
    shared: Arc<Shared>,
    settings: SettingsSource,
}

impl Groups {
    /// No coordinators yet; the pump has to be run.
    pub fn new(settings: SettingsSource) -> (Groups, GroupPump) {
        let (commits, waiting) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared { coordinators: RwLock::default(), changed: Notify::new(), commits });
        let groups = Groups { shared: shared.clone(), settings };
        (groups.clone(), GroupPump { groups, waiting })
    }

    /// What the configuration says to coordinators.
    pub fn settings(&self) -> Settings {
        let layers = self.settings.layers();
        let (groups, offsets) = (&layers.effective().groups, &layers.effective().offsets);
        let millis = |duration: Duration| i32::try_from(duration.as_millis()).unwrap_or(i32::MAX);
        Settings {
            offset_metadata_max: offsets.metadata_max_bytes as usize,
            offsets_retention: offsets.retention,
            offsets_retention_check_interval: offsets.retention_check_interval,
            min_session_timeout_ms: millis(groups.min_session_timeout),
            max_session_timeout_ms: millis(groups.max_session_timeout),
            max_size: groups.max_size as usize,
            initial_rebalance_delay: groups.initial_rebalance_delay,
            commit_timeout: offsets.commit_timeout,
        }
    }

    /// The partition of a group's coordinator.
    pub fn partition_of(&self, image: &MetadataImage, group: &str) -> i32 {
        let known = image.topics().by_name(OFFSETS_TOPIC).map(|topic| topic.partitions().count());
        let count = known.and_then(|count| i32::try_from(count).ok()).filter(|count| *count > 0);
        let count = count.unwrap_or_else(|| self.settings.layers().effective().offsets.num_partitions);
        partition_for(group, count.max(1))
    }

    /// All coordinators here, by partition.
    pub fn all(&self) -> Vec<(i32, Arc<GroupCoordinator>)> {
        let coordinators = self.shared.coordinators.read();
        coordinators.iter().map(|(partition, coordinator)| (*partition, coordinator.clone())).collect()
    }

    /// Asks the coordinator of `partition`.
    pub async fn ask(&self, partition: i32, request: GroupRequest) -> GroupReply {
        let coordinator = self.shared.coordinators.read().get(&partition).cloned();
        let Some(coordinator) = coordinator else { return request.refusal(ErrorCode::NotCoordinator) };
        let mut effects = GroupEffects::default();
        let fallback = request.clone();
        let before = coordinator.next_deadline();
        let awaited = coordinator.request(request, &mut effects);
        if coordinator.next_deadline() < before || before.is_none() {
            self.shared.changed.notify_one();
        }
        self.carry_out(&coordinator, effects);
        awaited.await.unwrap_or_else(|_| {
            fallback.refusal(match coordinator.phase() {
                CoordinatorPhase::Ended => ErrorCode::NotCoordinator,
                // What it wrote is not committed in time.
                CoordinatorPhase::Loading | CoordinatorPhase::Active => ErrorCode::CoordinatorNotAvailable,
            })
        })
    }

    fn carry_out(&self, coordinator: &Arc<GroupCoordinator>, mut effects: GroupEffects) {
        for waker in effects.wake.drain(..) {
            waker.wake();
        }
        for event in effects.events.drain(..) {
            tell(&event);
        }
        if !effects.commits.is_empty() {
            drop(self.shared.commits.send(Commit { coordinator: coordinator.clone(), effects }));
        }
    }
}

fn tell(event: &GroupEvent) {
    match event {
        GroupEvent::GenerationFormed { group, generation, members } => {
            tracing::info!(%group, generation, members, "group generation");
        }
        other => tracing::debug!(?other, "group"),
    }
}

/// Fires timers and awaits commits, until dropped.
pub struct GroupPump {
    groups: Groups,
    waiting: mpsc::UnboundedReceiver<Commit>,
}

impl GroupPump {
    /// Runs until aborted.
    pub async fn run(mut self, clock: Arc<dyn Clock>) {
        // Each on its own: one that waits for a dead follower holds back no timer and no other coordinator.
        let mut commits = JoinSet::new();
        loop {
            let deadlines = self.groups.all().into_iter().filter_map(|(_, one)| one.next_deadline());
            let wait = deadlines.min().map(|deadline| deadline.since(clock.instant()));
            let due = async {
                match wait {
                    Some(wait) => tokio::time::sleep(wait).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = due => self.fire(),
                () = self.groups.shared.changed.notified() => {}
                commit = self.waiting.recv() => match commit {
                    Some(Commit { coordinator, effects }) => {
                        for (offset, awaited) in effects.commits {
                            let settled = settle(self.groups.clone(), coordinator.clone(), (offset, awaited));
                            commits.spawn(settled);
                        }
                    }
                    None => return,
                },
                Some(_) = commits.join_next() => {}
            }
        }
    }

    fn fire(&self) {
        for (_, coordinator) in self.groups.all() {
            let mut effects = GroupEffects::default();
            coordinator.on_timers(&mut effects);
            self.groups.carry_out(&coordinator, effects);
        }
    }
}

/// Waits until what a coordinator wrote is committed, or known not to be.
async fn settle(
    groups: Groups,
    coordinator: Arc<GroupCoordinator>,
    (offset, awaited): (Offset, Awaited<AppendAnswer>),
) {
    let mut effects = GroupEffects::default();
    match awaited.await {
        Ok(Ok(_)) => coordinator.on_committed(offset, &mut effects),
        Ok(Err(_)) | Err(_) => coordinator.on_commit_failed(),
    }
    groups.carry_out(&coordinator, effects);
}

/// Opens and replays a coordinator's log. Missing room, descriptors or memory are waited for; any other failure ends the
/// coordinator, so that its groups are not taken for empty ones.
fn load(groups: Groups, coordinator: Arc<GroupCoordinator>, damage: OnDamage, pool: DiskPool) {
    let partition = coordinator.partition().id().partition;
    match coordinator.partition().open(damage) {
        Ok(()) => {}
        Err(OpenLogError::Storage(error)) if error.is_passing() => {
            load_again(groups, (coordinator, damage), pool, &error);
            return;
        }
        Err(error) => {
            tracing::error!(partition, %error, "groups cannot be loaded");
            coordinator.on_not_opened();
            return;
        }
    }
    match coordinator.load() {
        Ok(effects) => {
            groups.carry_out(&coordinator, effects);
            groups.shared.changed.notify_one();
        }
        // The leadership ended, or the node stops, while it waited for its turn.
        Err(LoadError::Moved(why)) => tracing::debug!(partition, %why, "groups moved"),
        Err(error) if error.is_passing() => load_again(groups, (coordinator, damage), pool, &error),
        Err(error) => tracing::error!(partition, %error, "groups cannot be loaded"),
    }
}

/// Tries again after a pause, for as long as the coordinator is wanted and the node does not stop.
fn load_again(
    groups: Groups,
    (coordinator, damage): (Arc<GroupCoordinator>, OnDamage),
    pool: DiskPool,
    error: &dyn std::error::Error,
) {
    if coordinator.phase() != CoordinatorPhase::Loading {
        return;
    }
    let partition = coordinator.partition().id().partition;
    tracing::warn!(partition, error = %error.to_string(), "groups wait to be loaded");
    let again = pool.clone();
    pool.try_again_after(LOAD_AGAIN, move || load(groups, coordinator, damage, again));
}

/// Starts and ends coordinators as images say.
pub struct GroupWatcher {
    /// The coordinators.
    pub groups: Groups,
    /// This broker.
    pub broker: BrokerId,
    /// The partitions hosted here.
    pub partitions: Partitions,
    /// Blocking work.
    pub pool: DiskPool,
    /// Clocks.
    pub clock: Arc<dyn Clock>,
}

impl OnImage for GroupWatcher {
    fn on_image(&mut self, delta: &MetadataDelta) {
        let image = delta.after();
        let Some(topic) = image.topics().by_name(OFFSETS_TOPIC) else {
            self.end_all();
            return;
        };
        if delta.changes().topics.contains_key(&topic.id()) {
            for (index, partition) in topic.partitions() {
                let is_ours = partition.leader() == Some(self.broker);
                let known = self.groups.shared.coordinators.read().get(&index).map(|one| one.epoch());
                match (is_ours, known) {
                    (true, Some(epoch)) if epoch == partition.leader_epoch() => {}
                    (true, _) => {
                        let is_alone = partition.replicas().len() <= 1;
                        let damage = if is_alone { OnDamage::Cut } else { OnDamage::Refuse };
                        self.start(topic.id(), index, (partition.leader_epoch(), damage));
                    }
                    (false, Some(_)) => self.end(index),
                    (false, None) => {}
                }
            }
        }
        self.tell_deleted(delta);
    }
}

impl GroupWatcher {
    fn start(&self, topic_id: TopicId, index: i32, (epoch, damage): (LeaderEpoch, OnDamage)) {
        self.end(index);
        let id = klamm_model::TopicIdPartition { topic_id, partition: index };
        let Some(partition) = self.partitions.get(&id) else { return };
        let coordinator =
            Arc::new(GroupCoordinator::new(partition, epoch, self.groups.settings(), self.clock.clone()));
        self.groups.shared.coordinators.write().insert(index, coordinator.clone());
        let (groups, pool) = (self.groups.clone(), self.pool.clone());
        drop(self.pool.run(Urgency::Waited, move || load(groups, coordinator, damage, pool)));
    }

    fn end(&self, index: i32) {
        let ended = self.groups.shared.coordinators.write().remove(&index);
        if let Some(coordinator) = ended {
            let mut effects = GroupEffects::default();
            coordinator.end(&mut effects);
            self.groups.carry_out(&coordinator, effects);
        }
    }

    fn end_all(&self) {
        for (index, _) in self.groups.all() {
            self.end(index);
        }
    }

    fn tell_deleted(&self, delta: &MetadataDelta) {
        let deleted = delta.changes().deleted_topics.iter();
        let topics: Vec<_> = deleted
            .filter_map(|id| delta.before().topics().by_id(*id))
            .map(|topic| DeletedTopic { id: topic.id().get(), name: Str::from(topic.name().to_string()) })
            .collect();
        if topics.is_empty() {
            return;
        }
        for (_, coordinator) in self.groups.all() {
            if coordinator.phase() == CoordinatorPhase::Active {
                let mut effects = GroupEffects::default();
                coordinator.on_topics_deleted(topics.clone(), &mut effects);
                self.groups.carry_out(&coordinator, effects);
            }
        }
    }
}
