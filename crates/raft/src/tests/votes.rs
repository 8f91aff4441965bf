//! Elections: who votes for whom, and what must be durable first.

use super::*;

fn vote(candidate: i32, of_epoch: i32, last: OffsetAndEpoch, kind: VoteKind) -> RequestBody {
    RequestBody::Vote(VoteRequest {
        voter: Some(key(1)),
        candidate: Some(key(candidate)),
        epoch: Some(epoch(of_epoch)),
        last: Some(last),
        kind,
    })
}

fn granted(quorum: &mut Quorum, body: RequestBody) -> bool {
    match reply_to(quorum, ms(10), body) {
        Response::Vote(VoteResponse { error: None, granted, .. }) => granted,
        other => panic!("{other:?}"),
    }
}

#[test]
fn rule_28_a_vote_is_durable_before_it_is_given() {
    let mut quorum = unattached();
    let effects = ask(&mut quorum, ms(10), vote(2, 3, at(0, 0), VoteKind::Vote));
    let token = PersistToken(2);
    assert_eq!(
        effects,
        [Effect::PersistQuorumState { token, state: stored(3, None, Some(2), &[1, 2, 3]) }],
        "epoch and vote in one write, no reply yet"
    );
    let effects = run(|e| quorum.on_persisted(token, e));
    let hint = LeaderHint { epoch: epoch(3), ..LeaderHint::default() };
    let reply = Response::Vote(VoteResponse { error: None, hint, granted: true });
    assert_eq!(
        effects[..2],
        [
            Effect::LeaderChanged { epoch: epoch(3), leader: None, endpoints: Endpoints::none() },
            Effect::Reply { request: RequestId(7), response: reply },
        ]
    );
}

#[test]
fn one_vote_per_epoch_but_the_same_one_as_often_as_asked() {
    let mut quorum = unattached();
    assert!(granted(&mut quorum, vote(2, 3, at(0, 0), VoteKind::Vote)));
    assert!(!granted(&mut quorum, vote(3, 3, at(9, 2), VoteKind::Vote)));
    assert!(granted(&mut quorum, vote(2, 3, at(0, 0), VoteKind::Vote)));
    assert!(granted(&mut quorum, vote(3, 4, at(0, 0), VoteKind::Vote)));
}

#[test]
fn a_vote_survives_a_restart() {
    let mut begin = start(1, &[1, 2, 3]);
    begin.election = Some(stored(3, None, Some(2), &[1, 2, 3]));
    let mut quorum = Quorum::new(begin).unwrap();
    run(|e| quorum.on_start(ms(0), e));
    assert!(!granted(&mut quorum, vote(3, 3, at(9, 2), VoteKind::Vote)));
    assert!(granted(&mut quorum, vote(2, 3, at(0, 0), VoteKind::Vote)));
}

#[test]
fn nobody_votes_for_a_log_shorter_than_its_own() {
    let begin = || {
        let mut begin = start(1, &[1, 2, 3]);
        begin.log.log_end = offset(10);
        begin.log.epochs.assign(epoch(2), offset(0));
        let mut quorum = Quorum::new(begin).unwrap();
        let effects = run(|e| quorum.on_start(ms(0), e));
        persist(&mut quorum, effects);
        quorum
    };
    for kind in [VoteKind::PreVote, VoteKind::Vote] {
        assert!(!granted(&mut begin(), vote(2, 5, at(9, 2), kind)));
        assert!(!granted(&mut begin(), vote(2, 5, at(99, 1), kind)));
        assert!(granted(&mut begin(), vote(2, 5, at(10, 2), kind)));
        assert!(granted(&mut begin(), vote(2, 5, at(1, 3), kind)));
    }
}

#[test]
fn rule_30_a_pre_vote_changes_nothing() {
    let mut quorum = unattached();
    let before = quorum.view();
    let effects = ask(&mut quorum, ms(10), vote(2, 0, at(0, 0), VoteKind::PreVote));
    let reply = Response::Vote(VoteResponse { error: None, hint: LeaderHint::default(), granted: true });
    assert_eq!(effects, [Effect::Reply { request: RequestId(7), response: reply }]);
    assert_eq!(quorum.view(), before);
}

