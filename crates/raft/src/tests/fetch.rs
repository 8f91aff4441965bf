//! Fetch and FetchSnapshot at the leader.

use super::*;

fn fetch(replica: i32, position: OffsetAndEpoch) -> FetchRequest {
    FetchRequest {
        replica: Some(key(replica)),
        epoch: Some(epoch(1)),
        position: Some(position),
        high_watermark: None,
        max_bytes: 1_000,
        max_wait: Some(std::time::Duration::from_millis(500)),
    }
}

fn answer(high_watermark: Option<i64>, outcome: FetchOutcome) -> Response {
    Response::Fetch(FetchResponse {
        error: None,
        hint: hint(1, 1),
        high_watermark: high_watermark.map(offset),
        log_start: offset(0),
        outcome,
    })
}

fn records(from: i64) -> FetchOutcome {
    FetchOutcome::Records { from: offset(from), bytes: FetchedBytes::Read { max_bytes: 1_000 } }
}

const NOW: Instant = Instant::from_millis(3_000);

#[test]
fn a_fetch_commits_what_a_majority_has_and_tells_it_at_once() {
    let mut quorum = leading();
    let first = reply_to(&mut quorum, NOW, RequestBody::Fetch(fetch(2, at(0, 0))));
    assert_eq!(first, answer(None, records(0)));

    let effects = ask(&mut quorum, NOW, RequestBody::Fetch(fetch(2, at(3, 1))));
    let response = answer(Some(3), FetchOutcome::Empty);
    assert_eq!(
        effects,
        [
            Effect::AdvanceHighWatermark { offset: offset(3) },
            Effect::Reply { request: RequestId(7), response }
        ],
        "it has no records, but it has news: the high watermark (KIP-1166)"
    );
}

#[test]
fn a_fetch_without_news_is_parked_until_there_is_some() {
    let mut quorum = leading();
    ask(&mut quorum, NOW, RequestBody::Fetch(fetch(2, at(3, 1))));
    let knowing = FetchRequest { high_watermark: Some(offset(3)), ..fetch(2, at(3, 1)) };
    assert_eq!(ask(&mut quorum, NOW, RequestBody::Fetch(knowing)), []);

    let batch = DataBatch { records: 2, bytes: vec![0; 10].into() };
    let mut effects = Vec::new();
    quorum.on_append(ms(3_010), epoch(1), batch.clone(), &mut effects).unwrap();
    assert_eq!(
        effects,
        [
            Effect::AppendDataBatches { base_offset: offset(3), epoch: epoch(1), batches: vec![batch] },
            Effect::FlushLog { token: FlushToken(2) },
            Effect::Reply { request: RequestId(7), response: answer(Some(3), records(3)) },
        ],
        "followers fetch while the leader still flushes"
    );
    assert_eq!(
        run(|e| quorum.on_flushed(ms(3_020), FlushToken(2), e)),
        [],
        "the leader alone is no majority"
    );
}

#[test]
fn a_parked_fetch_is_answered_when_its_time_is_up_or_dropped_with_its_sender() {
    let mut quorum = leading();
    ask(&mut quorum, NOW, RequestBody::Fetch(fetch(2, at(3, 1))));
    let knowing = FetchRequest { high_watermark: Some(offset(3)), ..fetch(2, at(3, 1)) };
    ask(&mut quorum, NOW, RequestBody::Fetch(knowing.clone()));
    assert_eq!(quorum.next_deadline(), Some(ms(3_500)).min(quorum.next_deadline()));
    let reply = Effect::Reply { request: RequestId(7), response: answer(Some(3), FetchOutcome::Empty) };
    assert!(run(|e| quorum.on_timeout(ms(3_500), e)).contains(&reply));

    ask(&mut quorum, ms(3_501), RequestBody::Fetch(knowing));
    quorum.on_request_dropped(RequestId(7));
    assert!(!run(|e| quorum.on_timeout(ms(4_100), e)).contains(&reply));
}

