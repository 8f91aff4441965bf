//! The plain envelope of a resource, as Kubernetes writes it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Group and version of both kinds.
pub const API_VERSION: &str = "klamm.dev/v1alpha1";

/// A resource outside Kubernetes: the same document, with what `klamm up` needs of the metadata.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Resource<Spec, Status> {
    /// Always [`API_VERSION`].
    pub api_version: String,
    /// `KafkaCluster` or `KafkaTopic`.
    pub kind: String,
    /// Name and labels.
    pub metadata: Metadata,
    /// What is wanted.
    pub spec: Spec,
    /// What was last observed; absent in a manifest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
}

impl<Spec, Status> Resource<Spec, Status> {
    /// A resource of that kind and name, without a status.
    pub fn new(kind: &str, name: &str, spec: Spec) -> Resource<Spec, Status> {
        Resource {
            api_version: API_VERSION.to_owned(),
            kind: kind.to_owned(),
            metadata: Metadata { name: name.to_owned(), ..Metadata::default() },
            spec,
            status: None,
        }
    }
}

/// The part of Kubernetes' object metadata that has a meaning outside it. Further fields of an
/// exported object (uid, resourceVersion, ...) are accepted and dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    /// Name of the resource.
    pub name: String,
    /// Namespace; no meaning outside Kubernetes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Labels, carried along.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Annotations, carried along.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
    /// Counts changes of the spec.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<i64>,
}
