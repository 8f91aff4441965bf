//! Control records between the raft core's values and the bytes of the log.

use bytes::Bytes;
use klamm_model::{DirectoryId, NodeId, Timestamp, Uuid};
use klamm_protocol::messages::{
    KRaftVersionRecord, LeaderChangeMessage, SnapshotFooterRecord, SnapshotHeaderRecord, VotersRecord,
    leader_change_message, voters_record,
};
use klamm_protocol::records::control::{ControlError, ControlType};
use klamm_protocol::{DecodeError, EncodeError, Message, Reader, Str, Writer};
use klamm_raft::{
    ControlRecord, Endpoints, HostPort, KraftVersion, LeaderChange, ListenerName, ReplicaKey, VersionRange,
    Voter, VoterSet,
};

/// All control records are at version 0 in Kafka 4.4, the field and the encoding.
const VERSION: i16 = 0;

/// A control record that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ControlCodecError {
    /// The key is no control key.
    #[error(transparent)]
    Key(#[from] ControlError),
    /// The value is not of its kind.
    #[error("control record {kind}: {source}")]
    Value {
        /// Which kind.
        kind: &'static str,
        /// What is wrong.
        source: DecodeError,
    },
    /// A field has a value that no quorum can have.
    #[error("control record {kind}: {field} is {value}")]
    Field {
        /// Which kind.
        kind: &'static str,
        /// Which field.
        field: &'static str,
        /// Its value.
        value: String,
    },
}

/// Type and value of a record.
pub fn encode_control(record: &ControlRecord) -> Result<(ControlType, Bytes), EncodeError> {
    Ok(match record {
        ControlRecord::LeaderChange(change) => (ControlType::LeaderChange, bytes(&leader_change(change))?),
        ControlRecord::SnapshotHeader { last_contained_log_timestamp } => {
            let header = SnapshotHeaderRecord {
                last_contained_log_timestamp: last_contained_log_timestamp.as_millis(),
                ..SnapshotHeaderRecord::default()
            };
            (ControlType::SnapshotHeader, bytes(&header)?)
        }
        ControlRecord::SnapshotFooter => {
            (ControlType::SnapshotFooter, bytes(&SnapshotFooterRecord::default())?)
        }
        ControlRecord::KraftVersion(version) => {
            let level = i16::try_from(version.level()).unwrap_or(i16::MAX);
            let record = KRaftVersionRecord { k_raft_version: level, ..KRaftVersionRecord::default() };
            (ControlType::KraftVersion, bytes(&record)?)
        }
        ControlRecord::Voters(voters) => (ControlType::KraftVoters, bytes(&voters_record_of(voters))?),
    })
}

fn bytes(message: &impl Message) -> Result<Bytes, EncodeError> {
    let mut writer = Writer::default();
    message.encode(&mut writer, VERSION)?;
    Ok(writer.finish().bytes.freeze())
}

fn leader_change(change: &LeaderChange) -> LeaderChangeMessage {
    let voters = |ids: &[NodeId]| {
        let voter = |id: &NodeId| leader_change_message::Voter { voter_id: id.get(), ..Default::default() };
        ids.iter().map(voter).collect()
    };
    LeaderChangeMessage {
        leader_id: change.leader.get(),
        voters: voters(&change.voters),
        granting_voters: voters(&change.granting_voters),
        ..LeaderChangeMessage::default()
    }
}

fn voters_record_of(voters: &VoterSet) -> VotersRecord {
    let endpoint = |(name, at): (&ListenerName, &HostPort)| voters_record::Endpoint {
        name: Str::from(name.as_str().to_owned()),
        host: Str::from(at.host.to_string()),
        port: at.port,
        ..Default::default()
    };
    let voter = |voter: &Voter| voters_record::Voter {
        voter_id: voter.key.id.get(),
        voter_directory_id: voter.key.directory.map_or(Uuid::ZERO, DirectoryId::get),
        endpoints: voter.endpoints.iter().map(endpoint).collect(),
        k_raft_version_feature: voters_record::KRaftVersionFeature {
            min_supported_version: i16::try_from(voter.kraft_versions.min).unwrap_or(i16::MAX),
            max_supported_version: i16::try_from(voter.kraft_versions.max).unwrap_or(i16::MAX),
            ..Default::default()
        },
        ..Default::default()
    };
    VotersRecord { voters: voters.iter().map(voter).collect(), ..VotersRecord::default() }
}

