//! Moves every replica off some brokers.

use std::collections::BTreeSet;

use klamm_model::BrokerId;

use crate::load::Targets;
use crate::{Assignment, Move, UsableBroker};

/// Why a drain cannot be planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DrainError {
    /// A partition has more replicas than brokers would remain.
    #[error("a partition of {replicas} replicas does not fit the {remaining} brokers that would remain")]
    TooFewBrokers {
        /// Replicas of the partition.
        replicas: usize,
        /// Unfenced brokers that are not drained.
        remaining: usize,
    },
}

/// The moves after which no partition has a replica on a broker of `drained`.
///
/// Every other replica stays where it is, and each replaced one keeps its position, so leadership
/// moves only off the drained brokers. New places are chosen for rack spread first, then for even
/// load. Fenced brokers get nothing: a move onto one would not end.
pub fn plan_drain<P: Clone>(
    assignments: &[Assignment<P>],
    brokers: &[UsableBroker],
    drained: &BTreeSet<BrokerId>,
) -> Result<Vec<Move<P>>, DrainError> {
    let mut targets = Targets::new(brokers, drained, assignments);
    let mut moves = Vec::new();
    for assignment in assignments {
        if !assignment.replicas.iter().any(|replica| drained.contains(replica)) {
            continue;
        }
        let to = drain_one(&assignment.replicas, drained, &mut targets)?;
        moves.push(Move { partition: assignment.partition.clone(), from: assignment.replicas.clone(), to });
    }
    Ok(moves)
}

fn drain_one(
    replicas: &[BrokerId],
    drained: &BTreeSet<BrokerId>,
    targets: &mut Targets,
) -> Result<Vec<BrokerId>, DrainError> {
    let mut to = replicas.to_vec();
    for position in 0..to.len() {
        let leaving = to[position];
        if !drained.contains(&leaving) {
            continue;
        }
        let others: Vec<BrokerId> = to.iter().copied().filter(|r| !drained.contains(r)).collect();
        let Some(chosen) = targets.best(&others, position) else {
            return Err(DrainError::TooFewBrokers {
                replicas: replicas.len(),
                remaining: targets.loads.len(),
            });
        };
        targets.moved(leaving, chosen, position);
        to[position] = chosen;
    }
    Ok(to)
}

#[cfg(test)]
mod tests;
