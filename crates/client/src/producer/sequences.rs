//! Sequence numbers of an idempotent producer: who it is, what each partition's next batch is numbered, and
//! when a gap forces a new epoch. Pure; the source is the non-transactional half of Kafka's
//! `TransactionManager`.
//!
//! The broker takes a batch only if it follows the last one of the same producer id and epoch. So a batch
//! keeps its number over retries; a later one waits until the one before it is settled; and where a number
//! was given to a batch of which nobody knows whether it arrived, the epoch is raised, with which numbers
//! start at 0 again.

use std::collections::{BTreeMap, BTreeSet};

use klamm_model::{ProducerEpoch, ProducerId, TopicPartition};
use klamm_protocol::ErrorCode;
use klamm_protocol::records::batch::add_to_sequence;

/// Who produces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) id: ProducerId,
    pub(super) epoch: ProducerEpoch,
}

/// What a batch is stamped with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) identity: Identity,
    pub(super) base_sequence: i32,
}

/// A batch that has a number and no final answer.
#[derive(Clone, Copy, Debug)]
struct Outstanding {
    batch: u64,
    stamp: Stamp,
    count: i32,
    /// Renumbered since it was first sent: errors about its old number mean nothing.
    renumbered: bool,
}

impl Outstanding {
    fn last_sequence(&self) -> i32 {
        add_to_sequence(self.stamp.base_sequence, self.count - 1)
    }
}

#[derive(Debug, Default)]
struct Partition {
    identity: Option<Identity>,
    next: i32,
    last_acked: Option<i32>,
    /// In the order of their numbers.
    outstanding: Vec<Outstanding>,
}

impl Partition {
    /// Numbers from 0 for `identity`, the outstanding batches first.
    fn restart(&mut self, identity: Identity) {
        let mut next = 0;
        for batch in &mut self.outstanding {
            batch.stamp = Stamp { identity, base_sequence: next };
            batch.renumbered = true;
            next = add_to_sequence(next, batch.count);
        }
        self.identity = Some(identity);
        self.next = next;
        self.last_acked = None;
    }

    fn expects(&self, sequence: i32) -> bool {
        self.last_acked.map_or(0, |last| add_to_sequence(last, 1)) == sequence
    }
}

/// What to do with a batch that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Send it again.
    Retry,
    /// Give it up.
    Fail,
}

/// What happened to the sequence numbers of a batch that is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// The broker refused it, so its number is free.
    Refused,
    /// It may have arrived.
    Unknown,
}

/// The sequence numbers of all partitions.
#[derive(Debug, Default)]
pub(super) struct Sequences {
    identity: Option<Identity>,
    partitions: BTreeMap<TopicPartition, Partition>,
    /// Partitions that need a new epoch.
    restart: BTreeSet<TopicPartition>,
    /// Partitions where a batch was given up that may have arrived, with the number after it.
    unresolved: BTreeMap<TopicPartition, i32>,
}

impl Sequences {
    /// Who produces; `None` until a broker gave an id.
    pub(super) fn identity(&self) -> Option<Identity> {
        self.identity
    }

    /// A broker gave an id.
    pub(super) fn on_identity(&mut self, identity: Identity) {
        self.identity = Some(identity);
        let waiting = self.partitions.values_mut().filter(|partition| partition.identity.is_none());
        for partition in waiting {
            partition.restart(identity);
        }
    }

    /// Whether the partition's next batch that has no number yet may get one.
    pub(super) fn may_start(&self, at: &TopicPartition) -> bool {
        let Some(identity) = self.identity else { return false };
        if self.unresolved.contains_key(at) || self.restart.contains(at) {
            return false;
        }
        let Some(partition) = self.partitions.get(at) else { return true };
        partition.outstanding.is_empty() || partition.identity == Some(identity)
    }

    /// Whether a batch that has a number may be sent again: only the first may, so that order is kept.
    pub(super) fn may_retry(&self, at: &TopicPartition, batch: u64) -> bool {
        let first = self.partitions.get(at).and_then(|partition| partition.outstanding.first());
        self.identity.is_some() && first.is_some_and(|first| first.batch == batch)
    }

    /// Gives a batch of `count` records the next numbers.
    pub(super) fn start(&mut self, at: &TopicPartition, batch: u64, count: i32) -> Option<Stamp> {
        let identity = self.identity?;
        let partition = self.partitions.entry(at.clone()).or_default();
        if partition.identity != Some(identity) {
            partition.restart(identity);
        }
        let stamp = Stamp { identity, base_sequence: partition.next };
        partition.next = add_to_sequence(partition.next, count);
        partition.outstanding.push(Outstanding { batch, stamp, count, renumbered: false });
        Some(stamp)
    }

    /// The present numbers of an outstanding batch.
    pub(super) fn stamp(&self, at: &TopicPartition, batch: u64) -> Option<Stamp> {
        self.find(at, batch).map(|found| found.stamp)
    }

