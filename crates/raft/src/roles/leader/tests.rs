//! Tests of the leader's book-keeping.

use klamm_model::{DirectoryId, Uuid};

use super::*;
use crate::replica::VersionRange;
use crate::voter_set::Voter;

const TIMES: LeaderTimes =
    LeaderTimes { check_quorum: Duration::from_secs(3), begin_epoch: Duration::from_secs(1) };

fn ms(millis: u64) -> Instant {
    Instant::from_millis(millis)
}

fn offset(offset: i64) -> Offset {
    Offset::at(offset)
}

fn key(id: i32) -> ReplicaKey {
    let directory = DirectoryId::new(Uuid::from_u128(1_000 + u128::from(id.unsigned_abs())));
    ReplicaKey { id: NodeId::at(id), directory }
}

fn voters(ids: &[i32]) -> VoterSet {
    let kraft_versions = VersionRange { min: 0, max: 1 };
    ids.iter().map(|id| Voter { key: key(*id), endpoints: Endpoints::none(), kraft_versions }).collect()
}

/// Leader 1 of an epoch that begins at 10, among `ids`.
fn leader(ids: &[i32]) -> Leader {
    let mut leader = Leader::new(ms(0), key(1), offset(10), TIMES);
    leader.set_voters(&voters(ids));
    leader.record_local(offset(20));
    leader
}

#[test]
fn high_watermark_is_what_a_majority_has() {
    let mut leader = leader(&[1, 2, 3, 4]);
    leader.record_fetch(ms(1), key(2), offset(15), offset(20));
    assert_eq!(leader.recompute_high_watermark(), None, "two of four are no majority");
    leader.record_fetch(ms(1), key(3), offset(13), offset(20));
    assert_eq!(leader.recompute_high_watermark(), Some(offset(13)));
    leader.record_fetch(ms(2), key(3), offset(18), offset(20));
    assert_eq!(leader.recompute_high_watermark(), Some(offset(15)));
    assert_eq!(leader.recompute_high_watermark(), None, "it is known");
}

#[test]
fn nothing_is_committed_before_a_record_of_the_epoch_is() {
    let mut leader = leader(&[1, 2, 3]);
    leader.record_fetch(ms(1), key(2), offset(10), offset(20));
    assert_eq!(leader.recompute_high_watermark(), None);
    leader.record_fetch(ms(1), key(2), offset(11), offset(20));
    assert_eq!(leader.recompute_high_watermark(), Some(offset(11)));
}

#[test]
fn observers_never_count() {
    let mut leader = leader(&[1, 2, 3]);
    let other_directory = ReplicaKey { directory: key(9).directory, ..key(2) };
    for observer in [key(7), key(8), other_directory] {
        leader.record_fetch(ms(1), observer, offset(20), offset(20));
    }
    assert_eq!(leader.recompute_high_watermark(), None);
    assert_eq!(leader.observer_statuses(ms(1), offset(20), Duration::from_secs(300)).len(), 3);
}

#[test]
fn high_watermark_never_shrinks_when_voters_change() {
    let mut leader = leader(&[1, 2, 3]);
    leader.record_fetch(ms(1), key(2), offset(20), offset(20));
    assert_eq!(leader.recompute_high_watermark(), Some(offset(20)));
    leader.set_voters(&voters(&[1, 2, 3, 4]));
    assert_eq!(leader.recompute_high_watermark(), None);
    assert_eq!(leader.high_watermark(), Some(offset(20)));
}

#[test]
fn progress_is_kept_when_an_observer_becomes_a_voter_and_back() {
    let mut leader = leader(&[1, 2]);
    leader.record_fetch(ms(1), key(3), offset(20), offset(20));
    leader.set_voters(&voters(&[1, 2, 3]));
    assert_eq!(leader.recompute_high_watermark(), Some(offset(20)), "1 and 3 have it");
    leader.set_voters(&voters(&[1, 2]));
    let observers = leader.observer_statuses(ms(1), offset(20), Duration::from_secs(300));
    assert_eq!(
        observers.iter().map(|observer| (observer.key, observer.log_end)).collect::<Vec<_>>(),
        [(key(3), Some(offset(20)))]
    );
}

