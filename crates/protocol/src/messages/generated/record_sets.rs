//! Generated from `schemas` by `cargo xtask codegen`: the records of each internal log.

use crate::codec::{DecodeError, EncodeError, Reader, Writer};
use crate::message::Message;
use crate::messages::framing::{read_frame, write_frame};
/// A record of `__cluster_metadata`, behind a frame of version, type and record version.
#[derive(Clone, Debug, PartialEq)]
pub enum MetadataRecord {
    /// Type 0.
    RegisterBroker(super::RegisterBrokerRecord),
    /// Type 1.
    UnregisterBroker(super::UnregisterBrokerRecord),
    /// Type 2.
    Topic(super::TopicRecord),
    /// Type 3.
    Partition(super::PartitionRecord),
    /// Type 4.
    Config(super::ConfigRecord),
    /// Type 5.
    PartitionChange(super::PartitionChangeRecord),
    /// Type 7.
    FenceBroker(super::FenceBrokerRecord),
    /// Type 8.
    UnfenceBroker(super::UnfenceBrokerRecord),
    /// Type 9.
    RemoveTopic(super::RemoveTopicRecord),
    /// Type 10.
    DelegationToken(super::DelegationTokenRecord),
    /// Type 11.
    UserScramCredential(super::UserScramCredentialRecord),
    /// Type 12.
    FeatureLevel(super::FeatureLevelRecord),
    /// Type 14.
    ClientQuota(super::ClientQuotaRecord),
    /// Type 15.
    ProducerIds(super::ProducerIdsRecord),
    /// Type 17.
    BrokerRegistrationChange(super::BrokerRegistrationChangeRecord),
    /// Type 18.
    AccessControlEntry(super::AccessControlEntryRecord),
    /// Type 19.
    RemoveAccessControlEntry(super::RemoveAccessControlEntryRecord),
    /// Type 20.
    NoOp(super::NoOpRecord),
    /// Type 21.
    ZkMigrationState(super::ZkMigrationStateRecord),
    /// Type 22.
    RemoveUserScramCredential(super::RemoveUserScramCredentialRecord),
    /// Type 23.
    BeginTransaction(super::BeginTransactionRecord),
    /// Type 24.
    EndTransaction(super::EndTransactionRecord),
    /// Type 25.
    AbortTransaction(super::AbortTransactionRecord),
    /// Type 26.
    RemoveDelegationToken(super::RemoveDelegationTokenRecord),
    /// Type 27.
    RegisterController(super::RegisterControllerRecord),
    /// Type 28.
    ClearElr(super::ClearElrRecord),
    /// Type 29.
    UnregisterController(super::UnregisterControllerRecord),
}

impl From<super::RegisterBrokerRecord> for MetadataRecord {
    fn from(record: super::RegisterBrokerRecord) -> MetadataRecord {
        MetadataRecord::RegisterBroker(record)
    }
}
impl From<super::UnregisterBrokerRecord> for MetadataRecord {
    fn from(record: super::UnregisterBrokerRecord) -> MetadataRecord {
        MetadataRecord::UnregisterBroker(record)
    }
}
impl From<super::TopicRecord> for MetadataRecord {
    fn from(record: super::TopicRecord) -> MetadataRecord {
        MetadataRecord::Topic(record)
    }
}
impl From<super::PartitionRecord> for MetadataRecord {
    fn from(record: super::PartitionRecord) -> MetadataRecord {
        MetadataRecord::Partition(record)
    }
}
impl From<super::ConfigRecord> for MetadataRecord {
    fn from(record: super::ConfigRecord) -> MetadataRecord {
        MetadataRecord::Config(record)
    }
}
impl From<super::PartitionChangeRecord> for MetadataRecord {
    fn from(record: super::PartitionChangeRecord) -> MetadataRecord {
        MetadataRecord::PartitionChange(record)
    }
}
impl From<super::FenceBrokerRecord> for MetadataRecord {
    fn from(record: super::FenceBrokerRecord) -> MetadataRecord {
        MetadataRecord::FenceBroker(record)
    }
}
impl From<super::UnfenceBrokerRecord> for MetadataRecord {
    fn from(record: super::UnfenceBrokerRecord) -> MetadataRecord {
        MetadataRecord::UnfenceBroker(record)
    }
}
impl From<super::RemoveTopicRecord> for MetadataRecord {
    fn from(record: super::RemoveTopicRecord) -> MetadataRecord {
        MetadataRecord::RemoveTopic(record)
    }
}
impl From<super::DelegationTokenRecord> for MetadataRecord {
    fn from(record: super::DelegationTokenRecord) -> MetadataRecord {
        MetadataRecord::DelegationToken(record)
    }
}
impl From<super::UserScramCredentialRecord> for MetadataRecord {
    fn from(record: super::UserScramCredentialRecord) -> MetadataRecord {
        MetadataRecord::UserScramCredential(record)
    }
}
impl From<super::FeatureLevelRecord> for MetadataRecord {
    fn from(record: super::FeatureLevelRecord) -> MetadataRecord {
        MetadataRecord::FeatureLevel(record)
    }
}
impl From<super::ClientQuotaRecord> for MetadataRecord {
    fn from(record: super::ClientQuotaRecord) -> MetadataRecord {
        MetadataRecord::ClientQuota(record)
    }
}
impl From<super::ProducerIdsRecord> for MetadataRecord {
    fn from(record: super::ProducerIdsRecord) -> MetadataRecord {
        MetadataRecord::ProducerIds(record)
    }
}
impl From<super::BrokerRegistrationChangeRecord> for MetadataRecord {
    fn from(record: super::BrokerRegistrationChangeRecord) -> MetadataRecord {
        MetadataRecord::BrokerRegistrationChange(record)
    }
}
impl From<super::AccessControlEntryRecord> for MetadataRecord {
    fn from(record: super::AccessControlEntryRecord) -> MetadataRecord {
        MetadataRecord::AccessControlEntry(record)
    }
}
impl From<super::RemoveAccessControlEntryRecord> for MetadataRecord {
    fn from(record: super::RemoveAccessControlEntryRecord) -> MetadataRecord {
        MetadataRecord::RemoveAccessControlEntry(record)
    }
}
impl From<super::NoOpRecord> for MetadataRecord {
    fn from(record: super::NoOpRecord) -> MetadataRecord {
        MetadataRecord::NoOp(record)
    }
}
impl From<super::ZkMigrationStateRecord> for MetadataRecord {
    fn from(record: super::ZkMigrationStateRecord) -> MetadataRecord {
        MetadataRecord::ZkMigrationState(record)
    }
}
impl From<super::RemoveUserScramCredentialRecord> for MetadataRecord {
    fn from(record: super::RemoveUserScramCredentialRecord) -> MetadataRecord {
        MetadataRecord::RemoveUserScramCredential(record)
    }
}
impl From<super::BeginTransactionRecord> for MetadataRecord {
    fn from(record: super::BeginTransactionRecord) -> MetadataRecord {
        MetadataRecord::BeginTransaction(record)
    }
}
impl From<super::EndTransactionRecord> for MetadataRecord {
    fn from(record: super::EndTransactionRecord) -> MetadataRecord {
        MetadataRecord::EndTransaction(record)
    }
}
impl From<super::AbortTransactionRecord> for MetadataRecord {
    fn from(record: super::AbortTransactionRecord) -> MetadataRecord {
        MetadataRecord::AbortTransaction(record)
    }
}
impl From<super::RemoveDelegationTokenRecord> for MetadataRecord {
    fn from(record: super::RemoveDelegationTokenRecord) -> MetadataRecord {
        MetadataRecord::RemoveDelegationToken(record)
    }
}
impl From<super::RegisterControllerRecord> for MetadataRecord {
    fn from(record: super::RegisterControllerRecord) -> MetadataRecord {
        MetadataRecord::RegisterController(record)
    }
}
impl From<super::ClearElrRecord> for MetadataRecord {
    fn from(record: super::ClearElrRecord) -> MetadataRecord {
        MetadataRecord::ClearElr(record)
    }
}
impl From<super::UnregisterControllerRecord> for MetadataRecord {
    fn from(record: super::UnregisterControllerRecord) -> MetadataRecord {
        MetadataRecord::UnregisterController(record)
    }
}

impl MetadataRecord {
    /// The number of the record's type.
    pub const fn record_type(&self) -> i16 {
        match self {
            MetadataRecord::RegisterBroker(_) => 0,
            MetadataRecord::UnregisterBroker(_) => 1,
            MetadataRecord::Topic(_) => 2,
            MetadataRecord::Partition(_) => 3,
            MetadataRecord::Config(_) => 4,
            MetadataRecord::PartitionChange(_) => 5,
            MetadataRecord::FenceBroker(_) => 7,
            MetadataRecord::UnfenceBroker(_) => 8,
            MetadataRecord::RemoveTopic(_) => 9,
            MetadataRecord::DelegationToken(_) => 10,
            MetadataRecord::UserScramCredential(_) => 11,
            MetadataRecord::FeatureLevel(_) => 12,
            MetadataRecord::ClientQuota(_) => 14,
            MetadataRecord::ProducerIds(_) => 15,
            MetadataRecord::BrokerRegistrationChange(_) => 17,
            MetadataRecord::AccessControlEntry(_) => 18,
            MetadataRecord::RemoveAccessControlEntry(_) => 19,
            MetadataRecord::NoOp(_) => 20,
            MetadataRecord::ZkMigrationState(_) => 21,
            MetadataRecord::RemoveUserScramCredential(_) => 22,
            MetadataRecord::BeginTransaction(_) => 23,
            MetadataRecord::EndTransaction(_) => 24,
            MetadataRecord::AbortTransaction(_) => 25,
            MetadataRecord::RemoveDelegationToken(_) => 26,
            MetadataRecord::RegisterController(_) => 27,
            MetadataRecord::ClearElr(_) => 28,
            MetadataRecord::UnregisterController(_) => 29,
        }
    }

