//! Generated from `schemas/QuorumStateData.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `QuorumStateData` (data): versions 0-1, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct QuorumStateData {
    /// Versions 0.
    pub cluster_id: Str,
    /// All versions; default -1.
    pub leader_id: i32,
    /// All versions; default -1.
    pub leader_epoch: i32,
    /// All versions; default -1.
    pub voted_id: i32,
    /// Versions 1+.
    pub voted_directory_id: Uuid,
    /// Versions 0.
    pub applied_offset: i64,
    /// Versions 0.
    pub current_voters: Option<Vec<Voter>>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for QuorumStateData {
    fn default() -> QuorumStateData {
        QuorumStateData {
            cluster_id: Str::default(),
            leader_id: -1,
            leader_epoch: -1,
            voted_id: -1,
            voted_directory_id: Uuid::ZERO,
            applied_offset: 0,
            current_voters: Some(Vec::new()),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for QuorumStateData {
    const NAME: &'static str = "QuorumStateData";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for QuorumStateData {
    const MIN_LEN: usize = 23;

    fn read(reader: &mut Reader, version: i16) -> Result<QuorumStateData, DecodeError> {
        Ok(QuorumStateData {
            cluster_id: if version == 0 { reader.string(Form::Flexible)? } else { Str::default() },
            leader_id: reader.i32()?,
            leader_epoch: reader.i32()?,
            voted_id: reader.i32()?,
            voted_directory_id: if version == 1 { reader.uuid()? } else { Uuid::ZERO },
            applied_offset: if version == 0 { reader.i64()? } else { 0 },
            current_voters: if version == 0 {
                reader.nullable_array(Form::Flexible, version)?
            } else {
                Some(Vec::new())
            },
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        if version == 0 {
            writer.string(Form::Flexible, &self.cluster_id)?;
        } else if !self.cluster_id.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "QuorumStateData",
                field: "ClusterId",
                version,
            });
        }
        writer.i32(self.leader_id);
        writer.i32(self.leader_epoch);
        writer.i32(self.voted_id);
        if version == 1 {
            writer.uuid(self.voted_directory_id);
        } else if !self.voted_directory_id.is_zero() {
            return Err(EncodeError::NotInVersion {
                message: "QuorumStateData",
                field: "VotedDirectoryId",
                version,
            });
        }
        if version == 0 {
            writer.i64(self.applied_offset);
        } else if self.applied_offset != 0 {
            return Err(EncodeError::NotInVersion {
                message: "QuorumStateData",
                field: "AppliedOffset",
                version,
            });
        }
        if version == 0 {
            writer.nullable_array(Form::Flexible, self.current_voters.as_deref(), version)?;
        } else if self.current_voters.as_ref().is_none_or(|value| !value.is_empty()) {
            return Err(EncodeError::NotInVersion {
                message: "QuorumStateData",
                field: "CurrentVoters",
                version,
            });
        }
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for QuorumStateData {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version == 0 {
            object.field("clusterId", &self.cluster_id, version);
        }
        object.field("leaderId", &self.leader_id, version);
        object.field("leaderEpoch", &self.leader_epoch, version);
        object.field("votedId", &self.voted_id, version);
        if version == 1 {
            object.field("votedDirectoryId", &self.voted_directory_id, version);
        }
        if version == 0 {
            object.field("appliedOffset", &self.applied_offset, version);
        }
        if version == 0 {
            object.field("currentVoters", &self.current_voters, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for QuorumStateData {
    fn random(random: &mut crate::testing::Source, version: i16) -> QuorumStateData {
        QuorumStateData {
            cluster_id: if version == 0 { random.string() } else { Str::default() },
            leader_id: random.i32(),
            leader_epoch: random.i32(),
            voted_id: random.i32(),
            voted_directory_id: if version == 1 { random.uuid() } else { Uuid::ZERO },
            applied_offset: if version == 0 { random.i64() } else { 0 },
            current_voters: if version == 0 {
                random.is_some().then(|| random.array(version))
            } else {
                Some(Vec::new())
            },
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`QuorumStateData`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Voter {
    /// All versions.
    pub voter_id: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for Voter {
    const MIN_LEN: usize = 5;

    fn read(reader: &mut Reader, _version: i16) -> Result<Voter, DecodeError> {
        Ok(Voter { voter_id: reader.i32()?, unknown_tagged_fields: reader.tagged_fields()? })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.voter_id);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for Voter {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("voterId", &self.voter_id, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for Voter {
    fn random(random: &mut crate::testing::Source, _version: i16) -> Voter {
        Voter { voter_id: random.i32(), unknown_tagged_fields: random.tagged_fields(0) }
    }
}
