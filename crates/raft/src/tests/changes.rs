//! Voter changes at the leader: preconditions, answers, the upgrade of kraft.version.

use super::*;

const NOW: Instant = Instant::from_millis(3_000);

fn fetch(quorum: &mut Quorum, replica: i32, position: OffsetAndEpoch) {
    let request = FetchRequest {
        replica: Some(key(replica)),
        epoch: Some(quorum.view().epoch),
        position: Some(position),
        high_watermark: Some(Offset::MAX),
        max_bytes: 1_000,
        max_wait: Some(std::time::Duration::ZERO),
    };
    reply_to(quorum, NOW, RequestBody::Fetch(request));
}

/// A leader with its first batch committed and observer 4 caught up.
fn ready() -> Quorum {
    let mut quorum = leading();
    fetch(&mut quorum, 2, at(3, 1));
    fetch(&mut quorum, 4, at(3, 1));
    quorum
}

fn add(id: i32, ack: AckWhen) -> RequestBody {
    RequestBody::AddVoter(AddVoterRequest { voter: Some(key(id)), endpoints: endpoints(id), ack })
}

fn remove(id: i32) -> RequestBody {
    RequestBody::RemoveVoter(RemoveVoterRequest { voter: Some(key(id)) })
}

fn refused(quorum: &mut Quorum, body: RequestBody) -> RaftError {
    match reply_to(quorum, NOW, body) {
        Response::AddVoter(VoterChangeResponse { error: Some(error), .. })
        | Response::RemoveVoter(VoterChangeResponse { error: Some(error), .. }) => error,
        other => panic!("{other:?}"),
    }
}

fn versions(range: Option<VersionRange>) -> Response {
    Response::ApiVersions(ApiVersionsResponse { error: None, kraft_versions: range })
}

/// Feeds the answer to the request for versions in `effects`.
fn answer_versions(quorum: &mut Quorum, effects: &Effects, response: Response) -> Effects {
    let (peer, correlation, body) = sent(effects);
    assert_eq!((peer, body), (PeerId::Node(node(4)), RequestBody::ApiVersions));
    run(|e| quorum.on_response(NOW, (peer, correlation), response, e))
}

fn ok(api: ApiKind) -> Effect {
    let done = VoterChangeResponse { error: None, message: None };
    let response =
        if api == ApiKind::AddVoter { Response::AddVoter(done) } else { Response::RemoveVoter(done) };
    Effect::Reply { request: RequestId(7), response }
}

#[test]
fn a_voter_is_added_once_asked_and_answered_once_committed_by_the_new_set() {
    let mut quorum = ready();
    let effects = ask(&mut quorum, NOW, add(4, AckWhen::Committed));
    let effects = answer_versions(&mut quorum, &effects, versions(Some(KraftVersion::SUPPORTED)));
    let records = vec![ControlRecord::Voters(voters(&[1, 2, 3, 4]))];
    assert_eq!(
        effects[..2],
        [
            Effect::AppendControlBatch { base_offset: offset(3), epoch: epoch(1), records },
            Effect::FlushLog { token: FlushToken(2) },
        ]
    );
    assert_eq!(quorum.view().voters.len(), 4, "in force before it is committed");
    run(|e| quorum.on_flushed(NOW, FlushToken(2), e));
    fetch(&mut quorum, 2, at(4, 1));
    assert_eq!(quorum.view().high_watermark, Some(offset(3)), "two of four");
    let request = FetchRequest {
        replica: Some(key(4)),
        epoch: Some(epoch(1)),
        position: Some(at(4, 1)),
        high_watermark: None,
        max_bytes: 1,
        max_wait: Some(std::time::Duration::ZERO),
    };
    let body = RequestBody::Fetch(request);
    let effects = run(|e| quorum.on_request(NOW, RequestId(8), Request { cluster_id: None, body }, e));
    assert_eq!(effects[..2], [Effect::AdvanceHighWatermark { offset: offset(4) }, ok(ApiKind::AddVoter)]);
}

