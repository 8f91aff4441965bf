//! Rules of one leadership.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::AcceptedIsr;

const LAG: Duration = Duration::from_millis(1_000);

fn ids(list: &[i32]) -> BTreeSet<BrokerId> {
    list.iter().map(|id| BrokerId::at(*id)).collect()
}

fn active(list: &[i32]) -> ActiveBrokers {
    list.iter().map(|id| (BrokerId::at(*id), BrokerEpoch::at(100))).collect()
}

fn leadership(isr: &[i32], min_isr: u32) -> Leadership {
    Leadership {
        local: BrokerId::at(1),
        epoch: LeaderEpoch::at(3),
        partition_epoch: PartitionEpoch::at(7),
        replicas: vec![BrokerId::at(1), BrokerId::at(2), BrokerId::at(3)],
        isr: ids(isr),
        min_isr,
        lag_max: LAG,
    }
}

fn leader(isr: &[i32]) -> Leader {
    Leader::new(Instant::ZERO, leadership(isr, 1), Offset::at(10), Offset::at(10))
}

fn at(millis: u64) -> Instant {
    Instant::from_millis(millis)
}

fn fetch(follower: i32, offset: i64, leader_end: i64) -> FollowerFetch {
    FollowerFetch {
        follower: BrokerId::at(follower),
        broker_epoch: Some(BrokerEpoch::at(100)),
        offset: Offset::at(offset),
        log_start: None,
        leader_end: Offset::at(leader_end),
    }
}

fn committed(offset: i64) -> Option<Committed> {
    Some(Committed { high_watermark: Offset::at(offset) })
}

fn members(proposal: &IsrProposal) -> BTreeSet<BrokerId> {
    proposal.members.iter().map(|member| member.id).collect()
}

fn accepted(isr: &[i32], partition_epoch: i32) -> IsrAnswer {
    IsrAnswer::Accepted(AcceptedIsr {
        epoch: LeaderEpoch::at(3),
        partition_epoch: PartitionEpoch::at(partition_epoch),
        isr: ids(isr),
    })
}

#[test]
fn alone_in_sync_the_leader_commits_what_it_appends() {
    let moved = leader(&[1]).on_appended(at(0), Offset::at(12), &active(&[1]));
    assert_eq!(moved, committed(12));
}

#[test]
fn the_high_watermark_waits_for_the_slowest_in_sync_replica_and_never_falls() {
    let (mut leader, all) = (leader(&[1, 2]), active(&[1, 2]));
    assert_eq!(leader.on_appended(at(0), Offset::at(12), &all), None);
    assert_eq!(leader.reached(Offset::at(12)), Reached::NotYet);
    let step = leader.on_follower_fetched(at(1), fetch(2, 11, 12), &all).unwrap();
    assert_eq!(step, Step { committed: committed(11), proposal: None });
    let step = leader.on_follower_fetched(at(2), fetch(2, 10, 12), &all).unwrap();
    assert_eq!(step, Step::default());
    assert_eq!(leader.high_watermark(), Offset::at(11));
}

#[test]
fn rule_15_a_smaller_isr_lets_the_high_watermark_advance() {
    let (mut leader, all) = (leader(&[1, 2]), active(&[1, 2]));
    leader.on_appended(at(0), Offset::at(12), &all);
    let smaller = Leadership { partition_epoch: PartitionEpoch::at(8), ..leadership(&[1], 1) };
    assert_eq!(leader.on_partition_changed(at(1), smaller, &all), committed(12));
    assert_eq!(leader.reached(Offset::at(12)), Reached::Enough);
}

#[test]
fn below_min_isr_nothing_more_is_committed_and_what_is_has_too_few_replicas() {
    let all = active(&[1, 2]);
    let mut leader = Leader::new(at(0), leadership(&[1, 2], 2), Offset::at(10), Offset::at(10));
    leader.on_appended(at(0), Offset::at(12), &all);
    leader.on_follower_fetched(at(0), fetch(2, 11, 12), &all).unwrap();
    let smaller = Leadership { partition_epoch: PartitionEpoch::at(8), ..leadership(&[1], 2) };
    assert_eq!(leader.on_partition_changed(at(1), smaller, &all), None);
    assert!(!leader.has_min_isr());
    assert_eq!(leader.reached(Offset::at(12)), Reached::NotYet);
    assert_eq!(leader.reached(Offset::at(11)), Reached::TooFewReplicas);
}

