//! Requests as they come in. What a request cannot say in its version is `None`.

use std::time::Duration;

use klamm_model::{LeaderEpoch, NodeId, Offset};
use klamm_protocol::messages as wire;
use klamm_raft::{
    AckWhen, AddVoterRequest, ApiKind, BeginQuorumEpochRequest, EndQuorumEpochRequest, FetchRequest,
    FetchSnapshotRequest, RemoveVoterRequest, ReplicaKey, Request, RequestBody, UpdateVoterRequest,
    VersionRange, VoteKind, VoteRequest,
};

use super::{PARTITION, TOPIC, TOPIC_ID, endpoint, key, malformed, position, request};

/// The first version of Fetch that has the replica's state instead of its id.
const FETCH_WITH_REPLICA_STATE: i16 = 15;

/// A request of the quorum's APIs.
pub trait FromWire {
    /// What it asks, sent in `version`.
    fn to_quorum(&self, version: i16) -> Request;
}

/// The one partition of a request, if it names just the metadata partition.
macro_rules! only_partition {
    ($topics:expr, $name:ident, $index:ident) => {
        match $topics.as_slice() {
            [topic] if topic.$name == TOPIC => match topic.partitions.as_slice() {
                [partition] if partition.$index == PARTITION => Some(partition),
                _ => None,
            },
            _ => None,
        }
    };
}

impl FromWire for wire::VoteRequest {
    fn to_quorum(&self, _: i16) -> Request {
        let cluster = self.cluster_id.as_ref();
        let Some(asked) = only_partition!(self.topics, topic_name, partition_index) else {
            return malformed(cluster, ApiKind::Vote);
        };
        let vote = VoteRequest {
            voter: key(self.voter_id, asked.voter_directory_id),
            candidate: key(asked.replica_id, asked.replica_directory_id),
            epoch: LeaderEpoch::new(asked.replica_epoch),
            last: position(asked.last_offset, asked.last_offset_epoch),
            kind: if asked.pre_vote { VoteKind::PreVote } else { VoteKind::Vote },
        };
        request(cluster, RequestBody::Vote(vote))
    }
}

impl FromWire for wire::BeginQuorumEpochRequest {
    fn to_quorum(&self, _: i16) -> Request {
        let cluster = self.cluster_id.as_ref();
        let Some(asked) = only_partition!(self.topics, topic_name, partition_index) else {
            return malformed(cluster, ApiKind::BeginQuorumEpoch);
        };
        let endpoints = self.leader_endpoints.iter();
        let begin = BeginQuorumEpochRequest {
            voter: key(self.voter_id, asked.voter_directory_id),
            leader: NodeId::new(asked.leader_id),
            epoch: LeaderEpoch::new(asked.leader_epoch),
            endpoints: endpoints.map(|at| endpoint(&at.name, &at.host, at.port)).collect(),
        };
        request(cluster, RequestBody::BeginQuorumEpoch(begin))
    }
}

impl FromWire for wire::EndQuorumEpochRequest {
    fn to_quorum(&self, version: i16) -> Request {
        let cluster = self.cluster_id.as_ref();
        let Some(asked) = only_partition!(self.topics, topic_name, partition_index) else {
            return malformed(cluster, ApiKind::EndQuorumEpoch);
        };
        let successors = if version == 0 {
            let ids = asked.preferred_successors.iter().filter_map(|id| NodeId::new(*id));
            ids.map(ReplicaKey::without_directory).collect()
        } else {
            let candidates = asked.preferred_candidates.iter();
            candidates.filter_map(|one| key(one.candidate_id, one.candidate_directory_id)).collect()
        };
        let endpoints = self.leader_endpoints.iter();
        let end = EndQuorumEpochRequest {
            leader: NodeId::new(asked.leader_id),
            epoch: LeaderEpoch::new(asked.leader_epoch),
            successors,
            endpoints: endpoints.map(|at| endpoint(&at.name, &at.host, at.port)).collect(),
        };
        request(cluster, RequestBody::EndQuorumEpoch(end))
    }
}

