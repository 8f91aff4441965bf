//! DescribeTopicPartitions (key 75), version 0: topics page by page, with eligible leaders (KIP-966).

use klamm_metadata::views::{ClientView, TopicPage, describe_topic_partitions};
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::describe_topic_partitions_response::DescribeTopicPartitionsResponseTopic;
use klamm_protocol::messages::{DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse};

use super::call::Call;
use super::operations;

/// Answers one page.
pub fn handle(call: &Call, request: DescribeTopicPartitionsRequest) -> DescribeTopicPartitionsResponse {
    if request.cursor.as_ref().is_some_and(|cursor| cursor.partition_index < 0) {
        return refused(&request, ErrorCode::InvalidRequest);
    }
    let image = call.node.image.load();
    let view = ClientView::new(&image, &call.peer.listener.name);
    let most = call.node.settings.layers().effective().fetch.max_partitions_described as usize;
    let asked = usize::try_from(request.response_partition_limit).unwrap_or(0);
    let page = TopicPage {
        cursor: request.cursor.as_ref().map(|cursor| (&*cursor.topic_name, cursor.partition_index)),
        limit: asked.min(most).max(1),
    };
    let mut names: Vec<&str> = request.topics.iter().map(|topic| &*topic.name).collect();
    names.sort_unstable();
    names.dedup();
    let names = (!names.is_empty()).then_some(names);
    let mut response = describe_topic_partitions(view, names.as_deref(), page, |_| true);
    // As Kafka, also for topics that are not there.
    for topic in &mut response.topics {
        topic.topic_authorized_operations = operations::TOPIC;
    }
    response
}

/// The answer to a request that is wrong as a whole.
fn refused(request: &DescribeTopicPartitionsRequest, error: ErrorCode) -> DescribeTopicPartitionsResponse {
    let topics = request.topics.iter().map(|topic| DescribeTopicPartitionsResponseTopic {
        error_code: error.code(),
        name: Some(topic.name.clone()),
        topic_authorized_operations: operations::NOT_ASKED,
        ..DescribeTopicPartitionsResponseTopic::default()
    });
    DescribeTopicPartitionsResponse { topics: topics.collect(), ..DescribeTopicPartitionsResponse::default() }
}
