//! What the broker's configuration says to the group coordinator.

use std::time::Duration;

/// How long a member that was let in may take until its first generation forms: it may wait out a slow
/// rebalance, but a client that is gone must not stay for ever. Not configurable in Kafka either.
pub const NEW_MEMBER_JOIN_TIMEOUT: Duration = Duration::from_secs(5 * 60);

/// Values of broker configs, with Kafka's defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `offset.metadata.max.bytes`: in UTF-16 units, whatever the name says.
    pub offset_metadata_max: usize,
    /// `offsets.retention.minutes`.
    pub offsets_retention: Duration,
    /// `offsets.retention.check.interval.ms`.
    pub offsets_retention_check_interval: Duration,
    /// `group.min.session.timeout.ms`, in milliseconds.
    pub min_session_timeout_ms: i32,
    /// `group.max.session.timeout.ms`, in milliseconds.
    pub max_session_timeout_ms: i32,
    /// `group.max.size`.
    pub max_size: usize,
    /// `group.initial.rebalance.delay.ms`.
    pub initial_rebalance_delay: Duration,
    /// `offsets.commit.timeout.ms`: longest wait of an answer for what it wrote, or was written before it, to be
    /// committed.
    pub commit_timeout: Duration,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            offset_metadata_max: 4096,
            offsets_retention: Duration::from_secs(7 * 24 * 60 * 60),
            offsets_retention_check_interval: Duration::from_secs(10 * 60),
            min_session_timeout_ms: 6_000,
            max_session_timeout_ms: 30 * 60 * 1_000,
            max_size: i32::MAX as usize,
            initial_rebalance_delay: Duration::from_secs(3),
            commit_timeout: Duration::from_secs(5),
        }
    }
}
