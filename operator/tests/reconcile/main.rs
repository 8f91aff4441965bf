//! The reconciler against an API server, kubelets and a cluster in memory: stories of edits and losses,
//! errors of the API server at every call, two operators.
#![allow(clippy::unwrap_used, missing_docs)]

mod api;
mod certificates;
mod faults;
mod machines;
mod nodes;
mod plugin;
mod rights;
mod site;
mod stories;
mod topics;
mod world;
