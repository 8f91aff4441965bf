//! The follower: fetches, appends, cuts, loads snapshots.

use super::*;

/// Answers the fetch under way; the effects.
fn fetched(quorum: &mut Quorum, now: Instant, high_watermark: Option<i64>, outcome: FetchOutcome) -> Effects {
    let response = FetchResponse {
        error: None,
        hint: hint(2, 5),
        high_watermark: high_watermark.map(offset),
        log_start: offset(0),
        outcome,
    };
    answer(quorum, now, LEADER, Response::Fetch(response))
}

const LEADER: PeerId = PeerId::Node(NodeId::at(2));

fn received(from: i64) -> FetchOutcome {
    FetchOutcome::Records { from: offset(from), bytes: FetchedBytes::Received(vec![1, 2, 3].into()) }
}

#[test]
fn rule_28_what_was_fetched_is_durable_before_the_next_fetch_counts_it() {
    let mut quorum = following(10);
    let effects = fetched(&mut quorum, ms(10), Some(12), received(10));
    let records = vec![1, 2, 3].into();
    assert_eq!(effects, [Effect::AppendFetched { epoch: epoch(5), records }]);

    let appended = Appended {
        log_end: offset(15),
        epochs: vec![klamm_logstate::EpochEntry { epoch: epoch(5), start_offset: offset(10) }],
        controls: Vec::new(),
    };
    assert_eq!(
        run(|e| quorum.on_appended(ms(10), appended, e)),
        [Effect::FlushLog { token: FlushToken(1) }, Effect::AdvanceHighWatermark { offset: offset(12) }]
    );
    let effects = run(|e| quorum.on_flushed(ms(20), FlushToken(1), e));
    let (_, _, RequestBody::Fetch(next)) = sent(&effects) else { panic!("{effects:?}") };
    assert_eq!((next.position, next.high_watermark), (Some(at(15, 5)), Some(offset(12))));
}

#[test]
fn a_broker_does_not_flush_what_counts_for_nobody() {
    let mut begin = start(9, &[1, 2, 3]);
    begin.local.eligibility = VoterEligibility::BrokerOnly;
    begin.local.endpoints = Endpoints::none();
    begin.election = Some(stored(5, Some(2), None, &[1, 2, 3]));
    let mut quorum = Quorum::new(begin).unwrap();
    run(|e| quorum.on_start(ms(0), e));
    fetched(&mut quorum, ms(10), None, received(0));
    let effects =
        run(|e| quorum.on_appended(ms(10), Appended { log_end: offset(5), ..Appended::default() }, e));
    assert!(matches!(effects[..], [Effect::SendRequest { .. }]), "it fetches on at once: {effects:?}");
}

#[test]
fn rule_7_the_high_watermark_is_at_most_the_own_log_end() {
    let mut quorum = following(10);
    fetched(&mut quorum, ms(10), Some(99), received(10));
    let effects =
        run(|e| quorum.on_appended(ms(10), Appended { log_end: offset(15), ..Appended::default() }, e));
    assert!(effects.contains(&Effect::AdvanceHighWatermark { offset: offset(15) }));
}

#[test]
fn rule_12_an_empty_answer_changes_only_the_high_watermark() {
    let mut quorum = following(10);
    let log = quorum.log().clone();
    let effects = fetched(&mut quorum, ms(10), Some(8), FetchOutcome::Empty);
    assert_eq!(effects[0], Effect::AdvanceHighWatermark { offset: offset(8) });
    let (_, _, RequestBody::Fetch(next)) = sent(&effects) else { panic!("{effects:?}") };
    assert_eq!(next.position, Some(at(10, 4)));
    assert_eq!(*quorum.log(), log);
}

#[test]
fn rule_33_a_bad_batch_is_not_asked_for_again_at_once() {
    let mut quorum = following(10);
    fetched(&mut quorum, ms(10), None, received(10));
    let effects =
        run(|e| quorum.on_appended(ms(10), Appended { log_end: offset(10), ..Appended::default() }, e));
    let (peer, _, _) = sent(&effects);
    assert!(matches!(peer, PeerId::Bootstrap(_)), "others are asked while the leader's line pauses");
}

