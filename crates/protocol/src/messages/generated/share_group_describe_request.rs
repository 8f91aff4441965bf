//! Generated from `schemas/ShareGroupDescribeRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `ShareGroupDescribeRequest` (request, key 77): versions 1, flexible 1+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShareGroupDescribeRequest {
    /// All versions; a `groupId`.
    pub group_ids: Vec<Str>,
    /// All versions.
    pub include_authorized_operations: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ShareGroupDescribeRequest {
    const NAME: &'static str = "ShareGroupDescribeRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(1);
}

impl Request for ShareGroupDescribeRequest {
    const KEY: ApiKey = ApiKey::ShareGroupDescribe;
    type Response = super::share_group_describe_response::ShareGroupDescribeResponse;
}

impl Element for ShareGroupDescribeRequest {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, _version: i16) -> Result<ShareGroupDescribeRequest, DecodeError> {
        Ok(ShareGroupDescribeRequest {
            group_ids: reader.strings(Form::Flexible)?,
            include_authorized_operations: reader.bool()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.strings(Form::Flexible, &self.group_ids)?;
        writer.bool(self.include_authorized_operations);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ShareGroupDescribeRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groupIds", &self.group_ids, version);
        object.field("includeAuthorizedOperations", &self.include_authorized_operations, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ShareGroupDescribeRequest {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ShareGroupDescribeRequest {
        ShareGroupDescribeRequest {
            group_ids: random.strings(),
            include_authorized_operations: random.bool(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
