//! Topics created because somebody used them (Kafka: AutoTopicCreationManager). The answer still
//! says that they do not exist; clients ask again.

use klamm_metadata::controller::{Command, CreateTopics, MutationQuota, Names, Origin, Reply};
use klamm_protocol::messages::CreateTopicsRequest;
use klamm_protocol::messages::create_topics_request::{CreatableTopic, CreatableTopicConfig};
use klamm_protocol::{ApiKey, Str};

use super::call::Call;
use super::forward::{self, Asked, Due};
use crate::pumps::groups::OFFSETS_TOPIC;

/// Longest wait of the controller for the creation.
const TIMEOUT_MS: i32 = 30_000;

/// Creates topics, where `auto.create.topics.enable` allows: ordinary ones with the broker's defaults, internal ones with
/// their coordinator's settings, if this node serves it.
pub async fn create(call: &Call, names: &[Str]) {
    if names.is_empty() || !call.node.settings.layers().effective().topics.auto_create {
        return;
    }
    let ordinary = |name: &Str| CreatableTopic {
        name: name.clone(),
        num_partitions: -1,
        replication_factor: -1,
        ..CreatableTopic::default()
    };
    let topic = |name: &Str| match &**name {
        OFFSETS_TOPIC => Some(offsets_topic(call)),
        internal if klamm_metadata::is_internal_topic(internal) => None,
        _ => Some(ordinary(name)),
    };
    ask(call, names.iter().filter_map(topic).collect()).await;
}

/// Creates `__consumer_offsets`.
pub async fn create_offsets_topic(call: &Call) {
    ask(call, vec![offsets_topic(call)]).await;
}

fn offsets_topic(call: &Call) -> CreatableTopic {
    let layers = call.node.settings.layers();
    let offsets = &layers.effective().offsets;
    let config = |name: &'static str, value: String| CreatableTopicConfig {
        name: Str::from(name),
        value: Some(Str::from(value)),
        ..CreatableTopicConfig::default()
    };
    CreatableTopic {
        name: Str::from(OFFSETS_TOPIC),
        num_partitions: offsets.num_partitions,
        replication_factor: offsets.replication_factor,
        configs: vec![
            config("compression.type", "producer".to_owned()),
            config("cleanup.policy", "compact".to_owned()),
            config("segment.bytes", offsets.segment_bytes.to_string()),
        ],
        ..CreatableTopic::default()
    }
}

async fn ask(call: &Call, topics: Vec<CreatableTopic>) {
    if topics.is_empty() {
        return;
    }
    let request = CreateTopicsRequest { topics, timeout_ms: TIMEOUT_MS, ..CreateTopicsRequest::default() };
    let command = |request| {
        Command::CreateTopics(CreateTopics {
            request,
            creatable: Names::All,
            describable: Names::All,
            quota: MutationQuota::Permissive,
            origin: Origin::Forwarded,
        })
    };
    let pick = |reply| if let Reply::CreateTopics(response) = reply { Some(response) } else { None };
    let version = *ApiKey::CreateTopics.advertised_versions().end();
    if let Err(error) = forward::ask(call, Asked { request, version, due: Due::Later }, command, pick).await {
        tracing::warn!(?error, "automatic topic creation");
    }
}