    /// The schema's name.
    pub const fn name(&self) -> &'static str {
        match self {
            MetadataRecord::RegisterBroker(_) => "RegisterBrokerRecord",
            MetadataRecord::UnregisterBroker(_) => "UnregisterBrokerRecord",
            MetadataRecord::Topic(_) => "TopicRecord",
            MetadataRecord::Partition(_) => "PartitionRecord",
            MetadataRecord::Config(_) => "ConfigRecord",
            MetadataRecord::PartitionChange(_) => "PartitionChangeRecord",
            MetadataRecord::FenceBroker(_) => "FenceBrokerRecord",
            MetadataRecord::UnfenceBroker(_) => "UnfenceBrokerRecord",
            MetadataRecord::RemoveTopic(_) => "RemoveTopicRecord",
            MetadataRecord::DelegationToken(_) => "DelegationTokenRecord",
            MetadataRecord::UserScramCredential(_) => "UserScramCredentialRecord",
            MetadataRecord::FeatureLevel(_) => "FeatureLevelRecord",
            MetadataRecord::ClientQuota(_) => "ClientQuotaRecord",
            MetadataRecord::ProducerIds(_) => "ProducerIdsRecord",
            MetadataRecord::BrokerRegistrationChange(_) => "BrokerRegistrationChangeRecord",
            MetadataRecord::AccessControlEntry(_) => "AccessControlEntryRecord",
            MetadataRecord::RemoveAccessControlEntry(_) => "RemoveAccessControlEntryRecord",
            MetadataRecord::NoOp(_) => "NoOpRecord",
            MetadataRecord::ZkMigrationState(_) => "ZkMigrationStateRecord",
            MetadataRecord::RemoveUserScramCredential(_) => "RemoveUserScramCredentialRecord",
            MetadataRecord::BeginTransaction(_) => "BeginTransactionRecord",
            MetadataRecord::EndTransaction(_) => "EndTransactionRecord",
            MetadataRecord::AbortTransaction(_) => "AbortTransactionRecord",
            MetadataRecord::RemoveDelegationToken(_) => "RemoveDelegationTokenRecord",
            MetadataRecord::RegisterController(_) => "RegisterControllerRecord",
            MetadataRecord::ClearElr(_) => "ClearElrRecord",
            MetadataRecord::UnregisterController(_) => "UnregisterControllerRecord",
        }
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for MetadataRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        match self {
            MetadataRecord::RegisterBroker(record) => record.write_json(out, version),
            MetadataRecord::UnregisterBroker(record) => record.write_json(out, version),
            MetadataRecord::Topic(record) => record.write_json(out, version),
            MetadataRecord::Partition(record) => record.write_json(out, version),
            MetadataRecord::Config(record) => record.write_json(out, version),
            MetadataRecord::PartitionChange(record) => record.write_json(out, version),
            MetadataRecord::FenceBroker(record) => record.write_json(out, version),
            MetadataRecord::UnfenceBroker(record) => record.write_json(out, version),
            MetadataRecord::RemoveTopic(record) => record.write_json(out, version),
            MetadataRecord::DelegationToken(record) => record.write_json(out, version),
            MetadataRecord::UserScramCredential(record) => record.write_json(out, version),
            MetadataRecord::FeatureLevel(record) => record.write_json(out, version),
            MetadataRecord::ClientQuota(record) => record.write_json(out, version),
            MetadataRecord::ProducerIds(record) => record.write_json(out, version),
            MetadataRecord::BrokerRegistrationChange(record) => record.write_json(out, version),
            MetadataRecord::AccessControlEntry(record) => record.write_json(out, version),
            MetadataRecord::RemoveAccessControlEntry(record) => record.write_json(out, version),
            MetadataRecord::NoOp(record) => record.write_json(out, version),
            MetadataRecord::ZkMigrationState(record) => record.write_json(out, version),
            MetadataRecord::RemoveUserScramCredential(record) => record.write_json(out, version),
            MetadataRecord::BeginTransaction(record) => record.write_json(out, version),
            MetadataRecord::EndTransaction(record) => record.write_json(out, version),
            MetadataRecord::AbortTransaction(record) => record.write_json(out, version),
            MetadataRecord::RemoveDelegationToken(record) => record.write_json(out, version),
            MetadataRecord::RegisterController(record) => record.write_json(out, version),
            MetadataRecord::ClearElr(record) => record.write_json(out, version),
            MetadataRecord::UnregisterController(record) => record.write_json(out, version),
        }
    }
}

impl MetadataRecord {
    /// The newest version of this type.
    pub const fn last_version(&self) -> i16 {
        match self {
            MetadataRecord::RegisterBroker(_) => 4,
            MetadataRecord::UnregisterBroker(_) => 0,
            MetadataRecord::Topic(_) => 0,
            MetadataRecord::Partition(_) => 2,
            MetadataRecord::Config(_) => 0,
            MetadataRecord::PartitionChange(_) => 2,
            MetadataRecord::FenceBroker(_) => 0,
            MetadataRecord::UnfenceBroker(_) => 0,
            MetadataRecord::RemoveTopic(_) => 0,
            MetadataRecord::DelegationToken(_) => 0,
            MetadataRecord::UserScramCredential(_) => 0,
            MetadataRecord::FeatureLevel(_) => 0,
            MetadataRecord::ClientQuota(_) => 0,
            MetadataRecord::ProducerIds(_) => 0,
            MetadataRecord::BrokerRegistrationChange(_) => 3,
            MetadataRecord::AccessControlEntry(_) => 0,
            MetadataRecord::RemoveAccessControlEntry(_) => 0,
            MetadataRecord::NoOp(_) => 0,
            MetadataRecord::ZkMigrationState(_) => 0,
            MetadataRecord::RemoveUserScramCredential(_) => 0,
            MetadataRecord::BeginTransaction(_) => 0,
            MetadataRecord::EndTransaction(_) => 0,
            MetadataRecord::AbortTransaction(_) => 0,
            MetadataRecord::RemoveDelegationToken(_) => 0,
            MetadataRecord::RegisterController(_) => 0,
            MetadataRecord::ClearElr(_) => 0,
            MetadataRecord::UnregisterController(_) => 0,
        }
    }

    /// Reads a record and the version it was written at.
    pub fn decode(reader: &mut Reader) -> Result<(MetadataRecord, i16), DecodeError> {
        let (key, version) = read_frame(reader)?;
        let record = match key {
            0 => super::RegisterBrokerRecord::decode(reader, version)?.into(),
            1 => super::UnregisterBrokerRecord::decode(reader, version)?.into(),
            2 => super::TopicRecord::decode(reader, version)?.into(),
            3 => super::PartitionRecord::decode(reader, version)?.into(),
            4 => super::ConfigRecord::decode(reader, version)?.into(),
            5 => super::PartitionChangeRecord::decode(reader, version)?.into(),
            7 => super::FenceBrokerRecord::decode(reader, version)?.into(),
            8 => super::UnfenceBrokerRecord::decode(reader, version)?.into(),
            9 => super::RemoveTopicRecord::decode(reader, version)?.into(),
            10 => super::DelegationTokenRecord::decode(reader, version)?.into(),
            11 => super::UserScramCredentialRecord::decode(reader, version)?.into(),
            12 => super::FeatureLevelRecord::decode(reader, version)?.into(),
            14 => super::ClientQuotaRecord::decode(reader, version)?.into(),
            15 => super::ProducerIdsRecord::decode(reader, version)?.into(),
            17 => super::BrokerRegistrationChangeRecord::decode(reader, version)?.into(),
            18 => super::AccessControlEntryRecord::decode(reader, version)?.into(),
            19 => super::RemoveAccessControlEntryRecord::decode(reader, version)?.into(),
            20 => super::NoOpRecord::decode(reader, version)?.into(),
            21 => super::ZkMigrationStateRecord::decode(reader, version)?.into(),
            22 => super::RemoveUserScramCredentialRecord::decode(reader, version)?.into(),
            23 => super::BeginTransactionRecord::decode(reader, version)?.into(),
            24 => super::EndTransactionRecord::decode(reader, version)?.into(),
            25 => super::AbortTransactionRecord::decode(reader, version)?.into(),
            26 => super::RemoveDelegationTokenRecord::decode(reader, version)?.into(),
            27 => super::RegisterControllerRecord::decode(reader, version)?.into(),
            28 => super::ClearElrRecord::decode(reader, version)?.into(),
            29 => super::UnregisterControllerRecord::decode(reader, version)?.into(),

            _ => return Err(DecodeError::UnknownType { family: "metadata record", key: i32::from(key) }),
        };
        Ok((record, version))
    }