#[test]
fn rule_34_an_older_partition_epoch_changes_nothing() {
    let (mut leader, all) = (leader(&[1, 2]), active(&[1, 2]));
    leader.on_appended(at(0), Offset::at(12), &all);
    assert_eq!(leader.on_partition_changed(at(0), leadership(&[1], 1), &all), None);
    assert_eq!(leader.leadership().isr.len(), 2);
}

#[test]
fn rule_3_a_follower_joins_once_it_has_all_committed_and_all_of_earlier_leaders() {
    let all = active(&[1, 2]);
    // The high watermark is behind the start of the epoch, as after an election.
    let mut leader = Leader::new(at(0), leadership(&[1], 1), Offset::at(10), Offset::at(5));
    let step = leader.on_follower_fetched(at(0), fetch(2, 9, 10), &all).unwrap();
    assert_eq!(step.proposal, None);
    let step = leader.on_follower_fetched(at(1), fetch(2, 10, 10), &all).unwrap();
    let proposal = step.proposal.unwrap();
    assert_eq!(members(&proposal), ids(&[1, 2]));
    assert_eq!(proposal.members[1].epoch, Some(BrokerEpoch::at(100)));
    assert_eq!(proposal.members[0].epoch, None);
}

#[test]
fn a_replica_that_is_being_added_holds_the_high_watermark() {
    let (mut leader, all) = (leader(&[1]), active(&[1, 2]));
    let step = leader.on_follower_fetched(at(0), fetch(2, 10, 10), &all).unwrap();
    let proposal = step.proposal.unwrap();
    // Even if it lags by the time: the controller may have added it.
    assert_eq!(leader.on_appended(at(5_000), Offset::at(12), &all), None);
    let answer = (&proposal, accepted(&[1, 2], 8));
    assert_eq!(leader.on_isr_answer(at(5_000), answer, &all), None);
    assert_eq!(leader.leadership().isr, ids(&[1, 2]));
    let step = leader.on_follower_fetched(at(5_001), fetch(2, 12, 12), &all).unwrap();
    assert_eq!(step.committed, committed(12));
}

#[test]
fn rule_16_replicas_that_may_not_join_do_not_hold_the_high_watermark() {
    let mut leader = leader(&[1]);
    let without = active(&[1]);
    let step = leader.on_follower_fetched(at(0), fetch(2, 10, 10), &without).unwrap();
    assert_eq!(step.proposal, None);
    assert_eq!(leader.on_appended(at(1), Offset::at(12), &without), committed(12));
}

#[test]
fn a_caught_up_replica_that_may_join_holds_the_high_watermark() {
    let (mut leader, all) = (leader(&[1, 3]), active(&[1, 2, 3]));
    // A proposal about 2 is under way, so that none can be made about 3.
    let proposal = leader.on_follower_fetched(at(0), fetch(2, 10, 10), &all).unwrap().proposal.unwrap();
    leader.on_isr_answer(at(0), (&proposal, IsrAnswer::Dropped), &all);
    leader.on_appended(at(1), Offset::at(12), &all);
    let step = leader.on_follower_fetched(at(1), fetch(3, 12, 12), &all).unwrap();
    assert_eq!(step.committed, None);
    // Once it lags it does no longer.
    assert_eq!(leader.on_lag_check(at(1_500), &all).committed, committed(12));
}

#[test]
fn rule_14_a_follower_of_another_incarnation_than_the_registered_one_does_not_join() {
    let mut leader = leader(&[1]);
    let newer: ActiveBrokers = [(BrokerId::at(2), BrokerEpoch::at(101))].into_iter().collect();
    let step = leader.on_follower_fetched(at(0), fetch(2, 10, 10), &newer).unwrap();
    assert_eq!(step.proposal, None);
}

