//! Generated from `schemas` by `cargo xtask codegen`: all requests by their keys.

use crate::api_key::{ApiFacts, Listeners};
use crate::codec::{DecodeError, EncodeError, Reader, Writer};
use crate::message::Message;

/// The requests of Kafka's protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(i16)]
pub enum ApiKey {
    /// `Produce`.
    Produce = 0,
    /// `Fetch`.
    Fetch = 1,
    /// `ListOffsets`.
    ListOffsets = 2,
    /// `Metadata`.
    Metadata = 3,
    /// `OffsetCommit`.
    OffsetCommit = 8,
    /// `OffsetFetch`.
    OffsetFetch = 9,
    /// `FindCoordinator`.
    FindCoordinator = 10,
    /// `JoinGroup`.
    JoinGroup = 11,
    /// `Heartbeat`.
    Heartbeat = 12,
    /// `LeaveGroup`.
    LeaveGroup = 13,
    /// `SyncGroup`.
    SyncGroup = 14,
    /// `DescribeGroups`.
    DescribeGroups = 15,
    /// `ListGroups`.
    ListGroups = 16,
    /// `SaslHandshake`.
    SaslHandshake = 17,
    /// `ApiVersions`.
    ApiVersions = 18,
    /// `CreateTopics`.
    CreateTopics = 19,
    /// `DeleteTopics`.
    DeleteTopics = 20,
    /// `DeleteRecords`.
    DeleteRecords = 21,
    /// `InitProducerId`.
    InitProducerId = 22,
    /// `OffsetForLeaderEpoch`.
    OffsetForLeaderEpoch = 23,
    /// `AddPartitionsToTxn`.
    AddPartitionsToTxn = 24,
    /// `AddOffsetsToTxn`.
    AddOffsetsToTxn = 25,
    /// `EndTxn`.
    EndTxn = 26,
    /// `WriteTxnMarkers`.
    WriteTxnMarkers = 27,
    /// `TxnOffsetCommit`.
    TxnOffsetCommit = 28,
    /// `DescribeAcls`.
    DescribeAcls = 29,
    /// `CreateAcls`.
    CreateAcls = 30,
    /// `DeleteAcls`.
    DeleteAcls = 31,
    /// `DescribeConfigs`.
    DescribeConfigs = 32,
    /// `AlterConfigs`.
    AlterConfigs = 33,
    /// `AlterReplicaLogDirs`.
    AlterReplicaLogDirs = 34,
    /// `DescribeLogDirs`.
    DescribeLogDirs = 35,
    /// `SaslAuthenticate`.
    SaslAuthenticate = 36,
    /// `CreatePartitions`.
    CreatePartitions = 37,
    /// `CreateDelegationToken`.
    CreateDelegationToken = 38,
    /// `RenewDelegationToken`.
    RenewDelegationToken = 39,
    /// `ExpireDelegationToken`.
    ExpireDelegationToken = 40,
    /// `DescribeDelegationToken`.
    DescribeDelegationToken = 41,
    /// `DeleteGroups`.
    DeleteGroups = 42,
    /// `ElectLeaders`.
    ElectLeaders = 43,
    /// `IncrementalAlterConfigs`.
    IncrementalAlterConfigs = 44,
    /// `AlterPartitionReassignments`.
    AlterPartitionReassignments = 45,
    /// `ListPartitionReassignments`.
    ListPartitionReassignments = 46,
    /// `OffsetDelete`.
    OffsetDelete = 47,
    /// `DescribeClientQuotas`.
    DescribeClientQuotas = 48,
    /// `AlterClientQuotas`.
    AlterClientQuotas = 49,
    /// `DescribeUserScramCredentials`.
    DescribeUserScramCredentials = 50,
    /// `AlterUserScramCredentials`.
    AlterUserScramCredentials = 51,
    /// `Vote`.
    Vote = 52,
    /// `BeginQuorumEpoch`.
    BeginQuorumEpoch = 53,
    /// `EndQuorumEpoch`.
    EndQuorumEpoch = 54,
    /// `DescribeQuorum`.
    DescribeQuorum = 55,
    /// `AlterPartition`.
    AlterPartition = 56,
    /// `UpdateFeatures`.
    UpdateFeatures = 57,
    /// `Envelope`.
    Envelope = 58,
    /// `FetchSnapshot`.
    FetchSnapshot = 59,
    /// `DescribeCluster`.
    DescribeCluster = 60,
    /// `DescribeProducers`.
    DescribeProducers = 61,
    /// `BrokerRegistration`.
    BrokerRegistration = 62,
    /// `BrokerHeartbeat`.
    BrokerHeartbeat = 63,
    /// `UnregisterBroker`.
    UnregisterBroker = 64,
    /// `DescribeTransactions`.
    DescribeTransactions = 65,
    /// `ListTransactions`.
    ListTransactions = 66,
    /// `AllocateProducerIds`.
    AllocateProducerIds = 67,
    /// `ConsumerGroupHeartbeat`.
    ConsumerGroupHeartbeat = 68,
    /// `ConsumerGroupDescribe`.
    ConsumerGroupDescribe = 69,
    /// `ControllerRegistration`.
    ControllerRegistration = 70,
    /// `GetTelemetrySubscriptions`.
    GetTelemetrySubscriptions = 71,
    /// `PushTelemetry`.
    PushTelemetry = 72,
    /// `AssignReplicasToDirs`.
    AssignReplicasToDirs = 73,
    /// `ListConfigResources`.
    ListConfigResources = 74,
    /// `DescribeTopicPartitions`.
    DescribeTopicPartitions = 75,
    /// `ShareGroupHeartbeat`.
    ShareGroupHeartbeat = 76,
    /// `ShareGroupDescribe`.
    ShareGroupDescribe = 77,
    /// `ShareFetch`.
    ShareFetch = 78,
    /// `ShareAcknowledge`.
    ShareAcknowledge = 79,
    /// `AddRaftVoter`.
    AddRaftVoter = 80,
    /// `RemoveRaftVoter`.
    RemoveRaftVoter = 81,
    /// `UpdateRaftVoter`.
    UpdateRaftVoter = 82,
    /// `InitializeShareGroupState`.
    InitializeShareGroupState = 83,
    /// `ReadShareGroupState`.
    ReadShareGroupState = 84,
    /// `WriteShareGroupState`.
    WriteShareGroupState = 85,
    /// `DeleteShareGroupState`.
    DeleteShareGroupState = 86,
    /// `ReadShareGroupStateSummary`.
    ReadShareGroupStateSummary = 87,
    /// `StreamsGroupHeartbeat`.
    StreamsGroupHeartbeat = 88,
    /// `StreamsGroupDescribe`.
    StreamsGroupDescribe = 89,
    /// `DescribeShareGroupOffsets`.
    DescribeShareGroupOffsets = 90,
    /// `AlterShareGroupOffsets`.
    AlterShareGroupOffsets = 91,
    /// `DeleteShareGroupOffsets`.
    DeleteShareGroupOffsets = 92,
    /// `StreamsGroupTopologyDescriptionUpdate`.
    StreamsGroupTopologyDescriptionUpdate = 93,
    /// `UnregisterController`.
    UnregisterController = 94,
}

impl ApiKey {
    /// All requests, ascending by key.
    pub const ALL: [ApiKey; 91] = [
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
        ApiKey::SaslHandshake,
        ApiKey::ApiVersions,
        ApiKey::CreateTopics,
        ApiKey::DeleteTopics,
        ApiKey::DeleteRecords,
        ApiKey::InitProducerId,
        ApiKey::OffsetForLeaderEpoch,
        ApiKey::AddPartitionsToTxn,
        ApiKey::AddOffsetsToTxn,
        ApiKey::EndTxn,
        ApiKey::WriteTxnMarkers,
        ApiKey::TxnOffsetCommit,
        ApiKey::DescribeAcls,
        ApiKey::CreateAcls,
        ApiKey::DeleteAcls,
        ApiKey::DescribeConfigs,
        ApiKey::AlterConfigs,
        ApiKey::AlterReplicaLogDirs,
        ApiKey::DescribeLogDirs,
        ApiKey::SaslAuthenticate,
        ApiKey::CreatePartitions,
        ApiKey::CreateDelegationToken,
        ApiKey::RenewDelegationToken,
        ApiKey::ExpireDelegationToken,
        ApiKey::DescribeDelegationToken,
        ApiKey::DeleteGroups,
        ApiKey::ElectLeaders,
        ApiKey::IncrementalAlterConfigs,
        ApiKey::AlterPartitionReassignments,
        ApiKey::ListPartitionReassignments,
        ApiKey::OffsetDelete,
        ApiKey::DescribeClientQuotas,
        ApiKey::AlterClientQuotas,
        ApiKey::DescribeUserScramCredentials,
        ApiKey::AlterUserScramCredentials,
        ApiKey::Vote,
        ApiKey::BeginQuorumEpoch,
        ApiKey::EndQuorumEpoch,
        ApiKey::DescribeQuorum,
        ApiKey::AlterPartition,
        ApiKey::UpdateFeatures,
        ApiKey::Envelope,
        ApiKey::FetchSnapshot,
        ApiKey::DescribeCluster,
        ApiKey::DescribeProducers,
        ApiKey::BrokerRegistration,
        ApiKey::BrokerHeartbeat,
        ApiKey::UnregisterBroker,
        ApiKey::DescribeTransactions,
        ApiKey::ListTransactions,
        ApiKey::AllocateProducerIds,
        ApiKey::ConsumerGroupHeartbeat,
        ApiKey::ConsumerGroupDescribe,
        ApiKey::ControllerRegistration,
        ApiKey::GetTelemetrySubscriptions,
        ApiKey::PushTelemetry,
        ApiKey::AssignReplicasToDirs,
        ApiKey::ListConfigResources,
        ApiKey::DescribeTopicPartitions,
        ApiKey::ShareGroupHeartbeat,
        ApiKey::ShareGroupDescribe,
        ApiKey::ShareFetch,
        ApiKey::ShareAcknowledge,
        ApiKey::AddRaftVoter,
        ApiKey::RemoveRaftVoter,
        ApiKey::UpdateRaftVoter,
        ApiKey::InitializeShareGroupState,
        ApiKey::ReadShareGroupState,
        ApiKey::WriteShareGroupState,
        ApiKey::DeleteShareGroupState,
        ApiKey::ReadShareGroupStateSummary,
        ApiKey::StreamsGroupHeartbeat,
        ApiKey::StreamsGroupDescribe,
        ApiKey::DescribeShareGroupOffsets,
        ApiKey::AlterShareGroupOffsets,
        ApiKey::DeleteShareGroupOffsets,
        ApiKey::StreamsGroupTopologyDescriptionUpdate,
        ApiKey::UnregisterController,
    ];
}

