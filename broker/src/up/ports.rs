//! Which node listens where: client listeners from the manifest's ports on, controllers a thousand
//! above the lowest of them.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use klamm_lifecycle::{ClusterSpec, Endpoint, NodeRole};
use klamm_manifest::ListenerStatus;
use klamm_model::NodeId;

/// Port of the first listener where the manifest names none.
const DEFAULT_PORT: u16 = 9092;
/// Distance of the controller's port from the lowest client port.
const CONTROLLER_DISTANCE: u32 = 1000;
/// Name of the controllers' listener.
pub(super) const CONTROLLER: &str = "CONTROLLER";

/// Name (upper case) and port of each client listener of a node; no port where it would not fit.
fn wanted_client_listeners(spec: &ClusterSpec, node: NodeId) -> Vec<(String, u32)> {
    let offset = node.get().unsigned_abs();
    let listeners = &spec.resource.listeners;
    if listeners.is_empty() {
        return vec![("PLAIN".to_owned(), u32::from(DEFAULT_PORT) + offset)];
    }
    listeners
        .iter()
        .map(|listener| (listener.name.to_uppercase(), u32::from(listener.port) + offset))
        .collect()
}

fn wanted_controller_port(spec: &ClusterSpec, node: NodeId) -> u32 {
    let lowest = spec.resource.listeners.iter().map(|listener| listener.port).min().unwrap_or(DEFAULT_PORT);
    u32::from(lowest) + CONTROLLER_DISTANCE + node.get().unsigned_abs()
}

/// Name (upper case) and port of each client listener of a node.
pub(super) fn client_listeners(spec: &ClusterSpec, node: NodeId) -> Vec<(String, u16)> {
    let listeners = wanted_client_listeners(spec, node).into_iter();
    listeners.map(|(name, port)| (name, u16::try_from(port).unwrap_or(u16::MAX))).collect()
}

/// Port of a node's controller listener.
pub(super) fn controller_port(spec: &ClusterSpec, node: NodeId) -> u16 {
    u16::try_from(wanted_controller_port(spec, node)).unwrap_or(u16::MAX)
}

/// Where other nodes reach a controller.
pub(super) fn controller_endpoint(spec: &ClusterSpec, node: NodeId) -> Endpoint {
    Endpoint {
        listener: CONTROLLER.to_owned(),
        host: "127.0.0.1".to_owned(),
        port: controller_port(spec, node),
    }
}

/// Refuses a manifest whose nodes would share a port or need one that does not exist.
pub(super) fn check(spec: &ClusterSpec) -> Result<()> {
    let mut taken: BTreeMap<u32, String> = BTreeMap::new();
    for node in &spec.nodes {
        let mut ports = Vec::new();
        if node.role != NodeRole::Controller {
            ports = wanted_client_listeners(spec, node.id);
        }
        if node.role.is_controller() {
            ports.push((CONTROLLER.to_owned(), wanted_controller_port(spec, node.id)));
        }
        for (name, port) in ports {
            let user = format!("listener {} of node {}", name.to_lowercase(), node.id);
            if port > u32::from(u16::MAX) {
                bail!("KafkaCluster/{}: {user} would need port {port}, and ports end at 65535", spec.name);
            }
            if let Some(other) = taken.insert(port, user.clone()) {
                bail!(
                    "KafkaCluster/{}: {other} and {user} would both listen on port {port}; broker n listens on \
                     spec.listeners.port + n, so leave room between the ports",
                    spec.name
                );
            }
        }
    }
    Ok(())
}

/// Where clients of each listener connect.
pub(super) fn listener_statuses(spec: &ClusterSpec) -> Vec<ListenerStatus> {
    let brokers: Vec<_> = spec.brokers().map(|node| client_listeners(spec, node.id)).collect();
    let Some(first) = brokers.first() else { return Vec::new() };
    (0..first.len())
        .map(|index| ListenerStatus {
            name: first[index].0.to_lowercase(),
            bootstrap: brokers
                .iter()
                .map(|listeners| format!("127.0.0.1:{}", listeners[index].1))
                .collect::<Vec<_>>()
                .join(","),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use klamm_manifest::read_manifest;

    fn spec(text: &str) -> ClusterSpec {
        let text = format!(
            "apiVersion: klamm.dev/v1alpha1\nkind: KafkaCluster\nmetadata: {{name: c}}\nspec: {text}\n"
        );
        ClusterSpec::of_manifest(&read_manifest(&text).unwrap()).unwrap()
    }

    #[test]
    fn two_listeners_whose_brokers_meet_on_a_port_are_refused() {
        let spec = spec("{listeners: [{name: a, port: 9092}, {name: b, port: 9094}]}");
        let said = check(&spec).unwrap_err().to_string();
        assert!(said.contains("listener b of node 0 and listener a of node 2"), "{said}");
    }

    #[test]
    fn a_port_beyond_the_last_is_refused() {
        let said = check(&spec("{listeners: [{name: a, port: 65534}]}")).unwrap_err().to_string();
        assert!(said.contains("listener a of node 2 would need port 65536"), "{said}");
    }

    #[test]
    fn clients_are_told_every_broker() {
        let statuses = listener_statuses(&spec("{listeners: [{name: a, port: 100}]}"));
        assert_eq!(statuses[0].bootstrap, "127.0.0.1:100,127.0.0.1:101,127.0.0.1:102");
    }
}
