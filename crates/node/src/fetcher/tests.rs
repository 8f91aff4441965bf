//! Rules of a fetcher: what it asks, what it makes of answers.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::time::Duration;

use klamm_model::{BrokerEpoch, BrokerId, Instant, LeaderEpoch, Offset, OffsetAndEpoch};
use klamm_protocol::messages::fetch_response::{EpochEndOffset, FetchableTopicResponse, PartitionData};
use klamm_protocol::messages::{FetchRequest, FetchResponse};
use klamm_protocol::{ErrorCode, Records};

use super::*;
use crate::partition::PartitionSettings;
use crate::partition::tests::{Bench, batch};
use crate::replication_quota::{ReplicationQuota, ThrottledPartitions};

const SETTINGS: FetcherSettings = FetcherSettings {
    broker: BrokerId::at(1),
    wait_max_ms: 500,
    min_bytes: 1,
    response_max_bytes: 1 << 20,
    partition_max_bytes: 1 << 20,
    backoff: Duration::from_secs(1),
};
const NOW: Instant = Instant::from_millis(1_000);

/// A fetcher of one partition that is ready in epoch 1.
fn ready(bench: &Bench) -> FetcherDriver {
    let position = bench.follow(1);
    let mut driver = FetcherDriver::new(SETTINGS);
    driver.follow(bench.handle.clone(), LeaderEpoch::at(1));
    assert_eq!(driver.take_work().len(), 1);
    driver.on_work(NOW, (bench.handle.id(), LeaderEpoch::at(1)), Ok(position));
    driver
}

fn ask(driver: &mut FetcherDriver) -> FetchRequest {
    assert!(driver.request_due().is_some_and(|due| due <= NOW));
    driver.next_request(BrokerEpoch::at(7))
}

fn answer(bench: &Bench, data: PartitionData) -> FetchResponse {
    let topic = FetchableTopicResponse {
        topic_id: bench.handle.id().topic_id.get(),
        partitions: vec![data],
        ..FetchableTopicResponse::default()
    };
    FetchResponse { session_id: 9, responses: vec![topic], ..FetchResponse::default() }
}

fn data() -> PartitionData {
    PartitionData { high_watermark: 100, log_start_offset: 0, ..PartitionData::default() }
}

fn failed(code: ErrorCode) -> PartitionData {
    PartitionData { error_code: code.code(), ..PartitionData::default() }
}

#[test]
fn what_is_fetched_is_appended_and_the_next_fetch_acknowledges_it() {
    let bench = Bench::new();
    let mut driver = ready(&bench);
    let first = ask(&mut driver);
    assert_eq!((first.session_id, first.session_epoch), (0, 0));
    assert_eq!((first.replica_state.replica_id, first.replica_state.replica_epoch), (1, 7));
    let asked = &first.topics[0].partitions[0];
    assert_eq!((asked.fetch_offset, asked.last_fetched_epoch, asked.current_leader_epoch), (0, -1, 1));
    let records = Some(Records::Bytes(batch(0, 1, 3)));
    driver.on_answer(NOW, answer(&bench, PartitionData { records, ..data() }));
    let next = ask(&mut driver);
    assert_eq!((next.session_id, next.session_epoch), (9, 1));
    let asked = &next.topics[0].partitions[0];
    assert_eq!((asked.fetch_offset, asked.last_fetched_epoch), (3, 1));
    driver.on_answer(NOW, FetchResponse { session_id: 9, ..FetchResponse::default() });
    assert!(ask(&mut driver).topics.is_empty(), "an idle partition is not named");
}

#[test]
fn where_the_epochs_part_the_log_is_to_be_cut_and_nothing_else_is_taken() {
    let bench = Bench::new();
    let mut driver = ready(&bench);
    ask(&mut driver);
    let diverging_epoch = EpochEndOffset { epoch: 0, end_offset: 2, ..EpochEndOffset::default() };
    let records = Some(Records::Bytes(batch(0, 1, 3)));
    driver.on_answer(NOW, answer(&bench, PartitionData { diverging_epoch, records, ..data() }));
    let work = driver.take_work();
    let cut = OffsetAndEpoch { offset: Offset::at(2), epoch: LeaderEpoch::at(0) };
    assert_eq!(work[0].kind, WorkKind::Cut(cut));
    assert_eq!(bench.handle.view().unwrap().log_end_offset(), Offset::ZERO);
    assert!(driver.request_due().is_none());
}

