//! Elections of the quorum: at most one leader per epoch, epochs that never go back, one vote per
//! epoch, a high watermark that only grows (Kafka's SingleLeader, MonotonicEpoch,
//! MonotonicHighWatermark, MajorityReachedHighWatermark).

use std::collections::BTreeMap;

use klamm_model::{LeaderEpoch, Offset};
use klamm_storage::state::QuorumState;

use super::must;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Quorums {
    leaders: BTreeMap<LeaderEpoch, i32>,
    /// What each node's `quorum-state` said last.
    stored: BTreeMap<i32, QuorumState>,
    leader_high_watermark: (LeaderEpoch, Offset),
    is_disk_lost: bool,
}

impl Quorums {
    /// `node` leads `epoch`.
    pub(crate) fn leads(&mut self, node: i32, epoch: LeaderEpoch) {
        let leader = *self.leaders.entry(epoch).or_insert(node);
        must!(leader == node, "single-leader", "nodes {leader} and {node} lead epoch {epoch}");
    }

    /// `quorum-state` of `node` is written.
    pub(crate) fn stored(&mut self, node: i32, state: &QuorumState) {
        if let Some(leader) = state.leader_id {
            self.leads(leader.get(), state.leader_epoch);
        }
        if let Some(before) = self.stored.insert(node, state.clone()) {
            let (was, is) = (before.leader_epoch, state.leader_epoch);
            must!(was <= is, "monotonic-epoch", "node {node} went from epoch {was} back to {is}");
            let changed =
                was == is && before.voted.is_some() && state.voted.is_some_and(|to| Some(to) != before.voted);
            must!(!changed, "one-vote", "node {node} votes twice in epoch {is}");
        }
    }

    /// A voter forgot its votes and its log: what rests on them cannot be asked any more.
    pub(crate) fn disk_was_lost(&mut self, node: i32) {
        self.forget(node);
        self.is_disk_lost = true;
    }

    /// A new disk knows nothing of the old one's votes.
    pub(crate) fn forget(&mut self, node: i32) {
        self.stored.remove(&node);
    }

    /// The leader of `epoch` committed everything below `high_watermark`, which `synced` of `voters`
    /// have on disk.
    pub(crate) fn leader_committed(
        &mut self,
        epoch: LeaderEpoch,
        high_watermark: Offset,
        (synced, voters): (usize, usize),
    ) {
        let (last_epoch, last) = self.leader_high_watermark;
        if epoch >= last_epoch {
            must!(
                high_watermark >= last,
                "monotonic-high-watermark",
                "the leader of epoch {epoch} says {high_watermark}, the one of {last_epoch} said {last}"
            );
            self.leader_high_watermark = (epoch, high_watermark);
        }
        must!(
            self.is_disk_lost || synced > voters / 2,
            "majority",
            "only {synced} of {voters} voters have what is below the high watermark {high_watermark} on disk"
        );
    }
}
