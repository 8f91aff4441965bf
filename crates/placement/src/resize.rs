//! Raises and lowers how many replicas partitions have.

use std::collections::BTreeSet;

use klamm_model::BrokerId;

use crate::load::Targets;
use crate::{Assignment, DrainError, Move, UsableBroker};

/// The moves after which each partition has as many replicas as `wanted` says (at least 1).
///
/// New replicas go to the rack that holds the fewest of the partition, then to the least loaded
/// broker; fenced brokers get none. Replicas leave the most crowded rack first, then the fullest
/// broker; the first replica, which leads, stays. Unlike in other plans `to` is longer or shorter
/// than `from`.
pub fn plan_resize<P: Clone>(
    assignments: &[Assignment<P>],
    brokers: &[UsableBroker],
    wanted: impl Fn(&P) -> usize,
) -> Result<Vec<Move<P>>, DrainError> {
    let mut targets = Targets::new(brokers, &BTreeSet::new(), assignments);
    let mut moves = Vec::new();
    for assignment in assignments {
        let count = wanted(&assignment.partition).max(1);
        let mut to = assignment.replicas.clone();
        while to.len() > count {
            let at = least_useful(&to, &targets);
            targets.left(to.remove(at), at);
        }
        while to.len() < count {
            let position = to.len();
            let Some(chosen) = targets.best(&to, position) else {
                return Err(DrainError::TooFewBrokers { replicas: count, remaining: targets.loads.len() });
            };
            targets.joined(chosen, position);
            to.push(chosen);
        }
        if to != assignment.replicas {
            moves.push(Move {
                partition: assignment.partition.clone(),
                from: assignment.replicas.clone(),
                to,
            });
        }
    }
    Ok(moves)
}

/// Position of the follower that spreads the partition the least.
fn least_useful(replicas: &[BrokerId], targets: &Targets) -> usize {
    let weighed = replicas.iter().enumerate().skip(1).map(|(at, broker)| {
        let others: Vec<BrokerId> = replicas.iter().copied().filter(|other| other != broker).collect();
        let load = targets.loads.get(broker).map_or(usize::MAX, |load| load.replicas);
        ((targets.in_rack_of(*broker, &others), load, at), at)
    });
    weighed.max().map_or(0, |(_, at)| at)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn brokers(count: i32, racks: i32) -> Vec<UsableBroker> {
        let broker = |id| UsableBroker {
            id: BrokerId::at(id),
            rack: Some(format!("r{}", id % racks).into()),
            fenced: false,
        };
        (0..count).map(broker).collect()
    }

    fn at(ids: &[i32]) -> Vec<BrokerId> {
        ids.iter().map(|id| BrokerId::at(*id)).collect()
    }

    #[test]
    fn a_new_replica_goes_to_a_rack_the_partition_does_not_use_yet() {
        let assignments = [Assignment { partition: 0, replicas: at(&[0, 1]) }];
        let moves = plan_resize(&assignments, &brokers(6, 3), |_| 3).unwrap();
        assert_eq!(moves[0].to, at(&[0, 1, 2]));
    }

    #[test]
    fn the_first_replica_stays_and_the_most_crowded_rack_loses_one() {
        let assignments = [Assignment { partition: 0, replicas: at(&[0, 1, 3]) }];
        let moves = plan_resize(&assignments, &brokers(6, 3), |_| 2).unwrap();
        assert_eq!(moves[0].to, at(&[0, 1]));
        let moves = plan_resize(&assignments, &brokers(6, 3), |_| 1).unwrap();
        assert_eq!(moves[0].to, at(&[0]));
    }

    #[test]
    fn more_replicas_than_brokers_are_refused() {
        let assignments = [Assignment { partition: 0, replicas: at(&[0]) }];
        let refused = plan_resize(&assignments, &brokers(2, 1), |_| 3);
        assert_eq!(refused, Err(DrainError::TooFewBrokers { replicas: 3, remaining: 2 }));
    }

    #[test]
    fn what_has_the_wanted_count_stays() {
        let assignments = [Assignment { partition: 0, replicas: at(&[0, 1]) }];
        assert_eq!(plan_resize(&assignments, &brokers(3, 1), |_| 2), Ok(Vec::new()));
    }
}
