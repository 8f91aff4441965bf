//! Makes a new image take effect on this node, in a fixed order: settings of topics, active brokers, partitions
//! led and followed here, the image itself, then what is gone.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use klamm_config::NodeConfig;
use klamm_metadata::image::{ConfigResource, ConfigResourceType};
use klamm_metadata::{LocalReplica, MetadataDelta, MetadataImage, local_replicas};
use klamm_model::{BrokerId, TopicIdPartition, TopicPartition, Uuid};
use klamm_node::clock::Clock;
use klamm_node::metadata::PublishedImage;
use klamm_node::partition::{
    BrokerActivity, Departure, EffectSink, Following, OnDamage, PartitionHandle, PartitionParts, Partitions,
};
use klamm_replication::{ActiveBrokers, Leadership};
use klamm_storage::LogDir;
use klamm_storage::names::PartitionDirKind;

use super::control::Publish;
use super::disk_pool::{DiskPool, Urgency};
use super::replication::Throttles;
use crate::directories::Directories;
use crate::settings::SettingsSource;

/// Pause between attempts to delete a partition for which descriptors or memory are missing.
const DELETE_AGAIN: Duration = Duration::from_secs(1);

/// Who else has to know of a new image: coordinators, the broker's registration.
pub trait OnImage: Send {
    /// Called after the image was published.
    fn on_image(&mut self, delta: &MetadataDelta);
}

/// See the module.
pub struct Publisher {
    /// This broker.
    pub broker: BrokerId,
    /// Where the image goes.
    pub image: PublishedImage,
    /// The partitions hosted here.
    pub partitions: Partitions,
    /// Where logs are.
    pub directories: Directories,
    /// Who may be in an ISR, for the partitions.
    pub brokers: BrokerActivity,
    /// Resolves settings of topics.
    pub settings: SettingsSource,
    /// Take the rates that brokers' configs say.
    pub throttles: Throttles,
    /// Where effects of partitions go.
    pub sink: Arc<dyn EffectSink>,
    /// Blocking work.
    pub pool: DiskPool,
    /// Clocks.
    pub clock: Arc<dyn Clock>,
    /// Told last.
    pub listeners: Vec<Box<dyn OnImage>>,
    /// Whether logs of new partitions are made at once: not while the node loads what it had.
    pub serving: Arc<std::sync::atomic::AtomicBool>,
    /// Deleted partitions whose names may not be free on disk yet.
    pub departing: HashMap<TopicPartition, Departure>,
}

impl Publish for Publisher {
    fn publish(&mut self, delta: &MetadataDelta) {
        self.apply_configs(delta);
        if !delta.changes().brokers.is_empty() {
            self.brokers.store(active_brokers(delta.after()));
        }
        let changes = local_replicas(delta, self.broker);
        self.departing.retain(|_, departure| !departure.is_away());
        // A topic made anew under its name within one delta: the old one goes first.
        let placed: HashSet<(&str, i32)> =
            changes.lead.iter().chain(&changes.follow).map(|one| (&*one.topic, one.id.partition)).collect();
        let (reborn, gone): (Vec<_>, Vec<_>) =
            changes.delete.iter().partition(|(_, name)| placed.contains(&(&*name.topic, name.partition)));
        for (id, name) in reborn {
            self.delete(*id, name);
        }
        for replica in &changes.lead {
            self.lead(delta.after(), replica);
        }
        for replica in &changes.follow {
            self.follow(delta.after(), replica);
        }
        self.image.store(delta.after().clone());
        for (id, name) in gone {
            self.delete(*id, name);
        }
        for listener in &mut self.listeners {
            listener.on_image(delta);
        }
    }
}

impl Publisher {
    /// Settings of topics whose configs changed, or all if the node's own did.
    fn apply_configs(&self, delta: &MetadataDelta) {
        let changed = &delta.changes().configs;
        let is_broker = |resource: &ConfigResource| resource.kind == ConfigResourceType::Broker;
        let all = changed.iter().any(is_broker);
        if all {
            self.settings.apply(delta.after());
            let threads = disk_threads(self.settings.layers().effective());
            if let Err(error) = self.pool.resize(threads) {
                tracing::error!(threads, %error, "threads for the disk cannot be started");
            }
            self.throttles.apply(delta.after(), self.broker);
        }
        if changed.is_empty() {
            return;
        }
        for handle in self.partitions.all() {
            let name = &handle.name().topic;
            if all || changed.contains(&ConfigResource::topic(Arc::clone(name))) {
                handle.set_settings(self.settings.of_topic(delta.after(), name));
            }
        }
    }

    /// The partition of a replica placed here; `None` where no log directory is online.
    fn place(&mut self, image: &MetadataImage, replica: &LocalReplica) -> Option<PartitionHandle> {
        let Some(dir) = self.directory_of(replica) else {
            tracing::error!(topic = %replica.topic, partition = replica.id.partition, "no log directory is online");
            return None;
        };
        Some(self.partitions.get_or_insert(replica.id, || {
            let name = TopicPartition::new(Arc::clone(&replica.topic), replica.id.partition);
            let predecessor = self.departing.get(&name).cloned();
            PartitionHandle::new(PartitionParts {
                id: replica.id,
                name,
                predecessor,
                dir,
                clock: self.clock.clone(),
                sink: self.sink.clone(),
                brokers: self.brokers.clone(),
                settings: self.settings.of_topic(image, &replica.topic),
            })
        }))
    }