/// One row per request, in the order of [`ApiKey::ALL`].
pub(crate) static FACTS: [ApiFacts; 91] = [
    ApiFacts {
        key: ApiKey::Produce,
        name: "Produce",
        versions: 3..=13,
        advertised: 0..=13,
        request_flexible_from: Some(9),
        response_flexible_from: Some(9),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::Fetch,
        name: "Fetch",
        versions: 4..=18,
        advertised: 4..=18,
        request_flexible_from: Some(12),
        response_flexible_from: Some(12),
        listeners: Listeners::Both,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::ListOffsets,
        name: "ListOffsets",
        versions: 1..=11,
        advertised: 1..=11,
        request_flexible_from: Some(6),
        response_flexible_from: Some(6),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::Metadata,
        name: "Metadata",
        versions: 0..=13,
        advertised: 0..=13,
        request_flexible_from: Some(9),
        response_flexible_from: Some(9),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::OffsetCommit,
        name: "OffsetCommit",
        versions: 2..=10,
        advertised: 2..=10,
        request_flexible_from: Some(8),
        response_flexible_from: Some(8),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::OffsetFetch,
        name: "OffsetFetch",
        versions: 1..=10,
        advertised: 1..=10,
        request_flexible_from: Some(6),
        response_flexible_from: Some(6),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::FindCoordinator,
        name: "FindCoordinator",
        versions: 0..=6,
        advertised: 0..=6,
        request_flexible_from: Some(3),
        response_flexible_from: Some(3),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::JoinGroup,
        name: "JoinGroup",
        versions: 0..=9,
        advertised: 0..=9,
        request_flexible_from: Some(6),
        response_flexible_from: Some(6),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::Heartbeat,
        name: "Heartbeat",
        versions: 0..=4,
        advertised: 0..=4,
        request_flexible_from: Some(4),
        response_flexible_from: Some(4),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::LeaveGroup,
        name: "LeaveGroup",
        versions: 0..=5,
        advertised: 0..=5,
        request_flexible_from: Some(4),
        response_flexible_from: Some(4),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::SyncGroup,
        name: "SyncGroup",
        versions: 0..=5,
        advertised: 0..=5,
        request_flexible_from: Some(4),
        response_flexible_from: Some(4),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::DescribeGroups,
        name: "DescribeGroups",
        versions: 0..=6,
        advertised: 0..=6,
        request_flexible_from: Some(5),
        response_flexible_from: Some(5),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::ListGroups,
        name: "ListGroups",
        versions: 0..=5,
        advertised: 0..=5,
        request_flexible_from: Some(3),
        response_flexible_from: Some(3),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::SaslHandshake,
        name: "SaslHandshake",
        versions: 0..=1,
        advertised: 0..=1,
        request_flexible_from: None,
        response_flexible_from: None,
        listeners: Listeners::Both,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::ApiVersions,
        name: "ApiVersions",
        versions: 0..=5,
        advertised: 0..=5,
        request_flexible_from: Some(3),
        response_flexible_from: Some(3),
        listeners: Listeners::Both,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::CreateTopics,
        name: "CreateTopics",
        versions: 2..=7,
        advertised: 2..=7,
        request_flexible_from: Some(5),
        response_flexible_from: Some(5),
        listeners: Listeners::Both,
        forwardable: true,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::DeleteTopics,
        name: "DeleteTopics",
        versions: 1..=6,
        advertised: 1..=6,
        request_flexible_from: Some(4),
        response_flexible_from: Some(4),
        listeners: Listeners::Both,
        forwardable: true,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::DeleteRecords,
        name: "DeleteRecords",
        versions: 0..=2,
        advertised: 0..=2,
        request_flexible_from: Some(2),
        response_flexible_from: Some(2),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::InitProducerId,
        name: "InitProducerId",
        versions: 0..=6,
        advertised: 0..=5,
        request_flexible_from: Some(2),
        response_flexible_from: Some(2),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::OffsetForLeaderEpoch,
        name: "OffsetForLeaderEpoch",
        versions: 2..=4,
        advertised: 2..=4,
        request_flexible_from: Some(4),
        response_flexible_from: Some(4),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::AddPartitionsToTxn,
        name: "AddPartitionsToTxn",
        versions: 0..=5,
        advertised: 0..=5,
        request_flexible_from: Some(3),
        response_flexible_from: Some(3),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::AddOffsetsToTxn,
        name: "AddOffsetsToTxn",
        versions: 0..=4,
        advertised: 0..=4,
        request_flexible_from: Some(3),
        response_flexible_from: Some(3),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::EndTxn,
        name: "EndTxn",
        versions: 0..=5,
        advertised: 0..=5,
        request_flexible_from: Some(3),
        response_flexible_from: Some(3),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::WriteTxnMarkers,
        name: "WriteTxnMarkers",
        versions: 1..=2,
        advertised: 1..=2,
        request_flexible_from: Some(1),
        response_flexible_from: Some(1),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: true,
    },
    ApiFacts {
        key: ApiKey::TxnOffsetCommit,
        name: "TxnOffsetCommit",
        versions: 0..=6,
        advertised: 0..=6,
        request_flexible_from: Some(3),
        response_flexible_from: Some(3),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::DescribeAcls,
        name: "DescribeAcls",
        versions: 1..=3,
        advertised: 1..=3,
        request_flexible_from: Some(2),
        response_flexible_from: Some(2),
        listeners: Listeners::Both,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::CreateAcls,
        name: "CreateAcls",
        versions: 1..=3,
        advertised: 1..=3,
        request_flexible_from: Some(2),
        response_flexible_from: Some(2),
        listeners: Listeners::Both,
        forwardable: true,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::DeleteAcls,
        name: "DeleteAcls",
        versions: 1..=3,
        advertised: 1..=3,
        request_flexible_from: Some(2),
        response_flexible_from: Some(2),
        listeners: Listeners::Both,
        forwardable: true,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::DescribeConfigs,
        name: "DescribeConfigs",
        versions: 1..=4,
        advertised: 1..=4,
        request_flexible_from: Some(4),
        response_flexible_from: Some(4),
        listeners: Listeners::Both,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::AlterConfigs,
        name: "AlterConfigs",
        versions: 0..=2,
        advertised: 0..=2,
        request_flexible_from: Some(2),
        response_flexible_from: Some(2),
        listeners: Listeners::Both,
        forwardable: true,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::AlterReplicaLogDirs,
        name: "AlterReplicaLogDirs",
        versions: 1..=2,
        advertised: 1..=2,
        request_flexible_from: Some(2),
        response_flexible_from: Some(2),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::DescribeLogDirs,
        name: "DescribeLogDirs",
        versions: 1..=5,
        advertised: 1..=5,
        request_flexible_from: Some(2),
        response_flexible_from: Some(2),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::SaslAuthenticate,
        name: "SaslAuthenticate",
        versions: 0..=2,
        advertised: 0..=2,
        request_flexible_from: Some(2),
        response_flexible_from: Some(2),
        listeners: Listeners::Both,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::CreatePartitions,
        name: "CreatePartitions",
        versions: 0..=3,
        advertised: 0..=3,
        request_flexible_from: Some(2),
        response_flexible_from: Some(2),
        listeners: Listeners::Both,
        forwardable: true,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::CreateDelegationToken,
        name: "CreateDelegationToken",
        versions: 1..=3,
        advertised: 1..=3,
        request_flexible_from: Some(2),
        response_flexible_from: Some(2),
        listeners: Listeners::Both,
        forwardable: true,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::RenewDelegationToken,
        name: "RenewDelegationToken",
        versions: 1..=2,
        advertised: 1..=2,
        request_flexible_from: Some(2),
        response_flexible_from: Some(2),
        listeners: Listeners::Both,
        forwardable: true,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::ExpireDelegationToken,
        name: "ExpireDelegationToken",
        versions: 1..=2,
        advertised: 1..=2,
        request_flexible_from: Some(2),
        response_flexible_from: Some(2),
        listeners: Listeners::Both,
        forwardable: true,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::DescribeDelegationToken,
        name: "DescribeDelegationToken",
        versions: 1..=3,
        advertised: 1..=3,
        request_flexible_from: Some(2),
        response_flexible_from: Some(2),
        listeners: Listeners::Both,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::DeleteGroups,
        name: "DeleteGroups",
        versions: 0..=3,
        advertised: 0..=3,
        request_flexible_from: Some(2),
        response_flexible_from: Some(2),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::ElectLeaders,
        name: "ElectLeaders",
        versions: 0..=2,
        advertised: 0..=2,
        request_flexible_from: Some(2),
        response_flexible_from: Some(2),
        listeners: Listeners::Both,
        forwardable: true,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::IncrementalAlterConfigs,
        name: "IncrementalAlterConfigs",
        versions: 0..=1,
        advertised: 0..=1,
        request_flexible_from: Some(1),
        response_flexible_from: Some(1),
        listeners: Listeners::Both,
        forwardable: true,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::AlterPartitionReassignments,
        name: "AlterPartitionReassignments",
        versions: 0..=1,
        advertised: 0..=1,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Both,
        forwardable: true,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::ListPartitionReassignments,
        name: "ListPartitionReassignments",
        versions: 0..=0,
        advertised: 0..=0,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Both,
        forwardable: true,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::OffsetDelete,
        name: "OffsetDelete",
        versions: 0..=0,
        advertised: 0..=0,
        request_flexible_from: None,
        response_flexible_from: None,
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::DescribeClientQuotas,
        name: "DescribeClientQuotas",
        versions: 0..=1,
        advertised: 0..=1,
        request_flexible_from: Some(1),
        response_flexible_from: Some(1),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::AlterClientQuotas,
        name: "AlterClientQuotas",
        versions: 0..=1,
        advertised: 0..=1,
        request_flexible_from: Some(1),
        response_flexible_from: Some(1),
        listeners: Listeners::Both,
        forwardable: true,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::DescribeUserScramCredentials,
        name: "DescribeUserScramCredentials",
        versions: 0..=0,
        advertised: 0..=0,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Both,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::AlterUserScramCredentials,
        name: "AlterUserScramCredentials",
        versions: 0..=0,
        advertised: 0..=0,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Both,
        forwardable: true,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::Vote,
        name: "Vote",
        versions: 0..=2,
        advertised: 0..=2,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Controller,
        forwardable: false,
        cluster_action: true,
    },
    ApiFacts {
        key: ApiKey::BeginQuorumEpoch,
        name: "BeginQuorumEpoch",
        versions: 0..=1,
        advertised: 0..=1,
        request_flexible_from: Some(1),
        response_flexible_from: Some(1),
        listeners: Listeners::Controller,
        forwardable: false,
        cluster_action: true,
    },
    ApiFacts {
        key: ApiKey::EndQuorumEpoch,
        name: "EndQuorumEpoch",
        versions: 0..=1,
        advertised: 0..=1,
        request_flexible_from: Some(1),
        response_flexible_from: Some(1),
        listeners: Listeners::Controller,
        forwardable: false,
        cluster_action: true,
    },
    ApiFacts {
        key: ApiKey::DescribeQuorum,
        name: "DescribeQuorum",
        versions: 0..=2,
        advertised: 0..=2,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Both,
        forwardable: true,
        cluster_action: true,
    },
    ApiFacts {
        key: ApiKey::AlterPartition,
        name: "AlterPartition",
        versions: 2..=3,
        advertised: 2..=3,
        request_flexible_from: Some(2),
        response_flexible_from: Some(2),
        listeners: Listeners::Controller,
        forwardable: false,
        cluster_action: true,
    },
    ApiFacts {
        key: ApiKey::UpdateFeatures,
        name: "UpdateFeatures",
        versions: 0..=2,
        advertised: 0..=2,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Both,
        forwardable: true,
        cluster_action: true,
    },
    ApiFacts {
        key: ApiKey::Envelope,
        name: "Envelope",
        versions: 0..=0,
        advertised: 0..=0,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Controller,
        forwardable: false,
        cluster_action: true,
    },
    ApiFacts {
        key: ApiKey::FetchSnapshot,
        name: "FetchSnapshot",
        versions: 0..=1,
        advertised: 0..=1,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Controller,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::DescribeCluster,
        name: "DescribeCluster",
        versions: 0..=2,
        advertised: 0..=2,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Both,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::DescribeProducers,
        name: "DescribeProducers",
        versions: 0..=0,
        advertised: 0..=0,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::BrokerRegistration,
        name: "BrokerRegistration",
        versions: 0..=4,
        advertised: 0..=4,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Controller,
        forwardable: false,
        cluster_action: true,
    },
    ApiFacts {
        key: ApiKey::BrokerHeartbeat,
        name: "BrokerHeartbeat",
        versions: 0..=2,
        advertised: 0..=2,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Controller,
        forwardable: false,
        cluster_action: true,
    },
    ApiFacts {
        key: ApiKey::UnregisterBroker,
        name: "UnregisterBroker",
        versions: 0..=0,
        advertised: 0..=0,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Both,
        forwardable: true,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::DescribeTransactions,
        name: "DescribeTransactions",
        versions: 0..=0,
        advertised: 0..=0,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::ListTransactions,
        name: "ListTransactions",
        versions: 0..=2,
        advertised: 0..=2,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::AllocateProducerIds,
        name: "AllocateProducerIds",
        versions: 0..=0,
        advertised: 0..=0,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Controller,
        forwardable: true,
        cluster_action: true,
    },
    ApiFacts {
        key: ApiKey::ConsumerGroupHeartbeat,
        name: "ConsumerGroupHeartbeat",
        versions: 0..=1,
        advertised: 0..=1,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::ConsumerGroupDescribe,
        name: "ConsumerGroupDescribe",
        versions: 0..=1,
        advertised: 0..=1,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::ControllerRegistration,
        name: "ControllerRegistration",
        versions: 0..=0,
        advertised: 0..=0,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Controller,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::GetTelemetrySubscriptions,
        name: "GetTelemetrySubscriptions",
        versions: 0..=0,
        advertised: 0..=0,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::PushTelemetry,
        name: "PushTelemetry",
        versions: 0..=0,
        advertised: 0..=0,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::AssignReplicasToDirs,
        name: "AssignReplicasToDirs",
        versions: 0..=0,
        advertised: 0..=0,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Controller,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::ListConfigResources,
        name: "ListConfigResources",
        versions: 0..=1,
        advertised: 0..=1,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::DescribeTopicPartitions,
        name: "DescribeTopicPartitions",
        versions: 0..=0,
        advertised: 0..=0,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::ShareGroupHeartbeat,
        name: "ShareGroupHeartbeat",
        versions: 1..=1,
        advertised: 1..=1,
        request_flexible_from: Some(1),
        response_flexible_from: Some(1),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::ShareGroupDescribe,
        name: "ShareGroupDescribe",
        versions: 1..=1,
        advertised: 1..=1,
        request_flexible_from: Some(1),
        response_flexible_from: Some(1),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::ShareFetch,
        name: "ShareFetch",
        versions: 1..=2,
        advertised: 1..=2,
        request_flexible_from: Some(1),
        response_flexible_from: Some(1),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::ShareAcknowledge,
        name: "ShareAcknowledge",
        versions: 1..=2,
        advertised: 1..=2,
        request_flexible_from: Some(1),
        response_flexible_from: Some(1),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::AddRaftVoter,
        name: "AddRaftVoter",
        versions: 0..=1,
        advertised: 0..=1,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Both,
        forwardable: true,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::RemoveRaftVoter,
        name: "RemoveRaftVoter",
        versions: 0..=0,
        advertised: 0..=0,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Both,
        forwardable: true,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::UpdateRaftVoter,
        name: "UpdateRaftVoter",
        versions: 0..=0,
        advertised: 0..=0,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Controller,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::InitializeShareGroupState,
        name: "InitializeShareGroupState",
        versions: 0..=0,
        advertised: 0..=0,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: true,
    },
    ApiFacts {
        key: ApiKey::ReadShareGroupState,
        name: "ReadShareGroupState",
        versions: 0..=0,
        advertised: 0..=0,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: true,
    },
    ApiFacts {
        key: ApiKey::WriteShareGroupState,
        name: "WriteShareGroupState",
        versions: 0..=1,
        advertised: 0..=1,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: true,
    },
    ApiFacts {
        key: ApiKey::DeleteShareGroupState,
        name: "DeleteShareGroupState",
        versions: 0..=0,
        advertised: 0..=0,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: true,
    },
    ApiFacts {
        key: ApiKey::ReadShareGroupStateSummary,
        name: "ReadShareGroupStateSummary",
        versions: 0..=1,
        advertised: 0..=1,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: true,
    },
    ApiFacts {
        key: ApiKey::StreamsGroupHeartbeat,
        name: "StreamsGroupHeartbeat",
        versions: 0..=1,
        advertised: 0..=1,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::StreamsGroupDescribe,
        name: "StreamsGroupDescribe",
        versions: 0..=1,
        advertised: 0..=1,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::DescribeShareGroupOffsets,
        name: "DescribeShareGroupOffsets",
        versions: 0..=1,
        advertised: 0..=1,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::AlterShareGroupOffsets,
        name: "AlterShareGroupOffsets",
        versions: 0..=0,
        advertised: 0..=0,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::DeleteShareGroupOffsets,
        name: "DeleteShareGroupOffsets",
        versions: 0..=0,
        advertised: 0..=0,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::StreamsGroupTopologyDescriptionUpdate,
        name: "StreamsGroupTopologyDescriptionUpdate",
        versions: 0..=0,
        advertised: 0..=0,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Broker,
        forwardable: false,
        cluster_action: false,
    },
    ApiFacts {
        key: ApiKey::UnregisterController,
        name: "UnregisterController",
        versions: 0..=0,
        advertised: 0..=0,
        request_flexible_from: Some(0),
        response_flexible_from: Some(0),
        listeners: Listeners::Both,
        forwardable: true,
        cluster_action: false,
    },
];