#[test]
fn rule_38_a_follower_cuts_to_the_end_of_the_last_common_epoch() {
    let mut quorum = following(10);
    let effects = fetched(&mut quorum, ms(10), Some(9), FetchOutcome::Diverging(at(6, 4)));
    let Effect::TruncateTo(cut) = effects[0] else { panic!("{effects:?}") };
    assert_eq!(cut.log_end(), offset(6));
    let (_, _, RequestBody::Fetch(next)) = sent(&effects) else { panic!("{effects:?}") };
    assert_eq!(next.position, Some(at(6, 4)), "and fetches on from there");
    assert_eq!(quorum.view().high_watermark, None, "its high watermark waits for records that follow");
}

#[test]
fn rule_27_a_cut_below_the_high_watermark_is_refused_and_reported() {
    let mut quorum = following(10);
    fetched(&mut quorum, ms(10), Some(8), FetchOutcome::Empty);
    let effects = fetched(&mut quorum, ms(20), Some(8), FetchOutcome::Diverging(at(6, 4)));
    let violation = Violation::CutOfCommitted { asked: at(6, 4), committed: offset(8) };
    assert_eq!(effects[0], Effect::Report(violation));
    assert_eq!(quorum.log().log_end, offset(10));
}

#[test]
fn voters_are_in_force_as_soon_as_they_are_in_the_log_and_a_cut_undoes_them() {
    let mut quorum = following(10);
    fetched(&mut quorum, ms(10), None, received(10));
    let controls = vec![(offset(10), ControlRecord::Voters(voters(&[1, 2, 3, 4])))];
    let appended = Appended { log_end: offset(11), controls, ..Appended::default() };
    run(|e| quorum.on_appended(ms(10), appended, e));
    assert_eq!(quorum.view().voters, voters(&[1, 2, 3, 4]));
    run(|e| quorum.on_flushed(ms(20), FlushToken(1), e));
    fetched(&mut quorum, ms(30), None, FetchOutcome::Diverging(at(10, 4)));
    assert_eq!(quorum.view().voters, voters(&[1, 2, 3]));
}

fn slice(id: OffsetAndEpoch, position: u64, bytes: &[u8]) -> Response {
    let bytes = FetchedBytes::Received(bytes.to_vec().into());
    let slice = Some(SnapshotSlice { id, size: 5, position, bytes });
    Response::FetchSnapshot(FetchSnapshotResponse { error: None, hint: hint(2, 5), slice })
}

#[test]
fn a_snapshot_is_fetched_in_slices_and_replaces_the_log() {
    let mut quorum = following(10);
    let effects = fetched(&mut quorum, ms(10), Some(50), FetchOutcome::Snapshot(at(40, 5)));
    let (_, _, RequestBody::FetchSnapshot(first)) = sent(&effects) else { panic!("{effects:?}") };
    assert_eq!((first.snapshot, first.position), (Some(at(40, 5)), Some(0)));

    let effects = answer(&mut quorum, ms(20), LEADER, slice(at(40, 5), 0, &[1, 2]));
    let write = |position, bytes: &[u8]| Effect::WriteSnapshotSlice {
        id: at(40, 5),
        position,
        bytes: bytes.to_vec().into(),
    };
    assert_eq!(effects[0], write(0, &[1, 2]));
    let (_, _, RequestBody::FetchSnapshot(second)) = sent(&effects) else { panic!("{effects:?}") };
    assert_eq!(second.position, Some(2));

    let effects = answer(&mut quorum, ms(30), LEADER, slice(at(40, 5), 2, &[3, 4, 5]));
    assert_eq!(effects, [write(2, &[3, 4, 5]), Effect::InstallSnapshot { id: at(40, 5) }]);

    let facts = SnapshotFacts { id: at(40, 5), size: 5 };
    let controls =
        [ControlRecord::KraftVersion(KraftVersion::Dynamic), ControlRecord::Voters(voters(&[1, 2]))];
    let effects = run(|e| quorum.on_snapshot_installed(ms(40), facts, &controls, e));
    assert_eq!(
        effects[..2],
        [Effect::AdvanceHighWatermark { offset: offset(40) }, Effect::LoadSnapshot { id: at(40, 5) }]
    );
    let (_, _, RequestBody::Fetch(next)) = sent(&effects) else { panic!("{effects:?}") };
    assert_eq!(next.position, Some(at(40, 5)));
    assert_eq!(quorum.view().voters, voters(&[1, 2]));
    assert_eq!((quorum.log().log_start, quorum.log().log_end), (offset(40), offset(40)));
}

