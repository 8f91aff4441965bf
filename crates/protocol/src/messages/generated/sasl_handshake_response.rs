//! Generated from `schemas/SaslHandshakeResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, Writer};
use crate::message::Message;

/// `SaslHandshakeResponse` (response, key 17): versions 0-1, flexible none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SaslHandshakeResponse {
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub mechanisms: Vec<Str>,
}

impl Message for SaslHandshakeResponse {
    const NAME: &'static str = "SaslHandshakeResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = None;
}

impl Element for SaslHandshakeResponse {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, _version: i16) -> Result<SaslHandshakeResponse, DecodeError> {
        Ok(SaslHandshakeResponse { error_code: reader.i16()?, mechanisms: reader.strings(Form::Legacy)? })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i16(self.error_code);
        writer.strings(Form::Legacy, &self.mechanisms)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for SaslHandshakeResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("errorCode", &self.error_code, version);
        object.field("mechanisms", &self.mechanisms, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for SaslHandshakeResponse {
    fn random(random: &mut crate::testing::Source, _version: i16) -> SaslHandshakeResponse {
        SaslHandshakeResponse { error_code: random.i16(), mechanisms: random.strings() }
    }
}