/// Any request, for those who treat all alike: tests, tools, traces.
#[derive(Clone, Debug, PartialEq)]
pub enum AnyRequest {
    /// `Produce`.
    Produce(super::ProduceRequest),
    /// `Fetch`.
    Fetch(super::FetchRequest),
    /// `ListOffsets`.
    ListOffsets(super::ListOffsetsRequest),
    /// `Metadata`.
    Metadata(super::MetadataRequest),
    /// `OffsetCommit`.
    OffsetCommit(super::OffsetCommitRequest),
    /// `OffsetFetch`.
    OffsetFetch(super::OffsetFetchRequest),
    /// `FindCoordinator`.
    FindCoordinator(super::FindCoordinatorRequest),
    /// `JoinGroup`.
    JoinGroup(super::JoinGroupRequest),
    /// `Heartbeat`.
    Heartbeat(super::HeartbeatRequest),
    /// `LeaveGroup`.
    LeaveGroup(super::LeaveGroupRequest),
    /// `SyncGroup`.
    SyncGroup(super::SyncGroupRequest),
    /// `DescribeGroups`.
    DescribeGroups(super::DescribeGroupsRequest),
    /// `ListGroups`.
    ListGroups(super::ListGroupsRequest),
    /// `SaslHandshake`.
    SaslHandshake(super::SaslHandshakeRequest),
    /// `ApiVersions`.
    ApiVersions(super::ApiVersionsRequest),
    /// `CreateTopics`.
    CreateTopics(super::CreateTopicsRequest),
    /// `DeleteTopics`.
    DeleteTopics(super::DeleteTopicsRequest),
    /// `DeleteRecords`.
    DeleteRecords(super::DeleteRecordsRequest),
    /// `InitProducerId`.
    InitProducerId(super::InitProducerIdRequest),
    /// `OffsetForLeaderEpoch`.
    OffsetForLeaderEpoch(super::OffsetForLeaderEpochRequest),
    /// `AddPartitionsToTxn`.
    AddPartitionsToTxn(super::AddPartitionsToTxnRequest),
    /// `AddOffsetsToTxn`.
    AddOffsetsToTxn(super::AddOffsetsToTxnRequest),
    /// `EndTxn`.
    EndTxn(super::EndTxnRequest),
    /// `WriteTxnMarkers`.
    WriteTxnMarkers(super::WriteTxnMarkersRequest),
    /// `TxnOffsetCommit`.
    TxnOffsetCommit(super::TxnOffsetCommitRequest),
    /// `DescribeAcls`.
    DescribeAcls(super::DescribeAclsRequest),
    /// `CreateAcls`.
    CreateAcls(super::CreateAclsRequest),
    /// `DeleteAcls`.
    DeleteAcls(super::DeleteAclsRequest),
    /// `DescribeConfigs`.
    DescribeConfigs(super::DescribeConfigsRequest),
    /// `AlterConfigs`.
    AlterConfigs(super::AlterConfigsRequest),
    /// `AlterReplicaLogDirs`.
    AlterReplicaLogDirs(super::AlterReplicaLogDirsRequest),
    /// `DescribeLogDirs`.
    DescribeLogDirs(super::DescribeLogDirsRequest),
    /// `SaslAuthenticate`.
    SaslAuthenticate(super::SaslAuthenticateRequest),
    /// `CreatePartitions`.
    CreatePartitions(super::CreatePartitionsRequest),
    /// `CreateDelegationToken`.
    CreateDelegationToken(super::CreateDelegationTokenRequest),
    /// `RenewDelegationToken`.
    RenewDelegationToken(super::RenewDelegationTokenRequest),
    /// `ExpireDelegationToken`.
    ExpireDelegationToken(super::ExpireDelegationTokenRequest),
    /// `DescribeDelegationToken`.
    DescribeDelegationToken(super::DescribeDelegationTokenRequest),
    /// `DeleteGroups`.
    DeleteGroups(super::DeleteGroupsRequest),
    /// `ElectLeaders`.
    ElectLeaders(super::ElectLeadersRequest),
    /// `IncrementalAlterConfigs`.
    IncrementalAlterConfigs(super::IncrementalAlterConfigsRequest),
    /// `AlterPartitionReassignments`.
    AlterPartitionReassignments(super::AlterPartitionReassignmentsRequest),
    /// `ListPartitionReassignments`.
    ListPartitionReassignments(super::ListPartitionReassignmentsRequest),
    /// `OffsetDelete`.
    OffsetDelete(super::OffsetDeleteRequest),
    /// `DescribeClientQuotas`.
    DescribeClientQuotas(super::DescribeClientQuotasRequest),
    /// `AlterClientQuotas`.
    AlterClientQuotas(super::AlterClientQuotasRequest),
    /// `DescribeUserScramCredentials`.
    DescribeUserScramCredentials(super::DescribeUserScramCredentialsRequest),
    /// `AlterUserScramCredentials`.
    AlterUserScramCredentials(super::AlterUserScramCredentialsRequest),
    /// `Vote`.
    Vote(super::VoteRequest),
    /// `BeginQuorumEpoch`.
    BeginQuorumEpoch(super::BeginQuorumEpochRequest),
    /// `EndQuorumEpoch`.
    EndQuorumEpoch(super::EndQuorumEpochRequest),
    /// `DescribeQuorum`.
    DescribeQuorum(super::DescribeQuorumRequest),
    /// `AlterPartition`.
    AlterPartition(super::AlterPartitionRequest),
    /// `UpdateFeatures`.
    UpdateFeatures(super::UpdateFeaturesRequest),
    /// `Envelope`.
    Envelope(super::EnvelopeRequest),
    /// `FetchSnapshot`.
    FetchSnapshot(super::FetchSnapshotRequest),
    /// `DescribeCluster`.
    DescribeCluster(super::DescribeClusterRequest),
    /// `DescribeProducers`.
    DescribeProducers(super::DescribeProducersRequest),
    /// `BrokerRegistration`.
    BrokerRegistration(super::BrokerRegistrationRequest),
    /// `BrokerHeartbeat`.
    BrokerHeartbeat(super::BrokerHeartbeatRequest),
    /// `UnregisterBroker`.
    UnregisterBroker(super::UnregisterBrokerRequest),
    /// `DescribeTransactions`.
    DescribeTransactions(super::DescribeTransactionsRequest),
    /// `ListTransactions`.
    ListTransactions(super::ListTransactionsRequest),
    /// `AllocateProducerIds`.
    AllocateProducerIds(super::AllocateProducerIdsRequest),
    /// `ConsumerGroupHeartbeat`.
    ConsumerGroupHeartbeat(super::ConsumerGroupHeartbeatRequest),
    /// `ConsumerGroupDescribe`.
    ConsumerGroupDescribe(super::ConsumerGroupDescribeRequest),
    /// `ControllerRegistration`.
    ControllerRegistration(super::ControllerRegistrationRequest),
    /// `GetTelemetrySubscriptions`.
    GetTelemetrySubscriptions(super::GetTelemetrySubscriptionsRequest),
    /// `PushTelemetry`.
    PushTelemetry(super::PushTelemetryRequest),
    /// `AssignReplicasToDirs`.
    AssignReplicasToDirs(super::AssignReplicasToDirsRequest),
    /// `ListConfigResources`.
    ListConfigResources(super::ListConfigResourcesRequest),
    /// `DescribeTopicPartitions`.
    DescribeTopicPartitions(super::DescribeTopicPartitionsRequest),
    /// `ShareGroupHeartbeat`.
    ShareGroupHeartbeat(super::ShareGroupHeartbeatRequest),
    /// `ShareGroupDescribe`.
    ShareGroupDescribe(super::ShareGroupDescribeRequest),
    /// `ShareFetch`.
    ShareFetch(super::ShareFetchRequest),
    /// `ShareAcknowledge`.
    ShareAcknowledge(super::ShareAcknowledgeRequest),
    /// `AddRaftVoter`.
    AddRaftVoter(super::AddRaftVoterRequest),
    /// `RemoveRaftVoter`.
    RemoveRaftVoter(super::RemoveRaftVoterRequest),
    /// `UpdateRaftVoter`.
    UpdateRaftVoter(super::UpdateRaftVoterRequest),
    /// `InitializeShareGroupState`.
    InitializeShareGroupState(super::InitializeShareGroupStateRequest),
    /// `ReadShareGroupState`.
    ReadShareGroupState(super::ReadShareGroupStateRequest),
    /// `WriteShareGroupState`.
    WriteShareGroupState(super::WriteShareGroupStateRequest),
    /// `DeleteShareGroupState`.
    DeleteShareGroupState(super::DeleteShareGroupStateRequest),
    /// `ReadShareGroupStateSummary`.
    ReadShareGroupStateSummary(super::ReadShareGroupStateSummaryRequest),
    /// `StreamsGroupHeartbeat`.
    StreamsGroupHeartbeat(super::StreamsGroupHeartbeatRequest),
    /// `StreamsGroupDescribe`.
    StreamsGroupDescribe(super::StreamsGroupDescribeRequest),
    /// `DescribeShareGroupOffsets`.
    DescribeShareGroupOffsets(super::DescribeShareGroupOffsetsRequest),
    /// `AlterShareGroupOffsets`.
    AlterShareGroupOffsets(super::AlterShareGroupOffsetsRequest),
    /// `DeleteShareGroupOffsets`.
    DeleteShareGroupOffsets(super::DeleteShareGroupOffsetsRequest),
    /// `StreamsGroupTopologyDescriptionUpdate`.
    StreamsGroupTopologyDescriptionUpdate(super::StreamsGroupTopologyDescriptionUpdateRequest),
    /// `UnregisterController`.
    UnregisterController(super::UnregisterControllerRequest),
}

impl AnyRequest {
    /// Which request this is or answers.
    pub fn key(&self) -> ApiKey {
        match self {
            Self::Produce(_) => ApiKey::Produce,
            Self::Fetch(_) => ApiKey::Fetch,
            Self::ListOffsets(_) => ApiKey::ListOffsets,
            Self::Metadata(_) => ApiKey::Metadata,
            Self::OffsetCommit(_) => ApiKey::OffsetCommit,
            Self::OffsetFetch(_) => ApiKey::OffsetFetch,
            Self::FindCoordinator(_) => ApiKey::FindCoordinator,
            Self::JoinGroup(_) => ApiKey::JoinGroup,
            Self::Heartbeat(_) => ApiKey::Heartbeat,
            Self::LeaveGroup(_) => ApiKey::LeaveGroup,
            Self::SyncGroup(_) => ApiKey::SyncGroup,
            Self::DescribeGroups(_) => ApiKey::DescribeGroups,
            Self::ListGroups(_) => ApiKey::ListGroups,
            Self::SaslHandshake(_) => ApiKey::SaslHandshake,
            Self::ApiVersions(_) => ApiKey::ApiVersions,
            Self::CreateTopics(_) => ApiKey::CreateTopics,
            Self::DeleteTopics(_) => ApiKey::DeleteTopics,
            Self::DeleteRecords(_) => ApiKey::DeleteRecords,
            Self::InitProducerId(_) => ApiKey::InitProducerId,
            Self::OffsetForLeaderEpoch(_) => ApiKey::OffsetForLeaderEpoch,
            Self::AddPartitionsToTxn(_) => ApiKey::AddPartitionsToTxn,
            Self::AddOffsetsToTxn(_) => ApiKey::AddOffsetsToTxn,
            Self::EndTxn(_) => ApiKey::EndTxn,
            Self::WriteTxnMarkers(_) => ApiKey::WriteTxnMarkers,
            Self::TxnOffsetCommit(_) => ApiKey::TxnOffsetCommit,
            Self::DescribeAcls(_) => ApiKey::DescribeAcls,
            Self::CreateAcls(_) => ApiKey::CreateAcls,
            Self::DeleteAcls(_) => ApiKey::DeleteAcls,
            Self::DescribeConfigs(_) => ApiKey::DescribeConfigs,
            Self::AlterConfigs(_) => ApiKey::AlterConfigs,
            Self::AlterReplicaLogDirs(_) => ApiKey::AlterReplicaLogDirs,
            Self::DescribeLogDirs(_) => ApiKey::DescribeLogDirs,
            Self::SaslAuthenticate(_) => ApiKey::SaslAuthenticate,
            Self::CreatePartitions(_) => ApiKey::CreatePartitions,
            Self::CreateDelegationToken(_) => ApiKey::CreateDelegationToken,
            Self::RenewDelegationToken(_) => ApiKey::RenewDelegationToken,
            Self::ExpireDelegationToken(_) => ApiKey::ExpireDelegationToken,
            Self::DescribeDelegationToken(_) => ApiKey::DescribeDelegationToken,
            Self::DeleteGroups(_) => ApiKey::DeleteGroups,
            Self::ElectLeaders(_) => ApiKey::ElectLeaders,
            Self::IncrementalAlterConfigs(_) => ApiKey::IncrementalAlterConfigs,
            Self::AlterPartitionReassignments(_) => ApiKey::AlterPartitionReassignments,
            Self::ListPartitionReassignments(_) => ApiKey::ListPartitionReassignments,
            Self::OffsetDelete(_) => ApiKey::OffsetDelete,
            Self::DescribeClientQuotas(_) => ApiKey::DescribeClientQuotas,
            Self::AlterClientQuotas(_) => ApiKey::AlterClientQuotas,
            Self::DescribeUserScramCredentials(_) => ApiKey::DescribeUserScramCredentials,
            Self::AlterUserScramCredentials(_) => ApiKey::AlterUserScramCredentials,
            Self::Vote(_) => ApiKey::Vote,
            Self::BeginQuorumEpoch(_) => ApiKey::BeginQuorumEpoch,
            Self::EndQuorumEpoch(_) => ApiKey::EndQuorumEpoch,
            Self::DescribeQuorum(_) => ApiKey::DescribeQuorum,
            Self::AlterPartition(_) => ApiKey::AlterPartition,
            Self::UpdateFeatures(_) => ApiKey::UpdateFeatures,
            Self::Envelope(_) => ApiKey::Envelope,
            Self::FetchSnapshot(_) => ApiKey::FetchSnapshot,
            Self::DescribeCluster(_) => ApiKey::DescribeCluster,
            Self::DescribeProducers(_) => ApiKey::DescribeProducers,
            Self::BrokerRegistration(_) => ApiKey::BrokerRegistration,
            Self::BrokerHeartbeat(_) => ApiKey::BrokerHeartbeat,
            Self::UnregisterBroker(_) => ApiKey::UnregisterBroker,
            Self::DescribeTransactions(_) => ApiKey::DescribeTransactions,
            Self::ListTransactions(_) => ApiKey::ListTransactions,
            Self::AllocateProducerIds(_) => ApiKey::AllocateProducerIds,
            Self::ConsumerGroupHeartbeat(_) => ApiKey::ConsumerGroupHeartbeat,
            Self::ConsumerGroupDescribe(_) => ApiKey::ConsumerGroupDescribe,
            Self::ControllerRegistration(_) => ApiKey::ControllerRegistration,
            Self::GetTelemetrySubscriptions(_) => ApiKey::GetTelemetrySubscriptions,
            Self::PushTelemetry(_) => ApiKey::PushTelemetry,
            Self::AssignReplicasToDirs(_) => ApiKey::AssignReplicasToDirs,
            Self::ListConfigResources(_) => ApiKey::ListConfigResources,
            Self::DescribeTopicPartitions(_) => ApiKey::DescribeTopicPartitions,
            Self::ShareGroupHeartbeat(_) => ApiKey::ShareGroupHeartbeat,
            Self::ShareGroupDescribe(_) => ApiKey::ShareGroupDescribe,
            Self::ShareFetch(_) => ApiKey::ShareFetch,
            Self::ShareAcknowledge(_) => ApiKey::ShareAcknowledge,
            Self::AddRaftVoter(_) => ApiKey::AddRaftVoter,
            Self::RemoveRaftVoter(_) => ApiKey::RemoveRaftVoter,
            Self::UpdateRaftVoter(_) => ApiKey::UpdateRaftVoter,
            Self::InitializeShareGroupState(_) => ApiKey::InitializeShareGroupState,
            Self::ReadShareGroupState(_) => ApiKey::ReadShareGroupState,
            Self::WriteShareGroupState(_) => ApiKey::WriteShareGroupState,
            Self::DeleteShareGroupState(_) => ApiKey::DeleteShareGroupState,
            Self::ReadShareGroupStateSummary(_) => ApiKey::ReadShareGroupStateSummary,
            Self::StreamsGroupHeartbeat(_) => ApiKey::StreamsGroupHeartbeat,
            Self::StreamsGroupDescribe(_) => ApiKey::StreamsGroupDescribe,
            Self::DescribeShareGroupOffsets(_) => ApiKey::DescribeShareGroupOffsets,
            Self::AlterShareGroupOffsets(_) => ApiKey::AlterShareGroupOffsets,
            Self::DeleteShareGroupOffsets(_) => ApiKey::DeleteShareGroupOffsets,
            Self::StreamsGroupTopologyDescriptionUpdate(_) => ApiKey::StreamsGroupTopologyDescriptionUpdate,
            Self::UnregisterController(_) => ApiKey::UnregisterController,
        }
    }

