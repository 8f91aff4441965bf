//! What a cluster tells of itself: brokers, quorum, topics, configs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use klamm_client::cluster::TopicSelection;
use klamm_client::{Admin, ClientConfig, ClientError, Cluster};
use klamm_lifecycle::{
    ObservedBroker, ObservedCluster, ObservedDisks, ObservedPartition, ObservedQuorum, ObservedReplica,
    ObservedTopic,
};
use klamm_model::{DirectoryId, NodeId, TopicId, Uuid};
use klamm_protocol::Str;
use klamm_protocol::messages::describe_configs_request::DescribeConfigsResource;
use klamm_protocol::messages::describe_configs_response::DescribeConfigsResourceResult;
use klamm_protocol::messages::describe_quorum_response::{PartitionData, ReplicaState};
use klamm_protocol::messages::{
    DescribeClusterRequest, DescribeConfigsRequest, DescribeLogDirsRequest, DescribeLogDirsResponse,
    ListPartitionReassignmentsRequest,
};

use crate::wire::{BROKER, CORDONED, METADATA_VERSION, TOPIC};

/// DescribeConfigs' number for what is set on the topic itself.
const SET_ON_TOPIC: i8 = 1;
/// ... for what is set on one broker.
const SET_ON_BROKER: i8 = 2;
/// ... for what is set as the default of all brokers.
const SET_ON_ALL_BROKERS: i8 = 3;
/// Topics of one DescribeConfigs request.
const TOPICS_PER_REQUEST: usize = 500;
const MIN_INSYNC_REPLICAS: &str = "min.insync.replicas";

/// Whether the one node that `config` names answers.
pub async fn answers(config: ClientConfig) -> bool {
    // A client that has asked nobody yet asks whom its configuration names, and nobody else.
    Cluster::new(config).refresh(TopicSelection::None).await.is_ok()
}

/// All that plans are made from. Fails as a whole where the brokers do not answer; a quorum without
/// a leader is told as such.
pub async fn observe_cluster(admin: &Admin) -> Result<ObservedCluster, ClientError> {
    let mut brokers = observe_brokers(admin).await?;
    let quorum = observe_quorum(admin).await;
    if quorum.is_none() {
        return Ok(ObservedCluster { brokers, ..ObservedCluster::default() });
    }
    for (id, broker) in brokers.iter_mut().filter(|(_, broker)| !broker.fenced) {
        broker.cordoned = observe_cordon(admin, *id).await.ok();
    }
    let features = admin.describe_features().await?;
    Ok(ObservedCluster {
        metadata_version: Some(features.finalized_feature(METADATA_VERSION)),
        newest_metadata_version: observe_newest(admin, &brokers).await,
        controllers: None,
        quorum,
        brokers,
        broker_config: observe_broker_config(admin).await?,
        topics: observe_topics(admin).await?,
    })
}

async fn observe_brokers(admin: &Admin) -> Result<BTreeMap<NodeId, ObservedBroker>, ClientError> {
    let request = DescribeClusterRequest {
        endpoint_type: 1,
        include_fenced_brokers: true,
        ..DescribeClusterRequest::default()
    };
    let cluster = admin.describe_cluster(&request).await?;
    ClientError::check_with(cluster.error_code, cluster.error_message.as_deref())?;
    let brokers = cluster.brokers.iter().filter_map(|broker| {
        let observed = ObservedBroker {
            fenced: broker.is_fenced,
            rack: broker.rack.as_ref().map(|rack| Arc::from(rack.as_str())),
            cordoned: None,
            disks: None,
        };
        Some((NodeId::new(broker.broker_id)?, observed))
    });
    Ok(brokers.collect())
}

async fn observe_quorum(admin: &Admin) -> Option<ObservedQuorum> {
    let response = admin.describe_quorum().await.ok()?;
    let quorum = response.topics.first()?.partitions.first()?;
    (quorum.error_code == 0).then(|| quorum_of(quorum)).flatten()
}

fn quorum_of(quorum: &PartitionData) -> Option<ObservedQuorum> {
    let leader = NodeId::new(quorum.leader_id)?;
    let all = || quorum.current_voters.iter().chain(&quorum.observers);
    let own = all().find(|replica| replica.replica_id == quorum.leader_id);
    let (end, now) =
        own.map_or((quorum.high_watermark, 0), |own| (own.log_end_offset, own.last_fetch_timestamp));
    // The leader tells its own clock as its last fetch; if it does not, the latest fetch is now.
    let now = now.max(all().map(|replica| replica.last_fetch_timestamp).max().unwrap_or(0));
    let replica = |state: &ReplicaState| replica_of(state, (end, now), quorum.leader_id);
    Some(ObservedQuorum {
        leader,
        epoch: quorum.leader_epoch,
        voters: quorum.current_voters.iter().filter_map(replica).collect(),
        observers: quorum.observers.iter().filter_map(replica).collect(),
    })
}

