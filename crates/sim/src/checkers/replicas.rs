//! Replicas of partitions: one leader in an epoch, who has all that was committed before; committed records that are
//! the same on every replica that knows of them; in-sync and eligible replicas that have them all; acknowledgements
//! that `min.insync.replicas` can vouch for; a leader's high watermark that never falls.

use std::collections::{BTreeMap, BTreeSet};

use klamm_metadata::image::Partition;
use klamm_model::{LeaderEpoch, Offset, PartitionEpoch, TopicIdPartition};
use klamm_protocol::records::Batches;

use super::must;

/// What a machine has of a partition, in its page cache at least.
#[derive(Clone, Copy, Debug)]
struct Held {
    end: Offset,
    /// The machine has lost power since: nobody has looked yet what is left.
    is_lost: bool,
}

#[derive(Debug, Default)]
struct Replicated {
    held: BTreeMap<i32, Held>,
    /// Leader epoch, checksum and end of each committed batch, by base offset.
    batches: BTreeMap<Offset, (i32, u32, Offset)>,
    /// The highest high watermark of a leader.
    committed: Offset,
    leaders: BTreeMap<LeaderEpoch, i32>,
    /// In sync or eligible to lead, as registered last.
    eligible: BTreeSet<i32>,
    partition_epoch: Option<PartitionEpoch>,
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Replicas {
    partitions: BTreeMap<TopicIdPartition, Replicated>,
}

impl Replicas {
    /// A partition's registration, as some node's image has it.
    pub(crate) fn registered(&mut self, id: TopicIdPartition, partition: &Partition) {
        let known = self.partitions.entry(id).or_default();
        if known.partition_epoch >= Some(partition.partition_epoch()) {
            return;
        }
        known.partition_epoch = Some(partition.partition_epoch());
        known.held.retain(|node, _| partition.replicas().iter().any(|id| id.get() == *node));
        known.eligible = partition.isr().iter().chain(partition.elr()).map(|id| id.get()).collect();
        known.check_members(id);
    }

    /// The log of `node` ends at `end`.
    pub(crate) fn holds(&mut self, id: TopicIdPartition, node: i32, end: Offset) {
        let known = self.partitions.entry(id).or_default();
        known.held.insert(node, Held { end, is_lost: false });
        known.check_member(id, node);
    }

    /// `node` leads in `epoch`.
    pub(crate) fn leads(&mut self, id: TopicIdPartition, node: i32, epoch: LeaderEpoch) {
        let known = self.partitions.entry(id).or_default();
        let leader = *known.leaders.entry(epoch).or_insert(node);
        must!(leader == node, "one-leader", "nodes {leader} and {node} lead epoch {epoch} of {id:?}");
    }

    /// The leadership of `node` in `epoch` begins with a log that ends at `start`.
    pub(crate) fn begins(&self, id: TopicIdPartition, (node, epoch): (i32, LeaderEpoch), start: Offset) {
        let committed = self.partitions.get(&id).map_or(Offset::ZERO, |known| known.committed);
        must!(
            start >= committed,
            "leader-complete",
            "node {node} begins to lead epoch {epoch} of {id:?} at {start}; {committed} is committed"
        );
    }

    /// The leader of `epoch` says that everything below `high_watermark` is committed; before it said `last`.
    pub(crate) fn leader_committed(
        &mut self,
        id: TopicIdPartition,
        (node, epoch): (i32, LeaderEpoch),
        (last, high_watermark): (Offset, Offset),
    ) {
        must!(
            high_watermark >= last,
            "partition-high-watermark",
            "the leader {node} of epoch {epoch} of {id:?} says {high_watermark} after {last}"
        );
        let known = self.partitions.entry(id).or_default();
        known.committed = known.committed.max(high_watermark);
        known.check_members(id);
    }

    /// `node` holds these committed batches; the offset after the last of those that end below `below`.
    pub(crate) fn compare(
        &mut self,
        id: TopicIdPartition,
        node: i32,
        (bytes, below): (&[u8], Offset),
    ) -> Option<Offset> {
        let known = self.partitions.entry(id).or_default();
        let mut next = None;
        for batch in Batches::new(bytes).map_while(Result::ok) {
            let header = batch.header();
            if header.next_offset() > below {
                break;
            }
            let epoch = header.leader_epoch().map_or(-1, LeaderEpoch::get);
            let fact = (epoch, header.crc(), header.next_offset());
            let base = header.base_offset();
            let before = *known.batches.entry(base).or_insert(fact);
            must!(
                before == fact,
                "committed-records",
                "node {node} has {fact:?} at {base} of {id:?}, where {before:?} was committed"
            );
            next = Some(header.next_offset());
        }
        next
    }

    /// Records up to `end` are acknowledged: `least` replicas must have had them.
    pub(crate) fn acknowledged(&self, id: TopicIdPartition, end: Offset, least: usize) {
        let held = self.partitions.get(&id).map(|known| &known.held);
        let count = held.map_or(0, |held| held.values().filter(|held| held.end >= end).count());
        must!(
            count >= least,
            "min-isr",
            "records up to {end} of {id:?} are acknowledged and on {count} of at least {least} replicas: {held:?}"
        );
    }

    /// `node` has lost what was not on its medium. Where power cuts may take what was committed and not acknowledged,
    /// `acknowledged` says what must be left.
    pub(crate) fn power_cut(&mut self, node: i32, acknowledged: Option<&dyn Fn(TopicIdPartition) -> Offset>) {
        for (id, known) in &mut self.partitions {
            let Some(held) = known.held.get_mut(&node) else { continue };
            held.is_lost = true;
            if let Some(acknowledged) = acknowledged {
                known.committed = acknowledged(*id);
                known.batches.clear();
            }
        }
    }
}

impl Replicated {
    fn check_members(&self, id: TopicIdPartition) {
        for node in &self.eligible {
            self.check_member(id, *node);
        }
    }

    fn check_member(&self, id: TopicIdPartition, node: i32) {
        if !self.eligible.contains(&node) {
            return;
        }
        let (committed, held) = (self.committed, self.held.get(&node));
        must!(
            held.is_none_or(|held| held.is_lost || held.end >= committed),
            "isr-has-committed",
            "node {node} may lead {id:?} and has {held:?} of {committed} committed; registered: {:?}",
            self.eligible
        );
    }
}
