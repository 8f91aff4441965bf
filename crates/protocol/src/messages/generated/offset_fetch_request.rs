//! Generated from `schemas/OffsetFetchRequest.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `OffsetFetchRequest` (request, key 9): versions 1-10, flexible 6+.
#[derive(Clone, Debug, PartialEq)]
pub struct OffsetFetchRequest {
    /// Versions 0-7; a `groupId`.
    pub group_id: Str,
    /// Versions 0-7; null in 2-7.
    pub topics: Option<Vec<OffsetFetchRequestTopic>>,
    /// Versions 8+.
    pub groups: Vec<OffsetFetchRequestGroup>,
    /// Versions 7+.
    pub require_stable: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for OffsetFetchRequest {
    fn default() -> OffsetFetchRequest {
        OffsetFetchRequest {
            group_id: Str::default(),
            topics: Some(Vec::new()),
            groups: Vec::new(),
            require_stable: false,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for OffsetFetchRequest {
    const NAME: &'static str = "OffsetFetchRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=10;
    const FLEXIBLE_FROM: Option<i16> = Some(6);
}

impl Request for OffsetFetchRequest {
    const KEY: ApiKey = ApiKey::OffsetFetch;
    type Response = super::offset_fetch_response::OffsetFetchResponse;
}

impl Element for OffsetFetchRequest {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<OffsetFetchRequest, DecodeError> {
        let form = Form::of(version, 6);
        Ok(OffsetFetchRequest {
            group_id: if version <= 7 { reader.string(form)? } else { Str::default() },
            topics: if version <= 7 {
                if version >= 2 {
                    reader.nullable_array(form, version)?
                } else {
                    Some(reader.array(form, version)?)
                }
            } else {
                Some(Vec::new())
            },
            groups: if version >= 8 { reader.array(Form::Flexible, version)? } else { Vec::new() },
            require_stable: if version >= 7 { reader.bool()? } else { false },
            unknown_tagged_fields: if version >= 6 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 6);
        if version <= 7 {
            writer.string(form, &self.group_id)?;
        } else if !self.group_id.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "OffsetFetchRequest",
                field: "GroupId",
                version,
            });
        }
        if version <= 7 {
            if version >= 2 {
                writer.nullable_array(form, self.topics.as_deref(), version)?;
            } else {
                let value =
                    EncodeError::required(self.topics.as_ref(), "OffsetFetchRequest", "Topics", version)?;
                writer.array(form, value, version)?;
            }
        } else if self.topics.as_ref().is_none_or(|value| !value.is_empty()) {
            return Err(EncodeError::NotInVersion {
                message: "OffsetFetchRequest",
                field: "Topics",
                version,
            });
        }
        if version >= 8 {
            writer.array(Form::Flexible, &self.groups, version)?;
        } else if !self.groups.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "OffsetFetchRequest",
                field: "Groups",
                version,
            });
        }
        if version >= 7 {
            writer.bool(self.require_stable);
        } else if self.require_stable {
            return Err(EncodeError::NotInVersion {
                message: "OffsetFetchRequest",
                field: "RequireStable",
                version,
            });
        }
        if version >= 6 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "OffsetFetchRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetFetchRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version <= 7 {
            object.field("groupId", &self.group_id, version);
        }
        if version <= 7 {
            object.field("topics", &self.topics, version);
        }
        if version >= 8 {
            object.field("groups", &self.groups, version);
        }
        if version >= 7 {
            object.field("requireStable", &self.require_stable, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OffsetFetchRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> OffsetFetchRequest {
        OffsetFetchRequest {
            group_id: if version <= 7 { random.string() } else { Str::default() },
            topics: if version <= 7 {
                if version >= 2 {
                    random.is_some().then(|| random.array(version))
                } else {
                    Some(random.array(version))
                }
            } else {
                Some(Vec::new())
            },
            groups: if version >= 8 { random.array(version) } else { Vec::new() },
            require_stable: if version >= 7 { random.bool() } else { false },
            unknown_tagged_fields: if version >= 6 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`OffsetFetchRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetFetchRequestTopic {
    /// All versions; a `topicName`.
    pub name: Str,
    /// All versions.
    pub partition_indexes: Vec<i32>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for OffsetFetchRequestTopic {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<OffsetFetchRequestTopic, DecodeError> {
        let form = Form::of(version, 6);
        Ok(OffsetFetchRequestTopic {
            name: reader.string(form)?,
            partition_indexes: reader.i32s(form)?,
            unknown_tagged_fields: if version >= 6 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 6);
        writer.string(form, &self.name)?;
        writer.i32s(form, &self.partition_indexes)?;
        if version >= 6 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "OffsetFetchRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetFetchRequestTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("partitionIndexes", &self.partition_indexes, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OffsetFetchRequestTopic {
    fn random(random: &mut crate::testing::Source, version: i16) -> OffsetFetchRequestTopic {
        OffsetFetchRequestTopic {
            name: random.string(),
            partition_indexes: random.i32s(),
            unknown_tagged_fields: if version >= 6 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`OffsetFetchRequest`].
#[derive(Clone, Debug, PartialEq)]
pub struct OffsetFetchRequestGroup {
    /// All versions; a `groupId`.
    pub group_id: Str,
    /// Versions 9+; default null; lost in others.
    pub member_id: Option<Str>,
    /// Versions 9+; default -1; lost in others.
    pub member_epoch: i32,
    /// All versions.
    pub topics: Option<Vec<OffsetFetchRequestTopics>>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for OffsetFetchRequestGroup {
    fn default() -> OffsetFetchRequestGroup {
        OffsetFetchRequestGroup {
            group_id: Str::default(),
            member_id: None,
            member_epoch: -1,
            topics: Some(Vec::new()),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for OffsetFetchRequestGroup {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<OffsetFetchRequestGroup, DecodeError> {
        Ok(OffsetFetchRequestGroup {
            group_id: reader.string(Form::Flexible)?,
            member_id: if version >= 9 { reader.nullable_string(Form::Flexible)? } else { None },
            member_epoch: if version >= 9 { reader.i32()? } else { -1 },
            topics: reader.nullable_array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.group_id)?;
        if version >= 9 {
            writer.nullable_string(Form::Flexible, self.member_id.as_ref())?;
        }
        if version >= 9 {
            writer.i32(self.member_epoch);
        }
        writer.nullable_array(Form::Flexible, self.topics.as_deref(), version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetFetchRequestGroup {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groupId", &self.group_id, version);
        if version >= 9 {
            object.field("memberId", &self.member_id, version);
        }
        if version >= 9 {
            object.field("memberEpoch", &self.member_epoch, version);
        }
        object.field("topics", &self.topics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OffsetFetchRequestGroup {
    fn random(random: &mut crate::testing::Source, version: i16) -> OffsetFetchRequestGroup {
        OffsetFetchRequestGroup {
            group_id: random.string(),
            member_id: if version >= 9 { random.is_some().then(|| random.string()) } else { None },
            member_epoch: if version >= 9 { random.i32() } else { -1 },
            topics: random.is_some().then(|| random.array(version)),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`OffsetFetchRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetFetchRequestTopics {
    /// Versions 8-9; lost in others; a `topicName`.
    pub name: Str,
    /// Versions 10+; lost in others.
    pub topic_id: Uuid,
    /// All versions.
    pub partition_indexes: Vec<i32>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for OffsetFetchRequestTopics {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<OffsetFetchRequestTopics, DecodeError> {
        Ok(OffsetFetchRequestTopics {
            name: if version <= 9 { reader.string(Form::Flexible)? } else { Str::default() },
            topic_id: if version == 10 { reader.uuid()? } else { Uuid::ZERO },
            partition_indexes: reader.i32s(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        if version <= 9 {
            writer.string(Form::Flexible, &self.name)?;
        }
        if version == 10 {
            writer.uuid(self.topic_id);
        }
        writer.i32s(Form::Flexible, &self.partition_indexes)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetFetchRequestTopics {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version <= 9 {
            object.field("name", &self.name, version);
        }
        if version == 10 {
            object.field("topicId", &self.topic_id, version);
        }
        object.field("partitionIndexes", &self.partition_indexes, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OffsetFetchRequestTopics {
    fn random(random: &mut crate::testing::Source, version: i16) -> OffsetFetchRequestTopics {
        OffsetFetchRequestTopics {
            name: if version <= 9 { random.string() } else { Str::default() },
            topic_id: if version == 10 { random.uuid() } else { Uuid::ZERO },
            partition_indexes: random.i32s(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
