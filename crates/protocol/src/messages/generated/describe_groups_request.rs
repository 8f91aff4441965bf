//! Generated from `schemas/DescribeGroupsRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `DescribeGroupsRequest` (request, key 15): versions 0-6, flexible 5+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeGroupsRequest {
    /// All versions; a `groupId`.
    pub groups: Vec<Str>,
    /// Versions 3+.
    pub include_authorized_operations: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for DescribeGroupsRequest {
    const NAME: &'static str = "DescribeGroupsRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=6;
    const FLEXIBLE_FROM: Option<i16> = Some(5);
}

impl Request for DescribeGroupsRequest {
    const KEY: ApiKey = ApiKey::DescribeGroups;
    type Response = super::describe_groups_response::DescribeGroupsResponse;
}

impl Element for DescribeGroupsRequest {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeGroupsRequest, DecodeError> {
        let form = Form::of(version, 5);
        Ok(DescribeGroupsRequest {
            groups: reader.strings(form)?,
            include_authorized_operations: if version >= 3 { reader.bool()? } else { false },
            unknown_tagged_fields: if version >= 5 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 5);
        writer.strings(form, &self.groups)?;
        if version >= 3 {
            writer.bool(self.include_authorized_operations);
        } else if self.include_authorized_operations {
            return Err(EncodeError::NotInVersion {
                message: "DescribeGroupsRequest",
                field: "IncludeAuthorizedOperations",
                version,
            });
        }
        if version >= 5 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DescribeGroupsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeGroupsRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groups", &self.groups, version);
        if version >= 3 {
            object.field("includeAuthorizedOperations", &self.include_authorized_operations, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeGroupsRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeGroupsRequest {
        DescribeGroupsRequest {
            groups: random.strings(),
            include_authorized_operations: if version >= 3 { random.bool() } else { false },
            unknown_tagged_fields: if version >= 5 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
