//! Makes a new image take effect on this node, in a fixed order: settings of topics, partitions
//! led here, the image itself, then what is gone.

use std::sync::Arc;

use klamm_metadata::image::{ConfigResource, ConfigResourceType};
use klamm_metadata::{LocalReplica, MetadataDelta, MetadataImage, local_replicas};
use klamm_model::{BrokerId, TopicIdPartition, TopicPartition, Uuid};
use klamm_node::clock::Clock;
use klamm_node::metadata::PublishedImage;
use klamm_node::partition::{EffectSink, OnDamage, PartitionHandle, PartitionParts, Partitions};
use klamm_replication::Leadership;
use klamm_storage::LogDir;
use klamm_storage::names::PartitionDirKind;

use super::control::Publish;
use super::disk_pool::{DiskPool, Urgency};
use crate::settings::SettingsSource;
use crate::start::directories::Directories;

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
    /// Resolves settings of topics.
    pub settings: SettingsSource,
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
}

impl Publish for Publisher {
    fn publish(&mut self, delta: &MetadataDelta) {
        self.apply_configs(delta);
        let changes = local_replicas(delta, self.broker);
        for replica in &changes.lead {
            self.lead(delta.after(), replica);
        }
        for replica in &changes.follow {
            if let Some(handle) = self.partitions.get(&replica.id) {
                handle.lead_elsewhere(replica.partition.leader_epoch(), replica.partition.leader());
            }
        }
        self.image.store(delta.after().clone());
        for (id, name) in &changes.delete {
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

    fn lead(&self, image: &MetadataImage, replica: &LocalReplica) {
        let Some(dir) = self.directory_of(replica) else {
            tracing::error!(topic = %replica.topic, partition = replica.id.partition, "no log directory is online");
            return;
        };
        let settings = self.settings.of_topic(image, &replica.topic);
        let min_isr = settings.min_isr;
        let mut is_new = false;
        let handle = self.partitions.get_or_insert(replica.id, || {
            is_new = true;
            PartitionHandle::new(PartitionParts {
                id: replica.id,
                name: TopicPartition::new(Arc::clone(&replica.topic), replica.id.partition),
                dir,
                clock: self.clock.clone(),
                sink: self.sink.clone(),
                settings,
            })
        });
        let partition = &replica.partition;
        handle.lead(Leadership {
            local: self.broker,
            epoch: partition.leader_epoch(),
            partition_epoch: partition.partition_epoch(),
            replicas: partition.replicas().to_vec(),
            isr: partition.isr().iter().copied().collect(),
            min_isr,
        });
        if is_new && self.serving.load(std::sync::atomic::Ordering::Acquire) {
            let damage = if partition.replicas().len() > 1 { OnDamage::Refuse } else { OnDamage::Cut };
            drop(self.pool.run(Urgency::Background, move || {
                if let Err(error) = handle.open(damage) {
                    tracing::error!(partition = %handle.name(), %error, "log cannot be opened");
                }
            }));
        }
    }

    /// The directory the metadata says; where it says none, the one where the log is, or the one with
    /// the fewest.
    fn directory_of(&self, replica: &LocalReplica) -> Option<Arc<LogDir>> {
        let data = &self.directories.data;
        let assigned = replica.partition.directory(self.broker);
        if let Some(directory) = assigned.and_then(|id| self.directories.by_id(id)) {
            return Some(directory.dir.clone());
        }
        let name = TopicPartition::new(Arc::clone(&replica.topic), replica.id.partition);
        let holds = |dir: &LogDir| {
            let is_it = |kind: PartitionDirKind| kind == PartitionDirKind::Current;
            dir.partitions().iter().any(|entry| entry.dir.partition == name && is_it(entry.dir.kind))
        };
        let found = data.iter().find(|directory| holds(&directory.dir));
        let fewest = || data.iter().min_by_key(|directory| directory.dir.partitions().len());
        found.or_else(fewest).map(|directory| directory.dir.clone())
    }

    /// Stops a partition and deletes its data: at once for readers, on the pool for the disk.
    fn delete(&self, id: TopicIdPartition, name: &TopicPartition) {
        let Some(handle) = self.partitions.remove(&id) else { return };
        let (log, dir, name) = (handle.stop(), handle.dir().clone(), name.clone());
        let unique = id.topic_id.get();
        drop(self.pool.run(Urgency::Background, move || delete_log(log, &dir, &name, unique)));
    }
}

fn delete_log(log: Option<klamm_storage::Log>, dir: &Arc<LogDir>, name: &TopicPartition, unique: Uuid) {
    let renamed = match log {
        Some(log) => log.rename(PartitionDirKind::Delete, unique),
        None => dir.rename_unopened(name, PartitionDirKind::Delete, unique),
    };
    let removed = renamed.and_then(|renamed| dir.remove_deleted(&renamed));
    match removed {
        Ok(()) => tracing::info!(partition = %name, "deleted"),
        Err(error) => tracing::error!(partition = %name, %error, "could not be deleted"),
    }
}
