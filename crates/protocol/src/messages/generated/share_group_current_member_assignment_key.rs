//! Generated from `schemas/ShareGroupCurrentMemberAssignmentKey.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, Writer};
use crate::message::Message;

/// `ShareGroupCurrentMemberAssignmentKey` (offsets-key, key 14): versions 0, flexible none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShareGroupCurrentMemberAssignmentKey {
    /// All versions.
    pub group_id: Str,
    /// All versions.
    pub member_id: Str,
}

impl Message for ShareGroupCurrentMemberAssignmentKey {
    const NAME: &'static str = "ShareGroupCurrentMemberAssignmentKey";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = None;
}

impl Element for ShareGroupCurrentMemberAssignmentKey {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, _version: i16) -> Result<ShareGroupCurrentMemberAssignmentKey, DecodeError> {
        Ok(ShareGroupCurrentMemberAssignmentKey {
            group_id: reader.string(Form::Legacy)?,
            member_id: reader.string(Form::Legacy)?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Legacy, &self.group_id)?;
        writer.string(Form::Legacy, &self.member_id)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ShareGroupCurrentMemberAssignmentKey {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groupId", &self.group_id, version);
        object.field("memberId", &self.member_id, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ShareGroupCurrentMemberAssignmentKey {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ShareGroupCurrentMemberAssignmentKey {
        ShareGroupCurrentMemberAssignmentKey { group_id: random.string(), member_id: random.string() }
    }
}
