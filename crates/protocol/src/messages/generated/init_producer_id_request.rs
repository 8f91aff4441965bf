//! Generated from `schemas/InitProducerIdRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `InitProducerIdRequest` (request, key 22): versions 0-6, flexible 2+.
#[derive(Clone, Debug, PartialEq)]
pub struct InitProducerIdRequest {
    /// All versions; a `transactionalId`.
    pub transactional_id: Option<Str>,
    /// All versions.
    pub transaction_timeout_ms: i32,
    /// Versions 3+; default -1; a `producerId`.
    pub producer_id: i64,
    /// Versions 3+; default -1.
    pub producer_epoch: i16,
    /// Versions 6+.
    pub enable2_pc: bool,
    /// Versions 6+.
    pub keep_prepared_txn: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for InitProducerIdRequest {
    fn default() -> InitProducerIdRequest {
        InitProducerIdRequest {
            transactional_id: Some(Str::default()),
            transaction_timeout_ms: 0,
            producer_id: -1,
            producer_epoch: -1,
            enable2_pc: false,
            keep_prepared_txn: false,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for InitProducerIdRequest {
    const NAME: &'static str = "InitProducerIdRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=6;
    const FLEXIBLE_FROM: Option<i16> = Some(2);
}

impl Request for InitProducerIdRequest {
    const KEY: ApiKey = ApiKey::InitProducerId;
    type Response = super::init_producer_id_response::InitProducerIdResponse;
}

impl Element for InitProducerIdRequest {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<InitProducerIdRequest, DecodeError> {
        let form = Form::of(version, 2);
        Ok(InitProducerIdRequest {
            transactional_id: reader.nullable_string(form)?,
            transaction_timeout_ms: reader.i32()?,
            producer_id: if version >= 3 { reader.i64()? } else { -1 },
            producer_epoch: if version >= 3 { reader.i16()? } else { -1 },
            enable2_pc: if version == 6 { reader.bool()? } else { false },
            keep_prepared_txn: if version == 6 { reader.bool()? } else { false },
            unknown_tagged_fields: if version >= 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.nullable_string(form, self.transactional_id.as_ref())?;
        writer.i32(self.transaction_timeout_ms);
        if version >= 3 {
            writer.i64(self.producer_id);
        } else if self.producer_id != -1 {
            return Err(EncodeError::NotInVersion {
                message: "InitProducerIdRequest",
                field: "ProducerId",
                version,
            });
        }
        if version >= 3 {
            writer.i16(self.producer_epoch);
        } else if self.producer_epoch != -1 {
            return Err(EncodeError::NotInVersion {
                message: "InitProducerIdRequest",
                field: "ProducerEpoch",
                version,
            });
        }
        if version == 6 {
            writer.bool(self.enable2_pc);
        } else if self.enable2_pc {
            return Err(EncodeError::NotInVersion {
                message: "InitProducerIdRequest",
                field: "Enable2Pc",
                version,
            });
        }
        if version == 6 {
            writer.bool(self.keep_prepared_txn);
        } else if self.keep_prepared_txn {
            return Err(EncodeError::NotInVersion {
                message: "InitProducerIdRequest",
                field: "KeepPreparedTxn",
                version,
            });
        }
        if version >= 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "InitProducerIdRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for InitProducerIdRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("transactionalId", &self.transactional_id, version);
        object.field("transactionTimeoutMs", &self.transaction_timeout_ms, version);
        if version >= 3 {
            object.field("producerId", &self.producer_id, version);
        }
        if version >= 3 {
            object.field("producerEpoch", &self.producer_epoch, version);
        }
        if version == 6 {
            object.field("enable2Pc", &self.enable2_pc, version);
        }
        if version == 6 {
            object.field("keepPreparedTxn", &self.keep_prepared_txn, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for InitProducerIdRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> InitProducerIdRequest {
        InitProducerIdRequest {
            transactional_id: random.is_some().then(|| random.string()),
            transaction_timeout_ms: random.i32(),
            producer_id: if version >= 3 { random.i64() } else { -1 },
            producer_epoch: if version >= 3 { random.i16() } else { -1 },
            enable2_pc: if version == 6 { random.bool() } else { false },
            keep_prepared_txn: if version == 6 { random.bool() } else { false },
            unknown_tagged_fields: if version >= 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