    fn find(&self, at: &TopicPartition, batch: u64) -> Option<&Outstanding> {
        self.partitions.get(at)?.outstanding.iter().find(|known| known.batch == batch)
    }

    fn remove(&mut self, at: &TopicPartition, batch: u64) -> Option<Outstanding> {
        let outstanding = &mut self.partitions.get_mut(at)?.outstanding;
        let place = outstanding.iter().position(|known| known.batch == batch)?;
        Some(outstanding.remove(place))
    }

    /// A batch is in the log.
    pub(super) fn on_acked(&mut self, at: &TopicPartition, batch: u64) {
        let Some(acked) = self.remove(at, batch) else { return };
        let Some(partition) = self.partitions.get_mut(at) else { return };
        let last = acked.last_sequence();
        partition.last_acked = Some(partition.last_acked.map_or(last, |known| known.max(last)));
    }

    /// A batch is replaced by `parts` of it, which share its numbers among them.
    pub(super) fn on_split(&mut self, at: &TopicPartition, batch: u64, parts: &[(u64, i32)]) {
        let Some(outstanding) = self.partitions.get_mut(at).map(|known| &mut known.outstanding) else {
            return;
        };
        let Some(place) = outstanding.iter().position(|known| known.batch == batch) else { return };
        let whole = outstanding.remove(place);
        let mut stamp = whole.stamp;
        for (offset, (part, count)) in parts.iter().enumerate() {
            outstanding.insert(place + offset, Outstanding { batch: *part, stamp, count: *count, ..whole });
            stamp.base_sequence = add_to_sequence(stamp.base_sequence, *count);
        }
    }

    /// Whether a refused batch is worth another try.
    pub(super) fn on_refused(
        &mut self,
        at: &TopicPartition,
        batch: u64,
        error: ErrorCode,
        log_start_offset: Option<i64>,
    ) -> Verdict {
        let Some(found) = self.find(at, batch).copied() else { return Verdict::Fail };
        match error {
            ErrorCode::UnknownProducerId => self.on_unknown_producer(at, &found, log_start_offset),
            ErrorCode::OutOfOrderSequenceNumber => self.on_gap(at, &found),
            _ if error.is_retriable() => Verdict::Retry,
            _ => Verdict::Fail,
        }
    }

    /// The broker has forgotten this producer, mostly because retention took its last records.
    fn on_unknown_producer(
        &mut self,
        at: &TopicPartition,
        found: &Outstanding,
        log_start_offset: Option<i64>,
    ) -> Verdict {
        if log_start_offset.is_some() && !found.renumbered {
            self.restart.insert(at.clone());
        }
        Verdict::Retry
    }

    /// The broker expects another number. If a batch before this one is still on its way, that one is
    /// missing and will come; otherwise there is a gap nobody fills.
    fn on_gap(&mut self, at: &TopicPartition, found: &Outstanding) -> Verdict {
        let expected = self.partitions.get(at).is_some_and(|known| known.expects(found.stamp.base_sequence));
        match self.unresolved.get(at) {
            None if found.renumbered || !expected => {}
            Some(next) if *next != found.stamp.base_sequence => {}
            None | Some(_) => {
                self.restart.insert(at.clone());
            }
        }
        Verdict::Retry
    }

    /// A batch is given up.
    pub(super) fn on_failed(&mut self, at: &TopicPartition, batch: u64, fate: Fate) {
        let Some(failed) = self.remove(at, batch) else { return };
        match fate {
            Fate::Refused => {
                self.restart.insert(at.clone());
            }
            Fate::Unknown => {
                let next = add_to_sequence(failed.last_sequence(), 1);
                let known = self.unresolved.entry(at.clone()).or_insert(next);
                *known = (*known).max(next);
            }
        }
    }

    /// Settles what can be settled: unresolved partitions without outstanding batches, then the epoch.
    pub(super) fn settle(&mut self) {
        let settled: Vec<TopicPartition> = self
            .unresolved
            .keys()
            .filter(|at| self.partitions.get(*at).is_none_or(|known| known.outstanding.is_empty()))
            .cloned()
            .collect();
        for at in settled {
            self.unresolved.remove(&at);
            if self.partitions.get(&at).is_some_and(|known| !known.expects(known.next)) {
                self.restart.insert(at);
            }
        }
        let (false, Some(identity)) = (self.restart.is_empty(), self.identity) else { return };
        let raised = identity.epoch.get().checked_add(1).and_then(ProducerEpoch::new);
        self.identity = raised.map(|epoch| Identity { id: identity.id, epoch });
        for at in std::mem::take(&mut self.restart) {
            self.unresolved.remove(&at);
            let partition = self.partitions.entry(at).or_default();
            match self.identity {
                Some(identity) => partition.restart(identity),
                // The epochs are used up; the numbers start over with the next id.
                None => partition.identity = None,
            }
        }
    }
}

#[cfg(test)]
#[path = "sequences_tests.rs"]
mod tests;