#[test]
fn rule_30_a_follower_that_hears_its_leader_refuses_pre_votes() {
    let mut quorum = following(10);
    assert!(granted(&mut quorum, vote(3, 5, at(10, 4), VoteKind::PreVote)), "it has not heard it yet");
    let nothing = FetchResponse {
        error: None,
        hint: hint(2, 5),
        high_watermark: Some(offset(5)),
        log_start: offset(0),
        outcome: FetchOutcome::Empty,
    };
    answer(&mut quorum, ms(20), PeerId::Node(node(2)), Response::Fetch(nothing));
    assert!(!granted(&mut quorum, vote(3, 5, at(10, 4), VoteKind::PreVote)));

    // Once the leader has ended its epoch it need not be kept to.
    let end = EndQuorumEpochRequest {
        leader: Some(node(2)),
        epoch: Some(epoch(5)),
        successors: vec![key(3), key(1)],
        endpoints: endpoints(2),
    };
    reply_to(&mut quorum, ms(30), RequestBody::EndQuorumEpoch(end));
    assert!(granted(&mut quorum, vote(3, 5, at(10, 4), VoteKind::PreVote)));
}

#[test]
fn rule_30_only_a_majority_of_pre_votes_raises_the_epoch() {
    let mut quorum = unattached();
    let now = quorum.next_deadline().unwrap();
    let effects = run(|e| quorum.on_timeout(now, e));
    let asked: Vec<_> = effects
        .iter()
        .map(|effect| match effect {
            Effect::SendRequest { to, request: Request { body: RequestBody::Vote(vote), .. }, .. } => {
                (to.peer, vote.kind, vote.epoch, vote.last)
            }
            other => panic!("{other:?}"),
        })
        .collect();
    let pre_vote = |id| (PeerId::Node(node(id)), VoteKind::PreVote, Some(epoch(0)), Some(at(0, 0)));
    assert_eq!(asked, [pre_vote(2), pre_vote(3)], "no epoch raised, nothing written");
    assert_eq!(quorum.view().role, RoleName::Prospective);

    for id in [2, 3] {
        answer(&mut quorum, now, PeerId::Node(node(id)), says(false, 0));
    }
    assert_eq!((quorum.view().role, quorum.view().epoch), (RoleName::Unattached, epoch(0)));
}

#[test]
fn rule_28_votes_are_asked_for_only_once_the_own_vote_is_durable() {
    let mut quorum = unattached();
    let now = quorum.next_deadline().unwrap();
    run(|e| quorum.on_timeout(now, e));
    let effects = answer(&mut quorum, now, PeerId::Node(node(2)), says(true, 0));
    let token = PersistToken(2);
    assert_eq!(effects, [Effect::PersistQuorumState { token, state: stored(1, None, Some(1), &[1, 2, 3]) }]);
    let effects = run(|e| quorum.on_persisted(token, e));
    let asked = effects.iter().filter(|effect| matches!(effect, Effect::SendRequest { .. })).count();
    assert_eq!(asked, 2);
}

#[test]
fn rule_28_a_candidate_stands_with_what_a_crash_cannot_take() {
    let mut quorum = following(10);
    let records = FetchResponse {
        error: None,
        hint: hint(2, 5),
        high_watermark: None,
        log_start: offset(0),
        outcome: FetchOutcome::Records { from: offset(10), bytes: FetchedBytes::Received(vec![1].into()) },
    };
    answer(&mut quorum, ms(20), PeerId::Node(node(2)), Response::Fetch(records));
    let appended = Appended { log_end: offset(15), ..Appended::default() };
    run(|e| quorum.on_appended(ms(20), appended, e));
    assert_eq!(quorum.log().log_end, offset(15));

    let effects = run(|e| quorum.on_timeout(ms(9_000), e));
    let RequestBody::Vote(vote) = sent(&effects).2 else { panic!("{effects:?}") };
    assert_eq!(vote.last, Some(at(10, 4)), "the flush is not done");
}

#[test]
fn a_voter_without_pre_votes_makes_the_prospective_stand_at_once() {
    let mut quorum = unattached();
    let now = quorum.next_deadline().unwrap();
    run(|e| quorum.on_timeout(now, e));
    let response = Response::Failed(ApiKind::Vote, RaftError::UnsupportedVersion);
    answer(&mut quorum, now, PeerId::Node(node(2)), response);
    assert_eq!(quorum.view().role, RoleName::Candidate);
}

