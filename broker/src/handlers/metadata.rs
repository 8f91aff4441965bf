//! Metadata (key 3), versions 0-13.
//!
//! 1: null asks for all topics, controller id. 4: auto-creation may be refused by the client. 8:
//! authorized operations. 9: flexible. 10, 12: topic ids. 11: no cluster operations any more. 13:
//! top-level error.

use klamm_metadata::image::Topic;
use klamm_metadata::views::{ClientNode, ClientView, MissingListener, Replicas, topic_metadata};
use klamm_metadata::{MetadataImage, topic_name_error};
use klamm_model::TopicId;
use klamm_protocol::messages::metadata_response::{MetadataResponseBroker, MetadataResponseTopic};
use klamm_protocol::messages::{MetadataRequest, MetadataResponse};
use klamm_protocol::{ErrorCode, Str};

use super::auto_create;
use super::call::Call;
use super::operations;

/// Topics may be asked for by id from here on; the field is there since 10.
const FIRST_WITH_IDS: i16 = 12;

/// Answers from the image; topics that do not exist may be created on the way.
pub async fn handle(call: Call, request: MetadataRequest) -> MetadataResponse {
    if call.version < FIRST_WITH_IDS && names_by_id(&request) {
        return refused(&request, ErrorCode::InvalidRequest);
    }
    let image = call.node.image.load();
    let view = ClientView::new(&image, &call.peer.listener.name);
    let mut missing = Vec::new();
    let topics = match &request.topics {
        None => all(&call, view),
        Some(asked) if asked.is_empty() && call.version == 0 => all(&call, view),
        Some(asked) => {
            let mut topics = Vec::with_capacity(asked.len());
            for topic in asked {
                let id = TopicId::new(topic.topic_id);
                match (find(&image, id, topic.name.as_ref()), id, &topic.name) {
                    (Some(topic), _, _) => topics.push(one(&call, view, topic)),
                    (None, Some(id), _) => topics.push(unknown_id(id)),
                    (None, None, name) => {
                        let name = name.clone().unwrap_or_default();
                        topics.push(unknown_name(&name, request.allow_auto_topic_creation, &mut missing));
                    }
                }
            }
            topics
        }
    };
    let mut response = MetadataResponse {
        brokers: view.alive_for_clients().map(broker).collect(),
        cluster_id: Some(Str::from(call.node.cluster_id.to_string())),
        topics,
        ..MetadataResponse::default()
    };
    response.controller_id = response.brokers.first().map_or(-1, |broker| broker.node_id);
    with_operations(&request, &mut response);
    auto_create::create(&call, &missing).await;
    response
}

fn names_by_id(request: &MetadataRequest) -> bool {
    let mut topics = request.topics.iter().flatten();
    topics.any(|topic| topic.name.is_none() || !topic.topic_id.is_zero())
}

/// The answer to a request that is wrong as a whole.
fn refused(request: &MetadataRequest, error: ErrorCode) -> MetadataResponse {
    let topics = request.topics.iter().flatten().map(|topic| MetadataResponseTopic {
        error_code: error.code(),
        name: Some(topic.name.clone().unwrap_or_default()),
        topic_id: topic.topic_id,
        topic_authorized_operations: operations::NOT_ASKED,
        ..MetadataResponseTopic::default()
    });
    MetadataResponse {
        cluster_id: None,
        controller_id: -1,
        topics: topics.collect(),
        cluster_authorized_operations: operations::NOT_ASKED,
        ..MetadataResponse::default()
    }
}

fn with_operations(request: &MetadataRequest, response: &mut MetadataResponse) {
    let asked = |asked: bool, operations| if asked { operations } else { operations::NOT_ASKED };
    response.cluster_authorized_operations =
        asked(request.include_cluster_authorized_operations, operations::CLUSTER);
    for topic in response.topics.iter_mut().filter(|topic| topic.error_code == 0) {
        topic.topic_authorized_operations =
            asked(request.include_topic_authorized_operations, operations::TOPIC);
    }
}

fn find<'a>(image: &'a MetadataImage, id: Option<TopicId>, name: Option<&Str>) -> Option<&'a Topic> {
    match id {
        Some(id) => image.topics().by_id(id).map(|topic| &**topic),
        None => image.topics().by_name(name?).map(|topic| &**topic),
    }
}

fn all(call: &Call, view: ClientView<'_>) -> Vec<MetadataResponseTopic> {
    view.image().topics().iter_by_name().map(|topic| one(call, view, topic)).collect()
}

fn one(call: &Call, view: ClientView<'_>, topic: &Topic) -> MetadataResponseTopic {
    let replicas = if call.version == 0 { Replicas::Alive } else { Replicas::All };
    let missing = if call.version >= 6 { MissingListener::Named } else { MissingListener::AsUnavailable };
    topic_metadata(view, topic, replicas, missing)
}

fn unknown_id(id: TopicId) -> MetadataResponseTopic {
    MetadataResponseTopic {
        error_code: ErrorCode::UnknownTopicId.code(),
        name: None,
        topic_id: id.get(),
        ..MetadataResponseTopic::default()
    }
}

fn unknown_name(name: &Str, may_create: bool, missing: &mut Vec<Str>) -> MetadataResponseTopic {
    let error = if topic_name_error(name).is_some() {
        ErrorCode::InvalidTopicException
    } else {
        if may_create {
            missing.push(name.clone());
        }
        ErrorCode::UnknownTopicOrPartition
    };
    MetadataResponseTopic {
        error_code: error.code(),
        name: Some(name.clone()),
        is_internal: klamm_metadata::is_internal_topic(name),
        ..MetadataResponseTopic::default()
    }
}

fn broker(node: ClientNode) -> MetadataResponseBroker {
    MetadataResponseBroker {
        node_id: node.id.get(),
        host: Str::from(node.host.to_string()),
        port: i32::from(node.port),
        rack: node.rack.map(|rack| Str::from(rack.to_string())),
        ..MetadataResponseBroker::default()
    }
}
