//! Generated from `schemas/DeleteShareGroupOffsetsRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `DeleteShareGroupOffsetsRequest` (request, key 92): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeleteShareGroupOffsetsRequest {
    /// All versions; a `groupId`.
    pub group_id: Str,
    /// All versions.
    pub topics: Vec<DeleteShareGroupOffsetsRequestTopic>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for DeleteShareGroupOffsetsRequest {
    const NAME: &'static str = "DeleteShareGroupOffsetsRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for DeleteShareGroupOffsetsRequest {
    const KEY: ApiKey = ApiKey::DeleteShareGroupOffsets;
    type Response = super::delete_share_group_offsets_response::DeleteShareGroupOffsetsResponse;
}

impl Element for DeleteShareGroupOffsetsRequest {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<DeleteShareGroupOffsetsRequest, DecodeError> {
        Ok(DeleteShareGroupOffsetsRequest {
            group_id: reader.string(Form::Flexible)?,
            topics: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.group_id)?;
        writer.array(Form::Flexible, &self.topics, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DeleteShareGroupOffsetsRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groupId", &self.group_id, version);
        object.field("topics", &self.topics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DeleteShareGroupOffsetsRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> DeleteShareGroupOffsetsRequest {
        DeleteShareGroupOffsetsRequest {
            group_id: random.string(),
            topics: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`DeleteShareGroupOffsetsRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeleteShareGroupOffsetsRequestTopic {
    /// All versions; a `topicName`.
    pub topic_name: Str,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for DeleteShareGroupOffsetsRequestTopic {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, _version: i16) -> Result<DeleteShareGroupOffsetsRequestTopic, DecodeError> {
        Ok(DeleteShareGroupOffsetsRequestTopic {
            topic_name: reader.string(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.topic_name)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DeleteShareGroupOffsetsRequestTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicName", &self.topic_name, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DeleteShareGroupOffsetsRequestTopic {
    fn random(random: &mut crate::testing::Source, _version: i16) -> DeleteShareGroupOffsetsRequestTopic {
        DeleteShareGroupOffsetsRequestTopic {
            topic_name: random.string(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
