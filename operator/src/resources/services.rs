//! Where nodes find each other, and where clients begin.

use k8s_openapi::api::core::v1::{Service, ServicePort, ServiceSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{CONTROLLER_PORT, Site, StatefulRole, client_listeners};

/// Gives each node a host name, ready or not: nodes must find each other before they are ready.
pub fn headless_service(site: &Site<'_>) -> Service {
    let mut ports = client_ports(site);
    ports.push(port("controller", CONTROLLER_PORT));
    Service {
        metadata: site.meta(site.headless_name(), None),
        spec: Some(ServiceSpec {
            cluster_ip: Some("None".to_owned()),
            publish_not_ready_addresses: Some(true),
            selector: Some(site.selector(None)),
            ports: Some(ports),
            ..ServiceSpec::default()
        }),
        status: None,
    }
}

/// Leads clients to any broker that is ready; from there they go on by the brokers' own names.
pub fn bootstrap_service(site: &Site<'_>) -> Service {
    Service {
        metadata: site.meta(site.bootstrap_name(), None),
        spec: Some(ServiceSpec {
            type_: Some("ClusterIP".to_owned()),
            selector: Some(site.selector(Some(StatefulRole::Brokers))),
            ports: Some(client_ports(site)),
            ..ServiceSpec::default()
        }),
        status: None,
    }
}

fn client_ports(site: &Site<'_>) -> Vec<ServicePort> {
    client_listeners(site).iter().map(|(name, number)| port(&name.to_lowercase(), *number)).collect()
}

fn port(name: &str, number: u16) -> ServicePort {
    ServicePort {
        name: Some(name.to_owned()),
        port: i32::from(number),
        target_port: Some(IntOrString::Int(i32::from(number))),
        protocol: Some("TCP".to_owned()),
        ..ServicePort::default()
    }
}