    /// Reads the body of a request of type `key`.
    pub fn decode(key: ApiKey, reader: &mut Reader, version: i16) -> Result<AnyRequest, DecodeError> {
        match key {
            ApiKey::Produce => super::ProduceRequest::decode(reader, version).map(Self::Produce),
            ApiKey::Fetch => super::FetchRequest::decode(reader, version).map(Self::Fetch),
            ApiKey::ListOffsets => super::ListOffsetsRequest::decode(reader, version).map(Self::ListOffsets),
            ApiKey::Metadata => super::MetadataRequest::decode(reader, version).map(Self::Metadata),
            ApiKey::OffsetCommit => {
                super::OffsetCommitRequest::decode(reader, version).map(Self::OffsetCommit)
            }
            ApiKey::OffsetFetch => super::OffsetFetchRequest::decode(reader, version).map(Self::OffsetFetch),
            ApiKey::FindCoordinator => {
                super::FindCoordinatorRequest::decode(reader, version).map(Self::FindCoordinator)
            }
            ApiKey::JoinGroup => super::JoinGroupRequest::decode(reader, version).map(Self::JoinGroup),
            ApiKey::Heartbeat => super::HeartbeatRequest::decode(reader, version).map(Self::Heartbeat),
            ApiKey::LeaveGroup => super::LeaveGroupRequest::decode(reader, version).map(Self::LeaveGroup),
            ApiKey::SyncGroup => super::SyncGroupRequest::decode(reader, version).map(Self::SyncGroup),
            ApiKey::DescribeGroups => {
                super::DescribeGroupsRequest::decode(reader, version).map(Self::DescribeGroups)
            }
            ApiKey::ListGroups => super::ListGroupsRequest::decode(reader, version).map(Self::ListGroups),
            ApiKey::SaslHandshake => {
                super::SaslHandshakeRequest::decode(reader, version).map(Self::SaslHandshake)
            }
            ApiKey::ApiVersions => super::ApiVersionsRequest::decode(reader, version).map(Self::ApiVersions),
            ApiKey::CreateTopics => {
                super::CreateTopicsRequest::decode(reader, version).map(Self::CreateTopics)
            }
            ApiKey::DeleteTopics => {
                super::DeleteTopicsRequest::decode(reader, version).map(Self::DeleteTopics)
            }
            ApiKey::DeleteRecords => {
                super::DeleteRecordsRequest::decode(reader, version).map(Self::DeleteRecords)
            }
            ApiKey::InitProducerId => {
                super::InitProducerIdRequest::decode(reader, version).map(Self::InitProducerId)
            }
            ApiKey::OffsetForLeaderEpoch => {
                super::OffsetForLeaderEpochRequest::decode(reader, version).map(Self::OffsetForLeaderEpoch)
            }
            ApiKey::AddPartitionsToTxn => {
                super::AddPartitionsToTxnRequest::decode(reader, version).map(Self::AddPartitionsToTxn)
            }
            ApiKey::AddOffsetsToTxn => {
                super::AddOffsetsToTxnRequest::decode(reader, version).map(Self::AddOffsetsToTxn)
            }
            ApiKey::EndTxn => super::EndTxnRequest::decode(reader, version).map(Self::EndTxn),
            ApiKey::WriteTxnMarkers => {
                super::WriteTxnMarkersRequest::decode(reader, version).map(Self::WriteTxnMarkers)
            }
            ApiKey::TxnOffsetCommit => {
                super::TxnOffsetCommitRequest::decode(reader, version).map(Self::TxnOffsetCommit)
            }
            ApiKey::DescribeAcls => {
                super::DescribeAclsRequest::decode(reader, version).map(Self::DescribeAcls)
            }
            ApiKey::CreateAcls => super::CreateAclsRequest::decode(reader, version).map(Self::CreateAcls),
            ApiKey::DeleteAcls => super::DeleteAclsRequest::decode(reader, version).map(Self::DeleteAcls),
            ApiKey::DescribeConfigs => {
                super::DescribeConfigsRequest::decode(reader, version).map(Self::DescribeConfigs)
            }
            ApiKey::AlterConfigs => {
                super::AlterConfigsRequest::decode(reader, version).map(Self::AlterConfigs)
            }
            ApiKey::AlterReplicaLogDirs => {
                super::AlterReplicaLogDirsRequest::decode(reader, version).map(Self::AlterReplicaLogDirs)
            }
            ApiKey::DescribeLogDirs => {
                super::DescribeLogDirsRequest::decode(reader, version).map(Self::DescribeLogDirs)
            }
            ApiKey::SaslAuthenticate => {
                super::SaslAuthenticateRequest::decode(reader, version).map(Self::SaslAuthenticate)
            }
            ApiKey::CreatePartitions => {
                super::CreatePartitionsRequest::decode(reader, version).map(Self::CreatePartitions)
            }
            ApiKey::CreateDelegationToken => {
                super::CreateDelegationTokenRequest::decode(reader, version).map(Self::CreateDelegationToken)
            }
            ApiKey::RenewDelegationToken => {
                super::RenewDelegationTokenRequest::decode(reader, version).map(Self::RenewDelegationToken)
            }
            ApiKey::ExpireDelegationToken => {
                super::ExpireDelegationTokenRequest::decode(reader, version).map(Self::ExpireDelegationToken)
            }
            ApiKey::DescribeDelegationToken => super::DescribeDelegationTokenRequest::decode(reader, version)
                .map(Self::DescribeDelegationToken),
            ApiKey::DeleteGroups => {
                super::DeleteGroupsRequest::decode(reader, version).map(Self::DeleteGroups)
            }
            ApiKey::ElectLeaders => {
                super::ElectLeadersRequest::decode(reader, version).map(Self::ElectLeaders)
            }
            ApiKey::IncrementalAlterConfigs => super::IncrementalAlterConfigsRequest::decode(reader, version)
                .map(Self::IncrementalAlterConfigs),
            ApiKey::AlterPartitionReassignments => {
                super::AlterPartitionReassignmentsRequest::decode(reader, version)
                    .map(Self::AlterPartitionReassignments)
            }
            ApiKey::ListPartitionReassignments => {
                super::ListPartitionReassignmentsRequest::decode(reader, version)
                    .map(Self::ListPartitionReassignments)
            }
            ApiKey::OffsetDelete => {
                super::OffsetDeleteRequest::decode(reader, version).map(Self::OffsetDelete)
            }
            ApiKey::DescribeClientQuotas => {
                super::DescribeClientQuotasRequest::decode(reader, version).map(Self::DescribeClientQuotas)
            }
            ApiKey::AlterClientQuotas => {
                super::AlterClientQuotasRequest::decode(reader, version).map(Self::AlterClientQuotas)
            }
            ApiKey::DescribeUserScramCredentials => {
                super::DescribeUserScramCredentialsRequest::decode(reader, version)
                    .map(Self::DescribeUserScramCredentials)
            }
            ApiKey::AlterUserScramCredentials => {
                super::AlterUserScramCredentialsRequest::decode(reader, version)
                    .map(Self::AlterUserScramCredentials)
            }
            ApiKey::Vote => super::VoteRequest::decode(reader, version).map(Self::Vote),
            ApiKey::BeginQuorumEpoch => {
                super::BeginQuorumEpochRequest::decode(reader, version).map(Self::BeginQuorumEpoch)
            }
            ApiKey::EndQuorumEpoch => {
                super::EndQuorumEpochRequest::decode(reader, version).map(Self::EndQuorumEpoch)
            }
            ApiKey::DescribeQuorum => {
                super::DescribeQuorumRequest::decode(reader, version).map(Self::DescribeQuorum)
            }
            ApiKey::AlterPartition => {
                super::AlterPartitionRequest::decode(reader, version).map(Self::AlterPartition)
            }
            ApiKey::UpdateFeatures => {
                super::UpdateFeaturesRequest::decode(reader, version).map(Self::UpdateFeatures)
            }
            ApiKey::Envelope => super::EnvelopeRequest::decode(reader, version).map(Self::Envelope),
            ApiKey::FetchSnapshot => {
                super::FetchSnapshotRequest::decode(reader, version).map(Self::FetchSnapshot)
            }
            ApiKey::DescribeCluster => {
                super::DescribeClusterRequest::decode(reader, version).map(Self::DescribeCluster)
            }
            ApiKey::DescribeProducers => {
                super::DescribeProducersRequest::decode(reader, version).map(Self::DescribeProducers)
            }
            ApiKey::BrokerRegistration => {
                super::BrokerRegistrationRequest::decode(reader, version).map(Self::BrokerRegistration)
            }
            ApiKey::BrokerHeartbeat => {
                super::BrokerHeartbeatRequest::decode(reader, version).map(Self::BrokerHeartbeat)
            }
            ApiKey::UnregisterBroker => {
                super::UnregisterBrokerRequest::decode(reader, version).map(Self::UnregisterBroker)
            }
            ApiKey::DescribeTransactions => {
                super::DescribeTransactionsRequest::decode(reader, version).map(Self::DescribeTransactions)
            }
            ApiKey::ListTransactions => {
                super::ListTransactionsRequest::decode(reader, version).map(Self::ListTransactions)
            }
            ApiKey::AllocateProducerIds => {
                super::AllocateProducerIdsRequest::decode(reader, version).map(Self::AllocateProducerIds)
            }
            ApiKey::ConsumerGroupHeartbeat => super::ConsumerGroupHeartbeatRequest::decode(reader, version)
                .map(Self::ConsumerGroupHeartbeat),
            ApiKey::ConsumerGroupDescribe => {
                super::ConsumerGroupDescribeRequest::decode(reader, version).map(Self::ConsumerGroupDescribe)
            }
            ApiKey::ControllerRegistration => super::ControllerRegistrationRequest::decode(reader, version)
                .map(Self::ControllerRegistration),
            ApiKey::GetTelemetrySubscriptions => {
                super::GetTelemetrySubscriptionsRequest::decode(reader, version)
                    .map(Self::GetTelemetrySubscriptions)
            }
            ApiKey::PushTelemetry => {
                super::PushTelemetryRequest::decode(reader, version).map(Self::PushTelemetry)
            }
            ApiKey::AssignReplicasToDirs => {
                super::AssignReplicasToDirsRequest::decode(reader, version).map(Self::AssignReplicasToDirs)
            }
            ApiKey::ListConfigResources => {
                super::ListConfigResourcesRequest::decode(reader, version).map(Self::ListConfigResources)
            }
            ApiKey::DescribeTopicPartitions => super::DescribeTopicPartitionsRequest::decode(reader, version)
                .map(Self::DescribeTopicPartitions),
            ApiKey::ShareGroupHeartbeat => {
                super::ShareGroupHeartbeatRequest::decode(reader, version).map(Self::ShareGroupHeartbeat)
            }
            ApiKey::ShareGroupDescribe => {
                super::ShareGroupDescribeRequest::decode(reader, version).map(Self::ShareGroupDescribe)
            }
            ApiKey::ShareFetch => super::ShareFetchRequest::decode(reader, version).map(Self::ShareFetch),
            ApiKey::ShareAcknowledge => {
                super::ShareAcknowledgeRequest::decode(reader, version).map(Self::ShareAcknowledge)
            }
            ApiKey::AddRaftVoter => {
                super::AddRaftVoterRequest::decode(reader, version).map(Self::AddRaftVoter)
            }
            ApiKey::RemoveRaftVoter => {
                super::RemoveRaftVoterRequest::decode(reader, version).map(Self::RemoveRaftVoter)
            }
            ApiKey::UpdateRaftVoter => {
                super::UpdateRaftVoterRequest::decode(reader, version).map(Self::UpdateRaftVoter)
            }
            ApiKey::InitializeShareGroupState => {
                super::InitializeShareGroupStateRequest::decode(reader, version)
                    .map(Self::InitializeShareGroupState)
            }
            ApiKey::ReadShareGroupState => {
                super::ReadShareGroupStateRequest::decode(reader, version).map(Self::ReadShareGroupState)
            }
            ApiKey::WriteShareGroupState => {
                super::WriteShareGroupStateRequest::decode(reader, version).map(Self::WriteShareGroupState)
            }
            ApiKey::DeleteShareGroupState => {
                super::DeleteShareGroupStateRequest::decode(reader, version).map(Self::DeleteShareGroupState)
            }
            ApiKey::ReadShareGroupStateSummary => {
                super::ReadShareGroupStateSummaryRequest::decode(reader, version)
                    .map(Self::ReadShareGroupStateSummary)
            }
            ApiKey::StreamsGroupHeartbeat => {
                super::StreamsGroupHeartbeatRequest::decode(reader, version).map(Self::StreamsGroupHeartbeat)
            }
            ApiKey::StreamsGroupDescribe => {
                super::StreamsGroupDescribeRequest::decode(reader, version).map(Self::StreamsGroupDescribe)
            }
            ApiKey::DescribeShareGroupOffsets => {
                super::DescribeShareGroupOffsetsRequest::decode(reader, version)
                    .map(Self::DescribeShareGroupOffsets)
            }
            ApiKey::AlterShareGroupOffsets => super::AlterShareGroupOffsetsRequest::decode(reader, version)
                .map(Self::AlterShareGroupOffsets),
            ApiKey::DeleteShareGroupOffsets => super::DeleteShareGroupOffsetsRequest::decode(reader, version)
                .map(Self::DeleteShareGroupOffsets),
            ApiKey::StreamsGroupTopologyDescriptionUpdate => {
                super::StreamsGroupTopologyDescriptionUpdateRequest::decode(reader, version)
                    .map(Self::StreamsGroupTopologyDescriptionUpdate)
            }
            ApiKey::UnregisterController => {
                super::UnregisterControllerRequest::decode(reader, version).map(Self::UnregisterController)
            }
        }
    }

