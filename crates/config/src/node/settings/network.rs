//! Connections, request queues, fetches, quota windows.

use std::time::Duration;

use super::settings;

settings! {
    /// Connections and the queue of requests.
    NetworkSettings {
        num_network_threads: u32 = "num.network.threads",
        num_io_threads: u32 = "num.io.threads",
        queued_max_requests: u32 = "queued.max.requests",
        queued_max_request_bytes: Option<u64> = "queued.max.request.bytes",
        socket_send_buffer_bytes: Option<u32> = "socket.send.buffer.bytes",
        socket_receive_buffer_bytes: Option<u32> = "socket.receive.buffer.bytes",
        socket_request_max_bytes: u32 = "socket.request.max.bytes",
        socket_listen_backlog_size: u32 = "socket.listen.backlog.size",
        max_connections: u32 = "max.connections",
        max_connections_per_ip: u32 = "max.connections.per.ip",
        max_connection_creation_rate: u32 = "max.connection.creation.rate",
        connections_max_idle: Option<Duration> = "connections.max.idle.ms",
        connections_max_reauth: Duration = "connections.max.reauth.ms",
        failed_authentication_delay: Duration = "connection.failed.authentication.delay.ms",
        connection_setup_timeout: Duration = "socket.connection.setup.timeout.ms",
        connection_setup_timeout_max: Duration = "socket.connection.setup.timeout.max.ms",
        request_timeout: Duration = "request.timeout.ms",
        telemetry_max_bytes: u32 = "telemetry.max.bytes",
        unstable_api_versions: bool = "unstable.api.versions.enable",
        unstable_feature_versions: bool = "unstable.feature.versions.enable",
    }
}

settings! {
    /// Answers to fetches and to the listing of partitions.
    FetchSettings {
        max_bytes: u32 = "fetch.max.bytes",
        session_cache_slots: u32 = "max.incremental.fetch.session.cache.slots",
        max_partitions_described: u32 = "max.request.partition.size.limit",
        replica_selector_class: Option<String> = "replica.selector.class",
    }
}

/// Samples over which one kind of quota is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuotaWindow {
    /// How many samples are kept.
    pub samples: u32,
    /// How long each one is.
    pub length: Duration,
}
