//! Names and labels of a cluster's objects, and who owns them.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta, OwnerReference};
use klamm_lifecycle::{ClusterSpec, Endpoint, NodeRole};
use klamm_manifest::ControllerMode;
use klamm_model::{NodeId, Uuid};

use super::CONTROLLER_PORT;

/// Label with the cluster's name.
pub const LABEL_CLUSTER: &str = "klamm.dev/cluster";
/// Label with the role of a pod or volume.
pub const LABEL_ROLE: &str = "klamm.dev/role";
/// Label of volumes with the identity of the cluster that they belong to.
pub const LABEL_CLUSTER_ID: &str = "klamm.dev/cluster-id";
/// Annotation of pods with the hash of what takes a restart in them.
pub const ANNOTATION_POD_HASH: &str = "klamm.dev/pod-hash";
/// Annotation of pods by which a person asks that the node be restarted, with the time or a reason. The new
/// pod has none.
pub const ANNOTATION_RESTART: &str = "klamm.dev/restart";
/// Annotation of a KafkaCluster with the ids of nodes that are fenced, separated by commas: their pods are kept, and no
/// node runs in them.
pub const ANNOTATION_FENCED: &str = "klamm.dev/fenced";
/// Name of the controllers' listener.
pub const CONTROLLER: &str = "CONTROLLER";
/// Value of the role label of brokers, combined ones too.
pub const BROKER: &str = "broker";

/// Which StatefulSet a node belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatefulRole {
    /// Brokers, and in combined mode all nodes.
    Brokers,
    /// Dedicated controllers.
    Controllers,
}

impl StatefulRole {
    /// Both.
    pub const ALL: [StatefulRole; 2] = [StatefulRole::Controllers, StatefulRole::Brokers];

    /// Value of the role label.
    pub fn label(self) -> &'static str {
        match self {
            StatefulRole::Brokers => BROKER,
            StatefulRole::Controllers => "controller",
        }
    }
}

/// A cluster's place in Kubernetes.
#[derive(Clone, Debug)]
pub struct Site<'a> {
    /// What is wanted.
    pub spec: &'a ClusterSpec,
    /// Where its objects are.
    pub namespace: &'a str,
    /// Its resource.
    pub owner: OwnerReference,
    /// The identity that was chosen for it.
    pub cluster_id: Option<Uuid>,
    /// Image of nodes where the spec names none.
    pub default_image: &'a str,
    /// Nodes that are not to run in their pods.
    pub fenced: BTreeSet<NodeId>,
}

/// The nodes that [`ANNOTATION_FENCED`] names. What is no id counts for nothing.
pub fn fenced_nodes(annotations: Option<&BTreeMap<String, String>>) -> BTreeSet<NodeId> {
    let list = annotations.and_then(|all| all.get(ANNOTATION_FENCED)).map(String::as_str).unwrap_or_default();
    list.split(',').filter_map(|id| NodeId::new(id.trim().parse().ok()?)).collect()
}

