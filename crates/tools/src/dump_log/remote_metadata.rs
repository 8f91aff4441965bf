//! Records of `__remote_log_metadata` as Java prints their classes.

use std::collections::BTreeMap;

use bytes::Bytes;
use klamm_model::Uuid;
use klamm_protocol::messages::{
    RemoteLogMetadataRecord, RemoteLogSegmentMetadataRecord, RemoteLogSegmentMetadataSnapshotRecord,
    RemoteLogSegmentMetadataUpdateRecord, RemotePartitionDeleteMetadataRecord,
};

/// The text of a record.
pub(super) fn describe(record: &RemoteLogMetadataRecord) -> String {
    match record {
        RemoteLogMetadataRecord::RemoteLogSegmentMetadata(record) => segment(record),
        RemoteLogMetadataRecord::RemoteLogSegmentMetadataUpdate(record) => update(record),
        RemoteLogMetadataRecord::RemotePartitionDeleteMetadata(record) => delete(record),
        RemoteLogMetadataRecord::RemoteLogSegmentMetadataSnapshot(record) => snapshot(record),
    }
}

fn segment(record: &RemoteLogSegmentMetadataRecord) -> String {
    let partition = &record.remote_log_segment_id.topic_id_partition;
    let epochs = record.segment_leader_epochs.iter().map(|entry| (entry.leader_epoch, entry.offset));
    format!(
        "RemoteLogSegmentMetadata{{remoteLogSegmentId={}, startOffset={}, endOffset={}, brokerId={}, \
         maxTimestampMs={}, eventTimestampMs={}, segmentLeaderEpochs={}, segmentSizeInBytes={}, customMetadata={}, \
         state={}, txnIdxEmpty={}}}",
        segment_id(&partition.name, partition.id, partition.partition, record.remote_log_segment_id.id),
        record.start_offset,
        record.end_offset,
        record.broker_id,
        record.max_timestamp_ms,
        record.event_timestamp_ms,
        leader_epochs(epochs),
        record.segment_size_in_bytes,
        custom_metadata(record.custom_metadata.as_ref()),
        segment_state(record.remote_log_segment_state),
        record.txn_index_empty
    )
}

fn update(record: &RemoteLogSegmentMetadataUpdateRecord) -> String {
    let partition = &record.remote_log_segment_id.topic_id_partition;
    format!(
        "RemoteLogSegmentMetadataUpdate{{remoteLogSegmentId={}, customMetadata={}, state={}, eventTimestampMs={}, \
         brokerId={}}}",
        segment_id(&partition.name, partition.id, partition.partition, record.remote_log_segment_id.id),
        custom_metadata(record.custom_metadata.as_ref()),
        segment_state(record.remote_log_segment_state),
        record.event_timestamp_ms,
        record.broker_id
    )
}

fn delete(record: &RemotePartitionDeleteMetadataRecord) -> String {
    let partition = &record.topic_id_partition;
    let state = match record.remote_partition_delete_state {
        0 => "DELETE_PARTITION_MARKED",
        1 => "DELETE_PARTITION_STARTED",
        2 => "DELETE_PARTITION_FINISHED",
        _ => "null",
    };
    format!(
        "RemotePartitionDeleteMetadata{{topicPartition={}, state={state}, eventTimestampMs={}, brokerId={}}}",
        topic_partition(&partition.name, partition.id, partition.partition),
        record.event_timestamp_ms,
        record.broker_id
    )
}

fn snapshot(record: &RemoteLogSegmentMetadataSnapshotRecord) -> String {
    let epochs = record.segment_leader_epochs.iter().map(|entry| (entry.leader_epoch, entry.offset));
    format!(
        "RemoteLogSegmentMetadataSnapshot{{segmentId={}, startOffset={}, endOffset={}, maxTimestampMs={}, \
         segmentLeaderEpochs={}, segmentSizeInBytes={}, customMetadata={}, state={}, txnIdxEmpty={}}}",
        record.segment_id,
        record.start_offset,
        record.end_offset,
        record.max_timestamp_ms,
        leader_epochs(epochs),
        record.segment_size_in_bytes,
        custom_metadata(record.custom_metadata.as_ref()),
        segment_state(record.remote_log_segment_state),
        record.txn_index_empty
    )
}

fn segment_id(topic: &str, topic_id: Uuid, partition: i32, id: Uuid) -> String {
    let partition = topic_partition(topic, topic_id, partition);
    format!("RemoteLogSegmentId{{topicIdPartition={partition}, id={id}}}")
}

fn topic_partition(topic: &str, id: Uuid, partition: i32) -> String {
    format!("{id}:{topic}-{partition}")
}

fn leader_epochs(epochs: impl Iterator<Item = (i32, i64)>) -> String {
    let epochs: BTreeMap<i32, i64> = epochs.collect();
    let epochs: Vec<String> = epochs.iter().map(|(epoch, offset)| format!("{epoch}={offset}")).collect();
    format!("{{{}}}", epochs.join(", "))
}

fn custom_metadata(bytes: Option<&Bytes>) -> String {
    match bytes {
        Some(bytes) => format!("Optional[CustomMetadata{{{} bytes}}]", bytes.len()),
        None => "Optional.empty".into(),
    }
}

fn segment_state(state: i8) -> &'static str {
    match state {
        0 => "COPY_SEGMENT_STARTED",
        1 => "COPY_SEGMENT_FINISHED",
        2 => "DELETE_SEGMENT_STARTED",
        3 => "DELETE_SEGMENT_FINISHED",
        _ => "null",
    }
}