#[test]
fn a_removed_leader_does_not_count_itself() {
    let mut leader = leader(&[1, 2, 3]);
    leader.set_voters(&voters(&[2, 3]));
    leader.record_fetch(ms(1), key(2), offset(20), offset(20));
    assert_eq!(leader.recompute_high_watermark(), None, "one of two");
    leader.record_fetch(ms(1), key(3), offset(12), offset(20));
    assert_eq!(leader.recompute_high_watermark(), Some(offset(12)));
}

#[test]
fn check_quorum_begins_anew_once_a_majority_has_fetched() {
    let mut leader = leader(&[1, 2, 3, 4, 5]);
    assert_eq!(leader.check_quorum_deadline(), Some(ms(3_000)));
    leader.record_sign_of_life(ms(1_000), key(2));
    leader.record_sign_of_life(ms(1_100), key(2));
    leader.record_sign_of_life(ms(1_200), key(9));
    assert_eq!(leader.check_quorum_deadline(), Some(ms(3_000)), "one of four others");
    leader.record_sign_of_life(ms(2_000), key(3));
    assert_eq!(leader.check_quorum_deadline(), Some(ms(5_000)));
}

#[test]
fn a_leader_that_needs_nobody_never_loses_its_majority() {
    let mut leader = leader(&[1]);
    assert_eq!(leader.check_quorum_deadline(), None);
    leader.set_voters(&voters(&[2]));
    assert!(leader.check_quorum_deadline().is_some(), "removed, it needs the one that is left");
}

#[test]
fn caught_up_is_who_has_what_the_leader_had_at_the_fetch_before() {
    let mut leader = leader(&[1]);
    leader.record_fetch(ms(100), key(5), offset(10), offset(20));
    assert!(!leader.is_caught_up(ms(100), &key(5)));
    leader.record_fetch(ms(200), key(5), offset(20), offset(30));
    let [status] = &leader.observer_statuses(ms(200), offset(30), Duration::from_secs(300))[..] else {
        panic!("one observer")
    };
    assert_eq!(status.last_caught_up, Some(ms(100)), "it had all there was at the fetch before");
    assert_eq!(status.last_fetch, Some(ms(200)));
    assert!(leader.is_caught_up(ms(200), &key(5)));
    assert!(!leader.is_caught_up(ms(4_000_000), &key(5)), "an hour ago is too long");
}

#[test]
fn successors_come_by_the_length_of_their_logs() {
    let mut leader = leader(&[1, 2, 3, 4]);
    leader.record_fetch(ms(1), key(3), offset(18), offset(20));
    leader.record_fetch(ms(1), key(4), offset(12), offset(20));
    assert_eq!(leader.successors(), [key(3), key(4), key(2)]);
}

#[test]
fn silent_voters_are_told_of_the_epoch() {
    let mut leader = leader(&[1, 2, 3]);
    assert_eq!(leader.silent_voters(ms(0)), [key(2), key(3)]);
    leader.record_fetch(ms(500), key(2), offset(12), offset(20));
    assert_eq!(leader.silent_voters(ms(1_000)), [key(3)]);
    assert_eq!(leader.silent_voters(ms(1_500)), [key(2), key(3)]);
}

#[test]
fn silent_observers_are_forgotten_and_their_number_is_bounded() {
    let mut leader = leader(&[1]);
    let many = i32::try_from(MAX_OBSERVERS).expect("it is small") + 10;
    for id in 10..10 + many {
        leader.record_fetch(ms(1), key(id), offset(0), offset(20));
    }
    assert_eq!(leader.observer_statuses(ms(2), offset(20), Duration::from_secs(300)).len(), MAX_OBSERVERS);
    assert_eq!(leader.observer_statuses(ms(400_000), offset(20), Duration::from_secs(300)).len(), 0);
}
