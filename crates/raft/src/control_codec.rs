//! Control records as Kafka writes them: messages that begin with their own version.

use std::ops::RangeInclusive;

use bytes::Bytes;
use klamm_model::{DirectoryId, NodeId, Timestamp, Uuid};
use klamm_protocol::messages::{
    KRaftVersionRecord, LeaderChangeMessage, SnapshotFooterRecord, SnapshotHeaderRecord, VotersRecord,
    leader_change_message, voters_record,
};
use klamm_protocol::records::control::{ControlError, ControlType};
use klamm_protocol::{DecodeError, Message, Reader, Str, TaggedFields, Writer};

use crate::control_record::{ControlRecord, LeaderChange};
use crate::replica::{HostPort, ListenerName, ReplicaKey, VersionRange};
use crate::voter_set::{KraftVersion, Voter, VoterSet};

/// The version every record is written with, as Kafka 4.4 does.
const WRITTEN_VERSION: i16 = 0;

/// A control record that cannot be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ControlRecordError {
    /// Not the key of a control record.
    #[error(transparent)]
    Key(#[from] ControlError),
    /// Not the value its key promises.
    #[error("value of a {record} record: {error}")]
    Value {
        /// Name of the record type.
        record: &'static str,
        /// What is wrong.
        error: DecodeError,
    },
    /// No value, or too short for a version.
    #[error("a {0} record without a value")]
    NoValue(&'static str),
    /// Written by a later version that changed how voters agree.
    #[error("kraft.version {0} is not known")]
    UnknownKraftVersion(i16),
    /// A field that no version allows.
    #[error("{record} record: field {field} is out of range")]
    BadField {
        /// Name of the record type.
        record: &'static str,
        /// The field.
        field: &'static str,
    },
}

impl ControlRecord {
    /// The type its key names.
    pub const fn control_type(&self) -> ControlType {
        match self {
            ControlRecord::LeaderChange(_) => ControlType::LeaderChange,
            ControlRecord::SnapshotHeader { .. } => ControlType::SnapshotHeader,
            ControlRecord::SnapshotFooter => ControlType::SnapshotFooter,
            ControlRecord::KraftVersion(_) => ControlType::KraftVersion,
            ControlRecord::Voters(_) => ControlType::KraftVoters,
        }
    }

    /// Its value.
    pub fn encode(&self) -> Bytes {
        match self {
            ControlRecord::LeaderChange(change) => encode(&leader_change_message(change)),
            ControlRecord::SnapshotHeader { last_contained_log_timestamp } => encode(&SnapshotHeaderRecord {
                version: WRITTEN_VERSION,
                last_contained_log_timestamp: last_contained_log_timestamp.as_millis(),
                unknown_tagged_fields: TaggedFields::default(),
            }),
            ControlRecord::SnapshotFooter => encode(&SnapshotFooterRecord {
                version: WRITTEN_VERSION,
                unknown_tagged_fields: TaggedFields::default(),
            }),
            ControlRecord::KraftVersion(version) => encode(&KRaftVersionRecord {
                version: WRITTEN_VERSION,
                k_raft_version: i16::try_from(version.level()).expect("a level is small"),
                unknown_tagged_fields: TaggedFields::default(),
            }),
            ControlRecord::Voters(voters) => encode(&voters_record(voters)),
        }
    }

    /// Reads a record of a control batch. `Ok(None)`: a transaction marker, or a type of a later
    /// version, neither of which concerns the quorum.
    pub fn decode(
        key: Option<&[u8]>,
        value: Option<&Bytes>,
    ) -> Result<Option<ControlRecord>, ControlRecordError> {
        let Some(kind) = ControlType::parse_key(key)? else { return Ok(None) };
        Ok(Some(match kind {
            ControlType::Abort | ControlType::Commit => return Ok(None),
            ControlType::LeaderChange => ControlRecord::LeaderChange(leader_change(&read(kind, value)?)?),
            ControlType::SnapshotHeader => {
                let header: SnapshotHeaderRecord = read(kind, value)?;
                let last_contained_log_timestamp =
                    Timestamp::from_millis(header.last_contained_log_timestamp);
                ControlRecord::SnapshotHeader { last_contained_log_timestamp }
            }
            ControlType::SnapshotFooter => {
                read::<SnapshotFooterRecord>(kind, value)?;
                ControlRecord::SnapshotFooter
            }
            ControlType::KraftVersion => {
                let level = read::<KRaftVersionRecord>(kind, value)?.k_raft_version;
                let version = KraftVersion::from_level(level);
                ControlRecord::KraftVersion(version.ok_or(ControlRecordError::UnknownKraftVersion(level))?)
            }
            ControlType::KraftVoters => ControlRecord::Voters(voter_set(&read(kind, value)?)?),
        }))
    }
}

fn encode(message: &impl Message) -> Bytes {
    let mut writer = Writer::new();
    message.encode(&mut writer, WRITTEN_VERSION).expect("version 0 has every field that is set");
    writer.into_bytes()
}

/// Reads a value at the version it begins with, or at the last one known.
fn read<M: Message>(kind: ControlType, value: Option<&Bytes>) -> Result<M, ControlRecordError> {
    let record = kind.name();
    let value = value.ok_or(ControlRecordError::NoValue(record))?;
    let [high, low, ..] = value[..] else { return Err(ControlRecordError::NoValue(record)) };
    let known: RangeInclusive<i16> = M::VERSIONS;
    let version = i16::from_be_bytes([high, low]).clamp(*known.start(), *known.end());
    let mut reader = Reader::new(value.clone());
    M::decode(&mut reader, version).map_err(|error| ControlRecordError::Value { record, error })
}

fn leader_change_message(change: &LeaderChange) -> LeaderChangeMessage {
    let voters = |ids: &[NodeId]| {
        let voter = |id: &NodeId| leader_change_message::Voter { voter_id: id.get(), ..Default::default() };
        ids.iter().map(voter).collect()
    };
    LeaderChangeMessage {
        version: WRITTEN_VERSION,
        leader_id: change.leader.get(),
        voters: voters(&change.voters),
        granting_voters: voters(&change.granting_voters),
        unknown_tagged_fields: TaggedFields::default(),
    }
}

fn leader_change(message: &LeaderChangeMessage) -> Result<LeaderChange, ControlRecordError> {
    let record = ControlType::LeaderChange.name();
    let id = |id: i32, field| NodeId::new(id).ok_or(ControlRecordError::BadField { record, field });
    let ids = |voters: &[leader_change_message::Voter], field| {
        voters.iter().map(|voter| id(voter.voter_id, field)).collect::<Result<Vec<_>, _>>()
    };
    Ok(LeaderChange {
        leader: id(message.leader_id, "LeaderId")?,
        voters: ids(&message.voters, "Voters")?,
        granting_voters: ids(&message.granting_voters, "GrantingVoters")?,
    })
}

fn voters_record(voters: &VoterSet) -> VotersRecord {
    let endpoint = |(name, at): (&ListenerName, &HostPort)| voters_record::Endpoint {
        name: Str::from(name.as_str()),
        host: Str::from(&*at.host),
        port: at.port,
        unknown_tagged_fields: TaggedFields::default(),
    };
    let level = |level: u16| i16::try_from(level).unwrap_or(i16::MAX);
    let voter = |voter: &Voter| voters_record::Voter {
        voter_id: voter.key.id.get(),
        voter_directory_id: voter.key.directory.map_or(Uuid::ZERO, DirectoryId::get),
        endpoints: voter.endpoints.iter().map(endpoint).collect(),
        k_raft_version_feature: voters_record::KRaftVersionFeature {
            min_supported_version: level(voter.kraft_versions.min),
            max_supported_version: level(voter.kraft_versions.max),
            unknown_tagged_fields: TaggedFields::default(),
        },
        unknown_tagged_fields: TaggedFields::default(),
    };
    VotersRecord {
        version: WRITTEN_VERSION,
        voters: voters.iter().map(voter).collect(),
        unknown_tagged_fields: TaggedFields::default(),
    }
}

fn voter_set(record: &VotersRecord) -> Result<VoterSet, ControlRecordError> {
    record.voters.iter().map(voter).collect()
}

fn voter(voter: &voters_record::Voter) -> Result<Voter, ControlRecordError> {
    let bad = |field| ControlRecordError::BadField { record: ControlType::KraftVoters.name(), field };
    let id = NodeId::new(voter.voter_id).ok_or(bad("VoterId"))?;
    let endpoint =
        |at: &voters_record::Endpoint| (ListenerName::new(&at.name), HostPort::new(&*at.host, at.port));
    let range = &voter.k_raft_version_feature;
    let kraft_versions = VersionRange::new(range.min_supported_version, range.max_supported_version);
    Ok(Voter {
        key: ReplicaKey { id, directory: DirectoryId::new(voter.voter_directory_id) },
        endpoints: voter.endpoints.iter().map(endpoint).collect(),
        kraft_versions: kraft_versions.ok_or(bad("KRaftVersionFeature"))?,
    })
}

#[cfg(test)]
mod tests;
