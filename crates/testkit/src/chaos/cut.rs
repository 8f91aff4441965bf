//! Ways in which a network falls apart between nodes. Clients reach all of them all the time, so that whoever is cut
//! off is asked to write and to read, too.

use std::collections::BTreeSet;

use super::schedule::Whom;
use crate::cluster::{DOORS, Door, Severed};

/// A way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Nobody hears a node, and it hears nobody.
    Isolated(Whom),
    /// Nobody hears a node.
    Silent(Whom),
    /// A node hears nobody.
    Deaf(Whom),
    /// A node replicates from nobody and to nobody; the controllers hear it.
    FromBrokers(Whom),
    /// A node has no part in the quorum and no controller; it replicates.
    FromControllers(Whom),
    /// A node and the one behind it do not reach each other; all else is whole.
    FromOne(Whom),
    /// Each node reaches only its neighbours in a ring; of more than three nodes.
    Ring,
}

impl Cut {
    /// How many kinds there are among `nodes`.
    pub(super) fn kinds(nodes: i32) -> usize {
        if nodes > 3 { 7 } else { 6 }
    }

    /// The kind numbered `turn`, counted round and round.
    pub(super) fn kind(turn: usize, whom: Whom, nodes: i32) -> Cut {
        match turn % Cut::kinds(nodes) {
            0 => Cut::Isolated(whom),
            1 => Cut::Silent(whom),
            2 => Cut::Deaf(whom),
            3 => Cut::FromBrokers(whom),
            4 => Cut::FromControllers(whom),
            5 => Cut::FromOne(whom),
            _ => Cut::Ring,
        }
    }

    /// Whom it befalls, if it has one to befall.
    pub(super) fn whom(self) -> Option<Whom> {
        match self {
            Cut::Isolated(whom)
            | Cut::Silent(whom)
            | Cut::Deaf(whom)
            | Cut::FromBrokers(whom)
            | Cut::FromControllers(whom)
            | Cut::FromOne(whom) => Some(whom),
            Cut::Ring => None,
        }
    }

    /// What does not arrive among `nodes` where it befalls `node`.
    pub(super) fn severed(self, node: i32, nodes: i32) -> BTreeSet<Severed> {
        let others = || (1..=nodes).filter(move |other| *other != node);
        let out = |doors: &[Door]| ways(doors, others().map(|other| (node, other)));
        let both = |doors: &[Door], others: &dyn Fn() -> Vec<i32>| {
            ways(doors, others().into_iter().flat_map(|other| [(node, other), (other, node)]))
        };
        let all = || others().collect::<Vec<_>>();
        match self {
            Cut::Isolated(_) => both(&DOORS, &all),
            Cut::Silent(_) => out(&DOORS),
            Cut::Deaf(_) => ways(&DOORS, others().map(|other| (other, node))),
            Cut::FromBrokers(_) => both(&[Door::Brokers], &all),
            Cut::FromControllers(_) => both(&[Door::Controllers], &all),
            Cut::FromOne(_) => both(&DOORS, &|| vec![node % nodes + 1]),
            Cut::Ring => {
                let far = |a: i32, b: i32| {
                    let apart = (a - b).rem_euclid(nodes);
                    apart > 1 && apart < nodes - 1
                };
                let pairs = (1..=nodes).flat_map(|a| (1..=nodes).map(move |b| (a, b)));
                ways(&DOORS, pairs.filter(|(a, b)| far(*a, *b)))
            }
        }
    }
}

fn ways(doors: &[Door], pairs: impl Iterator<Item = (i32, i32)>) -> BTreeSet<Severed> {
    pairs.flat_map(|(from, to)| doors.iter().map(move |door| Severed { door: *door, from, to })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(cut: Cut, node: i32, nodes: i32) -> Vec<(i32, i32)> {
        let severed = cut.severed(node, nodes);
        severed.iter().filter(|one| one.door == Door::Brokers).map(|one| (one.from, one.to)).collect()
    }

    #[test]
    fn each_cut_severs_what_its_name_says() {
        let whom = Whom::Node(2);
        assert_eq!(pairs(Cut::Isolated(whom), 2, 3), [(1, 2), (2, 1), (2, 3), (3, 2)]);
        assert_eq!(pairs(Cut::Silent(whom), 2, 3), [(2, 1), (2, 3)]);
        assert_eq!(pairs(Cut::Deaf(whom), 2, 3), [(1, 2), (3, 2)]);
        assert_eq!(pairs(Cut::FromOne(whom), 3, 3), [(1, 3), (3, 1)]);
        assert_eq!(pairs(Cut::FromBrokers(whom), 1, 2), [(1, 2), (2, 1)]);
        assert!(pairs(Cut::FromControllers(whom), 1, 2).is_empty());
        let ring = pairs(Cut::Ring, 1, 5);
        assert_eq!(ring.len(), 10);
        assert!(ring.contains(&(1, 3)) && ring.contains(&(4, 1)) && !ring.contains(&(5, 1)));
    }
}
