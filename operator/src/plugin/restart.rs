//! `restart`: asks the operator to restart a node. It does so by its plan, once no partition and no quorum
//! would suffer; a pod that is deleted by hand asks nobody.

use k8s_openapi::api::core::v1::Pod;
use kube::api::{Patch, PatchParams};
use kube::{Api, ResourceExt as _};
use serde_json::json;

use super::{Asked, PluginError};
use crate::resources::ANNOTATION_RESTART;

/// Puts the annotation on the node's pod. The new pod has none, so that it is restarted once.
pub async fn restart(asked: &Asked, node: i32, reason: &str) -> Result<String, PluginError> {
    asked.cluster().await?;
    let pod = asked.pod_of(node).await?;
    let api: Api<Pod> = Api::namespaced(asked.client.clone(), &asked.namespace);
    let name = pod.name_any();
    // Of this very pod: one that was made anew meanwhile is restarted already.
    let patch = json!({ "metadata": {
        "uid": pod.metadata.uid,
        "annotations": { ANNOTATION_RESTART: reason },
    } });
    api.patch(&name, &PatchParams::default(), &Patch::Merge(&patch)).await?;
    Ok(format!(
        "{name} will be restarted once the operator finds it safe; `kubectl klamm plan {}` says what it waits for\n",
        asked.name
    ))
}
