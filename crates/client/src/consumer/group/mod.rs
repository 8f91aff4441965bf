//! Membership in a group by the classic protocol (Kafka: `AbstractCoordinator`, `ConsumerCoordinator`).
//!
//! ```text
//! Out --join task--> In (heartbeats) --rebalance, subscription changed--> Out (keeps its member id)
//!                                    --given up by the group------------> Out (a new member)
//! ```
//!
//! The join runs as a task of the consumer, so that a short poll does not break it off; heartbeats are a task
//! of their own from the answer to JoinGroup on, for the next poll may come later than the session lasts.

mod commit;
mod heartbeat;
mod join;
mod leave;

use std::collections::BTreeMap;
use std::sync::Arc;

use klamm_protocol::Str;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::Instant;

pub(super) use commit::{Offsets, commit, fetch_committed, within};
pub(super) use join::{Join, JoinOutcome, Joined, join};
pub(super) use leave::leave;

use super::assignor::LastAssignment;
use super::config::ConsumerConfig;
use crate::cluster::Cluster;
use crate::error::ClientError;

/// Who this consumer is to its group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Member {
    /// Empty before the coordinator gave one.
    pub(super) id: Str,
    /// `None` while it is in no generation.
    pub(super) generation: Option<i32>,
}

/// What a heartbeat brought, or the lack of polls.
#[derive(Clone, Debug)]
pub(super) enum Verdict {
    /// The group rebalances.
    Rebalance,
    /// The group has given this member up; a new one may join.
    Lost(String),
    /// This member must not go on.
    Fatal(ClientError),
}

/// The membership whose heartbeats are listened to, and what they brought.
#[derive(Debug, Default)]
struct Listened {
    member: Option<Member>,
    verdict: Option<Verdict>,
}

/// The joins of one consumer.
#[derive(Debug, Default)]
struct Joins {
    /// The number of the last one.
    last: u64,
    /// While it is waited for: the member id as far as it is known.
    member_id: Option<Str>,
}

/// What the consumer, its join and its heartbeats share.
#[derive(Debug)]
pub(super) struct Shared {
    listened: Mutex<Listened>,
    joins: Mutex<Joins>,
    last_poll: Mutex<Instant>,
    pub(super) news: Notify,
}

impl Shared {
    fn new(now: Instant) -> Shared {
        Shared {
            listened: Mutex::default(),
            joins: Mutex::default(),
            last_poll: Mutex::new(now),
            news: Notify::new(),
        }
    }

    /// Listens to the heartbeats of `member` from now on, to no others.
    fn listen_to(&self, member: Option<Member>) {
        *self.listened.lock() = Listened { member, verdict: None };
    }

    /// What the heartbeats of `member` brought; of no interest if it is of a generation that is over.
    fn tell(&self, member: &Member, verdict: Verdict) {
        let mut listened = self.listened.lock();
        if listened.member.as_ref() != Some(member) {
            return;
        }
        if matches!(listened.verdict, None | Some(Verdict::Rebalance)) {
            listened.verdict = Some(verdict);
        }
        drop(listened);
        self.news.notify_one();
    }

    pub(super) fn take_verdict(&self) -> Option<Verdict> {
        self.listened.lock().verdict.take()
    }

    /// The number of a join that begins now; what came of joins before is of no interest any more.
    pub(super) fn begin_join(&self, member: &Member) -> u64 {
        self.listen_to(None);
        let mut joins = self.joins.lock();
        joins.last += 1;
        joins.member_id = Some(member.id.clone());
        joins.last
    }

    /// Whether the join `number` is waited for.
    pub(super) fn is_join(&self, number: u64) -> bool {
        let joins = self.joins.lock();
        joins.last == number && joins.member_id.is_some()
    }

    /// The coordinator gave the join `number` an id; false where nobody waits for that join any more.
    fn learn_id(&self, number: u64, id: &Str) -> bool {
        let mut joins = self.joins.lock();
        let is_waited_for = joins.last == number && joins.member_id.is_some();
        if is_waited_for {
            joins.member_id = Some(id.clone());
        }
        is_waited_for
    }

    /// Nobody waits for a join any more. Gives the member id of the one that ran, as far as it is known.
    fn end_join(&self) -> Option<Str> {
        self.joins.lock().member_id.take()
    }

    pub(super) fn polled(&self) {
        *self.last_poll.lock() = Instant::now();
    }

    fn last_poll(&self) -> Instant {
        *self.last_poll.lock()
    }
}

/// Where a member is.
#[derive(Debug)]
pub(super) enum Standing {
    /// To join, not before this time.
    Out { retry_at: Instant },
    /// The join task runs.
    Joining,
    /// In, with heartbeats.
    In { _heartbeats: Heartbeats },
}

/// The heartbeats of one generation; they end with it.
#[derive(Debug)]
pub(super) struct Heartbeats(AbortHandle);

