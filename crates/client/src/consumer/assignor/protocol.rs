//! Subscriptions and assignments as members exchange them through the coordinator (Kafka: `ConsumerProtocol`).
//!
//! Each is a version and a message. A version this client does not know is read as the newest it does.

use std::sync::Arc;

use bytes::Bytes;
use klamm_model::TopicPartition;
use klamm_protocol::messages::consumer_protocol_assignment::TopicPartition as AssignedTopic;
use klamm_protocol::messages::consumer_protocol_subscription::TopicPartition as OwnedTopic;
use klamm_protocol::messages::{ConsumerProtocolAssignment, ConsumerProtocolSubscription};
use klamm_protocol::{DecodeError, EncodeError, Message, Reader, Str, Writer};

use super::MemberSubscription;

/// The group type of consumers.
pub(crate) const PROTOCOL_TYPE: &str = "consumer";

/// The subscription as the newest version has it.
pub(crate) fn encode_subscription(subscription: &MemberSubscription) -> Result<Bytes, EncodeError> {
    let mut owned = subscription.owned.clone();
    owned.sort();
    let mut message = ConsumerProtocolSubscription {
        topics: subscription.topics.iter().map(|topic| Str::from(&**topic)).collect(),
        user_data: subscription.user_data.clone(),
        generation_id: subscription.generation.unwrap_or(-1),
        rack_id: subscription.rack.as_deref().map(Str::from),
        ..ConsumerProtocolSubscription::default()
    };
    for at in &owned {
        match message.owned_partitions.last_mut().filter(|last| last.topic == *at.topic) {
            Some(last) => last.partitions.push(at.partition),
            None => message
                .owned_partitions
                .push(OwnedTopic { topic: Str::from(&*at.topic), partitions: vec![at.partition] }),
        }
    }
    versioned(&message)
}

/// A member's subscription. Empty racks are none.
pub(crate) fn decode_subscription(bytes: &Bytes) -> Result<MemberSubscription, DecodeError> {
    let message: ConsumerProtocolSubscription = read_versioned(bytes)?;
    let owned = message.owned_partitions.iter().flat_map(|topic| {
        let name: Arc<str> = Arc::from(topic.topic.as_str());
        topic.partitions.iter().map(move |partition| TopicPartition::new(Arc::clone(&name), *partition))
    });
    Ok(MemberSubscription {
        topics: message.topics.iter().map(|topic| Arc::from(topic.as_str())).collect(),
        user_data: message.user_data.clone(),
        owned: owned.collect(),
        generation: Some(message.generation_id).filter(|generation| *generation >= 0),
        rack: message.rack_id.as_ref().filter(|rack| !rack.is_empty()).map(|rack| Arc::from(rack.as_str())),
        instance_id: None,
    })
}

/// An assignment as the newest version has it, topics in the order of their first partition.
pub(crate) fn encode_assignment(partitions: &[TopicPartition]) -> Result<Bytes, EncodeError> {
    let mut message = ConsumerProtocolAssignment::default();
    for at in partitions {
        match message.assigned_partitions.iter_mut().find(|topic| topic.topic == *at.topic) {
            Some(topic) => topic.partitions.push(at.partition),
            None => message
                .assigned_partitions
                .push(AssignedTopic { topic: Str::from(&*at.topic), partitions: vec![at.partition] }),
        }
    }
    versioned(&message)
}

/// The partitions of an assignment. No bytes are no partitions: a group without a leader's word.
pub(crate) fn decode_assignment(bytes: &Bytes) -> Result<Vec<TopicPartition>, DecodeError> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let message: ConsumerProtocolAssignment = read_versioned(bytes)?;
    let partitions = message.assigned_partitions.iter().flat_map(|topic| {
        let name: Arc<str> = Arc::from(topic.topic.as_str());
        topic.partitions.iter().map(move |partition| TopicPartition::new(Arc::clone(&name), *partition))
    });
    Ok(partitions.collect())
}

fn versioned<M: Message>(message: &M) -> Result<Bytes, EncodeError> {
    let version = *M::VERSIONS.end();
    let mut writer = Writer::new();
    writer.i16(version);
    message.encode(&mut writer, version)?;
    Ok(writer.into_bytes())
}

fn read_versioned<M: Message>(bytes: &Bytes) -> Result<M, DecodeError> {
    let mut reader = Reader::new(bytes.clone());
    let version = reader.i16()?.min(*M::VERSIONS.end());
    M::decode(&mut reader, version)
}
