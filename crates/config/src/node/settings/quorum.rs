//! The quorum, the metadata log, the controller, and the broker's ties to it.

use std::time::Duration;

use super::settings;

settings! {
    /// Times and sizes of the raft protocol.
    QuorumTimeouts {
        election_timeout: Duration = "controller.quorum.election.timeout.ms",
        election_backoff_max: Duration = "controller.quorum.election.backoff.max.ms",
        fetch_timeout: Duration = "controller.quorum.fetch.timeout.ms",
        request_timeout: Duration = "controller.quorum.request.timeout.ms",
        retry_backoff: Duration = "controller.quorum.retry.backoff.ms",
        append_linger: Duration = "controller.quorum.append.linger.ms",
        fetch_max_bytes: u32 = "controller.quorum.fetch.max.bytes",
        fetch_snapshot_max_bytes: u32 = "controller.quorum.fetch.snapshot.max.bytes",
        auto_join: bool = "controller.quorum.auto.join.enable",
    }
}

settings! {
    /// The log of `__cluster_metadata` and its snapshots.
    MetadataLogSettings {
        segment_bytes_public: u32 = "metadata.log.segment.bytes",
        segment_bytes_internal: Option<u32> = "internal.metadata.log.segment.bytes",
        segment_age: Duration = "metadata.log.segment.ms",
        max_record_bytes_between_snapshots: u64 = "metadata.log.max.record.bytes.between.snapshots",
        max_snapshot_interval: Duration = "metadata.log.max.snapshot.interval.ms",
        max_idle_interval: Duration = "metadata.max.idle.interval.ms",
        retention_bytes: Option<u64> = "metadata.max.retention.bytes",
        retention: Option<Duration> = "metadata.max.retention.ms",
        max_batch_bytes: u32 = "internal.metadata.max.batch.size.in.bytes",
        delete_delay: Duration = "internal.metadata.delete.delay.millis",
    }
}

impl MetadataLogSettings {
    /// Size in bytes at which a segment rolls.
    pub fn segment_bytes(&self) -> u32 {
        self.segment_bytes_internal.unwrap_or(self.segment_bytes_public)
    }
}

settings! {
    /// What the active controller goes by.
    ControllerSettings {
        broker_session_timeout: Duration = "broker.session.timeout.ms",
        auto_leader_rebalance: bool = "auto.leader.rebalance.enable",
        leader_imbalance_check_interval: Duration = "leader.imbalance.check.interval.seconds",
        unclean_election_check_interval: Duration = "unclean.leader.election.interval.ms",
        performance_sample_period: Duration = "controller.performance.sample.period.ms",
        performance_always_log_threshold: Duration = "controller.performance.always.log.threshold.ms",
        socket_timeout: Duration = "controller.socket.timeout.ms",
    }
}

settings! {
    /// A broker's registration, heartbeats and stop.
    BrokerSettings {
        rack: Option<String> = "broker.rack",
        heartbeat_interval: Duration = "broker.heartbeat.interval.ms",
        initial_registration_timeout: Duration = "initial.broker.registration.timeout.ms",
        server_max_startup_time: Duration = "server.max.startup.time.ms",
        controlled_shutdown: bool = "controlled.shutdown.enable",
        background_threads: u32 = "background.threads",
    }
}