#[test]
fn a_slice_that_was_not_asked_for_discards_the_download() {
    for wrong in [slice(at(41, 5), 2, &[1]), slice(at(40, 5), 1, &[1]), slice(at(40, 5), 2, &[0; 9])] {
        let mut quorum = following(10);
        fetched(&mut quorum, ms(10), None, FetchOutcome::Snapshot(at(40, 5)));
        answer(&mut quorum, ms(20), LEADER, slice(at(40, 5), 0, &[1, 2]));
        let effects = answer(&mut quorum, ms(30), LEADER, wrong);
        let peer = LEADER;
        assert_eq!(
            effects[..2],
            [
                Effect::DiscardSnapshot { id: at(40, 5) },
                Effect::Report(Violation::WrongSlice { peer, id: at(40, 5) })
            ]
        );
    }
}

#[test]
fn a_snapshot_the_leader_dropped_meanwhile_is_asked_for_anew() {
    let mut quorum = following(10);
    fetched(&mut quorum, ms(10), None, FetchOutcome::Snapshot(at(40, 5)));
    let gone =
        FetchSnapshotResponse { error: Some(RaftError::SnapshotNotFound), hint: hint(2, 5), slice: None };
    let effects = answer(&mut quorum, ms(20), LEADER, Response::FetchSnapshot(gone));
    assert!(matches!(sent(&effects).2, RequestBody::Fetch(_)));
}

#[test]
fn rule_27_a_snapshot_older_than_the_high_watermark_is_refused() {
    let mut quorum = following(10);
    fetched(&mut quorum, ms(10), Some(8), FetchOutcome::Empty);
    let effects = fetched(&mut quorum, ms(20), None, FetchOutcome::Snapshot(at(7, 9)));
    let violation = Violation::CutOfCommitted { asked: at(7, 9), committed: offset(8) };
    assert_eq!(effects[0], Effect::Report(violation));
}

#[test]
fn a_higher_epoch_ends_a_download() {
    let mut quorum = following(10);
    fetched(&mut quorum, ms(10), None, FetchOutcome::Snapshot(at(40, 5)));
    answer(&mut quorum, ms(20), LEADER, slice(at(40, 5), 0, &[1, 2]));
    let begin = BeginQuorumEpochRequest {
        voter: Some(key(1)),
        leader: Some(node(3)),
        epoch: Some(epoch(6)),
        endpoints: endpoints(3),
    };
    let effects = ask(&mut quorum, ms(30), RequestBody::BeginQuorumEpoch(begin));
    let effects = persist(&mut quorum, effects);
    assert!(effects.contains(&Effect::DiscardSnapshot { id: at(40, 5) }));
}

#[test]
fn rule_38_a_leader_that_moved_is_asked_where_it_says() {
    let mut quorum = following(10);
    let moved = Endpoints::single(listener(), HostPort::new("elsewhere", 1));
    let begin = BeginQuorumEpochRequest {
        voter: Some(key(1)),
        leader: Some(node(2)),
        epoch: Some(epoch(5)),
        endpoints: moved.clone(),
    };
    let patience = quorum.next_deadline();
    let effects = ask(&mut quorum, ms(10), RequestBody::BeginQuorumEpoch(begin));
    assert_eq!(
        effects[0],
        Effect::LeaderChanged { epoch: epoch(5), leader: Some(node(2)), endpoints: moved }
    );
    let Some(Effect::SendRequest { to, .. }) = effects.last() else { panic!("{effects:?}") };
    assert_eq!(to.address, HostPort::new("elsewhere", 1));
    assert_eq!(quorum.next_deadline(), patience, "its patience with the leader does not begin anew");
}