#[test]
fn a_fetch_of_an_older_incarnation_is_refused() {
    let (mut leader, all) = (leader(&[1, 2]), active(&[1, 2]));
    leader.on_follower_fetched(at(0), fetch(2, 10, 10), &all).unwrap();
    let older = FollowerFetch { broker_epoch: Some(BrokerEpoch::at(99)), ..fetch(2, 10, 10) };
    let refused = leader.on_follower_fetched(at(1), older, &all);
    assert_eq!(refused, Err(FollowerRefusal::StaleBrokerEpoch));
    let stranger = leader.on_follower_fetched(at(1), fetch(9, 10, 10), &all);
    assert_eq!(stranger, Err(FollowerRefusal::UnknownReplica));
}

#[test]
fn a_claim_of_an_incarnation_that_nobody_registered_counts_for_nothing() {
    let (mut leader, all) = (leader(&[1, 2]), active(&[1, 2]));
    leader.on_appended(at(0), Offset::at(12), &all);
    let claim = FollowerFetch { broker_epoch: Some(BrokerEpoch::at(i64::MAX)), ..fetch(2, 12, 12) };
    let refused = leader.on_follower_fetched(at(1), claim, &all);
    assert_eq!(refused, Err(FollowerRefusal::UnknownIncarnation));
    assert_eq!(leader.high_watermark(), Offset::at(10));
    // While the broker is fenced nobody can tell; who is registered in the end is heard whatever was claimed.
    leader.on_follower_fetched(at(2), claim, &active(&[1])).unwrap();
    let step = leader.on_follower_fetched(at(3), fetch(2, 12, 12), &all).unwrap();
    assert_eq!((step.committed, leader.high_watermark()), (None, Offset::at(12)));
}

#[test]
fn members_that_lag_longer_than_allowed_leave_with_one_proposal_at_a_time() {
    let (mut leader, all) = (leader(&[1, 2, 3]), active(&[1, 2, 3]));
    leader.on_appended(at(0), Offset::at(12), &all);
    leader.on_follower_fetched(at(900), fetch(3, 12, 12), &all).unwrap();
    assert_eq!(leader.on_lag_check(at(1_000), &all).proposal, None);
    let proposal = leader.on_lag_check(at(1_001), &all).proposal.unwrap();
    assert_eq!(members(&proposal), ids(&[1, 3]));
    // Until the controller has answered, 2 holds the high watermark and nothing else is proposed.
    assert_eq!(leader.high_watermark(), Offset::at(10));
    assert_eq!(leader.on_lag_check(at(9_000), &all).proposal, None);
    let answer = (&proposal, accepted(&[1, 3], 8));
    assert_eq!(leader.on_isr_answer(at(1_100), answer, &all), committed(12));
}

#[test]
fn an_outdated_proposal_waits_for_the_image_and_a_dropped_one_is_made_anew() {
    let (mut leader, all) = (leader(&[1]), active(&[1, 2]));
    let proposal = leader.on_follower_fetched(at(0), fetch(2, 10, 10), &all).unwrap().proposal.unwrap();
    leader.on_isr_answer(at(1), (&proposal, IsrAnswer::Outdated), &all);
    assert_eq!(leader.on_follower_fetched(at(2), fetch(2, 10, 10), &all).unwrap().proposal, None);
    let newer = Leadership { partition_epoch: PartitionEpoch::at(9), ..leadership(&[1], 1) };
    leader.on_partition_changed(at(3), newer, &all);
    let again = leader.on_follower_fetched(at(4), fetch(2, 10, 10), &all).unwrap().proposal.unwrap();
    assert_eq!(again.partition_epoch, PartitionEpoch::at(9));
    // An answer to the former proposal means nothing.
    leader.on_isr_answer(at(5), (&proposal, IsrAnswer::Dropped), &all);
    assert_eq!(leader.on_follower_fetched(at(6), fetch(2, 10, 10), &all).unwrap().proposal, None);
    leader.on_isr_answer(at(7), (&again, IsrAnswer::Dropped), &all);
    assert!(leader.on_follower_fetched(at(8), fetch(2, 10, 10), &all).unwrap().proposal.is_some());
}

#[test]
fn a_follower_that_has_not_fetched_in_this_leadership_holds_the_high_watermark() {
    let (mut leader, all) = (leader(&[1, 2]), active(&[1, 2]));
    assert_eq!(leader.on_appended(at(0), Offset::at(11), &all), None);
    let step = leader.on_follower_fetched(at(0), fetch(2, 11, 11), &all).unwrap();
    assert_eq!(step.committed, committed(11));
}
