//! All partitions of all topics dealt out like cards (Kafka: `RoundRobinAssignor`).

use std::collections::BTreeSet;
use std::sync::Arc;

use klamm_model::TopicPartition;

use super::{Assignments, Assignor, Subscriptions, TopicLayout, by_identity};

/// Members take turns over all partitions, topic by topic; who does not subscribe to a topic is passed over.
#[derive(Clone, Copy, Debug, Default)]
pub struct RoundRobin;

impl Assignor for RoundRobin {
    fn name(&self) -> &'static str {
        "roundrobin"
    }

    fn assign(&self, topics: &TopicLayout, members: &Subscriptions) -> Assignments {
        let mut assignments: Assignments = members.keys().map(|id| (Arc::clone(id), Vec::new())).collect();
        let order = by_identity(members);
        let wanted: BTreeSet<&Arc<str>> = members.values().flat_map(|member| &member.topics).collect();
        let mut turn = order.iter().cycle();
        for topic in wanted {
            let count = topics.get(topic).map_or(0, Vec::len);
            for partition in 0..count {
                let taker = turn.find(|id| members[**id].topics.contains(topic));
                if let Some(list) = taker.and_then(|id| assignments.get_mut(*id)) {
                    list.push(TopicPartition::new(Arc::clone(topic), partition as i32));
                }
            }
        }
        assignments
    }
}
