//! Generated from `schemas/ListGroupsRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `ListGroupsRequest` (request, key 16): versions 0-5, flexible 3+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListGroupsRequest {
    /// Versions 4+.
    pub states_filter: Vec<Str>,
    /// Versions 5+.
    pub types_filter: Vec<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ListGroupsRequest {
    const NAME: &'static str = "ListGroupsRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=5;
    const FLEXIBLE_FROM: Option<i16> = Some(3);
}

impl Request for ListGroupsRequest {
    const KEY: ApiKey = ApiKey::ListGroups;
    type Response = super::list_groups_response::ListGroupsResponse;
}

impl Element for ListGroupsRequest {
    const MIN_LEN: usize = 0;

    fn read(reader: &mut Reader, version: i16) -> Result<ListGroupsRequest, DecodeError> {
        Ok(ListGroupsRequest {
            states_filter: if version >= 4 { reader.strings(Form::Flexible)? } else { Vec::new() },
            types_filter: if version == 5 { reader.strings(Form::Flexible)? } else { Vec::new() },
            unknown_tagged_fields: if version >= 3 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        if version >= 4 {
            writer.strings(Form::Flexible, &self.states_filter)?;
        } else if !self.states_filter.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "ListGroupsRequest",
                field: "StatesFilter",
                version,
            });
        }
        if version == 5 {
            writer.strings(Form::Flexible, &self.types_filter)?;
        } else if !self.types_filter.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "ListGroupsRequest",
                field: "TypesFilter",
                version,
            });
        }
        if version >= 3 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ListGroupsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ListGroupsRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version >= 4 {
            object.field("statesFilter", &self.states_filter, version);
        }
        if version == 5 {
            object.field("typesFilter", &self.types_filter, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ListGroupsRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> ListGroupsRequest {
        ListGroupsRequest {
            states_filter: if version >= 4 { random.strings() } else { Vec::new() },
            types_filter: if version == 5 { random.strings() } else { Vec::new() },
            unknown_tagged_fields: if version >= 3 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