#[test]
fn parked_fetches_are_refused_when_the_leadership_ends() {
    let mut quorum = leading();
    ask(&mut quorum, NOW, RequestBody::Fetch(fetch(2, at(3, 1))));
    let knowing = FetchRequest { high_watermark: Some(offset(3)), ..fetch(2, at(3, 1)) };
    ask(&mut quorum, NOW, RequestBody::Fetch(knowing));
    let effects = run(|e| quorum.on_resign(NOW, epoch(1), e));
    let refusal = Response::Fetch(FetchResponse {
        error: Some(RaftError::NotLeaderOrFollower),
        hint: LeaderHint { epoch: epoch(1), ..LeaderHint::default() },
        high_watermark: None,
        log_start: offset(0),
        outcome: FetchOutcome::Empty,
    });
    assert_eq!(
        effects[..3],
        [
            Effect::LeaderChanged { epoch: epoch(1), leader: None, endpoints: Endpoints::none() },
            Effect::ResignedLeader { epoch: epoch(1) },
            Effect::Reply { request: RequestId(7), response: refusal },
        ]
    );
}

#[test]
fn the_number_of_parked_fetches_is_bounded() {
    let mut quorum = leading();
    quorum.config.max_parked_fetches = 2;
    ask(&mut quorum, NOW, RequestBody::Fetch(fetch(2, at(3, 1))));
    for (request, is_parked) in [(1, true), (2, true), (3, false)] {
        let body = RequestBody::Fetch(FetchRequest { high_watermark: Some(offset(3)), ..fetch(3, at(3, 1)) });
        let request = RequestId(request);
        let effects = run(|e| quorum.on_request(NOW, request, Request { cluster_id: None, body }, e));
        assert_eq!(effects.is_empty(), is_parked);
    }
}

#[test]
fn a_position_that_is_not_of_this_log_counts_for_nothing() {
    let mut quorum = leading();
    let beyond = reply_to(&mut quorum, NOW, RequestBody::Fetch(fetch(2, at(9, 1))));
    assert_eq!(beyond, answer(None, FetchOutcome::Diverging(at(3, 1))));
    let other = reply_to(&mut quorum, NOW, RequestBody::Fetch(fetch(3, at(2, 0))));
    assert_eq!(other, answer(None, FetchOutcome::Diverging(at(0, 0))));
    assert_eq!(quorum.view().high_watermark, None);
}

