//! What is wrong with a request, in the order Kafka finds it; and what peers may not bring about.

use super::*;

fn vote() -> VoteRequest {
    VoteRequest {
        voter: Some(key(1)),
        candidate: Some(key(2)),
        epoch: Some(epoch(5)),
        last: Some(at(10, 4)),
        kind: VoteKind::Vote,
    }
}

fn vote_error(change: impl FnOnce(&mut VoteRequest)) -> Option<RaftError> {
    let mut request = vote();
    change(&mut request);
    match reply_to(&mut following(10), ms(10), RequestBody::Vote(request)) {
        Response::Vote(response) => {
            assert!(response.error.is_none() || !response.granted);
            response.error
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn another_clusters_requests_are_refused_as_a_whole() {
    for (cluster_id, is_refused) in [(None, false), (Some("cluster"), false), (Some("other"), true)] {
        let mut quorum = following(10);
        let request = Request { cluster_id: cluster_id.map(Into::into), body: RequestBody::Vote(vote()) };
        let effects = run(|e| quorum.on_request(ms(10), RequestId(7), request, e));
        let response = Response::Failed(ApiKind::Vote, RaftError::InconsistentClusterId);
        assert_eq!(effects.contains(&Effect::Reply { request: RequestId(7), response }), is_refused);
    }
}

#[test]
fn requests_for_other_partitions_are_refused() {
    let mut quorum = following(10);
    for api in [ApiKind::Vote, ApiKind::Fetch, ApiKind::BeginQuorumEpoch, ApiKind::EndQuorumEpoch] {
        for body in [RequestBody::Malformed(api), RequestBody::OtherPartition(api)] {
            let response = reply_to(&mut quorum, ms(10), body);
            assert_eq!(response, Response::Failed(api, RaftError::InvalidRequest));
        }
    }
    let malformed = reply_to(&mut quorum, ms(10), RequestBody::Malformed(ApiKind::FetchSnapshot));
    assert_eq!(malformed, Response::Failed(ApiKind::FetchSnapshot, RaftError::InvalidRequest));
    let other = reply_to(&mut quorum, ms(10), RequestBody::OtherPartition(ApiKind::FetchSnapshot));
    let error = Some(RaftError::UnknownTopicOrPartition);
    assert_eq!(
        other,
        Response::FetchSnapshot(FetchSnapshotResponse { error, hint: hint(2, 5), slice: None })
    );
    let Response::DescribeQuorum(described) =
        reply_to(&mut quorum, ms(10), RequestBody::OtherPartition(ApiKind::DescribeQuorum))
    else {
        panic!("described")
    };
    assert_eq!(described.error, error);
}

#[test]
fn votes_that_make_no_sense_are_refused() {
    use RaftError::{FencedLeaderEpoch, InvalidRequest, InvalidVoterKey};
    assert_eq!(vote_error(|_| {}), None);
    assert_eq!(vote_error(|vote| vote.epoch = None), Some(InvalidRequest));
    assert_eq!(vote_error(|vote| vote.last = None), Some(InvalidRequest));
    assert_eq!(vote_error(|vote| vote.last = Some(at(10, 5))), Some(InvalidRequest));
    assert_eq!(vote_error(|vote| vote.candidate = None), Some(InvalidRequest));
    let old = |vote: &mut VoteRequest| (vote.epoch, vote.last) = (Some(epoch(4)), Some(at(10, 3)));
    assert_eq!(vote_error(old), Some(FencedLeaderEpoch));
    assert_eq!(vote_error(|vote| vote.voter = None), None, "version 0 names no receiver");
    assert_eq!(vote_error(|vote| vote.voter = Some(key(3))), Some(InvalidVoterKey));
    let other_disk = ReplicaKey::new(node(1), directory(9));
    assert_eq!(vote_error(|vote| vote.voter = Some(other_disk)), Some(InvalidVoterKey));
    let any_disk = ReplicaKey::without_directory(node(1));
    assert_eq!(vote_error(|vote| vote.voter = Some(any_disk)), None);
    // A pre-vote is of the epoch its sender has records of.
    let pre_vote =
        |last| move |vote: &mut VoteRequest| (vote.kind, vote.last) = (VoteKind::PreVote, Some(last));
    assert_eq!(vote_error(pre_vote(at(10, 5))), None);
    assert_eq!(vote_error(pre_vote(at(10, 6))), Some(InvalidRequest));
}

#[test]
fn rule_37_who_claims_to_be_this_node_is_refused() {
    let other_disk = ReplicaKey::new(node(1), directory(9));
    for me in [key(1), other_disk] {
        assert_eq!(vote_error(|vote| vote.candidate = Some(me)), Some(RaftError::InvalidRequest));
    }
    let begin = BeginQuorumEpochRequest {
        voter: Some(key(1)),
        leader: Some(node(1)),
        epoch: Some(epoch(9)),
        endpoints: endpoints(3),
    };
    let mut quorum = following(10);
    let before = quorum.view();
    let reply = reply_to(&mut quorum, ms(10), RequestBody::BeginQuorumEpoch(begin));
    let error = Some(RaftError::InvalidRequest);
    assert_eq!(reply, Response::BeginQuorumEpoch(EpochResponse { error, hint: hint(2, 5) }));
    assert_eq!(quorum.view(), before);
}

#[test]
fn rule_37_a_request_for_another_receiver_is_refused() {
    let begin = |voter| BeginQuorumEpochRequest {
        voter,
        leader: Some(node(3)),
        epoch: Some(epoch(6)),
        endpoints: endpoints(3),
    };
    for (voter, error) in [
        (None, None),
        (Some(key(1)), None),
        (Some(key(2)), Some(RaftError::InvalidVoterKey)),
        (Some(ReplicaKey::new(node(1), directory(9))), Some(RaftError::InvalidVoterKey)),
    ] {
        let mut quorum = following(10);
        let reply = reply_to(&mut quorum, ms(10), RequestBody::BeginQuorumEpoch(begin(voter)));
        assert_eq!(reply, Response::BeginQuorumEpoch(EpochResponse { error, hint: hint(3, 6) }));
    }
}

#[test]
fn rule_37_an_epoch_without_successors_is_neither_taken_nor_kept() {
    let last = LeaderEpoch::at(i32::MAX);
    let begin = BeginQuorumEpochRequest {
        voter: Some(key(1)),
        leader: Some(node(3)),
        epoch: Some(last),
        endpoints: endpoints(3),
    };
    let end = EndQuorumEpochRequest {
        leader: Some(node(3)),
        epoch: Some(last),
        successors: Vec::new(),
        endpoints: endpoints(3),
    };
    let vote = VoteRequest { epoch: Some(last), ..vote() };
    let pre_vote = VoteRequest { kind: VoteKind::PreVote, ..vote.clone() };
    for body in [
        RequestBody::BeginQuorumEpoch(begin),
        RequestBody::EndQuorumEpoch(end),
        RequestBody::Vote(vote),
        RequestBody::Vote(pre_vote),
    ] {
        let mut quorum = following(10);
        let before = quorum.view();
        let effects = ask(&mut quorum, ms(10), body);
        assert!(
            effects.contains(&Effect::Report(Violation::UnbelievableEpoch { epoch: last })),
            "{effects:?}"
        );
        assert!(!effects.iter().any(|effect| matches!(effect, Effect::PersistQuorumState { .. })));
        assert_eq!(quorum.view(), before);
    }
}

#[test]
fn a_second_leader_of_one_epoch_is_reported_and_not_followed() {
    let mut quorum = following(10);
    let begin = BeginQuorumEpochRequest {
        voter: Some(key(1)),
        leader: Some(node(3)),
        epoch: Some(epoch(5)),
        endpoints: endpoints(3),
    };
    let effects = ask(&mut quorum, ms(10), RequestBody::BeginQuorumEpoch(begin));
    let violation = Violation::SecondLeader { epoch: epoch(5), known: Some(node(2)), claimed: node(3) };
    let error = Some(RaftError::InvalidRequest);
    let response = Response::BeginQuorumEpoch(EpochResponse { error, hint: hint(2, 5) });
    assert_eq!(effects, [Effect::Report(violation), Effect::Reply { request: RequestId(7), response }]);
    assert_eq!(quorum.view().leader, Some(node(2)));
}

#[test]
fn a_node_that_others_remember_as_leader_never_takes_that_epoch_up_again() {
    // Its disk was lost; the others have seen it lead epoch 7.
    let mut quorum = unattached();
    run(|e| quorum.on_timeout(ms(2_500), e));
    let response =
        VoteResponse { error: Some(RaftError::FencedLeaderEpoch), hint: hint(1, 7), granted: false };
    let effects = answer(&mut quorum, ms(2_510), PeerId::Node(node(2)), Response::Vote(response));
    persist(&mut quorum, effects);
    let view = quorum.view();
    assert_eq!((view.role, view.epoch, view.leader), (RoleName::Unattached, epoch(7), None));
}

#[test]
fn leader_only_requests_tell_why_this_node_cannot_serve_them() {
    let fetch = |of_epoch: Option<i32>| {
        RequestBody::FetchSnapshot(FetchSnapshotRequest {
            replica: Some(key(3)),
            epoch: of_epoch.map(epoch),
            snapshot: Some(at(10, 1)),
            position: Some(0),
            max_bytes: 10,
        })
    };
    let error = |quorum: &mut Quorum, body| match reply_to(quorum, ms(2_100), body) {
        Response::FetchSnapshot(response) => response.error,
        other => panic!("{other:?}"),
    };
    let follower = &mut following(10);
    assert_eq!(error(follower, fetch(None)), Some(RaftError::FencedLeaderEpoch));
    assert_eq!(error(follower, fetch(Some(4))), Some(RaftError::FencedLeaderEpoch));
    assert_eq!(error(follower, fetch(Some(6))), Some(RaftError::UnknownLeaderEpoch));
    assert_eq!(error(follower, fetch(Some(5))), Some(RaftError::NotLeaderOrFollower));
    assert_eq!(error(&mut leading(), fetch(Some(1))), Some(RaftError::SnapshotNotFound));
}

#[test]
fn answers_of_the_wrong_kind_and_late_ones_change_nothing() {
    let mut quorum = following(10);
    let peer = PeerId::Node(node(2));
    let before = quorum.view();
    let wrong = Response::EndQuorumEpoch(EpochResponse { error: None, hint: hint(3, 9) });
    let correlation = quorum.peers.waiting_for(peer).unwrap();
    let effects = answer(&mut quorum, ms(20), peer, wrong.clone());
    let error = RaftError::UnknownServerError;
    assert_eq!(effects[0], Effect::Report(Violation::UnexpectedError { peer, error }));
    assert_eq!(run(|e| quorum.on_response(ms(20), (peer, correlation), wrong, e)), []);
    assert_eq!(quorum.view(), before);
}

#[test]
fn rule_33_a_peer_that_refuses_at_once_is_not_asked_again_at_once() {
    let mut quorum = Quorum::new(start(1, &[1, 2, 3])).unwrap();
    let mut now = ms(0);
    let effects = run(|e| quorum.on_start(now, e));
    let mut waiting = std::collections::VecDeque::from(persist(&mut quorum, effects));
    let mut asked = 0;
    while now < ms(500) {
        while let Some(effect) = waiting.pop_front() {
            let Effect::SendRequest { to, correlation, .. } = effect else { continue };
            asked += 1;
            let refusal = FetchResponse {
                error: Some(RaftError::NotLeaderOrFollower),
                hint: LeaderHint::default(),
                high_watermark: None,
                log_start: offset(0),
                outcome: FetchOutcome::Empty,
            };
            let from = (to.peer, correlation);
            waiting.extend(run(|e| quorum.on_response(now, from, Response::Fetch(refusal), e)));
        }
        let next = quorum.next_deadline().unwrap();
        assert!(next > now, "nothing is due twice");
        now = next;
        waiting.extend(run(|e| quorum.on_timeout(now, e)));
    }
    assert!(
        (40..=52).contains(&asked),
        "{asked} requests to two servers in half a second of pauses of 20 ms"
    );
}
