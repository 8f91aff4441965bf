//! Answers of both sides in a form that can be compared: Kafka lists much in the order of hash
//! maps, and draws ids at random.

use bytes::Bytes;
use klamm_model::Uuid;
use klamm_protocol::messages::MetadataRecord;
use klamm_protocol::{Message, Reader};

use crate::VersionedRecord;
use crate::controller::Reply;

/// Reads the response that belongs to `like`.
pub fn decode_like(like: &Reply, body: Bytes) -> Reply {
    fn read<M: Message + Into<Reply>>(body: Bytes) -> Reply {
        let mut reader = Reader::new(body);
        M::decode(&mut reader, *M::VERSIONS.end()).unwrap().into()
    }
    macro_rules! by_variant {
        ($($variant:ident => $response:ident,)+) => {
            match like {
                $(Reply::$variant(_) => read::<klamm_protocol::messages::$response>(body),)+
                Reply::Internal(more) => Reply::Internal(*more),
            }
        };
    }
    by_variant! {
        CreateTopics => CreateTopicsResponse,
        DeleteTopics => DeleteTopicsResponse,
        CreatePartitions => CreatePartitionsResponse,
        AlterConfigs => AlterConfigsResponse,
        IncrementalAlterConfigs => IncrementalAlterConfigsResponse,
        BrokerRegistration => BrokerRegistrationResponse,
        BrokerHeartbeat => BrokerHeartbeatResponse,
        UnregisterBroker => UnregisterBrokerResponse,
        ControllerRegistration => ControllerRegistrationResponse,
        UnregisterController => UnregisterControllerResponse,
        AlterPartition => AlterPartitionResponse,
        ElectLeaders => ElectLeadersResponse,
        AlterPartitionReassignments => AlterPartitionReassignmentsResponse,
        ListPartitionReassignments => ListPartitionReassignmentsResponse,
        AssignReplicasToDirs => AssignReplicasToDirsResponse,
        AllocateProducerIds => AllocateProducerIdsResponse,
        UpdateFeatures => UpdateFeaturesResponse,
        AlterClientQuotas => AlterClientQuotasResponse,
        AlterUserScramCredentials => AlterUserScramCredentialsResponse,
        CreateAcls => CreateAclsResponse,
        DeleteAcls => DeleteAclsResponse,
        CreateDelegationToken => CreateDelegationTokenResponse,
        RenewDelegationToken => RenewDelegationTokenResponse,
        ExpireDelegationToken => ExpireDelegationTokenResponse,
    }
}

/// Sorts what has no order, and forgets what was drawn.
pub fn normal(reply: &mut Reply) {
    match reply {
        Reply::CreateTopics(response) => {
            for topic in &mut response.topics {
                topic.topic_id = Uuid::ZERO;
                // The rules of our side know few configs.
                topic.configs = None;
            }
        }
        Reply::DeleteTopics(response) => {
            for topic in &mut response.responses {
                topic.name = None;
            }
            response.responses.sort_by_key(|topic| topic.topic_id);
        }
        Reply::AlterConfigs(response) => {
            response.responses.sort_by_key(|r| (r.resource_type, r.resource_name.to_string()));
        }
        Reply::IncrementalAlterConfigs(response) => {
            response.responses.sort_by_key(|r| (r.resource_type, r.resource_name.to_string()));
        }
        Reply::ElectLeaders(response) => {
            let topics = &mut response.replica_election_results;
            topics.sort_by_key(|topic| topic.topic.to_string());
            topics.iter_mut().for_each(|topic| topic.partition_result.sort_by_key(|p| p.partition_id));
        }
        Reply::ListPartitionReassignments(response) => {
            response.topics.sort_by_key(|topic| topic.name.to_string());
            response.topics.iter_mut().for_each(|t| t.partitions.sort_by_key(|p| p.partition_index));
        }
        Reply::AlterClientQuotas(response) => {
            for entry in &mut response.entries {
                entry.entity.sort_by_key(|part| part.entity_type.to_string());
            }
            response.entries.sort_by_key(|entry| format!("{:?}", entry.entity));
        }
        Reply::UpdateFeatures(response) => {
            // Which of several nodes is named first is up to a hash map.
            let text = response.error_message.as_deref().unwrap_or_default();
            let node = text.find(" Controller 300").or_else(|| text.find(" Broker "));
            if let Some(node) = node {
                response.error_message = Some(text[..node].into());
            }
        }
        Reply::AlterUserScramCredentials(response) => response.results.sort_by_key(|r| r.user.to_string()),
        Reply::DeleteAcls(response) => {
            for filter in &mut response.filter_results {
                filter.matching_acls.sort_by_key(|acl| format!("{acl:?}"));
            }
        }
        _ => {}
    }
}

/// The records in an order of their own, without ids that were drawn.
pub fn normal_records(records: &[VersionedRecord]) -> Vec<String> {
    let mut topic = 0_u8;
    let mut drawn = Vec::new();
    let mut shown: Vec<String> = records
        .iter()
        .map(|record| {
            let mut record = record.clone();
            match &mut record.record {
                MetadataRecord::Topic(created) => {
                    topic += 1;
                    drawn.push(created.topic_id);
                    created.topic_id = Uuid::ZERO;
                }
                MetadataRecord::Partition(partition) if drawn.contains(&partition.topic_id) => {
                    partition.topic_id = Uuid::from_u128(u128::from(topic));
                }
                MetadataRecord::PartitionChange(change) => forget_nobody(&mut change.last_known_elr),
                MetadataRecord::AccessControlEntry(entry) => entry.id = Uuid::ZERO,
                MetadataRecord::ClientQuota(quota) => {
                    quota.entity.sort_by_key(|part| part.entity_type.to_string());
                }
                _ => {}
            }
            format!("{record:?}")
        })
        .collect();
    shown.sort();
    shown
}

/// Kafka notes -1 as the last leader of a partition that had none; we note nothing.
pub fn forget_nobody(last_known_elr: &mut Option<Vec<i32>>) {
    if last_known_elr.as_deref() == Some(&[-1]) {
        *last_known_elr = None;
    }
}