impl FromWire for wire::FetchRequest {
    fn to_quorum(&self, version: i16) -> Request {
        let cluster = self.cluster_id.as_ref();
        let asked = match self.topics.as_slice() {
            [topic] if topic.topic_id == TOPIC_ID => match topic.partitions.as_slice() {
                [partition] if partition.partition == PARTITION => partition,
                _ => return malformed(cluster, ApiKind::Fetch),
            },
            _ => return malformed(cluster, ApiKind::Fetch),
        };
        let replica =
            if version >= FETCH_WITH_REPLICA_STATE { self.replica_state.replica_id } else { self.replica_id };
        let fetch = FetchRequest {
            replica: key(replica, asked.replica_directory_id),
            epoch: LeaderEpoch::new(asked.current_leader_epoch),
            position: position(asked.fetch_offset, asked.last_fetched_epoch),
            high_watermark: Offset::new(asked.high_watermark),
            max_bytes: u32::try_from(self.max_bytes).unwrap_or(0),
            max_wait: u64::try_from(self.max_wait_ms).ok().map(Duration::from_millis),
        };
        request(cluster, RequestBody::Fetch(fetch))
    }
}

impl FromWire for wire::FetchSnapshotRequest {
    fn to_quorum(&self, _: i16) -> Request {
        let cluster = self.cluster_id.as_ref();
        let [topic] = self.topics.as_slice() else { return malformed(cluster, ApiKind::FetchSnapshot) };
        let [asked] = topic.partitions.as_slice() else {
            return malformed(cluster, ApiKind::FetchSnapshot);
        };
        if topic.name != TOPIC || asked.partition != PARTITION {
            return request(cluster, RequestBody::OtherPartition(ApiKind::FetchSnapshot));
        }
        let fetch = FetchSnapshotRequest {
            replica: key(self.replica_id, asked.replica_directory_id),
            epoch: LeaderEpoch::new(asked.current_leader_epoch),
            snapshot: position(asked.snapshot_id.end_offset, asked.snapshot_id.epoch),
            position: u64::try_from(asked.position).ok(),
            max_bytes: u32::try_from(self.max_bytes).unwrap_or(0),
        };
        request(cluster, RequestBody::FetchSnapshot(fetch))
    }
}

impl FromWire for wire::AddRaftVoterRequest {
    fn to_quorum(&self, _: i16) -> Request {
        let endpoints = self.listeners.iter();
        let add = AddVoterRequest {
            voter: key(self.voter_id, self.voter_directory_id),
            endpoints: endpoints.map(|at| endpoint(&at.name, &at.host, at.port)).collect(),
            ack: if self.ack_when_committed { AckWhen::Committed } else { AckWhen::Appended },
        };
        request(self.cluster_id.as_ref(), RequestBody::AddVoter(add))
    }
}

impl FromWire for wire::RemoveRaftVoterRequest {
    fn to_quorum(&self, _: i16) -> Request {
        let remove = RemoveVoterRequest { voter: key(self.voter_id, self.voter_directory_id) };
        request(self.cluster_id.as_ref(), RequestBody::RemoveVoter(remove))
    }
}

impl FromWire for wire::UpdateRaftVoterRequest {
    fn to_quorum(&self, _: i16) -> Request {
        let endpoints = self.listeners.iter();
        let versions = &self.k_raft_version_feature;
        let update = UpdateVoterRequest {
            epoch: LeaderEpoch::new(self.current_leader_epoch),
            voter: key(self.voter_id, self.voter_directory_id),
            endpoints: endpoints.map(|at| endpoint(&at.name, &at.host, at.port)).collect(),
            kraft_versions: VersionRange::new(versions.min_supported_version, versions.max_supported_version),
        };
        request(self.cluster_id.as_ref(), RequestBody::UpdateVoter(update))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_for_anything_but_the_metadata_partition_is_malformed() {
        let vote = wire::VoteRequest::default().to_quorum(2);
        assert_eq!(vote.body, RequestBody::Malformed(ApiKind::Vote));
        let mut fetch = wire::FetchRequest::default();
        fetch.topics.push(wire::fetch_request::FetchTopic::default());
        assert_eq!(fetch.to_quorum(17).body, RequestBody::Malformed(ApiKind::Fetch));
    }

    #[test]
    fn another_partitions_snapshot_is_not_malformed_but_unknown() {
        let mut fetch = wire::FetchSnapshotRequest::default();
        let mut topic = wire::fetch_snapshot_request::TopicSnapshot::default();
        topic.partitions.push(wire::fetch_snapshot_request::PartitionSnapshot::default());
        fetch.topics.push(topic);
        assert_eq!(fetch.to_quorum(1).body, RequestBody::OtherPartition(ApiKind::FetchSnapshot));
    }
}
