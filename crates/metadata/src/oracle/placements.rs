//! Placements of one seed, with ours beside Kafka's.

use bytes::Buf;
use klamm_model::BrokerId;
use klamm_placement::{PlacementSpec, SeededRandom, UsableBroker, place};

use super::child::{Oracle, read_text};
use super::{Random, runs};

#[test]
fn one_seed_gives_kafkas_placement() {
    let mut oracle = Oracle::start();
    for seed in 0..runs(500) {
        let mut random = Random::new(seed);
        let count = random.below(8);
        let brokers: Vec<UsableBroker> = (0..count)
            .map(|id| UsableBroker { id: BrokerId::at(id * 2), rack: None, fenced: random.once_in(4) })
            .collect();
        let partitions = 1 + random.below(30);
        let factor = i16::try_from(random.below(7)).unwrap() - 1;
        let mut question = seed.to_be_bytes().to_vec();
        question.extend_from_slice(&partitions.to_be_bytes());
        question.extend_from_slice(&factor.to_be_bytes());
        question.extend_from_slice(&count.to_be_bytes());
        for broker in &brokers {
            question.extend_from_slice(&broker.id.get().to_be_bytes());
            question.push(u8::from(broker.fenced));
        }
        let mut answer = oracle.ask(b'P', &question);
        let kafkas = match answer.get_u8() {
            0 => {
                let all: Vec<i32> = (0..answer.remaining() / 4).map(|_| answer.get_i32()).collect();
                Ok(all.chunks(usize::try_from(factor).unwrap()).map(<[i32]>::to_vec).collect::<Vec<_>>())
            }
            _ => Err(read_text(&mut answer).unwrap()),
        };
        let spec =
            PlacementSpec { partitions: usize::try_from(partitions).unwrap(), replication_factor: factor };
        let ours = place(spec, &brokers, &mut SeededRandom::new(seed));
        let ours = ours
            .map(|all| all.iter().map(|ids| ids.iter().map(|id| id.get()).collect()).collect())
            .map_err(|error| error.to_string());
        assert_eq!(ours, kafkas, "seed {seed}: {brokers:?}, {spec:?}");
    }
}
