//! Settings of a log (topic level) and of a log directory (node level), parsed and in units.
//! Names and defaults are Kafka 4.4's; what -1 means there is `None` here.

use std::time::Duration;

/// `cleanup.policy`. Both off means: keep for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CleanupPolicy {
    /// Old segments go by `retention.*`.
    pub delete: bool,
    /// The last value of each key stays.
    pub compact: bool,
}

/// Topic-level settings of one log. Plain values: whoever builds it has validated them.
#[derive(Clone, Debug, PartialEq)]
pub struct LogConfig {
    /// `segment.bytes`: a segment never grows beyond it.
    pub segment_bytes: u32,
    /// `segment.ms`, measured on record timestamps.
    pub segment_ms: Duration,
    /// `segment.jitter.ms`: at most this much is taken off `segment_ms`, so that not all logs roll at once.
    pub segment_jitter_ms: Duration,
    /// `segment.index.bytes`: a segment rolls when an index of this size would be full.
    pub segment_index_bytes: u32,
    /// `index.interval.bytes`: log bytes between two index entries.
    pub index_interval_bytes: u32,
    /// `flush.messages`: records between two fsyncs; `u64::MAX` for never.
    pub flush_messages: u64,
    /// `flush.ms`; `None` for never.
    pub flush_ms: Option<Duration>,
    /// `retention.bytes` of the whole log.
    pub retention_bytes: Option<u64>,
    /// `retention.ms`.
    pub retention_ms: Option<Duration>,
    /// `cleanup.policy`.
    pub cleanup: CleanupPolicy,
    /// `file.delete.delay.ms`: `.deleted` files stay this long for readers that hold them.
    pub file_delete_delay: Duration,
    /// `delete.retention.ms` of tombstones and markers in compacted logs.
    pub delete_retention: Duration,
    /// `min.compaction.lag.ms`.
    pub min_compaction_lag: Duration,
    /// `max.compaction.lag.ms`; `None` for no bound.
    pub max_compaction_lag: Option<Duration>,
    /// `min.cleanable.dirty.ratio`, 0 to 1.
    pub min_cleanable_dirty_ratio: f64,
    /// `max.message.bytes` of a batch; not checked on replication.
    pub max_message_bytes: u32,
    /// `max.decompressed.message.bytes` of a record.
    pub max_decompressed_message_bytes: u32,
    /// `preallocate`: reserve `segment.bytes` of blocks when a segment is made. The size of the
    /// file stays that of its content (Kafka cuts it on close).
    pub preallocate: bool,
}

impl Default for LogConfig {
    fn default() -> LogConfig {
        const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);
        LogConfig {
            segment_bytes: 1 << 30,
            segment_ms: WEEK,
            segment_jitter_ms: Duration::ZERO,
            segment_index_bytes: 10 << 20,
            index_interval_bytes: 4096,
            flush_messages: u64::MAX,
            flush_ms: None,
            retention_bytes: None,
            retention_ms: Some(WEEK),
            cleanup: CleanupPolicy { delete: true, compact: false },
            file_delete_delay: Duration::from_secs(60),
            delete_retention: Duration::from_secs(24 * 3600),
            min_compaction_lag: Duration::ZERO,
            max_compaction_lag: None,
            min_cleanable_dirty_ratio: 0.5,
            max_message_bytes: (1 << 20) + 12,
            max_decompressed_message_bytes: i32::MAX as u32 - 8,
            preallocate: false,
        }
    }
}

impl LogConfig {
    /// Age at which the active segment rolls: compaction leaves it alone, so a bound on the
    /// compaction lag bounds its age as well.
    pub fn max_segment_ms(&self) -> Duration {
        match self.max_compaction_lag {
            Some(lag) if self.cleanup.compact => self.segment_ms.min(lag),
            _ => self.segment_ms,
        }
    }
}

/// Settings of all log directories of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryConfig {
    /// Start writing back a log's dirty pages every this many bytes; 0 leaves it to the kernel.
    pub write_back_step: u64,
    /// Reserve blocks ahead of the end of active segments in steps of this size; 0 for not.
    pub allocation_step: u64,
    /// Below this much free space appends are refused, before the file system does.
    pub low_water_bytes: u64,
    /// Descriptors kept open for files of logs.
    pub max_open_files: usize,
    /// `producer.id.expiration.ms`.
    pub producer_id_expiration: Duration,
    /// `transaction.partition.verification.enable`.
    pub transaction_verification: bool,
}

impl Default for DirectoryConfig {
    fn default() -> DirectoryConfig {
        DirectoryConfig {
            write_back_step: 4 << 20,
            allocation_step: 0,
            low_water_bytes: 64 << 20,
            max_open_files: 4096,
            producer_id_expiration: Duration::from_secs(24 * 3600),
            transaction_verification: true,
        }
    }
}