#[test]
fn fetches_that_make_no_sense_are_refused() {
    let mut quorum = leading();
    let mut error = |change: fn(&mut FetchRequest)| {
        let mut request = FetchRequest { max_wait: Some(std::time::Duration::ZERO), ..fetch(2, at(3, 1)) };
        change(&mut request);
        match reply_to(&mut quorum, NOW, RequestBody::Fetch(request)) {
            Response::Fetch(response) => response.error,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(error(|fetch| fetch.position = None), Some(RaftError::InvalidRequest));
    assert_eq!(error(|fetch| fetch.epoch = None), Some(RaftError::InvalidRequest));
    assert_eq!(error(|fetch| fetch.max_wait = None), Some(RaftError::InvalidRequest));
    assert_eq!(error(|fetch| fetch.position = Some(at(3, 2))), Some(RaftError::InvalidRequest));
    assert_eq!(error(|fetch| fetch.epoch = Some(epoch(2))), Some(RaftError::UnknownLeaderEpoch));
    let old = |fetch: &mut FetchRequest| (fetch.epoch, fetch.position) = (Some(epoch(0)), Some(at(3, 0)));
    assert_eq!(error(old), Some(RaftError::FencedLeaderEpoch));
    assert_eq!(error(|fetch| fetch.replica = Some(key(1))), Some(RaftError::UnknownServerError));
    assert_eq!(error(|fetch| fetch.replica = None), None, "an anonymous reader is served");
}

fn with_snapshot() -> Quorum {
    let mut quorum = leading();
    ask(&mut quorum, NOW, RequestBody::Fetch(fetch(2, at(3, 1))));
    quorum.on_snapshot_created(SnapshotFacts { id: at(3, 1), size: 100 });
    quorum
}

#[test]
fn an_empty_replica_begins_with_the_snapshot() {
    let mut quorum = with_snapshot();
    let reply = reply_to(&mut quorum, NOW, RequestBody::Fetch(fetch(3, at(0, 0))));
    assert_eq!(reply, answer(Some(3), FetchOutcome::Snapshot(at(3, 1))));
    let reply = reply_to(&mut quorum, NOW, RequestBody::Fetch(fetch(3, at(1, 1))));
    assert_eq!(reply, answer(Some(3), records(1)), "who has begun goes on with the log");
    quorum.on_log_start_advanced(offset(3));
    let Response::Fetch(reply) = reply_to(&mut quorum, NOW, RequestBody::Fetch(fetch(3, at(1, 1)))) else {
        panic!("fetched")
    };
    assert_eq!(reply.outcome, FetchOutcome::Snapshot(at(3, 1)));
}

#[test]
fn the_bootstrap_snapshot_is_never_served() {
    let mut quorum = leading();
    let reply = reply_to(&mut quorum, NOW, RequestBody::Fetch(fetch(3, at(0, 0))));
    assert_eq!(reply, answer(None, records(0)));
    let request = FetchSnapshotRequest {
        replica: Some(key(3)),
        epoch: Some(epoch(1)),
        snapshot: Some(at(0, 0)),
        position: Some(0),
        max_bytes: 10,
    };
    let Response::FetchSnapshot(reply) = reply_to(&mut quorum, NOW, RequestBody::FetchSnapshot(request))
    else {
        panic!("fetched")
    };
    assert_eq!(reply.error, Some(RaftError::SnapshotNotFound));
}

#[test]
fn snapshots_are_served_by_position() {
    let mut quorum = with_snapshot();
    let mut slice = |position: Option<u64>| {
        let request = FetchSnapshotRequest {
            replica: Some(key(3)),
            epoch: Some(epoch(1)),
            snapshot: Some(at(3, 1)),
            position,
            max_bytes: 10,
        };
        match reply_to(&mut quorum, NOW, RequestBody::FetchSnapshot(request)) {
            Response::FetchSnapshot(FetchSnapshotResponse { error, slice, .. }) => (error, slice),
            other => panic!("{other:?}"),
        }
    };
    let bytes = FetchedBytes::Read { max_bytes: 10 };
    let whole = SnapshotSlice { id: at(3, 1), size: 100, position: 99, bytes };
    assert_eq!(slice(Some(99)), (None, Some(whole)));
    assert_eq!(slice(Some(100)), (Some(RaftError::PositionOutOfRange), None));
    assert_eq!(slice(None), (Some(RaftError::PositionOutOfRange), None));
}

#[test]
fn rule_29_snapshot_fetches_are_signs_of_life_and_silence_ends_the_leadership() {
    let mut quorum = with_snapshot();
    let request = FetchSnapshotRequest {
        replica: Some(key(3)),
        epoch: Some(epoch(1)),
        snapshot: Some(at(3, 1)),
        position: Some(0),
        max_bytes: 10,
    };
    reply_to(&mut quorum, ms(5_900), RequestBody::FetchSnapshot(request));
    run(|e| quorum.on_timeout(ms(8_800), e));
    assert_eq!(quorum.view().role, RoleName::Leader);
    run(|e| quorum.on_timeout(ms(8_900), e));
    assert_eq!(quorum.view().role, RoleName::Resigned, "3 s after the last sign of life");
}

#[test]
fn the_leader_describes_voters_observers_and_itself() {
    let mut quorum = leading();
    ask(&mut quorum, NOW, RequestBody::Fetch(fetch(2, at(3, 1))));
    ask(&mut quorum, NOW, RequestBody::Fetch(fetch(9, at(0, 0))));
    let status = |id, log_end: Option<i64>, seen: Option<Instant>, caught_up, listens| ReplicaStatus {
        key: key(id),
        log_end: log_end.map(offset),
        last_fetch: seen,
        last_caught_up: caught_up,
        endpoints: if listens { endpoints(id) } else { Endpoints::none() },
    };
    let later = ms(3_100);
    assert_eq!(
        reply_to(&mut quorum, later, RequestBody::DescribeQuorum),
        Response::DescribeQuorum(DescribeQuorumResponse {
            error: None,
            hint: hint(1, 1),
            high_watermark: Some(offset(3)),
            voters: vec![
                status(1, Some(3), Some(later), Some(later), true),
                status(2, Some(3), Some(NOW), Some(NOW), true),
                status(3, None, None, None, true),
            ],
            observers: vec![status(9, Some(0), Some(NOW), None, false)],
            now: later,
        })
    );
    let Response::DescribeQuorum(refusal) = reply_to(&mut following(10), later, RequestBody::DescribeQuorum)
    else {
        panic!("described")
    };
    assert_eq!((refusal.error, refusal.hint), (Some(RaftError::NotLeaderOrFollower), hint(2, 5)));
}
