//! Generated from `schemas` by `cargo xtask codegen`: one module per message.

/// `AbortTransactionRecord` and its parts.
pub mod abort_transaction_record;
/// `AbortedTxn` and its parts.
pub mod aborted_txn;
/// `AccessControlEntryRecord` and its parts.
pub mod access_control_entry_record;
/// `AddOffsetsToTxnRequest` and its parts.
pub mod add_offsets_to_txn_request;
/// `AddOffsetsToTxnResponse` and its parts.
pub mod add_offsets_to_txn_response;
/// `AddPartitionsToTxnRequest` and its parts.
pub mod add_partitions_to_txn_request;
/// `AddPartitionsToTxnResponse` and its parts.
pub mod add_partitions_to_txn_response;
/// `AddRaftVoterRequest` and its parts.
pub mod add_raft_voter_request;
/// `AddRaftVoterResponse` and its parts.
pub mod add_raft_voter_response;
/// `AllocateProducerIdsRequest` and its parts.
pub mod allocate_producer_ids_request;
/// `AllocateProducerIdsResponse` and its parts.
pub mod allocate_producer_ids_response;
/// `AlterClientQuotasRequest` and its parts.
pub mod alter_client_quotas_request;
/// `AlterClientQuotasResponse` and its parts.
pub mod alter_client_quotas_response;
/// `AlterConfigsRequest` and its parts.
pub mod alter_configs_request;
/// `AlterConfigsResponse` and its parts.
pub mod alter_configs_response;
/// `AlterPartitionReassignmentsRequest` and its parts.
pub mod alter_partition_reassignments_request;
/// `AlterPartitionReassignmentsResponse` and its parts.
pub mod alter_partition_reassignments_response;
/// `AlterPartitionRequest` and its parts.
pub mod alter_partition_request;
/// `AlterPartitionResponse` and its parts.
pub mod alter_partition_response;
/// `AlterReplicaLogDirsRequest` and its parts.
pub mod alter_replica_log_dirs_request;
/// `AlterReplicaLogDirsResponse` and its parts.
pub mod alter_replica_log_dirs_response;
/// `AlterShareGroupOffsetsRequest` and its parts.
pub mod alter_share_group_offsets_request;
/// `AlterShareGroupOffsetsResponse` and its parts.
pub mod alter_share_group_offsets_response;
/// `AlterUserScramCredentialsRequest` and its parts.
pub mod alter_user_scram_credentials_request;
/// `AlterUserScramCredentialsResponse` and its parts.
pub mod alter_user_scram_credentials_response;
/// `ApiVersionsRequest` and its parts.
pub mod api_versions_request;
/// `ApiVersionsResponse` and its parts.
pub mod api_versions_response;
pub mod apis;
/// `AssignReplicasToDirsRequest` and its parts.
pub mod assign_replicas_to_dirs_request;
/// `AssignReplicasToDirsResponse` and its parts.
pub mod assign_replicas_to_dirs_response;
/// `BeginQuorumEpochRequest` and its parts.
pub mod begin_quorum_epoch_request;
/// `BeginQuorumEpochResponse` and its parts.
pub mod begin_quorum_epoch_response;
/// `BeginTransactionRecord` and its parts.
pub mod begin_transaction_record;
/// `BrokerHeartbeatRequest` and its parts.
pub mod broker_heartbeat_request;
/// `BrokerHeartbeatResponse` and its parts.
pub mod broker_heartbeat_response;
/// `BrokerRegistrationChangeRecord` and its parts.
pub mod broker_registration_change_record;
/// `BrokerRegistrationRequest` and its parts.
pub mod broker_registration_request;
/// `BrokerRegistrationResponse` and its parts.
pub mod broker_registration_response;
/// `ClearElrRecord` and its parts.
pub mod clear_elr_record;
/// `ClientQuotaRecord` and its parts.
pub mod client_quota_record;
/// `ConfigRecord` and its parts.
pub mod config_record;
/// `ConsumerGroupCurrentMemberAssignmentKey` and its parts.
pub mod consumer_group_current_member_assignment_key;
/// `ConsumerGroupCurrentMemberAssignmentValue` and its parts.
pub mod consumer_group_current_member_assignment_value;
/// `ConsumerGroupDescribeRequest` and its parts.
pub mod consumer_group_describe_request;
/// `ConsumerGroupDescribeResponse` and its parts.
pub mod consumer_group_describe_response;
/// `ConsumerGroupHeartbeatRequest` and its parts.
pub mod consumer_group_heartbeat_request;
/// `ConsumerGroupHeartbeatResponse` and its parts.
pub mod consumer_group_heartbeat_response;
/// `ConsumerGroupMemberMetadataKey` and its parts.
pub mod consumer_group_member_metadata_key;
/// `ConsumerGroupMemberMetadataValue` and its parts.
pub mod consumer_group_member_metadata_value;
/// `ConsumerGroupMetadataKey` and its parts.
pub mod consumer_group_metadata_key;
/// `ConsumerGroupMetadataValue` and its parts.
pub mod consumer_group_metadata_value;
/// `ConsumerGroupPartitionMetadataKey` and its parts.
pub mod consumer_group_partition_metadata_key;
/// `ConsumerGroupPartitionMetadataValue` and its parts.
pub mod consumer_group_partition_metadata_value;
/// `ConsumerGroupRegularExpressionKey` and its parts.
pub mod consumer_group_regular_expression_key;
/// `ConsumerGroupRegularExpressionValue` and its parts.
pub mod consumer_group_regular_expression_value;
/// `ConsumerGroupTargetAssignmentMemberKey` and its parts.
pub mod consumer_group_target_assignment_member_key;
/// `ConsumerGroupTargetAssignmentMemberValue` and its parts.
pub mod consumer_group_target_assignment_member_value;
/// `ConsumerGroupTargetAssignmentMetadataKey` and its parts.
pub mod consumer_group_target_assignment_metadata_key;
/// `ConsumerGroupTargetAssignmentMetadataValue` and its parts.
pub mod consumer_group_target_assignment_metadata_value;
/// `ConsumerProtocolAssignment` and its parts.
pub mod consumer_protocol_assignment;
/// `ConsumerProtocolSubscription` and its parts.
pub mod consumer_protocol_subscription;
/// `ControlRecordTypeSchema` and its parts.
pub mod control_record_type_schema;
/// `ControllerRegistrationRequest` and its parts.
pub mod controller_registration_request;
/// `ControllerRegistrationResponse` and its parts.
pub mod controller_registration_response;
/// `CreateAclsRequest` and its parts.
pub mod create_acls_request;
/// `CreateAclsResponse` and its parts.
pub mod create_acls_response;
/// `CreateDelegationTokenRequest` and its parts.
pub mod create_delegation_token_request;
/// `CreateDelegationTokenResponse` and its parts.
pub mod create_delegation_token_response;
/// `CreatePartitionsRequest` and its parts.
pub mod create_partitions_request;
/// `CreatePartitionsResponse` and its parts.
pub mod create_partitions_response;
/// `CreateTopicsRequest` and its parts.
pub mod create_topics_request;
/// `CreateTopicsResponse` and its parts.
pub mod create_topics_response;
/// `DefaultPrincipalData` and its parts.
pub mod default_principal_data;
/// `DelegationTokenRecord` and its parts.
pub mod delegation_token_record;
/// `DeleteAclsRequest` and its parts.
pub mod delete_acls_request;
/// `DeleteAclsResponse` and its parts.
pub mod delete_acls_response;
/// `DeleteGroupsRequest` and its parts.
pub mod delete_groups_request;
/// `DeleteGroupsResponse` and its parts.
pub mod delete_groups_response;
/// `DeleteRecordsRequest` and its parts.
pub mod delete_records_request;
/// `DeleteRecordsResponse` and its parts.
pub mod delete_records_response;
/// `DeleteShareGroupOffsetsRequest` and its parts.
pub mod delete_share_group_offsets_request;
/// `DeleteShareGroupOffsetsResponse` and its parts.
pub mod delete_share_group_offsets_response;
/// `DeleteShareGroupStateRequest` and its parts.
pub mod delete_share_group_state_request;
/// `DeleteShareGroupStateResponse` and its parts.
pub mod delete_share_group_state_response;
/// `DeleteTopicsRequest` and its parts.
pub mod delete_topics_request;
/// `DeleteTopicsResponse` and its parts.
pub mod delete_topics_response;
/// `DescribeAclsRequest` and its parts.
pub mod describe_acls_request;
/// `DescribeAclsResponse` and its parts.
pub mod describe_acls_response;
/// `DescribeClientQuotasRequest` and its parts.
pub mod describe_client_quotas_request;
/// `DescribeClientQuotasResponse` and its parts.
pub mod describe_client_quotas_response;
/// `DescribeClusterRequest` and its parts.
pub mod describe_cluster_request;
/// `DescribeClusterResponse` and its parts.
pub mod describe_cluster_response;
/// `DescribeConfigsRequest` and its parts.
pub mod describe_configs_request;
/// `DescribeConfigsResponse` and its parts.
pub mod describe_configs_response;
/// `DescribeDelegationTokenRequest` and its parts.
pub mod describe_delegation_token_request;
/// `DescribeDelegationTokenResponse` and its parts.
pub mod describe_delegation_token_response;
/// `DescribeGroupsRequest` and its parts.
pub mod describe_groups_request;
/// `DescribeGroupsResponse` and its parts.
pub mod describe_groups_response;
/// `DescribeLogDirsRequest` and its parts.
pub mod describe_log_dirs_request;
/// `DescribeLogDirsResponse` and its parts.
pub mod describe_log_dirs_response;
/// `DescribeProducersRequest` and its parts.
pub mod describe_producers_request;
/// `DescribeProducersResponse` and its parts.
pub mod describe_producers_response;
/// `DescribeQuorumRequest` and its parts.
pub mod describe_quorum_request;
/// `DescribeQuorumResponse` and its parts.
pub mod describe_quorum_response;
/// `DescribeShareGroupOffsetsRequest` and its parts.
pub mod describe_share_group_offsets_request;
/// `DescribeShareGroupOffsetsResponse` and its parts.
pub mod describe_share_group_offsets_response;
/// `DescribeTopicPartitionsRequest` and its parts.
pub mod describe_topic_partitions_request;
/// `DescribeTopicPartitionsResponse` and its parts.
pub mod describe_topic_partitions_response;
/// `DescribeTransactionsRequest` and its parts.
pub mod describe_transactions_request;
/// `DescribeTransactionsResponse` and its parts.
pub mod describe_transactions_response;
/// `DescribeUserScramCredentialsRequest` and its parts.
pub mod describe_user_scram_credentials_request;
/// `DescribeUserScramCredentialsResponse` and its parts.
pub mod describe_user_scram_credentials_response;
/// `ElectLeadersRequest` and its parts.
pub mod elect_leaders_request;
/// `ElectLeadersResponse` and its parts.
pub mod elect_leaders_response;
/// `EndQuorumEpochRequest` and its parts.
pub mod end_quorum_epoch_request;
/// `EndQuorumEpochResponse` and its parts.
pub mod end_quorum_epoch_response;
/// `EndTransactionRecord` and its parts.
pub mod end_transaction_record;
/// `EndTxnMarker` and its parts.
pub mod end_txn_marker;
/// `EndTxnRequest` and its parts.
pub mod end_txn_request;
/// `EndTxnResponse` and its parts.
pub mod end_txn_response;
/// `EnvelopeRequest` and its parts.
pub mod envelope_request;
/// `EnvelopeResponse` and its parts.
pub mod envelope_response;
pub mod error_code;
/// `ExpireDelegationTokenRequest` and its parts.
pub mod expire_delegation_token_request;
/// `ExpireDelegationTokenResponse` and its parts.
pub mod expire_delegation_token_response;
/// `FeatureLevelRecord` and its parts.
pub mod feature_level_record;
/// `FenceBrokerRecord` and its parts.
pub mod fence_broker_record;
/// `FetchRequest` and its parts.
pub mod fetch_request;
/// `FetchResponse` and its parts.
pub mod fetch_response;
/// `FetchSnapshotRequest` and its parts.
pub mod fetch_snapshot_request;
/// `FetchSnapshotResponse` and its parts.
pub mod fetch_snapshot_response;
/// `FindCoordinatorRequest` and its parts.
pub mod find_coordinator_request;
/// `FindCoordinatorResponse` and its parts.
pub mod find_coordinator_response;
/// `GetTelemetrySubscriptionsRequest` and its parts.
pub mod get_telemetry_subscriptions_request;
/// `GetTelemetrySubscriptionsResponse` and its parts.
pub mod get_telemetry_subscriptions_response;
/// `GroupMetadataKey` and its parts.
pub mod group_metadata_key;
/// `GroupMetadataValue` and its parts.
pub mod group_metadata_value;
/// `HeartbeatRequest` and its parts.
pub mod heartbeat_request;
/// `HeartbeatResponse` and its parts.
pub mod heartbeat_response;
/// `IncrementalAlterConfigsRequest` and its parts.
pub mod incremental_alter_configs_request;
/// `IncrementalAlterConfigsResponse` and its parts.
pub mod incremental_alter_configs_response;
/// `InitProducerIdRequest` and its parts.
pub mod init_producer_id_request;
/// `InitProducerIdResponse` and its parts.
pub mod init_producer_id_response;
/// `InitializeShareGroupStateRequest` and its parts.
pub mod initialize_share_group_state_request;
/// `InitializeShareGroupStateResponse` and its parts.
pub mod initialize_share_group_state_response;
/// `JoinGroupRequest` and its parts.
pub mod join_group_request;
/// `JoinGroupResponse` and its parts.
pub mod join_group_response;
/// `KRaftVersionRecord` and its parts.
pub mod k_raft_version_record;
/// `LeaderChangeMessage` and its parts.
pub mod leader_change_message;
/// `LeaveGroupRequest` and its parts.
pub mod leave_group_request;
/// `LeaveGroupResponse` and its parts.
pub mod leave_group_response;
/// `LegacyOffsetCommitKey` and its parts.
pub mod legacy_offset_commit_key;
/// `LegacyOffsetCommitValue` and its parts.
pub mod legacy_offset_commit_value;
/// `ListConfigResourcesRequest` and its parts.
pub mod list_config_resources_request;
/// `ListConfigResourcesResponse` and its parts.
pub mod list_config_resources_response;
/// `ListGroupsRequest` and its parts.
pub mod list_groups_request;
/// `ListGroupsResponse` and its parts.
pub mod list_groups_response;
/// `ListOffsetsRequest` and its parts.
pub mod list_offsets_request;
/// `ListOffsetsResponse` and its parts.
pub mod list_offsets_response;
/// `ListPartitionReassignmentsRequest` and its parts.
pub mod list_partition_reassignments_request;
/// `ListPartitionReassignmentsResponse` and its parts.
pub mod list_partition_reassignments_response;
/// `ListTransactionsRequest` and its parts.
pub mod list_transactions_request;
/// `ListTransactionsResponse` and its parts.
pub mod list_transactions_response;
/// `MetadataRequest` and its parts.
pub mod metadata_request;
/// `MetadataResponse` and its parts.
pub mod metadata_response;
/// `NoOpRecord` and its parts.
pub mod no_op_record;
/// `OffsetCommitKey` and its parts.
pub mod offset_commit_key;
/// `OffsetCommitRequest` and its parts.
pub mod offset_commit_request;
/// `OffsetCommitResponse` and its parts.
pub mod offset_commit_response;
/// `OffsetCommitValue` and its parts.
pub mod offset_commit_value;
/// `OffsetDeleteRequest` and its parts.
pub mod offset_delete_request;
/// `OffsetDeleteResponse` and its parts.
pub mod offset_delete_response;
/// `OffsetFetchRequest` and its parts.
pub mod offset_fetch_request;
/// `OffsetFetchResponse` and its parts.
pub mod offset_fetch_response;
/// `OffsetForLeaderEpochRequest` and its parts.
pub mod offset_for_leader_epoch_request;
/// `OffsetForLeaderEpochResponse` and its parts.
pub mod offset_for_leader_epoch_response;
/// `PartitionChangeRecord` and its parts.
pub mod partition_change_record;
/// `PartitionRecord` and its parts.
pub mod partition_record;
/// `ProduceRequest` and its parts.
pub mod produce_request;
/// `ProduceResponse` and its parts.
pub mod produce_response;
/// `ProducerIdsRecord` and its parts.
pub mod producer_ids_record;
/// `ProducerSnapshot` and its parts.
pub mod producer_snapshot;
/// `PushTelemetryRequest` and its parts.
pub mod push_telemetry_request;
/// `PushTelemetryResponse` and its parts.
pub mod push_telemetry_response;
/// `QuorumStateData` and its parts.
pub mod quorum_state_data;
/// `ReadShareGroupStateRequest` and its parts.
pub mod read_share_group_state_request;
/// `ReadShareGroupStateResponse` and its parts.
pub mod read_share_group_state_response;
/// `ReadShareGroupStateSummaryRequest` and its parts.
pub mod read_share_group_state_summary_request;
/// `ReadShareGroupStateSummaryResponse` and its parts.
pub mod read_share_group_state_summary_response;
pub mod record_sets;
/// `RegisterBrokerRecord` and its parts.
pub mod register_broker_record;
/// `RegisterControllerRecord` and its parts.
pub mod register_controller_record;
/// `RemoteLogSegmentMetadataRecord` and its parts.
pub mod remote_log_segment_metadata_record;
/// `RemoteLogSegmentMetadataSnapshotRecord` and its parts.
pub mod remote_log_segment_metadata_snapshot_record;
/// `RemoteLogSegmentMetadataUpdateRecord` and its parts.
pub mod remote_log_segment_metadata_update_record;
/// `RemotePartitionDeleteMetadataRecord` and its parts.
pub mod remote_partition_delete_metadata_record;
/// `RemoveAccessControlEntryRecord` and its parts.
pub mod remove_access_control_entry_record;
/// `RemoveDelegationTokenRecord` and its parts.
pub mod remove_delegation_token_record;
/// `RemoveRaftVoterRequest` and its parts.
pub mod remove_raft_voter_request;
/// `RemoveRaftVoterResponse` and its parts.
pub mod remove_raft_voter_response;
/// `RemoveTopicRecord` and its parts.
pub mod remove_topic_record;
/// `RemoveUserScramCredentialRecord` and its parts.
pub mod remove_user_scram_credential_record;
/// `RenewDelegationTokenRequest` and its parts.
pub mod renew_delegation_token_request;
/// `RenewDelegationTokenResponse` and its parts.
pub mod renew_delegation_token_response;
/// `RequestHeader` and its parts.
pub mod request_header;
/// `ResponseHeader` and its parts.
pub mod response_header;
/// `SaslAuthenticateRequest` and its parts.
pub mod sasl_authenticate_request;
/// `SaslAuthenticateResponse` and its parts.
pub mod sasl_authenticate_response;
/// `SaslHandshakeRequest` and its parts.
pub mod sasl_handshake_request;
/// `SaslHandshakeResponse` and its parts.
pub mod sasl_handshake_response;
/// `ShareAcknowledgeRequest` and its parts.
pub mod share_acknowledge_request;
/// `ShareAcknowledgeResponse` and its parts.
pub mod share_acknowledge_response;
/// `ShareFetchRequest` and its parts.
pub mod share_fetch_request;
/// `ShareFetchResponse` and its parts.
pub mod share_fetch_response;
/// `ShareGroupCurrentMemberAssignmentKey` and its parts.
pub mod share_group_current_member_assignment_key;
/// `ShareGroupCurrentMemberAssignmentValue` and its parts.
pub mod share_group_current_member_assignment_value;
/// `ShareGroupDescribeRequest` and its parts.
pub mod share_group_describe_request;
/// `ShareGroupDescribeResponse` and its parts.
pub mod share_group_describe_response;
/// `ShareGroupHeartbeatRequest` and its parts.
pub mod share_group_heartbeat_request;
/// `ShareGroupHeartbeatResponse` and its parts.
pub mod share_group_heartbeat_response;
/// `ShareGroupMemberMetadataKey` and its parts.
pub mod share_group_member_metadata_key;
/// `ShareGroupMemberMetadataValue` and its parts.
pub mod share_group_member_metadata_value;
/// `ShareGroupMetadataKey` and its parts.
pub mod share_group_metadata_key;
/// `ShareGroupMetadataValue` and its parts.
pub mod share_group_metadata_value;
/// `ShareGroupStatePartitionMetadataKey` and its parts.
pub mod share_group_state_partition_metadata_key;
/// `ShareGroupStatePartitionMetadataValue` and its parts.
pub mod share_group_state_partition_metadata_value;
/// `ShareGroupTargetAssignmentMemberKey` and its parts.
pub mod share_group_target_assignment_member_key;
/// `ShareGroupTargetAssignmentMemberValue` and its parts.
pub mod share_group_target_assignment_member_value;
/// `ShareGroupTargetAssignmentMetadataKey` and its parts.
pub mod share_group_target_assignment_metadata_key;
/// `ShareGroupTargetAssignmentMetadataValue` and its parts.
pub mod share_group_target_assignment_metadata_value;
/// `ShareSnapshotKey` and its parts.
pub mod share_snapshot_key;
/// `ShareSnapshotValue` and its parts.
pub mod share_snapshot_value;
/// `ShareUpdateKey` and its parts.
pub mod share_update_key;
/// `ShareUpdateValue` and its parts.
pub mod share_update_value;
/// `SnapshotFooterRecord` and its parts.
pub mod snapshot_footer_record;
/// `SnapshotHeaderRecord` and its parts.
pub mod snapshot_header_record;
/// `StreamsGroupCurrentMemberAssignmentKey` and its parts.
pub mod streams_group_current_member_assignment_key;
/// `StreamsGroupCurrentMemberAssignmentValue` and its parts.
pub mod streams_group_current_member_assignment_value;
/// `StreamsGroupDescribeRequest` and its parts.
pub mod streams_group_describe_request;
/// `StreamsGroupDescribeResponse` and its parts.
pub mod streams_group_describe_response;
/// `StreamsGroupHeartbeatRequest` and its parts.
pub mod streams_group_heartbeat_request;
/// `StreamsGroupHeartbeatResponse` and its parts.
pub mod streams_group_heartbeat_response;
/// `StreamsGroupMemberMetadataKey` and its parts.
pub mod streams_group_member_metadata_key;
/// `StreamsGroupMemberMetadataValue` and its parts.
pub mod streams_group_member_metadata_value;
/// `StreamsGroupMetadataKey` and its parts.
pub mod streams_group_metadata_key;
/// `StreamsGroupMetadataValue` and its parts.
pub mod streams_group_metadata_value;
/// `StreamsGroupTargetAssignmentMemberKey` and its parts.
pub mod streams_group_target_assignment_member_key;
/// `StreamsGroupTargetAssignmentMemberValue` and its parts.
pub mod streams_group_target_assignment_member_value;
/// `StreamsGroupTargetAssignmentMetadataKey` and its parts.
pub mod streams_group_target_assignment_metadata_key;
/// `StreamsGroupTargetAssignmentMetadataValue` and its parts.
pub mod streams_group_target_assignment_metadata_value;
/// `StreamsGroupTopologyDescriptionUpdateRequest` and its parts.
pub mod streams_group_topology_description_update_request;
/// `StreamsGroupTopologyDescriptionUpdateResponse` and its parts.
pub mod streams_group_topology_description_update_response;
/// `StreamsGroupTopologyKey` and its parts.
pub mod streams_group_topology_key;
/// `StreamsGroupTopologyValue` and its parts.
pub mod streams_group_topology_value;
/// `SyncGroupRequest` and its parts.
pub mod sync_group_request;
/// `SyncGroupResponse` and its parts.
pub mod sync_group_response;
/// `TopicRecord` and its parts.
pub mod topic_record;
/// `TransactionLogKey` and its parts.
pub mod transaction_log_key;
/// `TransactionLogValue` and its parts.
pub mod transaction_log_value;
/// `TxnOffsetCommitRequest` and its parts.
pub mod txn_offset_commit_request;
/// `TxnOffsetCommitResponse` and its parts.
pub mod txn_offset_commit_response;
/// `UnfenceBrokerRecord` and its parts.
pub mod unfence_broker_record;
/// `UnregisterBrokerRecord` and its parts.
pub mod unregister_broker_record;
/// `UnregisterBrokerRequest` and its parts.
pub mod unregister_broker_request;
/// `UnregisterBrokerResponse` and its parts.
pub mod unregister_broker_response;
/// `UnregisterControllerRecord` and its parts.
pub mod unregister_controller_record;
/// `UnregisterControllerRequest` and its parts.
pub mod unregister_controller_request;
/// `UnregisterControllerResponse` and its parts.
pub mod unregister_controller_response;
/// `UpdateFeaturesRequest` and its parts.
pub mod update_features_request;
/// `UpdateFeaturesResponse` and its parts.
pub mod update_features_response;
/// `UpdateRaftVoterRequest` and its parts.
pub mod update_raft_voter_request;
/// `UpdateRaftVoterResponse` and its parts.
pub mod update_raft_voter_response;
/// `UserScramCredentialRecord` and its parts.
pub mod user_scram_credential_record;
/// `VoteRequest` and its parts.
pub mod vote_request;
/// `VoteResponse` and its parts.
pub mod vote_response;
/// `VotersRecord` and its parts.
pub mod voters_record;
/// `WriteShareGroupStateRequest` and its parts.
pub mod write_share_group_state_request;
/// `WriteShareGroupStateResponse` and its parts.
pub mod write_share_group_state_response;
/// `WriteTxnMarkersRequest` and its parts.
pub mod write_txn_markers_request;
/// `WriteTxnMarkersResponse` and its parts.
pub mod write_txn_markers_response;
/// `ZkMigrationStateRecord` and its parts.
pub mod zk_migration_state_record;

