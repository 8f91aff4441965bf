//! Kafka reads every message we write, and writes the same bytes.

use klamm_protocol::json::ToJson;
use klamm_protocol::testing::{Random, Source, Visitor, each_message};
use klamm_protocol::{Message, Writer};

use crate::child::{Answer, Operation, Oracle, Question};

struct Written {
    oracle: Oracle,
    cases: usize,
}

impl Visitor for Written {
    fn visit<M: Message + Random + ToJson>(&mut self) {
        let mut questions = Vec::new();
        for version in M::VERSIONS {
            for seed in 0..150 {
                let message = M::random(&mut Source::new(seed, 3), version);
                let mut writer = Writer::new();
                message.encode(&mut writer, version).unwrap();
                let (operation, bytes) = (Operation::Rewrite, writer.into_bytes());
                questions.push(Question { operation, name: M::NAME, version, bytes });
            }
        }
        for (question, answer) in questions.iter().zip(self.oracle.ask(&questions)) {
            let place = format!("{} version {}", M::NAME, question.version);
            let Answer::Done(answer) = answer else { panic!("{place}: {answer:?}") };
            let (taken, written) = answer.split_at(4);
            assert_eq!(taken, (question.bytes.len() as u32).to_be_bytes(), "{place}: bytes left over");
            assert_eq!(written, question.bytes, "{place}: other bytes");
            self.cases += 1;
        }
    }
}

#[test]
fn kafka_writes_the_bytes_that_we_write() {
    let mut test = Written { oracle: Oracle::start(), cases: 0 };
    each_message(&mut test);
    println!("{} messages written alike", test.cases);
    assert!(test.cases > 80_000, "{} cases", test.cases);
}
