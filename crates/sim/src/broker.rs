//! The broker of a process: what `broker/src/pumps` is around the drivers of partitions and groups,
//! without threads and sockets.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use klamm_coordinator::group::{DeletedTopic, GroupReply, GroupRequest, Settings};
use klamm_metadata::{LocalReplica, MetadataDelta, MetadataImage, local_replicas};
use klamm_model::{
    BrokerEpoch, BrokerId, DirectoryId, Instant, LeaderEpoch, Offset, TopicIdPartition, TopicPartition, Uuid,
};
use klamm_node::clock::Clock;
use klamm_node::coordinators::{CoordinatorPhase, GroupCoordinator, GroupEffects};
use klamm_node::partition::combine::Left;
use klamm_node::partition::{
    AppendAnswer, BrokerActivity, Departure, EffectSink, Following, OnDamage, PartitionEffects,
    PartitionHandle, PartitionParts, Partitions,
};
use klamm_node::promise::Awaited;
use klamm_protocol::messages::FetchRequest;
use klamm_protocol::{ErrorCode, Str};
use klamm_replication::Leadership;
use klamm_storage::{CheckpointKind, DirectoryState, LogDir};
use parking_lot::Mutex;

use crate::assignments::Assignments;
use crate::event::DiskWork;
use crate::lifecycle::Lifecycle;
use crate::replication::Replication;
use crate::rpc::{CallId, Caller};
use crate::rules::SimRules;
use crate::serving::{Hosted, Served, Serving};

/// The topic whose partitions are coordinators.
pub(crate) const OFFSETS_TOPIC: &str = "__consumer_offsets";

/// Interval of the housekeeping round.
const HOUSE: Duration = Duration::from_secs(2);

/// Keeps what partitions leave to do until the step is over.
#[derive(Debug, Default)]
pub(crate) struct Sink(Mutex<Vec<(PartitionHandle, PartitionEffects, Left)>>);

impl EffectSink for Sink {
    fn carry_out(&self, partition: &PartitionHandle, effects: PartitionEffects, left: Left) {
        self.0.lock().push((partition.clone(), effects, left));
    }
}

/// What a broker is made of.
pub(crate) struct BrokerParts {
    pub(crate) id: BrokerId,
    pub(crate) directory: DirectoryId,
    pub(crate) dir: Arc<LogDir>,
    pub(crate) rules: SimRules,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) incarnation: Uuid,
    pub(crate) previous_epoch: Option<BrokerEpoch>,
    pub(crate) heartbeat_interval: Duration,
    /// `replica.lag.time.max.ms`.
    pub(crate) lag_max: Duration,
    /// Its first fetch session.
    pub(crate) first_session: i32,
}

/// What the checkers have seen of a replica in one process.
#[derive(Clone, Debug, Default)]
pub(crate) struct SeenReplica {
    pub(crate) log_end: Option<Offset>,
    pub(crate) high_watermark: Offset,
    /// The newest epoch, and whether the replica leads in it.
    pub(crate) epoch: Option<(LeaderEpoch, bool)>,
    /// Whether the beginning of that leadership was looked at.
    pub(crate) is_begun: bool,
    /// Committed records below are compared.
    pub(crate) compared: Offset,
}

/// An append of a coordinator that is not known to be committed.
#[derive(Debug)]
struct Commit {
    coordinator: Arc<GroupCoordinator>,
    offset: Offset,
    awaited: Awaited<AppendAnswer>,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Broker {
    pub(crate) id: BrokerId,
    pub(crate) partitions: Partitions,
    pub(crate) image: MetadataImage,
    pub(crate) lifecycle: Lifecycle,
    /// It has caught up with the metadata and recovered its logs: clients are let in.
    pub(crate) is_serving: bool,
    pub(crate) replication: Replication,
    pub(crate) assignments: Assignments,
    serving: Serving,
    lag_max: Duration,
    /// All partitions, in the order of their ids, each with what the checkers have seen of it.
    pub(crate) watched: BTreeMap<TopicIdPartition, (PartitionHandle, SeenReplica)>,
    dir: Arc<LogDir>,
    rules: SimRules,
    clock: Arc<dyn Clock>,
    sink: Arc<Sink>,
    brokers: BrokerActivity,
    departing: BTreeMap<TopicPartition, Departure>,
    groups: BTreeMap<i32, Arc<GroupCoordinator>>,
    commits: Vec<Commit>,
    next_house: Instant,
}

impl Broker {
    pub(crate) fn new(parts: BrokerParts) -> Broker {
        Broker {
            id: parts.id,
            partitions: Partitions::default(),
            image: MetadataImage::new(),
            lifecycle: Lifecycle::new(
                parts.id,
                (parts.directory, parts.incarnation),
                parts.previous_epoch,
                parts.heartbeat_interval,
            ),
            is_serving: false,
            replication: Replication::new(parts.id, parts.lag_max),
            assignments: Assignments::new(parts.id, parts.directory),
            serving: Serving::new(parts.first_session),
            lag_max: parts.lag_max,
            watched: BTreeMap::new(),
            dir: parts.dir,
            rules: parts.rules,
            clock: parts.clock,
            sink: Arc::default(),
            brokers: BrokerActivity::default(),
            departing: BTreeMap::new(),
            groups: BTreeMap::new(),
            commits: Vec::new(),
            next_house: Instant::ZERO,
        }
    }