impl Site<'_> {
    /// Name of the cluster.
    pub fn name(&self) -> &str {
        &self.spec.name
    }

    /// The StatefulSet that node `id` belongs to. Ids of dedicated controllers begin at
    /// `controllers.idStart`.
    pub fn role_of(&self, id: NodeId) -> StatefulRole {
        let dedicated = self.spec.resource.controllers.mode == ControllerMode::Dedicated;
        let is_high = id.get().unsigned_abs() >= self.spec.resource.controllers.id_start;
        if dedicated && is_high { StatefulRole::Controllers } else { StatefulRole::Brokers }
    }

    /// The id of a StatefulSet's first node.
    pub fn first_id(&self, role: StatefulRole) -> i32 {
        match role {
            StatefulRole::Brokers => 0,
            StatefulRole::Controllers => {
                i32::try_from(self.spec.resource.controllers.id_start).unwrap_or(i32::MAX)
            }
        }
    }

    /// The StatefulSets that the cluster has.
    pub fn roles(&self) -> impl Iterator<Item = StatefulRole> {
        let dedicated = self.spec.resource.controllers.mode == ControllerMode::Dedicated;
        StatefulRole::ALL.into_iter().filter(move |role| dedicated || *role == StatefulRole::Brokers)
    }

    /// Name of a role's StatefulSet and ConfigMap.
    pub fn set_name(&self, role: StatefulRole) -> String {
        format!("{}-{}", self.name(), role.label())
    }

    /// Name of a node's pod.
    pub fn pod_name(&self, id: NodeId) -> String {
        format!("{}-{id}", self.set_name(self.role_of(id)))
    }

    /// Names of a node's volume claims.
    pub fn claim_names(&self, id: NodeId) -> Vec<String> {
        let pod = self.pod_name(id);
        super::volumes_of(self.spec).into_iter().map(|volume| format!("{}-{pod}", volume.name)).collect()
    }

    /// Name of the service that gives each node a host name, ready or not.
    pub fn headless_name(&self) -> String {
        format!("{}-nodes", self.name())
    }

    /// Name of the service where clients begin.
    pub fn bootstrap_name(&self) -> String {
        format!("{}-bootstrap", self.name())
    }

    /// Name of the Secret with the authorities of the admin service.
    pub fn authority_name(&self) -> String {
        format!("{}-admin-ca", self.name())
    }

    /// Name of the Secret that the pods mount: what nodes show in the admin service, and whom they let in.
    pub fn leaf_name(&self) -> String {
        format!("{}-admin-tls", self.name())
    }

    /// The host names that the nodes' certificate covers.
    pub fn certificate_hosts(&self) -> Vec<String> {
        vec![format!("*.{}.{}.svc", self.headless_name(), self.namespace)]
    }

    /// A node's host name inside the Kubernetes cluster.
    pub fn host(&self, id: NodeId) -> String {
        format!("{}.{}.{}.svc", self.pod_name(id), self.headless_name(), self.namespace)
    }

    /// Where other nodes reach a controller.
    pub fn controller_endpoint(&self, id: NodeId) -> Endpoint {
        Endpoint { listener: CONTROLLER.to_owned(), host: self.host(id), port: CONTROLLER_PORT }
    }

    /// The role that the spec gives node `id`, or what its StatefulSet stands for.
    pub fn wanted_role(&self, id: NodeId) -> NodeRole {
        let by_set = match self.role_of(id) {
            StatefulRole::Brokers => NodeRole::Broker,
            StatefulRole::Controllers => NodeRole::Controller,
        };
        self.spec.node(id).map_or(by_set, |node| node.role)
    }

    /// Labels that select the pods of a role, or of the whole cluster.
    pub fn selector(&self, role: Option<StatefulRole>) -> BTreeMap<String, String> {
        let mut labels = BTreeMap::from([(LABEL_CLUSTER.to_owned(), self.name().to_owned())]);
        if let Some(role) = role {
            labels.insert(LABEL_ROLE.to_owned(), role.label().to_owned());
        }
        labels
    }

    pub(super) fn label_selector(&self, role: Option<StatefulRole>) -> LabelSelector {
        LabelSelector { match_labels: Some(self.selector(role)), ..LabelSelector::default() }
    }

    /// All labels of an object.
    pub(super) fn labels(&self, role: Option<StatefulRole>) -> BTreeMap<String, String> {
        let mut labels = self.selector(role);
        for (key, value) in [
            ("app.kubernetes.io/name", "klamm"),
            ("app.kubernetes.io/instance", self.name()),
            ("app.kubernetes.io/managed-by", "klamm-operator"),
        ] {
            labels.insert(key.to_owned(), value.to_owned());
        }
        if let Some(role) = role {
            labels.insert("app.kubernetes.io/component".to_owned(), role.label().to_owned());
        }
        labels
    }

    pub(crate) fn meta(&self, name: String, role: Option<StatefulRole>) -> ObjectMeta {
        ObjectMeta {
            name: Some(name),
            namespace: Some(self.namespace.to_owned()),
            labels: Some(self.labels(role)),
            owner_references: Some(vec![self.owner.clone()]),
            ..ObjectMeta::default()
        }
    }
}
