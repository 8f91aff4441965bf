//! Who had which partition before: what members claim, settled where two claim the same.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use klamm_model::TopicPartition;

use super::super::{Subscriptions, TopicLayout};

/// The generation of those who were in none.
pub(super) const NO_GENERATION: i32 = -1;

/// What one member says it had.
#[derive(Clone, Debug, Default)]
pub(super) struct Claim {
    pub(super) partitions: Vec<TopicPartition>,
    pub(super) generation: Option<i32>,
}

/// All claims, settled.
pub(super) struct Claims {
    /// What each member had, of the topics that exist; each partition at most once.
    pub(super) owned: BTreeMap<Arc<str>, Vec<TopicPartition>>,
    /// Partitions that two members claim of the same generation: nobody's word counts.
    pub(super) disputed: BTreeSet<TopicPartition>,
    /// The newest generation anybody was in.
    pub(super) newest: i32,
    /// The claims as they were made, in the order of members.
    pub(super) made: Vec<Claim>,
}

impl Claims {
    /// Settles `made`, one claim per member in their order: the newer generation wins.
    pub(super) fn settle(topics: &TopicLayout, members: &Subscriptions, made: Vec<Claim>) -> Claims {
        let mut claims =
            Claims { owned: BTreeMap::new(), disputed: BTreeSet::new(), newest: NO_GENERATION, made };
        let mut owners: BTreeMap<TopicPartition, Arc<str>> = BTreeMap::new();
        for (id, claim) in members.keys().zip(&claims.made) {
            let generation = claim.generation.unwrap_or(NO_GENERATION);
            claims.newest = claims.newest.max(generation);
            claims.owned.insert(Arc::clone(id), Vec::new());
            for at in claim.partitions.iter().filter(|at| topics.contains_key(&at.topic)) {
                if let Some(other) = owners.get(at) {
                    // Kafka looks at the generation in the subscription here, not in the user data.
                    let others = members[other].generation.unwrap_or(NO_GENERATION);
                    if generation < others {
                        continue;
                    }
                    if let Some(list) = claims.owned.get_mut(other) {
                        list.retain(|owned| owned != at);
                    }
                    if generation == others {
                        claims.disputed.insert(at.clone());
                        owners.insert(at.clone(), Arc::clone(id));
                        continue;
                    }
                }
                claims.owned.entry(Arc::clone(id)).or_default().push(at.clone());
                owners.insert(at.clone(), Arc::clone(id));
            }
        }
        claims
    }
}
