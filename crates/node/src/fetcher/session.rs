//! A follower's half of a fetch session (KIP-227): requests name only partitions whose position changed, so that idle
//! ones cost nothing.

use std::collections::{BTreeMap, BTreeSet};

use klamm_model::TopicIdPartition;

use crate::partition::FetchPosition;

/// What a request says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) id: i32,
    pub(super) epoch: i32,
    pub(super) wanted: Vec<(TopicIdPartition, FetchPosition)>,
    pub(super) forgotten: Vec<TopicIdPartition>,
}

/// What the leader's half of the session holds, as far as known.
#[derive(Debug, Default)]
pub(super) struct FollowerSession {
    /// 0 while there is none.
    id: i32,
    /// 0 while the next request begins a session; then `id` is the one that it ends.
    epoch: i32,
    /// Positions as told.
    told: BTreeMap<TopicIdPartition, FetchPosition>,
    /// Positions to be told; the request takes them.
    news: BTreeMap<TopicIdPartition, FetchPosition>,
    /// Partitions the leader should forget.
    gone: BTreeSet<TopicIdPartition>,
}

impl FollowerSession {
    /// The partition is to be fetched from `position` on.
    pub(super) fn want(&mut self, id: TopicIdPartition, position: FetchPosition) {
        self.gone.remove(&id);
        if self.told.get(&id) == Some(&position) {
            self.news.remove(&id);
        } else {
            self.news.insert(id, position);
        }
    }

    /// The partition is not to be fetched.
    pub(super) fn forget(&mut self, id: TopicIdPartition) {
        self.news.remove(&id);
        if self.told.contains_key(&id) {
            self.gone.insert(id);
        }
    }

    /// Whether nothing is to be fetched.
    pub(super) fn is_empty(&self) -> bool {
        self.news.is_empty() && self.told.len() == self.gone.len()
    }

    /// The position that the leader's answer is about.
    pub(super) fn told(&self, id: TopicIdPartition) -> Option<FetchPosition> {
        self.told.get(&id).copied()
    }

    /// The next request; it is taken for sent.
    pub(super) fn next_request(&mut self) -> Asked {
        let forgotten: Vec<_> = std::mem::take(&mut self.gone).into_iter().collect();
        for id in &forgotten {
            self.told.remove(id);
        }
        let news = std::mem::take(&mut self.news);
        self.told.extend(news.iter().map(|(id, position)| (*id, *position)));
        if self.epoch == 0 {
            let wanted = self.told.iter().map(|(id, position)| (*id, *position)).collect();
            return Asked { id: self.id, epoch: 0, wanted, forgotten: Vec::new() };
        }
        Asked { id: self.id, epoch: self.epoch, wanted: news.into_iter().collect(), forgotten }
    }

    /// An answer came without an error of its own, in the session `id`, or in none (0).
    pub(super) fn on_answer(&mut self, id: i32) {
        if id == 0 {
            self.lose();
        } else if id != self.id {
            (self.id, self.epoch) = (id, 1);
        } else {
            self.epoch = self.epoch.checked_add(1).unwrap_or(1);
        }
    }

    /// The leader's half may hold other than what is known here: the next request begins anew, and names the old session
    /// so that its place becomes free (Kafka: `FetchMetadata.nextCloseExistingAttemptNew`).
    pub(super) fn reset(&mut self) {
        self.epoch = 0;
    }

    /// The leader has no session: the next request begins one.
    pub(super) fn lose(&mut self) {
        (self.id, self.epoch) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use klamm_model::{LeaderEpoch, Offset, TopicId, Uuid};

    use super::*;

    fn id(partition: i32) -> TopicIdPartition {
        TopicIdPartition { topic_id: TopicId::new(Uuid::from_u128(7)).expect("not zero"), partition }
    }

    fn position(offset: i64) -> FetchPosition {
        FetchPosition {
            epoch: LeaderEpoch::at(1),
            offset: Offset::at(offset),
            last_epoch: None,
            log_start: Offset::ZERO,
        }
    }

    #[test]
    fn a_session_names_only_what_changed() {
        let mut session = FollowerSession::default();
        session.want(id(0), position(0));
        session.want(id(1), position(5));
        let asked = session.next_request();
        assert_eq!((asked.id, asked.epoch, asked.wanted.len()), (0, 0, 2));
        session.on_answer(77);
        let idle = Asked { id: 77, epoch: 1, wanted: vec![], forgotten: vec![] };
        assert_eq!(session.next_request(), idle);
        session.on_answer(77);
        session.want(id(1), position(9));
        session.forget(id(0));
        let asked = session.next_request();
        let expected = Asked { id: 77, epoch: 2, wanted: vec![(id(1), position(9))], forgotten: vec![id(0)] };
        assert_eq!(asked, expected);
    }

    #[test]
    fn a_reset_names_everything_again_and_the_old_session_so_that_the_leader_ends_it() {
        let mut session = FollowerSession::default();
        session.want(id(0), position(0));
        session.next_request();
        session.on_answer(77);
        session.want(id(1), position(3));
        session.reset();
        let asked = session.next_request();
        assert_eq!((asked.id, asked.epoch, asked.wanted.len()), (77, 0, 2));
        session.on_answer(78);
        assert_eq!((session.next_request().id, session.next_request().epoch), (78, 1));
        session.lose();
        let asked = session.next_request();
        assert_eq!((asked.id, asked.epoch, asked.wanted.len()), (0, 0, 2));
    }

    #[test]
    fn a_leader_without_room_for_a_session_is_told_everything_each_time() {
        let mut session = FollowerSession::default();
        session.want(id(0), position(0));
        session.next_request();
        session.on_answer(0);
        let asked = session.next_request();
        assert_eq!((asked.id, asked.epoch, asked.wanted.len()), (0, 0, 1));
    }

    #[test]
    fn a_session_with_nothing_left_is_empty() {
        let mut session = FollowerSession::default();
        assert!(session.is_empty());
        session.want(id(0), position(0));
        session.next_request();
        assert!(!session.is_empty());
        session.forget(id(0));
        assert!(session.is_empty());
    }
}
