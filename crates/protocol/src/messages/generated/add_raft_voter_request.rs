//! Generated from `schemas/AddRaftVoterRequest.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `AddRaftVoterRequest` (request, key 80): versions 0-1, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct AddRaftVoterRequest {
    /// All versions.
    pub cluster_id: Option<Str>,
    /// All versions.
    pub timeout_ms: i32,
    /// All versions.
    pub voter_id: i32,
    /// All versions.
    pub voter_directory_id: Uuid,
    /// All versions.
    pub listeners: Vec<Listener>,
    /// Versions 1+; default true.
    pub ack_when_committed: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for AddRaftVoterRequest {
    fn default() -> AddRaftVoterRequest {
        AddRaftVoterRequest {
            cluster_id: Some(Str::default()),
            timeout_ms: 0,
            voter_id: 0,
            voter_directory_id: Uuid::ZERO,
            listeners: Vec::new(),
            ack_when_committed: true,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for AddRaftVoterRequest {
    const NAME: &'static str = "AddRaftVoterRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for AddRaftVoterRequest {
    const KEY: ApiKey = ApiKey::AddRaftVoter;
    type Response = super::add_raft_voter_response::AddRaftVoterResponse;
}

impl Element for AddRaftVoterRequest {
    const MIN_LEN: usize = 27;

    fn read(reader: &mut Reader, version: i16) -> Result<AddRaftVoterRequest, DecodeError> {
        Ok(AddRaftVoterRequest {
            cluster_id: reader.nullable_string(Form::Flexible)?,
            timeout_ms: reader.i32()?,
            voter_id: reader.i32()?,
            voter_directory_id: reader.uuid()?,
            listeners: reader.array(Form::Flexible, version)?,
            ack_when_committed: if version == 1 { reader.bool()? } else { true },
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.nullable_string(Form::Flexible, self.cluster_id.as_ref())?;
        writer.i32(self.timeout_ms);
        writer.i32(self.voter_id);
        writer.uuid(self.voter_directory_id);
        writer.array(Form::Flexible, &self.listeners, version)?;
        if version == 1 {
            writer.bool(self.ack_when_committed);
        } else if !self.ack_when_committed {
            return Err(EncodeError::NotInVersion {
                message: "AddRaftVoterRequest",
                field: "AckWhenCommitted",
                version,
            });
        }
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AddRaftVoterRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("clusterId", &self.cluster_id, version);
        object.field("timeoutMs", &self.timeout_ms, version);
        object.field("voterId", &self.voter_id, version);
        object.field("voterDirectoryId", &self.voter_directory_id, version);
        object.field("listeners", &self.listeners, version);
        if version == 1 {
            object.field("ackWhenCommitted", &self.ack_when_committed, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AddRaftVoterRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> AddRaftVoterRequest {
        AddRaftVoterRequest {
            cluster_id: random.is_some().then(|| random.string()),
            timeout_ms: random.i32(),
            voter_id: random.i32(),
            voter_directory_id: random.uuid(),
            listeners: random.array(version),
            ack_when_committed: if version == 1 { random.bool() } else { true },
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`AddRaftVoterRequest`].
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
