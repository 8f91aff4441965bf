//! Generated from `schemas/ListConfigResourcesRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `ListConfigResourcesRequest` (request, key 74): versions 0-1, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListConfigResourcesRequest {
    /// Versions 1+.
    pub resource_types: Vec<i8>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ListConfigResourcesRequest {
    const NAME: &'static str = "ListConfigResourcesRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for ListConfigResourcesRequest {
    const KEY: ApiKey = ApiKey::ListConfigResources;
    type Response = super::list_config_resources_response::ListConfigResourcesResponse;
}

impl Element for ListConfigResourcesRequest {
    const MIN_LEN: usize = 1;

    fn read(reader: &mut Reader, version: i16) -> Result<ListConfigResourcesRequest, DecodeError> {
        Ok(ListConfigResourcesRequest {
            resource_types: if version == 1 { reader.i8s(Form::Flexible)? } else { Vec::new() },
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        if version == 1 {
            writer.i8s(Form::Flexible, &self.resource_types)?;
        } else if !self.resource_types.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "ListConfigResourcesRequest",
                field: "ResourceTypes",
                version,
            });
        }
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ListConfigResourcesRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version == 1 {
            object.field("resourceTypes", &self.resource_types, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ListConfigResourcesRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> ListConfigResourcesRequest {
        ListConfigResourcesRequest {
            resource_types: if version == 1 { random.i8s() } else { Vec::new() },
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
