//! Offsets of groups: OffsetCommit (8), OffsetFetch (9), OffsetDelete (47). From version 10 the first
//! two name topics by id; coordinators know them by name.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use klamm_coordinator::group::{CommitDialect, GroupRequest, Stability};
use klamm_metadata::MetadataImage;
use klamm_model::{TopicId, Uuid};
use klamm_protocol::messages::offset_commit_request::OffsetCommitRequestTopic;
use klamm_protocol::messages::offset_commit_response::{
    OffsetCommitResponsePartition, OffsetCommitResponseTopic,
};
use klamm_protocol::messages::offset_delete_response::{
    OffsetDeleteResponsePartition, OffsetDeleteResponseTopic,
};
use klamm_protocol::messages::offset_fetch_request::{OffsetFetchRequestGroup, OffsetFetchRequestTopics};
use klamm_protocol::messages::offset_fetch_response::{
    OffsetFetchResponseGroup, OffsetFetchResponsePartition, OffsetFetchResponsePartitions,
    OffsetFetchResponseTopic, OffsetFetchResponseTopics,
};
use klamm_protocol::messages::{
    OffsetCommitRequest, OffsetCommitResponse, OffsetDeleteRequest, OffsetDeleteResponse, OffsetFetchRequest,
    OffsetFetchResponse,
};
use klamm_protocol::{ErrorCode, Str};

use super::call::Call;
use super::groups::{ask, expect_reply};

/// The first versions with topic ids.
const FIRST_WITH_IDS: i16 = 10;

/// OffsetCommit, versions 2-10.
pub async fn commit(call: Call, mut request: OffsetCommitRequest) -> OffsetCommitResponse {
    let image = call.node.image.load();
    let mut refused = Vec::new();
    let by_id = call.version >= FIRST_WITH_IDS;
    request.topics.retain_mut(|topic| match resolve(&image, topic, by_id) {
        Ok(()) => true,
        Err(error) => {
            refused.push(refuse(topic, error));
            false
        }
    });
    refused.extend(take_unknown_partitions(&image, &mut request));
    let dialect = if call.version >= 9 { CommitDialect::MemberEpoch } else { CommitDialect::Generation };
    let mut response = if request.topics.is_empty() && !refused.is_empty() {
        OffsetCommitResponse::default()
    } else {
        let group = request.group_id.clone();
        let asked = GroupRequest::OffsetCommit(request, dialect);
        expect_reply!(ask(&call, &group, asked).await, OffsetCommit)
    };
    add_topics(&mut response.topics, refused, by_id);
    response
}

/// Adds refused topics, to those of the same name (and id) where there are such.
fn add_topics(
    known: &mut Vec<OffsetCommitResponseTopic>,
    refused: Vec<OffsetCommitResponseTopic>,
    by_id: bool,
) {
    let key = |topic: &OffsetCommitResponseTopic| (topic.name.clone(), by_id.then_some(topic.topic_id));
    let mut places = HashMap::new();
    for (place, topic) in known.iter().enumerate() {
        places.entry(key(topic)).or_insert(place);
    }
    for topic in refused {
        match places.entry(key(&topic)) {
            Entry::Occupied(place) => known[*place.get()].partitions.extend(topic.partitions),
            Entry::Vacant(place) => {
                place.insert(known.len());
                known.push(topic);
            }
        }
    }
}

fn resolve(
    image: &MetadataImage,
    topic: &mut OffsetCommitRequestTopic,
    by_id: bool,
) -> Result<(), ErrorCode> {
    if by_id {
        let known = TopicId::new(topic.topic_id).and_then(|id| image.topics().by_id(id));
        topic.name = Str::from(known.ok_or(ErrorCode::UnknownTopicId)?.name().to_string());
    } else {
        let known = image.topics().by_name(&topic.name).ok_or(ErrorCode::UnknownTopicOrPartition)?;
        topic.topic_id = known.id().get();
    }
    Ok(())
}

