//! From which replica a consumer should read (KIP-392; Kafka: ReplicaManager.findPreferredReadReplica,
//! RackAwareReplicaSelector).

use klamm_model::{BrokerId, Instant, Offset};

/// A replica that could serve the consumer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// Its broker.
    pub id: BrokerId,
    /// Its rack.
    pub rack: Option<&'a str>,
    /// Its log end as the leader knows it.
    pub log_end: Offset,
    /// When it last had everything.
    pub last_caught_up: Option<Instant>,
}

/// The replica in `rack` that has most, the leader before all others; `None` for the leader, wherever it is.
pub fn nearest(leader: &Candidate<'_>, followers: &[Candidate<'_>], rack: &str) -> Option<BrokerId> {
    if rack.is_empty() || leader.rack == Some(rack) {
        return None;
    }
    let near = followers.iter().filter(|one| one.rack == Some(rack));
    near.max_by_key(|one| (one.log_end, one.last_caught_up, std::cmp::Reverse(one.id))).map(|one| one.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(id: i32, rack: Option<&str>, end: i64) -> Candidate<'_> {
        Candidate { id: BrokerId::at(id), rack, log_end: Offset::at(end), last_caught_up: None }
    }

    #[test]
    fn the_leader_serves_its_own_rack_and_racks_without_a_replica() {
        let leader = candidate(1, Some("a"), 9);
        let followers = [candidate(2, Some("a"), 9), candidate(3, Some("b"), 9)];
        assert_eq!(nearest(&leader, &followers, "a"), None);
        assert_eq!(nearest(&leader, &followers, "c"), None);
        assert_eq!(nearest(&leader, &followers, ""), None);
    }

    #[test]
    fn of_several_in_the_rack_the_one_that_has_most_serves() {
        let leader = candidate(1, None, 9);
        let followers = [candidate(2, Some("b"), 7), candidate(3, Some("b"), 8), candidate(4, None, 9)];
        assert_eq!(nearest(&leader, &followers, "b"), Some(BrokerId::at(3)));
    }
}