    /// Appends the body.
    pub fn encode(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        match self {
            Self::Produce(message) => message.encode(writer, version),
            Self::Fetch(message) => message.encode(writer, version),
            Self::ListOffsets(message) => message.encode(writer, version),
            Self::Metadata(message) => message.encode(writer, version),
            Self::OffsetCommit(message) => message.encode(writer, version),
            Self::OffsetFetch(message) => message.encode(writer, version),
            Self::FindCoordinator(message) => message.encode(writer, version),
            Self::JoinGroup(message) => message.encode(writer, version),
            Self::Heartbeat(message) => message.encode(writer, version),
            Self::LeaveGroup(message) => message.encode(writer, version),
            Self::SyncGroup(message) => message.encode(writer, version),
            Self::DescribeGroups(message) => message.encode(writer, version),
            Self::ListGroups(message) => message.encode(writer, version),
            Self::SaslHandshake(message) => message.encode(writer, version),
            Self::ApiVersions(message) => message.encode(writer, version),
            Self::CreateTopics(message) => message.encode(writer, version),
            Self::DeleteTopics(message) => message.encode(writer, version),
            Self::DeleteRecords(message) => message.encode(writer, version),
            Self::InitProducerId(message) => message.encode(writer, version),
            Self::OffsetForLeaderEpoch(message) => message.encode(writer, version),
            Self::AddPartitionsToTxn(message) => message.encode(writer, version),
            Self::AddOffsetsToTxn(message) => message.encode(writer, version),
            Self::EndTxn(message) => message.encode(writer, version),
            Self::WriteTxnMarkers(message) => message.encode(writer, version),
            Self::TxnOffsetCommit(message) => message.encode(writer, version),
            Self::DescribeAcls(message) => message.encode(writer, version),
            Self::CreateAcls(message) => message.encode(writer, version),
            Self::DeleteAcls(message) => message.encode(writer, version),
            Self::DescribeConfigs(message) => message.encode(writer, version),
            Self::AlterConfigs(message) => message.encode(writer, version),
            Self::AlterReplicaLogDirs(message) => message.encode(writer, version),
            Self::DescribeLogDirs(message) => message.encode(writer, version),
            Self::SaslAuthenticate(message) => message.encode(writer, version),
            Self::CreatePartitions(message) => message.encode(writer, version),
            Self::CreateDelegationToken(message) => message.encode(writer, version),
            Self::RenewDelegationToken(message) => message.encode(writer, version),
            Self::ExpireDelegationToken(message) => message.encode(writer, version),
            Self::DescribeDelegationToken(message) => message.encode(writer, version),
            Self::DeleteGroups(message) => message.encode(writer, version),
            Self::ElectLeaders(message) => message.encode(writer, version),
            Self::IncrementalAlterConfigs(message) => message.encode(writer, version),
            Self::AlterPartitionReassignments(message) => message.encode(writer, version),
            Self::ListPartitionReassignments(message) => message.encode(writer, version),
            Self::OffsetDelete(message) => message.encode(writer, version),
            Self::DescribeClientQuotas(message) => message.encode(writer, version),
            Self::AlterClientQuotas(message) => message.encode(writer, version),
            Self::DescribeUserScramCredentials(message) => message.encode(writer, version),
            Self::AlterUserScramCredentials(message) => message.encode(writer, version),
            Self::Vote(message) => message.encode(writer, version),
            Self::BeginQuorumEpoch(message) => message.encode(writer, version),
            Self::EndQuorumEpoch(message) => message.encode(writer, version),
            Self::DescribeQuorum(message) => message.encode(writer, version),
            Self::AlterPartition(message) => message.encode(writer, version),
            Self::UpdateFeatures(message) => message.encode(writer, version),
            Self::Envelope(message) => message.encode(writer, version),
            Self::FetchSnapshot(message) => message.encode(writer, version),
            Self::DescribeCluster(message) => message.encode(writer, version),
            Self::DescribeProducers(message) => message.encode(writer, version),
            Self::BrokerRegistration(message) => message.encode(writer, version),
            Self::BrokerHeartbeat(message) => message.encode(writer, version),
            Self::UnregisterBroker(message) => message.encode(writer, version),
            Self::DescribeTransactions(message) => message.encode(writer, version),
            Self::ListTransactions(message) => message.encode(writer, version),
            Self::AllocateProducerIds(message) => message.encode(writer, version),
            Self::ConsumerGroupHeartbeat(message) => message.encode(writer, version),
            Self::ConsumerGroupDescribe(message) => message.encode(writer, version),
            Self::ControllerRegistration(message) => message.encode(writer, version),
            Self::GetTelemetrySubscriptions(message) => message.encode(writer, version),
            Self::PushTelemetry(message) => message.encode(writer, version),
            Self::AssignReplicasToDirs(message) => message.encode(writer, version),
            Self::ListConfigResources(message) => message.encode(writer, version),
            Self::DescribeTopicPartitions(message) => message.encode(writer, version),
            Self::ShareGroupHeartbeat(message) => message.encode(writer, version),
            Self::ShareGroupDescribe(message) => message.encode(writer, version),
            Self::ShareFetch(message) => message.encode(writer, version),
            Self::ShareAcknowledge(message) => message.encode(writer, version),
            Self::AddRaftVoter(message) => message.encode(writer, version),
            Self::RemoveRaftVoter(message) => message.encode(writer, version),
            Self::UpdateRaftVoter(message) => message.encode(writer, version),
            Self::InitializeShareGroupState(message) => message.encode(writer, version),
            Self::ReadShareGroupState(message) => message.encode(writer, version),
            Self::WriteShareGroupState(message) => message.encode(writer, version),
            Self::DeleteShareGroupState(message) => message.encode(writer, version),
            Self::ReadShareGroupStateSummary(message) => message.encode(writer, version),
            Self::StreamsGroupHeartbeat(message) => message.encode(writer, version),
            Self::StreamsGroupDescribe(message) => message.encode(writer, version),
            Self::DescribeShareGroupOffsets(message) => message.encode(writer, version),
            Self::AlterShareGroupOffsets(message) => message.encode(writer, version),
            Self::DeleteShareGroupOffsets(message) => message.encode(writer, version),
            Self::StreamsGroupTopologyDescriptionUpdate(message) => message.encode(writer, version),
            Self::UnregisterController(message) => message.encode(writer, version),
        }
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AnyRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        match self {
            Self::Produce(message) => message.write_json(out, version),
            Self::Fetch(message) => message.write_json(out, version),
            Self::ListOffsets(message) => message.write_json(out, version),
            Self::Metadata(message) => message.write_json(out, version),
            Self::OffsetCommit(message) => message.write_json(out, version),
            Self::OffsetFetch(message) => message.write_json(out, version),
            Self::FindCoordinator(message) => message.write_json(out, version),
            Self::JoinGroup(message) => message.write_json(out, version),
            Self::Heartbeat(message) => message.write_json(out, version),
            Self::LeaveGroup(message) => message.write_json(out, version),
            Self::SyncGroup(message) => message.write_json(out, version),
            Self::DescribeGroups(message) => message.write_json(out, version),
            Self::ListGroups(message) => message.write_json(out, version),
            Self::SaslHandshake(message) => message.write_json(out, version),
            Self::ApiVersions(message) => message.write_json(out, version),
            Self::CreateTopics(message) => message.write_json(out, version),
            Self::DeleteTopics(message) => message.write_json(out, version),
            Self::DeleteRecords(message) => message.write_json(out, version),
            Self::InitProducerId(message) => message.write_json(out, version),
            Self::OffsetForLeaderEpoch(message) => message.write_json(out, version),
            Self::AddPartitionsToTxn(message) => message.write_json(out, version),
            Self::AddOffsetsToTxn(message) => message.write_json(out, version),
            Self::EndTxn(message) => message.write_json(out, version),
            Self::WriteTxnMarkers(message) => message.write_json(out, version),
            Self::TxnOffsetCommit(message) => message.write_json(out, version),
            Self::DescribeAcls(message) => message.write_json(out, version),
            Self::CreateAcls(message) => message.write_json(out, version),
            Self::DeleteAcls(message) => message.write_json(out, version),
            Self::DescribeConfigs(message) => message.write_json(out, version),
            Self::AlterConfigs(message) => message.write_json(out, version),
            Self::AlterReplicaLogDirs(message) => message.write_json(out, version),
            Self::DescribeLogDirs(message) => message.write_json(out, version),
            Self::SaslAuthenticate(message) => message.write_json(out, version),
            Self::CreatePartitions(message) => message.write_json(out, version),
            Self::CreateDelegationToken(message) => message.write_json(out, version),
            Self::RenewDelegationToken(message) => message.write_json(out, version),
            Self::ExpireDelegationToken(message) => message.write_json(out, version),
            Self::DescribeDelegationToken(message) => message.write_json(out, version),
            Self::DeleteGroups(message) => message.write_json(out, version),
            Self::ElectLeaders(message) => message.write_json(out, version),
            Self::IncrementalAlterConfigs(message) => message.write_json(out, version),
            Self::AlterPartitionReassignments(message) => message.write_json(out, version),
            Self::ListPartitionReassignments(message) => message.write_json(out, version),
            Self::OffsetDelete(message) => message.write_json(out, version),
            Self::DescribeClientQuotas(message) => message.write_json(out, version),
            Self::AlterClientQuotas(message) => message.write_json(out, version),
            Self::DescribeUserScramCredentials(message) => message.write_json(out, version),
            Self::AlterUserScramCredentials(message) => message.write_json(out, version),
            Self::Vote(message) => message.write_json(out, version),
            Self::BeginQuorumEpoch(message) => message.write_json(out, version),
            Self::EndQuorumEpoch(message) => message.write_json(out, version),
            Self::DescribeQuorum(message) => message.write_json(out, version),
            Self::AlterPartition(message) => message.write_json(out, version),
            Self::UpdateFeatures(message) => message.write_json(out, version),
            Self::Envelope(message) => message.write_json(out, version),
            Self::FetchSnapshot(message) => message.write_json(out, version),
            Self::DescribeCluster(message) => message.write_json(out, version),
            Self::DescribeProducers(message) => message.write_json(out, version),
            Self::BrokerRegistration(message) => message.write_json(out, version),
            Self::BrokerHeartbeat(message) => message.write_json(out, version),
            Self::UnregisterBroker(message) => message.write_json(out, version),
            Self::DescribeTransactions(message) => message.write_json(out, version),
            Self::ListTransactions(message) => message.write_json(out, version),
            Self::AllocateProducerIds(message) => message.write_json(out, version),
            Self::ConsumerGroupHeartbeat(message) => message.write_json(out, version),
            Self::ConsumerGroupDescribe(message) => message.write_json(out, version),
            Self::ControllerRegistration(message) => message.write_json(out, version),
            Self::GetTelemetrySubscriptions(message) => message.write_json(out, version),
            Self::PushTelemetry(message) => message.write_json(out, version),
            Self::AssignReplicasToDirs(message) => message.write_json(out, version),
            Self::ListConfigResources(message) => message.write_json(out, version),
            Self::DescribeTopicPartitions(message) => message.write_json(out, version),
            Self::ShareGroupHeartbeat(message) => message.write_json(out, version),
            Self::ShareGroupDescribe(message) => message.write_json(out, version),
            Self::ShareFetch(message) => message.write_json(out, version),
            Self::ShareAcknowledge(message) => message.write_json(out, version),
            Self::AddRaftVoter(message) => message.write_json(out, version),
            Self::RemoveRaftVoter(message) => message.write_json(out, version),
            Self::UpdateRaftVoter(message) => message.write_json(out, version),
            Self::InitializeShareGroupState(message) => message.write_json(out, version),
            Self::ReadShareGroupState(message) => message.write_json(out, version),
            Self::WriteShareGroupState(message) => message.write_json(out, version),
            Self::DeleteShareGroupState(message) => message.write_json(out, version),
            Self::ReadShareGroupStateSummary(message) => message.write_json(out, version),
            Self::StreamsGroupHeartbeat(message) => message.write_json(out, version),
            Self::StreamsGroupDescribe(message) => message.write_json(out, version),
            Self::DescribeShareGroupOffsets(message) => message.write_json(out, version),
            Self::AlterShareGroupOffsets(message) => message.write_json(out, version),
            Self::DeleteShareGroupOffsets(message) => message.write_json(out, version),
            Self::StreamsGroupTopologyDescriptionUpdate(message) => message.write_json(out, version),
            Self::UnregisterController(message) => message.write_json(out, version),
        }
    }
}

