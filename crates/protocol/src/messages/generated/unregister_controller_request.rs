//! Generated from `schemas/UnregisterControllerRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `UnregisterControllerRequest` (request, key 94): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnregisterControllerRequest {
    /// All versions.
    pub controller_id: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for UnregisterControllerRequest {
    const NAME: &'static str = "UnregisterControllerRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for UnregisterControllerRequest {
    const KEY: ApiKey = ApiKey::UnregisterController;
    type Response = super::unregister_controller_response::UnregisterControllerResponse;
}

impl Element for UnregisterControllerRequest {
    const MIN_LEN: usize = 5;

    fn read(reader: &mut Reader, _version: i16) -> Result<UnregisterControllerRequest, DecodeError> {
        Ok(UnregisterControllerRequest {
            controller_id: reader.i32()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.controller_id);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for UnregisterControllerRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("controllerId", &self.controller_id, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for UnregisterControllerRequest {
    fn random(random: &mut crate::testing::Source, _version: i16) -> UnregisterControllerRequest {
        UnregisterControllerRequest {
            controller_id: random.i32(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
