//! Generated from `schemas/ProducerIdsRecord.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, Writer};
use crate::message::Message;

/// `ProducerIdsRecord` (metadata, key 15): versions 0, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct ProducerIdsRecord {
    /// All versions; a `brokerId`.
    pub broker_id: i32,
    /// All versions; default -1.
    pub broker_epoch: i64,
    /// All versions.
    pub next_producer_id: i64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ProducerIdsRecord {
    fn default() -> ProducerIdsRecord {
        ProducerIdsRecord {
            broker_id: 0,
            broker_epoch: -1,
            next_producer_id: 0,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for ProducerIdsRecord {
    const NAME: &'static str = "ProducerIdsRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for ProducerIdsRecord {
    const MIN_LEN: usize = 21;

    fn read(reader: &mut Reader, _version: i16) -> Result<ProducerIdsRecord, DecodeError> {
        Ok(ProducerIdsRecord {
            broker_id: reader.i32()?,
            broker_epoch: reader.i64()?,
            next_producer_id: reader.i64()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.broker_id);
        writer.i64(self.broker_epoch);
        writer.i64(self.next_producer_id);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ProducerIdsRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("brokerId", &self.broker_id, version);
        object.field("brokerEpoch", &self.broker_epoch, version);
        object.field("nextProducerId", &self.next_producer_id, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ProducerIdsRecord {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ProducerIdsRecord {
        ProducerIdsRecord {
            broker_id: random.i32(),
            broker_epoch: random.i64(),
            next_producer_id: random.i64(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
