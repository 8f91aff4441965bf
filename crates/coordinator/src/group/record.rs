//! The records of `__consumer_offsets`: which there are, their bytes, and how ours are made.
//!
//! A key is a type (int16) and the key's fields; a value is its version (int16) and the fields at that
//! version. A null value (*tombstone*) deletes what the key names.

use bytes::Bytes;
use klamm_protocol::messages::{GroupMetadataKey, GroupMetadataValue, OffsetCommitKey, OffsetCommitValue};
use klamm_protocol::{DecodeError, EncodeError, Message, Reader, Str, Writer};

use super::classic::ClassicGroup;
use super::modern::{ModernKind, ModernRecord};

/// Type 0: keys and values of the first Kafka versions, read but never written.
const LEGACY_OFFSET_COMMIT: i16 = 0;
const OFFSET_COMMIT: i16 = 1;
const GROUP_METADATA: i16 = 2;

/// The value version Kafka 4.4 writes; flexible, with the topic id as a tagged field.
const OFFSET_COMMIT_VALUE: i16 = 4;
/// The one value version that has the expiry time of OffsetCommit 2-4.
const OFFSET_COMMIT_VALUE_WITH_EXPIRY: i16 = 1;
const GROUP_METADATA_VALUE: i16 = 3;

/// One record.
#[derive(Clone, Debug, PartialEq)]
pub enum GroupRecord {
    /// A committed offset, or its deletion.
    OffsetCommit {
        /// Group, topic, partition.
        key: OffsetCommitKey,
        /// The offset.
        value: Option<OffsetCommitValue>,
    },
    /// A classic group, or its deletion.
    GroupMetadata {
        /// The group.
        key: GroupMetadataKey,
        /// Its generation and members.
        value: Option<GroupMetadataValue>,
    },
    /// A piece of a consumer, share or streams group.
    Modern(ModernRecord),
}

/// A record that is not one of `__consumer_offsets`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// There is no key.
    #[error("a record has no key")]
    NoKey,
    /// Key or value end early, or are malformed.
    #[error("malformed record: {0}")]
    Malformed(#[from] DecodeError),
    /// The value is of a version that this node does not know: a newer Kafka wrote it.
    #[error("record type {record_type} has no value version {version}")]
    UnknownValueVersion {
        /// The type in the key.
        record_type: i16,
        /// The version in the value.
        version: i16,
    },
}

impl GroupRecord {
    /// The record of a classic group as it stands.
    pub(crate) fn group_metadata(group_id: &Str, group: &ClassicGroup) -> GroupRecord {
        GroupRecord::GroupMetadata { key: group_key(group_id), value: Some(group.to_record()) }
    }

    /// Deletes a classic group.
    pub(crate) fn group_tombstone(group_id: &Str) -> GroupRecord {
        GroupRecord::GroupMetadata { key: group_key(group_id), value: None }
    }

    /// Deletes an offset.
    pub(crate) fn offset_tombstone(group_id: &Str, topic: &Str, partition: i32) -> GroupRecord {
        GroupRecord::OffsetCommit { key: offset_key(group_id, topic, partition), value: None }
    }

    /// Reads a record. `None` for a type that this node does not know: Kafka skips those with a warning,
    /// as left over from an aborted upgrade.
    pub fn decode(key: Option<Bytes>, value: Option<Bytes>) -> Result<Option<GroupRecord>, RecordError> {
        let full_key = key.ok_or(RecordError::NoKey)?;
        let mut reader = Reader::new(full_key.clone());
        let record_type = reader.i16()?;
        let record = match record_type {
            LEGACY_OFFSET_COMMIT | OFFSET_COMMIT => {
                let key = OffsetCommitKey::decode(&mut reader, 0)?;
                let versions =
                    if record_type == LEGACY_OFFSET_COMMIT { 0..=0 } else { 0..=OFFSET_COMMIT_VALUE };
                let value = value.map(|value| decode_value(record_type, value, versions)).transpose()?;
                GroupRecord::OffsetCommit { key, value }
            }
            GROUP_METADATA => {
                let key = GroupMetadataKey::decode(&mut reader, 0)?;
                let versions = GroupMetadataValue::VERSIONS;
                let value = value.map(|value| decode_value(record_type, value, versions)).transpose()?;
                GroupRecord::GroupMetadata { key, value }
            }
            other => {
                let Some(kind) = ModernKind::from_type(other) else { return Ok(None) };
                let group = GroupMetadataKey::decode(&mut reader, 0)?.group;
                GroupRecord::Modern(ModernRecord { kind, group, key: full_key, value })
            }
        };
        Ok(Some(record))
    }

    /// Key and value as Kafka 4.4 writes them. Fails where a text is too long for its field; the driver
    /// then takes the append for refused with UNKNOWN_SERVER_ERROR.
    pub fn encode(&self) -> Result<(Bytes, Option<Bytes>), EncodeError> {
        match self {
            GroupRecord::OffsetCommit { key, value } => {
                let version = |value: &OffsetCommitValue| match value.expire_timestamp {
                    -1 => OFFSET_COMMIT_VALUE,
                    _ => OFFSET_COMMIT_VALUE_WITH_EXPIRY,
                };
                let value = value.as_ref().map(|value| prefixed(version(value), value, version(value)));
                Ok((prefixed(OFFSET_COMMIT, key, 0)?, value.transpose()?))
            }
            GroupRecord::GroupMetadata { key, value } => {
                let value =
                    value.as_ref().map(|value| prefixed(GROUP_METADATA_VALUE, value, GROUP_METADATA_VALUE));
                Ok((prefixed(GROUP_METADATA, key, 0)?, value.transpose()?))
            }
            GroupRecord::Modern(record) => Ok((record.key.clone(), record.value.clone())),
        }
    }
}

/// The key of a committed offset.
pub(crate) fn offset_key(group_id: &Str, topic: &Str, partition: i32) -> OffsetCommitKey {
    OffsetCommitKey { group: group_id.clone(), topic: topic.clone(), partition }
}

fn group_key(group_id: &Str) -> GroupMetadataKey {
    GroupMetadataKey { group: group_id.clone() }
}

fn decode_value<M: Message>(
    record_type: i16,
    value: Bytes,
    versions: std::ops::RangeInclusive<i16>,
) -> Result<M, RecordError> {
    let mut reader = Reader::new(value);
    let version = reader.i16()?;
    if !versions.contains(&version) {
        return Err(RecordError::UnknownValueVersion { record_type, version });
    }
    Ok(M::decode(&mut reader, version)?)
}

fn prefixed<M: Message>(prefix: i16, message: &M, version: i16) -> Result<Bytes, EncodeError> {
    let mut writer = Writer::new();
    writer.i16(prefix);
    message.encode(&mut writer, version)?;
    Ok(writer.into_bytes())
}