fn replica_of(state: &ReplicaState, (end, now): (i64, i64), leader: i32) -> Option<ObservedReplica> {
    let fetched = state.last_fetch_timestamp;
    let silent = u64::try_from(now - fetched).unwrap_or(0);
    Some(ObservedReplica {
        id: NodeId::new(state.replica_id)?,
        directory_id: DirectoryId::new(state.replica_directory_id),
        lag: u64::try_from(end - state.log_end_offset).unwrap_or(0),
        silent_ms: if state.replica_id == leader { Some(0) } else { (fetched >= 0).then_some(silent) },
    })
}

/// The newest level of metadata.version that every unfenced broker supports. Told once a connection, so
/// this costs no request.
async fn observe_newest(admin: &Admin, brokers: &BTreeMap<NodeId, ObservedBroker>) -> Option<i16> {
    let mut newest: Option<i16> = None;
    for (id, _) in brokers.iter().filter(|(_, broker)| !broker.fenced) {
        let versions = admin.api_versions(id.get()).await.ok()?;
        let supported = &versions.response().supported_features;
        let range = supported.iter().find(|feature| feature.name.as_str() == METADATA_VERSION)?;
        newest = Some(newest.map_or(range.max_version, |newest| newest.min(range.max_version)));
    }
    newest
}

/// The controllers that are registered, asked of the controllers' own listener: `admin` is one for
/// controllers. Brokers do not tell.
pub async fn observe_controllers(admin: &Admin) -> Result<BTreeSet<NodeId>, ClientError> {
    let request = DescribeClusterRequest { endpoint_type: 2, ..DescribeClusterRequest::default() };
    let cluster = admin.describe_cluster(&request).await?;
    ClientError::check_with(cluster.error_code, cluster.error_message.as_deref())?;
    Ok(cluster.brokers.iter().filter_map(|controller| NodeId::new(controller.broker_id)).collect())
}

/// Adds what lies on the unfenced brokers' disks: wanted where brokers are to leave. A broker that does
/// not tell stays unknown.
pub async fn observe_disks(admin: &Admin, cluster: &mut ObservedCluster) {
    for (id, broker) in cluster.brokers.iter_mut().filter(|(_, broker)| !broker.fenced) {
        let request = DescribeLogDirsRequest { topics: None, ..DescribeLogDirsRequest::default() };
        let told = admin.describe_log_dirs(id.get(), &request).await;
        broker.disks = told.ok().and_then(|told| disks_of(&told));
    }
}

/// `None` where a directory failed or the broker is too old to tell the free bytes (KIP-827).
fn disks_of(told: &DescribeLogDirsResponse) -> Option<ObservedDisks> {
    let mut disks = ObservedDisks::default();
    for dir in &told.results {
        if dir.error_code != 0 {
            return None;
        }
        disks.free += u64::try_from(dir.usable_bytes).ok()?;
        for topic in &dir.topics {
            for partition in topic.partitions.iter().filter(|partition| !partition.is_future_key) {
                let at = (topic.name.to_string(), partition.partition_index);
                disks.replicas.insert(at, u64::try_from(partition.partition_size).unwrap_or(0));
            }
        }
    }
    Some(disks)
}

async fn observe_cordon(admin: &Admin, broker: NodeId) -> Result<bool, ClientError> {
    let resource = DescribeConfigsResource {
        resource_type: BROKER,
        resource_name: Str::from(broker.to_string()),
        configuration_keys: Some(vec![Str::from_static(CORDONED)]),
        ..DescribeConfigsResource::default()
    };
    let configs = describe(admin, vec![resource]).await?;
    let set = configs.into_iter().flat_map(|(_, configs)| configs);
    Ok(set.into_iter().any(|config| {
        config.config_source == SET_ON_BROKER && config.value.is_some_and(|value| !value.is_empty())
    }))
}

async fn observe_broker_config(admin: &Admin) -> Result<BTreeMap<String, String>, ClientError> {
    let resource = DescribeConfigsResource {
        resource_type: BROKER,
        resource_name: Str::default(),
        configuration_keys: None,
        ..DescribeConfigsResource::default()
    };
    let configs = describe(admin, vec![resource]).await?;
    let set = configs.into_iter().flat_map(|(_, configs)| configs);
    Ok(pairs(set.filter(|config| config.config_source == SET_ON_ALL_BROKERS)))
}

