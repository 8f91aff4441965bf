//! Generated from `schemas/UpdateRaftVoterRequest.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `UpdateRaftVoterRequest` (request, key 82): versions 0, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct UpdateRaftVoterRequest {
    /// All versions.
    pub cluster_id: Option<Str>,
    /// All versions.
    pub current_leader_epoch: i32,
    /// All versions.
    pub voter_id: i32,
    /// All versions.
    pub voter_directory_id: Uuid,
    /// All versions.
    pub listeners: Vec<Listener>,
    /// All versions.
    pub k_raft_version_feature: KRaftVersionFeature,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for UpdateRaftVoterRequest {
    fn default() -> UpdateRaftVoterRequest {
        UpdateRaftVoterRequest {
            cluster_id: Some(Str::default()),
            current_leader_epoch: 0,
            voter_id: 0,
            voter_directory_id: Uuid::ZERO,
            listeners: Vec::new(),
            k_raft_version_feature: KRaftVersionFeature::default(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for UpdateRaftVoterRequest {
    const NAME: &'static str = "UpdateRaftVoterRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for UpdateRaftVoterRequest {
    const KEY: ApiKey = ApiKey::UpdateRaftVoter;
    type Response = super::update_raft_voter_response::UpdateRaftVoterResponse;
}

impl Element for UpdateRaftVoterRequest {
    const MIN_LEN: usize = 32;

    fn read(reader: &mut Reader, version: i16) -> Result<UpdateRaftVoterRequest, DecodeError> {
        Ok(UpdateRaftVoterRequest {
            cluster_id: reader.nullable_string(Form::Flexible)?,
            current_leader_epoch: reader.i32()?,
            voter_id: reader.i32()?,
            voter_directory_id: reader.uuid()?,
            listeners: reader.array(Form::Flexible, version)?,
            k_raft_version_feature: KRaftVersionFeature::read(reader, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.nullable_string(Form::Flexible, self.cluster_id.as_ref())?;
        writer.i32(self.current_leader_epoch);
        writer.i32(self.voter_id);
        writer.uuid(self.voter_directory_id);
        writer.array(Form::Flexible, &self.listeners, version)?;
        self.k_raft_version_feature.write(writer, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for UpdateRaftVoterRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("clusterId", &self.cluster_id, version);
        object.field("currentLeaderEpoch", &self.current_leader_epoch, version);
        object.field("voterId", &self.voter_id, version);
        object.field("voterDirectoryId", &self.voter_directory_id, version);
        object.field("listeners", &self.listeners, version);
        object.field("kRaftVersionFeature", &self.k_raft_version_feature, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for UpdateRaftVoterRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> UpdateRaftVoterRequest {
        UpdateRaftVoterRequest {
            cluster_id: random.is_some().then(|| random.string()),
            current_leader_epoch: random.i32(),
            voter_id: random.i32(),
            voter_directory_id: random.uuid(),
            listeners: random.array(version),
            k_raft_version_feature: random.value::<KRaftVersionFeature>(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`UpdateRaftVoterRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listener {
    /// All versions; key of its array.
    pub name: Str,
    /// All versions.
    pub host: Str,
    /// All versions.
    pub port: u16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for Listener {
    const MIN_LEN: usize = 5;

    fn read(reader: &mut Reader, _version: i16) -> Result<Listener, DecodeError> {
        Ok(Listener {
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
impl crate::json::ToJson for Listener {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("host", &self.host, version);
        object.field("port", &self.port, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for Listener {
    fn random(random: &mut crate::testing::Source, _version: i16) -> Listener {
        Listener {
            name: random.string(),
            host: random.string(),
            port: random.u16(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`UpdateRaftVoterRequest`].
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
