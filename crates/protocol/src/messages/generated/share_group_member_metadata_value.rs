//! Generated from `schemas/ShareGroupMemberMetadataValue.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `ShareGroupMemberMetadataValue` (offsets-value, key 10): versions 0, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct ShareGroupMemberMetadataValue {
    /// All versions.
    pub rack_id: Option<Str>,
    /// All versions.
    pub client_id: Str,
    /// All versions.
    pub client_host: Str,
    /// All versions.
    pub subscribed_topic_names: Vec<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ShareGroupMemberMetadataValue {
    fn default() -> ShareGroupMemberMetadataValue {
        ShareGroupMemberMetadataValue {
            rack_id: Some(Str::default()),
            client_id: Str::default(),
            client_host: Str::default(),
            subscribed_topic_names: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for ShareGroupMemberMetadataValue {
    const NAME: &'static str = "ShareGroupMemberMetadataValue";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for ShareGroupMemberMetadataValue {
    const MIN_LEN: usize = 5;

    fn read(reader: &mut Reader, _version: i16) -> Result<ShareGroupMemberMetadataValue, DecodeError> {
        Ok(ShareGroupMemberMetadataValue {
            rack_id: reader.nullable_string(Form::Flexible)?,
            client_id: reader.string(Form::Flexible)?,
            client_host: reader.string(Form::Flexible)?,
            subscribed_topic_names: reader.strings(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.nullable_string(Form::Flexible, self.rack_id.as_ref())?;
        writer.string(Form::Flexible, &self.client_id)?;
        writer.string(Form::Flexible, &self.client_host)?;
        writer.strings(Form::Flexible, &self.subscribed_topic_names)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ShareGroupMemberMetadataValue {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("rackId", &self.rack_id, version);
        object.field("clientId", &self.client_id, version);
        object.field("clientHost", &self.client_host, version);
        object.field("subscribedTopicNames", &self.subscribed_topic_names, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ShareGroupMemberMetadataValue {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ShareGroupMemberMetadataValue {
        ShareGroupMemberMetadataValue {
            rack_id: random.is_some().then(|| random.string()),
            client_id: random.string(),
            client_host: random.string(),
            subscribed_topic_names: random.strings(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