#[test]
fn out_of_range_asks_the_leader_for_its_range() {
    let bench = Bench::new();
    let mut driver = ready(&bench);
    ask(&mut driver);
    driver.on_answer(NOW, answer(&bench, failed(ErrorCode::OffsetOutOfRange)));
    assert_eq!(driver.take_work()[0].kind, WorkKind::FindRange);
}

#[test]
fn a_fenced_partition_is_not_fetched_until_the_image_has_the_newer_epoch() {
    let bench = Bench::new();
    let mut driver = ready(&bench);
    ask(&mut driver);
    driver.on_answer(NOW, answer(&bench, failed(ErrorCode::FencedLeaderEpoch)));
    driver.on_time(Instant::from_millis(1_000_000));
    assert!(driver.request_due().is_none() && driver.take_work().is_empty());
    driver.follow(bench.handle.clone(), LeaderEpoch::at(1));
    assert!(driver.take_work().is_empty(), "the same epoch is no news");
    driver.follow(bench.handle.clone(), LeaderEpoch::at(2));
    assert_eq!(driver.take_work().len(), 1);
}

#[test]
fn a_leader_that_does_not_know_yet_is_asked_again_after_a_short_rest() {
    let bench = Bench::new();
    let mut driver = ready(&bench);
    ask(&mut driver);
    driver.on_answer(NOW, answer(&bench, failed(ErrorCode::UnknownLeaderEpoch)));
    assert!(driver.request_due().is_none());
    let due = driver.next_deadline().unwrap();
    assert_eq!(due, NOW.after(Duration::from_millis(10)));
    driver.on_time(due);
    assert_eq!(driver.take_work()[0].kind, WorkKind::Prepare);
}

#[test]
fn a_leader_that_lost_the_session_is_told_everything_again() {
    let bench = Bench::new();
    let mut driver = ready(&bench);
    ask(&mut driver);
    driver.on_answer(NOW, FetchResponse { session_id: 9, ..FetchResponse::default() });
    ask(&mut driver);
    let lost = ErrorCode::FetchSessionIdNotFound.code();
    driver.on_answer(NOW, FetchResponse { error_code: lost, ..FetchResponse::default() });
    let due = driver.request_due().unwrap();
    assert!(due > NOW && due <= NOW.after(SETTINGS.backoff));
    let again = driver.next_request(BrokerEpoch::at(7));
    assert_eq!((again.session_id, again.session_epoch, again.topics.len()), (0, 0, 1));
}

#[test]
fn an_answer_to_a_partition_that_moved_on_is_not_taken() {
    let bench = Bench::new();
    let mut driver = ready(&bench);
    ask(&mut driver);
    bench.follow(2);
    driver.follow(bench.handle.clone(), LeaderEpoch::at(2));
    let records = Some(Records::Bytes(batch(0, 1, 3)));
    driver.on_answer(NOW, answer(&bench, PartitionData { records, ..data() }));
    assert_eq!(bench.handle.view().unwrap().log_end_offset(), Offset::ZERO);
}

#[test]
fn the_throttle_holds_up_a_throttled_replica_that_lags_and_no_other() {
    for (throttled, high_watermark, is_held) in [(true, 100, true), (true, 3, false), (false, 100, false)] {
        let bench = Bench::new();
        let follower_throttled =
            if throttled { ThrottledPartitions::These([0].into()) } else { ThrottledPartitions::None };
        let settings = PartitionSettings { follower_throttled, ..(*bench.handle.settings()).clone() };
        bench.handle.set_settings(Arc::new(settings));
        let quota = Arc::new(ReplicationQuota::new(11, Duration::from_secs(1)));
        quota.set_bound(Some(10));
        let mut driver = ready(&bench).throttled(quota.clone());
        ask(&mut driver);
        let records = Some(Records::Bytes(batch(0, 1, 3)));
        driver.on_answer(NOW, answer(&bench, PartitionData { records, high_watermark, ..data() }));
        assert_eq!(driver.next_deadline().is_some(), is_held);
        if !is_held {
            continue;
        }
        assert!(quota.is_exceeded(NOW) && driver.request_due().is_none());
        // As long as it is exceeded, the partition rests again.
        let position = bench.handle.begin_following(LeaderEpoch::at(1)).unwrap();
        let due = driver.next_deadline().unwrap();
        driver.on_time(due);
        driver.on_work(due, (bench.handle.id(), LeaderEpoch::at(1)), Ok(position));
        let due = driver.next_deadline().unwrap();
        driver.on_time(due);
        let later = due.after(Duration::from_secs(60));
        driver.on_work(later, (bench.handle.id(), LeaderEpoch::at(1)), Ok(position));
        assert!(driver.next_deadline().is_none() && driver.request_due().is_some());
    }
}
