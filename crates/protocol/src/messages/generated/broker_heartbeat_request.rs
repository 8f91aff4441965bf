//! Generated from `schemas/BrokerHeartbeatRequest.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, TaggedFields, TaggedWriter, Writer};
use crate::message::{Message, Request};

/// `BrokerHeartbeatRequest` (request, key 63): versions 0-2, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct BrokerHeartbeatRequest {
    /// All versions; a `brokerId`.
    pub broker_id: i32,
    /// All versions; default -1.
    pub broker_epoch: i64,
    /// All versions.
    pub current_metadata_offset: i64,
    /// All versions.
    pub want_fence: bool,
    /// All versions.
    pub want_shut_down: bool,
    /// Versions 1+; tag 0.
    pub offline_log_dirs: Vec<Uuid>,
    /// Versions 2+; tag 1; default null.
    pub cordoned_log_dirs: Option<Vec<Uuid>>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for BrokerHeartbeatRequest {
    fn default() -> BrokerHeartbeatRequest {
        BrokerHeartbeatRequest {
            broker_id: 0,
            broker_epoch: -1,
            current_metadata_offset: 0,
            want_fence: false,
            want_shut_down: false,
            offline_log_dirs: Vec::new(),
            cordoned_log_dirs: None,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for BrokerHeartbeatRequest {
    const NAME: &'static str = "BrokerHeartbeatRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for BrokerHeartbeatRequest {
    const KEY: ApiKey = ApiKey::BrokerHeartbeat;
    type Response = super::broker_heartbeat_response::BrokerHeartbeatResponse;
}

impl Element for BrokerHeartbeatRequest {
    const MIN_LEN: usize = 23;

    fn read(reader: &mut Reader, version: i16) -> Result<BrokerHeartbeatRequest, DecodeError> {
        let mut value = BrokerHeartbeatRequest {
            broker_id: reader.i32()?,
            broker_epoch: reader.i64()?,
            current_metadata_offset: reader.i64()?,
            want_fence: reader.bool()?,
            want_shut_down: reader.bool()?,
            offline_log_dirs: Vec::new(),
            cordoned_log_dirs: None,
            unknown_tagged_fields: TaggedFields::default(),
        };
        for _ in 0..reader.tagged_count()? {
            let (tag, size) = reader.tag_and_size()?;
            let start = reader.position();
            match tag {
                0 if version >= 1 => value.offline_log_dirs = reader.uuids(Form::Flexible)?,
                0 => return Err(reader.tag_not_in_version(tag)),
                1 if version == 2 => value.cordoned_log_dirs = reader.nullable_uuids(Form::Flexible)?,
                1 => return Err(reader.tag_not_in_version(tag)),
                _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
            }
            reader.end_tagged(tag, start, size)?;
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.broker_id);
        writer.i64(self.broker_epoch);
        writer.i64(self.current_metadata_offset);
        writer.bool(self.want_fence);
        writer.bool(self.want_shut_down);
        if version < 1 && !self.offline_log_dirs.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "BrokerHeartbeatRequest",
                field: "OfflineLogDirs",
                version,
            });
        }
        if version != 2 && self.cordoned_log_dirs.is_some() {
            return Err(EncodeError::NotInVersion {
                message: "BrokerHeartbeatRequest",
                field: "CordonedLogDirs",
                version,
            });
        }
        let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
        if version >= 1 && !self.offline_log_dirs.is_empty() {
            let mark = tagged.field(writer, 0)?;
            writer.uuids(Form::Flexible, &self.offline_log_dirs)?;
            writer.end_tagged(mark)?;
        }
        if version == 2 && self.cordoned_log_dirs.is_some() {
            let mark = tagged.field(writer, 1)?;
            writer.nullable_uuids(Form::Flexible, self.cordoned_log_dirs.as_deref())?;
            writer.end_tagged(mark)?;
        }
        tagged.finish(writer)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for BrokerHeartbeatRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("brokerId", &self.broker_id, version);
        object.field("brokerEpoch", &self.broker_epoch, version);
        object.field("currentMetadataOffset", &self.current_metadata_offset, version);
        object.field("wantFence", &self.want_fence, version);
        object.field("wantShutDown", &self.want_shut_down, version);
        if version >= 1 && !self.offline_log_dirs.is_empty() {
            object.field("offlineLogDirs", &self.offline_log_dirs, version);
        }
        if version == 2 && self.cordoned_log_dirs.is_some() {
            object.field("cordonedLogDirs", &self.cordoned_log_dirs, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for BrokerHeartbeatRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> BrokerHeartbeatRequest {
        BrokerHeartbeatRequest {
            broker_id: random.i32(),
            broker_epoch: random.i64(),
            current_metadata_offset: random.i64(),
            want_fence: random.bool(),
            want_shut_down: random.bool(),
            offline_log_dirs: if version >= 1 { random.uuids() } else { Vec::new() },
            cordoned_log_dirs: if version == 2 { random.is_some().then(|| random.uuids()) } else { None },
            unknown_tagged_fields: random.tagged_fields(2),
        }
    }
}
