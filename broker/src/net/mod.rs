//! Sockets: accepting, framing, and replies in the order of requests. Knows nothing of what a
//! request means; `handlers` turns a frame into a reply.

pub mod admission;
pub mod backlog;
pub mod budget;
pub mod buffers;
pub mod connection;
pub mod frame;
pub mod frame_clock;
pub mod limits;
pub mod listener;
pub mod output;
pub mod rate;
pub mod region;
pub mod reply;
pub mod shard;
