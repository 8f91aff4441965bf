//! What no client library sends by itself: members and producers that are stale, sequences out of order.

use crate::records::BASE_TIMESTAMP;
use crate::steps::{Failure, Outcome, Steps};
use crate::wire::{Speaker, Wire, batch};

/// Epoch, sequence and number of records: in order, doubled, ahead, behind; then a new epoch, which begins at 0 and
/// fences the former one.
const PLAYED: [(i16, i32, usize); 10] = [
    (0, 0, 2),
    (0, 2, 3),
    (0, 2, 3),
    (0, 9, 1),
    (0, 1, 1),
    (0, 5, 1),
    (1, 4, 1),
    (1, 0, 2),
    (0, 6, 1),
    (1, 2, 1),
];
/// A fresh group with one member has been through few generations.
const GENERATIONS: i32 = 10;

/// The topic has one partition, which has a leader.
pub fn sequences(steps: &Steps, topic: &str) -> Outcome {
    let mut wire = Wire::open(&steps.bootstrap)?;
    let producer = wire.producer_id()?;
    let mut answers = Vec::new();
    for (epoch, sequence, count) in PLAYED {
        let values: Vec<String> = (0..count).map(|number| format!("value-{number}")).collect();
        let answer = wire.produce(topic, &batch(producer, (epoch, sequence), &values, BASE_TIMESTAMP))?;
        answers.push(format!("e{epoch} s{sequence}+{count} {answer}"));
    }
    Ok(answers.join(", "))
}

/// The group's only member stays in it, by `poll`, while others speak in its name.
pub fn stale(
    steps: &Steps,
    group: &str,
    topic: &str,
    mut poll: impl FnMut() -> Result<(), Failure>,
) -> Outcome {
    let mut wire = Wire::open(&steps.bootstrap)?;
    let name = wire.only_member(group)?;
    let of = |generation, member, instance| Speaker { generation, member, instance };
    let mut right = 1;
    while wire.heartbeat(group, of(right, &name, None))? != "NONE" {
        right += 1;
        if right == GENERATIONS {
            return Err(Failure::of_rule("the member's generation is found".to_owned()));
        }
    }
    let cases = [
        ("right", of(right, &name, None)),
        ("older generation", of(right - 1, &name, None)),
        ("newer generation", of(right + 1, &name, None)),
        ("unknown member", of(right, "nobody", None)),
        ("unknown instance", of(right, &name, Some("i9"))),
    ];
    let mut answers = Vec::new();
    for (told, speaker) in cases {
        poll()?;
        let beat = wire.heartbeat(group, speaker)?;
        answers.push(format!("{told}: heartbeat {beat} commit {}", wire.commit(group, speaker, topic)?));
    }
    Ok(answers.join(", "))
}