#[test]
fn an_early_answer_comes_with_the_append() {
    let mut quorum = ready();
    let effects = ask(&mut quorum, NOW, add(4, AckWhen::Appended));
    let effects = answer_versions(&mut quorum, &effects, versions(Some(KraftVersion::SUPPORTED)));
    assert!(effects.contains(&ok(ApiKind::AddVoter)));
    assert_eq!(refused(&mut quorum, remove(2)), RaftError::RequestTimedOut, "it is pending all the same");
}

#[test]
fn rule_31_voters_change_only_after_a_commit_of_the_own_epoch() {
    let mut quorum = leading();
    assert_eq!(refused(&mut quorum, add(4, AckWhen::Committed)), RaftError::RequestTimedOut);
    assert_eq!(refused(&mut quorum, remove(2)), RaftError::RequestTimedOut);
}

#[test]
fn rule_31_one_uncommitted_change_at_a_time() {
    let mut quorum = ready();
    ask(&mut quorum, NOW, remove(3));
    assert_eq!(quorum.view().voters, voters(&[1, 2]));
    assert_eq!(refused(&mut quorum, remove(2)), RaftError::RequestTimedOut);
    assert_eq!(refused(&mut quorum, add(4, AckWhen::Committed)), RaftError::RequestTimedOut);

    // The wait is given up; the record in the log still stands in the way.
    let effects = run(|e| quorum.on_timeout(ms(5_000), e));
    let timed_out = VoterChangeResponse { error: Some(RaftError::RequestTimedOut), message: None };
    let response = Response::RemoveVoter(timed_out);
    assert!(effects.contains(&Effect::Reply { request: RequestId(7), response }));
    assert_eq!(refused(&mut quorum, add(4, AckWhen::Committed)), RaftError::RequestTimedOut);
}

#[test]
fn only_a_suitable_observer_becomes_a_voter() {
    let mut quorum = ready();
    assert_eq!(refused(&mut quorum, add(2, AckWhen::Committed)), RaftError::DuplicateVoter);
    let nameless = AddVoterRequest { voter: None, endpoints: endpoints(4), ack: AckWhen::Committed };
    let without_directory =
        AddVoterRequest { voter: Some(ReplicaKey::without_directory(node(4))), ..nameless.clone() };
    let elsewhere = Endpoints::single(ListenerName::new("OTHER"), address(4));
    let without_endpoint =
        AddVoterRequest { voter: Some(key(4)), endpoints: elsewhere, ack: AckWhen::Committed };
    for request in [nameless, without_directory, without_endpoint] {
        assert_eq!(refused(&mut quorum, RequestBody::AddVoter(request)), RaftError::InvalidRequest);
    }
    for (response, expected) in [
        (versions(None), RaftError::InvalidRequest),
        (versions(Some(VersionRange { min: 0, max: 0 })), RaftError::InvalidRequest),
        (Response::Failed(ApiKind::ApiVersions, RaftError::BrokerNotAvailable), RaftError::RequestTimedOut),
    ] {
        let mut quorum = ready();
        let effects = ask(&mut quorum, NOW, add(4, AckWhen::Committed));
        let effects = answer_versions(&mut quorum, &effects, response);
        let [Effect::Reply { response: Response::AddVoter(answer), .. }] = &effects[..] else {
            panic!("{effects:?}")
        };
        assert_eq!(answer.error, Some(expected));
    }
}

#[test]
fn a_voter_that_lags_is_not_added() {
    let mut quorum = leading();
    fetch(&mut quorum, 2, at(3, 1));
    fetch(&mut quorum, 4, at(0, 0));
    let effects = ask(&mut quorum, NOW, add(4, AckWhen::Committed));
    let effects = answer_versions(&mut quorum, &effects, versions(Some(KraftVersion::SUPPORTED)));
    let [Effect::Reply { response: Response::AddVoter(answer), .. }] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(answer.error, Some(RaftError::RequestTimedOut));
}