/// All topics with where their replicas are and their configs.
async fn observe_topics(admin: &Admin) -> Result<BTreeMap<String, ObservedTopic>, ClientError> {
    let mut topics = BTreeMap::new();
    for topic in admin.list_topics().await? {
        let partitions = topic.partitions.iter().map(|partition| ObservedPartition {
            leader: partition.leader.and_then(NodeId::new),
            replicas: nodes(&partition.replicas),
            isr: nodes(&partition.isr),
            adding: Vec::new(),
            removing: Vec::new(),
        });
        let observed = ObservedTopic {
            topic_id: topic.id.map_or(Uuid::ZERO, TopicId::get),
            min_isr: 1,
            config: BTreeMap::new(),
            partitions: partitions.collect(),
        };
        topics.insert(topic.name.to_string(), observed);
    }
    add_moves(admin, &mut topics).await?;
    let names: Vec<String> = topics.keys().cloned().collect();
    for names in names.chunks(TOPICS_PER_REQUEST) {
        let resource = |name: &String| DescribeConfigsResource {
            resource_type: TOPIC,
            resource_name: Str::from(name.clone()),
            configuration_keys: None,
            ..DescribeConfigsResource::default()
        };
        for (name, configs) in describe(admin, names.iter().map(resource).collect()).await? {
            let Some(topic) = topics.get_mut(&name) else { continue };
            let min_isr = configs.iter().find(|config| &*config.name == MIN_INSYNC_REPLICAS);
            topic.min_isr = min_isr.and_then(|config| config.value.as_ref()?.parse().ok()).unwrap_or(1);
            topic.config = pairs(configs.into_iter().filter(|config| config.config_source == SET_ON_TOPIC));
        }
    }
    Ok(topics)
}

/// The moves under way, from the active controller.
async fn add_moves(admin: &Admin, topics: &mut BTreeMap<String, ObservedTopic>) -> Result<(), ClientError> {
    let request = ListPartitionReassignmentsRequest {
        timeout_ms: admin.timeout_ms(),
        topics: None,
        ..ListPartitionReassignmentsRequest::default()
    };
    let response = admin.list_partition_reassignments(&request).await?;
    ClientError::check_with(response.error_code, response.error_message.as_deref())?;
    for topic in response.topics {
        let Some(known) = topics.get_mut(topic.name.as_str()) else { continue };
        for moving in topic.partitions {
            let index = usize::try_from(moving.partition_index).ok();
            let Some(partition) = index.and_then(|index| known.partitions.get_mut(index)) else { continue };
            partition.replicas = nodes(&moving.replicas);
            partition.adding = nodes(&moving.adding_replicas);
            partition.removing = nodes(&moving.removing_replicas);
        }
    }
    Ok(())
}

fn nodes(ids: &[i32]) -> Vec<NodeId> {
    ids.iter().filter_map(|id| NodeId::new(*id)).collect()
}

fn pairs(configs: impl Iterator<Item = DescribeConfigsResourceResult>) -> BTreeMap<String, String> {
    configs.filter_map(|config| Some((config.name.to_string(), config.value?.to_string()))).collect()
}

async fn describe(
    admin: &Admin,
    resources: Vec<DescribeConfigsResource>,
) -> Result<Vec<(String, Vec<DescribeConfigsResourceResult>)>, ClientError> {
    let request = DescribeConfigsRequest { resources, ..DescribeConfigsRequest::default() };
    let results = admin.describe_configs(&request).await?;
    Ok(results.into_iter().map(|result| (result.resource_name.to_string(), result.configs)).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn state(id: i32, end: i64, fetched: i64) -> ReplicaState {
        ReplicaState {
            replica_id: id,
            replica_directory_id: Uuid::from_u128(500 + u128::try_from(id).unwrap()),
            log_end_offset: end,
            last_fetch_timestamp: fetched,
            ..ReplicaState::default()
        }
    }

    #[test]
    fn a_replica_lags_behind_the_leaders_end_and_is_silent_by_the_leaders_clock() {
        let quorum = PartitionData {
            leader_id: 1,
            leader_epoch: 4,
            current_voters: vec![state(1, 100, 9_000), state(2, 90, 8_500)],
            observers: vec![state(3, 0, -1)],
            ..PartitionData::default()
        };
        let seen = quorum_of(&quorum).unwrap();
        assert_eq!((seen.leader, seen.epoch), (NodeId::at(1), 4));
        let voters: Vec<_> = seen.voters.iter().map(|one| (one.lag, one.silent_ms)).collect();
        assert_eq!(voters, [(0, Some(0)), (10, Some(500))]);
        assert_eq!((seen.observers[0].lag, seen.observers[0].silent_ms), (100, None));
    }

    #[test]
    fn a_quorum_without_a_leader_is_none() {
        assert_eq!(quorum_of(&PartitionData { leader_id: -1, ..PartitionData::default() }), None);
    }
}
