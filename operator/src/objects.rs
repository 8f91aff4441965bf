//! KafkaCluster and KafkaTopic as objects of the API server, around the types of `manifest`.

use std::borrow::Cow;
use std::fmt::Debug;

use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use klamm_manifest::{KafkaClusterSpec, KafkaClusterStatus, KafkaTopicSpec, KafkaTopicStatus};
use kube::Resource;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The group of both kinds.
pub const GROUP: &str = "klamm.dev";
/// Its version.
pub const VERSION: &str = "v1alpha1";

/// What tells one kind from the other.
pub trait Kind: Clone + Debug + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The type of `status`.
    type Status: Clone + Debug + Serialize + DeserializeOwned + Send + Sync + 'static;
    /// `kind`.
    const KIND: &'static str;
    /// The resource's name in paths.
    const PLURAL: &'static str;
    /// ... and in the singular.
    const SINGULAR: &'static str;
    /// What `kubectl` takes in its place.
    const SHORT: &'static str;
}

impl Kind for KafkaClusterSpec {
    type Status = KafkaClusterStatus;
    const KIND: &'static str = "KafkaCluster";
    const PLURAL: &'static str = "kafkaclusters";
    const SINGULAR: &'static str = "kafkacluster";
    const SHORT: &'static str = "kfc";
}

impl Kind for KafkaTopicSpec {
    type Status = KafkaTopicStatus;
    const KIND: &'static str = "KafkaTopic";
    const PLURAL: &'static str = "kafkatopics";
    const SINGULAR: &'static str = "kafkatopic";
    const SHORT: &'static str = "kft";
}

/// One object of either kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound(serialize = "S: Kind", deserialize = "S: Kind"))]
pub struct Custom<S: Kind> {
    /// Always `klamm.dev/v1alpha1`.
    #[serde(default, rename = "apiVersion")]
    pub group_version: String,
    /// `KafkaCluster` or `KafkaTopic`.
    #[serde(default)]
    pub kind: String,
    /// Name, namespace, uid, ...
    pub metadata: ObjectMeta,
    /// What is wanted.
    pub spec: S,
    /// What was last observed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<S::Status>,
}

/// A cluster.
pub type KafkaCluster = Custom<KafkaClusterSpec>;
/// A topic.
pub type KafkaTopic = Custom<KafkaTopicSpec>;

impl<S: Kind> Custom<S> {
    /// Its name; never empty for an object of the API server.
    pub fn name(&self) -> &str {
        self.metadata.name.as_deref().unwrap_or_default()
    }

    /// Its namespace; never empty for an object of the API server.
    pub fn namespace(&self) -> &str {
        self.metadata.namespace.as_deref().unwrap_or_default()
    }

    /// Its uid; never empty for an object of the API server.
    pub fn uid(&self) -> &str {
        self.metadata.uid.as_deref().unwrap_or_default()
    }

    /// Whether its deletion was asked for.
    pub fn is_deleting(&self) -> bool {
        self.metadata.deletion_timestamp.is_some()
    }

    /// Whether it bears a finalizer.
    pub fn has_finalizer(&self, finalizer: &str) -> bool {
        self.metadata.finalizers.iter().flatten().any(|known| known == finalizer)
    }

    /// The reference by which its children go with it.
    pub fn owner(&self) -> OwnerReference {
        self.controller_owner_ref(&()).unwrap_or_default()
    }
}

impl<S: Kind> Resource for Custom<S> {
    type DynamicType = ();
    type Scope = NamespaceResourceScope;

    fn kind((): &()) -> Cow<'_, str> {
        S::KIND.into()
    }

    fn group((): &()) -> Cow<'_, str> {
        GROUP.into()
    }

    fn version((): &()) -> Cow<'_, str> {
        VERSION.into()
    }

    fn plural((): &()) -> Cow<'_, str> {
        S::PLURAL.into()
    }

    fn meta(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn meta_mut(&mut self) -> &mut ObjectMeta {
        &mut self.metadata
    }
}
