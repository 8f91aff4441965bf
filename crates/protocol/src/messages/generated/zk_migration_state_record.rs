//! Generated from `schemas/ZkMigrationStateRecord.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, Writer};
use crate::message::Message;

/// `ZkMigrationStateRecord` (metadata, key 21): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ZkMigrationStateRecord {
    /// All versions.
    pub zk_migration_state: i8,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ZkMigrationStateRecord {
    const NAME: &'static str = "ZkMigrationStateRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for ZkMigrationStateRecord {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, _version: i16) -> Result<ZkMigrationStateRecord, DecodeError> {
        Ok(ZkMigrationStateRecord {
            zk_migration_state: reader.i8()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i8(self.zk_migration_state);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ZkMigrationStateRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("zkMigrationState", &self.zk_migration_state, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ZkMigrationStateRecord {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ZkMigrationStateRecord {
        ZkMigrationStateRecord {
            zk_migration_state: random.i8(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
