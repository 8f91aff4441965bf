//! What a KafkaCluster asks for.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{PodTemplate, Quantity, Resources};

/// A cluster of brokers and controllers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct KafkaClusterSpec {
    /// Version of the nodes (`MAJOR.MINOR.PATCH`); the operator's or binary's own if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// `metadata.version` to finalize, such as `4.4`; if absent, the newest all nodes support.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata_version: Option<String>,
    /// Image of the nodes; the operator's own default if absent. No effect under `klamm up`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Nodes that hold partitions.
    pub brokers: Brokers,
    /// Nodes that hold the metadata quorum.
    pub controllers: Controllers,
    /// Where nodes keep their data.
    pub storage: Storage,
    /// Where clients connect; one internal plaintext listener on port 9092 if empty.
    pub listeners: Vec<Listener>,
    /// Broker configs by Kafka's names. Keys that follow from other fields are refused.
    pub config: BTreeMap<String, String>,
    /// How restarts roll over the nodes.
    pub rolling: Rolling,
    /// How brokers leave.
    pub scale_down: ScaleDown,
    /// How partitions spread over new brokers.
    pub rebalance: Rebalance,
    /// Whether evictions are limited to one node of each role at a time.
    pub pod_disruption_budget: Switch,
    /// Whether the controllers' port is closed to all but the cluster's own nodes.
    pub network_policy: Switch,
    /// Pauses the reconciliation, or the whole cluster.
    pub suspend: Suspend,
}

/// Something that can be switched off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Switch {
    /// Whether it is on.
    pub enabled: bool,
}

impl Default for Switch {
    fn default() -> Switch {
        Switch { enabled: true }
    }
}

/// The brokers. Node ids count from 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Brokers {
    /// How many, at least 1.
    #[schemars(range(min = 1))]
    pub replicas: u32,
    /// What each broker asks for and may use. No effect under `klamm up`.
    pub resources: Resources,
    /// What else stands in the brokers' pods. No effect under `klamm up`.
    pub template: PodTemplate,
}

impl Default for Brokers {
    fn default() -> Brokers {
        Brokers { replicas: 3, resources: Resources::default(), template: PodTemplate::default() }
    }
}

/// The controllers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Controllers {
    /// Nodes of their own, or the first brokers.
    pub mode: ControllerMode,
    /// Voters of the quorum: 1, 3, 5 or 7; in combined mode not more than brokers.
    pub replicas: u32,
    /// First node id of dedicated controllers.
    pub id_start: u32,
    /// What each dedicated controller asks for and may use. No effect under `klamm up`.
    pub resources: Resources,
    /// What else stands in the dedicated controllers' pods. No effect under `klamm up`.
    pub template: PodTemplate,
}

impl Default for Controllers {
    fn default() -> Controllers {
        Controllers {
            mode: ControllerMode::Dedicated,
            replicas: 3,
            id_start: 1000,
            resources: Resources::default(),
            template: PodTemplate::default(),
        }
    }
}

/// Where controllers run. Cannot change after creation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ControllerMode {
    /// On nodes of their own.
    #[default]
    Dedicated,
    /// On the brokers with the lowest ids.
    Combined,
}

/// The volumes of each node.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Storage {
    /// One or more volumes; one of 10Gi for everything if empty.
    pub volumes: Vec<Volume>,
    /// What happens to the volumes of a broker that left.
    pub on_scale_down: OnScaleDown,
    /// What happens to all volumes when the resource is deleted.
    pub on_delete: OnScaleDown,
}

/// One volume of each node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Volume {
    /// Name, unique in the list; the log directory's name under `klamm up`.
    pub name: String,
    /// Size; may grow, never shrink. No effect under `klamm up`.
    pub size: Quantity,
    /// Storage class; the cluster's default if absent. Cannot change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_class_name: Option<String>,
    /// What is kept on it.
    #[serde(default)]
    pub purpose: Purpose,
}

/// What a volume holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Purpose {
    /// Partition logs only.
    Data,
    /// The metadata log only.
    Metadata,
    /// Both.
    #[default]
    Both,
}

/// The fate of volumes whose node is gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum OnScaleDown {
    /// They stay.
    #[default]
    Retain,
    /// They are deleted, only after the node was drained.
    Delete,
}

/// A place where clients connect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Listener {
    /// Name, unique in the list: lower-case letters and digits.
    pub name: String,
    /// Port of the first broker; under `klamm up`, broker `n` listens on `port + n`.
    #[schemars(range(min = 1, max = 65535))]
    pub port: u16,
    /// How it is reached.
    #[serde(rename = "type", default)]
    pub kind: ListenerType,
}

/// How a listener is reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ListenerType {
    /// From inside the Kubernetes cluster; from this machine under `klamm up`.
    #[default]
    Internal,
}

/// How restarts roll.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Rolling {
    /// Nodes that may be away at once.
    pub max_unavailable: u32,
    /// Seconds a restarted node has to become ready.
    pub ready_timeout_seconds: u32,
    /// Whether a node that does not become ready stops the roll.
    pub pause_on_failure: bool,
}

impl Default for Rolling {
    fn default() -> Rolling {
        Rolling { max_unavailable: 1, ready_timeout_seconds: 600, pause_on_failure: true }
    }
}

/// How brokers leave.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ScaleDown {
    /// Bytes per second of replica moves; unlimited if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub throttle_bytes: Option<u64>,
}

/// How partitions spread.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Rebalance {
    /// Whether new brokers get replicas moved to them.
    pub on_scale_up: bool,
}

impl Default for Rebalance {
    fn default() -> Rebalance {
        Rebalance { on_scale_up: true }
    }
}

/// What is paused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Suspend {
    /// Nothing.
    #[default]
    None,
    /// Changes by the operator.
    Reconcile,
    /// The nodes: stopped, data kept.
    Cluster,
}