    /// Appends the frame and the record at `version`.
    pub fn encode(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        write_frame(writer, self.record_type(), version);
        match self {
            MetadataRecord::RegisterBroker(record) => record.encode(writer, version),
            MetadataRecord::UnregisterBroker(record) => record.encode(writer, version),
            MetadataRecord::Topic(record) => record.encode(writer, version),
            MetadataRecord::Partition(record) => record.encode(writer, version),
            MetadataRecord::Config(record) => record.encode(writer, version),
            MetadataRecord::PartitionChange(record) => record.encode(writer, version),
            MetadataRecord::FenceBroker(record) => record.encode(writer, version),
            MetadataRecord::UnfenceBroker(record) => record.encode(writer, version),
            MetadataRecord::RemoveTopic(record) => record.encode(writer, version),
            MetadataRecord::DelegationToken(record) => record.encode(writer, version),
            MetadataRecord::UserScramCredential(record) => record.encode(writer, version),
            MetadataRecord::FeatureLevel(record) => record.encode(writer, version),
            MetadataRecord::ClientQuota(record) => record.encode(writer, version),
            MetadataRecord::ProducerIds(record) => record.encode(writer, version),
            MetadataRecord::BrokerRegistrationChange(record) => record.encode(writer, version),
            MetadataRecord::AccessControlEntry(record) => record.encode(writer, version),
            MetadataRecord::RemoveAccessControlEntry(record) => record.encode(writer, version),
            MetadataRecord::NoOp(record) => record.encode(writer, version),
            MetadataRecord::ZkMigrationState(record) => record.encode(writer, version),
            MetadataRecord::RemoveUserScramCredential(record) => record.encode(writer, version),
            MetadataRecord::BeginTransaction(record) => record.encode(writer, version),
            MetadataRecord::EndTransaction(record) => record.encode(writer, version),
            MetadataRecord::AbortTransaction(record) => record.encode(writer, version),
            MetadataRecord::RemoveDelegationToken(record) => record.encode(writer, version),
            MetadataRecord::RegisterController(record) => record.encode(writer, version),
            MetadataRecord::ClearElr(record) => record.encode(writer, version),
            MetadataRecord::UnregisterController(record) => record.encode(writer, version),
        }
    }
}
/// A record of `__remote_log_metadata`, behind a frame of version, type and record version.
#[derive(Clone, Debug, PartialEq)]
pub enum RemoteLogMetadataRecord {
    /// Type 0.
    RemoteLogSegmentMetadata(super::RemoteLogSegmentMetadataRecord),
    /// Type 1.
    RemoteLogSegmentMetadataUpdate(super::RemoteLogSegmentMetadataUpdateRecord),
    /// Type 2.
    RemotePartitionDeleteMetadata(super::RemotePartitionDeleteMetadataRecord),
    /// Type 3.
    RemoteLogSegmentMetadataSnapshot(super::RemoteLogSegmentMetadataSnapshotRecord),
}

impl From<super::RemoteLogSegmentMetadataRecord> for RemoteLogMetadataRecord {
    fn from(record: super::RemoteLogSegmentMetadataRecord) -> RemoteLogMetadataRecord {
        RemoteLogMetadataRecord::RemoteLogSegmentMetadata(record)
    }
}
impl From<super::RemoteLogSegmentMetadataUpdateRecord> for RemoteLogMetadataRecord {
    fn from(record: super::RemoteLogSegmentMetadataUpdateRecord) -> RemoteLogMetadataRecord {
        RemoteLogMetadataRecord::RemoteLogSegmentMetadataUpdate(record)
    }
}
impl From<super::RemotePartitionDeleteMetadataRecord> for RemoteLogMetadataRecord {
    fn from(record: super::RemotePartitionDeleteMetadataRecord) -> RemoteLogMetadataRecord {
        RemoteLogMetadataRecord::RemotePartitionDeleteMetadata(record)
    }
}
impl From<super::RemoteLogSegmentMetadataSnapshotRecord> for RemoteLogMetadataRecord {
    fn from(record: super::RemoteLogSegmentMetadataSnapshotRecord) -> RemoteLogMetadataRecord {
        RemoteLogMetadataRecord::RemoteLogSegmentMetadataSnapshot(record)
    }
}

impl RemoteLogMetadataRecord {
    /// The number of the record's type.
    pub const fn record_type(&self) -> i16 {
        match self {
            RemoteLogMetadataRecord::RemoteLogSegmentMetadata(_) => 0,
            RemoteLogMetadataRecord::RemoteLogSegmentMetadataUpdate(_) => 1,
            RemoteLogMetadataRecord::RemotePartitionDeleteMetadata(_) => 2,
            RemoteLogMetadataRecord::RemoteLogSegmentMetadataSnapshot(_) => 3,
        }
    }

    /// The schema's name.
    pub const fn name(&self) -> &'static str {
        match self {
            RemoteLogMetadataRecord::RemoteLogSegmentMetadata(_) => "RemoteLogSegmentMetadataRecord",
            RemoteLogMetadataRecord::RemoteLogSegmentMetadataUpdate(_) => {
                "RemoteLogSegmentMetadataUpdateRecord"
            }
            RemoteLogMetadataRecord::RemotePartitionDeleteMetadata(_) => {
                "RemotePartitionDeleteMetadataRecord"
            }
            RemoteLogMetadataRecord::RemoteLogSegmentMetadataSnapshot(_) => {
                "RemoteLogSegmentMetadataSnapshotRecord"
            }
        }
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for RemoteLogMetadataRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        match self {
            RemoteLogMetadataRecord::RemoteLogSegmentMetadata(record) => record.write_json(out, version),
            RemoteLogMetadataRecord::RemoteLogSegmentMetadataUpdate(record) => {
                record.write_json(out, version)
            }
            RemoteLogMetadataRecord::RemotePartitionDeleteMetadata(record) => record.write_json(out, version),
            RemoteLogMetadataRecord::RemoteLogSegmentMetadataSnapshot(record) => {
                record.write_json(out, version)
            }
        }
    }
}

impl RemoteLogMetadataRecord {
    /// The newest version of this type.
    pub const fn last_version(&self) -> i16 {
        match self {
            RemoteLogMetadataRecord::RemoteLogSegmentMetadata(_) => 0,
            RemoteLogMetadataRecord::RemoteLogSegmentMetadataUpdate(_) => 0,
            RemoteLogMetadataRecord::RemotePartitionDeleteMetadata(_) => 0,
            RemoteLogMetadataRecord::RemoteLogSegmentMetadataSnapshot(_) => 0,
        }
    }

    /// Reads a record and the version it was written at.
    pub fn decode(reader: &mut Reader) -> Result<(RemoteLogMetadataRecord, i16), DecodeError> {
        let (key, version) = read_frame(reader)?;
        let record = match key {
            0 => super::RemoteLogSegmentMetadataRecord::decode(reader, version)?.into(),
            1 => super::RemoteLogSegmentMetadataUpdateRecord::decode(reader, version)?.into(),
            2 => super::RemotePartitionDeleteMetadataRecord::decode(reader, version)?.into(),
            3 => super::RemoteLogSegmentMetadataSnapshotRecord::decode(reader, version)?.into(),

            _ => {
                return Err(DecodeError::UnknownType {
                    family: "remote log metadata record",
                    key: i32::from(key),
                });
            }
        };
        Ok((record, version))
    }

    /// Appends the frame and the record at `version`.
    pub fn encode(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        write_frame(writer, self.record_type(), version);
        match self {
            RemoteLogMetadataRecord::RemoteLogSegmentMetadata(record) => record.encode(writer, version),
            RemoteLogMetadataRecord::RemoteLogSegmentMetadataUpdate(record) => record.encode(writer, version),
            RemoteLogMetadataRecord::RemotePartitionDeleteMetadata(record) => record.encode(writer, version),
            RemoteLogMetadataRecord::RemoteLogSegmentMetadataSnapshot(record) => {
                record.encode(writer, version)
            }
        }
    }
}
/// The key of a record of `__consumer_offsets`: a 16-bit type, then the fields.
#[derive(Clone, Debug, PartialEq)]
pub enum OffsetsRecordKey {
    /// Type 0.
    LegacyOffsetCommit(super::LegacyOffsetCommitKey),
    /// Type 1.
    OffsetCommit(super::OffsetCommitKey),
    /// Type 2.
    GroupMetadata(super::GroupMetadataKey),
    /// Type 3.
    ConsumerGroupMetadata(super::ConsumerGroupMetadataKey),
    /// Type 4.
    ConsumerGroupPartitionMetadata(super::ConsumerGroupPartitionMetadataKey),
    /// Type 5.
    ConsumerGroupMemberMetadata(super::ConsumerGroupMemberMetadataKey),
    /// Type 6.
    ConsumerGroupTargetAssignmentMetadata(super::ConsumerGroupTargetAssignmentMetadataKey),
    /// Type 7.
    ConsumerGroupTargetAssignmentMember(super::ConsumerGroupTargetAssignmentMemberKey),
    /// Type 8.
    ConsumerGroupCurrentMemberAssignment(super::ConsumerGroupCurrentMemberAssignmentKey),
    /// Type 10.
    ShareGroupMemberMetadata(super::ShareGroupMemberMetadataKey),
    /// Type 11.
    ShareGroupMetadata(super::ShareGroupMetadataKey),
    /// Type 12.
    ShareGroupTargetAssignmentMetadata(super::ShareGroupTargetAssignmentMetadataKey),
    /// Type 13.
    ShareGroupTargetAssignmentMember(super::ShareGroupTargetAssignmentMemberKey),
    /// Type 14.
    ShareGroupCurrentMemberAssignment(super::ShareGroupCurrentMemberAssignmentKey),
    /// Type 15.
    ShareGroupStatePartitionMetadata(super::ShareGroupStatePartitionMetadataKey),
    /// Type 16.
    ConsumerGroupRegularExpression(super::ConsumerGroupRegularExpressionKey),
    /// Type 17.
    StreamsGroupMetadata(super::StreamsGroupMetadataKey),
    /// Type 19.
    StreamsGroupMemberMetadata(super::StreamsGroupMemberMetadataKey),
    /// Type 20.
    StreamsGroupTargetAssignmentMetadata(super::StreamsGroupTargetAssignmentMetadataKey),
    /// Type 21.
    StreamsGroupTargetAssignmentMember(super::StreamsGroupTargetAssignmentMemberKey),
    /// Type 22.
    StreamsGroupCurrentMemberAssignment(super::StreamsGroupCurrentMemberAssignmentKey),
    /// Type 23.
    StreamsGroupTopology(super::StreamsGroupTopologyKey),
}

