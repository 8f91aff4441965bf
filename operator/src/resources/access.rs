//! Who may do what to a cluster's pods: evictions, connections, tokens.

use k8s_openapi::api::core::v1::ServiceAccount;
use k8s_openapi::api::networking::v1::{
    NetworkPolicy, NetworkPolicyIngressRule, NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec,
};
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{ADMIN_PORT, CONTROLLER_PORT, Site, StatefulRole, client_listeners};

/// The account of the pods. It has no rights, and its token is in no pod.
pub fn service_account(site: &Site<'_>) -> ServiceAccount {
    ServiceAccount {
        metadata: site.meta(site.name().to_owned(), None),
        automount_service_account_token: Some(false),
        ..ServiceAccount::default()
    }
}

/// Whether nodes may be evicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evictions {
    /// One at a time of a role, and none while another is not ready.
    OneAtATime,
    /// None: another would take a second replica of some partition.
    Held,
}

/// Who drains a machine waits until the role's nodes may be evicted.
pub fn disruption_budget(site: &Site<'_>, role: StatefulRole, evictions: Evictions) -> PodDisruptionBudget {
    let at_once = match evictions {
        Evictions::OneAtATime => 1,
        Evictions::Held => 0,
    };
    PodDisruptionBudget {
        metadata: site.meta(site.set_name(role), Some(role)),
        spec: Some(PodDisruptionBudgetSpec {
            max_unavailable: Some(IntOrString::Int(at_once)),
            selector: Some(site.label_selector(Some(role))),
            ..PodDisruptionBudgetSpec::default()
        }),
        status: None,
    }
}

/// The controllers' port is for the cluster's own nodes, the admin service for operators in any namespace; the
/// listeners are for everybody. What the kubelet asks comes from the pod's own machine, which policies let pass.
pub fn network_policy(site: &Site<'_>) -> NetworkPolicy {
    let on = |port: u16| NetworkPolicyPort {
        port: Some(IntOrString::Int(i32::from(port))),
        protocol: Some("TCP".to_owned()),
        end_port: None,
    };
    let own_nodes =
        NetworkPolicyPeer { pod_selector: Some(site.label_selector(None)), ..NetworkPolicyPeer::default() };
    let operators = NetworkPolicyPeer {
        namespace_selector: Some(LabelSelector::default()),
        pod_selector: Some(LabelSelector {
            match_labels: Some([("app.kubernetes.io/name".to_owned(), "klamm-operator".to_owned())].into()),
            ..LabelSelector::default()
        }),
        ..NetworkPolicyPeer::default()
    };
    let ingress = vec![
        NetworkPolicyIngressRule { from: Some(vec![own_nodes]), ports: Some(vec![on(CONTROLLER_PORT)]) },
        NetworkPolicyIngressRule { from: Some(vec![operators]), ports: Some(vec![on(ADMIN_PORT)]) },
        NetworkPolicyIngressRule {
            from: None,
            ports: Some(client_listeners(site).iter().map(|(_, port)| on(*port)).collect()),
        },
    ];
    NetworkPolicy {
        metadata: site.meta(site.name().to_owned(), None),
        spec: Some(NetworkPolicySpec {
            pod_selector: Some(site.label_selector(None)),
            policy_types: Some(vec!["Ingress".to_owned()]),
            ingress: Some(ingress),
            ..NetworkPolicySpec::default()
        }),
    }
}
