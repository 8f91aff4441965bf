//! Generated from `schemas/UnregisterBrokerRecord.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, Writer};
use crate::message::Message;

/// `UnregisterBrokerRecord` (metadata, key 1): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnregisterBrokerRecord {
    /// All versions; a `brokerId`.
    pub broker_id: i32,
    /// All versions.
    pub broker_epoch: i64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for UnregisterBrokerRecord {
    const NAME: &'static str = "UnregisterBrokerRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for UnregisterBrokerRecord {
    const MIN_LEN: usize = 13;

    fn read(reader: &mut Reader, _version: i16) -> Result<UnregisterBrokerRecord, DecodeError> {
        Ok(UnregisterBrokerRecord {
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
impl crate::json::ToJson for UnregisterBrokerRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("brokerId", &self.broker_id, version);
        object.field("brokerEpoch", &self.broker_epoch, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for UnregisterBrokerRecord {
    fn random(random: &mut crate::testing::Source, _version: i16) -> UnregisterBrokerRecord {
        UnregisterBrokerRecord {
            broker_id: random.i32(),
            broker_epoch: random.i64(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
