//! Generated from `schemas/LeaderChangeMessage.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, TaggedFields, Writer};
use crate::message::Message;

/// `LeaderChangeMessage` (data): versions 0-1, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeaderChangeMessage {
    /// All versions.
    pub version: i16,
    /// All versions; a `brokerId`.
    pub leader_id: i32,
    /// All versions.
    pub voters: Vec<Voter>,
    /// All versions.
    pub granting_voters: Vec<Voter>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for LeaderChangeMessage {
    const NAME: &'static str = "LeaderChangeMessage";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for LeaderChangeMessage {
    const MIN_LEN: usize = 9;

    fn read(reader: &mut Reader, version: i16) -> Result<LeaderChangeMessage, DecodeError> {
        Ok(LeaderChangeMessage {
            version: reader.i16()?,
            leader_id: reader.i32()?,
            voters: reader.array(Form::Flexible, version)?,
            granting_voters: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i16(self.version);
        writer.i32(self.leader_id);
        writer.array(Form::Flexible, &self.voters, version)?;
        writer.array(Form::Flexible, &self.granting_voters, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for LeaderChangeMessage {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("version", &self.version, version);
        object.field("leaderId", &self.leader_id, version);
        object.field("voters", &self.voters, version);
        object.field("grantingVoters", &self.granting_voters, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for LeaderChangeMessage {
    fn random(random: &mut crate::testing::Source, version: i16) -> LeaderChangeMessage {
        LeaderChangeMessage {
            version: random.i16(),
            leader_id: random.i32(),
            voters: random.array(version),
            granting_voters: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`LeaderChangeMessage`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Voter {
    /// All versions.
    pub voter_id: i32,
    /// Versions 1+.
    pub voter_directory_id: Uuid,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for Voter {
    const MIN_LEN: usize = 5;

    fn read(reader: &mut Reader, version: i16) -> Result<Voter, DecodeError> {
        Ok(Voter {
            voter_id: reader.i32()?,
            voter_directory_id: if version == 1 { reader.uuid()? } else { Uuid::ZERO },
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.voter_id);
        if version == 1 {
            writer.uuid(self.voter_directory_id);
        } else if !self.voter_directory_id.is_zero() {
            return Err(EncodeError::NotInVersion { message: "Voter", field: "VoterDirectoryId", version });
        }
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for Voter {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("voterId", &self.voter_id, version);
        if version == 1 {
            object.field("voterDirectoryId", &self.voter_directory_id, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for Voter {
    fn random(random: &mut crate::testing::Source, version: i16) -> Voter {
        Voter {
            voter_id: random.i32(),
            voter_directory_id: if version == 1 { random.uuid() } else { Uuid::ZERO },
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
