//! The members of a classic group and every index over them, changed together by one owner.
//!
//! Members are walked in the order of Kafka's hash map (see [`crate::java_hash`]), which decides ties.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use klamm_protocol::Str;

use super::millis;
use crate::java_hash::sort_as_hash_map;
use crate::machine::ReplyTo;

/// One way to share out partitions that a member offers, with what it has to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protocol {
    /// Name of the assignor, for consumers.
    pub name: Str,
    /// Opaque to the coordinator, except for a consumer's list of topics.
    pub metadata: Bytes,
}

/// A member that has joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Given by the coordinator.
    pub id: Str,
    /// `group.instance.id`: the member is static, it keeps its place over restarts.
    pub instance_id: Option<Str>,
    /// From the header of its first request.
    pub client_id: Str,
    /// As Java prints an address: `/127.0.0.1`.
    pub client_host: Str,
    /// How long a rebalance waits for it, in milliseconds. From the client, unchecked.
    pub rebalance_timeout_ms: i32,
    /// How long it may be silent, in milliseconds.
    pub session_timeout_ms: i32,
    /// What it offers, best first.
    pub protocols: Vec<Protocol>,
    /// What the leader gave it in the last finished rebalance.
    pub assignment: Bytes,
    /// Its JoinGroup that waits for the end of the join phase.
    pub awaiting_join: Option<ReplyTo>,
    /// Its SyncGroup that waits for the leader's assignment.
    pub awaiting_sync: Option<ReplyTo>,
    /// Joined, but never yet part of a generation: it has a longer, fixed deadline and waiting does not
    /// excuse it from that.
    pub is_new: bool,
}

impl Member {
    /// The metadata for `protocol`; empty if the member does not offer it.
    pub fn metadata(&self, protocol: &str) -> Bytes {
        let offered = self.protocols.iter().find(|offered| offered.name == *protocol);
        offered.map(|offered| offered.metadata.clone()).unwrap_or_default()
    }

    /// How long it may be silent.
    pub fn session_timeout(&self) -> Duration {
        millis(self.session_timeout_ms)
    }

    /// Whether a missed heartbeat is excused: the coordinator itself holds back the member's answer.
    pub fn is_excused(&self) -> bool {
        !self.is_new && (self.awaiting_join.is_some() || self.awaiting_sync.is_some())
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Slot {
    /// Position in the order of insertion.
    inserted: u64,
    member: Arc<Member>,
}

/// All members that have joined.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members {
    by_id: BTreeMap<Str, Slot>,
    /// Instance id to member id of the static ones.
    by_instance: BTreeMap<Str, Str>,
    /// How many members offer each protocol; never zero.
    supporters: BTreeMap<Str, usize>,
    awaiting_join: usize,
    next_insert: u64,
    /// Most members there were at once.
    largest: usize,
}

impl Members {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// The member `id`.
    pub fn get(&self, id: &str) -> Option<&Member> {
        self.by_id.get(id).map(|slot| &*slot.member)
    }

    /// Whether `id` has joined.
    pub fn contains(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    /// The member that holds the static place `instance_id`.
    pub fn static_member(&self, instance_id: &str) -> Option<&Str> {
        self.by_instance.get(instance_id)
    }

    /// How many wait for the join phase to end.
    pub fn awaiting_join(&self) -> usize {
        self.awaiting_join
    }

    /// Whether all members offer one of `protocols`.
    pub fn all_support_one_of<'a>(&self, mut protocols: impl Iterator<Item = &'a str>) -> bool {
        protocols.any(|name| self.supporters.get(name).copied().unwrap_or(0) == self.len())
    }

    /// By member id.
    pub fn iter(&self) -> impl Iterator<Item = &Member> {
        self.by_id.values().map(|slot| &*slot.member)
    }

    /// In the order in which Kafka walks them.
    pub fn in_kafka_order(&self) -> Vec<&Member> {
        let mut slots: Vec<&Slot> = self.by_id.values().collect();
        slots.sort_by_key(|slot| slot.inserted);
        sort_as_hash_map(&mut slots, self.largest, |slot| &slot.member.id);
        slots.into_iter().map(|slot| &*slot.member).collect()
    }

    /// Adds a member, last in the order of insertion.
    ///
    /// # Panics
    /// If its id or its static place is taken: callers look first.
    pub fn insert(&mut self, member: Member) {
        self.index(&member);
        if let Some(instance_id) = &member.instance_id {
            let taken = self.by_instance.insert(instance_id.clone(), member.id.clone());
            assert!(taken.is_none(), "static place {instance_id} is taken");
        }
        let id = member.id.clone();
        let slot = Slot { inserted: self.next_insert, member: Arc::new(member) };
        assert!(self.by_id.insert(id, slot).is_none(), "member ids are unique");
        self.next_insert += 1;
        self.largest = self.largest.max(self.by_id.len());
    }

    /// Takes a member out.
    pub fn remove(&mut self, id: &str) -> Option<Arc<Member>> {
        let slot = self.by_id.remove(id)?;
        self.unindex(&slot.member);
        if let Some(instance_id) = &slot.member.instance_id {
            self.by_instance.remove(instance_id);
        }
        Some(slot.member)
    }

    /// Changes a member in place. Its id and instance id must stay.
    pub fn update(&mut self, id: &str, change: impl FnOnce(&mut Member)) {
        let Some(mut slot) = self.by_id.remove(id) else { return };
        self.unindex(&slot.member);
        change(Arc::make_mut(&mut slot.member));
        self.index(&slot.member);
        self.by_id.insert(slot.member.id.clone(), slot);
    }

    /// Changes all members in place. Ids and instance ids must stay.
    pub fn update_all(&mut self, change: impl Fn(&mut Member)) {
        let ids: Vec<Str> = self.by_id.keys().cloned().collect();
        for id in ids {
            self.update(&id, &change);
        }
    }

    fn index(&mut self, member: &Member) {
        for name in distinct_protocols(member) {
            *self.supporters.entry(name.clone()).or_default() += 1;
        }
        self.awaiting_join += usize::from(member.awaiting_join.is_some());
    }

    fn unindex(&mut self, member: &Member) {
        for name in distinct_protocols(member) {
            let count = self.supporters.get_mut(name).expect("each offered protocol is counted");
            *count -= 1;
            if *count == 0 {
                self.supporters.remove(name);
            }
        }
        self.awaiting_join -= usize::from(member.awaiting_join.is_some());
    }
}

/// Names a member offers; one that it lists twice is one vote.
fn distinct_protocols(member: &Member) -> impl Iterator<Item = &Str> {
    member.protocols.iter().enumerate().filter_map(|(at, protocol)| {
        let repeated = member.protocols[..at].iter().any(|earlier| earlier.name == protocol.name);
        (!repeated).then_some(&protocol.name)
    })
}
