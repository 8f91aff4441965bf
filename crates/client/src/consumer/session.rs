//! Fetch sessions (KIP-227): a broker remembers what a client reads, and is told only what changes. Pure.
//!
//! ```text
//! id 0, epoch 0: a full request that asks for a session
//! id n, epoch 1, 2, ...: what is new, what changed, what to forget
//! id n, epoch 0: a full request that replaces session n
//! ```

use std::collections::BTreeMap;

use klamm_model::{LeaderEpoch, Offset, TopicId, TopicPartition};
use klamm_protocol::ErrorCode;

/// What is wanted of one partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Want {
    pub(super) topic_id: Option<TopicId>,
    pub(super) offset: Offset,
    /// The leader's epoch, as far as it is known.
    pub(super) leader_epoch: Option<LeaderEpoch>,
    pub(super) max_bytes: i32,
}

/// By partition.
pub(super) type Wants = BTreeMap<TopicPartition, Want>;

/// What to put into the next request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Turn {
    pub(super) id: i32,
    pub(super) epoch: i32,
    pub(super) send: Wants,
    pub(super) forget: Vec<(TopicPartition, Option<TopicId>)>,
}

/// The session with one broker.
#[derive(Clone, Debug, Default)]
pub(super) struct Session {
    id: i32,
    /// The epoch of the next request.
    epoch: i32,
    known: Wants,
}

impl Session {
    /// The next request, for all of `wants`.
    pub(super) fn next(&mut self, wants: Wants) -> Turn {
        if self.epoch == 0 {
            self.known.clone_from(&wants);
            return Turn { id: self.id, epoch: 0, send: wants, forget: Vec::new() };
        }
        let mut forget = Vec::new();
        for (at, known) in &self.known {
            let stays = wants.get(at).is_some_and(|want| want.topic_id == known.topic_id);
            if !stays {
                forget.push((at.clone(), known.topic_id));
            }
        }
        let send = wants.iter().filter(|(at, want)| self.known.get(*at) != Some(*want));
        let send = send.map(|(at, want)| (at.clone(), *want)).collect();
        self.known = wants;
        Turn { id: self.id, epoch: self.epoch, send, forget }
    }

    /// The broker answered.
    pub(super) fn on_answer(&mut self, error: ErrorCode, id: i32) {
        match error {
            ErrorCode::None if id == 0 => *self = Session::default(),
            ErrorCode::None => {
                self.id = id;
                self.epoch = if self.epoch == i32::MAX { 1 } else { self.epoch + 1 };
            }
            ErrorCode::FetchSessionIdNotFound => *self = Session::default(),
            _ => self.on_no_answer(),
        }
    }

    /// No answer came: the broker may or may not have seen the request, so the session is replaced.
    pub(super) fn on_no_answer(&mut self) {
        self.epoch = 0;
        self.known.clear();
    }

    /// The id of the open session, to end it.
    pub(super) fn open_id(&self) -> Option<i32> {
        (self.id != 0).then_some(self.id)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn want(offset: i64) -> Want {
        Want { topic_id: None, offset: Offset::at(offset), leader_epoch: None, max_bytes: 100 }
    }

    fn wants(list: &[(i32, i64)]) -> Wants {
        list.iter().map(|(at, offset)| (TopicPartition::new("t", *at), want(*offset))).collect()
    }

    #[test]
    fn after_the_first_request_only_changes_are_sent() {
        let mut session = Session::default();
        let all = wants(&[(0, 0), (1, 0)]);
        let first = session.next(all.clone());
        assert_eq!(first, Turn { id: 0, epoch: 0, send: all.clone(), forget: Vec::new() });
        session.on_answer(ErrorCode::None, 7);
        let second = session.next(all);
        assert_eq!(second, Turn { id: 7, epoch: 1, send: Wants::new(), forget: Vec::new() });
        session.on_answer(ErrorCode::None, 7);
        let third = session.next(wants(&[(1, 5), (2, 0)]));
        let expected = Turn {
            id: 7,
            epoch: 2,
            send: wants(&[(1, 5), (2, 0)]),
            forget: vec![(TopicPartition::new("t", 0), None)],
        };
        assert_eq!(third, expected);
    }

    #[test]
    fn a_lost_answer_replaces_the_session_and_an_unknown_one_begins_anew() {
        let mut session = Session::default();
        session.next(wants(&[(0, 0)]));
        session.on_answer(ErrorCode::None, 7);
        session.on_no_answer();
        let replaced = session.next(wants(&[(0, 0)]));
        assert_eq!((replaced.id, replaced.epoch, replaced.send.len()), (7, 0, 1));
        session.on_answer(ErrorCode::FetchSessionIdNotFound, 0);
        let anew = session.next(wants(&[(0, 0)]));
        assert_eq!((anew.id, anew.epoch, anew.send.len()), (0, 0, 1));
    }

    #[test]
    fn a_broker_without_room_for_sessions_gets_full_requests() {
        let mut session = Session::default();
        for _ in 0..2 {
            let turn = session.next(wants(&[(0, 0)]));
            assert_eq!((turn.id, turn.epoch, turn.send.len()), (0, 0, 1));
            session.on_answer(ErrorCode::None, 0);
        }
    }
}
