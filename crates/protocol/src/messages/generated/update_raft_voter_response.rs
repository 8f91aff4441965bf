//! Generated from `schemas/UpdateRaftVoterResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{
    DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, TaggedWriter, Writer,
};
use crate::message::Message;

/// `UpdateRaftVoterResponse` (response, key 82): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UpdateRaftVoterResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub error_code: i16,
    /// All versions; tag 0.
    pub current_leader: CurrentLeader,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for UpdateRaftVoterResponse {
    const NAME: &'static str = "UpdateRaftVoterResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for UpdateRaftVoterResponse {
    const MIN_LEN: usize = 7;

    fn read(reader: &mut Reader, version: i16) -> Result<UpdateRaftVoterResponse, DecodeError> {
        let mut value = UpdateRaftVoterResponse {
            throttle_time_ms: reader.i32()?,
            error_code: reader.i16()?,
            current_leader: CurrentLeader::default(),
            unknown_tagged_fields: TaggedFields::default(),
        };
        for _ in 0..reader.tagged_count()? {
            let (tag, size) = reader.tag_and_size()?;
            let start = reader.position();
            match tag {
                0 => value.current_leader = CurrentLeader::read(reader, version)?,
                _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
            }
            reader.end_tagged(tag, start, size)?;
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.throttle_time_ms);
        writer.i16(self.error_code);
        let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
        if self.current_leader != CurrentLeader::default() {
            let mark = tagged.field(writer, 0)?;
            self.current_leader.write(writer, version)?;
            writer.end_tagged(mark)?;
        }
        tagged.finish(writer)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for UpdateRaftVoterResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("errorCode", &self.error_code, version);
        if self.current_leader != CurrentLeader::default() {
            object.field("currentLeader", &self.current_leader, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for UpdateRaftVoterResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> UpdateRaftVoterResponse {
        UpdateRaftVoterResponse {
            throttle_time_ms: random.i32(),
            error_code: random.i16(),
            current_leader: random.value::<CurrentLeader>(version),
            unknown_tagged_fields: random.tagged_fields(1),
        }
    }
}

/// Part of [`UpdateRaftVoterResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct CurrentLeader {
    /// All versions; default -1; a `brokerId`.
    pub leader_id: i32,
    /// All versions; default -1.
    pub leader_epoch: i32,
    /// All versions.
    pub host: Str,
    /// All versions.
    pub port: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for CurrentLeader {
    fn default() -> CurrentLeader {
        CurrentLeader {
            leader_id: -1,
            leader_epoch: -1,
            host: Str::default(),
            port: 0,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for CurrentLeader {
    const MIN_LEN: usize = 14;

    fn read(reader: &mut Reader, _version: i16) -> Result<CurrentLeader, DecodeError> {
        Ok(CurrentLeader {
            leader_id: reader.i32()?,
            leader_epoch: reader.i32()?,
            host: reader.string(Form::Flexible)?,
            port: reader.i32()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.leader_id);
        writer.i32(self.leader_epoch);
        writer.string(Form::Flexible, &self.host)?;
        writer.i32(self.port);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for CurrentLeader {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("leaderId", &self.leader_id, version);
        object.field("leaderEpoch", &self.leader_epoch, version);
        object.field("host", &self.host, version);
        object.field("port", &self.port, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for CurrentLeader {
    fn random(random: &mut crate::testing::Source, _version: i16) -> CurrentLeader {
        CurrentLeader {
            leader_id: random.i32(),
            leader_epoch: random.i32(),
            host: random.string(),
            port: random.i32(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
