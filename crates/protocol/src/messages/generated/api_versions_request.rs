//! Generated from `schemas/ApiVersionsRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `ApiVersionsRequest` (request, key 18): versions 0-5, flexible 3+.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiVersionsRequest {
    /// Versions 3+; lost in others.
    pub client_software_name: Str,
    /// Versions 3+; lost in others.
    pub client_software_version: Str,
    /// Versions 5+; default null; lost in others.
    pub cluster_id: Option<Str>,
    /// Versions 5+; default -1; lost in others.
    pub node_id: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ApiVersionsRequest {
    fn default() -> ApiVersionsRequest {
        ApiVersionsRequest {
            client_software_name: Str::default(),
            client_software_version: Str::default(),
            cluster_id: None,
            node_id: -1,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for ApiVersionsRequest {
    const NAME: &'static str = "ApiVersionsRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=5;
    const FLEXIBLE_FROM: Option<i16> = Some(3);
}

impl Request for ApiVersionsRequest {
    const KEY: ApiKey = ApiKey::ApiVersions;
    type Response = super::api_versions_response::ApiVersionsResponse;
}

impl Element for ApiVersionsRequest {
    const MIN_LEN: usize = 0;

    fn read(reader: &mut Reader, version: i16) -> Result<ApiVersionsRequest, DecodeError> {
        Ok(ApiVersionsRequest {
            client_software_name: if version >= 3 { reader.string(Form::Flexible)? } else { Str::default() },
            client_software_version: if version >= 3 {
                reader.string(Form::Flexible)?
            } else {
                Str::default()
            },
            cluster_id: if version == 5 { reader.nullable_string(Form::Flexible)? } else { None },
            node_id: if version == 5 { reader.i32()? } else { -1 },
            unknown_tagged_fields: if version >= 3 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        if version >= 3 {
            writer.string(Form::Flexible, &self.client_software_name)?;
        }
        if version >= 3 {
            writer.string(Form::Flexible, &self.client_software_version)?;
        }
        if version == 5 {
            writer.nullable_string(Form::Flexible, self.cluster_id.as_ref())?;
        }
        if version == 5 {
            writer.i32(self.node_id);
        }
        if version >= 3 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ApiVersionsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ApiVersionsRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version >= 3 {
            object.field("clientSoftwareName", &self.client_software_name, version);
        }
        if version >= 3 {
            object.field("clientSoftwareVersion", &self.client_software_version, version);
        }
        if version == 5 {
            object.field("clusterId", &self.cluster_id, version);
        }
        if version == 5 {
            object.field("nodeId", &self.node_id, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ApiVersionsRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> ApiVersionsRequest {
        ApiVersionsRequest {
            client_software_name: if version >= 3 { random.string() } else { Str::default() },
            client_software_version: if version >= 3 { random.string() } else { Str::default() },
            cluster_id: if version == 5 { random.is_some().then(|| random.string()) } else { None },
            node_id: if version == 5 { random.i32() } else { -1 },
            unknown_tagged_fields: if version >= 3 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