#[test]
fn a_stored_leader_resumes_as_resigned_and_a_stored_candidate_as_candidate() {
    for (election, role) in [
        (stored(5, Some(1), None, &[1, 2, 3]), RoleName::Resigned),
        (stored(5, None, Some(1), &[1, 2, 3]), RoleName::Candidate),
        (stored(5, Some(2), Some(1), &[1, 2, 3]), RoleName::Follower),
        (stored(5, Some(9), None, &[1, 2, 3]), RoleName::Unattached),
        (stored(5, None, Some(2), &[1, 2, 3]), RoleName::Unattached),
    ] {
        let mut begin = start(1, &[1, 2, 3]);
        begin.election = Some(election.clone());
        let mut quorum = Quorum::new(begin).unwrap();
        let effects = run(|e| quorum.on_start(ms(0), e));
        assert_eq!((quorum.view().role, quorum.view().epoch), (role, epoch(5)), "{election:?}");
        let is_written = effects.iter().any(|effect| matches!(effect, Effect::PersistQuorumState { .. }));
        assert!(!is_written, "what is stored already is not written again");
    }
}

#[test]
fn the_best_successor_stands_at_once_and_the_others_wait() {
    let wait = |successors: Vec<ReplicaKey>| {
        let mut quorum = following(10);
        let end = EndQuorumEpochRequest {
            leader: Some(node(2)),
            epoch: Some(epoch(5)),
            successors,
            endpoints: endpoints(2),
        };
        reply_to(&mut quorum, ms(10), RequestBody::EndQuorumEpoch(end));
        let is_standing = quorum.view().role == RoleName::Prospective;
        let mut deadlines = vec![quorum.next_deadline().unwrap()];
        while !is_standing && quorum.view().role == RoleName::Follower {
            let deadline = quorum.next_deadline().unwrap();
            run(|e| quorum.on_timeout(deadline, e));
            deadlines.push(deadline);
        }
        if is_standing { 0 } else { deadlines.last().unwrap().as_millis() - 10 }
    };
    assert_eq!(wait(vec![key(1), key(3)]), 0);
    assert_eq!(wait(vec![key(3), key(1)]), 500);
    assert_eq!(wait(vec![key(3), key(4), key(1)]), 500);
    assert_eq!(wait(vec![key(3), key(1), key(4)]), 250);
    assert_eq!(wait(vec![key(3)]), 1_000);
}

/// Node 1 of voters 1, 2 and 3 follows node 2, which has answered a fetch of it.
fn following_a_leader_that_answered() -> Quorum {
    let mut quorum = following(10);
    let nothing = FetchResponse {
        error: None,
        hint: hint(2, 5),
        high_watermark: Some(offset(5)),
        log_start: offset(0),
        outcome: FetchOutcome::Empty,
    };
    answer(&mut quorum, ms(20), PeerId::Node(node(2)), Response::Fetch(nothing));
    quorum
}

#[test]
fn a_voter_stands_at_once_when_its_leader_is_proven_dead_and_keeps_one_that_is_only_silent() {
    for (error, role) in
        [(RaftError::BrokerNotAvailable, RoleName::Follower), (RaftError::PeerGone, RoleName::Prospective)]
    {
        let mut quorum = following_a_leader_that_answered();
        let failed = Response::Failed(ApiKind::Fetch, error);
        answer(&mut quorum, ms(30), PeerId::Node(node(2)), failed);
        assert_eq!(quorum.view().role, role, "{error:?}");
    }
}

#[test]
fn voters_of_a_leader_that_is_proven_dead_stand_one_after_the_other() {
    let mut begin = start(3, &[1, 2, 3]);
    begin.election = Some(stored(5, Some(2), None, &[1, 2, 3]));
    begin.log.log_end = offset(10);
    begin.log.epochs.assign(epoch(4), offset(0));
    let mut quorum = Quorum::new(begin).unwrap();
    let effects = run(|e| quorum.on_start(ms(0), e));
    persist(&mut quorum, effects);
    answer(&mut quorum, ms(30), PeerId::Node(node(2)), Response::Failed(ApiKind::Fetch, RaftError::PeerGone));
    run(|e| quorum.on_timeout(ms(129), e));
    assert_eq!(quorum.view().role, RoleName::Follower, "voter 1 has its turn before voter 3");
    run(|e| quorum.on_timeout(ms(130), e));
    assert_eq!(quorum.view().role, RoleName::Prospective);
}
