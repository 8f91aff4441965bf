//! Rules of fetch sessions.
#![allow(clippy::unwrap_used)]

use super::*;

fn key(partition: i32) -> SessionKey {
    (SessionTopic::Name("t".into()), partition)
}

fn wanted(offset: i64) -> Wanted {
    Wanted {
        fetch_offset: offset,
        max_bytes: 100,
        current_leader_epoch: 3,
        last_fetched_epoch: -1,
        log_start_offset: -1,
    }
}

fn request(id: i32, epoch: i32, partitions: &[i32]) -> SessionRequest {
    SessionRequest {
        id,
        epoch,
        wanted: partitions.iter().map(|partition| (key(*partition), wanted(0))).collect(),
        forgotten: Vec::new(),
        uses_ids: false,
        is_replica: false,
    }
}

fn quiet(high_watermark: i64) -> Told {
    Told { high_watermark, log_start_offset: 0, has_records: false, is_news: false }
}

fn begin(sessions: &FetchSessions, partitions: &[i32]) -> i32 {
    match sessions.open(Instant::ZERO, request(0, 0, partitions)).unwrap().scope {
        SessionScope::Full(id) => id,
        SessionScope::Incremental(_) => panic!("a first request is full"),
    }
}

#[test]
fn rule_19_an_incremental_request_reads_all_partitions_of_its_session_with_every_field() {
    let sessions = FetchSessions::new(10, 1);
    let id = begin(&sessions, &[0, 1]);
    let mut next = request(id, 1, &[]);
    next.wanted.push((key(1), wanted(7)));
    let fetch = sessions.open(Instant::ZERO, next).unwrap();
    assert_eq!(fetch.scope, SessionScope::Incremental(id));
    assert_eq!(fetch.wanted, [(key(0), wanted(0)), (key(1), wanted(7))]);
}

#[test]
fn an_answer_names_only_what_changed() {
    let sessions = FetchSessions::new(10, 1);
    let id = begin(&sessions, &[0, 1]);
    let told = [(key(0), quiet(5)), (key(1), quiet(5))];
    assert_eq!(sessions.select(SessionScope::Full(id), &told), [true, true]);
    let told = [(key(0), quiet(5)), (key(1), quiet(6))];
    assert_eq!(sessions.select(SessionScope::Incremental(id), &told), [false, true]);
}

#[test]
fn a_partition_that_gave_data_goes_to_the_end() {
    let sessions = FetchSessions::new(10, 1);
    let id = begin(&sessions, &[0, 1]);
    let full = Told { has_records: true, ..quiet(5) };
    sessions.select(SessionScope::Full(id), &[(key(0), full), (key(1), quiet(5))]);
    let fetch = sessions.open(Instant::ZERO, request(id, 1, &[])).unwrap();
    assert_eq!(fetch.wanted[0].0, key(1));
}

#[test]
fn a_request_out_of_order_is_refused() {
    let sessions = FetchSessions::new(10, 1);
    let id = begin(&sessions, &[0]);
    let refused = sessions.open(Instant::ZERO, request(id, 2, &[])).unwrap_err();
    assert_eq!(refused, SessionError::WrongEpoch);
    let unknown = sessions.open(Instant::ZERO, request(id + 1, 1, &[])).unwrap_err();
    assert_eq!(unknown, SessionError::NotFound);
}

#[test]
fn a_session_that_forgot_everything_ends() {
    let sessions = FetchSessions::new(10, 1);
    let id = begin(&sessions, &[0]);
    let mut last = request(id, 1, &[]);
    last.forgotten.push(key(0));
    let fetch = sessions.open(Instant::ZERO, last).unwrap();
    assert_eq!(fetch.scope, SessionScope::Full(0));
    assert!(sessions.is_empty());
}

#[test]
fn a_full_cache_serves_without_a_session_until_one_is_unused() {
    let sessions = FetchSessions::new(1, 1);
    begin(&sessions, &[0]);
    assert_eq!(begin(&sessions, &[1]), 0);
    let later = Instant::from_millis(120_001);
    let fetch = sessions.open(later, request(0, 0, &[1])).unwrap();
    assert_ne!(fetch.scope, SessionScope::Full(0));
    assert_eq!(sessions.len(), 1);
}

fn many(count: usize) -> Vec<i32> {
    (0..i32::try_from(count).unwrap()).collect()
}

#[test]
fn more_partitions_than_a_session_may_have_are_served_without_one() {
    let sessions = FetchSessions::new(10, 1);
    assert_eq!(begin(&sessions, &many(MOST_OF_SESSION + 1)), 0);
    assert!(sessions.is_empty());
}

#[test]
fn a_session_that_grows_beyond_its_bound_is_dropped_and_its_client_told() {
    let sessions = FetchSessions::new(10, 1);
    let id = begin(&sessions, &[-1]);
    let refused = sessions.open(Instant::ZERO, request(id, 1, &many(MOST_OF_SESSION))).unwrap_err();
    assert_eq!(refused, SessionError::NotFound);
    assert!(sessions.is_empty());
}

#[test]
fn all_sessions_together_are_bounded() {
    let sessions = FetchSessions::new(10, 1);
    let ids: Vec<_> = (0..5).map(|_| begin(&sessions, &many(MOST_OF_SESSION))).collect();
    assert_eq!(ids.iter().filter(|id| **id != 0).count(), MOST_IN_ALL / MOST_OF_SESSION);
    let mut last = request(ids[0], 1, &[]);
    last.epoch = -1;
    sessions.open(Instant::ZERO, last).unwrap();
    assert_ne!(begin(&sessions, &many(MOST_OF_SESSION)), 0, "what ends makes room");
}

#[test]
fn partitions_of_sessions_that_nobody_uses_any_more_make_room() {
    let sessions = FetchSessions::new(1_000, 1);
    for _ in 0..MOST_IN_ALL / MOST_OF_SESSION {
        assert_ne!(begin(&sessions, &many(MOST_OF_SESSION)), 0);
    }
    let long_after = Instant::ZERO.after(MIN_UNUSED + Duration::from_millis(1));
    let fetch = sessions.open(long_after, request(0, 0, &many(MOST_OF_SESSION))).unwrap();
    assert!(matches!(fetch.scope, SessionScope::Full(id) if id != 0), "{:?}", fetch.scope);
}
