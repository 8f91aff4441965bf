//! Which requests this node serves on which kind of listener, in which versions. ApiVersions
//! advertises just this.

use std::ops::RangeInclusive;

use klamm_protocol::ApiKey;

/// Which APIs a listener serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Serves {
    /// Those of a broker.
    Broker,
    /// Those of a controller.
    Controller,
}

/// Served by brokers.
const BROKER: &[ApiKey] = &[
    ApiKey::Produce,
    ApiKey::Fetch,
    ApiKey::ListOffsets,
    ApiKey::Metadata,
    ApiKey::OffsetCommit,
    ApiKey::OffsetFetch,
    ApiKey::FindCoordinator,
    ApiKey::JoinGroup,
    ApiKey::Heartbeat,
    ApiKey::LeaveGroup,
    ApiKey::SyncGroup,
    ApiKey::DescribeGroups,
    ApiKey::ListGroups,
    ApiKey::ApiVersions,
    ApiKey::CreateTopics,
    ApiKey::DeleteTopics,
    ApiKey::DeleteRecords,
    ApiKey::InitProducerId,
    ApiKey::OffsetForLeaderEpoch,
    ApiKey::DescribeConfigs,
    ApiKey::AlterConfigs,
    ApiKey::AlterReplicaLogDirs,
    ApiKey::DescribeLogDirs,
    ApiKey::CreatePartitions,
    ApiKey::DeleteGroups,
    ApiKey::ElectLeaders,
    ApiKey::IncrementalAlterConfigs,
    ApiKey::AlterPartitionReassignments,
    ApiKey::ListPartitionReassignments,
    ApiKey::OffsetDelete,
    ApiKey::DescribeQuorum,
    ApiKey::UpdateFeatures,
    ApiKey::DescribeCluster,
    ApiKey::DescribeProducers,
    ApiKey::UnregisterBroker,
    ApiKey::ListConfigResources,
    ApiKey::DescribeTopicPartitions,
    ApiKey::AddRaftVoter,
    ApiKey::RemoveRaftVoter,
    ApiKey::UnregisterController,
];

/// Served by controllers.
const CONTROLLER: &[ApiKey] = &[
    ApiKey::Fetch,
    ApiKey::ApiVersions,
    ApiKey::CreateTopics,
    ApiKey::DeleteTopics,
    ApiKey::DescribeConfigs,
    ApiKey::AlterConfigs,
    ApiKey::CreatePartitions,
    ApiKey::ElectLeaders,
    ApiKey::IncrementalAlterConfigs,
    ApiKey::AlterPartitionReassignments,
    ApiKey::ListPartitionReassignments,
    ApiKey::Vote,
    ApiKey::BeginQuorumEpoch,
    ApiKey::EndQuorumEpoch,
    ApiKey::DescribeQuorum,
    ApiKey::AlterPartition,
    ApiKey::UpdateFeatures,
    ApiKey::Envelope,
    ApiKey::FetchSnapshot,
    ApiKey::DescribeCluster,
    ApiKey::BrokerRegistration,
    ApiKey::BrokerHeartbeat,
    ApiKey::UnregisterBroker,
    ApiKey::AllocateProducerIds,
    ApiKey::ControllerRegistration,
    ApiKey::AssignReplicasToDirs,
    ApiKey::AddRaftVoter,
    ApiKey::RemoveRaftVoter,
    ApiKey::UpdateRaftVoter,
    ApiKey::UnregisterController,
];

/// APIs of features that this version does not serve: not advertised, and refused by `super::unserved`.
const LATER: &[ApiKey] = &[
    // SASL, ACLs, delegation tokens, quotas.
    ApiKey::SaslHandshake,
    ApiKey::SaslAuthenticate,
    ApiKey::DescribeAcls,
    ApiKey::CreateAcls,
    ApiKey::DeleteAcls,
    ApiKey::CreateDelegationToken,
    ApiKey::RenewDelegationToken,
    ApiKey::ExpireDelegationToken,
    ApiKey::DescribeDelegationToken,
    ApiKey::DescribeClientQuotas,
    ApiKey::AlterClientQuotas,
    ApiKey::DescribeUserScramCredentials,
    ApiKey::AlterUserScramCredentials,
    // Transactions.
    ApiKey::AddPartitionsToTxn,
    ApiKey::AddOffsetsToTxn,
    ApiKey::EndTxn,
    ApiKey::WriteTxnMarkers,
    ApiKey::TxnOffsetCommit,
    ApiKey::DescribeTransactions,
    ApiKey::ListTransactions,
    // KIP-848, telemetry, share and streams groups.
    ApiKey::ConsumerGroupHeartbeat,
    ApiKey::ConsumerGroupDescribe,
    ApiKey::GetTelemetrySubscriptions,
    ApiKey::PushTelemetry,
    ApiKey::ShareGroupHeartbeat,
    ApiKey::ShareGroupDescribe,
    ApiKey::ShareFetch,
    ApiKey::ShareAcknowledge,
    ApiKey::InitializeShareGroupState,
    ApiKey::ReadShareGroupState,
    ApiKey::WriteShareGroupState,
    ApiKey::DeleteShareGroupState,
    ApiKey::ReadShareGroupStateSummary,
    ApiKey::DescribeShareGroupOffsets,
    ApiKey::AlterShareGroupOffsets,
    ApiKey::DeleteShareGroupOffsets,
    ApiKey::StreamsGroupHeartbeat,
    ApiKey::StreamsGroupDescribe,
    ApiKey::StreamsGroupTopologyDescriptionUpdate,
];

/// All keys a kind of listener serves, ascending.
pub fn keys(serves: Serves) -> &'static [ApiKey] {
    match serves {
        Serves::Broker => BROKER,
        Serves::Controller => CONTROLLER,
    }
}

/// The versions served of `key`; `None` if it is not served there at all.
pub fn served(key: ApiKey, serves: Serves) -> Option<RangeInclusive<i16>> {
    keys(serves).contains(&key).then(|| match key {
        // Produce is advertised from 0 for old librdkafka, and served from 3.
        ApiKey::Produce => key.versions(),
        _ => key.advertised_versions(),
    })
}

/// The versions of `key` that are refused with an error instead of a closed connection; `None` if it is served or
/// belongs to other listeners.
pub fn refused(key: ApiKey, serves: Serves) -> Option<RangeInclusive<i16>> {
    let belongs = match serves {
        Serves::Broker => key.on_brokers(),
        Serves::Controller => key.on_controllers(),
    };
    (belongs && LATER.contains(&key)).then(|| key.versions())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_listed_once_in_ascending_order() {
        for serves in [Serves::Broker, Serves::Controller] {
            let codes: Vec<_> = keys(serves).iter().map(|key| key.code()).collect();
            assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
        }
    }

    #[test]
    fn every_api_of_kafka_is_served_on_its_listeners_or_known_to_come_later() {
        let mut missing = Vec::new();
        for key in ApiKey::ALL {
            for (serves, belongs) in
                [(Serves::Broker, key.on_brokers()), (Serves::Controller, key.on_controllers())]
            {
                let is_later = LATER.contains(&key);
                assert!(!(is_later && keys(serves).contains(&key)), "{} is served", key.name());
                if belongs && !is_later && !keys(serves).contains(&key) {
                    missing.push((key.name(), serves));
                }
            }
        }
        assert_eq!(missing, [], "neither served nor said to come later");
    }

    #[test]
    fn each_key_belongs_to_its_listener() {
        assert!(BROKER.iter().all(|key| key.on_brokers()));
        assert!(CONTROLLER.iter().all(|key| key.on_controllers()));
    }
}
