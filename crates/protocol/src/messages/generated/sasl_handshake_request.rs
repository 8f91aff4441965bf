//! Generated from `schemas/SaslHandshakeRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, Writer};
use crate::message::{Message, Request};

/// `SaslHandshakeRequest` (request, key 17): versions 0-1, flexible none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SaslHandshakeRequest {
    /// All versions.
    pub mechanism: Str,
}

impl Message for SaslHandshakeRequest {
    const NAME: &'static str = "SaslHandshakeRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = None;
}

impl Request for SaslHandshakeRequest {
    const KEY: ApiKey = ApiKey::SaslHandshake;
    type Response = super::sasl_handshake_response::SaslHandshakeResponse;
}

impl Element for SaslHandshakeRequest {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, _version: i16) -> Result<SaslHandshakeRequest, DecodeError> {
        Ok(SaslHandshakeRequest { mechanism: reader.string(Form::Legacy)? })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Legacy, &self.mechanism)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for SaslHandshakeRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("mechanism", &self.mechanism, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for SaslHandshakeRequest {
    fn random(random: &mut crate::testing::Source, _version: i16) -> SaslHandshakeRequest {
        SaslHandshakeRequest { mechanism: random.string() }
    }
}
