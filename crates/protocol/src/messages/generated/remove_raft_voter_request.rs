//! Generated from `schemas/RemoveRaftVoterRequest.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `RemoveRaftVoterRequest` (request, key 81): versions 0, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct RemoveRaftVoterRequest {
    /// All versions.
    pub cluster_id: Option<Str>,
    /// All versions.
    pub voter_id: i32,
    /// All versions.
    pub voter_directory_id: Uuid,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for RemoveRaftVoterRequest {
    fn default() -> RemoveRaftVoterRequest {
        RemoveRaftVoterRequest {
            cluster_id: Some(Str::default()),
            voter_id: 0,
            voter_directory_id: Uuid::ZERO,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for RemoveRaftVoterRequest {
    const NAME: &'static str = "RemoveRaftVoterRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for RemoveRaftVoterRequest {
    const KEY: ApiKey = ApiKey::RemoveRaftVoter;
    type Response = super::remove_raft_voter_response::RemoveRaftVoterResponse;
}

impl Element for RemoveRaftVoterRequest {
    const MIN_LEN: usize = 22;

    fn read(reader: &mut Reader, _version: i16) -> Result<RemoveRaftVoterRequest, DecodeError> {
        Ok(RemoveRaftVoterRequest {
            cluster_id: reader.nullable_string(Form::Flexible)?,
            voter_id: reader.i32()?,
            voter_directory_id: reader.uuid()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.nullable_string(Form::Flexible, self.cluster_id.as_ref())?;
        writer.i32(self.voter_id);
        writer.uuid(self.voter_directory_id);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for RemoveRaftVoterRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("clusterId", &self.cluster_id, version);
        object.field("voterId", &self.voter_id, version);
        object.field("voterDirectoryId", &self.voter_directory_id, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for RemoveRaftVoterRequest {
    fn random(random: &mut crate::testing::Source, _version: i16) -> RemoveRaftVoterRequest {
        RemoveRaftVoterRequest {
            cluster_id: random.is_some().then(|| random.string()),
            voter_id: random.i32(),
            voter_directory_id: random.uuid(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
