//! The group coordinator: classic, consumer, share and streams groups, and offsets.

use std::time::Duration;

use super::settings;

settings! {
    /// Classic groups and what all kinds of groups share.
    GroupCoordinatorSettings {
        min_session_timeout: Duration = "group.min.session.timeout.ms",
        max_session_timeout: Duration = "group.max.session.timeout.ms",
        initial_rebalance_delay: Duration = "group.initial.rebalance.delay.ms",
        max_size: u32 = "group.max.size",
        protocols: Vec<String> = "group.coordinator.rebalance.protocols",
        threads: u32 = "group.coordinator.threads",
        background_threads: u32 = "group.coordinator.background.threads",
        append_linger: Option<Duration> = "group.coordinator.append.linger.ms",
        cached_buffer_max_bytes: u32 = "group.coordinator.cached.buffer.max.bytes",
    }
}

settings! {
    /// Committed offsets and `__consumer_offsets`.
    OffsetsSettings {
        metadata_max_bytes: u32 = "offset.metadata.max.bytes",
        load_buffer_bytes: u32 = "offsets.load.buffer.size",
        num_partitions: i32 = "offsets.topic.num.partitions",
        replication_factor: i16 = "offsets.topic.replication.factor",
        segment_bytes: u32 = "offsets.topic.segment.bytes",
        compression_codec: i32 = "offsets.topic.compression.codec",
        retention: Duration = "offsets.retention.minutes",
        retention_check_interval: Duration = "offsets.retention.check.interval.ms",
        commit_timeout: Duration = "offsets.commit.timeout.ms",
    }
}

settings! {
    /// Consumer groups (KIP-848).
    ConsumerGroupDefaults {
        session_timeout_ms: i32 = "group.consumer.session.timeout.ms",
        min_session_timeout_ms: i32 = "group.consumer.min.session.timeout.ms",
        max_session_timeout_ms: i32 = "group.consumer.max.session.timeout.ms",
        heartbeat_interval_ms: i32 = "group.consumer.heartbeat.interval.ms",
        min_heartbeat_interval_ms: i32 = "group.consumer.min.heartbeat.interval.ms",
        max_heartbeat_interval_ms: i32 = "group.consumer.max.heartbeat.interval.ms",
        assignment_interval_ms: i32 = "group.consumer.assignment.interval.ms",
        min_assignment_interval_ms: i32 = "group.consumer.min.assignment.interval.ms",
        max_assignment_interval_ms: i32 = "group.consumer.max.assignment.interval.ms",
        assignor_offload: bool = "group.consumer.assignor.offload.enable",
        max_size: u32 = "group.consumer.max.size",
        assignors: Vec<String> = "group.consumer.assignors",
        migration_policy: String = "group.consumer.migration.policy",
        regex_refresh_interval: Duration = "group.consumer.regex.refresh.interval.ms",
    }
}

