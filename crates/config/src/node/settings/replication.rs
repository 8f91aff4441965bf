//! Followers and leaders, and the transaction coordinator.

use std::time::Duration;

use super::settings;

settings! {
    /// Fetching as a follower, and judging followers as a leader.
    ReplicationSettings {
        num_replica_fetchers: u32 = "num.replica.fetchers",
        fetch_wait_max: Duration = "replica.fetch.wait.max.ms",
        fetch_min_bytes: u32 = "replica.fetch.min.bytes",
        fetch_max_bytes: u32 = "replica.fetch.max.bytes",
        fetch_response_max_bytes: u32 = "replica.fetch.response.max.bytes",
        fetch_backoff: Duration = "replica.fetch.backoff.ms",
        lag_time_max: Duration = "replica.lag.time.max.ms",
        socket_timeout: Duration = "replica.socket.timeout.ms",
        socket_receive_buffer_bytes: Option<u32> = "replica.socket.receive.buffer.bytes",
        high_watermark_checkpoint_interval: Duration = "replica.high.watermark.checkpoint.interval.ms",
    }
}

settings! {
    /// The transaction coordinator and `__transaction_state`.
    TransactionSettings {
        transactional_id_expiration: Duration = "transactional.id.expiration.ms",
        max_timeout: Duration = "transaction.max.timeout.ms",
        num_partitions: i32 = "transaction.state.log.num.partitions",
        replication_factor: i16 = "transaction.state.log.replication.factor",
        min_isr: i32 = "transaction.state.log.min.isr",
        segment_bytes: u32 = "transaction.state.log.segment.bytes",
        load_buffer_bytes: u32 = "transaction.state.log.load.buffer.size",
        abort_timed_out_interval: Duration = "transaction.abort.timed.out.transaction.cleanup.interval.ms",
        remove_expired_interval: Duration = "transaction.remove.expired.transaction.cleanup.interval.ms",
        two_phase_commit: bool = "transaction.two.phase.commit.enable",
        add_partitions_retry_backoff: Duration = "add.partitions.to.txn.retry.backoff.ms",
        add_partitions_retry_backoff_max: Duration = "add.partitions.to.txn.retry.backoff.max.ms",
    }
}
