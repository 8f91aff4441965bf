//! The quorum in a small world of its own: virtual time, a network that loses and reorders, disks
//! that lose what was not synced. Every history is a function of its seed.
#![allow(clippy::disallowed_methods)] // reads seeds and scenarios
#![allow(clippy::unwrap_used, missing_docs)]

mod bugs;
mod chaos;
mod events;
mod scenario;
mod sim;
