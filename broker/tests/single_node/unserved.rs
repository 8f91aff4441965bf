//! What a node answers to APIs that it does not serve.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use klamm_protocol::json::ToJson;
use klamm_protocol::messages::{AnyResponse, ApiVersionsRequest, ApiVersionsResponse, RequestHeader};
use klamm_protocol::testing::{Random, Source, Visitor, each_message};
use klamm_protocol::{ApiKey, Message, Reader, Writer, header};

use crate::node::Node;

/// Longest string and array of a random request.
const LONGEST: usize = 3;
/// Random requests of each version: that all of them ask for nothing is beyond chance.
const REQUESTS: u64 = 20;
/// A key that Kafka has not.
const NO_KEY: i16 = 9999;

/// A request at a version, and how its body is made.
struct Shape {
    key: ApiKey,
    version: i16,
    body: fn(&mut Source, i16) -> Vec<u8>,
}

/// Collects the lowest and the highest version of each request that a list names.
struct Collector {
    keys: Vec<ApiKey>,
    shapes: Vec<Shape>,
}

impl Visitor for Collector {
    fn visit<M: Message + Random + ToJson>(&mut self) {
        let Some(name) = M::NAME.strip_suffix("Request") else { return };
        let Some(key) = self.keys.iter().copied().find(|key| key.name() == name) else { return };
        let body: fn(&mut Source, i16) -> Vec<u8> = |source, version| {
            let mut writer = Writer::new();
            M::random(source, version).encode(&mut writer, version).unwrap();
            writer.finish().bytes.to_vec()
        };
        let (lowest, highest) = M::VERSIONS.into_inner();
        self.shapes.push(Shape { key, version: lowest, body });
        if highest > lowest {
            self.shapes.push(Shape { key, version: highest, body });
        }
    }
}

/// A connection that keeps one request in flight.
struct Peer {
    stream: TcpStream,
    correlation_id: i32,
}

impl Peer {
    fn connect(node: &Node) -> Peer {
        let stream = TcpStream::connect(node.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        Peer { stream, correlation_id: 0 }
    }

    /// The frame of the answer; `None` where the connection is closed instead.
    fn ask(&mut self, key: i16, version: i16, header_version: i16, body: &[u8]) -> Option<Reader> {
        self.correlation_id += 1;
        let header = RequestHeader {
            request_api_key: key,
            request_api_version: version,
            correlation_id: self.correlation_id,
            ..RequestHeader::default()
        };
        let mut writer = Writer::new();
        header.encode(&mut writer, header_version).unwrap();
        let mut frame = writer.finish().bytes.to_vec();
        frame.extend_from_slice(body);
        let size = u32::try_from(frame.len()).unwrap().to_be_bytes();
        self.stream.write_all(&[&size[..], &frame].concat()).unwrap();
        let mut size = [0; 4];
        self.stream.read_exact(&mut size).ok()?;
        let mut answer = vec![0; u32::from_be_bytes(size) as usize];
        self.stream.read_exact(&mut answer).unwrap();
        Some(Reader::new(answer.into()))
    }

    /// The answer to a known request, read to its end.
    fn answer(&mut self, key: ApiKey, version: i16, body: &[u8]) -> Option<AnyResponse> {
        let mut reader = self.ask(key.code(), version, key.request_header_version(version), body)?;
        assert_eq!(header::read_response(&mut reader, key, version), Ok(self.correlation_id));
        let response = AnyResponse::decode(key, &mut reader, version).unwrap();
        reader.expect_end().unwrap();
        Some(response)
    }

    fn advertised(&mut self) -> Vec<ApiKey> {
        let mut writer = Writer::new();
        ApiVersionsRequest::default().encode(&mut writer, 0).unwrap();
        let body = writer.finish().bytes;
        let mut reader = self.ask(ApiKey::ApiVersions.code(), 0, 1, &body).unwrap();
        header::read_response(&mut reader, ApiKey::ApiVersions, 0).unwrap();
        let response = ApiVersionsResponse::decode(&mut reader, 0).unwrap();
        response.api_keys.iter().map(|row| ApiKey::from_i16(row.api_key).unwrap()).collect()
    }
}

/// All error codes anywhere in a response, by the names of its fields.
fn codes(response: &AnyResponse) -> Vec<i16> {
    let shown = format!("{response:?}");
    let rest = shown.split("error_code: ").skip(1);
    rest.map(|rest| rest.split([',', ' ', '}']).next().unwrap().parse().unwrap()).collect()
}

#[tokio::test]
async fn what_is_not_served_is_refused_in_each_version_and_the_connection_stays() {
    let mut node = Node::format("");
    node.start();
    let mut peer = Peer::connect(&node);
    let advertised = peer.advertised();
    let keys = ApiKey::ALL.into_iter().filter(|key| key.on_brokers() && !advertised.contains(key)).collect();
    let mut collector = Collector { keys, shapes: Vec::new() };
    each_message(&mut collector);
    assert!(collector.keys.iter().all(|key| collector.shapes.iter().any(|shape| shape.key == *key)));
    for Shape { key, version, body } in &collector.shapes {
        let mut found = 0;
        for seed in 0..REQUESTS {
            let body = body(&mut Source::new(seed, LONGEST), *version);
            let answer = peer.answer(*key, *version, &body);
            let answer = answer.unwrap_or_else(|| panic!("{key} version {version}: closed\n{}", node.log()));
            let codes = codes(&answer);
            // Version 0 of AddPartitionsToTxn has no error at the top: it is not on the wire.
            let is_on_wire = |code: &&i16| **code != 0 || *key != ApiKey::AddPartitionsToTxn;
            let codes: Vec<&i16> = codes.iter().filter(is_on_wire).collect();
            assert!(codes.iter().all(|code| **code > 0), "{key} version {version}: {answer:?}");
            found += codes.len();
        }
        assert!(found > 0, "{key} version {version} is refused nowhere");
    }
    assert_eq!(peer.advertised(), advertised);
}

#[tokio::test]
async fn what_kafka_has_not_on_a_listener_still_closes_the_connection() {
    let mut node = Node::format("");
    node.start();
    let beyond = ApiKey::ConsumerGroupHeartbeat;
    let vote = ApiKey::Vote;
    let wrong = [
        (NO_KEY, 0, 1),
        (beyond.code(), beyond.versions().end() + 1, 2),
        (ApiKey::DescribeAcls.code(), 0, 1),
        (vote.code(), *vote.versions().end(), 2),
    ];
    for (key, version, header_version) in wrong {
        let answer = Peer::connect(&node).ask(key, version, header_version, &[0; 64]);
        assert!(answer.is_none(), "key {key} version {version}");
    }
    // A body that does not decode, too.
    let key = ApiKey::ShareGroupDescribe;
    assert!(Peer::connect(&node).answer(key, 1, &[0xff; 8]).is_none());
}
