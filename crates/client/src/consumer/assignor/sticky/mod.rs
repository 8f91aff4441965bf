//! Balanced assignments that move as little as possible (Kafka: `AbstractStickyAssignor`, `StickyAssignor`,
//! `CooperativeStickyAssignor`; KIP-54, KIP-429).
//!
//! Where all members subscribe to the same topics a quota decides ([`constrained`]); otherwise partitions are
//! moved one by one until it is balanced ([`general`]).

mod constrained;
mod general;
mod ownership;
mod racks;
mod user_data;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use klamm_model::TopicPartition;

use self::ownership::{Claim, Claims};
use super::{Assignments, Assignor, LastAssignment, RebalanceProtocol, Subscriptions, TopicLayout};

/// The sticky assignor: members tell in their user data what they had.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sticky;

impl Assignor for Sticky {
    fn name(&self) -> &'static str {
        "sticky"
    }

    fn user_data(&self, last: Option<&LastAssignment>) -> Option<Bytes> {
        last.and_then(user_data::encode_sticky)
    }

    fn assign(&self, topics: &TopicLayout, members: &Subscriptions) -> Assignments {
        let claims = members.values().map(|member| match member.user_data.as_ref() {
            Some(bytes) if !bytes.is_empty() => user_data::decode_sticky(bytes),
            Some(_) | None => Claim::default(),
        });
        share_out(topics, members, claims.collect()).0
    }
}

/// The cooperative sticky assignor: members keep what they have while the group rebalances, and what goes to
/// another member is given up first and assigned in the next rebalance.
#[derive(Clone, Copy, Debug, Default)]
pub struct CooperativeSticky;

impl Assignor for CooperativeSticky {
    fn name(&self) -> &'static str {
        "cooperative-sticky"
    }

    fn protocol(&self) -> RebalanceProtocol {
        RebalanceProtocol::Cooperative
    }

    fn user_data(&self, last: Option<&LastAssignment>) -> Option<Bytes> {
        Some(user_data::encode_generation(last.map(|last| last.generation)))
    }

    fn assign(&self, topics: &TopicLayout, members: &Subscriptions) -> Assignments {
        let claims = members.values().map(|member| Claim {
            partitions: member.owned.clone(),
            generation: member
                .generation
                .or_else(|| member.user_data.as_ref().and_then(user_data::decode_generation)),
        });
        let (mut assignments, moved) = share_out(topics, members, claims.collect());
        let moved = moved.unwrap_or_else(|| between(members, &assignments));
        for (partition, taker) in moved {
            if let Some(list) = assignments.get_mut(&taker) {
                list.retain(|assigned| *assigned != partition);
            }
        }
        assignments
    }
}

/// Partitions that change hands, with who gets them.
type Moved = BTreeMap<TopicPartition, Arc<str>>;

/// The whole assignment; and what changes hands, where the algorithm knows.
fn share_out(
    topics: &TopicLayout,
    members: &Subscriptions,
    claims: Vec<Claim>,
) -> (Assignments, Option<Moved>) {
    if members.is_empty() {
        return (Assignments::new(), Some(Moved::new()));
    }
    let claims = Claims::settle(topics, members, claims);
    let racks = racks::Racks::new(topics, members);
    let mut subscribed = members.values().map(|member| &member.topics);
    let first = subscribed.next();
    if subscribed.all(|topics| Some(topics) == first) {
        let (assignments, moved) = constrained::assign(topics, racks, claims);
        (assignments, Some(moved))
    } else {
        (general::assign(topics, members, racks, claims), None)
    }
}

/// What one member has and another one gets.
fn between(members: &Subscriptions, assignments: &Assignments) -> Moved {
    let mut revoked = BTreeSet::new();
    let mut added = Moved::new();
    for (id, assigned) in assignments {
        let owned: BTreeSet<&TopicPartition> = members[id].owned.iter().collect();
        let kept: BTreeSet<&TopicPartition> = assigned.iter().collect();
        added.extend(kept.difference(&owned).map(|partition| ((*partition).clone(), Arc::clone(id))));
        revoked.extend(owned.difference(&kept).map(|partition| (*partition).clone()));
    }
    added.retain(|partition, _| revoked.contains(partition));
    added
}
