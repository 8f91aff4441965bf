//! Generated from `schemas/VotersRecord.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `VotersRecord` (data): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VotersRecord {
    /// All versions.
    pub version: i16,
    /// All versions.
    pub voters: Vec<Voter>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for VotersRecord {
    const NAME: &'static str = "VotersRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for VotersRecord {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, version: i16) -> Result<VotersRecord, DecodeError> {
        Ok(VotersRecord {
            version: reader.i16()?,
            voters: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i16(self.version);
        writer.array(Form::Flexible, &self.voters, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for VotersRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("version", &self.version, version);
        object.field("voters", &self.voters, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for VotersRecord {
    fn random(random: &mut crate::testing::Source, version: i16) -> VotersRecord {
        VotersRecord {
            version: random.i16(),
            voters: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`VotersRecord`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Voter {
    /// All versions; a `brokerId`.
    pub voter_id: i32,
    /// All versions.
    pub voter_directory_id: Uuid,
    /// All versions.
    pub endpoints: Vec<Endpoint>,
    /// All versions.
    pub k_raft_version_feature: KRaftVersionFeature,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for Voter {
    const MIN_LEN: usize = 27;

    fn read(reader: &mut Reader, version: i16) -> Result<Voter, DecodeError> {
        Ok(Voter {
            voter_id: reader.i32()?,
            voter_directory_id: reader.uuid()?,
            endpoints: reader.array(Form::Flexible, version)?,
            k_raft_version_feature: KRaftVersionFeature::read(reader, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.voter_id);
        writer.uuid(self.voter_directory_id);
        writer.array(Form::Flexible, &self.endpoints, version)?;
        self.k_raft_version_feature.write(writer, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for Voter {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("voterId", &self.voter_id, version);
        object.field("voterDirectoryId", &self.voter_directory_id, version);
        object.field("endpoints", &self.endpoints, version);
        object.field("kRaftVersionFeature", &self.k_raft_version_feature, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for Voter {
    fn random(random: &mut crate::testing::Source, version: i16) -> Voter {
        Voter {
            voter_id: random.i32(),
            voter_directory_id: random.uuid(),
            endpoints: random.array(version),
            k_raft_version_feature: random.value::<KRaftVersionFeature>(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`VotersRecord`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Endpoint {
    /// All versions; key of its array.
    pub name: Str,
    /// All versions.
    pub host: Str,
    /// All versions.
    pub port: u16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for Endpoint {
    const MIN_LEN: usize = 5;

    fn read(reader: &mut Reader, _version: i16) -> Result<Endpoint, DecodeError> {
        Ok(Endpoint {
            name: reader.string(Form::Flexible)?,
            host: reader.string(Form::Flexible)?,
            port: reader.u16()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.name)?;
        writer.string(Form::Flexible, &self.host)?;
        writer.u16(self.port);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for Endpoint {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("host", &self.host, version);
        object.field("port", &self.port, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for Endpoint {
    fn random(random: &mut crate::testing::Source, _version: i16) -> Endpoint {
        Endpoint {
            name: random.string(),
            host: random.string(),
            port: random.u16(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`VotersRecord`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KRaftVersionFeature {
    /// All versions.
    pub min_supported_version: i16,
    /// All versions.
    pub max_supported_version: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for KRaftVersionFeature {
    const MIN_LEN: usize = 5;

    fn read(reader: &mut Reader, _version: i16) -> Result<KRaftVersionFeature, DecodeError> {
        Ok(KRaftVersionFeature {
            min_supported_version: reader.i16()?,
            max_supported_version: reader.i16()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i16(self.min_supported_version);
        writer.i16(self.max_supported_version);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for KRaftVersionFeature {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("minSupportedVersion", &self.min_supported_version, version);
        object.field("maxSupportedVersion", &self.max_supported_version, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for KRaftVersionFeature {
    fn random(random: &mut crate::testing::Source, _version: i16) -> KRaftVersionFeature {
        KRaftVersionFeature {
            min_supported_version: random.i16(),
            max_supported_version: random.i16(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
