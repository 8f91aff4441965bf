//! Generated from `schemas/AddOffsetsToTxnRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `AddOffsetsToTxnRequest` (request, key 25): versions 0-4, flexible 3+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AddOffsetsToTxnRequest {
    /// All versions; a `transactionalId`.
    pub transactional_id: Str,
    /// All versions; a `producerId`.
    pub producer_id: i64,
    /// All versions.
    pub producer_epoch: i16,
    /// All versions; a `groupId`.
    pub group_id: Str,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for AddOffsetsToTxnRequest {
    const NAME: &'static str = "AddOffsetsToTxnRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=4;
    const FLEXIBLE_FROM: Option<i16> = Some(3);
}

impl Request for AddOffsetsToTxnRequest {
    const KEY: ApiKey = ApiKey::AddOffsetsToTxn;
    type Response = super::add_offsets_to_txn_response::AddOffsetsToTxnResponse;
}

impl Element for AddOffsetsToTxnRequest {
    const MIN_LEN: usize = 13;

    fn read(reader: &mut Reader, version: i16) -> Result<AddOffsetsToTxnRequest, DecodeError> {
        let form = Form::of(version, 3);
        Ok(AddOffsetsToTxnRequest {
            transactional_id: reader.string(form)?,
            producer_id: reader.i64()?,
            producer_epoch: reader.i16()?,
            group_id: reader.string(form)?,
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
        writer.string(form, &self.group_id)?;
        if version >= 3 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "AddOffsetsToTxnRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AddOffsetsToTxnRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("transactionalId", &self.transactional_id, version);
        object.field("producerId", &self.producer_id, version);
        object.field("producerEpoch", &self.producer_epoch, version);
        object.field("groupId", &self.group_id, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AddOffsetsToTxnRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> AddOffsetsToTxnRequest {
        AddOffsetsToTxnRequest {
            transactional_id: random.string(),
            producer_id: random.i64(),
            producer_epoch: random.i16(),
            group_id: random.string(),
            unknown_tagged_fields: if version >= 3 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
