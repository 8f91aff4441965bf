//! The admin service of one node: gRPC to its operator over mutual TLS, and health for probes in plaintext.
//! Off unless configured. Its own thread; it holds handles and snapshots and changes nothing of the node.
//! `docs/decisions/0040-admin-service.md`.

mod certificates;
mod connections;
mod diagnostics;
mod health;
mod liveness;
mod progress;
mod server;
mod service;
mod status;

pub use progress::{Progress, Stage};
pub use server::{AdminParts, AdminServer, BoundAdmin};
