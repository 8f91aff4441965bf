//! Generated from `schemas/FindCoordinatorRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `FindCoordinatorRequest` (request, key 10): versions 0-6, flexible 3+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FindCoordinatorRequest {
    /// Versions 0-3.
    pub key: Str,
    /// Versions 1+.
    pub key_type: i8,
    /// Versions 4+.
    pub coordinator_keys: Vec<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for FindCoordinatorRequest {
    const NAME: &'static str = "FindCoordinatorRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=6;
    const FLEXIBLE_FROM: Option<i16> = Some(3);
}

impl Request for FindCoordinatorRequest {
    const KEY: ApiKey = ApiKey::FindCoordinator;
    type Response = super::find_coordinator_response::FindCoordinatorResponse;
}

impl Element for FindCoordinatorRequest {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, version: i16) -> Result<FindCoordinatorRequest, DecodeError> {
        let form = Form::of(version, 3);
        Ok(FindCoordinatorRequest {
            key: if version <= 3 { reader.string(form)? } else { Str::default() },
            key_type: if version >= 1 { reader.i8()? } else { 0 },
            coordinator_keys: if version >= 4 { reader.strings(Form::Flexible)? } else { Vec::new() },
            unknown_tagged_fields: if version >= 3 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 3);
        if version <= 3 {
            writer.string(form, &self.key)?;
        } else if !self.key.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "FindCoordinatorRequest",
                field: "Key",
                version,
            });
        }
        if version >= 1 {
            writer.i8(self.key_type);
        } else if self.key_type != 0 {
            return Err(EncodeError::NotInVersion {
                message: "FindCoordinatorRequest",
                field: "KeyType",
                version,
            });
        }
        if version >= 4 {
            writer.strings(Form::Flexible, &self.coordinator_keys)?;
        } else if !self.coordinator_keys.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "FindCoordinatorRequest",
                field: "CoordinatorKeys",
                version,
            });
        }
        if version >= 3 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "FindCoordinatorRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for FindCoordinatorRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version <= 3 {
            object.field("key", &self.key, version);
        }
        if version >= 1 {
            object.field("keyType", &self.key_type, version);
        }
        if version >= 4 {
            object.field("coordinatorKeys", &self.coordinator_keys, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for FindCoordinatorRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> FindCoordinatorRequest {
        FindCoordinatorRequest {
            key: if version <= 3 { random.string() } else { Str::default() },
            key_type: if version >= 1 { random.i8() } else { 0 },
            coordinator_keys: if version >= 4 { random.strings() } else { Vec::new() },
            unknown_tagged_fields: if version >= 3 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