pub use abort_transaction_record::AbortTransactionRecord;
pub use aborted_txn::AbortedTxn;
pub use access_control_entry_record::AccessControlEntryRecord;
pub use add_offsets_to_txn_request::AddOffsetsToTxnRequest;
pub use add_offsets_to_txn_response::AddOffsetsToTxnResponse;
pub use add_partitions_to_txn_request::AddPartitionsToTxnRequest;
pub use add_partitions_to_txn_response::AddPartitionsToTxnResponse;
pub use add_raft_voter_request::AddRaftVoterRequest;
pub use add_raft_voter_response::AddRaftVoterResponse;
pub use allocate_producer_ids_request::AllocateProducerIdsRequest;
pub use allocate_producer_ids_response::AllocateProducerIdsResponse;
pub use alter_client_quotas_request::AlterClientQuotasRequest;
pub use alter_client_quotas_response::AlterClientQuotasResponse;
pub use alter_configs_request::AlterConfigsRequest;
pub use alter_configs_response::AlterConfigsResponse;
pub use alter_partition_reassignments_request::AlterPartitionReassignmentsRequest;
pub use alter_partition_reassignments_response::AlterPartitionReassignmentsResponse;
pub use alter_partition_request::AlterPartitionRequest;
pub use alter_partition_response::AlterPartitionResponse;
pub use alter_replica_log_dirs_request::AlterReplicaLogDirsRequest;
pub use alter_replica_log_dirs_response::AlterReplicaLogDirsResponse;
pub use alter_share_group_offsets_request::AlterShareGroupOffsetsRequest;
pub use alter_share_group_offsets_response::AlterShareGroupOffsetsResponse;
pub use alter_user_scram_credentials_request::AlterUserScramCredentialsRequest;
pub use alter_user_scram_credentials_response::AlterUserScramCredentialsResponse;
pub use api_versions_request::ApiVersionsRequest;
pub use api_versions_response::ApiVersionsResponse;
pub use assign_replicas_to_dirs_request::AssignReplicasToDirsRequest;
pub use assign_replicas_to_dirs_response::AssignReplicasToDirsResponse;
pub use begin_quorum_epoch_request::BeginQuorumEpochRequest;
pub use begin_quorum_epoch_response::BeginQuorumEpochResponse;
pub use begin_transaction_record::BeginTransactionRecord;
pub use broker_heartbeat_request::BrokerHeartbeatRequest;
pub use broker_heartbeat_response::BrokerHeartbeatResponse;
pub use broker_registration_change_record::BrokerRegistrationChangeRecord;
pub use broker_registration_request::BrokerRegistrationRequest;
pub use broker_registration_response::BrokerRegistrationResponse;
pub use clear_elr_record::ClearElrRecord;
pub use client_quota_record::ClientQuotaRecord;
pub use config_record::ConfigRecord;
pub use consumer_group_current_member_assignment_key::ConsumerGroupCurrentMemberAssignmentKey;
pub use consumer_group_current_member_assignment_value::ConsumerGroupCurrentMemberAssignmentValue;
pub use consumer_group_describe_request::ConsumerGroupDescribeRequest;
pub use consumer_group_describe_response::ConsumerGroupDescribeResponse;
pub use consumer_group_heartbeat_request::ConsumerGroupHeartbeatRequest;
pub use consumer_group_heartbeat_response::ConsumerGroupHeartbeatResponse;
pub use consumer_group_member_metadata_key::ConsumerGroupMemberMetadataKey;
pub use consumer_group_member_metadata_value::ConsumerGroupMemberMetadataValue;
pub use consumer_group_metadata_key::ConsumerGroupMetadataKey;
pub use consumer_group_metadata_value::ConsumerGroupMetadataValue;
pub use consumer_group_partition_metadata_key::ConsumerGroupPartitionMetadataKey;
pub use consumer_group_partition_metadata_value::ConsumerGroupPartitionMetadataValue;
pub use consumer_group_regular_expression_key::ConsumerGroupRegularExpressionKey;
pub use consumer_group_regular_expression_value::ConsumerGroupRegularExpressionValue;
pub use consumer_group_target_assignment_member_key::ConsumerGroupTargetAssignmentMemberKey;
pub use consumer_group_target_assignment_member_value::ConsumerGroupTargetAssignmentMemberValue;
pub use consumer_group_target_assignment_metadata_key::ConsumerGroupTargetAssignmentMetadataKey;
pub use consumer_group_target_assignment_metadata_value::ConsumerGroupTargetAssignmentMetadataValue;
pub use consumer_protocol_assignment::ConsumerProtocolAssignment;
pub use consumer_protocol_subscription::ConsumerProtocolSubscription;
pub use control_record_type_schema::ControlRecordTypeSchema;
pub use controller_registration_request::ControllerRegistrationRequest;
pub use controller_registration_response::ControllerRegistrationResponse;
pub use create_acls_request::CreateAclsRequest;
pub use create_acls_response::CreateAclsResponse;
pub use create_delegation_token_request::CreateDelegationTokenRequest;
pub use create_delegation_token_response::CreateDelegationTokenResponse;
pub use create_partitions_request::CreatePartitionsRequest;
pub use create_partitions_response::CreatePartitionsResponse;
pub use create_topics_request::CreateTopicsRequest;
pub use create_topics_response::CreateTopicsResponse;
pub use default_principal_data::DefaultPrincipalData;
pub use delegation_token_record::DelegationTokenRecord;
pub use delete_acls_request::DeleteAclsRequest;
pub use delete_acls_response::DeleteAclsResponse;
pub use delete_groups_request::DeleteGroupsRequest;
pub use delete_groups_response::DeleteGroupsResponse;
pub use delete_records_request::DeleteRecordsRequest;
pub use delete_records_response::DeleteRecordsResponse;
pub use delete_share_group_offsets_request::DeleteShareGroupOffsetsRequest;
pub use delete_share_group_offsets_response::DeleteShareGroupOffsetsResponse;
pub use delete_share_group_state_request::DeleteShareGroupStateRequest;
pub use delete_share_group_state_response::DeleteShareGroupStateResponse;
pub use delete_topics_request::DeleteTopicsRequest;
pub use delete_topics_response::DeleteTopicsResponse;
pub use describe_acls_request::DescribeAclsRequest;
pub use describe_acls_response::DescribeAclsResponse;
pub use describe_client_quotas_request::DescribeClientQuotasRequest;
pub use describe_client_quotas_response::DescribeClientQuotasResponse;
pub use describe_cluster_request::DescribeClusterRequest;
pub use describe_cluster_response::DescribeClusterResponse;
pub use describe_configs_request::DescribeConfigsRequest;
pub use describe_configs_response::DescribeConfigsResponse;
pub use describe_delegation_token_request::DescribeDelegationTokenRequest;
pub use describe_delegation_token_response::DescribeDelegationTokenResponse;
pub use describe_groups_request::DescribeGroupsRequest;
pub use describe_groups_response::DescribeGroupsResponse;
pub use describe_log_dirs_request::DescribeLogDirsRequest;
pub use describe_log_dirs_response::DescribeLogDirsResponse;
pub use describe_producers_request::DescribeProducersRequest;
pub use describe_producers_response::DescribeProducersResponse;
pub use describe_quorum_request::DescribeQuorumRequest;
pub use describe_quorum_response::DescribeQuorumResponse;
pub use describe_share_group_offsets_request::DescribeShareGroupOffsetsRequest;
pub use describe_share_group_offsets_response::DescribeShareGroupOffsetsResponse;
pub use describe_topic_partitions_request::DescribeTopicPartitionsRequest;
pub use describe_topic_partitions_response::DescribeTopicPartitionsResponse;
pub use describe_transactions_request::DescribeTransactionsRequest;
pub use describe_transactions_response::DescribeTransactionsResponse;
pub use describe_user_scram_credentials_request::DescribeUserScramCredentialsRequest;
pub use describe_user_scram_credentials_response::DescribeUserScramCredentialsResponse;
pub use elect_leaders_request::ElectLeadersRequest;
pub use elect_leaders_response::ElectLeadersResponse;
pub use end_quorum_epoch_request::EndQuorumEpochRequest;
pub use end_quorum_epoch_response::EndQuorumEpochResponse;
pub use end_transaction_record::EndTransactionRecord;
pub use end_txn_marker::EndTxnMarker;
pub use end_txn_request::EndTxnRequest;
pub use end_txn_response::EndTxnResponse;
pub use envelope_request::EnvelopeRequest;
pub use envelope_response::EnvelopeResponse;
pub use expire_delegation_token_request::ExpireDelegationTokenRequest;
pub use expire_delegation_token_response::ExpireDelegationTokenResponse;
pub use feature_level_record::FeatureLevelRecord;
pub use fence_broker_record::FenceBrokerRecord;
pub use fetch_request::FetchRequest;
pub use fetch_response::FetchResponse;
pub use fetch_snapshot_request::FetchSnapshotRequest;
pub use fetch_snapshot_response::FetchSnapshotResponse;
pub use find_coordinator_request::FindCoordinatorRequest;
pub use find_coordinator_response::FindCoordinatorResponse;
pub use get_telemetry_subscriptions_request::GetTelemetrySubscriptionsRequest;
pub use get_telemetry_subscriptions_response::GetTelemetrySubscriptionsResponse;
pub use group_metadata_key::GroupMetadataKey;
pub use group_metadata_value::GroupMetadataValue;
pub use heartbeat_request::HeartbeatRequest;
pub use heartbeat_response::HeartbeatResponse;
pub use incremental_alter_configs_request::IncrementalAlterConfigsRequest;
pub use incremental_alter_configs_response::IncrementalAlterConfigsResponse;
pub use init_producer_id_request::InitProducerIdRequest;
pub use init_producer_id_response::InitProducerIdResponse;
pub use initialize_share_group_state_request::InitializeShareGroupStateRequest;
pub use initialize_share_group_state_response::InitializeShareGroupStateResponse;
pub use join_group_request::JoinGroupRequest;
pub use join_group_response::JoinGroupResponse;
pub use k_raft_version_record::KRaftVersionRecord;
pub use leader_change_message::LeaderChangeMessage;
pub use leave_group_request::LeaveGroupRequest;
pub use leave_group_response::LeaveGroupResponse;
pub use legacy_offset_commit_key::LegacyOffsetCommitKey;
pub use legacy_offset_commit_value::LegacyOffsetCommitValue;
pub use list_config_resources_request::ListConfigResourcesRequest;
pub use list_config_resources_response::ListConfigResourcesResponse;
pub use list_groups_request::ListGroupsRequest;
pub use list_groups_response::ListGroupsResponse;
pub use list_offsets_request::ListOffsetsRequest;
pub use list_offsets_response::ListOffsetsResponse;
pub use list_partition_reassignments_request::ListPartitionReassignmentsRequest;
pub use list_partition_reassignments_response::ListPartitionReassignmentsResponse;
pub use list_transactions_request::ListTransactionsRequest;
pub use list_transactions_response::ListTransactionsResponse;
pub use metadata_request::MetadataRequest;
pub use metadata_response::MetadataResponse;
pub use no_op_record::NoOpRecord;
pub use offset_commit_key::OffsetCommitKey;
pub use offset_commit_request::OffsetCommitRequest;
pub use offset_commit_response::OffsetCommitResponse;
pub use offset_commit_value::OffsetCommitValue;
pub use offset_delete_request::OffsetDeleteRequest;
pub use offset_delete_response::OffsetDeleteResponse;
pub use offset_fetch_request::OffsetFetchRequest;
pub use offset_fetch_response::OffsetFetchResponse;
pub use offset_for_leader_epoch_request::OffsetForLeaderEpochRequest;
pub use offset_for_leader_epoch_response::OffsetForLeaderEpochResponse;
pub use partition_change_record::PartitionChangeRecord;
pub use partition_record::PartitionRecord;
pub use produce_request::ProduceRequest;
pub use produce_response::ProduceResponse;
pub use producer_ids_record::ProducerIdsRecord;
pub use producer_snapshot::ProducerSnapshot;
pub use push_telemetry_request::PushTelemetryRequest;
pub use push_telemetry_response::PushTelemetryResponse;
pub use quorum_state_data::QuorumStateData;
pub use read_share_group_state_request::ReadShareGroupStateRequest;
pub use read_share_group_state_response::ReadShareGroupStateResponse;
pub use read_share_group_state_summary_request::ReadShareGroupStateSummaryRequest;
pub use read_share_group_state_summary_response::ReadShareGroupStateSummaryResponse;
pub use register_broker_record::RegisterBrokerRecord;
pub use register_controller_record::RegisterControllerRecord;
pub use remote_log_segment_metadata_record::RemoteLogSegmentMetadataRecord;
pub use remote_log_segment_metadata_snapshot_record::RemoteLogSegmentMetadataSnapshotRecord;
pub use remote_log_segment_metadata_update_record::RemoteLogSegmentMetadataUpdateRecord;
pub use remote_partition_delete_metadata_record::RemotePartitionDeleteMetadataRecord;
pub use remove_access_control_entry_record::RemoveAccessControlEntryRecord;
pub use remove_delegation_token_record::RemoveDelegationTokenRecord;
pub use remove_raft_voter_request::RemoveRaftVoterRequest;
pub use remove_raft_voter_response::RemoveRaftVoterResponse;
pub use remove_topic_record::RemoveTopicRecord;
pub use remove_user_scram_credential_record::RemoveUserScramCredentialRecord;
pub use renew_delegation_token_request::RenewDelegationTokenRequest;
pub use renew_delegation_token_response::RenewDelegationTokenResponse;
pub use request_header::RequestHeader;
pub use response_header::ResponseHeader;
pub use sasl_authenticate_request::SaslAuthenticateRequest;
pub use sasl_authenticate_response::SaslAuthenticateResponse;
pub use sasl_handshake_request::SaslHandshakeRequest;
pub use sasl_handshake_response::SaslHandshakeResponse;
pub use share_acknowledge_request::ShareAcknowledgeRequest;
pub use share_acknowledge_response::ShareAcknowledgeResponse;
pub use share_fetch_request::ShareFetchRequest;
pub use share_fetch_response::ShareFetchResponse;
pub use share_group_current_member_assignment_key::ShareGroupCurrentMemberAssignmentKey;
pub use share_group_current_member_assignment_value::ShareGroupCurrentMemberAssignmentValue;
pub use share_group_describe_request::ShareGroupDescribeRequest;
pub use share_group_describe_response::ShareGroupDescribeResponse;
pub use share_group_heartbeat_request::ShareGroupHeartbeatRequest;
pub use share_group_heartbeat_response::ShareGroupHeartbeatResponse;
pub use share_group_member_metadata_key::ShareGroupMemberMetadataKey;
pub use share_group_member_metadata_value::ShareGroupMemberMetadataValue;
pub use share_group_metadata_key::ShareGroupMetadataKey;
pub use share_group_metadata_value::ShareGroupMetadataValue;
pub use share_group_state_partition_metadata_key::ShareGroupStatePartitionMetadataKey;
pub use share_group_state_partition_metadata_value::ShareGroupStatePartitionMetadataValue;
pub use share_group_target_assignment_member_key::ShareGroupTargetAssignmentMemberKey;
pub use share_group_target_assignment_member_value::ShareGroupTargetAssignmentMemberValue;
pub use share_group_target_assignment_metadata_key::ShareGroupTargetAssignmentMetadataKey;
pub use share_group_target_assignment_metadata_value::ShareGroupTargetAssignmentMetadataValue;
pub use share_snapshot_key::ShareSnapshotKey;
pub use share_snapshot_value::ShareSnapshotValue;
pub use share_update_key::ShareUpdateKey;
pub use share_update_value::ShareUpdateValue;
pub use snapshot_footer_record::SnapshotFooterRecord;
pub use snapshot_header_record::SnapshotHeaderRecord;
pub use streams_group_current_member_assignment_key::StreamsGroupCurrentMemberAssignmentKey;
pub use streams_group_current_member_assignment_value::StreamsGroupCurrentMemberAssignmentValue;
pub use streams_group_describe_request::StreamsGroupDescribeRequest;
pub use streams_group_describe_response::StreamsGroupDescribeResponse;
pub use streams_group_heartbeat_request::StreamsGroupHeartbeatRequest;
pub use streams_group_heartbeat_response::StreamsGroupHeartbeatResponse;
pub use streams_group_member_metadata_key::StreamsGroupMemberMetadataKey;
pub use streams_group_member_metadata_value::StreamsGroupMemberMetadataValue;
pub use streams_group_metadata_key::StreamsGroupMetadataKey;
pub use streams_group_metadata_value::StreamsGroupMetadataValue;
pub use streams_group_target_assignment_member_key::StreamsGroupTargetAssignmentMemberKey;
pub use streams_group_target_assignment_member_value::StreamsGroupTargetAssignmentMemberValue;
pub use streams_group_target_assignment_metadata_key::StreamsGroupTargetAssignmentMetadataKey;
pub use streams_group_target_assignment_metadata_value::StreamsGroupTargetAssignmentMetadataValue;
pub use streams_group_topology_description_update_request::StreamsGroupTopologyDescriptionUpdateRequest;
pub use streams_group_topology_description_update_response::StreamsGroupTopologyDescriptionUpdateResponse;
pub use streams_group_topology_key::StreamsGroupTopologyKey;
pub use streams_group_topology_value::StreamsGroupTopologyValue;
pub use sync_group_request::SyncGroupRequest;
pub use sync_group_response::SyncGroupResponse;
pub use topic_record::TopicRecord;
pub use transaction_log_key::TransactionLogKey;
pub use transaction_log_value::TransactionLogValue;
pub use txn_offset_commit_request::TxnOffsetCommitRequest;
pub use txn_offset_commit_response::TxnOffsetCommitResponse;
pub use unfence_broker_record::UnfenceBrokerRecord;
pub use unregister_broker_record::UnregisterBrokerRecord;
pub use unregister_broker_request::UnregisterBrokerRequest;
pub use unregister_broker_response::UnregisterBrokerResponse;
pub use unregister_controller_record::UnregisterControllerRecord;
pub use unregister_controller_request::UnregisterControllerRequest;
pub use unregister_controller_response::UnregisterControllerResponse;
pub use update_features_request::UpdateFeaturesRequest;
pub use update_features_response::UpdateFeaturesResponse;
pub use update_raft_voter_request::UpdateRaftVoterRequest;
pub use update_raft_voter_response::UpdateRaftVoterResponse;
pub use user_scram_credential_record::UserScramCredentialRecord;
pub use vote_request::VoteRequest;
pub use vote_response::VoteResponse;
pub use voters_record::VotersRecord;
pub use write_share_group_state_request::WriteShareGroupStateRequest;
pub use write_share_group_state_response::WriteShareGroupStateResponse;
pub use write_txn_markers_request::WriteTxnMarkersRequest;
pub use write_txn_markers_response::WriteTxnMarkersResponse;
pub use zk_migration_state_record::ZkMigrationStateRecord;