impl From<super::LegacyOffsetCommitKey> for OffsetsRecordKey {
    fn from(record: super::LegacyOffsetCommitKey) -> OffsetsRecordKey {
        OffsetsRecordKey::LegacyOffsetCommit(record)
    }
}
impl From<super::OffsetCommitKey> for OffsetsRecordKey {
    fn from(record: super::OffsetCommitKey) -> OffsetsRecordKey {
        OffsetsRecordKey::OffsetCommit(record)
    }
}
impl From<super::GroupMetadataKey> for OffsetsRecordKey {
    fn from(record: super::GroupMetadataKey) -> OffsetsRecordKey {
        OffsetsRecordKey::GroupMetadata(record)
    }
}
impl From<super::ConsumerGroupMetadataKey> for OffsetsRecordKey {
    fn from(record: super::ConsumerGroupMetadataKey) -> OffsetsRecordKey {
        OffsetsRecordKey::ConsumerGroupMetadata(record)
    }
}
impl From<super::ConsumerGroupPartitionMetadataKey> for OffsetsRecordKey {
    fn from(record: super::ConsumerGroupPartitionMetadataKey) -> OffsetsRecordKey {
        OffsetsRecordKey::ConsumerGroupPartitionMetadata(record)
    }
}
impl From<super::ConsumerGroupMemberMetadataKey> for OffsetsRecordKey {
    fn from(record: super::ConsumerGroupMemberMetadataKey) -> OffsetsRecordKey {
        OffsetsRecordKey::ConsumerGroupMemberMetadata(record)
    }
}
impl From<super::ConsumerGroupTargetAssignmentMetadataKey> for OffsetsRecordKey {
    fn from(record: super::ConsumerGroupTargetAssignmentMetadataKey) -> OffsetsRecordKey {
        OffsetsRecordKey::ConsumerGroupTargetAssignmentMetadata(record)
    }
}
impl From<super::ConsumerGroupTargetAssignmentMemberKey> for OffsetsRecordKey {
    fn from(record: super::ConsumerGroupTargetAssignmentMemberKey) -> OffsetsRecordKey {
        OffsetsRecordKey::ConsumerGroupTargetAssignmentMember(record)
    }
}
impl From<super::ConsumerGroupCurrentMemberAssignmentKey> for OffsetsRecordKey {
    fn from(record: super::ConsumerGroupCurrentMemberAssignmentKey) -> OffsetsRecordKey {
        OffsetsRecordKey::ConsumerGroupCurrentMemberAssignment(record)
    }
}
impl From<super::ShareGroupMemberMetadataKey> for OffsetsRecordKey {
    fn from(record: super::ShareGroupMemberMetadataKey) -> OffsetsRecordKey {
        OffsetsRecordKey::ShareGroupMemberMetadata(record)
    }
}
impl From<super::ShareGroupMetadataKey> for OffsetsRecordKey {
    fn from(record: super::ShareGroupMetadataKey) -> OffsetsRecordKey {
        OffsetsRecordKey::ShareGroupMetadata(record)
    }
}
impl From<super::ShareGroupTargetAssignmentMetadataKey> for OffsetsRecordKey {
    fn from(record: super::ShareGroupTargetAssignmentMetadataKey) -> OffsetsRecordKey {
        OffsetsRecordKey::ShareGroupTargetAssignmentMetadata(record)
    }
}
impl From<super::ShareGroupTargetAssignmentMemberKey> for OffsetsRecordKey {
    fn from(record: super::ShareGroupTargetAssignmentMemberKey) -> OffsetsRecordKey {
        OffsetsRecordKey::ShareGroupTargetAssignmentMember(record)
    }
}
impl From<super::ShareGroupCurrentMemberAssignmentKey> for OffsetsRecordKey {
    fn from(record: super::ShareGroupCurrentMemberAssignmentKey) -> OffsetsRecordKey {
        OffsetsRecordKey::ShareGroupCurrentMemberAssignment(record)
    }
}
impl From<super::ShareGroupStatePartitionMetadataKey> for OffsetsRecordKey {
    fn from(record: super::ShareGroupStatePartitionMetadataKey) -> OffsetsRecordKey {
        OffsetsRecordKey::ShareGroupStatePartitionMetadata(record)
    }
}
impl From<super::ConsumerGroupRegularExpressionKey> for OffsetsRecordKey {
    fn from(record: super::ConsumerGroupRegularExpressionKey) -> OffsetsRecordKey {
        OffsetsRecordKey::ConsumerGroupRegularExpression(record)
    }
}
impl From<super::StreamsGroupMetadataKey> for OffsetsRecordKey {
    fn from(record: super::StreamsGroupMetadataKey) -> OffsetsRecordKey {
        OffsetsRecordKey::StreamsGroupMetadata(record)
    }
}
impl From<super::StreamsGroupMemberMetadataKey> for OffsetsRecordKey {
    fn from(record: super::StreamsGroupMemberMetadataKey) -> OffsetsRecordKey {
        OffsetsRecordKey::StreamsGroupMemberMetadata(record)
    }
}
impl From<super::StreamsGroupTargetAssignmentMetadataKey> for OffsetsRecordKey {
    fn from(record: super::StreamsGroupTargetAssignmentMetadataKey) -> OffsetsRecordKey {
        OffsetsRecordKey::StreamsGroupTargetAssignmentMetadata(record)
    }
}
impl From<super::StreamsGroupTargetAssignmentMemberKey> for OffsetsRecordKey {
    fn from(record: super::StreamsGroupTargetAssignmentMemberKey) -> OffsetsRecordKey {
        OffsetsRecordKey::StreamsGroupTargetAssignmentMember(record)
    }
}
impl From<super::StreamsGroupCurrentMemberAssignmentKey> for OffsetsRecordKey {
    fn from(record: super::StreamsGroupCurrentMemberAssignmentKey) -> OffsetsRecordKey {
        OffsetsRecordKey::StreamsGroupCurrentMemberAssignment(record)
    }
}
impl From<super::StreamsGroupTopologyKey> for OffsetsRecordKey {
    fn from(record: super::StreamsGroupTopologyKey) -> OffsetsRecordKey {
        OffsetsRecordKey::StreamsGroupTopology(record)
    }
}

impl OffsetsRecordKey {
    /// The number of the record's type.
    pub const fn record_type(&self) -> i16 {
        match self {
            OffsetsRecordKey::LegacyOffsetCommit(_) => 0,
            OffsetsRecordKey::OffsetCommit(_) => 1,
            OffsetsRecordKey::GroupMetadata(_) => 2,
            OffsetsRecordKey::ConsumerGroupMetadata(_) => 3,
            OffsetsRecordKey::ConsumerGroupPartitionMetadata(_) => 4,
            OffsetsRecordKey::ConsumerGroupMemberMetadata(_) => 5,
            OffsetsRecordKey::ConsumerGroupTargetAssignmentMetadata(_) => 6,
            OffsetsRecordKey::ConsumerGroupTargetAssignmentMember(_) => 7,
            OffsetsRecordKey::ConsumerGroupCurrentMemberAssignment(_) => 8,
            OffsetsRecordKey::ShareGroupMemberMetadata(_) => 10,
            OffsetsRecordKey::ShareGroupMetadata(_) => 11,
            OffsetsRecordKey::ShareGroupTargetAssignmentMetadata(_) => 12,
            OffsetsRecordKey::ShareGroupTargetAssignmentMember(_) => 13,
            OffsetsRecordKey::ShareGroupCurrentMemberAssignment(_) => 14,
            OffsetsRecordKey::ShareGroupStatePartitionMetadata(_) => 15,
            OffsetsRecordKey::ConsumerGroupRegularExpression(_) => 16,
            OffsetsRecordKey::StreamsGroupMetadata(_) => 17,
            OffsetsRecordKey::StreamsGroupMemberMetadata(_) => 19,
            OffsetsRecordKey::StreamsGroupTargetAssignmentMetadata(_) => 20,
            OffsetsRecordKey::StreamsGroupTargetAssignmentMember(_) => 21,
            OffsetsRecordKey::StreamsGroupCurrentMemberAssignment(_) => 22,
            OffsetsRecordKey::StreamsGroupTopology(_) => 23,
        }
    }

