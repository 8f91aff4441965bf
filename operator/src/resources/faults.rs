//! What of a valid spec still cannot run in Kubernetes, each as a sentence with field, value and rule.

use klamm_config::{NodeConfig, Properties};
use klamm_lifecycle::ClusterSpec;

use super::config_keys::key_faults;
use super::pod::template_faults;
use super::{ADMIN_PORT, CONTROLLER_PORT, HEALTH_PORT, Site, node_settings};

/// Longest name of a cluster: names of its pods and services are made from it, and end at 63.
const LONGEST_NAME: usize = 40;

/// The faults of a spec.
pub fn spec_faults(spec: &ClusterSpec, namespace: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let name = &spec.name;
    let legal = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let begins = name.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
    if !legal || !begins || name.len() > LONGEST_NAME {
        faults.push(format!(
            "metadata.name: \"{name}\" is not a name of at most {LONGEST_NAME} lower-case letters, digits and dashes \
             that begins with a letter"
        ));
    }
    faults.extend(template_faults("spec.brokers", &spec.resource.brokers.template));
    faults.extend(template_faults("spec.controllers", &spec.resource.controllers.template));
    let own = [CONTROLLER_PORT, ADMIN_PORT, HEALTH_PORT];
    for listener in spec.resource.listeners.iter().filter(|listener| own.contains(&listener.port)) {
        faults.push(format!(
            "spec.listeners: listener \"{}\" has port {}, which is the node's own: {CONTROLLER_PORT}, {ADMIN_PORT} and \
             {HEALTH_PORT} are",
            listener.name, listener.port
        ));
    }
    faults.extend(key_faults(&spec.resource.config));
    let site = Site {
        spec,
        namespace,
        owner: k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference::default(),
        cluster_id: None,
        default_image: "",
        fenced: std::collections::BTreeSet::new(),
    };
    // Nodes of one role differ in names only.
    let first = spec.nodes.first().into_iter().chain(spec.nodes.last());
    let refused = first.filter_map(|node| {
        let settings = node_settings(&site, (node.id, node.role));
        let settings = settings.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        NodeConfig::parse(Properties::from_iter(settings)).err().map(|error| error.to_string())
    });
    if let Some(error) = refused.into_iter().next() {
        faults.push(format!("spec.config: {error}"));
    }
    faults
}