fn refuse(topic: &OffsetCommitRequestTopic, error: ErrorCode) -> OffsetCommitResponseTopic {
    let one = |partition_index| OffsetCommitResponsePartition {
        partition_index,
        error_code: error.code(),
        ..OffsetCommitResponsePartition::default()
    };
    OffsetCommitResponseTopic {
        name: topic.name.clone(),
        topic_id: topic.topic_id,
        partitions: topic.partitions.iter().map(|partition| one(partition.partition_index)).collect(),
        ..OffsetCommitResponseTopic::default()
    }
}

/// Takes out partitions that do not exist.
fn take_unknown_partitions(
    image: &MetadataImage,
    request: &mut OffsetCommitRequest,
) -> Vec<OffsetCommitResponseTopic> {
    let mut refused = Vec::new();
    for topic in &mut request.topics {
        let Some(known) = image.topics().by_name(&topic.name) else { continue };
        let mut unknown = OffsetCommitRequestTopic { partitions: Vec::new(), ..topic.clone() };
        topic.partitions.retain(|partition| {
            let exists = known.partition(partition.partition_index).is_some();
            if !exists {
                unknown.partitions.push(partition.clone());
            }
            exists
        });
        if !unknown.partitions.is_empty() {
            refused.push(refuse(&unknown, ErrorCode::UnknownTopicOrPartition));
        }
    }
    request.topics.retain(|topic| !topic.partitions.is_empty());
    refused
}

/// OffsetFetch, versions 1-10: 2 all topics, 7 stable offsets, 8 many groups.
pub async fn fetch(call: Call, request: OffsetFetchRequest) -> OffsetFetchResponse {
    let stability = if request.require_stable { Stability::RequireStable } else { Stability::AsCommitted };
    if call.version < 8 {
        let group = OffsetFetchRequestGroup {
            group_id: request.group_id.clone(),
            topics: request.topics.as_ref().map(|topics| {
                let topic =
                    |topic: &klamm_protocol::messages::offset_fetch_request::OffsetFetchRequestTopic| {
                        OffsetFetchRequestTopics {
                            name: topic.name.clone(),
                            partition_indexes: topic.partition_indexes.clone(),
                            ..OffsetFetchRequestTopics::default()
                        }
                    };
                topics.iter().map(topic).collect()
            }),
            ..OffsetFetchRequestGroup::default()
        };
        return single(fetch_group(&call, group, stability).await, &request);
    }
    let mut response = OffsetFetchResponse::default();
    for group in request.groups {
        response.groups.push(fetch_group(&call, group, stability).await);
    }
    response
}

async fn fetch_group(
    call: &Call,
    mut group: OffsetFetchRequestGroup,
    stability: Stability,
) -> OffsetFetchResponseGroup {
    let by_id = call.version >= FIRST_WITH_IDS;
    let image = call.node.image.load();
    let mut unknown = Vec::new();
    if let Some(topics) = &mut group.topics
        && by_id
    {
        topics.retain_mut(|topic| {
            let known = TopicId::new(topic.topic_id).and_then(|id| image.topics().by_id(id));
            match known {
                Some(known) => {
                    topic.name = Str::from(known.name().to_string());
                    true
                }
                None => {
                    unknown.push(unknown_topic(topic));
                    false
                }
            }
        });
    }
    let id = group.group_id.clone();
    let reply = ask(call, &id, GroupRequest::OffsetFetch(group, stability)).await;
    let mut answer = expect_reply!(reply, OffsetFetch);
    if by_id {
        for topic in &mut answer.topics {
            let known = image.topics().by_name(&topic.name);
            topic.topic_id = known.map_or(Uuid::ZERO, |known| known.id().get());
        }
        // Offsets of topics that are gone cannot be named.
        answer.topics.retain(|topic| !topic.topic_id.is_zero());
    }
    if answer.error_code == 0 {
        answer.topics.extend(unknown);
    }
    answer
}