    /// The schema's name.
    pub const fn name(&self) -> &'static str {
        match self {
            OffsetsRecordKey::LegacyOffsetCommit(_) => "LegacyOffsetCommitKey",
            OffsetsRecordKey::OffsetCommit(_) => "OffsetCommitKey",
            OffsetsRecordKey::GroupMetadata(_) => "GroupMetadataKey",
            OffsetsRecordKey::ConsumerGroupMetadata(_) => "ConsumerGroupMetadataKey",
            OffsetsRecordKey::ConsumerGroupPartitionMetadata(_) => "ConsumerGroupPartitionMetadataKey",
            OffsetsRecordKey::ConsumerGroupMemberMetadata(_) => "ConsumerGroupMemberMetadataKey",
            OffsetsRecordKey::ConsumerGroupTargetAssignmentMetadata(_) => {
                "ConsumerGroupTargetAssignmentMetadataKey"
            }
            OffsetsRecordKey::ConsumerGroupTargetAssignmentMember(_) => {
                "ConsumerGroupTargetAssignmentMemberKey"
            }
            OffsetsRecordKey::ConsumerGroupCurrentMemberAssignment(_) => {
                "ConsumerGroupCurrentMemberAssignmentKey"
            }
            OffsetsRecordKey::ShareGroupMemberMetadata(_) => "ShareGroupMemberMetadataKey",
            OffsetsRecordKey::ShareGroupMetadata(_) => "ShareGroupMetadataKey",
            OffsetsRecordKey::ShareGroupTargetAssignmentMetadata(_) => {
                "ShareGroupTargetAssignmentMetadataKey"
            }
            OffsetsRecordKey::ShareGroupTargetAssignmentMember(_) => "ShareGroupTargetAssignmentMemberKey",
            OffsetsRecordKey::ShareGroupCurrentMemberAssignment(_) => "ShareGroupCurrentMemberAssignmentKey",
            OffsetsRecordKey::ShareGroupStatePartitionMetadata(_) => "ShareGroupStatePartitionMetadataKey",
            OffsetsRecordKey::ConsumerGroupRegularExpression(_) => "ConsumerGroupRegularExpressionKey",
            OffsetsRecordKey::StreamsGroupMetadata(_) => "StreamsGroupMetadataKey",
            OffsetsRecordKey::StreamsGroupMemberMetadata(_) => "StreamsGroupMemberMetadataKey",
            OffsetsRecordKey::StreamsGroupTargetAssignmentMetadata(_) => {
                "StreamsGroupTargetAssignmentMetadataKey"
            }
            OffsetsRecordKey::StreamsGroupTargetAssignmentMember(_) => {
                "StreamsGroupTargetAssignmentMemberKey"
            }
            OffsetsRecordKey::StreamsGroupCurrentMemberAssignment(_) => {
                "StreamsGroupCurrentMemberAssignmentKey"
            }
            OffsetsRecordKey::StreamsGroupTopology(_) => "StreamsGroupTopologyKey",
        }
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetsRecordKey {
    fn write_json(&self, out: &mut String, version: i16) {
        match self {
            OffsetsRecordKey::LegacyOffsetCommit(record) => record.write_json(out, version),
            OffsetsRecordKey::OffsetCommit(record) => record.write_json(out, version),
            OffsetsRecordKey::GroupMetadata(record) => record.write_json(out, version),
            OffsetsRecordKey::ConsumerGroupMetadata(record) => record.write_json(out, version),
            OffsetsRecordKey::ConsumerGroupPartitionMetadata(record) => record.write_json(out, version),
            OffsetsRecordKey::ConsumerGroupMemberMetadata(record) => record.write_json(out, version),
            OffsetsRecordKey::ConsumerGroupTargetAssignmentMetadata(record) => {
                record.write_json(out, version)
            }
            OffsetsRecordKey::ConsumerGroupTargetAssignmentMember(record) => record.write_json(out, version),
            OffsetsRecordKey::ConsumerGroupCurrentMemberAssignment(record) => record.write_json(out, version),
            OffsetsRecordKey::ShareGroupMemberMetadata(record) => record.write_json(out, version),
            OffsetsRecordKey::ShareGroupMetadata(record) => record.write_json(out, version),
            OffsetsRecordKey::ShareGroupTargetAssignmentMetadata(record) => record.write_json(out, version),
            OffsetsRecordKey::ShareGroupTargetAssignmentMember(record) => record.write_json(out, version),
            OffsetsRecordKey::ShareGroupCurrentMemberAssignment(record) => record.write_json(out, version),
            OffsetsRecordKey::ShareGroupStatePartitionMetadata(record) => record.write_json(out, version),
            OffsetsRecordKey::ConsumerGroupRegularExpression(record) => record.write_json(out, version),
            OffsetsRecordKey::StreamsGroupMetadata(record) => record.write_json(out, version),
            OffsetsRecordKey::StreamsGroupMemberMetadata(record) => record.write_json(out, version),
            OffsetsRecordKey::StreamsGroupTargetAssignmentMetadata(record) => record.write_json(out, version),
            OffsetsRecordKey::StreamsGroupTargetAssignmentMember(record) => record.write_json(out, version),
            OffsetsRecordKey::StreamsGroupCurrentMemberAssignment(record) => record.write_json(out, version),
            OffsetsRecordKey::StreamsGroupTopology(record) => record.write_json(out, version),
        }
    }
}

impl OffsetsRecordKey {
    /// Reads a key.
    pub fn decode(reader: &mut Reader) -> Result<OffsetsRecordKey, DecodeError> {
        Ok(match reader.i16()? {
            0 => super::LegacyOffsetCommitKey::decode(reader, 0)?.into(),
            1 => super::OffsetCommitKey::decode(reader, 0)?.into(),
            2 => super::GroupMetadataKey::decode(reader, 0)?.into(),
            3 => super::ConsumerGroupMetadataKey::decode(reader, 0)?.into(),
            4 => super::ConsumerGroupPartitionMetadataKey::decode(reader, 0)?.into(),
            5 => super::ConsumerGroupMemberMetadataKey::decode(reader, 0)?.into(),
            6 => super::ConsumerGroupTargetAssignmentMetadataKey::decode(reader, 0)?.into(),
            7 => super::ConsumerGroupTargetAssignmentMemberKey::decode(reader, 0)?.into(),
            8 => super::ConsumerGroupCurrentMemberAssignmentKey::decode(reader, 0)?.into(),
            10 => super::ShareGroupMemberMetadataKey::decode(reader, 0)?.into(),
            11 => super::ShareGroupMetadataKey::decode(reader, 0)?.into(),
            12 => super::ShareGroupTargetAssignmentMetadataKey::decode(reader, 0)?.into(),
            13 => super::ShareGroupTargetAssignmentMemberKey::decode(reader, 0)?.into(),
            14 => super::ShareGroupCurrentMemberAssignmentKey::decode(reader, 0)?.into(),
            15 => super::ShareGroupStatePartitionMetadataKey::decode(reader, 0)?.into(),
            16 => super::ConsumerGroupRegularExpressionKey::decode(reader, 0)?.into(),
            17 => super::StreamsGroupMetadataKey::decode(reader, 0)?.into(),
            19 => super::StreamsGroupMemberMetadataKey::decode(reader, 0)?.into(),
            20 => super::StreamsGroupTargetAssignmentMetadataKey::decode(reader, 0)?.into(),
            21 => super::StreamsGroupTargetAssignmentMemberKey::decode(reader, 0)?.into(),
            22 => super::StreamsGroupCurrentMemberAssignmentKey::decode(reader, 0)?.into(),
            23 => super::StreamsGroupTopologyKey::decode(reader, 0)?.into(),

            key => {
                return Err(DecodeError::UnknownType {
                    family: "__consumer_offsets record",
                    key: i32::from(key),
                });
            }
        })
    }