settings! {
    /// Share groups (KIP-932) and the share coordinator.
    ShareGroupDefaults {
        session_timeout_ms: i32 = "group.share.session.timeout.ms",
        min_session_timeout_ms: i32 = "group.share.min.session.timeout.ms",
        max_session_timeout_ms: i32 = "group.share.max.session.timeout.ms",
        heartbeat_interval_ms: i32 = "group.share.heartbeat.interval.ms",
        min_heartbeat_interval_ms: i32 = "group.share.min.heartbeat.interval.ms",
        max_heartbeat_interval_ms: i32 = "group.share.max.heartbeat.interval.ms",
        assignment_interval_ms: i32 = "group.share.assignment.interval.ms",
        min_assignment_interval_ms: i32 = "group.share.min.assignment.interval.ms",
        max_assignment_interval_ms: i32 = "group.share.max.assignment.interval.ms",
        assignor_offload: bool = "group.share.assignor.offload.enable",
        max_size: u32 = "group.share.max.size",
        assignors: Vec<String> = "group.share.assignors",
        delivery_count_limit: i32 = "group.share.delivery.count.limit",
        min_delivery_count_limit: i32 = "group.share.min.delivery.count.limit",
        max_delivery_count_limit: i32 = "group.share.max.delivery.count.limit",
        record_lock_duration_ms: i32 = "group.share.record.lock.duration.ms",
        min_record_lock_duration_ms: i32 = "group.share.min.record.lock.duration.ms",
        max_record_lock_duration_ms: i32 = "group.share.max.record.lock.duration.ms",
        partition_max_record_locks: i32 = "group.share.partition.max.record.locks",
        min_partition_max_record_locks: i32 = "group.share.min.partition.max.record.locks",
        max_partition_max_record_locks: i32 = "group.share.max.partition.max.record.locks",
        max_share_sessions: u32 = "group.share.max.share.sessions",
        initialize_retry_interval: Duration = "group.share.initialize.retry.interval.ms",
        dead_letter_auto_create: bool = "errors.deadletterqueue.auto.create.topics.enable",
        dead_letter_prefix: String = "errors.deadletterqueue.topic.name.prefix",
        coordinator_threads: u32 = "share.coordinator.threads",
        append_linger: Option<Duration> = "share.coordinator.append.linger.ms",
        cached_buffer_max_bytes: u32 = "share.coordinator.cached.buffer.max.bytes",
        load_buffer_bytes: u32 = "share.coordinator.load.buffer.size",
        snapshot_update_records: u32 = "share.coordinator.snapshot.update.records.per.snapshot",
        write_timeout: Duration = "share.coordinator.write.timeout.ms",
        cold_snapshot_interval: Duration = "share.coordinator.cold.partition.snapshot.interval.ms",
        prune_interval: Duration = "share.coordinator.state.topic.prune.interval.ms",
        num_partitions: i32 = "share.coordinator.state.topic.num.partitions",
        replication_factor: i16 = "share.coordinator.state.topic.replication.factor",
        min_isr: i16 = "share.coordinator.state.topic.min.isr",
        segment_bytes: u32 = "share.coordinator.state.topic.segment.bytes",
        compression_codec: i32 = "share.coordinator.state.topic.compression.codec",
    }
}

settings! {
    /// Streams groups (KIP-1071).
    StreamsGroupDefaults {
        session_timeout_ms: i32 = "group.streams.session.timeout.ms",
        min_session_timeout_ms: i32 = "group.streams.min.session.timeout.ms",
        max_session_timeout_ms: i32 = "group.streams.max.session.timeout.ms",
        heartbeat_interval_ms: i32 = "group.streams.heartbeat.interval.ms",
        min_heartbeat_interval_ms: i32 = "group.streams.min.heartbeat.interval.ms",
        max_heartbeat_interval_ms: i32 = "group.streams.max.heartbeat.interval.ms",
        assignment_interval_ms: i32 = "group.streams.assignment.interval.ms",
        min_assignment_interval_ms: i32 = "group.streams.min.assignment.interval.ms",
        max_assignment_interval_ms: i32 = "group.streams.max.assignment.interval.ms",
        assignor_offload: bool = "group.streams.assignor.offload.enable",
        max_size: u32 = "group.streams.max.size",
        assignors: Vec<String> = "group.streams.assignors",
        initial_rebalance_delay_ms: i32 = "group.streams.initial.rebalance.delay.ms",
        num_standby_replicas: i32 = "group.streams.num.standby.replicas",
        max_standby_replicas: i32 = "group.streams.max.standby.replicas",
        num_warmup_replicas: i32 = "group.streams.num.warmup.replicas",
        max_warmup_replicas: i32 = "group.streams.max.warmup.replicas",
        task_offset_interval_ms: i32 = "group.streams.task.offset.interval.ms",
        min_task_offset_interval_ms: i32 = "group.streams.min.task.offset.interval.ms",
        acceptable_recovery_lag: i64 = "group.streams.acceptable.recovery.lag",
        rack_aware_assignment_tags: Vec<String> = "group.streams.rack.aware.assignment.tags",
    }
}
