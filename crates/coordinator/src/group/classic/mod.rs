//! Classic groups: the members agree among themselves, the coordinator keeps the rounds.
//!
//! A round (*rebalance*) has two phases. In the join phase all members hand in what they offer and wait;
//! its end makes a *generation*: a leader and a protocol are chosen. In the sync phase the leader hands in
//! an assignment for each member. Only then is the group written to the log.
//!
//! ```text
//!           join                all joined, or deadline              leader synced
//!   Empty -------> Preparing ---------------------------> Completing -------------> Stable
//!     ^             |    ^                                     |                       |
//!     +-------------+    +-------------------------------------+-----------------------+
//!       nobody joined            a member joined, left, changed its offer or failed
//! ```
//!
//! A group is a value: an input takes a copy, changes that, and the copy replaces the old one as a soft
//! change once the records were accepted (see [`turn`]). Replaying a record makes the group that the
//! record describes, as at load; what is not in the record (protocols that lost, who waits) comes with the
//! soft change that follows. Source: KIP-62, 345, 389, 394, 559, 814.

mod heartbeat;
mod join;
mod leave;
mod load;
mod members;
mod rebalance;
mod replace_static;
mod sync;
mod turn;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use klamm_model::Timestamp;
use klamm_protocol::{ErrorCode, Str};

pub(crate) use leave::nobody_leaves;
pub use members::{Member, Members, Protocol};
pub(crate) use turn::{Turn, join_error, sync_error};

use super::subscription;

/// The protocol type of consumers; others (connect) keep their offers opaque.
pub const CONSUMER: &str = "consumer";

/// Where a group is in its round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// No members. Offsets may be there.
    Empty,
    /// Waiting for members to (re)join; `Join` timer set.
    Preparing(JoinPhase),
    /// Waiting for the leader's assignment; `Sync` timer set.
    Completing,
    /// Every member has its assignment, or can fetch it. `Sync` timer set until all have.
    Stable,
}

/// How a join phase ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JoinPhase {
    /// The first of an empty group: it ends by time only, and a new member prolongs it.
    Initial {
        /// Length of the delay that runs now.
        delay: Duration,
        /// How much longer it may get.
        remaining: Duration,
        /// Whether a member came during the delay that runs now.
        member_added: bool,
    },
    /// Ends when all known members have joined, or at the longest rebalance time-out.
    Usual,
}

/// A group under the classic protocol, also a *simple* one: offsets without members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassicGroup {
    /// Where it is in its round.
    pub phase: Phase,
    /// When it got there; absent in records older than value version 2.
    pub since: Option<Timestamp>,
    /// Grows by one with each join phase that ends; survives in the log.
    pub generation: i32,
    /// "consumer", "connect", ...: set by the first member, kept when empty. A simple group has none.
    pub protocol_type: Option<Str>,
    /// The protocol of this generation.
    pub protocol_name: Option<Str>,
    /// The member that assigns.
    pub leader: Option<Str>,
    /// Who has joined.
    pub members: Members,
    /// Who was given a member id and has not come back with it; `Heartbeat` timer set.
    pub pending_join: BTreeSet<Str>,
    /// Who has joined this generation and not yet asked for its assignment.
    pub pending_sync: BTreeSet<Str>,
    /// Topics of all members' subscriptions; unknown if they cannot be read or were not looked at.
    pub subscribed_topics: Option<Arc<BTreeSet<Str>>>,
}

impl ClassicGroup {
    /// A group that nobody has joined.
    pub fn new(since: Option<Timestamp>) -> ClassicGroup {
        ClassicGroup {
            phase: Phase::Empty,
            since,
            generation: 0,
            protocol_type: None,
            protocol_name: None,
            leader: None,
            members: Members::default(),
            pending_join: BTreeSet::new(),
            pending_sync: BTreeSet::new(),
            subscribed_topics: None,
        }
    }