    /// Makes a new image take effect, in the order of `broker/src/pumps/publisher.rs`.
    pub(crate) fn publish(&mut self, delta: &MetadataDelta, work: &mut Vec<DiskWork>) {
        self.apply_configs(delta);
        if !delta.changes().brokers.is_empty() {
            let active = delta.after().cluster().brokers().filter(|broker| broker.is_active());
            self.brokers.store(active.map(|broker| (broker.id, broker.epoch)).collect());
        }
        let changes = local_replicas(delta, self.id);
        self.departing.retain(|_, departure| !departure.is_away());
        let is_reborn = |name: &TopicPartition| {
            changes
                .lead
                .iter()
                .chain(&changes.follow)
                .any(|one| one.topic == name.topic && one.id.partition == name.partition)
        };
        let (reborn, gone): (Vec<_>, Vec<_>) = changes.delete.iter().partition(|(_, name)| is_reborn(name));
        for (id, name) in reborn {
            self.delete(*id, name, work);
        }
        for replica in &changes.lead {
            self.lead(delta.after(), replica, work);
        }
        for replica in &changes.follow {
            let handle = self.place(delta.after(), replica);
            handle.follow(Following {
                epoch: replica.partition.leader_epoch(),
                leader: replica.partition.leader(),
                replicas: replica.partition.replicas().into(),
            });
        }
        self.image = delta.after().clone();
        for (id, name) in gone {
            self.delete(*id, name, work);
        }
        for replica in changes.lead.iter().chain(&changes.follow) {
            let is_damaged = self.partitions.get(&replica.id).is_some_and(|handle| handle.is_damaged());
            self.assignments.look(replica, is_damaged);
        }
        let changed = changes.lead.iter().chain(&changes.follow).map(|replica| replica.id);
        for id in changed.chain(changes.delete.iter().map(|(id, _)| *id)) {
            self.replication.look(id, self.partitions.get(&id).as_ref());
        }
        self.publish_groups(delta, work);
    }

    /// Once it has caught up: recovers the logs after an unclean stop, then lets clients in.
    pub(crate) fn serve_once_caught_up(&mut self) -> Vec<DiskWork> {
        if self.is_serving || !self.lifecycle.is_caught_up() {
            return Vec::new();
        }
        self.is_serving = true;
        let all = self.all_partitions();
        self.replication.start(&all);
        let groups = self.groups.keys().map(|index| DiskWork::LoadGroups(*index));
        all.into_iter().map(DiskWork::Open).chain(groups).collect()
    }

    /// Whether the log directory has failed.
    pub(crate) fn is_offline(&self) -> bool {
        self.dir.state() == DirectoryState::Offline
    }

    /// A damaged log is cut only where no other replica has it whole.
    pub(crate) fn on_damage(&self, handle: &PartitionHandle) -> OnDamage {
        match self.image.topics().partition(handle.id()) {
            Some(partition) if partition.replicas().len() > 1 => OnDamage::Refuse,
            Some(_) | None => OnDamage::Cut,
        }
    }

    /// Whether the controller takes a replica here for lost, so that it cannot be elected.
    pub(crate) fn is_barred_from_leading(&self, id: TopicIdPartition) -> bool {
        let directory = self.image.topics().partition(id).and_then(|known| known.directory(self.id));
        directory == Some(DirectoryId::LOST)
    }

    /// Serves a follower's fetch; the answer, unless it waits.
    pub(crate) fn serve_replica(
        &mut self,
        now: Instant,
        from: (Caller, CallId),
        request: Box<FetchRequest>,
    ) -> Option<Served> {
        let hosted = Hosted { now, image: &self.image, partitions: &self.partitions };
        self.serving.serve(&hosted, from, request)
    }

    /// Answers of fetches that have waited.
    pub(crate) fn settle_fetches(&mut self, now: Instant) -> Vec<Served> {
        let hosted = Hosted { now, image: &self.image, partitions: &self.partitions };
        self.serving.settle(&hosted)
    }