fn unknown_topic(topic: &OffsetFetchRequestTopics) -> OffsetFetchResponseTopics {
    let one = |index: &i32| OffsetFetchResponsePartitions {
        partition_index: *index,
        committed_offset: -1,
        committed_leader_epoch: -1,
        metadata: Some(Str::from("")),
        error_code: ErrorCode::UnknownTopicId.code(),
        ..OffsetFetchResponsePartitions::default()
    };
    OffsetFetchResponseTopics {
        topic_id: topic.topic_id,
        partitions: topic.partition_indexes.iter().map(one).collect(),
        ..OffsetFetchResponseTopics::default()
    }
}

/// The answer of versions below 8, which know one group.
fn single(group: OffsetFetchResponseGroup, request: &OffsetFetchRequest) -> OffsetFetchResponse {
    let mut response = OffsetFetchResponse { error_code: group.error_code, ..OffsetFetchResponse::default() };
    let error = group.error_code;
    let topics = group.topics.into_iter().map(|topic| OffsetFetchResponseTopic {
        name: topic.name,
        partitions: topic
            .partitions
            .into_iter()
            .map(|partition| OffsetFetchResponsePartition {
                partition_index: partition.partition_index,
                committed_offset: partition.committed_offset,
                committed_leader_epoch: partition.committed_leader_epoch,
                metadata: partition.metadata,
                error_code: partition.error_code,
                ..OffsetFetchResponsePartition::default()
            })
            .collect(),
        ..OffsetFetchResponseTopic::default()
    });
    response.topics = topics.collect();
    // Version 1 has no error of the group: each partition carries it.
    if error != 0 && response.topics.is_empty() {
        let topics = request.topics.iter().flatten().map(|topic| OffsetFetchResponseTopic {
            name: topic.name.clone(),
            partitions: topic
                .partition_indexes
                .iter()
                .map(|index| OffsetFetchResponsePartition {
                    partition_index: *index,
                    committed_offset: -1,
                    committed_leader_epoch: -1,
                    metadata: Some(Str::from("")),
                    error_code: error,
                    ..OffsetFetchResponsePartition::default()
                })
                .collect(),
            ..OffsetFetchResponseTopic::default()
        });
        response.topics = topics.collect();
    }
    response
}

/// OffsetDelete, version 0. Partitions that do not exist have no offsets.
pub async fn delete(call: Call, mut request: OffsetDeleteRequest) -> OffsetDeleteResponse {
    let image = call.node.image.load();
    let mut unknown = Vec::new();
    for topic in &mut request.topics {
        let known = image.topics().by_name(&topic.name);
        let mut partitions = Vec::new();
        topic.partitions.retain(|asked| {
            let exists = known.is_some_and(|known| known.partition(asked.partition_index).is_some());
            if !exists {
                partitions.push(OffsetDeleteResponsePartition {
                    partition_index: asked.partition_index,
                    error_code: ErrorCode::UnknownTopicOrPartition.code(),
                });
            }
            exists
        });
        if !partitions.is_empty() {
            let name = topic.name.clone();
            unknown.push(OffsetDeleteResponseTopic { name, partitions });
        }
    }
    request.topics.retain(|topic| !topic.partitions.is_empty());
    let mut response = if request.topics.is_empty() && !unknown.is_empty() {
        OffsetDeleteResponse::default()
    } else {
        let group = request.group_id.clone();
        expect_reply!(ask(&call, &group, GroupRequest::OffsetDelete(request)).await, OffsetDelete)
    };
    if response.error_code != 0 {
        return response;
    }
    let mut places = HashMap::new();
    for (place, topic) in response.topics.iter().enumerate() {
        places.entry(topic.name.clone()).or_insert(place);
    }
    for topic in unknown {
        match places.entry(topic.name.clone()) {
            Entry::Occupied(place) => response.topics[*place.get()].partitions.extend(topic.partitions),
            Entry::Vacant(place) => {
                place.insert(response.topics.len());
                response.topics.push(topic);
            }
        }
    }
    response
}
