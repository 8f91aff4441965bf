//! Generated from `schemas/StreamsGroupDescribeRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `StreamsGroupDescribeRequest` (request, key 89): versions 0-1, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamsGroupDescribeRequest {
    /// All versions; a `groupId`.
    pub group_ids: Vec<Str>,
    /// All versions.
    pub include_authorized_operations: bool,
    /// Versions 1+.
    pub include_topology_description: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for StreamsGroupDescribeRequest {
    const NAME: &'static str = "StreamsGroupDescribeRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for StreamsGroupDescribeRequest {
    const KEY: ApiKey = ApiKey::StreamsGroupDescribe;
    type Response = super::streams_group_describe_response::StreamsGroupDescribeResponse;
}

impl Element for StreamsGroupDescribeRequest {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<StreamsGroupDescribeRequest, DecodeError> {
        Ok(StreamsGroupDescribeRequest {
            group_ids: reader.strings(Form::Flexible)?,
            include_authorized_operations: reader.bool()?,
            include_topology_description: if version == 1 { reader.bool()? } else { false },
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.strings(Form::Flexible, &self.group_ids)?;
        writer.bool(self.include_authorized_operations);
        if version == 1 {
            writer.bool(self.include_topology_description);
        } else if self.include_topology_description {
            return Err(EncodeError::NotInVersion {
                message: "StreamsGroupDescribeRequest",
                field: "IncludeTopologyDescription",
                version,
            });
        }
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for StreamsGroupDescribeRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groupIds", &self.group_ids, version);
        object.field("includeAuthorizedOperations", &self.include_authorized_operations, version);
        if version == 1 {
            object.field("includeTopologyDescription", &self.include_topology_description, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for StreamsGroupDescribeRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> StreamsGroupDescribeRequest {
        StreamsGroupDescribeRequest {
            group_ids: random.strings(),
            include_authorized_operations: random.bool(),
            include_topology_description: if version == 1 { random.bool() } else { false },
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
