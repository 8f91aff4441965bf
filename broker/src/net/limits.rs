//! What one connection may cost: sizes, counts and deadlines, each with its default.

use std::time::Duration;

/// Limits of a connection; the first three come from the node's configuration.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Largest request frame in bytes (`socket.request.max.bytes`).
    pub max_frame: usize,
    /// A connection without a request for this long is closed (`connections.max.idle.ms`).
    pub max_idle: Duration,
    /// Socket send and receive buffer in bytes (`socket.send.buffer.bytes`,
    /// `socket.receive.buffer.bytes`); `None` leaves the kernel's autotuning.
    pub send_buffer: Option<usize>,
    /// See `send_buffer`.
    pub receive_buffer: Option<usize>,
    /// From accept to the first whole request.
    pub first_request: Duration,
    /// A request that began must arrive at [`Limits::min_rate`] on the whole, after this grace.
    pub frame_grace: Duration,
    /// Bytes per second a peer must send of a begun request, after the grace.
    pub min_rate: u64,
    /// A peer that sends nothing of a begun request for this long is closed; while the memory of requests is used up,
    /// already after the grace.
    pub frame_stall: Duration,
    /// A peer that takes none of a waiting reply for this long is closed: as idle (`connections.max.idle.ms`).
    pub write_stall: Duration,
    /// Requests of one connection in progress at once; only produce requests overlap.
    pub max_in_flight: usize,
    /// Reply bytes queued before the connection stops reading requests.
    pub max_output: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            max_frame: 100 * 1024 * 1024,
            max_idle: Duration::from_secs(600),
            send_buffer: None,
            receive_buffer: None,
            first_request: Duration::from_secs(10),
            frame_grace: Duration::from_secs(10),
            min_rate: 64 * 1024,
            frame_stall: Duration::from_secs(30),
            write_stall: Duration::from_secs(600),
            max_in_flight: 32,
            max_output: 1024 * 1024,
        }
    }
}
