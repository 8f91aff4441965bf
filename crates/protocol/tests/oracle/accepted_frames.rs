//! Damaged frames: what we accept, Kafka accepts and reads alike; what we refuse, Kafka refuses, but for the
//! three reasons where we are stricter on purpose.

use std::collections::BTreeMap;

use bytes::Bytes;
use klamm_protocol::json::ToJson;
use klamm_protocol::testing::{Random, Source, Visitor, each_message};
use klamm_protocol::{DecodeError, Message, Reader, Writer};

use crate::child::{Answer, Operation, Oracle, Question};

struct Damaged {
    oracle: Oracle,
    outcomes: BTreeMap<&'static str, usize>,
}

impl Visitor for Damaged {
    fn visit<M: Message + Random + ToJson>(&mut self) {
        let mut questions = Vec::new();
        for version in M::VERSIONS {
            for seed in 0..150 {
                let mut source = Source::new(seed, 2);
                let mut writer = Writer::new();
                M::random(&mut source, version).encode(&mut writer, version).unwrap();
                let mut bytes = writer.into_bytes().to_vec();
                source.mutate(&mut bytes);
                let (operation, bytes) = (Operation::Rewrite, Bytes::from(bytes));
                questions.push(Question { operation, name: M::NAME, version, bytes });
            }
        }
        for (question, answer) in questions.iter().zip(self.oracle.ask(&questions)) {
            *self.outcomes.entry(compare::<M>(question, &answer)).or_default() += 1;
        }
    }
}

fn compare<M: Message>(question: &Question, answer: &Answer) -> &'static str {
    let place = format!("{} version {}: {:?}", M::NAME, question.version, question.bytes);
    let mut reader = Reader::new(question.bytes.clone());
    let message = match (M::decode(&mut reader, question.version), answer) {
        (Ok(message), _) => message,
        (Err(_), Answer::Unreadable(_)) => return "refused by both",
        (Err(DecodeError::NotUtf8 { .. }), _) => return "refused by us: not UTF-8",
        (Err(DecodeError::TaggedSizeMismatch { .. }), _) => return "refused by us: size of a tagged field",
        (Err(DecodeError::InvalidLength { length, .. }), _) if length < -1 => {
            return "refused by us: null below -1";
        }
        (Err(error), answer) => panic!("{place}\n we: {error}\n Kafka: {answer:?}"),
    };
    let mut writer = Writer::new();
    match (message.encode(&mut writer, question.version), answer) {
        (Ok(()), Answer::Done(answer)) => {
            let (taken, written) = answer.split_at(4);
            assert_eq!(taken, (reader.position() as u32).to_be_bytes(), "{place}: bytes read\n{message:?}");
            assert_eq!(written, writer.into_bytes(), "{place}: other bytes\n{message:?}");
            "read alike by both"
        }
        (Err(_), Answer::Unwritable(_)) => "read by both, written by none",
        (written, answer) => panic!("{place}\n we: {message:?} {written:?}\n Kafka: {answer:?}"),
    }
}

#[test]
fn kafka_accepts_what_we_accept() {
    let mut test = Damaged { oracle: Oracle::start(), outcomes: BTreeMap::new() };
    each_message(&mut test);
    println!("{:#?}", test.outcomes);
    assert!(test.outcomes["read alike by both"] > 10_000, "{:?}", test.outcomes);
    assert!(test.outcomes["refused by both"] > 10_000, "{:?}", test.outcomes);
}