impl Heartbeats {
    fn begin(
        cluster: &Cluster,
        config: &Arc<ConsumerConfig>,
        group: &Str,
        (member, shared): (Member, Arc<Shared>),
    ) -> Heartbeats {
        shared.listen_to(Some(member.clone()));
        let heartbeats = heartbeat::Heartbeat {
            cluster: cluster.clone(),
            config: Arc::clone(config),
            group: group.clone(),
            member,
            shared,
        };
        Heartbeats(tokio::spawn(heartbeats.run()).abort_handle())
    }
}

impl Drop for Heartbeats {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The consumer's side of its group.
pub(super) struct Group {
    pub(super) id: Str,
    pub(super) member: Member,
    pub(super) standing: Standing,
    pub(super) shared: Arc<Shared>,
    /// The protocol of the last generation; before it, that which all assignors can do.
    pub(super) last: Option<LastAssignment>,
    /// As leader: the partition counts of all topics of the group that the assignment was made for.
    pub(super) led: Option<BTreeMap<Arc<str>, usize>>,
    /// The member must join again though nobody told it.
    pub(super) rejoin: Option<&'static str>,
    /// The partitions must be given up as lost before the next join.
    pub(super) lost: bool,
    /// What had to be done before the next join is done.
    pub(super) prepared: bool,
    /// Tries to join that failed in a row.
    pub(super) failures: u32,
    pub(super) next_commit: Option<Instant>,
    /// How the join task ended.
    pub(super) outcome: Option<JoinOutcome>,
}

impl Group {
    pub(super) fn new(id: &str) -> Group {
        let now = Instant::now();
        Group {
            id: Str::from(id),
            member: Member::default(),
            standing: Standing::Out { retry_at: now },
            shared: Arc::new(Shared::new(now)),
            last: None,
            led: None,
            rejoin: None,
            lost: false,
            prepared: false,
            failures: 0,
            next_commit: None,
            outcome: None,
        }
    }

    /// Whether the member is in a generation.
    pub(super) fn is_in(&self) -> bool {
        matches!(self.standing, Standing::In { .. })
    }

    /// Whether the member is in a generation or on its way into one.
    pub(super) fn is_in_or_joining(&self) -> bool {
        !matches!(self.standing, Standing::Out { .. })
    }

    /// Takes the member out of its generation; it joins again at once.
    pub(super) fn step_out(&mut self) {
        self.standing = Standing::Out { retry_at: Instant::now() };
        self.rejoin = None;
        self.prepared = false;
        self.outcome = None;
        self.shared.listen_to(None);
        self.shared.end_join();
    }

    /// Takes the member out for good. Gives who it was to the group, or is about to be by a join that still runs.
    pub(super) fn depart(&mut self) -> Member {
        let mut member = std::mem::take(&mut self.member);
        if let Some(id) = self.shared.end_join() {
            member.id = id;
        }
        self.step_out();
        self.last = None;
        self.led = None;
        member
    }

    /// The group does not know this member any more.
    pub(super) fn forget_member(&mut self) {
        self.member = Member { id: Str::default(), generation: None };
        self.lost = true;
        self.step_out();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(id: &'static str, generation: i32) -> Member {
        Member { id: Str::from_static(id), generation: Some(generation) }
    }

    #[test]
    fn the_verdict_of_a_generation_that_is_over_is_not_heard() {
        let shared = Shared::new(Instant::now());
        shared.listen_to(Some(member("m", 2)));
        shared.tell(&member("m", 1), Verdict::Lost("old".to_owned()));
        assert!(shared.take_verdict().is_none());
        shared.tell(&member("m", 2), Verdict::Rebalance);
        assert!(matches!(shared.take_verdict(), Some(Verdict::Rebalance)));
        shared.listen_to(None);
        shared.tell(&member("m", 2), Verdict::Rebalance);
        assert!(shared.take_verdict().is_none(), "a member that is out hears nothing");
    }

    #[test]
    fn the_end_of_a_join_that_was_given_up_is_not_taken_for_that_of_the_next() {
        let shared = Shared::new(Instant::now());
        let first = shared.begin_join(&Member::default());
        assert!(shared.is_join(first));
        assert!(shared.end_join().is_some());
        assert!(!shared.is_join(first));
        let second = shared.begin_join(&Member::default());
        assert!(!shared.is_join(first) && shared.is_join(second));
        assert!(!shared.learn_id(first, &Str::from_static("zombie")));
    }

    #[test]
    fn a_member_that_departs_while_it_joins_is_known_by_the_id_the_join_got() {
        let mut group = Group::new("g");
        group.standing = Standing::Joining;
        let number = group.shared.begin_join(&group.member);
        assert!(group.shared.learn_id(number, &Str::from_static("m-1")));
        let departed = group.depart();
        assert_eq!(departed, Member { id: Str::from_static("m-1"), generation: None });
        assert!(!group.shared.is_join(number), "and what the join brings is not taken");
    }
}
