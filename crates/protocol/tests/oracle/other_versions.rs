//! A message that was made for one version and is written at another: Kafka leaves out the same fields, and
//! refuses to lose the same fields.

use klamm_protocol::json::ToJson;
use klamm_protocol::testing::{Random, Source, Visitor, each_message};
use klamm_protocol::{Message, Writer};

use crate::child::{Answer, Operation, Oracle, Question};

struct Converted {
    oracle: Oracle,
    written: usize,
    refused: usize,
}

impl Visitor for Converted {
    fn visit<M: Message + Random + ToJson>(&mut self) {
        let (mut questions, mut expected) = (Vec::new(), Vec::new());
        for (version, target) in M::VERSIONS.flat_map(|from| M::VERSIONS.map(move |to| (from, to))) {
            for seed in 0..20 {
                let message = M::random(&mut Source::plain(seed), version);
                let mut writer = Writer::new();
                message.encode(&mut writer, version).unwrap();
                let (operation, bytes) = (Operation::Convert(target), writer.into_bytes());
                questions.push(Question { operation, name: M::NAME, version, bytes });
                let mut writer = Writer::new();
                expected.push(message.encode(&mut writer, target).map(|()| writer.into_bytes()));
            }
        }
        for ((question, expected), answer) in questions.iter().zip(expected).zip(self.oracle.ask(&questions))
        {
            match (expected, answer) {
                (Ok(ours), Answer::Done(theirs)) if ours == theirs[4..] => self.written += 1,
                (Err(_), Answer::Unwritable(_)) => self.refused += 1,
                (ours, theirs) => {
                    let (version, bytes) = (question.version, &question.bytes);
                    panic!("{} version {version} {bytes:?}\n we: {ours:?}\n Kafka: {theirs:?}", M::NAME)
                }
            }
        }
    }
}

#[test]
fn kafka_loses_and_refuses_the_same_fields() {
    let mut test = Converted { oracle: Oracle::start(), written: 0, refused: 0 };
    each_message(&mut test);
    println!("{} written alike, {} refused by both", test.written, test.refused);
    assert!(test.written > 30_000 && test.refused > 5_000, "{} {}", test.written, test.refused);
}
