//! Topics and partitions as records.

use klamm_model::{BrokerId, DirectoryId, TopicId};
use klamm_protocol::messages::{PartitionRecord, TopicRecord};

use super::{Elr, SnapshotOptions, SnapshotRecords};
use crate::VersionedRecord;
use crate::delta::NO_LEADER;
use crate::image::{Partition, TopicsImage};
use crate::java_order::{Table, hash_map_order, uuid_hash};

pub(super) fn write_topics(out: &mut SnapshotRecords, topics: &TopicsImage, options: SnapshotOptions) {
    let mut ordered: Vec<_> = topics.iter().collect();
    ordered.sort_by_key(|topic| uuid_hash(topic.id().get()));
    for topic in ordered {
        out.push(topic_record(topic.name(), topic.id()));
        let mut partitions: Vec<_> = topic.partitions().collect();
        hash_map_order(&mut partitions, Table::Default, |(index, _)| *index);
        for (index, partition) in partitions {
            if loses_directories(partition, options) {
                out.lose("the directory assignment state of one or more replicas");
            }
            out.push(partition_record(partition, (topic.id(), index), options));
        }
    }
}

/// The record that creates a topic.
pub(crate) fn topic_record(name: &str, id: TopicId) -> VersionedRecord {
    VersionedRecord::v0(TopicRecord { name: name.into(), topic_id: id.get(), ..TopicRecord::default() })
}

fn loses_directories(partition: &Partition, options: SnapshotOptions) -> bool {
    !options.metadata_version.supports_directory_assignment()
        && partition.directories().iter().any(|directory| *directory != DirectoryId::MIGRATING)
}

/// A partition's registration as a record.
pub fn partition_record(
    partition: &Partition,
    (topic, index): (TopicId, i32),
    options: SnapshotOptions,
) -> VersionedRecord {
    let version = options.metadata_version;
    let elr =
        |list: &[BrokerId]| (options.elr == Elr::Kept && !list.is_empty()).then(|| broker_numbers(list));
    let directories =
        if version.supports_directory_assignment() { partition.directories().to_vec() } else { Vec::new() };
    let record = PartitionRecord {
        partition_id: index,
        topic_id: topic.get(),
        replicas: broker_numbers(partition.replicas()),
        isr: broker_numbers(partition.isr()),
        removing_replicas: broker_numbers(partition.removing()),
        adding_replicas: broker_numbers(partition.adding()),
        leader: leader_number(partition.leader()),
        leader_recovery_state: partition.recovery().code(),
        leader_epoch: partition.leader_epoch().get(),
        partition_epoch: partition.partition_epoch().get(),
        directories,
        eligible_leader_replicas: elr(partition.elr()),
        last_known_elr: elr(partition.last_known_elr()),
        ..PartitionRecord::default()
    };
    VersionedRecord::new(record, version.partition_record_version())
}

/// Broker ids as records and responses carry them.
pub(crate) fn broker_numbers(brokers: &[BrokerId]) -> Vec<i32> {
    brokers.iter().map(|broker| broker.get()).collect()
}

/// A leader as records and responses carry it.
pub(crate) fn leader_number(leader: Option<BrokerId>) -> i32 {
    leader.map_or(NO_LEADER, BrokerId::get)
}
