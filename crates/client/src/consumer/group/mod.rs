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

pub(super) use commit::{Offsets, commit, fetch_committed};
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

/// What the consumer and its heartbeats share.
#[derive(Debug)]
pub(super) struct Shared {
    verdict: Mutex<Option<Verdict>>,
    last_poll: Mutex<Instant>,
    pub(super) news: Notify,
}

impl Shared {
    fn tell(&self, verdict: Verdict) {
        let mut known = self.verdict.lock();
        if matches!(*known, None | Some(Verdict::Rebalance)) {
            *known = Some(verdict);
        }
        drop(known);
        self.news.notify_one();
    }

    pub(super) fn take_verdict(&self) -> Option<Verdict> {
        self.verdict.lock().take()
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
            shared: Arc::new(Shared {
                verdict: Mutex::default(),
                last_poll: Mutex::new(now),
                news: Notify::new(),
            }),
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
        self.shared.take_verdict();
    }

    /// The group does not know this member any more.
    pub(super) fn forget_member(&mut self) {
        self.member = Member { id: Str::default(), generation: None };
        self.lost = true;
        self.step_out();
    }
}