    fn apply_configs(&self, delta: &MetadataDelta) {
        if delta.changes().configs.is_empty() {
            return;
        }
        for handle in self.all_partitions() {
            handle.set_settings(self.rules.of_topic(delta.after(), &handle.name().topic));
        }
    }

    /// In an order that does not differ from run to run.
    pub(crate) fn all_partitions(&self) -> Vec<PartitionHandle> {
        self.watched.values().map(|(handle, _)| handle.clone()).collect()
    }

    /// The partition of a replica placed here.
    fn place(&mut self, image: &MetadataImage, replica: &LocalReplica) -> PartitionHandle {
        let handle = self.partitions.get_or_insert(replica.id, || {
            let name = TopicPartition::new(Arc::clone(&replica.topic), replica.id.partition);
            PartitionHandle::new(PartitionParts {
                id: replica.id,
                predecessor: self.departing.get(&name).cloned(),
                name,
                dir: self.dir.clone(),
                clock: self.clock.clone(),
                sink: self.sink.clone(),
                brokers: self.brokers.clone(),
                settings: self.rules.of_topic(image, &replica.topic),
            })
        });
        self.watched.entry(replica.id).or_insert_with(|| (handle.clone(), SeenReplica::default()));
        handle
    }

    fn lead(&mut self, image: &MetadataImage, replica: &LocalReplica, work: &mut Vec<DiskWork>) {
        let handle = self.place(image, replica);
        let partition = &replica.partition;
        handle.lead(Leadership {
            local: self.id,
            epoch: partition.leader_epoch(),
            partition_epoch: partition.partition_epoch(),
            replicas: partition.replicas().to_vec(),
            isr: partition.isr().iter().copied().collect(),
            min_isr: handle.settings().min_isr,
            lag_max: self.lag_max,
        });
        if handle.view().is_none() && self.is_serving {
            work.push(DiskWork::Open(handle));
        }
    }

    fn delete(&mut self, id: TopicIdPartition, name: &TopicPartition, work: &mut Vec<DiskWork>) {
        let Some(handle) = self.partitions.remove(&id) else { return };
        self.watched.remove(&id);
        let departure = handle.depart(id.topic_id.get());
        self.departing.insert(name.clone(), departure.clone());
        work.push(DiskWork::Remove(handle, departure));
    }

    fn publish_groups(&mut self, delta: &MetadataDelta, work: &mut Vec<DiskWork>) {
        let image = delta.after();
        let Some(topic) = image.topics().by_name(OFFSETS_TOPIC) else { return };
        if delta.changes().topics.contains_key(&topic.id()) {
            for (index, partition) in topic.partitions() {
                let is_ours = partition.leader() == Some(self.id);
                let known = self.groups.get(&index).map(|one| one.epoch());
                if is_ours && known != Some(partition.leader_epoch()) {
                    self.end_groups(index);
                    let id = TopicIdPartition { topic_id: topic.id(), partition: index };
                    let Some(handle) = self.partitions.get(&id) else { continue };
                    let epoch = partition.leader_epoch();
                    let clock = self.clock.clone();
                    let coordinator = GroupCoordinator::new(handle, epoch, group_settings(), clock);
                    self.groups.insert(index, Arc::new(coordinator));
                    if self.is_serving {
                        work.push(DiskWork::LoadGroups(index));
                    }
                } else if !is_ours {
                    self.end_groups(index);
                }
            }
        }
        let deleted = delta.changes().deleted_topics.iter();
        let topics: Vec<_> = deleted
            .filter_map(|id| delta.before().topics().by_id(*id))
            .map(|topic| DeletedTopic { id: topic.id().get(), name: Str::from(topic.name().to_string()) })
            .collect();
        for coordinator in self.groups.values().cloned().collect::<Vec<_>>() {
            if !topics.is_empty() && coordinator.phase() == CoordinatorPhase::Active {
                let mut effects = GroupEffects::default();
                coordinator.on_topics_deleted(topics.clone(), &mut effects);
                self.carry_out(&coordinator, effects);
            }
        }
    }

    fn end_groups(&mut self, index: i32) {
        if let Some(coordinator) = self.groups.remove(&index) {
            let mut effects = GroupEffects::default();
            coordinator.end(&mut effects);
            self.carry_out(&coordinator, effects);
        }
    }

    /// Loads a coordinator. Its log is opened first.
    pub(crate) fn load_groups(&mut self, index: i32) {
        let Some(coordinator) = self.groups.get(&index).cloned() else { return };
        let opened = coordinator.partition().open(self.on_damage(coordinator.partition()));
        if opened.is_err() {
            return;
        }
        if let Ok(effects) = coordinator.load() {
            self.carry_out(&coordinator, effects);
        }
    }