    /// Appends the key.
    pub fn encode(&self, writer: &mut Writer) -> Result<(), EncodeError> {
        writer.i16(self.record_type());
        match self {
            OffsetsRecordKey::LegacyOffsetCommit(key) => key.encode(writer, 0),
            OffsetsRecordKey::OffsetCommit(key) => key.encode(writer, 0),
            OffsetsRecordKey::GroupMetadata(key) => key.encode(writer, 0),
            OffsetsRecordKey::ConsumerGroupMetadata(key) => key.encode(writer, 0),
            OffsetsRecordKey::ConsumerGroupPartitionMetadata(key) => key.encode(writer, 0),
            OffsetsRecordKey::ConsumerGroupMemberMetadata(key) => key.encode(writer, 0),
            OffsetsRecordKey::ConsumerGroupTargetAssignmentMetadata(key) => key.encode(writer, 0),
            OffsetsRecordKey::ConsumerGroupTargetAssignmentMember(key) => key.encode(writer, 0),
            OffsetsRecordKey::ConsumerGroupCurrentMemberAssignment(key) => key.encode(writer, 0),
            OffsetsRecordKey::ShareGroupMemberMetadata(key) => key.encode(writer, 0),
            OffsetsRecordKey::ShareGroupMetadata(key) => key.encode(writer, 0),
            OffsetsRecordKey::ShareGroupTargetAssignmentMetadata(key) => key.encode(writer, 0),
            OffsetsRecordKey::ShareGroupTargetAssignmentMember(key) => key.encode(writer, 0),
            OffsetsRecordKey::ShareGroupCurrentMemberAssignment(key) => key.encode(writer, 0),
            OffsetsRecordKey::ShareGroupStatePartitionMetadata(key) => key.encode(writer, 0),
            OffsetsRecordKey::ConsumerGroupRegularExpression(key) => key.encode(writer, 0),
            OffsetsRecordKey::StreamsGroupMetadata(key) => key.encode(writer, 0),
            OffsetsRecordKey::StreamsGroupMemberMetadata(key) => key.encode(writer, 0),
            OffsetsRecordKey::StreamsGroupTargetAssignmentMetadata(key) => key.encode(writer, 0),
            OffsetsRecordKey::StreamsGroupTargetAssignmentMember(key) => key.encode(writer, 0),
            OffsetsRecordKey::StreamsGroupCurrentMemberAssignment(key) => key.encode(writer, 0),
            OffsetsRecordKey::StreamsGroupTopology(key) => key.encode(writer, 0),
        }
    }
}
/// The value of a record of `__consumer_offsets`: a 16-bit version, then the fields.
#[derive(Clone, Debug, PartialEq)]
pub enum OffsetsRecordValue {
    /// Type 0.
    LegacyOffsetCommit(super::LegacyOffsetCommitValue),
    /// Type 1.
    OffsetCommit(super::OffsetCommitValue),
    /// Type 2.
    GroupMetadata(super::GroupMetadataValue),
    /// Type 3.
    ConsumerGroupMetadata(super::ConsumerGroupMetadataValue),
    /// Type 4.
    ConsumerGroupPartitionMetadata(super::ConsumerGroupPartitionMetadataValue),
    /// Type 5.
    ConsumerGroupMemberMetadata(super::ConsumerGroupMemberMetadataValue),
    /// Type 6.
    ConsumerGroupTargetAssignmentMetadata(super::ConsumerGroupTargetAssignmentMetadataValue),
    /// Type 7.
    ConsumerGroupTargetAssignmentMember(super::ConsumerGroupTargetAssignmentMemberValue),
    /// Type 8.
    ConsumerGroupCurrentMemberAssignment(super::ConsumerGroupCurrentMemberAssignmentValue),
    /// Type 10.
    ShareGroupMemberMetadata(super::ShareGroupMemberMetadataValue),
    /// Type 11.
    ShareGroupMetadata(super::ShareGroupMetadataValue),
    /// Type 12.
    ShareGroupTargetAssignmentMetadata(super::ShareGroupTargetAssignmentMetadataValue),
    /// Type 13.
    ShareGroupTargetAssignmentMember(super::ShareGroupTargetAssignmentMemberValue),
    /// Type 14.
    ShareGroupCurrentMemberAssignment(super::ShareGroupCurrentMemberAssignmentValue),
    /// Type 15.
    ShareGroupStatePartitionMetadata(super::ShareGroupStatePartitionMetadataValue),
    /// Type 16.
    ConsumerGroupRegularExpression(super::ConsumerGroupRegularExpressionValue),
    /// Type 17.
    StreamsGroupMetadata(super::StreamsGroupMetadataValue),
    /// Type 19.
    StreamsGroupMemberMetadata(super::StreamsGroupMemberMetadataValue),
    /// Type 20.
    StreamsGroupTargetAssignmentMetadata(super::StreamsGroupTargetAssignmentMetadataValue),
    /// Type 21.
    StreamsGroupTargetAssignmentMember(super::StreamsGroupTargetAssignmentMemberValue),
    /// Type 22.
    StreamsGroupCurrentMemberAssignment(super::StreamsGroupCurrentMemberAssignmentValue),
    /// Type 23.
    StreamsGroupTopology(super::StreamsGroupTopologyValue),
}

impl From<super::LegacyOffsetCommitValue> for OffsetsRecordValue {
    fn from(record: super::LegacyOffsetCommitValue) -> OffsetsRecordValue {
        OffsetsRecordValue::LegacyOffsetCommit(record)
    }
}
impl From<super::OffsetCommitValue> for OffsetsRecordValue {
    fn from(record: super::OffsetCommitValue) -> OffsetsRecordValue {
        OffsetsRecordValue::OffsetCommit(record)
    }
}
impl From<super::GroupMetadataValue> for OffsetsRecordValue {
    fn from(record: super::GroupMetadataValue) -> OffsetsRecordValue {
        OffsetsRecordValue::GroupMetadata(record)
    }
}
impl From<super::ConsumerGroupMetadataValue> for OffsetsRecordValue {
    fn from(record: super::ConsumerGroupMetadataValue) -> OffsetsRecordValue {
        OffsetsRecordValue::ConsumerGroupMetadata(record)
    }
}
impl From<super::ConsumerGroupPartitionMetadataValue> for OffsetsRecordValue {
    fn from(record: super::ConsumerGroupPartitionMetadataValue) -> OffsetsRecordValue {
        OffsetsRecordValue::ConsumerGroupPartitionMetadata(record)
    }
}
impl From<super::ConsumerGroupMemberMetadataValue> for OffsetsRecordValue {
    fn from(record: super::ConsumerGroupMemberMetadataValue) -> OffsetsRecordValue {
        OffsetsRecordValue::ConsumerGroupMemberMetadata(record)
    }
}
impl From<super::ConsumerGroupTargetAssignmentMetadataValue> for OffsetsRecordValue {
    fn from(record: super::ConsumerGroupTargetAssignmentMetadataValue) -> OffsetsRecordValue {
        OffsetsRecordValue::ConsumerGroupTargetAssignmentMetadata(record)
    }
}
impl From<super::ConsumerGroupTargetAssignmentMemberValue> for OffsetsRecordValue {
    fn from(record: super::ConsumerGroupTargetAssignmentMemberValue) -> OffsetsRecordValue {
        OffsetsRecordValue::ConsumerGroupTargetAssignmentMember(record)
    }
}
impl From<super::ConsumerGroupCurrentMemberAssignmentValue> for OffsetsRecordValue {
    fn from(record: super::ConsumerGroupCurrentMemberAssignmentValue) -> OffsetsRecordValue {
        OffsetsRecordValue::ConsumerGroupCurrentMemberAssignment(record)
    }
}
impl From<super::ShareGroupMemberMetadataValue> for OffsetsRecordValue {
    fn from(record: super::ShareGroupMemberMetadataValue) -> OffsetsRecordValue {
        OffsetsRecordValue::ShareGroupMemberMetadata(record)
    }
}
impl From<super::ShareGroupMetadataValue> for OffsetsRecordValue {
    fn from(record: super::ShareGroupMetadataValue) -> OffsetsRecordValue {
        OffsetsRecordValue::ShareGroupMetadata(record)
    }
}
impl From<super::ShareGroupTargetAssignmentMetadataValue> for OffsetsRecordValue {
    fn from(record: super::ShareGroupTargetAssignmentMetadataValue) -> OffsetsRecordValue {
        OffsetsRecordValue::ShareGroupTargetAssignmentMetadata(record)
    }
}
impl From<super::ShareGroupTargetAssignmentMemberValue> for OffsetsRecordValue {
    fn from(record: super::ShareGroupTargetAssignmentMemberValue) -> OffsetsRecordValue {
        OffsetsRecordValue::ShareGroupTargetAssignmentMember(record)
    }
}
impl From<super::ShareGroupCurrentMemberAssignmentValue> for OffsetsRecordValue {
    fn from(record: super::ShareGroupCurrentMemberAssignmentValue) -> OffsetsRecordValue {
        OffsetsRecordValue::ShareGroupCurrentMemberAssignment(record)
    }
}
impl From<super::ShareGroupStatePartitionMetadataValue> for OffsetsRecordValue {
    fn from(record: super::ShareGroupStatePartitionMetadataValue) -> OffsetsRecordValue {
        OffsetsRecordValue::ShareGroupStatePartitionMetadata(record)
    }
}
impl From<super::ConsumerGroupRegularExpressionValue> for OffsetsRecordValue {
    fn from(record: super::ConsumerGroupRegularExpressionValue) -> OffsetsRecordValue {
        OffsetsRecordValue::ConsumerGroupRegularExpression(record)
    }
}
impl From<super::StreamsGroupMetadataValue> for OffsetsRecordValue {
    fn from(record: super::StreamsGroupMetadataValue) -> OffsetsRecordValue {
        OffsetsRecordValue::StreamsGroupMetadata(record)
    }
}
impl From<super::StreamsGroupMemberMetadataValue> for OffsetsRecordValue {
    fn from(record: super::StreamsGroupMemberMetadataValue) -> OffsetsRecordValue {
        OffsetsRecordValue::StreamsGroupMemberMetadata(record)
    }
}
impl From<super::StreamsGroupTargetAssignmentMetadataValue> for OffsetsRecordValue {
    fn from(record: super::StreamsGroupTargetAssignmentMetadataValue) -> OffsetsRecordValue {
        OffsetsRecordValue::StreamsGroupTargetAssignmentMetadata(record)
    }
}
impl From<super::StreamsGroupTargetAssignmentMemberValue> for OffsetsRecordValue {
    fn from(record: super::StreamsGroupTargetAssignmentMemberValue) -> OffsetsRecordValue {
        OffsetsRecordValue::StreamsGroupTargetAssignmentMember(record)
    }
}
impl From<super::StreamsGroupCurrentMemberAssignmentValue> for OffsetsRecordValue {
    fn from(record: super::StreamsGroupCurrentMemberAssignmentValue) -> OffsetsRecordValue {
        OffsetsRecordValue::StreamsGroupCurrentMemberAssignment(record)
    }
}
impl From<super::StreamsGroupTopologyValue> for OffsetsRecordValue {
    fn from(record: super::StreamsGroupTopologyValue) -> OffsetsRecordValue {
        OffsetsRecordValue::StreamsGroupTopology(record)
    }
}

impl OffsetsRecordValue {
    /// The number of the record's type.
    pub const fn record_type(&self) -> i16 {
        match self {
            OffsetsRecordValue::LegacyOffsetCommit(_) => 0,
            OffsetsRecordValue::OffsetCommit(_) => 1,
            OffsetsRecordValue::GroupMetadata(_) => 2,
            OffsetsRecordValue::ConsumerGroupMetadata(_) => 3,
            OffsetsRecordValue::ConsumerGroupPartitionMetadata(_) => 4,
            OffsetsRecordValue::ConsumerGroupMemberMetadata(_) => 5,
            OffsetsRecordValue::ConsumerGroupTargetAssignmentMetadata(_) => 6,
            OffsetsRecordValue::ConsumerGroupTargetAssignmentMember(_) => 7,
            OffsetsRecordValue::ConsumerGroupCurrentMemberAssignment(_) => 8,
            OffsetsRecordValue::ShareGroupMemberMetadata(_) => 10,
            OffsetsRecordValue::ShareGroupMetadata(_) => 11,
            OffsetsRecordValue::ShareGroupTargetAssignmentMetadata(_) => 12,
            OffsetsRecordValue::ShareGroupTargetAssignmentMember(_) => 13,
            OffsetsRecordValue::ShareGroupCurrentMemberAssignment(_) => 14,
            OffsetsRecordValue::ShareGroupStatePartitionMetadata(_) => 15,
            OffsetsRecordValue::ConsumerGroupRegularExpression(_) => 16,
            OffsetsRecordValue::StreamsGroupMetadata(_) => 17,
            OffsetsRecordValue::StreamsGroupMemberMetadata(_) => 19,
            OffsetsRecordValue::StreamsGroupTargetAssignmentMetadata(_) => 20,
            OffsetsRecordValue::StreamsGroupTargetAssignmentMember(_) => 21,
            OffsetsRecordValue::StreamsGroupCurrentMemberAssignment(_) => 22,
            OffsetsRecordValue::StreamsGroupTopology(_) => 23,
        }
    }

