//! Logs as a whole: directories, periodic tasks, compaction, tiered storage, new topics.

use std::time::Duration;

use super::settings;

settings! {
    /// Directories and periodic tasks. What holds for one partition is in `TopicSettings`.
    LogSettings {
        recovery_threads_per_dir: u32 = "num.recovery.threads.per.data.dir",
        alter_log_dirs_threads: Option<u32> = "num.replica.alter.log.dirs.threads",
        retention_check_interval: Duration = "log.retention.check.interval.ms",
        flush_scheduler_interval: Duration = "log.flush.scheduler.interval.ms",
        recovery_point_checkpoint_interval: Duration = "log.flush.offset.checkpoint.interval.ms",
        log_start_checkpoint_interval: Duration = "log.flush.start.offset.checkpoint.interval.ms",
        dir_failure_timeout: Duration = "log.dir.failure.timeout.ms",
        initial_task_delay: Duration = "log.initial.task.delay.ms",
        producer_id_expiration: Duration = "producer.id.expiration.ms",
        producer_id_expiration_check_interval: Duration = "producer.id.expiration.check.interval.ms",
        transaction_verification: bool = "transaction.partition.verification.enable",
    }
}

settings! {
    /// The compaction threads.
    CleanerSettings {
        enabled: bool = "log.cleaner.enable",
        threads: u32 = "log.cleaner.threads",
        dedupe_buffer_bytes: u64 = "log.cleaner.dedupe.buffer.size",
        dedupe_load_factor: f64 = "log.cleaner.io.buffer.load.factor",
        io_buffer_bytes: u32 = "log.cleaner.io.buffer.size",
        io_max_bytes_per_second: f64 = "log.cleaner.io.max.bytes.per.second",
        backoff: Duration = "log.cleaner.backoff.ms",
        max_message_bytes: u32 = "message.max.bytes",
    }
}

settings! {
    /// Tiered storage.
    RemoteLogSettings {
        enabled: bool = "remote.log.storage.system.enable",
        storage_manager: Option<String> = "remote.log.storage.manager.class.name",
        storage_prefix: Option<String> = "remote.log.storage.manager.impl.prefix",
        metadata_manager: Option<String> = "remote.log.metadata.manager.class.name",
        metadata_prefix: Option<String> = "remote.log.metadata.manager.impl.prefix",
        metadata_listener: Option<String> = "remote.log.metadata.manager.listener.name",
        custom_metadata_max_bytes: u32 = "remote.log.metadata.custom.metadata.max.bytes",
        index_cache_bytes: u64 = "remote.log.index.file.cache.total.size.bytes",
        index_cache_ttl: Option<Duration> = "remote.log.index.file.cache.ttl.ms",
        copier_threads: u32 = "remote.log.manager.copier.thread.pool.size",
        expiration_threads: u32 = "remote.log.manager.expiration.thread.pool.size",
        follower_threads: u32 = "remote.log.manager.follower.thread.pool.size",
        task_interval: Duration = "remote.log.manager.task.interval.ms",
        retry_backoff: Duration = "remote.log.manager.task.retry.backoff.ms",
        retry_backoff_max: Duration = "remote.log.manager.task.retry.backoff.max.ms",
        retry_jitter: f64 = "remote.log.manager.task.retry.jitter",
        copy_max_bytes_per_second: u64 = "remote.log.manager.copy.max.bytes.per.second",
        fetch_max_bytes_per_second: u64 = "remote.log.manager.fetch.max.bytes.per.second",
        reader_threads: u32 = "remote.log.reader.threads",
        reader_max_pending: u32 = "remote.log.reader.max.pending.tasks",
        fetch_max_wait: Duration = "remote.fetch.max.wait.ms",
        list_offsets_timeout: Duration = "remote.list.offsets.request.timeout.ms",
        follower_fetch_last_tiered_offset: bool = "follower.fetch.last.tiered.offset.enable",
    }
}

settings! {
    /// The making and deleting of topics.
    TopicDefaults {
        auto_create: bool = "auto.create.topics.enable",
        delete_enabled: bool = "delete.topic.enable",
        num_partitions: i32 = "num.partitions",
        replication_factor: i32 = "default.replication.factor",
    }
}
