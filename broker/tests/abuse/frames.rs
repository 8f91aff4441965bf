//! Bytes that are no requests, and requests that claim what they do not hold.

use std::net::Shutdown;

use klamm_protocol::ApiKey;
use klamm_protocol::messages::{ApiVersionsRequest, MetadataRequest};
use klamm_testkit::wire::{Heard, framed, read_answer, request_content};

use crate::victim::{PATIENCE, Victim};

/// A legacy header: key, version, correlation id, null client id.
fn header(key: i16, version: i16) -> Vec<u8> {
    [&key.to_be_bytes()[..], &version.to_be_bytes(), &7i32.to_be_bytes(), &(-1i16).to_be_bytes()].concat()
}

/// A flexible header: the same, and no tagged fields.
fn flexible_header(key: i16, version: i16) -> Vec<u8> {
    [header(key, version), vec![0]].concat()
}

#[test]
fn lengths_that_are_negative_too_large_or_not_kept_close_the_connection() {
    let mut victim = Victim::start("socket.request.max.bytes=1000000\n");
    for length in [-1, i32::MIN, 1_000_001, i32::MAX] {
        victim.closes_on(&format!("length {length}"), &length.to_be_bytes());
    }
    for length in 0..8 {
        let bytes = framed(&vec![0; length]);
        victim.closes_on(&format!("a frame of {length} bytes"), &bytes);
    }
    for (length, sent) in [(100, 0), (100, 50), (1_000_000, 70_000)] {
        let what = format!("{sent} bytes of {length}");
        let mut connection = victim.connect();
        let port = connection.stream().local_addr().unwrap().port();
        connection.send(&i32::to_be_bytes(length)).unwrap();
        connection.send(&vec![0; sent]).unwrap();
        connection.stream().shutdown(Shutdown::Write).unwrap();
        assert_eq!(connection.hear(PATIENCE), Heard::Closed, "{what}");
        victim.has_one_line_on(&what, port);
    }
    victim.end(&[]);
}

#[test]
fn a_request_of_the_largest_size_is_read_and_one_byte_more_is_not() {
    let mut victim = Victim::start("socket.request.max.bytes=1000000\n");
    let request = ApiVersionsRequest::default();
    let content = request_content(&request, 0, 1).unwrap();
    let padded = |size: usize| [&content[..], &vec![0; size - content.len()]].concat();
    let mut connection = victim.connect();
    connection.send_frame(&padded(1_000_000)).unwrap();
    assert!(matches!(connection.hear(PATIENCE), Heard::Frame(_)), "bytes behind a request are passed over");
    victim.closes_on("one byte too many", &framed(&padded(1_000_001)));
    victim.end(&[]);
}

#[test]
fn unknown_keys_and_versions_close_the_connection() {
    let mut victim = Victim::start("");
    for key in [-1, 4, 5, 6, 7, 93, 1000, i16::MAX, i16::MIN] {
        victim.closes_on(&format!("key {key}"), &framed(&header(key, 0)));
    }
    for key in [ApiKey::Produce, ApiKey::Fetch, ApiKey::Metadata, ApiKey::CreateTopics, ApiKey::JoinGroup] {
        for version in [-1, i16::MIN, 99, i16::MAX, key.versions().end() + 1] {
            let bytes = framed(&header(key.code(), version));
            victim.closes_on(&format!("{} version {version}", key.name()), &bytes);
        }
    }
    victim.end(&[]);
}

#[test]
fn an_unknown_version_of_api_versions_is_answered_with_what_is_served() {
    let mut victim = Victim::start("");
    for version in [99, i16::MAX] {
        let mut connection = victim.connect();
        connection.send_frame(&flexible_header(ApiKey::ApiVersions.code(), version)).unwrap();
        let Heard::Frame(answer) = connection.hear(PATIENCE) else { panic!("version {version}") };
        let answer = read_answer::<ApiVersionsRequest>(answer, 0).unwrap();
        assert_eq!(answer.error_code, 35, "UNSUPPORTED_VERSION");
        assert!(answer.api_keys.iter().any(|key| key.api_key == ApiKey::ApiVersions.code()));
        assert_eq!(connection.ask(&ApiVersionsRequest::default(), 0).unwrap().error_code, 0, "asks again");
    }
    victim.end(&[]);
}

