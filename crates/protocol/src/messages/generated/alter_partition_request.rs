//! Generated from `schemas/AlterPartitionRequest.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `AlterPartitionRequest` (request, key 56): versions 2-3, flexible 2+.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterPartitionRequest {
    /// All versions; a `brokerId`.
    pub broker_id: i32,
    /// All versions; default -1.
    pub broker_epoch: i64,
    /// All versions.
    pub topics: Vec<TopicData>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for AlterPartitionRequest {
    fn default() -> AlterPartitionRequest {
        AlterPartitionRequest {
            broker_id: 0,
            broker_epoch: -1,
            topics: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for AlterPartitionRequest {
    const NAME: &'static str = "AlterPartitionRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 2..=3;
    const FLEXIBLE_FROM: Option<i16> = Some(2);
}

impl Request for AlterPartitionRequest {
    const KEY: ApiKey = ApiKey::AlterPartition;
    type Response = super::alter_partition_response::AlterPartitionResponse;
}

impl Element for AlterPartitionRequest {
    const MIN_LEN: usize = 14;

    fn read(reader: &mut Reader, version: i16) -> Result<AlterPartitionRequest, DecodeError> {
        Ok(AlterPartitionRequest {
            broker_id: reader.i32()?,
            broker_epoch: reader.i64()?,
            topics: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.broker_id);
        writer.i64(self.broker_epoch);
        writer.array(Form::Flexible, &self.topics, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AlterPartitionRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("brokerId", &self.broker_id, version);
        object.field("brokerEpoch", &self.broker_epoch, version);
        object.field("topics", &self.topics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AlterPartitionRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> AlterPartitionRequest {
        AlterPartitionRequest {
            broker_id: random.i32(),
            broker_epoch: random.i64(),
            topics: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`AlterPartitionRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicData {
    /// All versions.
    pub topic_id: Uuid,
    /// All versions.
    pub partitions: Vec<PartitionData>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopicData {
    const MIN_LEN: usize = 18;

    fn read(reader: &mut Reader, version: i16) -> Result<TopicData, DecodeError> {
        Ok(TopicData {
            topic_id: reader.uuid()?,
            partitions: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.uuid(self.topic_id);
        writer.array(Form::Flexible, &self.partitions, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopicData {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicId", &self.topic_id, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopicData {
    fn random(random: &mut crate::testing::Source, version: i16) -> TopicData {
        TopicData {
            topic_id: random.uuid(),
            partitions: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`AlterPartitionRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionData {
    /// All versions.
    pub partition_index: i32,
    /// All versions.
    pub leader_epoch: i32,
    /// Versions 0-2; a `brokerId`.
    pub new_isr: Vec<i32>,
    /// Versions 3+.
    pub new_isr_with_epochs: Vec<BrokerState>,
    /// All versions.
    pub leader_recovery_state: i8,
    /// All versions.
    pub partition_epoch: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for PartitionData {
    const MIN_LEN: usize = 15;

    fn read(reader: &mut Reader, version: i16) -> Result<PartitionData, DecodeError> {
        Ok(PartitionData {
            partition_index: reader.i32()?,
            leader_epoch: reader.i32()?,
            new_isr: if version == 2 { reader.i32s(Form::Flexible)? } else { Vec::new() },
            new_isr_with_epochs: if version == 3 {
                reader.array(Form::Flexible, version)?
            } else {
                Vec::new()
            },
            leader_recovery_state: reader.i8()?,
            partition_epoch: reader.i32()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition_index);
        writer.i32(self.leader_epoch);
        if version == 2 {
            writer.i32s(Form::Flexible, &self.new_isr)?;
        } else if !self.new_isr.is_empty() {
            return Err(EncodeError::NotInVersion { message: "PartitionData", field: "NewIsr", version });
        }
        if version == 3 {
            writer.array(Form::Flexible, &self.new_isr_with_epochs, version)?;
        } else if !self.new_isr_with_epochs.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "PartitionData",
                field: "NewIsrWithEpochs",
                version,
            });
        }
        writer.i8(self.leader_recovery_state);
        writer.i32(self.partition_epoch);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for PartitionData {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("leaderEpoch", &self.leader_epoch, version);
        if version == 2 {
            object.field("newIsr", &self.new_isr, version);
        }
        if version == 3 {
            object.field("newIsrWithEpochs", &self.new_isr_with_epochs, version);
        }
        object.field("leaderRecoveryState", &self.leader_recovery_state, version);
        object.field("partitionEpoch", &self.partition_epoch, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for PartitionData {
    fn random(random: &mut crate::testing::Source, version: i16) -> PartitionData {
        PartitionData {
            partition_index: random.i32(),
            leader_epoch: random.i32(),
            new_isr: if version == 2 { random.i32s() } else { Vec::new() },
            new_isr_with_epochs: if version == 3 { random.array(version) } else { Vec::new() },
            leader_recovery_state: random.i8(),
            partition_epoch: random.i32(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`AlterPartitionRequest`].
#[derive(Clone, Debug, PartialEq)]
pub struct BrokerState {
    /// All versions; a `brokerId`.
    pub broker_id: i32,
    /// All versions; default -1.
    pub broker_epoch: i64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for BrokerState {
    fn default() -> BrokerState {
        BrokerState { broker_id: 0, broker_epoch: -1, unknown_tagged_fields: TaggedFields::default() }
    }
}

impl Element for BrokerState {
    const MIN_LEN: usize = 13;

    fn read(reader: &mut Reader, _version: i16) -> Result<BrokerState, DecodeError> {
        Ok(BrokerState {
            broker_id: reader.i32()?,
            broker_epoch: reader.i64()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.broker_id);
        writer.i64(self.broker_epoch);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for BrokerState {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("brokerId", &self.broker_id, version);
        object.field("brokerEpoch", &self.broker_epoch, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for BrokerState {
    fn random(random: &mut crate::testing::Source, _version: i16) -> BrokerState {
        BrokerState {
            broker_id: random.i32(),
            broker_epoch: random.i64(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
