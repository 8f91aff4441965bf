//! Kafka finds the same values in our bytes that we put in: its JSON of them is ours. (Equal bytes alone would
//! not show two fields that are swapped on both ways.)

use klamm_protocol::json::ToJson;
use klamm_protocol::testing::{Random, Source, Visitor, each_message};
use klamm_protocol::{Message, Writer};

use crate::child::{Answer, Operation, Oracle, Question};

struct Shown {
    oracle: Oracle,
    cases: usize,
}

impl Visitor for Shown {
    fn visit<M: Message + Random + ToJson>(&mut self) {
        let (mut questions, mut expected) = (Vec::new(), Vec::new());
        for version in M::VERSIONS {
            for seed in 0..60 {
                let message = M::random(&mut Source::new(seed, 3), version);
                let mut writer = Writer::new();
                message.encode(&mut writer, version).unwrap();
                let (operation, bytes) = (Operation::ShowJson, writer.into_bytes());
                questions.push(Question { operation, name: M::NAME, version, bytes });
                expected.push(message.to_json(version));
            }
        }
        for ((question, expected), answer) in questions.iter().zip(expected).zip(self.oracle.ask(&questions))
        {
            let place = format!("{} version {}", M::NAME, question.version);
            let Answer::Done(shown) = answer else { panic!("{place}: {answer:?}") };
            assert_eq!(String::from_utf8(shown).unwrap(), expected, "{place}");
            self.cases += 1;
        }
    }
}

#[test]
fn kafka_shows_the_values_that_we_wrote() {
    let mut test = Shown { oracle: Oracle::start(), cases: 0 };
    each_message(&mut test);
    println!("{} messages shown alike", test.cases);
    assert!(test.cases > 30_000, "{} cases", test.cases);
}
