//! Generated from `schemas/MetadataRequest.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `MetadataRequest` (request, key 3): versions 0-13, flexible 9+.
#[derive(Clone, Debug, PartialEq)]
pub struct MetadataRequest {
    /// All versions; null in 1+.
    pub topics: Option<Vec<MetadataRequestTopic>>,
    /// Versions 4+; default true.
    pub allow_auto_topic_creation: bool,
    /// Versions 8-10.
    pub include_cluster_authorized_operations: bool,
    /// Versions 8+.
    pub include_topic_authorized_operations: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for MetadataRequest {
    fn default() -> MetadataRequest {
        MetadataRequest {
            topics: Some(Vec::new()),
            allow_auto_topic_creation: true,
            include_cluster_authorized_operations: false,
            include_topic_authorized_operations: false,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for MetadataRequest {
    const NAME: &'static str = "MetadataRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=13;
    const FLEXIBLE_FROM: Option<i16> = Some(9);
}

impl Request for MetadataRequest {
    const KEY: ApiKey = ApiKey::Metadata;
    type Response = super::metadata_response::MetadataResponse;
}

impl Element for MetadataRequest {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, version: i16) -> Result<MetadataRequest, DecodeError> {
        let form = Form::of(version, 9);
        Ok(MetadataRequest {
            topics: if version >= 1 {
                reader.nullable_array(form, version)?
            } else {
                Some(reader.array(form, version)?)
            },
            allow_auto_topic_creation: if version >= 4 { reader.bool()? } else { true },
            include_cluster_authorized_operations: if (8..=10).contains(&version) {
                reader.bool()?
            } else {
                false
            },
            include_topic_authorized_operations: if version >= 8 { reader.bool()? } else { false },
            unknown_tagged_fields: if version >= 9 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 9);
        if version >= 1 {
            writer.nullable_array(form, self.topics.as_deref(), version)?;
        } else {
            let value = EncodeError::required(self.topics.as_ref(), "MetadataRequest", "Topics", version)?;
            writer.array(form, value, version)?;
        }
        if version >= 4 {
            writer.bool(self.allow_auto_topic_creation);
        } else if !self.allow_auto_topic_creation {
            return Err(EncodeError::NotInVersion {
                message: "MetadataRequest",
                field: "AllowAutoTopicCreation",
                version,
            });
        }
        if (8..=10).contains(&version) {
            writer.bool(self.include_cluster_authorized_operations);
        } else if self.include_cluster_authorized_operations {
            return Err(EncodeError::NotInVersion {
                message: "MetadataRequest",
                field: "IncludeClusterAuthorizedOperations",
                version,
            });
        }
        if version >= 8 {
            writer.bool(self.include_topic_authorized_operations);
        } else if self.include_topic_authorized_operations {
            return Err(EncodeError::NotInVersion {
                message: "MetadataRequest",
                field: "IncludeTopicAuthorizedOperations",
                version,
            });
        }
        if version >= 9 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "MetadataRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for MetadataRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topics", &self.topics, version);
        if version >= 4 {
            object.field("allowAutoTopicCreation", &self.allow_auto_topic_creation, version);
        }
        if (8..=10).contains(&version) {
            object.field(
                "includeClusterAuthorizedOperations",
                &self.include_cluster_authorized_operations,
                version,
            );
        }
        if version >= 8 {
            object.field(
                "includeTopicAuthorizedOperations",
                &self.include_topic_authorized_operations,
                version,
            );
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for MetadataRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> MetadataRequest {
        MetadataRequest {
            topics: if version >= 1 {
                random.is_some().then(|| random.array(version))
            } else {
                Some(random.array(version))
            },
            allow_auto_topic_creation: if version >= 4 { random.bool() } else { true },
            include_cluster_authorized_operations: if (8..=10).contains(&version) {
                random.bool()
            } else {
                false
            },
            include_topic_authorized_operations: if version >= 8 { random.bool() } else { false },
            unknown_tagged_fields: if version >= 9 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`MetadataRequest`].
#[derive(Clone, Debug, PartialEq)]
pub struct MetadataRequestTopic {
    /// Versions 10+; lost in others.
    pub topic_id: Uuid,
    /// All versions; null in 10+; a `topicName`.
    pub name: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for MetadataRequestTopic {
    fn default() -> MetadataRequestTopic {
        MetadataRequestTopic {
            topic_id: Uuid::ZERO,
            name: Some(Str::default()),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for MetadataRequestTopic {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, version: i16) -> Result<MetadataRequestTopic, DecodeError> {
        let form = Form::of(version, 9);
        Ok(MetadataRequestTopic {
            topic_id: if version >= 10 { reader.uuid()? } else { Uuid::ZERO },
            name: if version >= 10 { reader.nullable_string(form)? } else { Some(reader.string(form)?) },
            unknown_tagged_fields: if version >= 9 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 9);
        if version >= 10 {
            writer.uuid(self.topic_id);
        }
        if version >= 10 {
            writer.nullable_string(form, self.name.as_ref())?;
        } else {
            let value = EncodeError::required(self.name.as_ref(), "MetadataRequestTopic", "Name", version)?;
            writer.string(form, value)?;
        }
        if version >= 9 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "MetadataRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for MetadataRequestTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version >= 10 {
            object.field("topicId", &self.topic_id, version);
        }
        object.field("name", &self.name, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for MetadataRequestTopic {
    fn random(random: &mut crate::testing::Source, version: i16) -> MetadataRequestTopic {
        MetadataRequestTopic {
            topic_id: if version >= 10 { random.uuid() } else { Uuid::ZERO },
            name: if version >= 10 {
                random.is_some().then(|| random.string())
            } else {
                Some(random.string())
            },
            unknown_tagged_fields: if version >= 9 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
