//! Requests sent to Apache Kafka 4.4.0 and its answers, byte for byte: what goes before a body, and the answers
//! that break the rules.
#![allow(clippy::unwrap_used)]

use bytes::Bytes;
use klamm_protocol::messages::{
    ApiVersionsRequest, ApiVersionsResponse, MetadataRequest, MetadataResponse, SaslHandshakeResponse,
};
use klamm_protocol::{ApiKey, ErrorCode, Message, Reader, Request, Str, Writer, header};

fn hex(text: &str) -> Bytes {
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

fn request<R: Request>(request: &R, version: i16, correlation_id: i32, client_id: Option<&str>) -> Bytes {
    let mut writer = Writer::new();
    header::write_request::<R>(&mut writer, version, correlation_id, client_id.map(Str::from)).unwrap();
    request.encode(&mut writer, version).unwrap();
    writer.into_bytes()
}

/// Reads an answer whole, and checks that we write it the same.
fn answer<M: Message>(frame: &Bytes, key: ApiKey, version: i16) -> (i32, M) {
    let mut reader = Reader::new(frame.clone());
    let correlation_id = header::read_response(&mut reader, key, version).unwrap();
    let body = M::decode(&mut reader, version).unwrap();
    reader.expect_end().unwrap();
    let mut writer = Writer::new();
    header::write_response(&mut writer, key, version, correlation_id).unwrap();
    body.encode(&mut writer, version).unwrap();
    assert_eq!(writer.into_bytes(), frame);
    (correlation_id, body)
}

#[test]
fn an_unknown_version_of_api_versions_has_a_flexible_header_and_a_version_0_answer() {
    let frame = hex("0012 0063 00000007 0005 6b6c616d6d 00 06 6b6c616d6d 04 312e30 00");
    let mut reader = Reader::new(frame);
    let start = header::peek(&reader).unwrap();
    assert_eq!((start.api_key, start.api_version, start.correlation_id), (18, 99, 7));
    let read = header::read_request(&mut reader, ApiKey::ApiVersions, start.api_version).unwrap();
    assert_eq!(read.client_id.as_deref(), Some("klamm"));
    assert!(ApiVersionsRequest::decode(&mut reader, start.api_version).is_err());

    let (id, body) =
        answer::<ApiVersionsResponse>(&hex("00000007 0023 00000001 0012 0000 0005"), ApiKey::ApiVersions, 0);
    assert_eq!((id, body.error_code), (7, ErrorCode::UnsupportedVersion.code()));
    let ours = body.api_keys.first().unwrap();
    assert_eq!((ours.api_key, ours.min_version, ours.max_version), (18, 0, 5));
}

#[test]
fn the_answer_to_flexible_api_versions_has_a_header_without_tags() {
    let sent = ApiVersionsRequest {
        client_software_name: "klamm".into(),
        client_software_version: "1.0".into(),
        ..ApiVersionsRequest::default()
    };
    let expected = hex("0012 0003 00000009 ffff 00 06 6b6c616d6d 04 312e30 00");
    assert_eq!(request(&sent, 3, 9, None), expected, "a null client id");
    // Asked of the broker listener of a combined node: error code and array follow the correlation id at once.
    let frame = hex(include_str!("golden/api_versions_3.hex"));
    let (id, body) = answer::<ApiVersionsResponse>(&frame, ApiKey::ApiVersions, 3);
    assert_eq!((id, body.error_code, body.api_keys.len()), (9, 0, 77));
    assert_eq!(ApiKey::ApiVersions.response_header_version(3), 0);
}

#[test]
fn we_advertise_on_a_broker_what_kafka_advertises() {
    let frame = hex(include_str!("golden/api_versions_3.hex"));
    let (_, body) = answer::<ApiVersionsResponse>(&frame, ApiKey::ApiVersions, 3);
    let theirs = body.api_keys.iter().map(|api| (api.api_key, api.min_version, api.max_version));
    // Telemetry is offered only by a broker with a receiver of it.
    let telemetry = [ApiKey::GetTelemetrySubscriptions, ApiKey::PushTelemetry];
    let ours =
        ApiKey::ALL.into_iter().filter(|key| key.on_brokers() && !telemetry.contains(key)).map(|key| {
            let versions = key.advertised_versions();
            (key.code(), *versions.start(), *versions.end())
        });
    assert_eq!(ours.collect::<Vec<_>>(), theirs.collect::<Vec<_>>());
}

#[test]
fn a_flexible_answer_has_tags_in_its_header_and_an_old_one_has_not() {
    let none = MetadataRequest { topics: Some(Vec::new()), ..MetadataRequest::default() };
    let flexible = MetadataRequest { allow_auto_topic_creation: false, ..none.clone() };
    assert_eq!(
        request(&flexible, 12, 10, Some("klamm")),
        hex("0003 000c 0000000a 0005 6b6c616d6d 00 01 00 00 00")
    );
    let (id, body) = answer::<MetadataResponse>(
        &hex("0000000a 00 00000000 02 00000001 0a 3132372e302e302e31 00009e17 00 00
              17 6b6c616d6d436f6d706174436c757374657230303030 00000001 01 00"),
        ApiKey::Metadata,
        12,
    );
    assert_eq!((id, body.cluster_id.as_deref()), (10, Some("klammCompatCluster0000")));

    assert_eq!(request(&none, 1, 11, Some("")), hex("0003 0001 0000000b 0000 00000000"));
    let (id, body) = answer::<MetadataResponse>(
        &hex("0000000b 00000001 00000001 0009 3132372e302e302e31 00009e17 ffff 00000001 00000000"),
        ApiKey::Metadata,
        1,
    );
    assert_eq!((id, body.controller_id), (11, 1));
}

#[test]
fn an_api_that_was_never_flexible_keeps_its_old_header() {
    assert_eq!(ApiKey::SaslHandshake.request_header_version(1), 1);
    let (id, body) =
        answer::<SaslHandshakeResponse>(&hex("0000000c 0022 00000000"), ApiKey::SaslHandshake, 1);
    assert_eq!((id, body.error_code), (12, ErrorCode::IllegalSaslState.code()));
}

#[test]
fn requests_that_kafka_hangs_up_on_are_told_by_key_and_version() {
    // Sent to Kafka, each of these closed the connection: a version that does not exist, an unstable one, a
    // key without versions, a key that never was.
    assert!(!ApiKey::FindCoordinator.advertised_versions().contains(&99));
    assert!(!ApiKey::InitProducerId.advertised_versions().contains(&6));
    assert!(ApiKey::InitProducerId.versions().contains(&6));
    assert_eq!((ApiKey::from_i16(7), ApiKey::from_i16(999)), (None, None));
}