    /// The schema's name.
    pub const fn name(&self) -> &'static str {
        match self {
            OffsetsRecordValue::LegacyOffsetCommit(_) => "LegacyOffsetCommitValue",
            OffsetsRecordValue::OffsetCommit(_) => "OffsetCommitValue",
            OffsetsRecordValue::GroupMetadata(_) => "GroupMetadataValue",
            OffsetsRecordValue::ConsumerGroupMetadata(_) => "ConsumerGroupMetadataValue",
            OffsetsRecordValue::ConsumerGroupPartitionMetadata(_) => "ConsumerGroupPartitionMetadataValue",
            OffsetsRecordValue::ConsumerGroupMemberMetadata(_) => "ConsumerGroupMemberMetadataValue",
            OffsetsRecordValue::ConsumerGroupTargetAssignmentMetadata(_) => {
                "ConsumerGroupTargetAssignmentMetadataValue"
            }
            OffsetsRecordValue::ConsumerGroupTargetAssignmentMember(_) => {
                "ConsumerGroupTargetAssignmentMemberValue"
            }
            OffsetsRecordValue::ConsumerGroupCurrentMemberAssignment(_) => {
                "ConsumerGroupCurrentMemberAssignmentValue"
            }
            OffsetsRecordValue::ShareGroupMemberMetadata(_) => "ShareGroupMemberMetadataValue",
            OffsetsRecordValue::ShareGroupMetadata(_) => "ShareGroupMetadataValue",
            OffsetsRecordValue::ShareGroupTargetAssignmentMetadata(_) => {
                "ShareGroupTargetAssignmentMetadataValue"
            }
            OffsetsRecordValue::ShareGroupTargetAssignmentMember(_) => {
                "ShareGroupTargetAssignmentMemberValue"
            }
            OffsetsRecordValue::ShareGroupCurrentMemberAssignment(_) => {
                "ShareGroupCurrentMemberAssignmentValue"
            }
            OffsetsRecordValue::ShareGroupStatePartitionMetadata(_) => {
                "ShareGroupStatePartitionMetadataValue"
            }
            OffsetsRecordValue::ConsumerGroupRegularExpression(_) => "ConsumerGroupRegularExpressionValue",
            OffsetsRecordValue::StreamsGroupMetadata(_) => "StreamsGroupMetadataValue",
            OffsetsRecordValue::StreamsGroupMemberMetadata(_) => "StreamsGroupMemberMetadataValue",
            OffsetsRecordValue::StreamsGroupTargetAssignmentMetadata(_) => {
                "StreamsGroupTargetAssignmentMetadataValue"
            }
            OffsetsRecordValue::StreamsGroupTargetAssignmentMember(_) => {
                "StreamsGroupTargetAssignmentMemberValue"
            }
            OffsetsRecordValue::StreamsGroupCurrentMemberAssignment(_) => {
                "StreamsGroupCurrentMemberAssignmentValue"
            }
            OffsetsRecordValue::StreamsGroupTopology(_) => "StreamsGroupTopologyValue",
        }
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetsRecordValue {
    fn write_json(&self, out: &mut String, version: i16) {
        match self {
            OffsetsRecordValue::LegacyOffsetCommit(record) => record.write_json(out, version),
            OffsetsRecordValue::OffsetCommit(record) => record.write_json(out, version),
            OffsetsRecordValue::GroupMetadata(record) => record.write_json(out, version),
            OffsetsRecordValue::ConsumerGroupMetadata(record) => record.write_json(out, version),
            OffsetsRecordValue::ConsumerGroupPartitionMetadata(record) => record.write_json(out, version),
            OffsetsRecordValue::ConsumerGroupMemberMetadata(record) => record.write_json(out, version),
            OffsetsRecordValue::ConsumerGroupTargetAssignmentMetadata(record) => {
                record.write_json(out, version)
            }
            OffsetsRecordValue::ConsumerGroupTargetAssignmentMember(record) => {
                record.write_json(out, version)
            }
            OffsetsRecordValue::ConsumerGroupCurrentMemberAssignment(record) => {
                record.write_json(out, version)
            }
            OffsetsRecordValue::ShareGroupMemberMetadata(record) => record.write_json(out, version),
            OffsetsRecordValue::ShareGroupMetadata(record) => record.write_json(out, version),
            OffsetsRecordValue::ShareGroupTargetAssignmentMetadata(record) => record.write_json(out, version),
            OffsetsRecordValue::ShareGroupTargetAssignmentMember(record) => record.write_json(out, version),
            OffsetsRecordValue::ShareGroupCurrentMemberAssignment(record) => record.write_json(out, version),
            OffsetsRecordValue::ShareGroupStatePartitionMetadata(record) => record.write_json(out, version),
            OffsetsRecordValue::ConsumerGroupRegularExpression(record) => record.write_json(out, version),
            OffsetsRecordValue::StreamsGroupMetadata(record) => record.write_json(out, version),
            OffsetsRecordValue::StreamsGroupMemberMetadata(record) => record.write_json(out, version),
            OffsetsRecordValue::StreamsGroupTargetAssignmentMetadata(record) => {
                record.write_json(out, version)
            }
            OffsetsRecordValue::StreamsGroupTargetAssignmentMember(record) => record.write_json(out, version),
            OffsetsRecordValue::StreamsGroupCurrentMemberAssignment(record) => {
                record.write_json(out, version)
            }
            OffsetsRecordValue::StreamsGroupTopology(record) => record.write_json(out, version),
        }
    }
}

impl OffsetsRecordValue {
    /// Reads the value that belongs to a key of `record_type`, and the version it was written at.
    pub fn decode(record_type: i16, reader: &mut Reader) -> Result<(OffsetsRecordValue, i16), DecodeError> {
        let version = reader.i16()?;
        let value = match record_type {
            0 => super::LegacyOffsetCommitValue::decode(reader, version)?.into(),
            1 => super::OffsetCommitValue::decode(reader, version)?.into(),
            2 => super::GroupMetadataValue::decode(reader, version)?.into(),
            3 => super::ConsumerGroupMetadataValue::decode(reader, version)?.into(),
            4 => super::ConsumerGroupPartitionMetadataValue::decode(reader, version)?.into(),
            5 => super::ConsumerGroupMemberMetadataValue::decode(reader, version)?.into(),
            6 => super::ConsumerGroupTargetAssignmentMetadataValue::decode(reader, version)?.into(),
            7 => super::ConsumerGroupTargetAssignmentMemberValue::decode(reader, version)?.into(),
            8 => super::ConsumerGroupCurrentMemberAssignmentValue::decode(reader, version)?.into(),
            10 => super::ShareGroupMemberMetadataValue::decode(reader, version)?.into(),
            11 => super::ShareGroupMetadataValue::decode(reader, version)?.into(),
            12 => super::ShareGroupTargetAssignmentMetadataValue::decode(reader, version)?.into(),
            13 => super::ShareGroupTargetAssignmentMemberValue::decode(reader, version)?.into(),
            14 => super::ShareGroupCurrentMemberAssignmentValue::decode(reader, version)?.into(),
            15 => super::ShareGroupStatePartitionMetadataValue::decode(reader, version)?.into(),
            16 => super::ConsumerGroupRegularExpressionValue::decode(reader, version)?.into(),
            17 => super::StreamsGroupMetadataValue::decode(reader, version)?.into(),
            19 => super::StreamsGroupMemberMetadataValue::decode(reader, version)?.into(),
            20 => super::StreamsGroupTargetAssignmentMetadataValue::decode(reader, version)?.into(),
            21 => super::StreamsGroupTargetAssignmentMemberValue::decode(reader, version)?.into(),
            22 => super::StreamsGroupCurrentMemberAssignmentValue::decode(reader, version)?.into(),
            23 => super::StreamsGroupTopologyValue::decode(reader, version)?.into(),

            key => {
                return Err(DecodeError::UnknownType {
                    family: "__consumer_offsets record",
                    key: i32::from(key),
                });
            }
        };
        Ok((value, version))
    }