/// Any response, for those who treat all alike: tests, tools, traces.
#[derive(Clone, Debug, PartialEq)]
pub enum AnyResponse {
    /// `Produce`.
    Produce(super::ProduceResponse),
    /// `Fetch`.
    Fetch(super::FetchResponse),
    /// `ListOffsets`.
    ListOffsets(super::ListOffsetsResponse),
    /// `Metadata`.
    Metadata(super::MetadataResponse),
    /// `OffsetCommit`.
    OffsetCommit(super::OffsetCommitResponse),
    /// `OffsetFetch`.
    OffsetFetch(super::OffsetFetchResponse),
    /// `FindCoordinator`.
    FindCoordinator(super::FindCoordinatorResponse),
    /// `JoinGroup`.
    JoinGroup(super::JoinGroupResponse),
    /// `Heartbeat`.
    Heartbeat(super::HeartbeatResponse),
    /// `LeaveGroup`.
    LeaveGroup(super::LeaveGroupResponse),
    /// `SyncGroup`.
    SyncGroup(super::SyncGroupResponse),
    /// `DescribeGroups`.
    DescribeGroups(super::DescribeGroupsResponse),
    /// `ListGroups`.
    ListGroups(super::ListGroupsResponse),
    /// `SaslHandshake`.
    SaslHandshake(super::SaslHandshakeResponse),
    /// `ApiVersions`.
    ApiVersions(super::ApiVersionsResponse),
    /// `CreateTopics`.
    CreateTopics(super::CreateTopicsResponse),
    /// `DeleteTopics`.
    DeleteTopics(super::DeleteTopicsResponse),
    /// `DeleteRecords`.
    DeleteRecords(super::DeleteRecordsResponse),
    /// `InitProducerId`.
    InitProducerId(super::InitProducerIdResponse),
    /// `OffsetForLeaderEpoch`.
    OffsetForLeaderEpoch(super::OffsetForLeaderEpochResponse),
    /// `AddPartitionsToTxn`.
    AddPartitionsToTxn(super::AddPartitionsToTxnResponse),
    /// `AddOffsetsToTxn`.
    AddOffsetsToTxn(super::AddOffsetsToTxnResponse),
    /// `EndTxn`.
    EndTxn(super::EndTxnResponse),
    /// `WriteTxnMarkers`.
    WriteTxnMarkers(super::WriteTxnMarkersResponse),
    /// `TxnOffsetCommit`.
    TxnOffsetCommit(super::TxnOffsetCommitResponse),
    /// `DescribeAcls`.
    DescribeAcls(super::DescribeAclsResponse),
    /// `CreateAcls`.
    CreateAcls(super::CreateAclsResponse),
    /// `DeleteAcls`.
    DeleteAcls(super::DeleteAclsResponse),
    /// `DescribeConfigs`.
    DescribeConfigs(super::DescribeConfigsResponse),
    /// `AlterConfigs`.
    AlterConfigs(super::AlterConfigsResponse),
    /// `AlterReplicaLogDirs`.
    AlterReplicaLogDirs(super::AlterReplicaLogDirsResponse),
    /// `DescribeLogDirs`.
    DescribeLogDirs(super::DescribeLogDirsResponse),
    /// `SaslAuthenticate`.
    SaslAuthenticate(super::SaslAuthenticateResponse),
    /// `CreatePartitions`.
    CreatePartitions(super::CreatePartitionsResponse),
    /// `CreateDelegationToken`.
    CreateDelegationToken(super::CreateDelegationTokenResponse),
    /// `RenewDelegationToken`.
    RenewDelegationToken(super::RenewDelegationTokenResponse),
    /// `ExpireDelegationToken`.
    ExpireDelegationToken(super::ExpireDelegationTokenResponse),
    /// `DescribeDelegationToken`.
    DescribeDelegationToken(super::DescribeDelegationTokenResponse),
    /// `DeleteGroups`.
    DeleteGroups(super::DeleteGroupsResponse),
    /// `ElectLeaders`.
    ElectLeaders(super::ElectLeadersResponse),
    /// `IncrementalAlterConfigs`.
    IncrementalAlterConfigs(super::IncrementalAlterConfigsResponse),
    /// `AlterPartitionReassignments`.
    AlterPartitionReassignments(super::AlterPartitionReassignmentsResponse),
    /// `ListPartitionReassignments`.
    ListPartitionReassignments(super::ListPartitionReassignmentsResponse),
    /// `OffsetDelete`.
    OffsetDelete(super::OffsetDeleteResponse),
    /// `DescribeClientQuotas`.
    DescribeClientQuotas(super::DescribeClientQuotasResponse),
    /// `AlterClientQuotas`.
    AlterClientQuotas(super::AlterClientQuotasResponse),
    /// `DescribeUserScramCredentials`.
    DescribeUserScramCredentials(super::DescribeUserScramCredentialsResponse),
    /// `AlterUserScramCredentials`.
    AlterUserScramCredentials(super::AlterUserScramCredentialsResponse),
    /// `Vote`.
    Vote(super::VoteResponse),
    /// `BeginQuorumEpoch`.
    BeginQuorumEpoch(super::BeginQuorumEpochResponse),
    /// `EndQuorumEpoch`.
    EndQuorumEpoch(super::EndQuorumEpochResponse),
    /// `DescribeQuorum`.
    DescribeQuorum(super::DescribeQuorumResponse),
    /// `AlterPartition`.
    AlterPartition(super::AlterPartitionResponse),
    /// `UpdateFeatures`.
    UpdateFeatures(super::UpdateFeaturesResponse),
    /// `Envelope`.
    Envelope(super::EnvelopeResponse),
    /// `FetchSnapshot`.
    FetchSnapshot(super::FetchSnapshotResponse),
    /// `DescribeCluster`.
    DescribeCluster(super::DescribeClusterResponse),
    /// `DescribeProducers`.
    DescribeProducers(super::DescribeProducersResponse),
    /// `BrokerRegistration`.
    BrokerRegistration(super::BrokerRegistrationResponse),
    /// `BrokerHeartbeat`.
    BrokerHeartbeat(super::BrokerHeartbeatResponse),
    /// `UnregisterBroker`.
    UnregisterBroker(super::UnregisterBrokerResponse),
    /// `DescribeTransactions`.
    DescribeTransactions(super::DescribeTransactionsResponse),
    /// `ListTransactions`.
    ListTransactions(super::ListTransactionsResponse),
    /// `AllocateProducerIds`.
    AllocateProducerIds(super::AllocateProducerIdsResponse),
    /// `ConsumerGroupHeartbeat`.
    ConsumerGroupHeartbeat(super::ConsumerGroupHeartbeatResponse),
    /// `ConsumerGroupDescribe`.
    ConsumerGroupDescribe(super::ConsumerGroupDescribeResponse),
    /// `ControllerRegistration`.
    ControllerRegistration(super::ControllerRegistrationResponse),
    /// `GetTelemetrySubscriptions`.
    GetTelemetrySubscriptions(super::GetTelemetrySubscriptionsResponse),
    /// `PushTelemetry`.
    PushTelemetry(super::PushTelemetryResponse),
    /// `AssignReplicasToDirs`.
    AssignReplicasToDirs(super::AssignReplicasToDirsResponse),
    /// `ListConfigResources`.
    ListConfigResources(super::ListConfigResourcesResponse),
    /// `DescribeTopicPartitions`.
    DescribeTopicPartitions(super::DescribeTopicPartitionsResponse),
    /// `ShareGroupHeartbeat`.
    ShareGroupHeartbeat(super::ShareGroupHeartbeatResponse),
    /// `ShareGroupDescribe`.
    ShareGroupDescribe(super::ShareGroupDescribeResponse),
    /// `ShareFetch`.
    ShareFetch(super::ShareFetchResponse),
    /// `ShareAcknowledge`.
    ShareAcknowledge(super::ShareAcknowledgeResponse),
    /// `AddRaftVoter`.
    AddRaftVoter(super::AddRaftVoterResponse),
    /// `RemoveRaftVoter`.
    RemoveRaftVoter(super::RemoveRaftVoterResponse),
    /// `UpdateRaftVoter`.
    UpdateRaftVoter(super::UpdateRaftVoterResponse),
    /// `InitializeShareGroupState`.
    InitializeShareGroupState(super::InitializeShareGroupStateResponse),
    /// `ReadShareGroupState`.
    ReadShareGroupState(super::ReadShareGroupStateResponse),
    /// `WriteShareGroupState`.
    WriteShareGroupState(super::WriteShareGroupStateResponse),
    /// `DeleteShareGroupState`.
    DeleteShareGroupState(super::DeleteShareGroupStateResponse),
    /// `ReadShareGroupStateSummary`.
    ReadShareGroupStateSummary(super::ReadShareGroupStateSummaryResponse),
    /// `StreamsGroupHeartbeat`.
    StreamsGroupHeartbeat(super::StreamsGroupHeartbeatResponse),
    /// `StreamsGroupDescribe`.
    StreamsGroupDescribe(super::StreamsGroupDescribeResponse),
    /// `DescribeShareGroupOffsets`.
    DescribeShareGroupOffsets(super::DescribeShareGroupOffsetsResponse),
    /// `AlterShareGroupOffsets`.
    AlterShareGroupOffsets(super::AlterShareGroupOffsetsResponse),
    /// `DeleteShareGroupOffsets`.
    DeleteShareGroupOffsets(super::DeleteShareGroupOffsetsResponse),
    /// `StreamsGroupTopologyDescriptionUpdate`.
    StreamsGroupTopologyDescriptionUpdate(super::StreamsGroupTopologyDescriptionUpdateResponse),
    /// `UnregisterController`.
    UnregisterController(super::UnregisterControllerResponse),
}

impl AnyResponse {
    /// Which request this is or answers.
    pub fn key(&self) -> ApiKey {
        match self {
            Self::Produce(_) => ApiKey::Produce,
            Self::Fetch(_) => ApiKey::Fetch,
            Self::ListOffsets(_) => ApiKey::ListOffsets,
            Self::Metadata(_) => ApiKey::Metadata,
            Self::OffsetCommit(_) => ApiKey::OffsetCommit,
            Self::OffsetFetch(_) => ApiKey::OffsetFetch,
            Self::FindCoordinator(_) => ApiKey::FindCoordinator,
            Self::JoinGroup(_) => ApiKey::JoinGroup,
            Self::Heartbeat(_) => ApiKey::Heartbeat,
            Self::LeaveGroup(_) => ApiKey::LeaveGroup,
            Self::SyncGroup(_) => ApiKey::SyncGroup,
            Self::DescribeGroups(_) => ApiKey::DescribeGroups,
            Self::ListGroups(_) => ApiKey::ListGroups,
            Self::SaslHandshake(_) => ApiKey::SaslHandshake,
            Self::ApiVersions(_) => ApiKey::ApiVersions,
            Self::CreateTopics(_) => ApiKey::CreateTopics,
            Self::DeleteTopics(_) => ApiKey::DeleteTopics,
            Self::DeleteRecords(_) => ApiKey::DeleteRecords,
            Self::InitProducerId(_) => ApiKey::InitProducerId,
            Self::OffsetForLeaderEpoch(_) => ApiKey::OffsetForLeaderEpoch,
            Self::AddPartitionsToTxn(_) => ApiKey::AddPartitionsToTxn,
            Self::AddOffsetsToTxn(_) => ApiKey::AddOffsetsToTxn,
            Self::EndTxn(_) => ApiKey::EndTxn,
            Self::WriteTxnMarkers(_) => ApiKey::WriteTxnMarkers,
            Self::TxnOffsetCommit(_) => ApiKey::TxnOffsetCommit,
            Self::DescribeAcls(_) => ApiKey::DescribeAcls,
            Self::CreateAcls(_) => ApiKey::CreateAcls,
            Self::DeleteAcls(_) => ApiKey::DeleteAcls,
            Self::DescribeConfigs(_) => ApiKey::DescribeConfigs,
            Self::AlterConfigs(_) => ApiKey::AlterConfigs,
            Self::AlterReplicaLogDirs(_) => ApiKey::AlterReplicaLogDirs,
            Self::DescribeLogDirs(_) => ApiKey::DescribeLogDirs,
            Self::SaslAuthenticate(_) => ApiKey::SaslAuthenticate,
            Self::CreatePartitions(_) => ApiKey::CreatePartitions,
            Self::CreateDelegationToken(_) => ApiKey::CreateDelegationToken,
            Self::RenewDelegationToken(_) => ApiKey::RenewDelegationToken,
            Self::ExpireDelegationToken(_) => ApiKey::ExpireDelegationToken,
            Self::DescribeDelegationToken(_) => ApiKey::DescribeDelegationToken,
            Self::DeleteGroups(_) => ApiKey::DeleteGroups,
            Self::ElectLeaders(_) => ApiKey::ElectLeaders,
            Self::IncrementalAlterConfigs(_) => ApiKey::IncrementalAlterConfigs,
            Self::AlterPartitionReassignments(_) => ApiKey::AlterPartitionReassignments,
            Self::ListPartitionReassignments(_) => ApiKey::ListPartitionReassignments,
            Self::OffsetDelete(_) => ApiKey::OffsetDelete,
            Self::DescribeClientQuotas(_) => ApiKey::DescribeClientQuotas,
            Self::AlterClientQuotas(_) => ApiKey::AlterClientQuotas,
            Self::DescribeUserScramCredentials(_) => ApiKey::DescribeUserScramCredentials,
            Self::AlterUserScramCredentials(_) => ApiKey::AlterUserScramCredentials,
            Self::Vote(_) => ApiKey::Vote,
            Self::BeginQuorumEpoch(_) => ApiKey::BeginQuorumEpoch,
            Self::EndQuorumEpoch(_) => ApiKey::EndQuorumEpoch,
            Self::DescribeQuorum(_) => ApiKey::DescribeQuorum,
            Self::AlterPartition(_) => ApiKey::AlterPartition,
            Self::UpdateFeatures(_) => ApiKey::UpdateFeatures,
            Self::Envelope(_) => ApiKey::Envelope,
            Self::FetchSnapshot(_) => ApiKey::FetchSnapshot,
            Self::DescribeCluster(_) => ApiKey::DescribeCluster,
            Self::DescribeProducers(_) => ApiKey::DescribeProducers,
            Self::BrokerRegistration(_) => ApiKey::BrokerRegistration,
            Self::BrokerHeartbeat(_) => ApiKey::BrokerHeartbeat,
            Self::UnregisterBroker(_) => ApiKey::UnregisterBroker,
            Self::DescribeTransactions(_) => ApiKey::DescribeTransactions,
            Self::ListTransactions(_) => ApiKey::ListTransactions,
            Self::AllocateProducerIds(_) => ApiKey::AllocateProducerIds,
            Self::ConsumerGroupHeartbeat(_) => ApiKey::ConsumerGroupHeartbeat,
            Self::ConsumerGroupDescribe(_) => ApiKey::ConsumerGroupDescribe,
            Self::ControllerRegistration(_) => ApiKey::ControllerRegistration,
            Self::GetTelemetrySubscriptions(_) => ApiKey::GetTelemetrySubscriptions,
            Self::PushTelemetry(_) => ApiKey::PushTelemetry,
            Self::AssignReplicasToDirs(_) => ApiKey::AssignReplicasToDirs,
            Self::ListConfigResources(_) => ApiKey::ListConfigResources,
            Self::DescribeTopicPartitions(_) => ApiKey::DescribeTopicPartitions,
            Self::ShareGroupHeartbeat(_) => ApiKey::ShareGroupHeartbeat,
            Self::ShareGroupDescribe(_) => ApiKey::ShareGroupDescribe,
            Self::ShareFetch(_) => ApiKey::ShareFetch,
            Self::ShareAcknowledge(_) => ApiKey::ShareAcknowledge,
            Self::AddRaftVoter(_) => ApiKey::AddRaftVoter,
            Self::RemoveRaftVoter(_) => ApiKey::RemoveRaftVoter,
            Self::UpdateRaftVoter(_) => ApiKey::UpdateRaftVoter,
            Self::InitializeShareGroupState(_) => ApiKey::InitializeShareGroupState,
            Self::ReadShareGroupState(_) => ApiKey::ReadShareGroupState,
            Self::WriteShareGroupState(_) => ApiKey::WriteShareGroupState,
            Self::DeleteShareGroupState(_) => ApiKey::DeleteShareGroupState,
            Self::ReadShareGroupStateSummary(_) => ApiKey::ReadShareGroupStateSummary,
            Self::StreamsGroupHeartbeat(_) => ApiKey::StreamsGroupHeartbeat,
            Self::StreamsGroupDescribe(_) => ApiKey::StreamsGroupDescribe,
            Self::DescribeShareGroupOffsets(_) => ApiKey::DescribeShareGroupOffsets,
            Self::AlterShareGroupOffsets(_) => ApiKey::AlterShareGroupOffsets,
            Self::DeleteShareGroupOffsets(_) => ApiKey::DeleteShareGroupOffsets,
            Self::StreamsGroupTopologyDescriptionUpdate(_) => ApiKey::StreamsGroupTopologyDescriptionUpdate,
            Self::UnregisterController(_) => ApiKey::UnregisterController,
        }
    }