    fn follow(&mut self, image: &MetadataImage, replica: &LocalReplica) {
        let Some(handle) = self.place(image, replica) else { return };
        let partition = &replica.partition;
        handle.follow(Following {
            epoch: partition.leader_epoch(),
            leader: partition.leader(),
            replicas: partition.replicas().into(),
        });
    }

    fn lead(&mut self, image: &MetadataImage, replica: &LocalReplica) {
        let Some(handle) = self.place(image, replica) else { return };
        let partition = &replica.partition;
        handle.lead(Leadership {
            local: self.broker,
            epoch: partition.leader_epoch(),
            partition_epoch: partition.partition_epoch(),
            replicas: partition.replicas().to_vec(),
            isr: partition.isr().iter().copied().collect(),
            min_isr: handle.settings().min_isr,
            lag_max: self.settings.layers().effective().replication.lag_time_max,
        });
        // Also one that others follow: its epoch begins where its log ends now, and what it holds is to be committed.
        if handle.view().is_none() && self.serving.load(std::sync::atomic::Ordering::Acquire) {
            let damage = if partition.replicas().len() > 1 { OnDamage::Refuse } else { OnDamage::Cut };
            drop(self.pool.run(Urgency::Background, move || {
                if let Err(error) = handle.open(damage) {
                    tracing::error!(partition = %handle.name(), %error, "log cannot be opened");
                }
            }));
        }
    }

    /// The directory the metadata says, unless the log is still in another: then a move had not ended when the node
    /// stopped. Where they say none, the one where the log is, or the one with the fewest.
    fn directory_of(&self, replica: &LocalReplica) -> Option<Arc<LogDir>> {
        let data = &self.directories.data;
        let assigned = replica.partition.directory(self.broker);
        let assigned = assigned.and_then(|id| self.directories.by_id(id));
        let name = TopicPartition::new(Arc::clone(&replica.topic), replica.id.partition);
        let holds = |dir: &LogDir| {
            let is_it = |kind: PartitionDirKind| kind == PartitionDirKind::Current;
            dir.partitions().iter().any(|entry| entry.dir.partition == name && is_it(entry.dir.kind))
        };
        if let Some(directory) = assigned.filter(|directory| data.len() == 1 || holds(&directory.dir)) {
            return Some(directory.dir.clone());
        }
        let found = data.iter().find(|directory| holds(&directory.dir));
        let fewest = || data.iter().min_by_key(|directory| directory.dir.partitions().len());
        found.or(assigned).or_else(fewest).map(|directory| directory.dir.clone())
    }

    /// Stops a partition and deletes its data: at once for readers; its directory gets another name, and goes
    /// after `file.delete.delay.ms`.
    fn delete(&mut self, id: TopicIdPartition, name: &TopicPartition) {
        let Some(handle) = self.partitions.remove(&id) else { return };
        // A partition may come back and go again before the first of its directories is removed.
        let departure = handle.depart(Uuid::from_u128(rand::random()));
        self.departing.insert(name.clone(), departure.clone());
        let pool = self.pool.clone();
        drop(self.pool.run(Urgency::Background, move || free_name(pool, (handle, departure))));
    }
}

/// Frees the name of a deleted partition, then removes its data after `file.delete.delay.ms`.
fn free_name(pool: DiskPool, (handle, departure): (PartitionHandle, Departure)) {
    let again = pool.clone();
    match departure.free_name() {
        Ok(()) => {
            let delay = handle.settings().log.file_delete_delay;
            pool.run_after(delay, move || remove(again, (handle, departure)));
        }
        Err(error) if error.is_passing() => {
            pool.try_again_after(DELETE_AGAIN, move || free_name(again, (handle, departure)));
        }
        Err(error) => tracing::error!(partition = %handle.name(), %error, "could not be deleted"),
    }
}

fn remove(pool: DiskPool, (handle, departure): (PartitionHandle, Departure)) {
    match departure.remove(&handle) {
        Ok(()) => tracing::info!(partition = %handle.name(), "deleted"),
        Err(error) if error.is_passing() => {
            let again = pool.clone();
            pool.try_again_after(DELETE_AGAIN, move || remove(again, (handle, departure)));
        }
        Err(error) => tracing::error!(partition = %handle.name(), %error, "could not be deleted"),
    }
}

/// Threads for work that waits for a disk: `background.threads`, and enough for the lanes of a recovery.
pub fn disk_threads(config: &NodeConfig) -> usize {
    let recovery = config.log.recovery_threads_per_dir as usize * config.log_dirs.len();
    // One thread is for what is waited for alone.
    1 + (config.broker.background_threads as usize).max(recovery)
}

/// Registered, unfenced, not stopping.
fn active_brokers(image: &MetadataImage) -> ActiveBrokers {
    let active = image.cluster().brokers().filter(|broker| broker.is_active());
    active.map(|broker| (broker.id, broker.epoch)).collect()
}
