//! Records about topics and partitions.

use klamm_model::{BrokerId, DirectoryId, LeaderEpoch, PartitionEpoch, TopicId, TopicIdPartition, Uuid};
use klamm_protocol::messages::{
    ClearElrRecord, PartitionChangeRecord, PartitionRecord, RemoveTopicRecord, TopicRecord,
};

use super::{Changes, ReplayError};
use crate::image::{
    ConfigResource, LeaderRecoveryState, MAX_PARTITION_INDEX, MetadataImage, Partition, PartitionParts,
};

/// In a change record: the leader stays, and so does the leader epoch.
pub(crate) const NO_LEADER_CHANGE: i32 = -2;
/// In records and responses: there is no leader.
pub(crate) const NO_LEADER: i32 = -1;

pub(super) fn create(
    image: &mut MetadataImage,
    changes: &mut Changes,
    record: &TopicRecord,
) -> Result<(), ReplayError> {
    let id = topic_id("TopicRecord", record.topic_id)?;
    let name = record.name.as_str();
    if image.topics.by_id(id).is_some() || image.topics.id_of(name).is_some() {
        return Err(ReplayError::TopicExists { name: name.to_owned(), id });
    }
    image.topics.insert_topic(name.into(), id);
    changes.topics.entry(id).or_default();
    Ok(())
}

pub(super) fn set_partition(
    image: &mut MetadataImage,
    changes: &mut Changes,
    record: &PartitionRecord,
) -> Result<(), ReplayError> {
    let id = partition_id("PartitionRecord", record.topic_id, record.partition_id)?;
    if image.topics.by_id(id.topic_id).is_none() {
        return Err(ReplayError::NoTopicWithId(id.topic_id));
    }
    let partition = Partition::from(partition_of(record)?);
    put(image, changes, id, partition);
    Ok(())
}

/// The registration a partition record states.
fn partition_of(record: &PartitionRecord) -> Result<PartitionParts, ReplayError> {
    const RECORD: &str = "PartitionRecord";
    let invalid = |field, value: i32| ReplayError::invalid(RECORD, field, value);
    let ids = |field, list: &[i32]| broker_ids(RECORD, field, list);
    let optional = |field, list: &Option<Vec<i32>>| ids(field, list.as_deref().unwrap_or_default());
    Ok(PartitionParts {
        replicas: ids("Replicas", &record.replicas)?,
        directories: directories(RECORD, &record.directories, record.replicas.len())?,
        isr: ids("Isr", &record.isr)?,
        removing: ids("RemovingReplicas", &record.removing_replicas)?,
        adding: ids("AddingReplicas", &record.adding_replicas)?,
        elr: optional("EligibleLeaderReplicas", &record.eligible_leader_replicas)?,
        last_known_elr: last_known(RECORD, record.last_known_elr.as_deref().unwrap_or_default())?,
        leader: leader(RECORD, record.leader)?,
        recovery: LeaderRecoveryState::from_code(record.leader_recovery_state)
            .ok_or_else(|| invalid("LeaderRecoveryState", record.leader_recovery_state.into()))?,
        leader_epoch: LeaderEpoch::new(record.leader_epoch)
            .ok_or_else(|| invalid("LeaderEpoch", record.leader_epoch))?,
        partition_epoch: PartitionEpoch::new(record.partition_epoch)
            .ok_or_else(|| invalid("PartitionEpoch", record.partition_epoch))?,
    })
}

pub(super) fn change_partition(
    image: &mut MetadataImage,
    changes: &mut Changes,
    record: &PartitionChangeRecord,
) -> Result<(), ReplayError> {
    let id = partition_id("PartitionChangeRecord", record.topic_id, record.partition_id)?;
    let topic = image.topics.by_id(id.topic_id).ok_or(ReplayError::NoTopicWithId(id.topic_id))?;
    let missing = ReplayError::NoPartition { topic: id.topic_id, partition: id.partition };
    let partition = topic.partition(id.partition).ok_or(missing)?;
    let next = Partition::from(merge(partition, record)?);
    put(image, changes, id, next);
    Ok(())
}

/// What `partition` becomes by a change record.
pub(crate) fn merge(
    partition: &Partition,
    record: &PartitionChangeRecord,
) -> Result<PartitionParts, ReplayError> {
    const RECORD: &str = "PartitionChangeRecord";
    let mut parts = partition.to_parts();
    let set = |field, list: &Option<Vec<i32>>, into: &mut Vec<BrokerId>| -> Result<(), ReplayError> {
        if let Some(list) = list {
            *into = broker_ids(RECORD, field, list)?;
        }
        Ok(())
    };
    set("Replicas", &record.replicas, &mut parts.replicas)?;
    set("Isr", &record.isr, &mut parts.isr)?;
    set("RemovingReplicas", &record.removing_replicas, &mut parts.removing)?;
    set("AddingReplicas", &record.adding_replicas, &mut parts.adding)?;
    set("EligibleLeaderReplicas", &record.eligible_leader_replicas, &mut parts.elr)?;
    if let Some(list) = &record.last_known_elr {
        parts.last_known_elr = last_known(RECORD, list)?;
    }
    let dirs = record.directories.as_ref().unwrap_or(&parts.directories);
    parts.directories = directories(RECORD, dirs, parts.replicas.len())?;
    if record.leader != NO_LEADER_CHANGE {
        parts.leader = leader(RECORD, record.leader)?;
        parts.leader_epoch = parts.leader_epoch.next();
    }
    if record.leader_recovery_state != -1 {
        let state = LeaderRecoveryState::from_code(record.leader_recovery_state);
        parts.recovery = state.ok_or_else(|| {
            ReplayError::invalid(RECORD, "LeaderRecoveryState", record.leader_recovery_state)
        })?;
    }
    parts.partition_epoch = parts.partition_epoch.next();
    Ok(parts)
}