    /// Asks the coordinator of a partition; the answer at once where it cannot be decided.
    pub(crate) fn ask_group(
        &mut self,
        index: i32,
        request: GroupRequest,
    ) -> Result<Awaited<GroupReply>, Box<GroupReply>> {
        let Some(coordinator) = self.groups.get(&index).cloned() else {
            return Err(Box::new(request.refusal(ErrorCode::NotCoordinator)));
        };
        let mut effects = GroupEffects::default();
        let awaited = coordinator.request(request, &mut effects);
        self.carry_out(&coordinator, effects);
        Ok(awaited)
    }

    fn carry_out(&mut self, coordinator: &Arc<GroupCoordinator>, effects: GroupEffects) {
        let commits = effects.commits.into_iter();
        self.commits.extend(commits.map(|(offset, awaited)| Commit {
            coordinator: coordinator.clone(),
            offset,
            awaited,
        }));
    }

    /// Takes what became of appends of coordinators; whether anything did.
    pub(crate) fn settle_commits(&mut self) -> bool {
        let mut waiting = Vec::new();
        let mut is_changed = false;
        for mut commit in std::mem::take(&mut self.commits) {
            let Some(end) = commit.awaited.try_take() else {
                waiting.push(commit);
                continue;
            };
            is_changed = true;
            let mut effects = GroupEffects::default();
            match end {
                Ok(Ok(_)) => commit.coordinator.on_committed(commit.offset, &mut effects),
                Ok(Err(_)) | Err(_) => commit.coordinator.on_commit_failed(),
            }
            self.carry_out(&commit.coordinator, effects);
        }
        self.commits.extend(waiting);
        is_changed
    }

    /// When [`Self::on_timers`] is due.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        let groups = self.groups.values().filter_map(|coordinator| coordinator.next_deadline());
        let replication = self.replication.next_deadline().into_iter().chain(self.serving.next_deadline());
        groups
            .chain(replication)
            .chain(self.lifecycle.next_deadline())
            .chain(self.assignments.next_deadline())
            .chain([self.next_house])
            .min()
    }

    /// Fires the coordinators' timers, and keeps house. Logs that could not be opened for the moment are opened then: some
    /// client asks for each.
    pub(crate) fn on_timers(&mut self, now: Instant) -> Vec<DiskWork> {
        for coordinator in self.groups.values().cloned().collect::<Vec<_>>() {
            if coordinator.next_deadline().is_some_and(|deadline| deadline <= now) {
                let mut effects = GroupEffects::default();
                coordinator.on_timers(&mut effects);
                self.carry_out(&coordinator, effects);
            }
        }
        if self.replication.on_timers(now) {
            for handle in self.all_partitions() {
                if handle.leadership().is_some_and(|known| known.is_local && known.replicas.len() > 1) {
                    handle.on_lag_check();
                }
            }
        }
        if now < self.next_house {
            return Vec::new();
        }
        self.next_house = now.after(HOUSE);
        let leads = |handle: &PartitionHandle| handle.leadership().is_some_and(|known| known.is_local);
        let all = self.all_partitions().into_iter().filter(|_| self.is_serving);
        let unopened = all.filter(|handle| handle.view().is_none() && leads(handle));
        unopened.map(DiskWork::Open).chain([DiskWork::House]).collect()
    }

    /// Free space and checkpoints, as `broker/src/start/house.rs` keeps them, only more often.
    pub(crate) fn keep_house(&self) {
        // What fails takes the directory offline, and is seen there.
        let _ = self.dir.sample_space();
        for kind in [CheckpointKind::HighWatermark, CheckpointKind::RecoveryPoint, CheckpointKind::LogStart] {
            let _ = self.dir.write_checkpoint(kind);
        }
    }

    /// Jobs that partitions left since the last call.
    pub(crate) fn take_effects(&mut self) -> Vec<DiskWork> {
        let mut work = Vec::new();
        loop {
            work.extend(self.serving.take_unopened().into_iter().map(DiskWork::Open));
            let left = std::mem::take(&mut *self.sink.0.lock());
            if left.is_empty() {
                return work;
            }
            for (handle, effects, left) in left {
                work.extend(effects.jobs.into_iter().map(|job| DiskWork::Partition(handle.clone(), job)));
                if effects.damaged {
                    self.assignments.lost(handle.id());
                }
                for proposal in effects.proposals {
                    self.replication.propose((handle.clone(), proposal));
                }
                if left == Left::More {
                    handle.drain();
                }
            }
        }
    }
}

fn group_settings() -> Settings {
    Settings {
        min_session_timeout_ms: 100,
        initial_rebalance_delay: Duration::from_millis(500),
        ..Settings::default()
    }
}
