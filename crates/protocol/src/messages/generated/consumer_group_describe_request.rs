//! Generated from `schemas/ConsumerGroupDescribeRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `ConsumerGroupDescribeRequest` (request, key 69): versions 0-1, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConsumerGroupDescribeRequest {
    /// All versions; a `groupId`.
    pub group_ids: Vec<Str>,
    /// All versions.
    pub include_authorized_operations: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ConsumerGroupDescribeRequest {
    const NAME: &'static str = "ConsumerGroupDescribeRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for ConsumerGroupDescribeRequest {
    const KEY: ApiKey = ApiKey::ConsumerGroupDescribe;
    type Response = super::consumer_group_describe_response::ConsumerGroupDescribeResponse;
}

impl Element for ConsumerGroupDescribeRequest {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, _version: i16) -> Result<ConsumerGroupDescribeRequest, DecodeError> {
        Ok(ConsumerGroupDescribeRequest {
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
impl crate::json::ToJson for ConsumerGroupDescribeRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groupIds", &self.group_ids, version);
        object.field("includeAuthorizedOperations", &self.include_authorized_operations, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ConsumerGroupDescribeRequest {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ConsumerGroupDescribeRequest {
        ConsumerGroupDescribeRequest {
            group_ids: random.strings(),
            include_authorized_operations: random.bool(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