#[test]
fn only_a_listed_directory_can_be_removed_and_never_the_last_voter() {
    let mut quorum = ready();
    assert_eq!(refused(&mut quorum, remove(9)), RaftError::VoterNotFound);
    let other_directory = RemoveVoterRequest { voter: Some(ReplicaKey::new(node(2), directory(9))) };
    assert_eq!(refused(&mut quorum, RequestBody::RemoveVoter(other_directory)), RaftError::VoterNotFound);
    let without = RemoveVoterRequest { voter: Some(ReplicaKey::without_directory(node(2))) };
    assert_eq!(refused(&mut quorum, RequestBody::RemoveVoter(without)), RaftError::InvalidRequest);
}

#[test]
fn a_change_is_given_up_with_the_leadership() {
    let mut quorum = ready();
    ask(&mut quorum, NOW, remove(3));
    let effects = run(|e| quorum.on_resign(NOW, epoch(1), e));
    let error = Some(RaftError::NotLeaderOrFollower);
    let response = Response::RemoveVoter(VoterChangeResponse { error, message: None });
    assert!(effects.contains(&Effect::Reply { request: RequestId(7), response }));
}

fn update(id: i32) -> UpdateVoterRequest {
    UpdateVoterRequest {
        epoch: Some(epoch(1)),
        voter: Some(key(id)),
        endpoints: Endpoints::single(listener(), HostPort::new("moved", 1)),
        kraft_versions: Some(KraftVersion::SUPPORTED),
    }
}

#[test]
fn an_updated_voter_is_written_to_the_log() {
    let mut quorum = ready();
    let effects = ask(&mut quorum, NOW, RequestBody::UpdateVoter(update(3)));
    let moved = Voter { endpoints: update(3).endpoints, ..voter(3) };
    let records = vec![ControlRecord::Voters([voter(1), voter(2), moved].into_iter().collect())];
    let response = Response::UpdateVoter(UpdateVoterResponse { error: None, hint: hint(1, 1) });
    assert_eq!(
        effects,
        [
            Effect::AppendControlBatch { base_offset: offset(3), epoch: epoch(1), records },
            Effect::FlushLog { token: FlushToken(2) },
            Effect::Reply { request: RequestId(7), response },
        ]
    );
}

