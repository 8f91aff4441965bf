//! Control records: transaction markers and the raft layer's own records. Their key is
//! `version i16 = 0, type i16`; a marker's value is `version i16 = 0, coordinator epoch i32`.

use bytes::Bytes;

use klamm_model::{LeaderEpoch, ProducerEpoch, ProducerId, Timestamp};

use super::builder::{BatchBuilder, BuildError};

/// Bytes of a control record's key.
pub const CONTROL_KEY_SIZE: usize = 4;

/// What a control record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ControlType {
    /// The producer's transaction was aborted.
    Abort,
    /// The producer's transaction was committed.
    Commit,
    /// A raft leader begins its epoch: `LeaderChangeMessage`.
    LeaderChange,
    /// First record of a snapshot: `SnapshotHeaderRecord`.
    SnapshotHeader,
    /// Last record of a snapshot: `SnapshotFooterRecord`.
    SnapshotFooter,
    /// Finalized `kraft.version`: `KRaftVersionRecord`.
    KraftVersion,
    /// The voter set: `VotersRecord`.
    KraftVoters,
}

/// A key or value that is not that of a control record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    /// Too few bytes.
    #[error("a control record's {field} has {length} bytes instead of {need}")]
    TooShort {
        /// `key` or `value`.
        field: &'static str,
        /// Its bytes; none for null.
        length: usize,
        /// The least it needs.
        need: usize,
    },
    /// Versions are not negative. Later ones are read as 0.
    #[error("a control record's {field} has version {version}")]
    BadVersion {
        /// `key` or `value`.
        field: &'static str,
        /// The version field.
        version: i16,
    },
}

impl ControlType {
    /// All types, by number.
    pub const ALL: [ControlType; 7] = [
        ControlType::Abort,
        ControlType::Commit,
        ControlType::LeaderChange,
        ControlType::SnapshotHeader,
        ControlType::SnapshotFooter,
        ControlType::KraftVersion,
        ControlType::KraftVoters,
    ];

    /// Its number in the key.
    pub const fn code(self) -> i16 {
        match self {
            ControlType::Abort => 0,
            ControlType::Commit => 1,
            ControlType::LeaderChange => 2,
            ControlType::SnapshotHeader => 3,
            ControlType::SnapshotFooter => 4,
            ControlType::KraftVersion => 5,
            ControlType::KraftVoters => 6,
        }
    }

    /// Kafka's name of the type, as tools print it.
    pub const fn name(self) -> &'static str {
        match self {
            ControlType::Abort => "ABORT",
            ControlType::Commit => "COMMIT",
            ControlType::LeaderChange => "LEADER_CHANGE",
            ControlType::SnapshotHeader => "SNAPSHOT_HEADER",
            ControlType::SnapshotFooter => "SNAPSHOT_FOOTER",
            ControlType::KraftVersion => "KRAFT_VERSION",
            ControlType::KraftVoters => "KRAFT_VOTERS",
        }
    }

    /// Reads a control record's key. `Ok(None)` is a type of a later version, to be passed over.
    pub fn parse_key(key: Option<&[u8]>) -> Result<Option<ControlType>, ControlError> {
        let key = key.unwrap_or_default();
        let Some(fields) = key.first_chunk::<CONTROL_KEY_SIZE>() else {
            return Err(ControlError::TooShort { field: "key", length: key.len(), need: CONTROL_KEY_SIZE });
        };
        check_version("key", [fields[0], fields[1]])?;
        let code = i16::from_be_bytes([fields[2], fields[3]]);
        Ok(ControlType::ALL.into_iter().find(|kind| kind.code() == code))
    }

    /// The key of a control record of this type.
    pub const fn key(self) -> [u8; CONTROL_KEY_SIZE] {
        let code = self.code().to_be_bytes();
        [0, 0, code[0], code[1]]
    }
}

fn check_version(field: &'static str, version: [u8; 2]) -> Result<(), ControlError> {
    let version = i16::from_be_bytes(version);
    if version < 0 { Err(ControlError::BadVersion { field, version }) } else { Ok(()) }
}

/// How a transaction ended, as its marker says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransactionEnd {
    /// Its records are not read.
    Abort,
    /// Its records are read.
    Commit,
}

impl TransactionEnd {
    /// The control record type of the marker.
    pub const fn control_type(self) -> ControlType {
        match self {
            TransactionEnd::Abort => ControlType::Abort,
            TransactionEnd::Commit => ControlType::Commit,
        }
    }
}

/// The value of a transaction marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndTxnMarker {
    /// Epoch of the coordinator that wrote it; fences older coordinators. `-1` was written by
    /// old tools, so this stays a plain number.
    pub coordinator_epoch: i32,
}

impl EndTxnMarker {
    /// Bytes of the value.
    pub const SIZE: usize = 6;

    /// Reads a marker's value; bytes of later versions after it are ignored.
    pub fn parse(value: Option<&[u8]>) -> Result<EndTxnMarker, ControlError> {
        let value = value.unwrap_or_default();
        let Some(fields) = value.first_chunk::<{ EndTxnMarker::SIZE }>() else {
            let (length, need) = (value.len(), EndTxnMarker::SIZE);
            return Err(ControlError::TooShort { field: "value", length, need });
        };
        check_version("value", [fields[0], fields[1]])?;
        let coordinator_epoch = i32::from_be_bytes([fields[2], fields[3], fields[4], fields[5]]);
        Ok(EndTxnMarker { coordinator_epoch })
    }

    /// The value's bytes.
    pub fn encode(self) -> [u8; EndTxnMarker::SIZE] {
        let epoch = self.coordinator_epoch.to_be_bytes();
        [0, 0, epoch[0], epoch[1], epoch[2], epoch[3]]
    }
}

/// The batch of one transaction marker, as a coordinator has it appended. Offset and leader epoch
/// are stamped at append.
pub fn marker_batch(
    producer: (ProducerId, ProducerEpoch),
    end: TransactionEnd,
    marker: EndTxnMarker,
    now: Timestamp,
) -> Bytes {
    let mut builder = BatchBuilder::new().transactional(producer.0, producer.1, None).control();
    builder
        .append(now, Some(&end.control_type().key()), Some(&marker.encode()), &[])
        .expect("one small record fits a batch");
    builder.finish()
}

/// A batch of control records with encoded values: the raft layer's.
pub fn control_batch(
    leader_epoch: LeaderEpoch,
    now: Timestamp,
    records: &[(ControlType, &[u8])],
) -> Result<Bytes, BuildError> {
    let mut builder = BatchBuilder::new().leader_epoch(leader_epoch).control();
    for (kind, value) in records {
        builder.append(now, Some(&kind.key()), Some(value), &[])?;
    }
    Ok(builder.finish())
}
