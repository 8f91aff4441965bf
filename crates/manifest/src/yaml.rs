//! Reads manifests and keeps status documents; the only place that knows the YAML library.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_norway::Value;

use crate::envelope::{API_VERSION, Resource};
use crate::{KafkaClusterSpec, KafkaClusterStatus, KafkaTopicSpec, KafkaTopicStatus};

/// The resources of one file, in its order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Manifest {
    /// All KafkaClusters.
    pub clusters: Vec<Resource<KafkaClusterSpec, KafkaClusterStatus>>,
    /// All KafkaTopics.
    pub topics: Vec<Resource<KafkaTopicSpec, KafkaTopicStatus>>,
}

/// Why a manifest cannot be read. Documents count from 1.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// Not YAML.
    #[error("document {document}: {reason}")]
    Syntax {
        /// Number of the document in the file.
        document: usize,
        /// Line, column and what is wrong there.
        reason: String,
    },
    /// Not one of our kinds.
    #[error(
        "document {document}: kind \"{kind}\" of apiVersion \"{api_version}\" is not known; known are KafkaCluster and KafkaTopic of {API_VERSION}"
    )]
    Unknown {
        /// Number of the document in the file.
        document: usize,
        /// As written.
        kind: String,
        /// As written.
        api_version: String,
    },
    /// A field is missing, misspelt or of the wrong type.
    #[error("document {document} ({kind}): {reason}")]
    Field {
        /// Number of the document in the file.
        document: usize,
        /// The kind it claims to be.
        kind: String,
        /// Path of the field and what is wrong there.
        reason: String,
    },
    /// Nothing to do.
    #[error("the manifest has no document")]
    Empty,
}

/// Reads all documents of `text`.
pub fn read_manifest(text: &str) -> Result<Manifest, ManifestError> {
    let mut manifest = Manifest::default();
    for (index, deserializer) in serde_norway::Deserializer::from_str(text).enumerate() {
        let document = index + 1;
        let value = Value::deserialize(deserializer)
            .map_err(|error| ManifestError::Syntax { document, reason: error.to_string() })?;
        if value.is_null() {
            continue;
        }
        read_document(document, value, &mut manifest)?;
    }
    if manifest.clusters.is_empty() && manifest.topics.is_empty() {
        return Err(ManifestError::Empty);
    }
    Ok(manifest)
}

fn read_document(document: usize, value: Value, manifest: &mut Manifest) -> Result<(), ManifestError> {
    let text_of = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (kind, api_version) = (text_of("kind"), text_of("apiVersion"));
    match (kind.as_str(), api_version.as_str()) {
        ("KafkaCluster", API_VERSION) => manifest.clusters.push(read_resource(document, kind, value)?),
        ("KafkaTopic", API_VERSION) => manifest.topics.push(read_resource(document, kind, value)?),
        _ => return Err(ManifestError::Unknown { document, kind, api_version }),
    }
    Ok(())
}

fn read_resource<R: DeserializeOwned>(
    document: usize,
    kind: String,
    value: Value,
) -> Result<R, ManifestError> {
    serde_norway::from_value(value).map_err(|error| ManifestError::Field {
        document,
        kind,
        reason: error.to_string(),
    })
}

/// Reads a status kept by [`write_status`].
pub fn read_status<S: DeserializeOwned>(text: &str) -> Result<S, ManifestError> {
    serde_norway::from_str(text)
        .map_err(|error| ManifestError::Syntax { document: 1, reason: error.to_string() })
}

/// A status as a YAML document.
pub fn write_status<S: Serialize>(status: &S) -> String {
    write_document(status)
}

/// Any value that has only string keys, as a YAML document.
pub fn write_document<T: Serialize>(value: &T) -> String {
    serde_norway::to_string(value).expect("the value has only string keys and plain values")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const TWO: &str = "
apiVersion: klamm.dev/v1alpha1
kind: KafkaCluster
metadata: {name: demo}
spec:
  brokers: {replicas: 1}
  controllers: {mode: combined, replicas: 1}
---
apiVersion: klamm.dev/v1alpha1
kind: KafkaTopic
metadata: {name: orders}
spec:
  clusterRef: {name: demo}
  partitions: 6
";

    #[test]
    fn documents_of_both_kinds_are_read_in_order() {
        let manifest = read_manifest(TWO).unwrap();
        assert_eq!(manifest.clusters[0].spec.brokers.replicas, 1);
        assert_eq!(manifest.clusters[0].spec.rolling.max_unavailable, 1);
        assert_eq!(manifest.topics[0].spec.kafka_name("orders"), "orders");
    }

    #[test]
    fn a_misspelt_field_is_named() {
        let error = read_manifest(&TWO.replace("partitions:", "partition:")).unwrap_err().to_string();
        assert!(error.contains("document 2 (KafkaTopic)") && error.contains("`partition`"), "{error}");
    }

    #[test]
    fn another_kind_is_refused_with_the_known_ones() {
        let error = read_manifest("kind: Deployment\napiVersion: apps/v1").unwrap_err().to_string();
        assert!(error.contains("\"Deployment\"") && error.contains("KafkaTopic"), "{error}");
    }

    #[test]
    fn a_status_round_trips() {
        let status = KafkaClusterStatus { selector: "a=b".into(), ..KafkaClusterStatus::default() };
        assert_eq!(read_status::<KafkaClusterStatus>(&write_status(&status)).unwrap(), status);
    }
}