#[test]
fn counts_beyond_the_frame_close_the_connection_and_reserve_nothing() {
    let mut victim = Victim::start("");
    let counts = [i32::MAX, i32::MAX / 2, 100_000_000, 1_000_000];
    for (key, version) in [(ApiKey::Metadata, 1), (ApiKey::DescribeGroups, 0), (ApiKey::CreateTopics, 2)] {
        for count in counts {
            let bytes = framed(&[header(key.code(), version), count.to_be_bytes().to_vec()].concat());
            victim.closes_on(&format!("{} of {count}", key.name()), &bytes);
        }
    }
    for (key, version) in [(ApiKey::Metadata, 12), (ApiKey::DescribeGroups, 5), (ApiKey::CreateTopics, 7)] {
        for count in
            [&[0xff, 0xff, 0xff, 0xff, 0x0f][..], &[0xff, 0xff, 0x7f], &[0x80, 0x80, 0x80, 0x80, 0x08]]
        {
            let bytes = framed(&[&flexible_header(key.code(), version)[..], count].concat());
            victim.closes_on(&format!("{} of {count:x?}", key.name()), &bytes);
        }
    }
    victim.end(&[]);
}

#[test]
fn overlong_varints_and_absurd_tags_close_the_connection() {
    let mut victim = Victim::start("");
    let metadata = flexible_header(ApiKey::Metadata.code(), 12);
    let tails: [(&str, &[u8]); 5] = [
        ("a varint of six bytes", &[0x80, 0x80, 0x80, 0x80, 0x80, 0x01]),
        ("a varint of more than 32 bits", &[0xff, 0xff, 0xff, 0xff, 0x7f]),
        ("a varint that does not end", &[0x80; 40]),
        ("a million tags", &[0, 0, 0, 0xc0, 0x84, 0x3d]),
        ("a tag of 2 GiB", &[0, 0, 0, 1, 5, 0xff, 0xff, 0xff, 0xff, 0x07]),
    ];
    for (what, tail) in tails {
        victim.closes_on(what, &framed(&[&metadata[..], tail].concat()));
    }
    let in_header = [header(ApiKey::Metadata.code(), 12), vec![0xff, 0xff, 0x03]].concat();
    victim.closes_on("tags of the header", &framed(&in_header));
    victim.end(&[]);
}

#[test]
fn strings_longer_than_their_frame_or_not_utf8_close_the_connection() {
    let mut victim = Victim::start("");
    let mut long_client = header(ApiKey::ApiVersions.code(), 0);
    long_client.truncate(8);
    long_client.extend(i16::MAX.to_be_bytes());
    victim.closes_on("a client id beyond the frame", &framed(&long_client));
    let mut negative = header(ApiKey::Metadata.code(), 1);
    negative.extend(1i32.to_be_bytes());
    negative.extend((-2i16).to_be_bytes());
    victim.closes_on("a topic name of length -2", &framed(&negative));
    let mut not_text = header(ApiKey::Metadata.code(), 1);
    not_text.extend(1i32.to_be_bytes());
    not_text.extend([0, 3, 0xff, 0xfe, 0xfd]);
    victim.closes_on("a topic name that is no text", &framed(&not_text));
    victim.end(&[]);
}

#[test]
fn a_frame_of_the_smallest_elements_does_not_grow_in_memory() {
    let mut victim = Victim::start("");
    // 999,999 groups of empty names take 30 times their bytes, and three such arrays would take a hundred MiB.
    let mut groups = flexible_header(ApiKey::DescribeGroups.code(), 5);
    groups.extend([0xc0, 0x84, 0x3d]);
    groups.extend(vec![1; 999_999]);
    groups.extend([0, 0]);
    for _ in 0..5 {
        let mut connection = victim.connect();
        connection.send_frame(&groups).unwrap();
        // It may be answered or refused; either way the memory is given back.
        assert_ne!(connection.hear(PATIENCE), Heard::Silence);
    }
    let topic = [vec![0; 16], vec![1, 0]].concat();
    let mut topics = flexible_header(ApiKey::Metadata.code(), 12);
    topics.extend([0xc1, 0x84, 0x3d]);
    topics.extend(topic.repeat(1_000_000));
    topics.extend([0, 0, 0]);
    victim.closes_on("a million topics", &framed(&topics));
    let request = MetadataRequest { topics: Some(Vec::new()), ..MetadataRequest::default() };
    victim.connect().ask(&request, 12).unwrap();
    victim.end(&[]);
}
