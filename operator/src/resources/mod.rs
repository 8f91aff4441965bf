//! The Kubernetes objects of a cluster, each built purely from the validated spec.

mod access;
mod config_keys;
mod config_map;
mod faults;
mod names;
mod pod;
mod services;
mod settings;
mod stateful_set;

pub use access::{Evictions, disruption_budget, network_policy, service_account};
pub use config_map::{Founding, Instruction, NodeFile, config_map, read_node_files};
pub use faults::spec_faults;
pub use names::{
    ANNOTATION_FENCED, ANNOTATION_POD_HASH, ANNOTATION_RESTART, BROKER, CONTROLLER, LABEL_CLUSTER,
    LABEL_CLUSTER_ID, LABEL_ROLE, Site, StatefulRole, fenced_nodes,
};
pub use pod::{ADMIN_VOLUME, MAIN, PREPARE, pod_hash, pod_template};
pub use services::{bootstrap_service, headless_service};
pub use settings::{
    ADMIN_PORT, CONTROLLER_PORT, HEALTH_PORT, client_listeners, node_settings, render, restart_hash,
};
pub(crate) use stateful_set::id_of_label;
pub use stateful_set::{stateful_set, volumes_of};

#[cfg(test)]
mod tests;