    /// Reads the body of a response of type `key`.
    pub fn decode(key: ApiKey, reader: &mut Reader, version: i16) -> Result<AnyResponse, DecodeError> {
        match key {
            ApiKey::Produce => super::ProduceResponse::decode(reader, version).map(Self::Produce),
            ApiKey::Fetch => super::FetchResponse::decode(reader, version).map(Self::Fetch),
            ApiKey::ListOffsets => super::ListOffsetsResponse::decode(reader, version).map(Self::ListOffsets),
            ApiKey::Metadata => super::MetadataResponse::decode(reader, version).map(Self::Metadata),
            ApiKey::OffsetCommit => {
                super::OffsetCommitResponse::decode(reader, version).map(Self::OffsetCommit)
            }
            ApiKey::OffsetFetch => super::OffsetFetchResponse::decode(reader, version).map(Self::OffsetFetch),
            ApiKey::FindCoordinator => {
                super::FindCoordinatorResponse::decode(reader, version).map(Self::FindCoordinator)
            }
            ApiKey::JoinGroup => super::JoinGroupResponse::decode(reader, version).map(Self::JoinGroup),
            ApiKey::Heartbeat => super::HeartbeatResponse::decode(reader, version).map(Self::Heartbeat),
            ApiKey::LeaveGroup => super::LeaveGroupResponse::decode(reader, version).map(Self::LeaveGroup),
            ApiKey::SyncGroup => super::SyncGroupResponse::decode(reader, version).map(Self::SyncGroup),
            ApiKey::DescribeGroups => {
                super::DescribeGroupsResponse::decode(reader, version).map(Self::DescribeGroups)
            }
            ApiKey::ListGroups => super::ListGroupsResponse::decode(reader, version).map(Self::ListGroups),
            ApiKey::SaslHandshake => {
                super::SaslHandshakeResponse::decode(reader, version).map(Self::SaslHandshake)
            }
            ApiKey::ApiVersions => super::ApiVersionsResponse::decode(reader, version).map(Self::ApiVersions),
            ApiKey::CreateTopics => {
                super::CreateTopicsResponse::decode(reader, version).map(Self::CreateTopics)
            }
            ApiKey::DeleteTopics => {
                super::DeleteTopicsResponse::decode(reader, version).map(Self::DeleteTopics)
            }
            ApiKey::DeleteRecords => {
                super::DeleteRecordsResponse::decode(reader, version).map(Self::DeleteRecords)
            }
            ApiKey::InitProducerId => {
                super::InitProducerIdResponse::decode(reader, version).map(Self::InitProducerId)
            }
            ApiKey::OffsetForLeaderEpoch => {
                super::OffsetForLeaderEpochResponse::decode(reader, version).map(Self::OffsetForLeaderEpoch)
            }
            ApiKey::AddPartitionsToTxn => {
                super::AddPartitionsToTxnResponse::decode(reader, version).map(Self::AddPartitionsToTxn)
            }
            ApiKey::AddOffsetsToTxn => {
                super::AddOffsetsToTxnResponse::decode(reader, version).map(Self::AddOffsetsToTxn)
            }
            ApiKey::EndTxn => super::EndTxnResponse::decode(reader, version).map(Self::EndTxn),
            ApiKey::WriteTxnMarkers => {
                super::WriteTxnMarkersResponse::decode(reader, version).map(Self::WriteTxnMarkers)
            }
            ApiKey::TxnOffsetCommit => {
                super::TxnOffsetCommitResponse::decode(reader, version).map(Self::TxnOffsetCommit)
            }
            ApiKey::DescribeAcls => {
                super::DescribeAclsResponse::decode(reader, version).map(Self::DescribeAcls)
            }
            ApiKey::CreateAcls => super::CreateAclsResponse::decode(reader, version).map(Self::CreateAcls),
            ApiKey::DeleteAcls => super::DeleteAclsResponse::decode(reader, version).map(Self::DeleteAcls),
            ApiKey::DescribeConfigs => {
                super::DescribeConfigsResponse::decode(reader, version).map(Self::DescribeConfigs)
            }
            ApiKey::AlterConfigs => {
                super::AlterConfigsResponse::decode(reader, version).map(Self::AlterConfigs)
            }
            ApiKey::AlterReplicaLogDirs => {
                super::AlterReplicaLogDirsResponse::decode(reader, version).map(Self::AlterReplicaLogDirs)
            }
            ApiKey::DescribeLogDirs => {
                super::DescribeLogDirsResponse::decode(reader, version).map(Self::DescribeLogDirs)
            }
            ApiKey::SaslAuthenticate => {
                super::SaslAuthenticateResponse::decode(reader, version).map(Self::SaslAuthenticate)
            }
            ApiKey::CreatePartitions => {
                super::CreatePartitionsResponse::decode(reader, version).map(Self::CreatePartitions)
            }
            ApiKey::CreateDelegationToken => {
                super::CreateDelegationTokenResponse::decode(reader, version).map(Self::CreateDelegationToken)
            }
            ApiKey::RenewDelegationToken => {
                super::RenewDelegationTokenResponse::decode(reader, version).map(Self::RenewDelegationToken)
            }
            ApiKey::ExpireDelegationToken => {
                super::ExpireDelegationTokenResponse::decode(reader, version).map(Self::ExpireDelegationToken)
            }
            ApiKey::DescribeDelegationToken => {
                super::DescribeDelegationTokenResponse::decode(reader, version)
                    .map(Self::DescribeDelegationToken)
            }
            ApiKey::DeleteGroups => {
                super::DeleteGroupsResponse::decode(reader, version).map(Self::DeleteGroups)
            }
            ApiKey::ElectLeaders => {
                super::ElectLeadersResponse::decode(reader, version).map(Self::ElectLeaders)
            }
            ApiKey::IncrementalAlterConfigs => {
                super::IncrementalAlterConfigsResponse::decode(reader, version)
                    .map(Self::IncrementalAlterConfigs)
            }
            ApiKey::AlterPartitionReassignments => {
                super::AlterPartitionReassignmentsResponse::decode(reader, version)
                    .map(Self::AlterPartitionReassignments)
            }
            ApiKey::ListPartitionReassignments => {
                super::ListPartitionReassignmentsResponse::decode(reader, version)
                    .map(Self::ListPartitionReassignments)
            }
            ApiKey::OffsetDelete => {
                super::OffsetDeleteResponse::decode(reader, version).map(Self::OffsetDelete)
            }
            ApiKey::DescribeClientQuotas => {
                super::DescribeClientQuotasResponse::decode(reader, version).map(Self::DescribeClientQuotas)
            }
            ApiKey::AlterClientQuotas => {
                super::AlterClientQuotasResponse::decode(reader, version).map(Self::AlterClientQuotas)
            }
            ApiKey::DescribeUserScramCredentials => {
                super::DescribeUserScramCredentialsResponse::decode(reader, version)
                    .map(Self::DescribeUserScramCredentials)
            }
            ApiKey::AlterUserScramCredentials => {
                super::AlterUserScramCredentialsResponse::decode(reader, version)
                    .map(Self::AlterUserScramCredentials)
            }
            ApiKey::Vote => super::VoteResponse::decode(reader, version).map(Self::Vote),
            ApiKey::BeginQuorumEpoch => {
                super::BeginQuorumEpochResponse::decode(reader, version).map(Self::BeginQuorumEpoch)
            }
            ApiKey::EndQuorumEpoch => {
                super::EndQuorumEpochResponse::decode(reader, version).map(Self::EndQuorumEpoch)
            }
            ApiKey::DescribeQuorum => {
                super::DescribeQuorumResponse::decode(reader, version).map(Self::DescribeQuorum)
            }
            ApiKey::AlterPartition => {
                super::AlterPartitionResponse::decode(reader, version).map(Self::AlterPartition)
            }
            ApiKey::UpdateFeatures => {
                super::UpdateFeaturesResponse::decode(reader, version).map(Self::UpdateFeatures)
            }
            ApiKey::Envelope => super::EnvelopeResponse::decode(reader, version).map(Self::Envelope),
            ApiKey::FetchSnapshot => {
                super::FetchSnapshotResponse::decode(reader, version).map(Self::FetchSnapshot)
            }
            ApiKey::DescribeCluster => {
                super::DescribeClusterResponse::decode(reader, version).map(Self::DescribeCluster)
            }
            ApiKey::DescribeProducers => {
                super::DescribeProducersResponse::decode(reader, version).map(Self::DescribeProducers)
            }
            ApiKey::BrokerRegistration => {
                super::BrokerRegistrationResponse::decode(reader, version).map(Self::BrokerRegistration)
            }
            ApiKey::BrokerHeartbeat => {
                super::BrokerHeartbeatResponse::decode(reader, version).map(Self::BrokerHeartbeat)
            }
            ApiKey::UnregisterBroker => {
                super::UnregisterBrokerResponse::decode(reader, version).map(Self::UnregisterBroker)
            }
            ApiKey::DescribeTransactions => {
                super::DescribeTransactionsResponse::decode(reader, version).map(Self::DescribeTransactions)
            }
            ApiKey::ListTransactions => {
                super::ListTransactionsResponse::decode(reader, version).map(Self::ListTransactions)
            }
            ApiKey::AllocateProducerIds => {
                super::AllocateProducerIdsResponse::decode(reader, version).map(Self::AllocateProducerIds)
            }
            ApiKey::ConsumerGroupHeartbeat => super::ConsumerGroupHeartbeatResponse::decode(reader, version)
                .map(Self::ConsumerGroupHeartbeat),
            ApiKey::ConsumerGroupDescribe => {
                super::ConsumerGroupDescribeResponse::decode(reader, version).map(Self::ConsumerGroupDescribe)
            }
            ApiKey::ControllerRegistration => super::ControllerRegistrationResponse::decode(reader, version)
                .map(Self::ControllerRegistration),
            ApiKey::GetTelemetrySubscriptions => {
                super::GetTelemetrySubscriptionsResponse::decode(reader, version)
                    .map(Self::GetTelemetrySubscriptions)
            }
            ApiKey::PushTelemetry => {
                super::PushTelemetryResponse::decode(reader, version).map(Self::PushTelemetry)
            }
            ApiKey::AssignReplicasToDirs => {
                super::AssignReplicasToDirsResponse::decode(reader, version).map(Self::AssignReplicasToDirs)
            }
            ApiKey::ListConfigResources => {
                super::ListConfigResourcesResponse::decode(reader, version).map(Self::ListConfigResources)
            }
            ApiKey::DescribeTopicPartitions => {
                super::DescribeTopicPartitionsResponse::decode(reader, version)
                    .map(Self::DescribeTopicPartitions)
            }
            ApiKey::ShareGroupHeartbeat => {
                super::ShareGroupHeartbeatResponse::decode(reader, version).map(Self::ShareGroupHeartbeat)
            }
            ApiKey::ShareGroupDescribe => {
                super::ShareGroupDescribeResponse::decode(reader, version).map(Self::ShareGroupDescribe)
            }
            ApiKey::ShareFetch => super::ShareFetchResponse::decode(reader, version).map(Self::ShareFetch),
            ApiKey::ShareAcknowledge => {
                super::ShareAcknowledgeResponse::decode(reader, version).map(Self::ShareAcknowledge)
            }
            ApiKey::AddRaftVoter => {
                super::AddRaftVoterResponse::decode(reader, version).map(Self::AddRaftVoter)
            }
            ApiKey::RemoveRaftVoter => {
                super::RemoveRaftVoterResponse::decode(reader, version).map(Self::RemoveRaftVoter)
            }
            ApiKey::UpdateRaftVoter => {
                super::UpdateRaftVoterResponse::decode(reader, version).map(Self::UpdateRaftVoter)
            }
            ApiKey::InitializeShareGroupState => {
                super::InitializeShareGroupStateResponse::decode(reader, version)
                    .map(Self::InitializeShareGroupState)
            }
            ApiKey::ReadShareGroupState => {
                super::ReadShareGroupStateResponse::decode(reader, version).map(Self::ReadShareGroupState)
            }
            ApiKey::WriteShareGroupState => {
                super::WriteShareGroupStateResponse::decode(reader, version).map(Self::WriteShareGroupState)
            }
            ApiKey::DeleteShareGroupState => {
                super::DeleteShareGroupStateResponse::decode(reader, version).map(Self::DeleteShareGroupState)
            }
            ApiKey::ReadShareGroupStateSummary => {
                super::ReadShareGroupStateSummaryResponse::decode(reader, version)
                    .map(Self::ReadShareGroupStateSummary)
            }
            ApiKey::StreamsGroupHeartbeat => {
                super::StreamsGroupHeartbeatResponse::decode(reader, version).map(Self::StreamsGroupHeartbeat)
            }
            ApiKey::StreamsGroupDescribe => {
                super::StreamsGroupDescribeResponse::decode(reader, version).map(Self::StreamsGroupDescribe)
            }
            ApiKey::DescribeShareGroupOffsets => {
                super::DescribeShareGroupOffsetsResponse::decode(reader, version)
                    .map(Self::DescribeShareGroupOffsets)
            }
            ApiKey::AlterShareGroupOffsets => super::AlterShareGroupOffsetsResponse::decode(reader, version)
                .map(Self::AlterShareGroupOffsets),
            ApiKey::DeleteShareGroupOffsets => {
                super::DeleteShareGroupOffsetsResponse::decode(reader, version)
                    .map(Self::DeleteShareGroupOffsets)
            }
            ApiKey::StreamsGroupTopologyDescriptionUpdate => {
                super::StreamsGroupTopologyDescriptionUpdateResponse::decode(reader, version)
                    .map(Self::StreamsGroupTopologyDescriptionUpdate)
            }
            ApiKey::UnregisterController => {
                super::UnregisterControllerResponse::decode(reader, version).map(Self::UnregisterController)
            }
        }
    }

