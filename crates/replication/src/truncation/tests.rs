//! Rules of truncation, and logs that always agree in the end.

use klamm_logstate::EpochEntry;
use klamm_model::LeaderEpoch;
use proptest::prelude::*;

use super::*;

fn history(entries: &[(i32, i64)]) -> EpochHistory {
    let entry = |(epoch, start): &(i32, i64)| EpochEntry {
        epoch: LeaderEpoch::at(*epoch),
        start_offset: Offset::at(*start),
    };
    EpochHistory::from_entries(entries.iter().map(entry))
}

fn end(epoch: i32, offset: i64) -> OffsetAndEpoch {
    OffsetAndEpoch { epoch: LeaderEpoch::at(epoch), offset: Offset::at(offset) }
}

#[test]
fn rule_1_only_the_end_of_a_leader_epoch_decides_where_to_truncate() {
    let own = history(&[(0, 0), (2, 10)]);
    assert_eq!(plan_truncation(end(2, 15), &own, Offset::at(20)), Offset::at(15));
    assert_eq!(plan_truncation(end(2, 25), &own, Offset::at(20)), Offset::at(20));
    assert_eq!(plan_truncation(end(0, 5), &own, Offset::at(20)), Offset::at(5));
}

#[test]
fn rule_6_epoch_0_is_an_epoch() {
    let own = history(&[(0, 0)]);
    assert_eq!(plan_truncation(end(0, 3), &own, Offset::at(9)), Offset::at(3));
}

#[test]
fn rule_26_the_cut_is_to_the_intersection_of_both_histories() {
    // The leader has epoch 3, which the follower has not; it has 2 up to 10.
    let own = history(&[(0, 0), (2, 5), (4, 10)]);
    assert_eq!(plan_truncation(end(3, 18), &own, Offset::at(20)), Offset::at(10));
}

#[test]
fn a_follower_without_an_epoch_that_old_takes_the_leaders_word() {
    let own = history(&[(5, 10)]);
    assert_eq!(plan_truncation(end(3, 4), &own, Offset::at(20)), Offset::at(4));
    assert_eq!(plan_truncation(end(3, 4), &history(&[]), Offset::at(20)), Offset::at(4));
}

#[test]
fn out_of_range_follows_the_leader() {
    let at = Offset::at;
    assert_eq!(plan_out_of_range(at(10), at(0), at(7)), Reconciled::CutTo(at(7)));
    assert_eq!(plan_out_of_range(at(10), at(12), at(20)), Reconciled::StartAt(at(12)));
    assert_eq!(plan_out_of_range(at(10), at(10), at(20)), Reconciled::GoOn);
}

/// A log as the epochs of its records.
fn log_of(epochs: &[i32]) -> EpochHistory {
    let mut history = EpochHistory::new();
    for (offset, epoch) in (0..).zip(epochs) {
        history.assign(LeaderEpoch::at(*epoch), Offset::at(offset));
    }
    history
}

fn len(log: &[i32]) -> Offset {
    Offset::at(i64::try_from(log.len()).unwrap_or(0))
}

/// The leader's word on a fetch, as the fetch handler gives it.
fn diverging(leader: &[i32], fetch: Offset, last: Option<LeaderEpoch>) -> Option<OffsetAndEpoch> {
    let last = last?;
    let found = log_of(leader).end_offset_for(last, len(leader))?;
    (found.epoch < last || found.offset < fetch).then_some(found)
}

proptest! {
    /// Records of one epoch are written by one leader, so two logs that agree on (epoch, offset) agree below it.
    /// Whatever the histories, a follower ends as a prefix of its leader, and keeps all they have in common.
    #[test]
    fn rounds_of_fetch_and_cut_leave_just_what_both_have(
        common in prop::collection::vec(0..4_i32, 0..8),
        mine in prop::collection::vec(0..4_i32, 0..6),
        theirs in prop::collection::vec(0..4_i32, 0..6),
    ) {
        // Odd epochs were led by the follower, even ones by the leader: tails never share an epoch.
        let mut common = common;
        common.sort_unstable();
        let base = common.last().copied().unwrap_or(0) + 1;
        let tail = |steps: Vec<i32>, parity: i32| {
            let mut steps: Vec<i32> = steps.into_iter().map(|step| (base + step) * 2 + parity).collect();
            steps.sort_unstable();
            steps
        };
        let mut follower = common.clone();
        follower.extend(tail(mine, 1));
        let mut leader = common.clone();
        leader.extend(tail(theirs, 0));
        // The elected leader's epoch is the highest.
        leader.push(1_000);
        let mut rounds = 0;
        while let Some(end) = diverging(&leader, len(&follower), log_of(&follower).latest_epoch()) {
            let cut = plan_truncation(end, &log_of(&follower), len(&follower));
            prop_assert!(cut < len(&follower), "no progress at {cut} of {follower:?} under {leader:?}");
            follower.truncate(usize::try_from(cut.get()).unwrap_or(0));
            rounds += 1;
            prop_assert!(rounds < 20);
        }
        prop_assert_eq!(&follower[..], &leader[..follower.len()]);
        prop_assert!(follower.len() >= common.len(), "{:?} of {:?}", follower, common);
    }
}
