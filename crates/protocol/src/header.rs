//! What precedes the body of a request or a response.
//!
//! The version of a header follows from the body's, by [`ApiKey::request_header_version`] and
//! [`ApiKey::response_header_version`]. A request's header starts with key and version in every version, so
//! it can be read before its own version is known.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, EncodeError, Reader, Str, Writer};
use crate::message::{Message, Request};
use crate::messages::{RequestHeader, ResponseHeader};

/// The start of a request, which has the same place in all versions of the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestPrefix {
    /// The request, as on the wire: it may be one that does not exist.
    pub api_key: i16,
    /// The version of its body.
    pub api_version: i16,
    /// What the response repeats.
    pub correlation_id: i32,
}

/// Reads the start of a request and leaves `reader` where it was.
pub fn peek(reader: &Reader) -> Result<RequestPrefix, DecodeError> {
    let mut ahead = reader.clone();
    Ok(RequestPrefix { api_key: ahead.i16()?, api_version: ahead.i16()?, correlation_id: ahead.i32()? })
}

/// Reads the header of a request whose key exists. The body's version need not exist: of ApiVersions, any
/// version must be answered, and from version 3 on its header is the flexible one.
pub fn read_request(reader: &mut Reader, key: ApiKey, version: i16) -> Result<RequestHeader, DecodeError> {
    RequestHeader::decode(reader, key.request_header_version(version))
}

/// Appends the header of a request of type `R`.
pub fn write_request<R: Request>(
    writer: &mut Writer,
    version: i16,
    correlation_id: i32,
    client_id: Option<Str>,
) -> Result<(), EncodeError> {
    let header = RequestHeader {
        request_api_key: R::KEY.code(),
        request_api_version: version,
        correlation_id,
        client_id,
        ..RequestHeader::default()
    };
    header.encode(writer, R::KEY.request_header_version(version))
}

/// Reads the header of a response and returns the correlation id.
pub fn read_response(reader: &mut Reader, key: ApiKey, version: i16) -> Result<i32, DecodeError> {
    ResponseHeader::decode(reader, key.response_header_version(version)).map(|header| header.correlation_id)
}

/// Appends the header of a response.
pub fn write_response(
    writer: &mut Writer,
    key: ApiKey,
    version: i16,
    correlation_id: i32,
) -> Result<(), EncodeError> {
    let header = ResponseHeader { correlation_id, ..ResponseHeader::default() };
    header.encode(writer, key.response_header_version(version))
}
