//! Generated from `schemas/AllocateProducerIdsRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `AllocateProducerIdsRequest` (request, key 67): versions 0, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct AllocateProducerIdsRequest {
    /// All versions; a `brokerId`.
    pub broker_id: i32,
    /// All versions; default -1.
    pub broker_epoch: i64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for AllocateProducerIdsRequest {
    fn default() -> AllocateProducerIdsRequest {
        AllocateProducerIdsRequest {
            broker_id: 0,
            broker_epoch: -1,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for AllocateProducerIdsRequest {
    const NAME: &'static str = "AllocateProducerIdsRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for AllocateProducerIdsRequest {
    const KEY: ApiKey = ApiKey::AllocateProducerIds;
    type Response = super::allocate_producer_ids_response::AllocateProducerIdsResponse;
}

impl Element for AllocateProducerIdsRequest {
    const MIN_LEN: usize = 13;

    fn read(reader: &mut Reader, _version: i16) -> Result<AllocateProducerIdsRequest, DecodeError> {
        Ok(AllocateProducerIdsRequest {
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
impl crate::json::ToJson for AllocateProducerIdsRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("brokerId", &self.broker_id, version);
        object.field("brokerEpoch", &self.broker_epoch, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AllocateProducerIdsRequest {
    fn random(random: &mut crate::testing::Source, _version: i16) -> AllocateProducerIdsRequest {
        AllocateProducerIdsRequest {
            broker_id: random.i32(),
            broker_epoch: random.i64(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
