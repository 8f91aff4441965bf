//! Black-box stories of starting and stopping: what is refused with which sentence, where settings come from, and how
//! a node is told to stop.
#![allow(clippy::unwrap_used, missing_docs)]

mod prepare;
mod refusals;
mod settings;
mod stopping;

use klamm_testkit::cluster::{ClusterSpec, LocalCluster};

/// A formatted node that does not run.
fn node(settings: &str) -> LocalCluster {
    let spec = ClusterSpec::single(env!("CARGO_BIN_EXE_klamm")).with_settings(settings);
    LocalCluster::format(&spec).unwrap()
}
