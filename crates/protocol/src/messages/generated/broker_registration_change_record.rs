//! Generated from `schemas/BrokerRegistrationChangeRecord.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, TaggedFields, TaggedWriter, Writer};
use crate::message::Message;

/// `BrokerRegistrationChangeRecord` (metadata, key 17): versions 0-3, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BrokerRegistrationChangeRecord {
    /// All versions; a `brokerId`.
    pub broker_id: i32,
    /// All versions.
    pub broker_epoch: i64,
    /// All versions; tag 0.
    pub fenced: i8,
    /// Versions 1+; tag 1.
    pub in_controlled_shutdown: i8,
    /// Versions 2+; tag 2.
    pub log_dirs: Vec<Uuid>,
    /// Versions 3+; tag 3; default null.
    pub cordoned_log_dirs: Option<Vec<Uuid>>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for BrokerRegistrationChangeRecord {
    const NAME: &'static str = "BrokerRegistrationChangeRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=3;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for BrokerRegistrationChangeRecord {
    const MIN_LEN: usize = 13;

    fn read(reader: &mut Reader, version: i16) -> Result<BrokerRegistrationChangeRecord, DecodeError> {
        let mut value = BrokerRegistrationChangeRecord {
            broker_id: reader.i32()?,
            broker_epoch: reader.i64()?,
            fenced: 0,
            in_controlled_shutdown: 0,
            log_dirs: Vec::new(),
            cordoned_log_dirs: None,
            unknown_tagged_fields: TaggedFields::default(),
        };
        for _ in 0..reader.tagged_count()? {
            let (tag, size) = reader.tag_and_size()?;
            let start = reader.position();
            match tag {
                0 => value.fenced = reader.i8()?,
                1 if version >= 1 => value.in_controlled_shutdown = reader.i8()?,
                1 => return Err(reader.tag_not_in_version(tag)),
                2 if version >= 2 => value.log_dirs = reader.uuids(Form::Flexible)?,
                2 => return Err(reader.tag_not_in_version(tag)),
                3 if version == 3 => value.cordoned_log_dirs = reader.nullable_uuids(Form::Flexible)?,
                3 => return Err(reader.tag_not_in_version(tag)),
                _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
            }
            reader.end_tagged(tag, start, size)?;
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.broker_id);
        writer.i64(self.broker_epoch);
        if version < 1 && self.in_controlled_shutdown != 0 {
            return Err(EncodeError::NotInVersion {
                message: "BrokerRegistrationChangeRecord",
                field: "InControlledShutdown",
                version,
            });
        }
        if version < 2 && !self.log_dirs.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "BrokerRegistrationChangeRecord",
                field: "LogDirs",
                version,
            });
        }
        if version != 3 && self.cordoned_log_dirs.is_some() {
            return Err(EncodeError::NotInVersion {
                message: "BrokerRegistrationChangeRecord",
                field: "CordonedLogDirs",
                version,
            });
        }
        let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
        if self.fenced != 0 {
            let mark = tagged.field(writer, 0)?;
            writer.i8(self.fenced);
            writer.end_tagged(mark)?;
        }
        if version >= 1 && self.in_controlled_shutdown != 0 {
            let mark = tagged.field(writer, 1)?;
            writer.i8(self.in_controlled_shutdown);
            writer.end_tagged(mark)?;
        }
        if version >= 2 && !self.log_dirs.is_empty() {
            let mark = tagged.field(writer, 2)?;
            writer.uuids(Form::Flexible, &self.log_dirs)?;
            writer.end_tagged(mark)?;
        }
        if version == 3 && self.cordoned_log_dirs.is_some() {
            let mark = tagged.field(writer, 3)?;
            writer.nullable_uuids(Form::Flexible, self.cordoned_log_dirs.as_deref())?;
            writer.end_tagged(mark)?;
        }
        tagged.finish(writer)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for BrokerRegistrationChangeRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("brokerId", &self.broker_id, version);
        object.field("brokerEpoch", &self.broker_epoch, version);
        if self.fenced != 0 {
            object.field("fenced", &self.fenced, version);
        }
        if version >= 1 && self.in_controlled_shutdown != 0 {
            object.field("inControlledShutdown", &self.in_controlled_shutdown, version);
        }
        if version >= 2 && !self.log_dirs.is_empty() {
            object.field("logDirs", &self.log_dirs, version);
        }
        if version == 3 && self.cordoned_log_dirs.is_some() {
            object.field("cordonedLogDirs", &self.cordoned_log_dirs, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for BrokerRegistrationChangeRecord {
    fn random(random: &mut crate::testing::Source, version: i16) -> BrokerRegistrationChangeRecord {
        BrokerRegistrationChangeRecord {
            broker_id: random.i32(),
            broker_epoch: random.i64(),
            fenced: random.i8(),
            in_controlled_shutdown: if version >= 1 { random.i8() } else { 0 },
            log_dirs: if version >= 2 { random.uuids() } else { Vec::new() },
            cordoned_log_dirs: if version == 3 { random.is_some().then(|| random.uuids()) } else { None },
            unknown_tagged_fields: random.tagged_fields(4),
        }
    }
}
