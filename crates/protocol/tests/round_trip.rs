//! Every message at every version: what is written reads back the same, and nothing is left over.
#![allow(clippy::unwrap_used)]

use klamm_protocol::json::ToJson;
use klamm_protocol::testing::{Random, Source, Visitor, each_message};
use klamm_protocol::{Message, Reader, Writer};

struct RoundTrip {
    cases: usize,
}

impl Visitor for RoundTrip {
    fn visit<M: Message + Random + ToJson>(&mut self) {
        for version in M::VERSIONS {
            for seed in 0..20 {
                let message = M::random(&mut Source::new(seed, 3), version);
                let mut writer = Writer::new();
                message.encode(&mut writer, version).unwrap();
                let bytes = writer.into_bytes();
                let mut reader = Reader::new(bytes.clone());
                let read = M::decode(&mut reader, version).unwrap();
                reader.expect_end().unwrap();
                assert_eq!(read, message, "{} {version} seed {seed}", M::NAME);
                self.cases += 1;
            }
        }
    }
}

#[test]
fn every_message_reads_back_as_it_was_written() {
    let mut test = RoundTrip { cases: 0 };
    each_message(&mut test);
    assert!(test.cases > 10_000, "{} cases", test.cases);
}