/// Shows `visitor` every type of message.
#[cfg(feature = "testing")]
pub fn each_message(visitor: &mut impl crate::testing::Visitor) {
    visitor.visit::<AbortTransactionRecord>();
    visitor.visit::<AbortedTxn>();
    visitor.visit::<AccessControlEntryRecord>();
    visitor.visit::<AddOffsetsToTxnRequest>();
    visitor.visit::<AddOffsetsToTxnResponse>();
    visitor.visit::<AddPartitionsToTxnRequest>();
    visitor.visit::<AddPartitionsToTxnResponse>();
    visitor.visit::<AddRaftVoterRequest>();
    visitor.visit::<AddRaftVoterResponse>();
    visitor.visit::<AllocateProducerIdsRequest>();
    visitor.visit::<AllocateProducerIdsResponse>();
    visitor.visit::<AlterClientQuotasRequest>();
    visitor.visit::<AlterClientQuotasResponse>();
    visitor.visit::<AlterConfigsRequest>();
    visitor.visit::<AlterConfigsResponse>();
    visitor.visit::<AlterPartitionReassignmentsRequest>();
    visitor.visit::<AlterPartitionReassignmentsResponse>();
    visitor.visit::<AlterPartitionRequest>();
    visitor.visit::<AlterPartitionResponse>();
    visitor.visit::<AlterReplicaLogDirsRequest>();
    visitor.visit::<AlterReplicaLogDirsResponse>();
    visitor.visit::<AlterShareGroupOffsetsRequest>();
    visitor.visit::<AlterShareGroupOffsetsResponse>();
    visitor.visit::<AlterUserScramCredentialsRequest>();
    visitor.visit::<AlterUserScramCredentialsResponse>();
    visitor.visit::<ApiVersionsRequest>();
    visitor.visit::<ApiVersionsResponse>();
    visitor.visit::<AssignReplicasToDirsRequest>();
    visitor.visit::<AssignReplicasToDirsResponse>();
    visitor.visit::<BeginQuorumEpochRequest>();
    visitor.visit::<BeginQuorumEpochResponse>();
    visitor.visit::<BeginTransactionRecord>();
    visitor.visit::<BrokerHeartbeatRequest>();
    visitor.visit::<BrokerHeartbeatResponse>();
    visitor.visit::<BrokerRegistrationChangeRecord>();
    visitor.visit::<BrokerRegistrationRequest>();
    visitor.visit::<BrokerRegistrationResponse>();
    visitor.visit::<ClearElrRecord>();
    visitor.visit::<ClientQuotaRecord>();
    visitor.visit::<ConfigRecord>();
    visitor.visit::<ConsumerGroupCurrentMemberAssignmentKey>();
    visitor.visit::<ConsumerGroupCurrentMemberAssignmentValue>();
    visitor.visit::<ConsumerGroupDescribeRequest>();
    visitor.visit::<ConsumerGroupDescribeResponse>();
    visitor.visit::<ConsumerGroupHeartbeatRequest>();
    visitor.visit::<ConsumerGroupHeartbeatResponse>();
    visitor.visit::<ConsumerGroupMemberMetadataKey>();
    visitor.visit::<ConsumerGroupMemberMetadataValue>();
    visitor.visit::<ConsumerGroupMetadataKey>();
    visitor.visit::<ConsumerGroupMetadataValue>();
    visitor.visit::<ConsumerGroupPartitionMetadataKey>();
    visitor.visit::<ConsumerGroupPartitionMetadataValue>();
    visitor.visit::<ConsumerGroupRegularExpressionKey>();
    visitor.visit::<ConsumerGroupRegularExpressionValue>();
    visitor.visit::<ConsumerGroupTargetAssignmentMemberKey>();
    visitor.visit::<ConsumerGroupTargetAssignmentMemberValue>();
    visitor.visit::<ConsumerGroupTargetAssignmentMetadataKey>();
    visitor.visit::<ConsumerGroupTargetAssignmentMetadataValue>();
    visitor.visit::<ConsumerProtocolAssignment>();
    visitor.visit::<ConsumerProtocolSubscription>();
    visitor.visit::<ControlRecordTypeSchema>();
    visitor.visit::<ControllerRegistrationRequest>();
    visitor.visit::<ControllerRegistrationResponse>();
    visitor.visit::<CreateAclsRequest>();
    visitor.visit::<CreateAclsResponse>();
    visitor.visit::<CreateDelegationTokenRequest>();
    visitor.visit::<CreateDelegationTokenResponse>();
    visitor.visit::<CreatePartitionsRequest>();
    visitor.visit::<CreatePartitionsResponse>();
    visitor.visit::<CreateTopicsRequest>();
    visitor.visit::<CreateTopicsResponse>();
    visitor.visit::<DefaultPrincipalData>();
    visitor.visit::<DelegationTokenRecord>();
    visitor.visit::<DeleteAclsRequest>();
    visitor.visit::<DeleteAclsResponse>();
    visitor.visit::<DeleteGroupsRequest>();
    visitor.visit::<DeleteGroupsResponse>();
    visitor.visit::<DeleteRecordsRequest>();
    visitor.visit::<DeleteRecordsResponse>();
    visitor.visit::<DeleteShareGroupOffsetsRequest>();
    visitor.visit::<DeleteShareGroupOffsetsResponse>();
    visitor.visit::<DeleteShareGroupStateRequest>();
    visitor.visit::<DeleteShareGroupStateResponse>();
    visitor.visit::<DeleteTopicsRequest>();
    visitor.visit::<DeleteTopicsResponse>();
    visitor.visit::<DescribeAclsRequest>();
    visitor.visit::<DescribeAclsResponse>();
    visitor.visit::<DescribeClientQuotasRequest>();
    visitor.visit::<DescribeClientQuotasResponse>();
    visitor.visit::<DescribeClusterRequest>();
    visitor.visit::<DescribeClusterResponse>();
    visitor.visit::<DescribeConfigsRequest>();
    visitor.visit::<DescribeConfigsResponse>();
    visitor.visit::<DescribeDelegationTokenRequest>();
    visitor.visit::<DescribeDelegationTokenResponse>();
    visitor.visit::<DescribeGroupsRequest>();
    visitor.visit::<DescribeGroupsResponse>();
    visitor.visit::<DescribeLogDirsRequest>();
    visitor.visit::<DescribeLogDirsResponse>();
    visitor.visit::<DescribeProducersRequest>();
    visitor.visit::<DescribeProducersResponse>();
    visitor.visit::<DescribeQuorumRequest>();
    visitor.visit::<DescribeQuorumResponse>();
    visitor.visit::<DescribeShareGroupOffsetsRequest>();
    visitor.visit::<DescribeShareGroupOffsetsResponse>();
    visitor.visit::<DescribeTopicPartitionsRequest>();
    visitor.visit::<DescribeTopicPartitionsResponse>();
    visitor.visit::<DescribeTransactionsRequest>();
    visitor.visit::<DescribeTransactionsResponse>();
    visitor.visit::<DescribeUserScramCredentialsRequest>();
    visitor.visit::<DescribeUserScramCredentialsResponse>();
    visitor.visit::<ElectLeadersRequest>();
    visitor.visit::<ElectLeadersResponse>();
    visitor.visit::<EndQuorumEpochRequest>();
    visitor.visit::<EndQuorumEpochResponse>();
    visitor.visit::<EndTransactionRecord>();
    visitor.visit::<EndTxnMarker>();
    visitor.visit::<EndTxnRequest>();
    visitor.visit::<EndTxnResponse>();
    visitor.visit::<EnvelopeRequest>();
    visitor.visit::<EnvelopeResponse>();
    visitor.visit::<ExpireDelegationTokenRequest>();
    visitor.visit::<ExpireDelegationTokenResponse>();
    visitor.visit::<FeatureLevelRecord>();
    visitor.visit::<FenceBrokerRecord>();
    visitor.visit::<FetchRequest>();
    visitor.visit::<FetchResponse>();
    visitor.visit::<FetchSnapshotRequest>();
    visitor.visit::<FetchSnapshotResponse>();
    visitor.visit::<FindCoordinatorRequest>();
    visitor.visit::<FindCoordinatorResponse>();
    visitor.visit::<GetTelemetrySubscriptionsRequest>();
    visitor.visit::<GetTelemetrySubscriptionsResponse>();
    visitor.visit::<GroupMetadataKey>();
    visitor.visit::<GroupMetadataValue>();
    visitor.visit::<HeartbeatRequest>();
    visitor.visit::<HeartbeatResponse>();
    visitor.visit::<IncrementalAlterConfigsRequest>();
    visitor.visit::<IncrementalAlterConfigsResponse>();
    visitor.visit::<InitProducerIdRequest>();
    visitor.visit::<InitProducerIdResponse>();
    visitor.visit::<InitializeShareGroupStateRequest>();
    visitor.visit::<InitializeShareGroupStateResponse>();
    visitor.visit::<JoinGroupRequest>();
    visitor.visit::<JoinGroupResponse>();
    visitor.visit::<KRaftVersionRecord>();
    visitor.visit::<LeaderChangeMessage>();
    visitor.visit::<LeaveGroupRequest>();
    visitor.visit::<LeaveGroupResponse>();
    visitor.visit::<LegacyOffsetCommitKey>();
    visitor.visit::<LegacyOffsetCommitValue>();
    visitor.visit::<ListConfigResourcesRequest>();
    visitor.visit::<ListConfigResourcesResponse>();
    visitor.visit::<ListGroupsRequest>();
    visitor.visit::<ListGroupsResponse>();
    visitor.visit::<ListOffsetsRequest>();
    visitor.visit::<ListOffsetsResponse>();
    visitor.visit::<ListPartitionReassignmentsRequest>();
    visitor.visit::<ListPartitionReassignmentsResponse>();
    visitor.visit::<ListTransactionsRequest>();
    visitor.visit::<ListTransactionsResponse>();
    visitor.visit::<MetadataRequest>();
    visitor.visit::<MetadataResponse>();
    visitor.visit::<NoOpRecord>();
    visitor.visit::<OffsetCommitKey>();
    visitor.visit::<OffsetCommitRequest>();
    visitor.visit::<OffsetCommitResponse>();
    visitor.visit::<OffsetCommitValue>();
    visitor.visit::<OffsetDeleteRequest>();
    visitor.visit::<OffsetDeleteResponse>();
    visitor.visit::<OffsetFetchRequest>();
    visitor.visit::<OffsetFetchResponse>();
    visitor.visit::<OffsetForLeaderEpochRequest>();
    visitor.visit::<OffsetForLeaderEpochResponse>();
    visitor.visit::<PartitionChangeRecord>();
    visitor.visit::<PartitionRecord>();
    visitor.visit::<ProduceRequest>();
    visitor.visit::<ProduceResponse>();
    visitor.visit::<ProducerIdsRecord>();
    visitor.visit::<ProducerSnapshot>();
    visitor.visit::<PushTelemetryRequest>();
    visitor.visit::<PushTelemetryResponse>();
    visitor.visit::<QuorumStateData>();
    visitor.visit::<ReadShareGroupStateRequest>();
    visitor.visit::<ReadShareGroupStateResponse>();
    visitor.visit::<ReadShareGroupStateSummaryRequest>();
    visitor.visit::<ReadShareGroupStateSummaryResponse>();
    visitor.visit::<RegisterBrokerRecord>();
    visitor.visit::<RegisterControllerRecord>();
    visitor.visit::<RemoteLogSegmentMetadataRecord>();
    visitor.visit::<RemoteLogSegmentMetadataSnapshotRecord>();
    visitor.visit::<RemoteLogSegmentMetadataUpdateRecord>();
    visitor.visit::<RemotePartitionDeleteMetadataRecord>();
    visitor.visit::<RemoveAccessControlEntryRecord>();
    visitor.visit::<RemoveDelegationTokenRecord>();
    visitor.visit::<RemoveRaftVoterRequest>();
    visitor.visit::<RemoveRaftVoterResponse>();
    visitor.visit::<RemoveTopicRecord>();
    visitor.visit::<RemoveUserScramCredentialRecord>();
    visitor.visit::<RenewDelegationTokenRequest>();
    visitor.visit::<RenewDelegationTokenResponse>();
    visitor.visit::<RequestHeader>();
    visitor.visit::<ResponseHeader>();
    visitor.visit::<SaslAuthenticateRequest>();
    visitor.visit::<SaslAuthenticateResponse>();
    visitor.visit::<SaslHandshakeRequest>();
    visitor.visit::<SaslHandshakeResponse>();
    visitor.visit::<ShareAcknowledgeRequest>();
    visitor.visit::<ShareAcknowledgeResponse>();
    visitor.visit::<ShareFetchRequest>();
    visitor.visit::<ShareFetchResponse>();
    visitor.visit::<ShareGroupCurrentMemberAssignmentKey>();
    visitor.visit::<ShareGroupCurrentMemberAssignmentValue>();
    visitor.visit::<ShareGroupDescribeRequest>();
    visitor.visit::<ShareGroupDescribeResponse>();
    visitor.visit::<ShareGroupHeartbeatRequest>();
    visitor.visit::<ShareGroupHeartbeatResponse>();
    visitor.visit::<ShareGroupMemberMetadataKey>();
    visitor.visit::<ShareGroupMemberMetadataValue>();
    visitor.visit::<ShareGroupMetadataKey>();
    visitor.visit::<ShareGroupMetadataValue>();
    visitor.visit::<ShareGroupStatePartitionMetadataKey>();
    visitor.visit::<ShareGroupStatePartitionMetadataValue>();
    visitor.visit::<ShareGroupTargetAssignmentMemberKey>();
    visitor.visit::<ShareGroupTargetAssignmentMemberValue>();
    visitor.visit::<ShareGroupTargetAssignmentMetadataKey>();
    visitor.visit::<ShareGroupTargetAssignmentMetadataValue>();
    visitor.visit::<ShareSnapshotKey>();
    visitor.visit::<ShareSnapshotValue>();
    visitor.visit::<ShareUpdateKey>();
    visitor.visit::<ShareUpdateValue>();
    visitor.visit::<SnapshotFooterRecord>();
    visitor.visit::<SnapshotHeaderRecord>();
    visitor.visit::<StreamsGroupCurrentMemberAssignmentKey>();
    visitor.visit::<StreamsGroupCurrentMemberAssignmentValue>();
    visitor.visit::<StreamsGroupDescribeRequest>();
    visitor.visit::<StreamsGroupDescribeResponse>();
    visitor.visit::<StreamsGroupHeartbeatRequest>();
    visitor.visit::<StreamsGroupHeartbeatResponse>();
    visitor.visit::<StreamsGroupMemberMetadataKey>();
    visitor.visit::<StreamsGroupMemberMetadataValue>();
    visitor.visit::<StreamsGroupMetadataKey>();
    visitor.visit::<StreamsGroupMetadataValue>();
    visitor.visit::<StreamsGroupTargetAssignmentMemberKey>();
    visitor.visit::<StreamsGroupTargetAssignmentMemberValue>();
    visitor.visit::<StreamsGroupTargetAssignmentMetadataKey>();
    visitor.visit::<StreamsGroupTargetAssignmentMetadataValue>();
    visitor.visit::<StreamsGroupTopologyDescriptionUpdateRequest>();
    visitor.visit::<StreamsGroupTopologyDescriptionUpdateResponse>();
    visitor.visit::<StreamsGroupTopologyKey>();
    visitor.visit::<StreamsGroupTopologyValue>();
    visitor.visit::<SyncGroupRequest>();
    visitor.visit::<SyncGroupResponse>();
    visitor.visit::<TopicRecord>();
    visitor.visit::<TransactionLogKey>();
    visitor.visit::<TransactionLogValue>();
    visitor.visit::<TxnOffsetCommitRequest>();
    visitor.visit::<TxnOffsetCommitResponse>();
    visitor.visit::<UnfenceBrokerRecord>();
    visitor.visit::<UnregisterBrokerRecord>();
    visitor.visit::<UnregisterBrokerRequest>();
    visitor.visit::<UnregisterBrokerResponse>();
    visitor.visit::<UnregisterControllerRecord>();
    visitor.visit::<UnregisterControllerRequest>();
    visitor.visit::<UnregisterControllerResponse>();
    visitor.visit::<UpdateFeaturesRequest>();
    visitor.visit::<UpdateFeaturesResponse>();
    visitor.visit::<UpdateRaftVoterRequest>();
    visitor.visit::<UpdateRaftVoterResponse>();
    visitor.visit::<UserScramCredentialRecord>();
    visitor.visit::<VoteRequest>();
    visitor.visit::<VoteResponse>();
    visitor.visit::<VotersRecord>();
    visitor.visit::<WriteShareGroupStateRequest>();
    visitor.visit::<WriteShareGroupStateResponse>();
    visitor.visit::<WriteTxnMarkersRequest>();
    visitor.visit::<WriteTxnMarkersResponse>();
    visitor.visit::<ZkMigrationStateRecord>();
}