pub(super) fn remove(
    image: &mut MetadataImage,
    changes: &mut Changes,
    record: &RemoveTopicRecord,
) -> Result<(), ReplayError> {
    let id = topic_id("RemoveTopicRecord", record.topic_id)?;
    let topic = image.topics.remove_topic(id).ok_or(ReplayError::NoTopicWithId(id))?;
    changes.topics.remove(&id);
    changes.deleted_topics.insert(id);
    let resource = ConfigResource::topic(topic.name().clone());
    if image.configs.remove_all(&resource) {
        changes.configs.insert(resource);
    }
    Ok(())
}

/// Empties the ELRs of one topic, or of all for an empty name, as after a change of min.insync.replicas.
pub(super) fn clear_elr(
    image: &mut MetadataImage,
    changes: &mut Changes,
    record: &ClearElrRecord,
) -> Result<(), ReplayError> {
    let name = record.topic_name.as_str();
    let topics: Vec<TopicId> = if name.is_empty() {
        image.topics.iter().map(|topic| topic.id()).collect()
    } else {
        let id = image.topics.id_of(name);
        vec![id.ok_or_else(|| ReplayError::NoTopicNamed(name.to_owned()))?]
    };
    for topic_id in topics {
        clear_elr_of(image, changes, topic_id);
    }
    Ok(())
}

fn clear_elr_of(image: &mut MetadataImage, changes: &mut Changes, topic_id: TopicId) {
    let topic = image.topics.by_id(topic_id).expect("the caller has found the topic");
    let with_elr: Vec<(i32, PartitionParts)> = topic
        .partitions()
        .filter(|(_, p)| !p.elr().is_empty() || !p.last_known_elr().is_empty())
        .map(|(index, p)| (index, p.to_parts()))
        .collect();
    for (partition, mut parts) in with_elr {
        parts.elr.clear();
        parts.last_known_elr.clear();
        parts.partition_epoch = parts.partition_epoch.next();
        put(image, changes, TopicIdPartition { topic_id, partition }, parts.into());
    }
}

fn put(image: &mut MetadataImage, changes: &mut Changes, id: TopicIdPartition, partition: Partition) {
    image.topics.set_partition(id, partition);
    changes.topics.entry(id.topic_id).or_default().insert(id.partition);
}

fn topic_id(record: &'static str, id: Uuid) -> Result<TopicId, ReplayError> {
    TopicId::new(id).ok_or_else(|| ReplayError::invalid(record, "TopicId", id))
}

fn partition_id(record: &'static str, id: Uuid, index: i32) -> Result<TopicIdPartition, ReplayError> {
    if !(0..MAX_PARTITION_INDEX).contains(&index) {
        return Err(ReplayError::invalid(record, "PartitionId", index));
    }
    Ok(TopicIdPartition { topic_id: topic_id(record, id)?, partition: index })
}

fn broker_ids(record: &'static str, field: &'static str, list: &[i32]) -> Result<Vec<BrokerId>, ReplayError> {
    let id = |id: &i32| BrokerId::new(*id).ok_or_else(|| ReplayError::invalid(record, field, id));
    list.iter().map(id).collect()
}

/// Kafka notes -1 as last leader of a partition that had none; there is nobody to remember.
fn last_known(record: &'static str, list: &[i32]) -> Result<Vec<BrokerId>, ReplayError> {
    let somebody: Vec<i32> = list.iter().copied().filter(|id| *id != NO_LEADER).collect();
    broker_ids(record, "LastKnownElr", &somebody)
}

fn leader(record: &'static str, id: i32) -> Result<Option<BrokerId>, ReplayError> {
    if id == NO_LEADER {
        return Ok(None);
    }
    BrokerId::new(id).map(Some).ok_or_else(|| ReplayError::invalid(record, "Leader", id))
}

/// The directories of `replicas` replicas. None told, or all of them "migrating", is the state
/// before directory assignment: one "migrating" for each.
fn directories(record: &'static str, told: &[Uuid], replicas: usize) -> Result<Vec<Uuid>, ReplayError> {
    if told.iter().all(|directory| *directory == DirectoryId::MIGRATING) {
        return Ok(vec![DirectoryId::MIGRATING; replicas]);
    }
    if told.len() != replicas {
        return Err(ReplayError::invalid(record, "Directories", told));
    }
    Ok(told.to_vec())
}