    /// Kafka's name of the phase.
    pub fn state_name(&self) -> &'static str {
        match self.phase {
            Phase::Empty => "Empty",
            Phase::Preparing(_) => "PreparingRebalance",
            Phase::Completing => "CompletingRebalance",
            Phase::Stable => "Stable",
        }
    }

    /// Whether nobody has joined.
    pub fn is_empty(&self) -> bool {
        self.phase == Phase::Empty
    }

    /// Whether the group is nothing but a holder of offsets.
    pub fn is_simple(&self) -> bool {
        self.protocol_type.is_none() && self.is_empty() && self.pending_join.is_empty()
    }

    /// Whether the members are consumers, so that their subscriptions can be read.
    pub fn is_consumers(&self) -> bool {
        self.protocol_type.as_deref() == Some(CONSUMER)
    }

    /// Whether the members are consumers, settled, and what they consume is known.
    pub(crate) fn is_settled_consumers(&self) -> bool {
        self.is_consumers() && self.phase == Phase::Stable && self.subscribed_topics.is_some()
    }

    /// Whether offsets of `topic` are in use. A group whose subscriptions are unknown may use any.
    pub fn is_subscribed_to(&self, topic: &str) -> bool {
        match &self.subscribed_topics {
            Some(topics) => topics.contains(topic),
            None => self.is_consumers(),
        }
    }

    /// Whether `id` has joined or was given out.
    pub fn knows(&self, id: &str) -> bool {
        self.members.contains(id) || self.pending_join.contains(id)
    }

    /// Whether `id` leads.
    pub fn is_leader(&self, id: &str) -> bool {
        self.leader.as_deref() == Some(id)
    }

    /// Whether a member with this offer can be in the group.
    pub fn accepts<'a>(&self, protocol_type: &str, mut protocols: impl Iterator<Item = &'a str>) -> bool {
        if self.is_empty() {
            return !protocol_type.is_empty() && protocols.next().is_some();
        }
        self.protocol_type.as_deref() == Some(protocol_type) && self.members.all_support_one_of(protocols)
    }

    /// Whether the request of a member is from who it says: a static place is held by one member id.
    pub fn check_member(&self, id: &str, instance_id: Option<&str>) -> Result<&Member, ErrorCode> {
        if let Some(instance_id) = instance_id {
            match self.members.static_member(instance_id) {
                None => return Err(ErrorCode::UnknownMemberId),
                Some(holder) if holder != id => return Err(ErrorCode::FencedInstanceId),
                Some(_) => {}
            }
        }
        self.members.get(id).ok_or(ErrorCode::UnknownMemberId)
    }

    /// The longest rebalance time-out of all members.
    pub fn rebalance_timeout(&self) -> Duration {
        let longest = self.members.iter().map(|member| member.rebalance_timeout_ms).max();
        millis(longest.unwrap_or(0))
    }

    /// Whether the join phase has nobody to wait for.
    pub fn all_have_joined(&self) -> bool {
        self.members.len() == self.members.awaiting_join() && self.pending_join.is_empty()
    }

    /// Adds a member; the first one decides the type, and leads.
    pub(crate) fn add(&mut self, protocol_type: &Str, member: Member) {
        if self.members.is_empty() {
            self.protocol_type = Some(protocol_type.clone());
        }
        if self.leader.is_none() {
            self.leader = Some(member.id.clone());
        }
        self.pending_join.remove(&member.id);
        self.members.insert(member);
    }

    /// Takes out whatever there is of `id`; if it led, the next member leads.
    pub(crate) fn remove(&mut self, id: &str) -> Option<Arc<Member>> {
        let removed = self.members.remove(id);
        if self.is_leader(id) {
            self.leader = self.members.in_kafka_order().first().map(|member| member.id.clone());
        }
        self.pending_join.remove(id);
        self.pending_sync.remove(id);
        removed
    }

    /// Chooses the protocol most members want among those that all offer.
    fn select_protocol(&self) -> Option<Str> {
        let mut votes: Vec<(&Str, usize)> = Vec::new();
        let members = self.members.in_kafka_order();
        for member in &members {
            let wanted = member.protocols.iter().map(|protocol| &protocol.name);
            let vote = wanted
                .into_iter()
                .find(|name| self.members.all_support_one_of([name.as_str()].into_iter()))?;
            match votes.iter_mut().find(|(name, _)| *name == vote) {
                Some((_, count)) => *count += 1,
                None => votes.push((vote, 1)),
            }
        }
        let kinds = votes.len();
        crate::java_hash::sort_as_hash_map(&mut votes, kinds, |(name, _)| name);
        let most = votes.iter().map(|(_, count)| *count).max()?;
        votes.into_iter().find(|(_, count)| *count == most).map(|(name, _)| name.clone())
    }

    /// The topics all members' subscriptions name together.
    fn read_subscriptions(&self) -> Option<Arc<BTreeSet<Str>>> {
        if !self.is_consumers() {
            return None;
        }
        let mut topics = BTreeSet::new();
        if !self.members.is_empty() {
            let protocol = self.protocol_name.as_deref()?;
            for member in self.members.iter() {
                topics.extend(subscription::topics(member.metadata(protocol))?);
            }
        }
        Some(Arc::new(topics))
    }
}

/// A time-out from the wire or the log; a negative one is no wait.
fn millis(millis: i32) -> Duration {
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}
