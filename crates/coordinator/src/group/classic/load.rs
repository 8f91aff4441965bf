//! A classic group as the log has it, and back.

use std::collections::BTreeSet;

use klamm_model::Timestamp;
use klamm_protocol::messages::GroupMetadataValue;
use klamm_protocol::messages::group_metadata_value::MemberMetadata;
use klamm_protocol::messages::join_group_response::JoinGroupResponseMember;

use super::{ClassicGroup, Member, Members, Phase, Protocol};

impl ClassicGroup {
    /// The group that a record describes: stable, or empty. A member offers what the record knows, the
    /// protocol that won.
    pub(crate) fn from_record(value: &GroupMetadataValue) -> ClassicGroup {
        let mut members = Members::default();
        for stored in &value.members {
            let member = member_from_record(value, stored);
            // A log that names a member or a static place twice is not Kafka's: the first one counts.
            let place_taken =
                member.instance_id.as_ref().is_some_and(|place| members.static_member(place).is_some());
            if !members.contains(&member.id) && !place_taken {
                members.insert(member);
            }
        }
        let protocol_type = Some(value.protocol_type.detached()).filter(|name| !name.is_empty());
        let mut group = ClassicGroup {
            phase: if members.is_empty() { Phase::Empty } else { Phase::Stable },
            since: Some(value.current_state_timestamp).filter(|at| *at != -1).map(Timestamp::from_millis),
            generation: value.generation,
            protocol_type,
            protocol_name: value.protocol.as_ref().map(klamm_protocol::Str::detached),
            leader: value.leader.as_ref().map(klamm_protocol::Str::detached),
            members,
            pending_join: BTreeSet::new(),
            pending_sync: BTreeSet::new(),
            subscribed_topics: None,
        };
        if group.leader.is_none() {
            group.leader = group.members.in_kafka_order().first().map(|member| member.id.clone());
        }
        group.subscribed_topics = group.read_subscriptions();
        group
    }

    /// The record that describes the group as it stands.
    pub(crate) fn to_record(&self) -> GroupMetadataValue {
        let protocol = self.protocol_name.as_deref().unwrap_or_default();
        let stored = |member: &Member| MemberMetadata {
            member_id: member.id.clone(),
            group_instance_id: member.instance_id.clone(),
            client_id: member.client_id.clone(),
            client_host: member.client_host.clone(),
            rebalance_timeout: member.rebalance_timeout_ms,
            session_timeout: member.session_timeout_ms,
            subscription: member.metadata(protocol),
            assignment: member.assignment.clone(),
            ..MemberMetadata::default()
        };
        GroupMetadataValue {
            protocol_type: self.protocol_type.clone().unwrap_or_default(),
            generation: self.generation,
            protocol: self.protocol_name.clone(),
            leader: self.leader.clone(),
            current_state_timestamp: self.since.map_or(-1, Timestamp::as_millis),
            members: self.members.in_kafka_order().into_iter().map(stored).collect(),
            ..GroupMetadataValue::default()
        }
    }

    /// The members as the leader's JoinGroup answer lists them.
    pub(super) fn join_response_members(&self) -> Vec<JoinGroupResponseMember> {
        let protocol = self.protocol_name.as_deref().unwrap_or_default();
        let listed = |member: &Member| JoinGroupResponseMember {
            member_id: member.id.clone(),
            group_instance_id: member.instance_id.clone(),
            metadata: member.metadata(protocol),
            ..JoinGroupResponseMember::default()
        };
        self.members.in_kafka_order().into_iter().map(listed).collect()
    }
}

fn member_from_record(value: &GroupMetadataValue, stored: &MemberMetadata) -> Member {
    // Value version 0 has no rebalance time-out.
    let rebalance_timeout_ms = match stored.rebalance_timeout {
        -1 => stored.session_timeout,
        known => known,
    };
    let offered = value.protocol.iter().map(|name| Protocol {
        name: name.detached(),
        metadata: bytes::Bytes::copy_from_slice(&stored.subscription),
    });
    Member {
        id: stored.member_id.detached(),
        instance_id: stored.group_instance_id.as_ref().map(klamm_protocol::Str::detached),
        client_id: stored.client_id.detached(),
        client_host: stored.client_host.detached(),
        rebalance_timeout_ms,
        session_timeout_ms: stored.session_timeout,
        protocols: offered.collect(),
        assignment: bytes::Bytes::copy_from_slice(&stored.assignment),
        awaiting_join: None,
        awaiting_sync: None,
        is_new: false,
    }
}
