//! `fence` and `unfence`: a node stops and its pod stays, with its volumes, for as long as a person wants to look at
//! them. The operator stops it as it restarts one: once no partition and no quorum would suffer.

use std::collections::BTreeSet;

use klamm_model::NodeId;
use kube::Api;
use kube::api::{Patch, PatchParams};
use serde_json::{Value, json};

use super::{Asked, PluginError};
use crate::objects::KafkaCluster;
use crate::resources::{ANNOTATION_FENCED, fenced_nodes};

/// Asks for a node to be stopped in its pod.
pub async fn fence(asked: &Asked, node: i32) -> Result<String, PluginError> {
    asked.pod_of(node).await?;
    let done = format!(
        "node {node} will stop in its pod once the operator finds that safe; until `kubectl klamm unfence {} {node}` \
         no other node is restarted\n",
        asked.name
    );
    change(asked, done, |fenced| NodeId::new(node).is_some_and(|id| fenced.insert(id))).await
}

/// Lets a node run again.
pub async fn unfence(asked: &Asked, node: i32) -> Result<String, PluginError> {
    let done = format!("node {node} will run again\n");
    change(asked, done, |fenced| NodeId::new(node).is_some_and(|id| fenced.remove(&id))).await
}

async fn change(
    asked: &Asked,
    done: String,
    edit: impl FnOnce(&mut BTreeSet<NodeId>) -> bool,
) -> Result<String, PluginError> {
    let cluster = asked.cluster().await?;
    let mut fenced = fenced_nodes(cluster.metadata.annotations.as_ref());
    if !edit(&mut fenced) {
        return Ok(format!("{}: nothing changes\n", asked.name));
    }
    let list: Vec<String> = fenced.iter().map(ToString::to_string).collect();
    let value = if list.is_empty() { Value::Null } else { list.join(",").into() };
    let api: Api<KafkaCluster> = Api::namespaced(asked.client.clone(), &asked.namespace);
    // Of the cluster as it was read: somebody else may have fenced another node meanwhile.
    let patch = json!({ "metadata": {
        "uid": cluster.metadata.uid,
        "resourceVersion": cluster.metadata.resource_version,
        "annotations": { ANNOTATION_FENCED: value },
    } });
    api.patch(&asked.name, &PatchParams::default(), &Patch::Merge(&patch)).await?;
    Ok(done)
}
