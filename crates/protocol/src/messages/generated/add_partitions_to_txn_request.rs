//! Generated from `schemas/AddPartitionsToTxnRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `AddPartitionsToTxnRequest` (request, key 24): versions 0-5, flexible 3+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AddPartitionsToTxnRequest {
    /// Versions 4+.
    pub transactions: Vec<AddPartitionsToTxnTransaction>,
    /// Versions 0-3; a `transactionalId`.
    pub v3_and_below_transactional_id: Str,
    /// Versions 0-3; a `producerId`.
    pub v3_and_below_producer_id: i64,
    /// Versions 0-3.
    pub v3_and_below_producer_epoch: i16,
    /// Versions 0-3.
    pub v3_and_below_topics: Vec<AddPartitionsToTxnTopic>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for AddPartitionsToTxnRequest {
    const NAME: &'static str = "AddPartitionsToTxnRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=5;
    const FLEXIBLE_FROM: Option<i16> = Some(3);
}

impl Request for AddPartitionsToTxnRequest {
    const KEY: ApiKey = ApiKey::AddPartitionsToTxn;
    type Response = super::add_partitions_to_txn_response::AddPartitionsToTxnResponse;
}

impl Element for AddPartitionsToTxnRequest {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, version: i16) -> Result<AddPartitionsToTxnRequest, DecodeError> {
        let form = Form::of(version, 3);
        Ok(AddPartitionsToTxnRequest {
            transactions: if version >= 4 { reader.array(Form::Flexible, version)? } else { Vec::new() },
            v3_and_below_transactional_id: if version <= 3 { reader.string(form)? } else { Str::default() },
            v3_and_below_producer_id: if version <= 3 { reader.i64()? } else { 0 },
            v3_and_below_producer_epoch: if version <= 3 { reader.i16()? } else { 0 },
            v3_and_below_topics: if version <= 3 { reader.array(form, version)? } else { Vec::new() },
            unknown_tagged_fields: if version >= 3 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 3);
        if version >= 4 {
            writer.array(Form::Flexible, &self.transactions, version)?;
        } else if !self.transactions.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "AddPartitionsToTxnRequest",
                field: "Transactions",
                version,
            });
        }
        if version <= 3 {
            writer.string(form, &self.v3_and_below_transactional_id)?;
        } else if !self.v3_and_below_transactional_id.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "AddPartitionsToTxnRequest",
                field: "V3AndBelowTransactionalId",
                version,
            });
        }
        if version <= 3 {
            writer.i64(self.v3_and_below_producer_id);
        } else if self.v3_and_below_producer_id != 0 {
            return Err(EncodeError::NotInVersion {
                message: "AddPartitionsToTxnRequest",
                field: "V3AndBelowProducerId",
                version,
            });
        }
        if version <= 3 {
            writer.i16(self.v3_and_below_producer_epoch);
        } else if self.v3_and_below_producer_epoch != 0 {
            return Err(EncodeError::NotInVersion {
                message: "AddPartitionsToTxnRequest",
                field: "V3AndBelowProducerEpoch",
                version,
            });
        }
        if version <= 3 {
            writer.array(form, &self.v3_and_below_topics, version)?;
        } else if !self.v3_and_below_topics.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "AddPartitionsToTxnRequest",
                field: "V3AndBelowTopics",
                version,
            });
        }
        if version >= 3 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "AddPartitionsToTxnRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AddPartitionsToTxnRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version >= 4 {
            object.field("transactions", &self.transactions, version);
        }
        if version <= 3 {
            object.field("v3AndBelowTransactionalId", &self.v3_and_below_transactional_id, version);
        }
        if version <= 3 {
            object.field("v3AndBelowProducerId", &self.v3_and_below_producer_id, version);
        }
        if version <= 3 {
            object.field("v3AndBelowProducerEpoch", &self.v3_and_below_producer_epoch, version);
        }
        if version <= 3 {
            object.field("v3AndBelowTopics", &self.v3_and_below_topics, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AddPartitionsToTxnRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> AddPartitionsToTxnRequest {
        AddPartitionsToTxnRequest {
            transactions: if version >= 4 { random.array(version) } else { Vec::new() },
            v3_and_below_transactional_id: if version <= 3 { random.string() } else { Str::default() },
            v3_and_below_producer_id: if version <= 3 { random.i64() } else { 0 },
            v3_and_below_producer_epoch: if version <= 3 { random.i16() } else { 0 },
            v3_and_below_topics: if version <= 3 { random.array(version) } else { Vec::new() },
            unknown_tagged_fields: if version >= 3 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`AddPartitionsToTxnRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AddPartitionsToTxnTransaction {
    /// All versions; key of its array; a `transactionalId`.
    pub transactional_id: Str,
    /// All versions; a `producerId`.
    pub producer_id: i64,
    /// All versions.
    pub producer_epoch: i16,
    /// All versions.
    pub verify_only: bool,
    /// All versions.
    pub topics: Vec<AddPartitionsToTxnTopic>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for AddPartitionsToTxnTransaction {
    const MIN_LEN: usize = 14;

    fn read(reader: &mut Reader, version: i16) -> Result<AddPartitionsToTxnTransaction, DecodeError> {
        Ok(AddPartitionsToTxnTransaction {
            transactional_id: reader.string(Form::Flexible)?,
            producer_id: reader.i64()?,
            producer_epoch: reader.i16()?,
            verify_only: reader.bool()?,
            topics: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.transactional_id)?;
        writer.i64(self.producer_id);
        writer.i16(self.producer_epoch);
        writer.bool(self.verify_only);
        writer.array(Form::Flexible, &self.topics, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AddPartitionsToTxnTransaction {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("transactionalId", &self.transactional_id, version);
        object.field("producerId", &self.producer_id, version);
        object.field("producerEpoch", &self.producer_epoch, version);
        object.field("verifyOnly", &self.verify_only, version);
        object.field("topics", &self.topics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AddPartitionsToTxnTransaction {
    fn random(random: &mut crate::testing::Source, version: i16) -> AddPartitionsToTxnTransaction {
        AddPartitionsToTxnTransaction {
            transactional_id: random.string(),
            producer_id: random.i64(),
            producer_epoch: random.i16(),
            verify_only: random.bool(),
            topics: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`AddPartitionsToTxnRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AddPartitionsToTxnTopic {
    /// All versions; key of its array; a `topicName`.
    pub name: Str,
    /// All versions.
    pub partitions: Vec<i32>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for AddPartitionsToTxnTopic {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<AddPartitionsToTxnTopic, DecodeError> {
        let form = Form::of(version, 3);
        Ok(AddPartitionsToTxnTopic {
            name: reader.string(form)?,
            partitions: reader.i32s(form)?,
            unknown_tagged_fields: if version >= 3 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 3);
        writer.string(form, &self.name)?;
        writer.i32s(form, &self.partitions)?;
        if version >= 3 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "AddPartitionsToTxnRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AddPartitionsToTxnTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AddPartitionsToTxnTopic {
    fn random(random: &mut crate::testing::Source, version: i16) -> AddPartitionsToTxnTopic {
        AddPartitionsToTxnTopic {
            name: random.string(),
            partitions: random.i32s(),
            unknown_tagged_fields: if version >= 3 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
