//! The StatefulSet of a role: one ordinal for each node id, restarted by nobody but a plan.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::{
    StatefulSet, StatefulSetOrdinals, StatefulSetPersistentVolumeClaimRetentionPolicy, StatefulSetSpec,
    StatefulSetUpdateStrategy,
};
use k8s_openapi::api::core::v1::{
    PersistentVolumeClaim, PersistentVolumeClaimSpec, VolumeResourceRequirements,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use klamm_lifecycle::ClusterSpec;
use klamm_manifest::{Purpose, Volume};

use super::{LABEL_CLUSTER_ID, Site, StatefulRole, pod_template};

const DEFAULT_SIZE: &str = "10Gi";

/// The volumes of each node.
pub fn volumes_of(spec: &ClusterSpec) -> Vec<Volume> {
    let volumes = &spec.resource.storage.volumes;
    if !volumes.is_empty() {
        return volumes.clone();
    }
    let size = DEFAULT_SIZE.parse().expect("the default is a size");
    vec![Volume { name: "data".to_owned(), size, storage_class_name: None, purpose: Purpose::Both }]
}

/// The StatefulSet of a role with that many pods.
pub fn stateful_set(site: &Site<'_>, role: StatefulRole, replicas: i32) -> StatefulSet {
    let retain = StatefulSetPersistentVolumeClaimRetentionPolicy {
        when_deleted: Some("Retain".to_owned()),
        when_scaled: Some("Retain".to_owned()),
    };
    let first = site.first_id(role);
    let ordinals = (first > 0).then_some(StatefulSetOrdinals { start: Some(first) });
    StatefulSet {
        metadata: site.meta(site.set_name(role), Some(role)),
        spec: Some(StatefulSetSpec {
            replicas: Some(replicas),
            service_name: Some(site.headless_name()),
            selector: site.label_selector(Some(role)),
            pod_management_policy: Some("Parallel".to_owned()),
            update_strategy: Some(StatefulSetUpdateStrategy {
                type_: Some("OnDelete".to_owned()),
                rolling_update: None,
            }),
            ordinals,
            persistent_volume_claim_retention_policy: Some(retain),
            revision_history_limit: Some(2),
            template: pod_template(site, role),
            volume_claim_templates: Some(
                volumes_of(site.spec).iter().map(|volume| claim(site, role, volume)).collect(),
            ),
            ..StatefulSetSpec::default()
        }),
        status: None,
    }
}

fn claim(site: &Site<'_>, role: StatefulRole, volume: &Volume) -> PersistentVolumeClaim {
    let mut labels = site.selector(Some(role));
    if let Some(id) = site.cluster_id {
        labels.insert(LABEL_CLUSTER_ID.to_owned(), label_of(&id.to_string()));
    }
    let size = Quantity(volume.size.to_string());
    PersistentVolumeClaim {
        metadata: ObjectMeta {
            name: Some(volume.name.clone()),
            labels: Some(labels),
            ..ObjectMeta::default()
        },
        spec: Some(PersistentVolumeClaimSpec {
            access_modes: Some(vec!["ReadWriteOnce".to_owned()]),
            storage_class_name: volume.storage_class_name.clone(),
            resources: Some(VolumeResourceRequirements {
                requests: Some(BTreeMap::from([("storage".to_owned(), size)])),
                limits: None,
            }),
            ..PersistentVolumeClaimSpec::default()
        }),
        status: None,
    }
}

/// A label begins and ends with a letter or digit, and an identity may begin or end otherwise.
fn label_of(id: &str) -> String {
    format!("id.{id}.id")
}

/// The identity in a volume's label.
pub(crate) fn id_of_label(label: &str) -> Option<klamm_model::Uuid> {
    label.strip_prefix("id.")?.strip_suffix(".id")?.parse().ok()
}
