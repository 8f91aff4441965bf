//! Generated from `schemas/EndTxnRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `EndTxnRequest` (request, key 26): versions 0-5, flexible 3+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EndTxnRequest {
    /// All versions; a `transactionalId`.
    pub transactional_id: Str,
    /// All versions; a `producerId`.
    pub producer_id: i64,
    /// All versions.
    pub producer_epoch: i16,
    /// All versions.
    pub committed: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for EndTxnRequest {
    const NAME: &'static str = "EndTxnRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=5;
    const FLEXIBLE_FROM: Option<i16> = Some(3);
}

impl Request for EndTxnRequest {
    const KEY: ApiKey = ApiKey::EndTxn;
    type Response = super::end_txn_response::EndTxnResponse;
}

impl Element for EndTxnRequest {
    const MIN_LEN: usize = 13;

    fn read(reader: &mut Reader, version: i16) -> Result<EndTxnRequest, DecodeError> {
        let form = Form::of(version, 3);
        Ok(EndTxnRequest {
            transactional_id: reader.string(form)?,
            producer_id: reader.i64()?,
            producer_epoch: reader.i16()?,
            committed: reader.bool()?,
            unknown_tagged_fields: if version >= 3 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 3);
        writer.string(form, &self.transactional_id)?;
        writer.i64(self.producer_id);
        writer.i16(self.producer_epoch);
        writer.bool(self.committed);
        if version >= 3 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "EndTxnRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for EndTxnRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("transactionalId", &self.transactional_id, version);
        object.field("producerId", &self.producer_id, version);
        object.field("producerEpoch", &self.producer_epoch, version);
        object.field("committed", &self.committed, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for EndTxnRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> EndTxnRequest {
        EndTxnRequest {
            transactional_id: random.string(),
            producer_id: random.i64(),
            producer_epoch: random.i16(),
            committed: random.bool(),
            unknown_tagged_fields: if version >= 3 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