/// Reads a record of a control batch; `None` for transaction markers, which no metadata log has, and
/// for types of the future, which are skipped as Kafka skips them.
pub fn decode_control(
    key: Option<&[u8]>,
    value: Option<&[u8]>,
) -> Result<Option<ControlRecord>, ControlCodecError> {
    let Some(kind) = ControlType::parse_key(key)? else { return Ok(None) };
    let value = Bytes::copy_from_slice(value.unwrap_or_default());
    Ok(Some(match kind {
        ControlType::Abort | ControlType::Commit => return Ok(None),
        ControlType::LeaderChange => ControlRecord::LeaderChange(read_leader_change(read(kind, value)?)?),
        ControlType::SnapshotHeader => {
            let header: SnapshotHeaderRecord = read(kind, value)?;
            let timestamp = Timestamp::from_millis(header.last_contained_log_timestamp);
            ControlRecord::SnapshotHeader { last_contained_log_timestamp: timestamp }
        }
        ControlType::SnapshotFooter => {
            let _: SnapshotFooterRecord = read(kind, value)?;
            ControlRecord::SnapshotFooter
        }
        ControlType::KraftVersion => {
            let record: KRaftVersionRecord = read(kind, value)?;
            let level = record.k_raft_version;
            let version = KraftVersion::from_level(level);
            ControlRecord::KraftVersion(version.ok_or_else(|| bad(kind, "kraft.version", level))?)
        }
        ControlType::KraftVoters => ControlRecord::Voters(read_voters(&read(kind, value)?)?),
    }))
}

fn read<M: Message>(kind: ControlType, value: Bytes) -> Result<M, ControlCodecError> {
    M::decode(&mut Reader::new(value), VERSION)
        .map_err(|source| ControlCodecError::Value { kind: kind.name(), source })
}

fn bad(kind: ControlType, field: &'static str, value: impl ToString) -> ControlCodecError {
    ControlCodecError::Field { kind: kind.name(), field, value: value.to_string() }
}

fn read_leader_change(message: LeaderChangeMessage) -> Result<LeaderChange, ControlCodecError> {
    let kind = ControlType::LeaderChange;
    let id = |value: i32| NodeId::new(value).ok_or_else(|| bad(kind, "voter id", value));
    let ids = |voters: &[leader_change_message::Voter]| -> Result<Vec<NodeId>, ControlCodecError> {
        voters.iter().map(|voter| id(voter.voter_id)).collect()
    };
    Ok(LeaderChange {
        leader: id(message.leader_id)?,
        voters: ids(&message.voters)?,
        granting_voters: ids(&message.granting_voters)?,
    })
}

fn read_voters(record: &VotersRecord) -> Result<VoterSet, ControlCodecError> {
    let kind = ControlType::KraftVoters;
    let mut set = VoterSet::empty();
    for voter in &record.voters {
        let id = NodeId::new(voter.voter_id).ok_or_else(|| bad(kind, "voter id", voter.voter_id))?;
        let endpoints: Endpoints = voter
            .endpoints
            .iter()
            .map(|at| (ListenerName::new(&at.name), HostPort::new(at.host.as_ref(), at.port)))
            .collect();
        let feature = &voter.k_raft_version_feature;
        let range = VersionRange::new(feature.min_supported_version, feature.max_supported_version)
            .ok_or_else(|| bad(kind, "kraft.version range of voter", voter.voter_id))?;
        let voter = Voter {
            key: ReplicaKey { id, directory: DirectoryId::new(voter.voter_directory_id) },
            endpoints,
            kraft_versions: range,
        };
        set = set.with_added(voter).ok_or_else(|| bad(kind, "twice listed voter", id))?;
    }
    Ok(set)
}
