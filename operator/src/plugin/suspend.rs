//! `hibernate` and `resume`: all nodes of a cluster stop, by the operator's plan, and come back. Their volumes stay.

use klamm_manifest::Suspend;
use kube::Api;
use kube::api::{Patch, PatchParams};
use serde_json::json;

use super::{Asked, PluginError};
use crate::objects::KafkaCluster;

/// Asks for the cluster's nodes to be stopped.
pub async fn hibernate(asked: &Asked) -> Result<String, PluginError> {
    let text = format!("{}: its nodes stop, brokers first; their volumes stay\n", asked.name);
    set(asked, Suspend::Cluster, text).await
}

/// Asks for a cluster to be looked after again, whatever of it was suspended.
pub async fn resume(asked: &Asked) -> Result<String, PluginError> {
    set(asked, Suspend::None, format!("{}: it is looked after again\n", asked.name)).await
}

async fn set(asked: &Asked, suspend: Suspend, done: String) -> Result<String, PluginError> {
    let cluster = asked.cluster().await?;
    if cluster.spec.suspend == suspend {
        return Ok(format!("{}: nothing changes\n", asked.name));
    }
    let api: Api<KafkaCluster> = Api::namespaced(asked.client.clone(), &asked.namespace);
    // Of this very cluster: one that was made anew meanwhile was not looked at.
    let patch = json!({ "metadata": { "uid": cluster.metadata.uid }, "spec": { "suspend": suspend } });
    api.patch(&asked.name, &PatchParams::default(), &Patch::Merge(&patch)).await?;
    Ok(done)
}