    /// Appends the body.
    pub fn encode(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        match self {
            Self::Produce(message) => message.encode(writer, version),
            Self::Fetch(message) => message.encode(writer, version),
            Self::ListOffsets(message) => message.encode(writer, version),
            Self::Metadata(message) => message.encode(writer, version),
            Self::OffsetCommit(message) => message.encode(writer, version),
            Self::OffsetFetch(message) => message.encode(writer, version),
            Self::FindCoordinator(message) => message.encode(writer, version),
            Self::JoinGroup(message) => message.encode(writer, version),
            Self::Heartbeat(message) => message.encode(writer, version),
            Self::LeaveGroup(message) => message.encode(writer, version),
            Self::SyncGroup(message) => message.encode(writer, version),
            Self::DescribeGroups(message) => message.encode(writer, version),
            Self::ListGroups(message) => message.encode(writer, version),
            Self::SaslHandshake(message) => message.encode(writer, version),
            Self::ApiVersions(message) => message.encode(writer, version),
            Self::CreateTopics(message) => message.encode(writer, version),
            Self::DeleteTopics(message) => message.encode(writer, version),
            Self::DeleteRecords(message) => message.encode(writer, version),
            Self::InitProducerId(message) => message.encode(writer, version),
            Self::OffsetForLeaderEpoch(message) => message.encode(writer, version),
            Self::AddPartitionsToTxn(message) => message.encode(writer, version),
            Self::AddOffsetsToTxn(message) => message.encode(writer, version),
            Self::EndTxn(message) => message.encode(writer, version),
            Self::WriteTxnMarkers(message) => message.encode(writer, version),
            Self::TxnOffsetCommit(message) => message.encode(writer, version),
            Self::DescribeAcls(message) => message.encode(writer, version),
            Self::CreateAcls(message) => message.encode(writer, version),
            Self::DeleteAcls(message) => message.encode(writer, version),
            Self::DescribeConfigs(message) => message.encode(writer, version),
            Self::AlterConfigs(message) => message.encode(writer, version),
            Self::AlterReplicaLogDirs(message) => message.encode(writer, version),
            Self::DescribeLogDirs(message) => message.encode(writer, version),
            Self::SaslAuthenticate(message) => message.encode(writer, version),
            Self::CreatePartitions(message) => message.encode(writer, version),
            Self::CreateDelegationToken(message) => message.encode(writer, version),
            Self::RenewDelegationToken(message) => message.encode(writer, version),
            Self::ExpireDelegationToken(message) => message.encode(writer, version),
            Self::DescribeDelegationToken(message) => message.encode(writer, version),
            Self::DeleteGroups(message) => message.encode(writer, version),
            Self::ElectLeaders(message) => message.encode(writer, version),
            Self::IncrementalAlterConfigs(message) => message.encode(writer, version),
            Self::AlterPartitionReassignments(message) => message.encode(writer, version),
            Self::ListPartitionReassignments(message) => message.encode(writer, version),
            Self::OffsetDelete(message) => message.encode(writer, version),
            Self::DescribeClientQuotas(message) => message.encode(writer, version),
            Self::AlterClientQuotas(message) => message.encode(writer, version),
            Self::DescribeUserScramCredentials(message) => message.encode(writer, version),
            Self::AlterUserScramCredentials(message) => message.encode(writer, version),
            Self::Vote(message) => message.encode(writer, version),
            Self::BeginQuorumEpoch(message) => message.encode(writer, version),
            Self::EndQuorumEpoch(message) => message.encode(writer, version),
            Self::DescribeQuorum(message) => message.encode(writer, version),
            Self::AlterPartition(message) => message.encode(writer, version),
            Self::UpdateFeatures(message) => message.encode(writer, version),
            Self::Envelope(message) => message.encode(writer, version),
            Self::FetchSnapshot(message) => message.encode(writer, version),
            Self::DescribeCluster(message) => message.encode(writer, version),
            Self::DescribeProducers(message) => message.encode(writer, version),
            Self::BrokerRegistration(message) => message.encode(writer, version),
            Self::BrokerHeartbeat(message) => message.encode(writer, version),
            Self::UnregisterBroker(message) => message.encode(writer, version),
            Self::DescribeTransactions(message) => message.encode(writer, version),
            Self::ListTransactions(message) => message.encode(writer, version),
            Self::AllocateProducerIds(message) => message.encode(writer, version),
            Self::ConsumerGroupHeartbeat(message) => message.encode(writer, version),
            Self::ConsumerGroupDescribe(message) => message.encode(writer, version),
            Self::ControllerRegistration(message) => message.encode(writer, version),
            Self::GetTelemetrySubscriptions(message) => message.encode(writer, version),
            Self::PushTelemetry(message) => message.encode(writer, version),
            Self::AssignReplicasToDirs(message) => message.encode(writer, version),
            Self::ListConfigResources(message) => message.encode(writer, version),
            Self::DescribeTopicPartitions(message) => message.encode(writer, version),
            Self::ShareGroupHeartbeat(message) => message.encode(writer, version),
            Self::ShareGroupDescribe(message) => message.encode(writer, version),
            Self::ShareFetch(message) => message.encode(writer, version),
            Self::ShareAcknowledge(message) => message.encode(writer, version),
            Self::AddRaftVoter(message) => message.encode(writer, version),
            Self::RemoveRaftVoter(message) => message.encode(writer, version),
            Self::UpdateRaftVoter(message) => message.encode(writer, version),
            Self::InitializeShareGroupState(message) => message.encode(writer, version),
            Self::ReadShareGroupState(message) => message.encode(writer, version),
            Self::WriteShareGroupState(message) => message.encode(writer, version),
            Self::DeleteShareGroupState(message) => message.encode(writer, version),
            Self::ReadShareGroupStateSummary(message) => message.encode(writer, version),
            Self::StreamsGroupHeartbeat(message) => message.encode(writer, version),
            Self::StreamsGroupDescribe(message) => message.encode(writer, version),
            Self::DescribeShareGroupOffsets(message) => message.encode(writer, version),
            Self::AlterShareGroupOffsets(message) => message.encode(writer, version),
            Self::DeleteShareGroupOffsets(message) => message.encode(writer, version),
            Self::StreamsGroupTopologyDescriptionUpdate(message) => message.encode(writer, version),
            Self::UnregisterController(message) => message.encode(writer, version),
        }
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AnyResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        match self {
            Self::Produce(message) => message.write_json(out, version),
            Self::Fetch(message) => message.write_json(out, version),
            Self::ListOffsets(message) => message.write_json(out, version),
            Self::Metadata(message) => message.write_json(out, version),
            Self::OffsetCommit(message) => message.write_json(out, version),
            Self::OffsetFetch(message) => message.write_json(out, version),
            Self::FindCoordinator(message) => message.write_json(out, version),
            Self::JoinGroup(message) => message.write_json(out, version),
            Self::Heartbeat(message) => message.write_json(out, version),
            Self::LeaveGroup(message) => message.write_json(out, version),
            Self::SyncGroup(message) => message.write_json(out, version),
            Self::DescribeGroups(message) => message.write_json(out, version),
            Self::ListGroups(message) => message.write_json(out, version),
            Self::SaslHandshake(message) => message.write_json(out, version),
            Self::ApiVersions(message) => message.write_json(out, version),
            Self::CreateTopics(message) => message.write_json(out, version),
            Self::DeleteTopics(message) => message.write_json(out, version),
            Self::DeleteRecords(message) => message.write_json(out, version),
            Self::InitProducerId(message) => message.write_json(out, version),
            Self::OffsetForLeaderEpoch(message) => message.write_json(out, version),
            Self::AddPartitionsToTxn(message) => message.write_json(out, version),
            Self::AddOffsetsToTxn(message) => message.write_json(out, version),
            Self::EndTxn(message) => message.write_json(out, version),
            Self::WriteTxnMarkers(message) => message.write_json(out, version),
            Self::TxnOffsetCommit(message) => message.write_json(out, version),
            Self::DescribeAcls(message) => message.write_json(out, version),
            Self::CreateAcls(message) => message.write_json(out, version),
            Self::DeleteAcls(message) => message.write_json(out, version),
            Self::DescribeConfigs(message) => message.write_json(out, version),
            Self::AlterConfigs(message) => message.write_json(out, version),
            Self::AlterReplicaLogDirs(message) => message.write_json(out, version),
            Self::DescribeLogDirs(message) => message.write_json(out, version),
            Self::SaslAuthenticate(message) => message.write_json(out, version),
            Self::CreatePartitions(message) => message.write_json(out, version),
            Self::CreateDelegationToken(message) => message.write_json(out, version),
            Self::RenewDelegationToken(message) => message.write_json(out, version),
            Self::ExpireDelegationToken(message) => message.write_json(out, version),
            Self::DescribeDelegationToken(message) => message.write_json(out, version),
            Self::DeleteGroups(message) => message.write_json(out, version),
            Self::ElectLeaders(message) => message.write_json(out, version),
            Self::IncrementalAlterConfigs(message) => message.write_json(out, version),
            Self::AlterPartitionReassignments(message) => message.write_json(out, version),
            Self::ListPartitionReassignments(message) => message.write_json(out, version),
            Self::OffsetDelete(message) => message.write_json(out, version),
            Self::DescribeClientQuotas(message) => message.write_json(out, version),
            Self::AlterClientQuotas(message) => message.write_json(out, version),
            Self::DescribeUserScramCredentials(message) => message.write_json(out, version),
            Self::AlterUserScramCredentials(message) => message.write_json(out, version),
            Self::Vote(message) => message.write_json(out, version),
            Self::BeginQuorumEpoch(message) => message.write_json(out, version),
            Self::EndQuorumEpoch(message) => message.write_json(out, version),
            Self::DescribeQuorum(message) => message.write_json(out, version),
            Self::AlterPartition(message) => message.write_json(out, version),
            Self::UpdateFeatures(message) => message.write_json(out, version),
            Self::Envelope(message) => message.write_json(out, version),
            Self::FetchSnapshot(message) => message.write_json(out, version),
            Self::DescribeCluster(message) => message.write_json(out, version),
            Self::DescribeProducers(message) => message.write_json(out, version),
            Self::BrokerRegistration(message) => message.write_json(out, version),
            Self::BrokerHeartbeat(message) => message.write_json(out, version),
            Self::UnregisterBroker(message) => message.write_json(out, version),
            Self::DescribeTransactions(message) => message.write_json(out, version),
            Self::ListTransactions(message) => message.write_json(out, version),
            Self::AllocateProducerIds(message) => message.write_json(out, version),
            Self::ConsumerGroupHeartbeat(message) => message.write_json(out, version),
            Self::ConsumerGroupDescribe(message) => message.write_json(out, version),
            Self::ControllerRegistration(message) => message.write_json(out, version),
            Self::GetTelemetrySubscriptions(message) => message.write_json(out, version),
            Self::PushTelemetry(message) => message.write_json(out, version),
            Self::AssignReplicasToDirs(message) => message.write_json(out, version),
            Self::ListConfigResources(message) => message.write_json(out, version),
            Self::DescribeTopicPartitions(message) => message.write_json(out, version),
            Self::ShareGroupHeartbeat(message) => message.write_json(out, version),
            Self::ShareGroupDescribe(message) => message.write_json(out, version),
            Self::ShareFetch(message) => message.write_json(out, version),
            Self::ShareAcknowledge(message) => message.write_json(out, version),
            Self::AddRaftVoter(message) => message.write_json(out, version),
            Self::RemoveRaftVoter(message) => message.write_json(out, version),
            Self::UpdateRaftVoter(message) => message.write_json(out, version),
            Self::InitializeShareGroupState(message) => message.write_json(out, version),
            Self::ReadShareGroupState(message) => message.write_json(out, version),
            Self::WriteShareGroupState(message) => message.write_json(out, version),
            Self::DeleteShareGroupState(message) => message.write_json(out, version),
            Self::ReadShareGroupStateSummary(message) => message.write_json(out, version),
            Self::StreamsGroupHeartbeat(message) => message.write_json(out, version),
            Self::StreamsGroupDescribe(message) => message.write_json(out, version),
            Self::DescribeShareGroupOffsets(message) => message.write_json(out, version),
            Self::AlterShareGroupOffsets(message) => message.write_json(out, version),
            Self::DeleteShareGroupOffsets(message) => message.write_json(out, version),
            Self::StreamsGroupTopologyDescriptionUpdate(message) => message.write_json(out, version),
            Self::UnregisterController(message) => message.write_json(out, version),
        }
    }
}
