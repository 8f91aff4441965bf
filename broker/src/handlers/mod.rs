//! One file per API; this one is the table, without logic. A handler turns a decoded request into a
//! response; the state it needs is in [`crate::node::Node`].

pub mod api_versions;
mod auto_create;
mod broker_loggers;
pub mod call;
mod configs;
mod controller_requests;
mod delete_records;
mod describe_cluster;
mod describe_quorum;
mod describe_topic_partitions;
mod envelope;
pub mod errors;
pub mod fetch;
mod find_coordinator;
mod forward;
mod groups;
pub mod heartbeat;
pub mod init_producer_id;
mod list_offsets;
mod log_dirs;
mod metadata;
mod offset_for_leader_epoch;
mod offsets;
mod operations;
pub mod produce;
mod quorum;
pub mod session;
mod unserved;
pub mod versions;
mod voters;

use call::{Call, later, now};
use forward::decided;
use klamm_protocol::messages as m;
use klamm_protocol::{ApiKey, Reader};

use crate::net::reply::Started;
use versions::Serves;

/// Starts the handler of a request that this listener serves, or refuses one that it serves later.
fn serve(call: Call, body: Reader) -> Started {
    use controller_requests as ask;
    match call.key {
        ApiKey::Produce => produce::serve(call, body),
        ApiKey::Fetch if call.peer.listener.serves == Serves::Controller => {
            quorum::serve::<m::FetchRequest>(call, body)
        }
        ApiKey::Fetch => fetch::serve(call, body),
        ApiKey::ListOffsets => later(call, body, list_offsets::handle),
        ApiKey::Metadata => later(call, body, metadata::handle),
        ApiKey::OffsetCommit => later(call, body, offsets::commit),
        ApiKey::OffsetFetch => later(call, body, offsets::fetch),
        ApiKey::FindCoordinator => later(call, body, find_coordinator::handle),
        ApiKey::JoinGroup => later(call, body, groups::join),
        ApiKey::Heartbeat => later(call, body, groups::heartbeat),
        ApiKey::LeaveGroup => later(call, body, groups::leave),
        ApiKey::SyncGroup => later(call, body, groups::sync),
        ApiKey::DescribeGroups => later(call, body, groups::describe),
        ApiKey::ListGroups => later(call, body, groups::list),
        ApiKey::ApiVersions => api_versions::serve(call, body),
        ApiKey::CreateTopics => later(call, body, ask::create_topics),
        ApiKey::DeleteTopics => later(call, body, ask::delete_topics),
        ApiKey::DeleteRecords => later(call, body, delete_records::handle),
        ApiKey::InitProducerId => later(call, body, init_producer_id::handle),
        ApiKey::OffsetForLeaderEpoch => later(call, body, offset_for_leader_epoch::handle),
        ApiKey::DescribeConfigs => now(call, body, configs::describe),
        ApiKey::AlterConfigs => later(call, body, configs::alter),
        ApiKey::AlterReplicaLogDirs => now(call, body, log_dirs::alter_replica_log_dirs),
        ApiKey::DescribeLogDirs => later(call, body, log_dirs::describe_log_dirs),
        ApiKey::CreatePartitions => later(call, body, ask::create_partitions),
        ApiKey::ElectLeaders => later(call, body, ask::elect_leaders),
        ApiKey::IncrementalAlterConfigs => later(call, body, configs::incremental_alter),
        ApiKey::AlterPartitionReassignments => later(call, body, ask::alter_reassignments),
        ApiKey::ListPartitionReassignments => later(call, body, ask::list_reassignments),
        ApiKey::DeleteGroups => later(call, body, groups::delete),
        ApiKey::OffsetDelete => later(call, body, offsets::delete),
        ApiKey::DescribeQuorum => later(call, body, describe_quorum::handle),
        ApiKey::UpdateFeatures => later(call, body, ask::update_features),
        ApiKey::DescribeCluster => now(call, body, describe_cluster::handle),
        ApiKey::DescribeProducers => later(call, body, log_dirs::describe_producers),
        ApiKey::ListConfigResources => now(call, body, configs::list),
        ApiKey::DescribeTopicPartitions => now(call, body, describe_topic_partitions::handle),
        ApiKey::Vote => quorum::serve::<m::VoteRequest>(call, body),
        ApiKey::BeginQuorumEpoch => quorum::serve::<m::BeginQuorumEpochRequest>(call, body),
        ApiKey::EndQuorumEpoch => quorum::serve::<m::EndQuorumEpochRequest>(call, body),
        ApiKey::FetchSnapshot => quorum::serve::<m::FetchSnapshotRequest>(call, body),
        ApiKey::UpdateRaftVoter => quorum::serve::<m::UpdateRaftVoterRequest>(call, body),
        ApiKey::AddRaftVoter => later(call, body, voters::add),
        ApiKey::RemoveRaftVoter => later(call, body, voters::remove),
        ApiKey::Envelope => envelope::serve(call, body),
        ApiKey::AlterPartition => later(call, body, decided::<m::AlterPartitionRequest>),
        ApiKey::BrokerRegistration => later(call, body, decided::<m::BrokerRegistrationRequest>),
        ApiKey::BrokerHeartbeat => later(call, body, heartbeat::handle),
        ApiKey::UnregisterBroker => later(call, body, decided::<m::UnregisterBrokerRequest>),
        ApiKey::AllocateProducerIds => later(call, body, decided::<m::AllocateProducerIdsRequest>),
        ApiKey::ControllerRegistration => later(call, body, decided::<m::ControllerRegistrationRequest>),
        ApiKey::AssignReplicasToDirs => later(call, body, decided::<m::AssignReplicasToDirsRequest>),
        ApiKey::UnregisterController => later(call, body, decided::<m::UnregisterControllerRequest>),
        _ => unserved::answer(call, body),
    }
}
