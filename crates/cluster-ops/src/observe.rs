//! What a cluster tells of itself.

use std::collections::{BTreeMap, BTreeSet};

use klamm_client::{Admin, ClientError};
use klamm_lifecycle::{ObservedTopic, TopicsView};
use klamm_model::{NodeId, TopicId, Uuid};
use klamm_protocol::Str;
use klamm_protocol::messages::describe_configs_request::DescribeConfigsResource;
use klamm_protocol::messages::{DescribeClusterRequest, DescribeConfigsRequest};

const TOPIC: i8 = 2;
/// DescribeConfigs' number for what is set on the topic itself.
const SET_ON_TOPIC: i8 = 1;
/// Topics of one DescribeConfigs request.
const TOPICS_PER_REQUEST: usize = 500;

/// Whether the broker `id` serves clients: it is registered and unfenced.
pub async fn is_serving(admin: &Admin, id: NodeId) -> Result<bool, ClientError> {
    let request = DescribeClusterRequest { endpoint_type: 1, ..DescribeClusterRequest::default() };
    let cluster = admin.describe_cluster(&request).await?;
    Ok(cluster.brokers.iter().any(|broker| broker.broker_id == id.get()))
}

/// All topics with their configs.
pub async fn observe_topics(admin: &Admin) -> Result<TopicsView, ClientError> {
    let mut topics = BTreeMap::new();
    for topic in admin.list_topics().await? {
        let first = topic.partitions.first();
        let factor = first.map_or(0, |partition| partition.replicas.len());
        let behind =
            topic.partitions.iter().filter(|partition| partition.isr.len() < partition.replicas.len());
        let observed = ObservedTopic {
            topic_id: topic.id.map_or(Uuid::ZERO, TopicId::get),
            partitions: i32::try_from(topic.partitions.len()).unwrap_or(i32::MAX),
            replication_factor: i16::try_from(factor).unwrap_or(i16::MAX),
            config: BTreeMap::new(),
            under_replicated: i32::try_from(behind.count()).unwrap_or(i32::MAX),
        };
        topics.insert(topic.name.to_string(), observed);
    }
    let names: Vec<String> = topics.keys().cloned().collect();
    for names in names.chunks(TOPICS_PER_REQUEST) {
        for (name, config) in topic_configs(admin, names).await? {
            if let Some(topic) = topics.get_mut(&name) {
                topic.config = config;
            }
        }
    }
    Ok(TopicsView::Known(topics))
}

async fn topic_configs(
    admin: &Admin,
    names: &[String],
) -> Result<BTreeMap<String, BTreeMap<String, String>>, ClientError> {
    let resource = |name: &String| DescribeConfigsResource {
        resource_type: TOPIC,
        resource_name: Str::from(name.clone()),
        configuration_keys: None,
        ..DescribeConfigsResource::default()
    };
    let request = DescribeConfigsRequest {
        resources: names.iter().map(resource).collect(),
        ..DescribeConfigsRequest::default()
    };
    let results = admin.describe_configs(&request).await?;
    // What the controller set on its own account is not ours to take away.
    let not_ours: BTreeSet<&str> = BTreeSet::from(["min.insync.replicas"]);
    let configs = results.into_iter().map(|result| {
        let set = result.configs.into_iter().filter(|config| config.config_source == SET_ON_TOPIC);
        let pairs = set.filter_map(|config| Some((config.name.to_string(), config.value?.to_string())));
        (
            result.resource_name.to_string(),
            pairs.filter(|(key, _)| !not_ours.contains(key.as_str())).collect(),
        )
    });
    Ok(configs.collect())
}