    /// Appends the value at `version`.
    pub fn encode(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i16(version);
        match self {
            OffsetsRecordValue::LegacyOffsetCommit(value) => value.encode(writer, version),
            OffsetsRecordValue::OffsetCommit(value) => value.encode(writer, version),
            OffsetsRecordValue::GroupMetadata(value) => value.encode(writer, version),
            OffsetsRecordValue::ConsumerGroupMetadata(value) => value.encode(writer, version),
            OffsetsRecordValue::ConsumerGroupPartitionMetadata(value) => value.encode(writer, version),
            OffsetsRecordValue::ConsumerGroupMemberMetadata(value) => value.encode(writer, version),
            OffsetsRecordValue::ConsumerGroupTargetAssignmentMetadata(value) => value.encode(writer, version),
            OffsetsRecordValue::ConsumerGroupTargetAssignmentMember(value) => value.encode(writer, version),
            OffsetsRecordValue::ConsumerGroupCurrentMemberAssignment(value) => value.encode(writer, version),
            OffsetsRecordValue::ShareGroupMemberMetadata(value) => value.encode(writer, version),
            OffsetsRecordValue::ShareGroupMetadata(value) => value.encode(writer, version),
            OffsetsRecordValue::ShareGroupTargetAssignmentMetadata(value) => value.encode(writer, version),
            OffsetsRecordValue::ShareGroupTargetAssignmentMember(value) => value.encode(writer, version),
            OffsetsRecordValue::ShareGroupCurrentMemberAssignment(value) => value.encode(writer, version),
            OffsetsRecordValue::ShareGroupStatePartitionMetadata(value) => value.encode(writer, version),
            OffsetsRecordValue::ConsumerGroupRegularExpression(value) => value.encode(writer, version),
            OffsetsRecordValue::StreamsGroupMetadata(value) => value.encode(writer, version),
            OffsetsRecordValue::StreamsGroupMemberMetadata(value) => value.encode(writer, version),
            OffsetsRecordValue::StreamsGroupTargetAssignmentMetadata(value) => value.encode(writer, version),
            OffsetsRecordValue::StreamsGroupTargetAssignmentMember(value) => value.encode(writer, version),
            OffsetsRecordValue::StreamsGroupCurrentMemberAssignment(value) => value.encode(writer, version),
            OffsetsRecordValue::StreamsGroupTopology(value) => value.encode(writer, version),
        }
    }
}
/// The key of a record of `__transaction_state`: a 16-bit type, then the fields.
#[derive(Clone, Debug, PartialEq)]
pub enum TransactionRecordKey {
    /// Type 0.
    TransactionLog(super::TransactionLogKey),
}

impl From<super::TransactionLogKey> for TransactionRecordKey {
    fn from(record: super::TransactionLogKey) -> TransactionRecordKey {
        TransactionRecordKey::TransactionLog(record)
    }
}

impl TransactionRecordKey {
    /// The number of the record's type.
    pub const fn record_type(&self) -> i16 {
        match self {
            TransactionRecordKey::TransactionLog(_) => 0,
        }
    }

    /// The schema's name.
    pub const fn name(&self) -> &'static str {
        match self {
            TransactionRecordKey::TransactionLog(_) => "TransactionLogKey",
        }
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TransactionRecordKey {
    fn write_json(&self, out: &mut String, version: i16) {
        match self {
            TransactionRecordKey::TransactionLog(record) => record.write_json(out, version),
        }
    }
}

impl TransactionRecordKey {
    /// Reads a key.
    pub fn decode(reader: &mut Reader) -> Result<TransactionRecordKey, DecodeError> {
        Ok(match reader.i16()? {
            0 => super::TransactionLogKey::decode(reader, 0)?.into(),

            key => {
                return Err(DecodeError::UnknownType {
                    family: "__transaction_state record",
                    key: i32::from(key),
                });
            }
        })
    }

    /// Appends the key.
    pub fn encode(&self, writer: &mut Writer) -> Result<(), EncodeError> {
        writer.i16(self.record_type());
        match self {
            TransactionRecordKey::TransactionLog(key) => key.encode(writer, 0),
        }
    }
}
/// The value of a record of `__transaction_state`: a 16-bit version, then the fields.
#[derive(Clone, Debug, PartialEq)]
pub enum TransactionRecordValue {
    /// Type 0.
    TransactionLog(super::TransactionLogValue),
}

impl From<super::TransactionLogValue> for TransactionRecordValue {
    fn from(record: super::TransactionLogValue) -> TransactionRecordValue {
        TransactionRecordValue::TransactionLog(record)
    }
}

impl TransactionRecordValue {
    /// The number of the record's type.
    pub const fn record_type(&self) -> i16 {
        match self {
            TransactionRecordValue::TransactionLog(_) => 0,
        }
    }

    /// The schema's name.
    pub const fn name(&self) -> &'static str {
        match self {
            TransactionRecordValue::TransactionLog(_) => "TransactionLogValue",
        }
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TransactionRecordValue {
    fn write_json(&self, out: &mut String, version: i16) {
        match self {
            TransactionRecordValue::TransactionLog(record) => record.write_json(out, version),
        }
    }
}

impl TransactionRecordValue {
    /// Reads the value that belongs to a key of `record_type`, and the version it was written at.
    pub fn decode(
        record_type: i16,
        reader: &mut Reader,
    ) -> Result<(TransactionRecordValue, i16), DecodeError> {
        let version = reader.i16()?;
        let value = match record_type {
            0 => super::TransactionLogValue::decode(reader, version)?.into(),

            key => {
                return Err(DecodeError::UnknownType {
                    family: "__transaction_state record",
                    key: i32::from(key),
                });
            }
        };
        Ok((value, version))
    }

    /// Appends the value at `version`.
    pub fn encode(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i16(version);
        match self {
            TransactionRecordValue::TransactionLog(value) => value.encode(writer, version),
        }
    }
}
/// The key of a record of `__share_group_state`: a 16-bit type, then the fields.
#[derive(Clone, Debug, PartialEq)]
pub enum ShareRecordKey {
    /// Type 0.
    ShareSnapshot(super::ShareSnapshotKey),
    /// Type 1.
    ShareUpdate(super::ShareUpdateKey),
}

impl From<super::ShareSnapshotKey> for ShareRecordKey {
    fn from(record: super::ShareSnapshotKey) -> ShareRecordKey {
        ShareRecordKey::ShareSnapshot(record)
    }
}
impl From<super::ShareUpdateKey> for ShareRecordKey {
    fn from(record: super::ShareUpdateKey) -> ShareRecordKey {
        ShareRecordKey::ShareUpdate(record)
    }
}

impl ShareRecordKey {
    /// The number of the record's type.
    pub const fn record_type(&self) -> i16 {
        match self {
            ShareRecordKey::ShareSnapshot(_) => 0,
            ShareRecordKey::ShareUpdate(_) => 1,
        }
    }

    /// The schema's name.
    pub const fn name(&self) -> &'static str {
        match self {
            ShareRecordKey::ShareSnapshot(_) => "ShareSnapshotKey",
            ShareRecordKey::ShareUpdate(_) => "ShareUpdateKey",
        }
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ShareRecordKey {
    fn write_json(&self, out: &mut String, version: i16) {
        match self {
            ShareRecordKey::ShareSnapshot(record) => record.write_json(out, version),
            ShareRecordKey::ShareUpdate(record) => record.write_json(out, version),
        }
    }
}

impl ShareRecordKey {
    /// Reads a key.
    pub fn decode(reader: &mut Reader) -> Result<ShareRecordKey, DecodeError> {
        Ok(match reader.i16()? {
            0 => super::ShareSnapshotKey::decode(reader, 0)?.into(),
            1 => super::ShareUpdateKey::decode(reader, 0)?.into(),

            key => {
                return Err(DecodeError::UnknownType {
                    family: "__share_group_state record",
                    key: i32::from(key),
                });
            }
        })
    }

    /// Appends the key.
    pub fn encode(&self, writer: &mut Writer) -> Result<(), EncodeError> {
        writer.i16(self.record_type());
        match self {
            ShareRecordKey::ShareSnapshot(key) => key.encode(writer, 0),
            ShareRecordKey::ShareUpdate(key) => key.encode(writer, 0),
        }
    }
}
/// The value of a record of `__share_group_state`: a 16-bit version, then the fields.
#[derive(Clone, Debug, PartialEq)]
pub enum ShareRecordValue {
    /// Type 0.
    ShareSnapshot(super::ShareSnapshotValue),
    /// Type 1.
    ShareUpdate(super::ShareUpdateValue),
}

impl From<super::ShareSnapshotValue> for ShareRecordValue {
    fn from(record: super::ShareSnapshotValue) -> ShareRecordValue {
        ShareRecordValue::ShareSnapshot(record)
    }
}
impl From<super::ShareUpdateValue> for ShareRecordValue {
    fn from(record: super::ShareUpdateValue) -> ShareRecordValue {
        ShareRecordValue::ShareUpdate(record)
    }
}

impl ShareRecordValue {
    /// The number of the record's type.
    pub const fn record_type(&self) -> i16 {
        match self {
            ShareRecordValue::ShareSnapshot(_) => 0,
            ShareRecordValue::ShareUpdate(_) => 1,
        }
    }

    /// The schema's name.
    pub const fn name(&self) -> &'static str {
        match self {
            ShareRecordValue::ShareSnapshot(_) => "ShareSnapshotValue",
            ShareRecordValue::ShareUpdate(_) => "ShareUpdateValue",
        }
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ShareRecordValue {
    fn write_json(&self, out: &mut String, version: i16) {
        match self {
            ShareRecordValue::ShareSnapshot(record) => record.write_json(out, version),
            ShareRecordValue::ShareUpdate(record) => record.write_json(out, version),
        }
    }
}

impl ShareRecordValue {
    /// Reads the value that belongs to a key of `record_type`, and the version it was written at.
    pub fn decode(record_type: i16, reader: &mut Reader) -> Result<(ShareRecordValue, i16), DecodeError> {
        let version = reader.i16()?;
        let value = match record_type {
            0 => super::ShareSnapshotValue::decode(reader, version)?.into(),
            1 => super::ShareUpdateValue::decode(reader, version)?.into(),

            key => {
                return Err(DecodeError::UnknownType {
                    family: "__share_group_state record",
                    key: i32::from(key),
                });
            }
        };
        Ok((value, version))
    }

    /// Appends the value at `version`.
    pub fn encode(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i16(version);
        match self {
            ShareRecordValue::ShareSnapshot(value) => value.encode(writer, version),
            ShareRecordValue::ShareUpdate(value) => value.encode(writer, version),
        }
    }
}
