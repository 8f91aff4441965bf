//! Generated from `schemas/TransactionLogValue.ksc` by `cargo xtask codegen`.

use crate::codec::{
    DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, TaggedWriter, Writer,
};
use crate::message::Message;

/// `TransactionLogValue` (transaction-value, key 0): versions 0-1, flexible 1+.
#[derive(Clone, Debug, PartialEq)]
pub struct TransactionLogValue {
    /// All versions.
    pub producer_id: i64,
    /// Versions 1+; tag 0; default -1.
    pub previous_producer_id: i64,
    /// Versions 1+; tag 1; default -1.
    pub next_producer_id: i64,
    /// All versions.
    pub producer_epoch: i16,
    /// Versions 1+; tag 3; default -1.
    pub next_producer_epoch: i16,
    /// All versions.
    pub transaction_timeout_ms: i32,
    /// All versions.
    pub transaction_status: i8,
    /// All versions.
    pub transaction_partitions: Option<Vec<PartitionsSchema>>,
    /// All versions.
    pub transaction_last_update_timestamp_ms: i64,
    /// All versions.
    pub transaction_start_timestamp_ms: i64,
    /// Versions 1+; tag 2.
    pub client_transaction_version: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for TransactionLogValue {
    fn default() -> TransactionLogValue {
        TransactionLogValue {
            producer_id: 0,
            previous_producer_id: -1,
            next_producer_id: -1,
            producer_epoch: 0,
            next_producer_epoch: -1,
            transaction_timeout_ms: 0,
            transaction_status: 0,
            transaction_partitions: Some(Vec::new()),
            transaction_last_update_timestamp_ms: 0,
            transaction_start_timestamp_ms: 0,
            client_transaction_version: 0,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for TransactionLogValue {
    const NAME: &'static str = "TransactionLogValue";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(1);
}

impl Element for TransactionLogValue {
    const MIN_LEN: usize = 33;

    fn read(reader: &mut Reader, version: i16) -> Result<TransactionLogValue, DecodeError> {
        let form = Form::of(version, 1);
        let mut value = TransactionLogValue {
            producer_id: reader.i64()?,
            previous_producer_id: -1,
            next_producer_id: -1,
            producer_epoch: reader.i16()?,
            next_producer_epoch: -1,
            transaction_timeout_ms: reader.i32()?,
            transaction_status: reader.i8()?,
            transaction_partitions: reader.nullable_array(form, version)?,
            transaction_last_update_timestamp_ms: reader.i64()?,
            transaction_start_timestamp_ms: reader.i64()?,
            client_transaction_version: 0,
            unknown_tagged_fields: TaggedFields::default(),
        };
        if version == 1 {
            for _ in 0..reader.tagged_count()? {
                let (tag, size) = reader.tag_and_size()?;
                let start = reader.position();
                match tag {
                    0 => value.previous_producer_id = reader.i64()?,
                    1 => value.next_producer_id = reader.i64()?,
                    2 => value.client_transaction_version = reader.i16()?,
                    3 => value.next_producer_epoch = reader.i16()?,
                    _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
                }
                reader.end_tagged(tag, start, size)?;
            }
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 1);
        writer.i64(self.producer_id);
        if version != 1 && self.previous_producer_id != -1 {
            return Err(EncodeError::NotInVersion {
                message: "TransactionLogValue",
                field: "PreviousProducerId",
                version,
            });
        }
        if version != 1 && self.next_producer_id != -1 {
            return Err(EncodeError::NotInVersion {
                message: "TransactionLogValue",
                field: "NextProducerId",
                version,
            });
        }
        writer.i16(self.producer_epoch);
        if version != 1 && self.next_producer_epoch != -1 {
            return Err(EncodeError::NotInVersion {
                message: "TransactionLogValue",
                field: "NextProducerEpoch",
                version,
            });
        }
        writer.i32(self.transaction_timeout_ms);
        writer.i8(self.transaction_status);
        writer.nullable_array(form, self.transaction_partitions.as_deref(), version)?;
        writer.i64(self.transaction_last_update_timestamp_ms);
        writer.i64(self.transaction_start_timestamp_ms);
        if version != 1 && self.client_transaction_version != 0 {
            return Err(EncodeError::NotInVersion {
                message: "TransactionLogValue",
                field: "ClientTransactionVersion",
                version,
            });
        }
        if version == 1 {
            let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
            if self.previous_producer_id != -1 {
                let mark = tagged.field(writer, 0)?;
                writer.i64(self.previous_producer_id);
                writer.end_tagged(mark)?;
            }
            if self.next_producer_id != -1 {
                let mark = tagged.field(writer, 1)?;
                writer.i64(self.next_producer_id);
                writer.end_tagged(mark)?;
            }
            if self.client_transaction_version != 0 {
                let mark = tagged.field(writer, 2)?;
                writer.i16(self.client_transaction_version);
                writer.end_tagged(mark)?;
            }
            if self.next_producer_epoch != -1 {
                let mark = tagged.field(writer, 3)?;
                writer.i16(self.next_producer_epoch);
                writer.end_tagged(mark)?;
            }
            tagged.finish(writer)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "TransactionLogValue", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TransactionLogValue {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("producerId", &self.producer_id, version);
        if version == 1 && self.previous_producer_id != -1 {
            object.field("previousProducerId", &self.previous_producer_id, version);
        }
        if version == 1 && self.next_producer_id != -1 {
            object.field("nextProducerId", &self.next_producer_id, version);
        }
        object.field("producerEpoch", &self.producer_epoch, version);
        if version == 1 && self.next_producer_epoch != -1 {
            object.field("nextProducerEpoch", &self.next_producer_epoch, version);
        }
        object.field("transactionTimeoutMs", &self.transaction_timeout_ms, version);
        object.field("transactionStatus", &self.transaction_status, version);
        object.field("transactionPartitions", &self.transaction_partitions, version);
        object.field("transactionLastUpdateTimestampMs", &self.transaction_last_update_timestamp_ms, version);
        object.field("transactionStartTimestampMs", &self.transaction_start_timestamp_ms, version);
        if version == 1 && self.client_transaction_version != 0 {
            object.field("clientTransactionVersion", &self.client_transaction_version, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TransactionLogValue {
    fn random(random: &mut crate::testing::Source, version: i16) -> TransactionLogValue {
        TransactionLogValue {
            producer_id: random.i64(),
            previous_producer_id: if version == 1 { random.i64() } else { -1 },
            next_producer_id: if version == 1 { random.i64() } else { -1 },
            producer_epoch: random.i16(),
            next_producer_epoch: if version == 1 { random.i16() } else { -1 },
            transaction_timeout_ms: random.i32(),
            transaction_status: random.i8(),
            transaction_partitions: random.is_some().then(|| random.array(version)),
            transaction_last_update_timestamp_ms: random.i64(),
            transaction_start_timestamp_ms: random.i64(),
            client_transaction_version: if version == 1 { random.i16() } else { 0 },
            unknown_tagged_fields: if version == 1 {
                random.tagged_fields(4)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`TransactionLogValue`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionsSchema {
    /// All versions.
    pub topic: Str,
    /// All versions.
    pub partition_ids: Vec<i32>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for PartitionsSchema {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<PartitionsSchema, DecodeError> {
        let form = Form::of(version, 1);
        Ok(PartitionsSchema {
            topic: reader.string(form)?,
            partition_ids: reader.i32s(form)?,
            unknown_tagged_fields: if version == 1 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 1);
        writer.string(form, &self.topic)?;
        writer.i32s(form, &self.partition_ids)?;
        if version == 1 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "TransactionLogValue", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for PartitionsSchema {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topic", &self.topic, version);
        object.field("partitionIds", &self.partition_ids, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for PartitionsSchema {
    fn random(random: &mut crate::testing::Source, version: i16) -> PartitionsSchema {
        PartitionsSchema {
            topic: random.string(),
            partition_ids: random.i32s(),
            unknown_tagged_fields: if version == 1 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
