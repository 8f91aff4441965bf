//! `adopt`: lets a KafkaTopic take over a topic that others deleted and made anew.

use kube::Api;
use kube::api::{Patch, PatchParams};
use serde_json::json;

use super::{Asked, PluginError};
use crate::objects::KafkaTopic;
use crate::topics::ANNOTATION_ADOPT;

/// Names the incarnation `id` to the operator; it must be the one that the resource waits for, so that nobody
/// adopts what he has not seen.
pub async fn adopt(asked: &Asked, topic: &str, id: &str) -> Result<String, PluginError> {
    let api: Api<KafkaTopic> = Api::namespaced(asked.client.clone(), &asked.namespace);
    let found = api.get_opt(topic).await?.filter(|found| found.spec.cluster_ref.name == asked.name);
    let Some(found) = found else {
        let sentence =
            format!("{} has no KafkaTopic {topic} in the namespace {}", asked.name, asked.namespace);
        return Err(PluginError::Refused(sentence));
    };
    let conditions = found.status.iter().flat_map(|status| &status.conditions);
    let waits = conditions.into_iter().find(|one| one.kind == "Ready" && one.reason == "TopicReplaced");
    match waits {
        None => {
            return Err(PluginError::Refused(format!(
                "KafkaTopic/{topic} waits for no other topic: nothing to adopt"
            )));
        }
        // The sentence ends with the id that is waited for.
        Some(waits) if waits.message.rsplit(' ').next() != Some(id) => {
            return Err(PluginError::Refused(format!(
                "KafkaTopic/{topic} waits for another id: {}",
                waits.message
            )));
        }
        Some(_) => {}
    }
    let patch = json!({ "metadata": { "uid": found.metadata.uid, "annotations": { ANNOTATION_ADOPT: id } } });
    api.patch(topic, &PatchParams::default(), &Patch::Merge(&patch)).await?;
    Ok(format!("KafkaTopic/{topic} takes the topic {id} over\n"))
}
