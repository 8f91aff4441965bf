//! Generated from `schemas/DefaultPrincipalData.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `DefaultPrincipalData` (data): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DefaultPrincipalData {
    /// All versions.
    pub r#type: Str,
    /// All versions.
    pub name: Str,
    /// All versions.
    pub token_authenticated: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for DefaultPrincipalData {
    const NAME: &'static str = "DefaultPrincipalData";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for DefaultPrincipalData {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, _version: i16) -> Result<DefaultPrincipalData, DecodeError> {
        Ok(DefaultPrincipalData {
            r#type: reader.string(Form::Flexible)?,
            name: reader.string(Form::Flexible)?,
            token_authenticated: reader.bool()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.r#type)?;
        writer.string(Form::Flexible, &self.name)?;
        writer.bool(self.token_authenticated);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DefaultPrincipalData {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("type", &self.r#type, version);
        object.field("name", &self.name, version);
        object.field("tokenAuthenticated", &self.token_authenticated, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DefaultPrincipalData {
    fn random(random: &mut crate::testing::Source, _version: i16) -> DefaultPrincipalData {
        DefaultPrincipalData {
            r#type: random.string(),
            name: random.string(),
            token_authenticated: random.bool(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
