//! Generated from `schemas/KRaftVersionRecord.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, Writer};
use crate::message::Message;

/// `KRaftVersionRecord` (data): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KRaftVersionRecord {
    /// All versions.
    pub version: i16,
    /// All versions.
    pub k_raft_version: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for KRaftVersionRecord {
    const NAME: &'static str = "KRaftVersionRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for KRaftVersionRecord {
    const MIN_LEN: usize = 5;

    fn read(reader: &mut Reader, _version: i16) -> Result<KRaftVersionRecord, DecodeError> {
        Ok(KRaftVersionRecord {
            version: reader.i16()?,
            k_raft_version: reader.i16()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i16(self.version);
        writer.i16(self.k_raft_version);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for KRaftVersionRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("version", &self.version, version);
        object.field("kRaftVersion", &self.k_raft_version, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for KRaftVersionRecord {
    fn random(random: &mut crate::testing::Source, _version: i16) -> KRaftVersionRecord {
        KRaftVersionRecord {
            version: random.i16(),
            k_raft_version: random.i16(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
