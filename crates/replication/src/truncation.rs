//! Where a follower cuts its log, so that it is a prefix of its leader's (KIP-101, KIP-279, KIP-595; Kafka:
//! AbstractFetcherThread).

use klamm_logstate::EpochHistory;
use klamm_model::{Offset, OffsetAndEpoch};

/// How a follower goes on whose fetch was out of its leader's range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reconciled {
    /// Cut to this offset, which is the leader's end: an unclean election lost the rest.
    CutTo(Offset),
    /// Dropped whole, to go on at the leader's start, which lies behind everything here.
    StartAt(Offset),
    /// As it is: what was out of range is in range by now.
    GoOn,
}

/// The offset to cut to after a leader said where the logs part: `leader` is the largest epoch it has that is not
/// above the follower's last one, with its end there.
///
/// 1. Both know the epoch: to where it ends first.
/// 2. The follower does not know it: to the end of the largest epoch below; the next fetch tells whether that
///    is enough (KIP-279). Both histories count: what is kept lies within each of them.
/// 3. The follower knows no epoch that old: to where its own first one begins, or to the leader's end if it knows none.
///
/// Never above `log_end`; never by a high watermark, which may lag behind what was acknowledged (KIP-101).
pub fn plan_truncation(leader: OffsetAndEpoch, own: &EpochHistory, log_end: Offset) -> Offset {
    let cut = match own.end_offset_for(leader.epoch, log_end) {
        Some(end) if end.epoch == leader.epoch => end.offset.min(leader.offset),
        Some(end) => end.offset,
        None => leader.offset,
    };
    cut.min(log_end)
}

/// How to go on when the leader's log ranges from `leader_start` to `leader_end` and this one ends at `log_end`.
pub fn plan_out_of_range(log_end: Offset, leader_start: Offset, leader_end: Offset) -> Reconciled {
    if leader_end < log_end {
        Reconciled::CutTo(leader_end)
    } else if leader_start > log_end {
        Reconciled::StartAt(leader_start)
    } else {
        Reconciled::GoOn
    }
}

#[cfg(test)]
mod tests;