#[test]
fn updates_that_make_no_sense_are_refused() {
    let mut quorum = ready();
    let mut error = |change: fn(&mut UpdateVoterRequest)| {
        let mut request = update(3);
        change(&mut request);
        match reply_to(&mut quorum, NOW, RequestBody::UpdateVoter(request)) {
            Response::UpdateVoter(response) => response.error,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(error(|update| update.epoch = Some(epoch(0))), Some(RaftError::FencedLeaderEpoch));
    assert_eq!(error(|update| update.voter = None), Some(RaftError::InvalidRequest));
    assert_eq!(error(|update| update.endpoints = Endpoints::none()), Some(RaftError::InvalidRequest));
    assert_eq!(error(|update| update.kraft_versions = None), Some(RaftError::InvalidRequest));
    let old = |update: &mut UpdateVoterRequest| update.kraft_versions = VersionRange::new(0, 0);
    assert_eq!(error(old), Some(RaftError::InvalidRequest));
    assert_eq!(error(|update| update.voter = Some(key(9))), Some(RaftError::VoterNotFound));
    let mut before_commit = leading();
    let reply = reply_to(&mut before_commit, NOW, RequestBody::UpdateVoter(update(3)));
    let error = Some(RaftError::RequestTimedOut);
    assert_eq!(reply, Response::UpdateVoter(UpdateVoterResponse { error, hint: hint(1, 1) }));
}

/// The leader of a static quorum of one other voter, its epoch's first record committed.
fn static_leader() -> Quorum {
    let mut begin = start(1, &[1]);
    begin.bootstrap_servers.clear();
    begin.log.snapshots.clear();
    begin.control = ControlHistory::new(static_voters(&[1]));
    let mut quorum = Quorum::new(begin).unwrap();
    let effects = run(|e| quorum.on_start(ms(0), e));
    persist(&mut quorum, effects);
    run(|e| quorum.on_flushed(ms(1), FlushToken(1), e));
    quorum
}

#[test]
fn a_static_quorum_writes_its_voters_ids_to_quorum_state() {
    let mut begin = start(1, &[1]);
    begin.control = ControlHistory::new(static_voters(&[1]));
    begin.log.snapshots.clear();
    let mut quorum = Quorum::new(begin).unwrap();
    let effects = run(|e| quorum.on_start(ms(0), e));
    let state = StoredElection { version: KraftVersion::Static, ..stored(1, Some(1), None, &[1]) };
    assert_eq!(effects, [Effect::PersistQuorumState { token: PersistToken(1), state }]);
}

#[test]
fn the_upgrade_writes_version_and_voters_in_one_batch() {
    let mut quorum = static_leader();
    assert_eq!(quorum.log().log_end, offset(1), "a static leader writes no voters");
    let to = (KraftVersion::Dynamic, UpgradeMode::ValidateOnly);
    let mut effects = Vec::new();
    assert_eq!(quorum.on_upgrade(NOW, epoch(1), to, &mut effects), Ok(()));
    assert_eq!(effects, []);

    let to = (KraftVersion::Dynamic, UpgradeMode::Apply);
    assert_eq!(quorum.on_upgrade(NOW, epoch(1), to, &mut effects), Ok(()));
    let records =
        vec![ControlRecord::KraftVersion(KraftVersion::Dynamic), ControlRecord::Voters(voters(&[1]))];
    assert_eq!(
        effects,
        [
            Effect::AppendControlBatch { base_offset: offset(1), epoch: epoch(1), records },
            Effect::FlushLog { token: FlushToken(2) },
        ]
    );
    assert_eq!(quorum.on_upgrade(NOW, epoch(1), to, &mut Vec::new()), Ok(()), "it is done");
    let down = (KraftVersion::Static, UpgradeMode::Apply);
    assert!(quorum.on_upgrade(NOW, epoch(1), down, &mut Vec::new()).is_err());
}

#[test]
fn the_upgrade_needs_every_voters_directory() {
    let mut begin = start(1, &[1, 2, 3]);
    begin.bootstrap_servers.clear();
    begin.log.snapshots.clear();
    begin.control = ControlHistory::new(static_voters(&[1, 2, 3]));
    begin.election =
        Some(StoredElection { version: KraftVersion::Static, ..stored(1, None, Some(1), &[1, 2, 3]) });
    let mut quorum = Quorum::new(begin).unwrap();
    let (peer, correlation, _) = sent(&run(|e| quorum.on_start(ms(0), e)));
    let hint = LeaderHint { epoch: epoch(1), ..LeaderHint::default() };
    let vote = Response::Vote(VoteResponse { error: None, hint, granted: true });
    let effects = run(|e| quorum.on_response(ms(1), (peer, correlation), vote, e));
    persist(&mut quorum, effects);
    run(|e| quorum.on_flushed(ms(1), FlushToken(1), e));
    fetch(&mut quorum, 2, at(1, 1));
    assert_eq!(quorum.view().high_watermark, Some(offset(1)));

    let to = (KraftVersion::Dynamic, UpgradeMode::Apply);
    assert!(quorum.on_upgrade(NOW, epoch(1), to, &mut Vec::new()).is_err());
    for id in [2, 3] {
        let told = UpdateVoterRequest { endpoints: endpoints(id), ..update(id) };
        reply_to(&mut quorum, NOW, RequestBody::UpdateVoter(told));
    }
    assert_eq!(quorum.on_upgrade(NOW, epoch(1), to, &mut Vec::new()), Ok(()));
    assert_eq!(quorum.view().voters, voters(&[1, 2, 3]));
    assert_eq!(quorum.view().kraft_version, KraftVersion::Dynamic);
}

#[test]
fn a_removed_leader_resigns_once_that_is_committed() {
    let mut quorum = ready();
    ask(&mut quorum, NOW, remove(1));
    run(|e| quorum.on_flushed(NOW, FlushToken(2), e));
    fetch(&mut quorum, 2, at(4, 1));
    assert_eq!(quorum.view().role, RoleName::Leader, "one of the two that are left");
    fetch(&mut quorum, 3, at(4, 1));
    assert_eq!(quorum.view().role, RoleName::Resigned);
}
